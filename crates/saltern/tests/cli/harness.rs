//! Runs the real binary in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder that is gone when the test ends.
pub(crate) struct Room {
    folder: TempDir,
}

/// What the program said and did.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Room {
    pub(crate) fn new() -> Room {
        Room {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(&path, text).expect("a file");
        path
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        said(
            Command::new(env!("CARGO_BIN_EXE_saltern"))
                .current_dir(self.folder.path())
                .args(args),
        )
    }

    /// Runs a line as a shell would split it: at spaces outside single quotes.
    pub(crate) fn line(&self, line: &str) -> Said {
        let mut words: Vec<&str> = Vec::new();
        for (k, part) in line.split('\'').enumerate() {
            match k % 2 {
                0 => words.extend(part.split_whitespace()),
                _ => words.push(part),
            }
        }
        self.run(&words)
    }

    /// Names in the folder, hidden ones too.
    pub(crate) fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn said(command: &mut Command) -> Said {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Said {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

impl Said {
    pub(crate) fn done(self) -> Said {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Refused as wrong input, with a code and some words.
    pub(crate) fn refused(self, code: &str, words: &[&str]) -> Said {
        assert_eq!(self.code, 2, "exit code; said: {}", self.stderr);
        assert!(
            self.stderr.starts_with(&format!("error[{code}]: ")),
            "{code}: {}",
            self.stderr
        );
        for word in words {
            assert!(self.stderr.contains(word), "{word}: {}", self.stderr);
        }
        assert_eq!(self.stdout, "");
        self
    }

    /// The table on stdout.
    pub(crate) fn table(&self) -> Table {
        Table::read(&self.stdout)
    }
}

/// A CSV table without quoted cells in the columns that tests read.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn read(text: &str) -> Table {
        let split = |line: &str| line.split(',').map(str::to_string).collect::<Vec<_>>();
        let mut lines = text.lines();
        Table {
            header: lines.next().map(split).unwrap_or_default(),
            rows: lines.map(split).collect(),
        }
    }

    pub(crate) fn text(&self, row: usize, column: &str) -> &str {
        let at = self
            .header
            .iter()
            .position(|h| h == column)
            .unwrap_or_else(|| panic!("no column {column}"));
        &self.rows[row][at]
    }

    pub(crate) fn number(&self, row: usize, column: &str) -> f64 {
        let text = self.text(row, column);
        text.parse()
            .unwrap_or_else(|_| panic!("{column}: {text:?} is no number"))
    }
}
