//! How the program says that something went wrong, and with which exit code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use saltern_brine::assay::AssayError;
use saltern_brine::equilibrium::BrineError;
use saltern_server::Problem;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::table::TableError;

/// Exit code: the job failed.
pub(crate) const FAILED: u8 = 1;
/// Exit code: the input is wrong.
pub(crate) const WRONG_INPUT: u8 = 2;
/// Exit code: stopped with Ctrl-C, as shells count it (128 + SIGINT).
pub(crate) const INTERRUPTED: u8 = 130;

/// Why the program stops.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that has a sentence in both languages.
    Said {
        /// Exit code.
        exit: u8,
        /// What.
        message: Box<dyn Said>,
    },
    /// Several at once, all to be told.
    Several(Vec<Failure>),
}

/// A message that can be sent between threads and shown while debugging.
pub(crate) trait Said: Message + Send + std::fmt::Debug {}
impl<T: Message + Send + std::fmt::Debug> Said for T {}

impl Failure {
    /// Wrong input.
    pub(crate) fn input(message: impl Said + 'static) -> Failure {
        Failure::Said {
            exit: WRONG_INPUT,
            message: Box::new(message),
        }
    }

    /// The job failed.
    pub(crate) fn job(message: impl Said + 'static) -> Failure {
        Failure::Said {
            exit: FAILED,
            message: Box::new(message),
        }
    }

    /// What a server says is wrong: wrong input where its status says so.
    pub(crate) fn problems(problems: Vec<Problem>) -> Failure {
        let told = problems.into_iter().map(|problem| Failure::Said {
            exit: if problem.status().is_client_error() {
                WRONG_INPUT
            } else {
                FAILED
            },
            message: Box::new(Served(problem)),
        });
        Failure::Several(told.collect())
    }

    /// As a server answers it.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        match self {
            Failure::Said { message, .. } => vec![Problem::wrong(message.as_ref())],
            Failure::Several(all) => all.into_iter().flat_map(Failure::into_problems).collect(),
        }
    }

    /// Exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Said { exit, .. } => *exit,
            Failure::Several(all) => all.iter().map(Failure::exit_code).max().unwrap_or(FAILED),
        }
    }

    /// What to write to stderr: `error[code]: …` and, where one is known, a `hint: …`.
    pub(crate) fn text(&self, lang: Lang) -> String {
        match self {
            Failure::Said { message, .. } => {
                let hint = hint(message.catalogue(), message.code(), lang)
                    .or_else(|| hint(catalogue(), message.code(), lang));
                told(message.code(), &message.text(lang), hint)
            }
            Failure::Several(all) => all.iter().map(|f| f.text(lang)).collect(),
        }
    }
}

/// What a server says, which brings its sentences along.
#[derive(Debug)]
struct Served(Problem);

impl Message for Served {
    fn code(&self) -> &'static str {
        self.0.code
    }

    fn fields(&self, _lang: Lang) -> Fields {
        Vec::new()
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }

    fn text(&self, lang: Lang) -> String {
        self.0.text(lang).into()
    }
}

/// A message with what it is about in front.
#[derive(Debug)]
pub(crate) struct At<M> {
    /// What: a row, a file, an option.
    pub(crate) place: Place,
    /// What is wrong with it.
    pub(crate) message: M,
}

impl<M: Message> Message for At<M> {
    fn code(&self) -> &'static str {
        self.message.code()
    }

    fn fields(&self, lang: Lang) -> Fields {
        self.message.fields(lang)
    }

    fn catalogue(&self) -> &'static Catalogue {
        self.message.catalogue()
    }

    fn text(&self, lang: Lang) -> String {
        let colon = lang.pick(": ", "：");
        format!(
            "{}{colon}{}",
            self.place.text(lang),
            self.message.text(lang)
        )
    }
}

fn told(code: &str, text: &str, hint: Option<String>) -> String {
    let mut out = format!("error[{code}]: {text}\n");
    if let Some(hint) = hint {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  hint: {hint}");
    }
    out
}

