//! Where a tag's rows are in a file: written into its footer.

use serde::{Deserialize, Serialize};

/// Key in the footer.
pub(super) const KEY: &str = "saltern.tags";

/// Rows of a tag in one row group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Tag.
    #[serde(rename = "t")]
    pub(crate) tag: String,
    /// Row group.
    #[serde(rename = "g")]
    pub(crate) group: usize,
    /// First row in it.
    #[serde(rename = "r")]
    pub(crate) first_row: usize,
    /// How many.
    #[serde(rename = "n")]
    pub(crate) rows: usize,
    /// First and last instant.
    #[serde(rename = "a")]
    pub(crate) from_us: i64,
    /// Last instant.
    #[serde(rename = "z")]
    pub(crate) to_us: i64,
}
