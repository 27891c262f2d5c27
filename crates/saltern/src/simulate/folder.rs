//! The base folder on disk: its files as texts, and the hash of each that was read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use saltern_base::energy::{self, Energy};
use saltern_base::model::Base;
use saltern_base::production::{self, Production};
use saltern_base::tags::{self, Tags};
use saltern_base::{BaseError, Notice, chemistry};
use saltern_brine::database::Database;
use saltern_run::digest::sha256_hex;
use saltern_units::place::Place;

use crate::failure::{CliError, Failure};
use crate::{database, files};

/// A base folder; remembers what was read.
pub(crate) struct Folder {
    path: PathBuf,
    hashes: RefCell<BTreeMap<String, String>>,
}

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Folder, Failure> {
        if path.is_dir() {
            Ok(Folder {
                path: path.into(),
                hashes: RefCell::default(),
            })
        } else if path.exists() {
            Err(CliError::NotAFolder { path: path.into() }.into())
        } else {
            Err(CliError::NotFound { path: path.into() }.into())
        }
    }

    /// SHA-256 of each file that was read, by its name.
    pub(crate) fn hashes(&self) -> BTreeMap<String, String> {
        self.hashes.borrow().clone()
    }

    /// The base that the folder describes.
    pub(crate) fn base(&self) -> Result<(Base, Vec<Notice>), Failure> {
        self.reading(|text| saltern_base::folder::read(&self.id(), text))
    }

    /// The energy side of the base that the folder describes.
    pub(crate) fn energy(&self) -> Result<Energy, Failure> {
        self.reading(|text| energy::read(&self.id(), text))
    }

    /// Assets, tags, alarms and formulas of the base.
    pub(crate) fn tags(&self) -> Result<Tags, Failure> {
        self.reading(|text| tags::read(text))
    }

    /// The same with some tables replaced, by name without `.csv`.
    pub(crate) fn tags_with(
        &self,
        replaced: &BTreeMap<&'static str, String>,
    ) -> Result<Tags, Failure> {
        self.reading(|text| {
            tags::read(&|name| {
                let stem = name.strip_suffix(".csv").unwrap_or(name);
                replaced.get(stem).cloned().or_else(|| text(name))
            })
        })
    }

    /// What a plan of production needs beside the base.
    pub(crate) fn production(&self, base: &Base) -> Result<Production, Failure> {
        self.reading(|text| production::read(base, text))
    }

    /// What a reader makes of the folder's texts; files that can't be read are told first.
    fn reading<T>(
        &self,
        read: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> Result<T, Vec<BaseError>>,
    ) -> Result<T, Failure> {
        let unreadable = RefCell::new(Vec::new());
        let text = |name: &str| match self.table(name) {
            Ok(text) => text,
            Err(failure) => {
                unreadable.borrow_mut().push(failure);
                None
            }
        };
        let result = read(&text);
        let unreadable = unreadable.into_inner();
        if !unreadable.is_empty() {
            return Err(Failure::Several(unreadable));
        }
        result.map_err(failures)
    }

    /// Id of the base: the folder's own name, also for `.` and `..`.
    pub(crate) fn id(&self) -> String {
        let full = self
            .path
            .canonicalize()
            .unwrap_or_else(|_| self.path.clone());
        full.file_name()
            .map_or_else(|| "base".into(), |name| name.to_string_lossy().into_owned())
    }

    /// Text of a file; a table `x.csv` may be kept as `x.xlsx` instead. `None` if there is neither.
    pub(crate) fn table(&self, name: &str) -> Result<Option<String>, Failure> {
        let workbook = name.strip_suffix(".csv").map(|stem| format!("{stem}.xlsx"));
        let found = [Some(name.to_string()), workbook]
            .into_iter()
            .flatten()
            .find(|n| self.path.join(n).is_file());
        found.map(|name| self.text(&name)).transpose()
    }

    /// Text of a file that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<String, Failure> {
        let path = self.path.join(name);
        files::table_text(&path, self.bytes(name, &path)?)
    }

    /// Ids of the plants of the base, `plants/ID.toml`, sorted.
    pub(crate) fn plants(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path.join("plants"));
        let names = entries.into_iter().flatten().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut ids: Vec<String> = names
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
            .collect();
        ids.sort();
        ids
    }

    /// Text of a table that lies outside the folder, such as a state.
    pub(crate) fn outside(&self, path: &Path) -> Result<String, Failure> {
        files::table_text(path, self.bytes(&path.display().to_string(), path)?)
    }

    /// The database of the base: `default`, or a file of the folder.
    pub(crate) fn database(&self, name: &str) -> Result<Database, Failure> {
        if name == database::DEFAULT {
            return database::open(name);
        }
        let path = self.path.join(name);
        if !path.is_file() {
            return Err(failures(vec![BaseError::MissingFile {
                file: name.into(),
                asked_by: Some(self.entry("database")?),
            }]));
        }
        database::parse(&path, &self.bytes(name, &path)?)
    }

    /// Where an entry of `[chemistry]` stands in `base.toml`.
    pub(crate) fn entry(&self, name: &str) -> Result<Place, Failure> {
        Ok(chemistry::entry(&self.text("base.toml")?, name))
    }

    fn bytes(&self, name: &str, path: &Path) -> Result<Vec<u8>, Failure> {
        let bytes = files::bytes(path)?;
        self.hashes
            .borrow_mut()
            .insert(name.into(), sha256_hex(&bytes));
        Ok(bytes)
    }
}

/// Everything that is wrong with a base, each as its own error.
pub(crate) fn failures(errors: Vec<BaseError>) -> Failure {
    Failure::Several(errors.into_iter().map(Failure::input).collect())
}
