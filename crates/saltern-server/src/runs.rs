//! Runs: what was simulated and planned, each in a folder of the data, and the measured books of the nights beside them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use jiff::civil::Date;
use saltern_run::{RunContents, RunError};
use serde::{Deserialize, Serialize};

use crate::error::ServerError;
use crate::jobs::ShiftView;
use crate::nights::ESTIMATES;
use crate::problem::Problem;

/// Folder of runs within the data.
pub const RUNS: &str = "runs";
/// What the name of a measured book begins with; the evening of its night follows.
const MEASURED: &str = "measured-";
/// The measured book within the folder of a night.
const BOOK: &str = "book";
/// Who made a run, within its folder.
const ABOUT: &str = "about.json";
/// What somebody has to say of a run, within its folder.
const NOTE: &str = "note.txt";
/// Longest note on a run, characters.
const NOTE_MOST: usize = 500;
/// Longest name of a run.
const NAME_MOST: usize = 60;
/// Names that are ways of the API.
const TAKEN: [&str; 1] = ["compare"];
/// Runs that are held in memory after they were read: two are compared.
const HELD: usize = 2;

/// Runs on disk.
pub(crate) struct Runs {
    folder: PathBuf,
    estimates: PathBuf,
    held: Mutex<Vec<Held>>,
}

/// A run that was read.
struct Held {
    path: PathBuf,
    changed: Option<SystemTime>,
    run: Arc<RunContents>,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shelved {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) is_measured: bool,
}

/// Who made a run and from what.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct About {
    pub(crate) by: String,
    /// Milliseconds since 1970.
    pub(crate) at_ms: f64,
    /// Evening of the estimated state that it begins with.
    pub(crate) state: Option<String>,
    /// Run whose plan it follows.
    pub(crate) schedule: Option<String>,
    /// Harvests of that plan that it does on other days.
    #[serde(default)]
    pub(crate) shifts: Vec<ShiftView>,
}

impl Runs {
    pub(crate) fn new(data: &Path) -> Runs {
        Runs {
            folder: data.join(RUNS),
            estimates: data.join(ESTIMATES),
            held: Mutex::default(),
        }
    }

    /// The folder of all.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Folder that a new run of that name goes to.
    ///
    /// # Errors
    /// A name that cannot be one, or that is taken.
    pub(crate) fn place(&self, name: &str) -> Result<PathBuf, ServerError> {
        if !is_name(name) {
            return Err(ServerError::WrongValue {
                name: "name",
                value: name.into(),
                accepted: (
                    "1 to 60 letters a-z, digits, - and _, not beginning with measured-",
                    "1 至 60 个字母 a-z、数字、- 与 _，不以 measured- 开头",
                ),
            });
        }
        let path = self.folder.join(name);
        match path.exists() {
            true => Err(ServerError::RunExists { run: name.into() }),
            false => Ok(path),
        }
    }

    /// Everything that may be looked at: runs by name, then measured books, the latest first.
    pub(crate) fn list(&self) -> Vec<Shelved> {
        let own = names(&self.folder).into_iter().filter(|name| is_name(name));
        let own = own.map(|name| Shelved {
            path: self.folder.join(&name),
            is_measured: false,
            name,
        });
        let nights = names(&self.estimates).into_iter().rev();
        let measured = nights.filter_map(|day| self.measured(&day));
        own.chain(measured)
            .filter(|shelved| shelved.path.is_dir())
            .collect()
    }

    /// The run of a name.
    pub(crate) fn find(&self, name: &str) -> Result<Shelved, ServerError> {
        let measured = name.strip_prefix(MEASURED);
        let found = match measured {
            Some(day) => self.measured(day),
            None => is_name(name).then(|| Shelved {
                name: name.into(),
                path: self.folder.join(name),
                is_measured: false,
            }),
        };
        let found = found.filter(|shelved| shelved.path.is_dir());
        found.ok_or_else(|| ServerError::UnknownRun { run: name.into() })
    }

    fn measured(&self, day: &str) -> Option<Shelved> {
        let evening: Date = day.parse().ok()?;
        Some(Shelved {
            name: format!("{MEASURED}{evening}"),
            path: self.estimates.join(evening.to_string()).join(BOOK),
            is_measured: true,
        })
    }

