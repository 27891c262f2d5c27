//! Opening a thermodynamic database by name or file.

use std::path::Path;

use saltern_brine::database::Database;
use saltern_brine::phreeqc;

use crate::failure::Failure;
use crate::files;

/// Name of the database that is built in.
pub(crate) const DEFAULT: &str = "default";

/// The database `default`, or one in a PHREEQC file.
pub(crate) fn open(name: &str) -> Result<Database, Failure> {
    if name == DEFAULT {
        return Ok(saltern_brine::thermo::default_database());
    }
    let path = Path::new(name);
    parse(path, &files::bytes(path)?)
}

/// A database from the bytes of a PHREEQC file.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Database, Failure> {
    let shown = path.file_name().map_or(path.display().to_string(), |n| {
        n.to_string_lossy().into_owned()
    });
    phreeqc::parse(&phreeqc::decode(bytes), &shown).map_err(Failure::input)
}
