//! What comes in over a connection and what goes out.

use saltern_samples::{Reading, TagId};
use tokio::sync::oneshot;

use crate::error::ConnectError;

/// Readings of one connection in the order in which they came. `tag` is the row of `tags.csv`, values are in the tag's own
/// unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The connection, by its row in `connections.csv`.
    pub connection: usize,
    /// What it brought.
    pub readings: Vec<Reading>,
}

/// A write to the plant, already authorised and checked.
#[derive(Debug)]
pub struct Command {
    /// Which tag.
    pub tag: TagId,
    /// In the tag's unit.
    pub value: f64,
    /// Where the outcome goes.
    pub answer: oneshot::Sender<Result<(), ConnectError>>,
}
