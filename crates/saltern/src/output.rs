//! Where data goes: a file that appears whole or not at all, or stdout.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::{CliError, Failure};

/// Data on its way out. Nothing is seen of it before [`Output::finish`], but by a pipe or a device.
pub(crate) enum Output {
    /// A file beside its final place.
    File(Pending),
    /// A pipe or a device, which is written into: to rename a file onto `/dev/null` would take it from the machine.
    Device(PathBuf, File),
    /// Kept until it is complete, so that a job that fails prints no half table.
    Stdout(Vec<u8>),
}

impl Output {
    /// Data to a file, or to stdout.
    pub(crate) fn open(path: Option<&Path>) -> Result<Output, Failure> {
        match path {
            Some(path) if is_device(path) => {
                let file = OpenOptions::new().write(true).open(path);
                let file = file.map_err(|e| CliError::writing(path, &e))?;
                Ok(Output::Device(path.into(), file))
            }
            Some(path) => Ok(Output::File(Pending::create(path)?)),
            None => Ok(Output::Stdout(Vec::new())),
        }
    }

    /// Adds data.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Output::File(file) => file.write(bytes),
            Output::Device(path, file) => file
                .write_all(bytes)
                .map_err(|e| CliError::writing(path, &e).into()),
            Output::Stdout(held) => {
                held.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Makes it seen.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Output::File(file) => file.publish(),
            Output::Device(..) => Ok(()),
            Output::Stdout(held) => match io::stdout().lock().write_all(&held) {
                // Whoever reads the pipe has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(|e| CliError::writing(Path::new("stdout"), &e).into()),
            },
        }
    }
}

/// Whether something is there that is neither a file nor a folder.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// A file being written under a hidden name beside its final place; gone when dropped unpublished.
pub(crate) struct Pending {
    path: PathBuf,
    hidden: PathBuf,
    file: BufWriter<File>,
}

impl Pending {
    fn create(path: &Path) -> Result<Pending, Failure> {
        let name = path.file_name().ok_or_else(|| CliError::BadOption {
            option: "-o",
            value: path.display().to_string(),
            accepted: "the path of a file".into(),
        })?;
        let hidden = path.with_file_name(format!(
            ".{}.{}.tmp",
            name.to_string_lossy(),
            std::process::id()
        ));
        let failed = |e: io::Error| CliError::writing(path, &e);
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&hidden)
            .map_err(failed)?;
        Ok(Pending {
            path: path.into(),
            hidden,
            file: BufWriter::with_capacity(1 << 18, file),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file
            .write_all(bytes)
            .map_err(|e| CliError::writing(&self.path, &e).into())
    }

    fn publish(mut self) -> Result<(), Failure> {
        self.file
            .flush()
            .and_then(|()| fs::rename(&self.hidden, &self.path))
            .map_err(|e| CliError::writing(&self.path, &e).into())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // After publishing nothing is left at this path, and an error here has nobody to go to.
        let _ = fs::remove_file(&self.hidden);
    }
}
