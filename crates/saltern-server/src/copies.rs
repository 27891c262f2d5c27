//! Back-ups and their way back. A server that works holds its files alone, so that a command asks it for a copy by a note in
//! the data folder: whoever may write there may ask, and neither a port nor a password is needed. A server that rests is
//! copied by the command itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use saltern_history::{Embedded, History, HistoryError, Options};
use saltern_records::{Records, RecordsError};
use serde::{Deserialize, Serialize};

use crate::closings::CLOSINGS;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::Problem;
use crate::server::{BACKUPS, HISTORY, RECORDS};

/// Folder of notes within the data.
const NOTES: &str = "notes";
/// How often a command looks for the answer.
const LOOK: Duration = Duration::from_millis(200);
/// How long it waits until the server takes the note.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Serialize, Deserialize)]
struct Note {
    target: PathBuf,
}

/// What a note is answered with.
#[derive(Serialize, Deserialize)]
struct Answer {
    /// Code and sentences, where it failed.
    failed: Option<(String, String, String)>,
}

/// Copies what is kept in a data folder, whether a server works on it or not.
///
/// # Errors
/// A target that is there already, or what kept the copy from being whole.
pub fn back_up(data: &Path, target: &Path) -> Result<(), Problem> {
    let absolute = std::path::absolute(target).map_err(|e| failed(target, &e))?;
    if !data.join(RECORDS).is_file() {
        let path = data.to_path_buf();
        return Err(ServerError::NoData { path }.into());
    }
    match Records::open(&data.join(RECORDS)) {
        Ok(records) => {
            let options = Options {
                tended: false,
                ..Options::default()
            };
            let store = Embedded::open(&data.join(HISTORY), options)?;
            copy(&records, &store, &data.join(CLOSINGS), &absolute)
        }
        Err(RecordsError::InUse { .. }) => ask(data, &absolute),
        Err(error) => Err(error.into()),
    }
}

/// Puts a copy in place of data that are gone.
///
/// # Errors
/// A folder that is no back-up, or data that are there still.
pub fn restore(from: &Path, data: &Path) -> Result<(), Problem> {
    if !from.join(RECORDS).is_file() || !from.join(HISTORY).is_dir() {
        let path = from.to_path_buf();
        return Err(ServerError::NoData { path }.into());
    }
    let is_there = fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if is_there {
        let path = data.to_path_buf();
        return Err(ServerError::BackupExists { path }.into());
    }
    copy_tree(from, data).map_err(|e| failed(data, &e).into())
}

/// Copies files for good: a back-up keeps its own.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}

/// Copies what a server works on.
pub(crate) fn copy_house(house: &House, target: &Path) -> Result<(), Problem> {
    let History::Embedded(store) = &house.history else {
        return Err(ServerError::BackupElsewhere.into());
    };
    copy(&house.records, store, house.closings.folder(), target)
}

/// Records first: what they tell of samples is then in the copy of the samples as well.
fn copy(
    records: &Records,
    store: &Embedded,
    closings: &Path,
    target: &Path,
) -> Result<(), Problem> {
    if target.exists() {
        let path = target.to_path_buf();
        return Err(ServerError::BackupExists { path }.into());
    }
    fs::create_dir_all(target).map_err(|e| failed(target, &e))?;
    records.back_up(&target.join(RECORDS))?;
    let copied: Result<(), HistoryError> = store.back_up(&target.join(HISTORY));
    copied?;
    if closings.is_dir() {
        let own = target.join(CLOSINGS);
        copy_tree(closings, &own).map_err(|e| failed(&own, &e))?;
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> ServerError {
    ServerError::BackupFailed {
        path: path.to_path_buf(),
        reason: error.to_string(),
    }
}

/// Leaves a note for the server and waits for its answer.
fn ask(data: &Path, target: &Path) -> Result<(), Problem> {
    let notes = data.join(NOTES);
    fs::create_dir_all(&notes).map_err(|e| failed(&notes, &e))?;
    let name = format!("backup-{}", std::process::id());
    let (asked, answered) = (
        notes.join(format!("{name}.asked")),
        notes.join(format!("{name}.answered")),
    );
    let note = Note {
        target: target.to_path_buf(),
    };
    let body = serde_json::to_vec(&note).unwrap_or_default();
    write_whole(&asked, &body).map_err(|e| failed(&asked, &e))?;
    let mut waited = Duration::ZERO;
    loop {
        if let Ok(body) = fs::read(&answered) {
            // The answer was for this command alone.
            let _ = fs::remove_file(&answered);
            let answer: Option<Answer> = serde_json::from_slice(&body).ok();
            return match answer.and_then(|answer| answer.failed) {
                Some(said) => Err(Problem::said(said)),
                None => Ok(()),
            };
        }
        if asked.exists() && waited > PATIENCE {
            let _ = fs::remove_file(&asked);
            let path = data.to_path_buf();
            return Err(ServerError::NoAnswer { path }.into());
        }
        std::thread::sleep(LOOK);
        waited += LOOK;
    }
}

/// Does what notes in the data folder ask for.
pub(crate) fn answer_notes(house: &House) {
    let Some(notes) = house.backups.parent().map(|data| data.join(NOTES)) else {
        return;
    };
    let Ok(entries) = fs::read_dir(&notes) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|kind| kind != "asked") {
            continue;
        }
        let note = fs::read(&path).ok();
        let note: Option<Note> = note.and_then(|body| serde_json::from_slice(&body).ok());
        // Taken: whoever asked waits for the answer from now on, however long the copy takes.
        let _ = fs::remove_file(&path);
        let Some(note) = note else {
            continue;
        };
        let done = copy_house(house, &note.target);
        let answer = Answer {
            failed: done
                .err()
                .map(|problem| (problem.code.into(), problem.message.en, problem.message.zh)),
        };
        let body = serde_json::to_vec(&answer).unwrap_or_default();
        // Where it can't be written, whoever asked has the copy all the same.
        let _ = write_whole(&path.with_extension("answered"), &body);
    }
}

/// A file that is there whole or not at all.
fn write_whole(path: &Path, body: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("part");
    fs::write(&beside, body)?;
    fs::rename(&beside, path)
}

/// Where back-ups that are asked for over the network go.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join(BACKUPS)
}
