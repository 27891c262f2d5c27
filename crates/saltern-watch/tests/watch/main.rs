//! Tests of alarms and calculated tags.

mod assay;
mod board;
mod calculate;
mod desk;
mod kpi;
mod table;
