//! Files dropped into a folder: tables of samples, CSV or workbooks. A file that was read is moved to `done`, one that could
//! not be to `failed` with what is wrong with it beside it; of a file all is taken or nothing. A file that comes twice says
//! nothing new.

mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use saltern_base::model::Label;
use saltern_base::tags::{Connection, Tags};
use saltern_units::Lang;
use tokio::time::{Duration, sleep};

use crate::error::ConnectError;
use crate::line::Line;
use crate::reason::Reason;
use crate::supervisor::Ended;
use crate::treatment::Slot;
use table::{Columns, Entry};

/// How often the folder is looked into.
const LOOK: Duration = Duration::from_secs(1);
/// Largest file that is read, bytes.
const LARGEST: u64 = 256 << 20;
/// Values that are handed on together.
const BATCH: usize = 5000;

/// Turns a workbook into the CSV text of its first sheet: the file's name and bytes in, or what is wrong with them out, in both
/// languages.
pub type Workbook = fn(&str, &[u8]) -> Result<String, Label>;

/// What every session of a connection starts from.
pub(crate) struct Plan {
    endpoint: String,
    folder: PathBuf,
    columns: Arc<Columns>,
    workbook: Option<Workbook>,
}

impl Plan {
    /// `within` is where relative folders are; `offset_s` how far times without a zone are ahead of UTC, s.
    pub(crate) fn new(
        connection: &Connection,
        live: &Tags,
        slots: &[Slot],
        within: &Path,
        offset_s: f64,
        workbook: Option<Workbook>,
    ) -> Plan {
        Plan {
            endpoint: connection.endpoint.clone(),
            folder: within.join(&connection.endpoint),
            columns: Arc::new(Columns::new(live, slots, offset_s)),
            workbook,
        }
    }

    fn lost(&self, error: &std::io::Error) -> ConnectError {
        ConnectError::Lost {
            endpoint: self.endpoint.clone(),
            reason: error.to_string().into(),
        }
    }
}

/// A file that may still be written to.
#[derive(Clone, PartialEq)]
struct Seen {
    path: PathBuf,
    bytes: u64,
    changed: Option<SystemTime>,
}

/// Looks into the folder until that fails.
pub(crate) async fn session(plan: Arc<Plan>, mut line: Line) -> Ended {
    let mut before: Vec<Seen> = Vec::new();
    loop {
        let place = plan.clone();
        let now = blocking(&plan, move || look(&place.folder)).await?;
        line.heard();
        // One that has not changed since the last look is whole.
        for file in now.iter().filter(|file| before.contains(file)) {
            take(&plan, file, &mut line).await?;
        }
        before = now;
        tokio::select! {
            () = sleep(LOOK) => {}
            command = line.commands.recv() => {
                let command = command.ok_or(ConnectError::Stopped)?;
                let slots = line.slots();
                let tag = slots.iter().find(|slot| slot.tag == command.tag);
                let _ = command.answer.send(Err(ConnectError::WriteRefused {
                    tag: tag.map_or_else(String::new, |tag| tag.id.clone()),
                    reason: Reason::OnlyRead,
                }));
            }
        }
    }
}

/// Reads one file, hands on what it says, and puts it away.
async fn take(plan: &Arc<Plan>, file: &Seen, line: &mut Line) -> Result<(), ConnectError> {
    let (worker, path, bytes) = (plan.clone(), file.path.clone(), file.bytes);
    let read = blocking(plan, move || Ok(read(&worker, &path, bytes))).await?;
    match read {
        Ok(entries) => {
            for part in entries.chunks(BATCH) {
                for entry in part {
                    line.take(entry.slot, entry.arrival());
                }
                line.send().await?;
            }
            let path = file.path.clone();
            blocking(plan, move || put_away(&path, "done", None)).await
        }
        Err(errors) => {
            let mut report = String::new();
            for lang in [Lang::En, Lang::Zh] {
                for error in &errors {
                    report.push_str(&error.text(lang));
                    report.push('\n');
                }
            }
            if let Some(first) = errors.into_iter().next() {
                line.refuse(first);
            }
            let path = file.path.clone();
            blocking(plan, move || put_away(&path, "failed", Some(&report))).await
        }
    }
}

fn read(plan: &Plan, path: &Path, bytes: u64) -> Result<Vec<Entry>, Vec<ConnectError>> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let unreadable = |reason: Reason| {
        vec![ConnectError::File {
            file: name.clone(),
            reason,
        }]
    };
    if bytes > LARGEST {
        return Err(unreadable(Reason::TooLarge {
            bytes,
            most: LARGEST,
        }));
    }
    let content = std::fs::read(path).map_err(|e| unreadable(e.to_string().into()))?;
    let text = match (plan.workbook, content.starts_with(b"PK\x03\x04")) {
        (Some(workbook), true) => {
            workbook(&name, &content).map_err(|found| unreadable(Reason::Found(found)))?
        }
        _ => String::from_utf8(content).map_err(|_| unreadable(Reason::NotATable))?,
    };
    plan.columns.read(&name, &text)
}

/// Files that lie in the folder, which is made if need be, in the order of their names.
fn look(folder: &Path) -> std::io::Result<Vec<Seen>> {
    std::fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_table = [".csv", ".txt", ".xlsx"]
            .iter()
            .any(|end| name.ends_with(end));
        let about = entry.metadata()?;
        if about.is_file() && is_table && !name.starts_with(['.', '~']) {
            files.push(Seen {
                path: entry.path(),
                bytes: about.len(),
                changed: about.modified().ok(),
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Moves a file into a folder beside it, under a name that is free there, its report with it.
fn put_away(path: &Path, into: &str, report: Option<&str>) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(".")).join(into);
    std::fs::create_dir_all(&folder)?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut free = folder.join(&name);
    let mut number = 1;
    while free.exists() {
        number += 1;
        free = folder.join(format!("{number}-{name}"));
    }
    if let Some(report) = report {
        let mut beside = free.clone().into_os_string();
        beside.push(".report.txt");
        std::fs::write(beside, report)?;
    }
    std::fs::rename(path, free)
}

/// Disk work, off the threads that sessions run on.
async fn blocking<T: Send + 'static>(
    plan: &Plan,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, ConnectError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(std::io::Error::other)
        .flatten()
        .map_err(|e| plan.lost(&e))
}
