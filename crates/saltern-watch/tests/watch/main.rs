//! Tests of alarms and calculated tags.

mod board;
mod calculate;
mod kpi;
mod table;
