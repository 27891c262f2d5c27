//! Hourly weather: the series, and readers that turn the text of a file into one.

mod series;

pub use series::{Hour, Site};
