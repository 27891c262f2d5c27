//! Tags and their samples: durable before they are acknowledged, small once their period is closed, one series to read.

pub mod quality;
pub mod sample;

pub use quality::{Quality, Trust};
pub use sample::{Reading, Sample, TagId};
