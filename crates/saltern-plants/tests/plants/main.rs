//! Tests of plants as wholes; single units have theirs beside them.

mod recycles;
mod support;
