//! Opening a thermodynamic database by name or file.

use std::path::Path;

use saltern_brine::database::Database;
use saltern_brine::{layer, phreeqc};

use crate::failure::Failure;
use crate::files;

/// Name of the database that is built in.
pub(crate) const DEFAULT: &str = "default";

/// The database `default` or one in a PHREEQC file, with the layers named behind it: `default+mine.csv`.
pub(crate) fn open(name: &str) -> Result<Database, Failure> {
    // A file whose own name holds a plus sign is meant as it stands.
    if Path::new(name).is_file() {
        return base(name);
    }
    let mut parts = name.split('+');
    let mut database = base(parts.next().unwrap_or_default())?;
    for layer in parts {
        let table = files::table(Path::new(layer))?;
        let named = format!("{}+{}", database.name, shown(Path::new(layer)));
        database = layer::apply(database, &table).map_err(Failure::input)?;
        database.name = named;
    }
    Ok(database)
}

fn base(name: &str) -> Result<Database, Failure> {
    if name == DEFAULT {
        return Ok(saltern_brine::thermo::default_database());
    }
    let path = Path::new(name);
    parse(path, &files::bytes(path)?)
}

fn shown(path: &Path) -> String {
    path.file_name().map_or(path.display().to_string(), |n| {
        n.to_string_lossy().into_owned()
    })
}

/// A database from the bytes of a PHREEQC file.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Database, Failure> {
    phreeqc::parse(&phreeqc::decode(bytes), &shown(path)).map_err(Failure::input)
}