/// The entry `CODE.hint` of a catalogue, if there is one.
fn hint(catalogue: &Catalogue, code: &str, lang: Lang) -> Option<String> {
    let key = format!("{code}.hint");
    catalogue
        .entries()
        .iter()
        .find(|e| e.code == key)
        .map(|e| lang.pick(&e.en, &e.zh).clone())
}

impl From<AssayError> for Failure {
    fn from(error: AssayError) -> Failure {
        if error.is_input() {
            Failure::input(error)
        } else {
            Failure::job(error)
        }
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Failure {
        Failure::input(error)
    }
}

impl From<CliError> for Failure {
    fn from(error: CliError) -> Failure {
        let exit = match error {
            CliError::NotConverged { .. }
            | CliError::RunFailed { .. }
            | CliError::CannotWrite { .. } => FAILED,
            CliError::Interrupted => INTERRUPTED,
            _ => WRONG_INPUT,
        };
        Failure::Said {
            exit,
            message: Box::new(error),
        }
    }
}

/// What can be wrong with a command line, the files it names, or the work it asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CliError {
    /// `file.not_found`.
    NotFound {
        /// Path as given.
        path: PathBuf,
    },
    /// `file.unreadable`.
    Unreadable {
        /// Path as given.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `file.not_a_folder`.
    NotAFolder {
        /// Path as given.
        path: PathBuf,
    },
    /// `file.not_utf8`: a text file that isn't UTF-8.
    NotUtf8 {
        /// Path as given.
        path: PathBuf,
        /// First line with a byte that is not, from 1.
        line: usize,
    },
    /// `file.cannot_write`.
    CannotWrite {
        /// Path as given.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// `tags.no_tables`: nothing to take in.
    NoTables {
        /// Path as given.
        path: PathBuf,
        /// Tables that are known.
        accepted: String,
    },
    /// `option.bad_value`.
    BadOption {
        /// Option, `--from`.
        option: &'static str,
        /// What was given.
        value: String,
        /// What is accepted.
        accepted: String,
    },
    /// `option.unknown_id`: no brine of that id in the table.
    UnknownId {
        /// The table.
        place: Place,
        /// The id given.
        id: String,
        /// Ids there are.
        ids: Vec<String>,
    },
    /// `option.ambiguous_id`: several brines of that id.
    AmbiguousId {
        /// The table.
        place: Place,
        /// The id given.
        id: String,
        /// Rows that have it.
        rows: Vec<String>,
    },
    /// `simulate.few_weathers`: a measured file holds the period in fewer years than were asked for.
    FewWeathers {
        /// The file.
        path: PathBuf,
        /// Weathers asked for.
        asked: u16,
        /// Years that have the period whole.
        there: usize,
    },
    /// `brine.not_converged`: rows whose equilibrium was not found.
    NotConverged {
        /// The first of them.
        place: Place,
        /// How many.
        failed: usize,
        /// Of how many.
        rows: usize,
        /// What the solver says of the first.
        error: BrineError,
    },
    /// `simulate.failed`: a run that did not close or holds equilibria that were not found.
    RunFailed {
        /// Equilibria that failed.
        failures: u64,
        /// Worst closure.
        closure: f64,
        /// What it may be.
        limit: f64,
    },
    /// `samples.bad_time`: a time that cannot be read.
    BadTime {
        /// The cell.
        place: Place,
        /// What stands there.
        text: String,
    },
    /// `samples.unknown_tag`.
    UnknownTag {
        /// The cell.
        place: Place,
        /// The tag.
        tag: String,
        /// One of a like name.
        near: Option<String>,
    },
    /// `samples.nothing`: none of the samples tells of a pond's level, density or composition.
    NothingMeasured {
        /// The file.
        path: PathBuf,
    },
    /// `interrupted`: Ctrl-C.
    Interrupted,
}

impl CliError {
    /// A file that could not be read.
    pub(crate) fn reading(path: &Path, error: &std::io::Error) -> CliError {
        match error.kind() {
            std::io::ErrorKind::NotFound => CliError::NotFound { path: path.into() },
            _ => CliError::Unreadable {
                path: path.into(),
                reason: error.to_string(),
            },
        }
    }

    /// A file that could not be written.
    pub(crate) fn writing(path: &Path, error: &std::io::Error) -> CliError {
        CliError::CannotWrite {
            path: path.into(),
            reason: error.to_string(),
        }
    }
}

impl Message for CliError {
    fn code(&self) -> &'static str {
        match self {
            CliError::NotFound { .. } => "file.not_found",
            CliError::Unreadable { .. } => "file.unreadable",
            CliError::NotAFolder { .. } => "file.not_a_folder",
            CliError::NotUtf8 { .. } => "file.not_utf8",
            CliError::CannotWrite { .. } => "file.cannot_write",
            CliError::NoTables { .. } => "tags.no_tables",
            CliError::BadOption { .. } => "option.bad_value",
            CliError::UnknownId { .. } => "option.unknown_id",
            CliError::AmbiguousId { .. } => "option.ambiguous_id",
            CliError::NotConverged { .. } => "brine.not_converged",
            CliError::RunFailed { .. } => "simulate.failed",
            CliError::FewWeathers { .. } => "simulate.few_weathers",
            CliError::BadTime { .. } => "samples.bad_time",
            CliError::UnknownTag { .. } => "samples.unknown_tag",
            CliError::NothingMeasured { .. } => "samples.nothing",
            CliError::Interrupted => "interrupted",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let path = |p: &PathBuf| ("path", p.display().to_string());
        match self {
            CliError::NotFound { path: p }
            | CliError::NotAFolder { path: p }
            | CliError::NothingMeasured { path: p } => vec![path(p)],
            CliError::NoTables { path: p, accepted } => {
                vec![path(p), ("accepted", accepted.clone())]
            }
            CliError::BadTime { place, text } => {
                vec![("place", place.text(lang)), ("text", text.clone())]
            }
            CliError::UnknownTag { place, tag, near } => {
                let hint = near.as_ref().map(|near| {
                    lang.pick(
                        format!(" (did you mean “{near}”?)"),
                        format!("（是否应为“{near}”？）"),
                    )
                });
                vec![
                    ("place", place.text(lang)),
                    ("tag", tag.clone()),
                    ("hint", hint.unwrap_or_default()),
                ]
            }
            CliError::Unreadable { path: p, reason }
            | CliError::CannotWrite { path: p, reason } => {
                vec![path(p), ("reason", reason.clone())]
            }
            CliError::NotUtf8 { path: p, line } => vec![path(p), ("line", line.to_string())],
            CliError::BadOption {
                option,
                value,
                accepted,
            } => vec![
                ("option", option.to_string()),
                ("value", value.clone()),
                ("accepted", accepted.clone()),
            ],
            CliError::UnknownId { place, id, ids } => {
                vec![
                    ("place", place.text(lang)),
                    ("id", id.clone()),
                    ("ids", lang.list(ids)),
                ]
            }
            CliError::AmbiguousId { place, id, rows } => {
                vec![
                    ("place", place.text(lang)),
                    ("id", id.clone()),
                    ("rows", lang.list(rows)),
                ]
            }
            CliError::NotConverged {
                place,
                failed,
                rows,
                error,
            } => vec![
                ("place", place.text(lang)),
                ("failed", failed.to_string()),
                ("rows", rows.to_string()),
                ("error", error.text(lang)),
            ],
            CliError::RunFailed {
                failures,
                closure,
                limit,
            } => vec![
                ("failures", failures.to_string()),
                ("closure", format!("{closure:.1e}")),
                ("limit", format!("{limit:.0e}")),
            ],
            CliError::FewWeathers {
                path: p,
                asked,
                there,
            } => vec![
                path(p),
                ("asked", asked.to_string()),
                ("there", there.to_string()),
            ],
            CliError::Interrupted => Vec::new(),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Sentences of the command line.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}
