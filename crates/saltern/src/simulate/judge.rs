//! What only the database can say of a base's files: whether it holds the minerals and elements that
//! they name. Told with file, row and column before anything runs.

use std::path::Path;

use saltern_base::BaseError;
use saltern_base::chemistry::{self, Named};
use saltern_base::model::Base;
use saltern_brine::database::Database;
use saltern_brine::phases::{self, PhaseError};
use saltern_units::message::nearest;
use saltern_units::place::Place;

use super::folder::{Folder, failures};
use crate::failure::Failure;

/// Names of lists that `phases` takes besides minerals.
const LISTS: [&str; 2] = ["stable", "metastable"];

/// Refuses minerals on floors, of the base and of a state, and elements in grade rules that the
/// database lacks.
pub(crate) fn names(
    folder: &Folder,
    database: &Database,
    state: Option<&Path>,
) -> Result<(), Failure> {
    let mut minerals = match folder.table("floors.csv")? {
        Some(text) => chemistry::floor_minerals(&text),
        None => Vec::new(),
    };
    if let Some(path) = state {
        let text = folder.outside(path)?;
        minerals.extend(chemistry::state_minerals(
            &path.display().to_string(),
            &text,
        ));
    }
    // A floor names its mineral exactly: two spellings of one salt would be two salts.
    minerals.retain(|named| database.mineral(&named.name).is_none());
    let unknown = |named: Named| unknown(database, named.place, &named.name);
    let mut errors: Vec<BaseError> = minerals.into_iter().map(unknown).collect();
    if let Some(text) = folder.table("links.csv")? {
        errors.extend(chemistry::refuse_grades(&text, &elements(database)));
    }
    if let Some(text) = folder.table("choices.csv")? {
        errors.extend(chemistry::refuse_elements(&text, &elements(database)));
    }
    told(errors)
}

/// Refuses minerals in `phases` and `suppress` of `base.toml` that the database lacks.
pub(crate) fn phases(folder: &Folder, base: &Base, database: &Database) -> Result<(), Failure> {
    let mut errors = Vec::new();
    let listed = phases::select(database, &base.chemistry.phases, "");
    if let Err(PhaseError::UnknownMineral { name, .. }) = listed {
        let mut error = unknown(database, folder.entry("phases")?, &name);
        if let BaseError::UnknownMineral { near, .. } = &mut error {
            near.splice(0..0, nearest(&name, LISTS).map(String::from));
        }
        errors.push(error);
    }
    for name in &base.chemistry.suppress {
        if phases::find(database, name).is_err() {
            errors.push(unknown(database, folder.entry("suppress")?, name));
        }
    }
    told(errors)
}

fn told(errors: Vec<BaseError>) -> Result<(), Failure> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(failures(errors))
    }
}

fn unknown(database: &Database, place: Place, name: &str) -> BaseError {
    let near = match phases::find(database, name) {
        Ok(id) => vec![database.minerals[id].name.clone()],
        Err(PhaseError::UnknownMineral { near, .. }) => near,
        Err(_) => Vec::new(),
    };
    BaseError::UnknownMineral {
        place,
        mineral: name.into(),
        database: database.name.clone(),
        near,
    }
}

/// Elements that a brine can hold, those of water left out.
fn elements(database: &Database) -> Vec<String> {
    let mut symbols: Vec<String> = Vec::new();
    for component in &database.components {
        for (symbol, _) in &component.formula.elements {
            if !["H", "O"].contains(&symbol.as_str()) && !symbols.contains(symbol) {
                symbols.push(symbol.clone());
            }
        }
    }
    symbols
}
