//! Tests of plants as wholes; single units have theirs beside them.

mod heats;
mod recycles;
mod support;