    /// A run with its book and series.
    pub(crate) fn read(&self, shelved: &Shelved) -> Result<Arc<RunContents>, Problem> {
        let file = shelved.path.join("run.json");
        let changed = std::fs::metadata(&file).and_then(|about| about.modified());
        let changed = changed.ok();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |held: &&Held| held.path == shelved.path && held.changed == changed;
        if let Some(known) = held.iter().find(known) {
            return Ok(Arc::clone(&known.run));
        }
        let run = Arc::new(saltern_run::folder::read(&shelved.path).map_err(unreadable)?);
        held.retain(|held| held.path != shelved.path);
        if held.len() >= HELD {
            held.remove(0);
        }
        held.push(Held {
            path: shelved.path.clone(),
            changed,
            run: Arc::clone(&run),
        });
        Ok(run)
    }

    /// The last evening of which the state of the ponds is known.
    pub(crate) fn last_state(&self) -> Option<Date> {
        crate::nights::last_state(&self.estimates)
    }

    /// Takes a run away.
    pub(crate) fn remove(&self, shelved: &Shelved) -> Result<(), ServerError> {
        shelved.check_own()?;
        std::fs::remove_dir_all(&shelved.path).map_err(not_written(&shelved.path))
    }

    /// Gives a run another name.
    pub(crate) fn rename(&self, shelved: &Shelved, name: &str) -> Result<Shelved, ServerError> {
        shelved.check_own()?;
        if name == shelved.name {
            return Ok(shelved.clone());
        }
        let path = self.place(name)?;
        std::fs::rename(&shelved.path, &path).map_err(not_written(&path))?;
        Ok(Shelved {
            name: name.into(),
            path,
            is_measured: false,
        })
    }
}

impl Shelved {
    /// What was measured is nobody's to name or take away.
    fn check_own(&self) -> Result<(), ServerError> {
        match self.is_measured {
            true => Err(ServerError::RunMeasured {
                run: self.name.clone(),
            }),
            false => Ok(()),
        }
    }

    /// What somebody has to say of it.
    pub(crate) fn note(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.path.join(NOTE)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Writes what somebody has to say of it, in place of what was said before.
    pub(crate) fn annotate(&self, note: &str) -> Result<(), ServerError> {
        self.check_own()?;
        if note.chars().count() > NOTE_MOST {
            return Err(ServerError::WrongValue {
                name: "note",
                value: note.chars().take(20).chain(['…']).collect(),
                accepted: ("up to 500 characters", "至多 500 个字符"),
            });
        }
        let path = self.path.join(NOTE);
        std::fs::write(&path, note.trim()).map_err(not_written(&path))
    }
}

fn not_written(path: &Path) -> impl FnOnce(std::io::Error) -> ServerError {
    let path = path.to_path_buf();
    move |error| ServerError::NotWritten {
        path,
        reason: error.to_string(),
    }
}

impl About {
    /// Of a run; nothing of one that somebody put there.
    pub(crate) fn read(path: &Path) -> Option<About> {
        let text = std::fs::read(path.join(ABOUT)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Writes it beside the run. A run is good without.
    pub(crate) fn write(&self, path: &Path) {
        if let Ok(text) = serde_json::to_vec_pretty(self) {
            let _ = std::fs::write(path.join(ABOUT), text);
        }
    }
}

/// A run that cannot be read, as it is answered.
pub(crate) fn unreadable(error: RunError) -> Problem {
    Problem::kept(&error)
}

fn is_name(name: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=NAME_MOST).contains(&name.len())
        && name.chars().all(is_fine)
        && !name.starts_with(MEASURED)
        && !TAKEN.contains(&name)
}

/// Names of what is in a folder, in order; none where it is not there.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        let data = tempfile::tempdir().expect("a folder");
        let runs = Runs::new(data.path());
        std::fs::create_dir_all(data.path().join("estimates/2027-07-01/book")).expect("a book");
        std::fs::create_dir_all(data.path().join("runs/wet")).expect("a run");
        for bad in [
            "",
            "..",
            "a/b",
            "a.b",
            ".wet.partial-1",
            "measured-x",
            "compare",
            "盐",
        ] {
            assert!(runs.find(bad).is_err() && runs.place(bad).is_err(), "{bad}");
        }
        assert!(runs.place("dry").is_ok());
        let taken = ServerError::RunExists { run: "wet".into() };
        assert_eq!(runs.place("wet"), Err(taken));
        let names: Vec<String> = runs.list().into_iter().map(|run| run.name).collect();
        assert_eq!(names, ["wet", "measured-2027-07-01"]);
        let wet = runs.find("wet").expect("the run");
        assert!(runs.rename(&wet, "../wet").is_err() && wet.path.is_dir());
        let measured = runs.find("measured-2027-07-01").expect("the book");
        assert!(runs.rename(&measured, "mine").is_err() && measured.annotate("mine").is_err());
        assert!(runs.remove(&measured).is_err() && measured.path.is_dir());
    }
}
