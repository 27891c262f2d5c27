//! What is measured: a value of a tag at an instant and how far it can be trusted; many of them in a [`Series`], and a long
//! series in few [`Bucket`]s.

pub mod bucket;
pub mod quality;
pub mod sample;
mod series;

pub use bucket::{Bucket, Grid};
pub use quality::{Quality, Trust};
pub use sample::{Reading, Sample, TagId};
pub use series::Series;
