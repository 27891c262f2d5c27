//! A Parquet file of samples, or of what was rolled up from them: written whole, never changed.
//!
//! | column | type | |
//! |---|---|---|
//! | `tag` | string | sorted |
//! | `time` | timestamp, µs, UTC | ascending in a tag |
//! | `value` | decimal or double, null where there is none | a decimal where every value of the file is one, exactly |
//! | `quality` | unsigned byte | see [`saltern_samples::Quality`] |
//!
//! A file of rollups has `tag`, `start`, `min`, `max`, `sum`, `count`, `bad`, `first`, `last`. The footer says under
//! `saltern.tags` where each tag's rows are, so that one tag is read without looking at others.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(test)]
mod fuzz;
mod layout;
mod place;
mod read;
mod write;

pub(crate) use read::{Found, Opened, find, read_buckets, spans};
pub(crate) use write::{Made, RollupWriter, SampleWriter};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Samples.
    Samples,
    /// A row a minute.
    Minutes,
    /// A row an hour.
    Hours,
}

impl Kind {
    /// As the journal writes it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Kind::Samples => "samples",
            Kind::Minutes => "minutes",
            Kind::Hours => "hours",
        }
    }

    /// As the journal reads it.
    pub(crate) fn from_code(code: &str) -> Kind {
        match code {
            "minutes" => Kind::Minutes,
            "hours" => Kind::Hours,
            _ => Kind::Samples,
        }
    }
}

/// A file as the journal lists it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Number in the list; later files overrule earlier ones.
    pub(crate) id: i64,
    pub(crate) kind: Kind,
    /// Days since 1970-01-01; all its samples are of that day in UTC.
    pub(crate) day: i64,
    /// How often its samples were merged; [`CLOSED`] where it is one of the day's final files.
    pub(crate) level: i64,
    /// Path under the store's folder.
    pub(crate) file: String,
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) first_tag: String,
    pub(crate) last_tag: String,
}

/// Level of the files of a closed day.
pub(crate) const CLOSED: i64 = 99;

impl Part {
    /// Whether a tag may be in it.
    pub(crate) fn spans(&self, tag: &str) -> bool {
        self.first_tag.as_str() <= tag && tag <= self.last_tag.as_str()
    }
}

/// A file in use: removed from the disk when it is obsolete and nobody reads it any more.
#[derive(Debug)]
pub(crate) struct PartFile {
    pub(crate) part: Part,
    path: PathBuf,
    obsolete: AtomicBool,
}

impl PartFile {
    pub(crate) fn new(folder: &Path, part: Part) -> Arc<PartFile> {
        Arc::new(PartFile {
            path: folder.join(&part.file),
            part,
            obsolete: AtomicBool::new(false),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// To be removed with its last reader.
    pub(crate) fn retire(&self) {
        self.obsolete.store(true, Ordering::Relaxed);
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if *self.obsolete.get_mut() {
            // It is off the list: where removing fails, the next start removes it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
