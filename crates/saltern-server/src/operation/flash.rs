//! What a stream is told of: what came in one round of the keeper.

use std::sync::Arc;

use saltern_samples::Reading;
use saltern_watch::alarm::Entry;

use super::live::Live;

/// One round.
#[derive(Clone)]
pub(crate) struct Flash {
    /// The tags that rows are of.
    pub(crate) live: Arc<Live>,
    /// Values, calculated ones among them, by row.
    pub(crate) readings: Arc<[Reading]>,
    /// Lines of the journal.
    pub(crate) entries: Arc<[Entry]>,
}
