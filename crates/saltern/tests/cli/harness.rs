//! Runs the real binary in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder that is gone when the test ends.
pub struct Room {
    folder: TempDir,
}

/// What the program said and did.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Room {
    pub fn new() -> Room {
        Room { folder: TempDir::new().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(&path, text).expect("a file");
        path
    }

    pub fn run(&self, args: &[&str]) -> Said {
        said(Command::new(env!("CARGO_BIN_EXE_saltern")).current_dir(self.folder.path()).args(args))
    }

    /// Names in the folder, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn said(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    Said {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

impl Said {
    pub fn done(self) -> Said {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Refused as wrong input, with a code and some words.
    pub fn refused(self, code: &str, words: &[&str]) -> Said {
        assert_eq!(self.code, 2, "exit code; said: {}", self.stderr);
        assert!(self.stderr.starts_with(&format!("error[{code}]: ")), "{code}: {}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "{word}: {}", self.stderr);
        }
        assert_eq!(self.stdout, "");
        self
    }

    /// The table on stdout.
    pub fn table(&self) -> Table {
        Table::read(&self.stdout)
    }
}

/// A CSV table without quoted cells in the columns that tests read.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(text: &str) -> Table {
        let split = |line: &str| line.split(',').map(str::to_string).collect::<Vec<_>>();
        let mut lines = text.lines();
        Table { header: lines.next().map(split).unwrap_or_default(), rows: lines.map(split).collect() }
    }

    pub fn text(&self, row: usize, column: &str) -> &str {
        let at = self.header.iter().position(|h| h == column).unwrap_or_else(|| panic!("no column {column}"));
        &self.rows[row][at]
    }

    pub fn number(&self, row: usize, column: &str) -> f64 {
        let text = self.text(row, column);
        text.parse().unwrap_or_else(|_| panic!("{column}: {text:?} is no number"))
    }
}
