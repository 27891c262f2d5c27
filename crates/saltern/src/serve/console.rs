//! The console, as it was built into the program.

use saltern_server::PageFile;

/// Its files; none where it was not built.
pub(super) const FILES: &[PageFile] = include!(concat!(env!("OUT_DIR"), "/console.rs"));
