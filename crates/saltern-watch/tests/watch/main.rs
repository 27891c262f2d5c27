//! Tests of alarms and calculated tags.

mod board;
mod kpi;
mod table;
