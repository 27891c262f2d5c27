//! Somebody in the laboratory or the store who saves a table into the folder.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use saltern_samples::Sample;

use super::Played;
use crate::error::DemoError;

pub(crate) struct Dropped {
    folder: PathBuf,
    /// Ids of tags by their rows.
    ids: HashMap<usize, String>,
}

impl Dropped {
    pub(super) fn new(folder: &Path, played: &[Played<'_>]) -> Dropped {
        let id = |one: &Played<'_>| (one.instrument.tag, one.tag.who.id.clone());
        Dropped {
            folder: folder.to_path_buf(),
            ids: played.iter().map(id).collect(),
        }
    }

    /// One file for all that is told at once.
    pub(super) fn tell(&self, samples: &[(usize, Sample)]) -> Result<(), DemoError> {
        let mine = samples.iter().filter_map(|(row, sample)| {
            let id = self.ids.get(row)?;
            sample.is_usable().then_some((id, sample))
        });
        let mut latest_us = None;
        let mut table = String::from("time,tag,value\n");
        for (id, sample) in mine {
            let time = Timestamp::from_microsecond(sample.time_us).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{time},{id},{}", sample.value);
            latest_us = latest_us.max(Some(sample.time_us));
        }
        let Some(latest_us) = latest_us else {
            return Ok(());
        };
        let path = self
            .folder
            .join(format!("demo-{}.csv", latest_us / 1_000_000));
        let hidden = path.with_extension("part");
        let written = std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(&hidden, table))
            .and_then(|()| std::fs::rename(&hidden, &path));
        written.map_err(|error| DemoError::Record {
            path: path.display().to_string(),
            reason: error.to_string(),
        })
    }
}
