//! Tests of alarms and calculated tags.

mod assay;
mod board;
mod calculate;
mod kpi;
mod table;
