//! Reads a base from the texts of its files.
//!
//! `base.toml`, `brines.csv` and `ponds.csv` must be there; `sources.csv` (then also
//! `source_schedule.csv`), `outlets.csv`, `links.csv`, `harvests.csv`, `floors.csv`,
//! `bathymetry.csv`, `map.csv`, `stockpiles.csv`, `plants.csv` (then also `plants/ID.toml`) and
//! `plant_streams.csv` may; one of these without rows is as good as none. All errors are reported, each once and where it stands: what
//! follows from a broken row or table is not held against the rest.

use crate::error::BaseError;
use crate::ids::{Ids, duplicates};
use crate::model::Base;
use crate::notice::Notice;
use crate::sheet::{self, Sheet};
use saltern_units::place::Place;
use saltern_units::table::TableError;

mod brines;
pub(crate) use brines::assay;
mod harvests;
pub(crate) mod head;
mod network;
mod plants;
mod ponds;

#[cfg(test)]
mod tests;

/// Reads a base. `files` gives the text of a file by its path relative to the folder, `None` where
/// there is none; `base_id` is the folder's name.
pub fn read(
    base_id: &str,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<(Base, Vec<Notice>), Vec<BaseError>> {
    let mut reader = Reader {
        files,
        errors: Vec::new(),
        notices: Vec::new(),
    };
    let base = base(base_id, &mut reader);
    match base {
        Some(base) if reader.errors.is_empty() => Ok((base, reader.notices)),
        _ => Err(reader.errors),
    }
}

/// What is carried along while the files are read.
struct Reader<'f> {
    files: &'f dyn Fn(&str) -> Option<String>,
    errors: Vec<BaseError>,
    notices: Vec<Notice>,
}

impl Reader<'_> {
    /// A table that must be there.
    fn required(&mut self, key: &'static str, free: fn(&str) -> bool) -> Option<Sheet> {
        let file = format!("{key}.csv");
        match (self.files)(&file) {
            Some(text) => sheet::open(&file, &text, key, free, &mut self.errors),
            None => {
                self.errors.push(BaseError::MissingFile {
                    file,
                    asked_by: None,
                });
                None
            }
        }
    }

    /// A table that may be there.
    fn optional(&mut self, key: &'static str) -> Optional {
        let file = format!("{key}.csv");
        let Some(text) = (self.files)(&file) else {
            return Optional::Absent;
        };
        let before = self.errors.len();
        let sheet = sheet::open(&file, &text, key, |_| false, &mut self.errors);
        let no_rows = BaseError::Table(TableError::NoRows {
            place: Place::file(&file),
        });
        match sheet {
            Some(sheet) => Optional::Present(sheet),
            // Whoever takes all rows out of a table means that there are none.
            None if self.errors[before..] == [no_rows] => {
                self.errors.truncate(before);
                Optional::Absent
            }
            None => Optional::Broken,
        }
    }
}

/// A table that may be there.
enum Optional {
    Absent,
    Broken,
    Present(Sheet),
}

impl Optional {
    fn ids(&self) -> Ids {
        match self {
            Optional::Absent => Ids::none(),
            Optional::Broken => Ids::default(),
            Optional::Present(sheet) => sheet.ids("id"),
        }
    }

    fn sheet(&self) -> Option<&Sheet> {
        match self {
            Optional::Present(sheet) => Some(sheet),
            _ => None,
        }
    }
}

/// Nodes that every base has: sky and ground, and those that plants get power, heat and reagents from.
const BUILT_IN: [&str; 5] = ["sky", "ground", "grid", "heat", "supply"];

/// Ids of all tables: references are resolved against what was declared, whether or not the
/// declaring row is otherwise right.
struct Names {
    brines: Ids,
    ponds: Ids,
    sources: Ids,
    outlets: Ids,
    stockpiles: Ids,
    plants: Ids,
}

/// The base as far as it can be read; only meaningful if no error was found.
fn base(base_id: &str, reader: &mut Reader<'_>) -> Option<Base> {
    let head = head::read(base_id, reader.files, true, &mut reader.errors);
    let brine_sheet = reader.required("brines", brines::is_assay_column);
    let pond_sheet = reader.required("ponds", |_| false);
    let source_sheet = reader.optional("sources");
    let outlet_sheet = reader.optional("outlets");
    let stockpile_sheet = reader.optional("stockpiles");
    let plant_sheet = reader.optional("plants");
    let names = Names {
        brines: brine_sheet
            .as_ref()
            .map_or_else(Ids::default, |sheet| sheet.ids("id")),
        ponds: pond_sheet
            .as_ref()
            .map_or_else(Ids::default, |sheet| sheet.ids("id")),
        sources: source_sheet.ids(),
        outlets: outlet_sheet.ids(),
        stockpiles: stockpile_sheet.ids(),
        plants: plant_sheet.ids(),
    };
    refuse_duplicates(&names, reader);

    let brines = brine_sheet.map(|sheet| brines::read(&sheet, reader));
    let ponds = pond_sheet.map(|sheet| ponds::read(&sheet, &names, reader));
    let sources = network::sources(&source_sheet, &names, reader);
    let outlets = network::outlets(&outlet_sheet, reader);
    let links = network::links(&names, reader);
    let harvests = harvests::read(&names, reader);
    let stockpiles = plants::stockpiles(&stockpile_sheet, &harvests, reader);
    let plants = plants::read(&plant_sheet, &names, &stockpiles, reader);

    let head = head?;
    let base = Base {
        id: head.id,
        name: head.name,
        caveats: head.caveats,
        shifts: head.shifts,
        site: head.site,
        from: head.from,
        to: head.to,
        weather: head.weather?,
        chemistry: head.chemistry,
        brines: brines?,
        ponds: ponds?,
        sources,
        outlets,
        links,
        harvests,
        stockpiles,
        plants,
    };
    if reader.errors.is_empty() {
        network::notices(&base, &names, reader);
        brines::notices(&base, &names, reader);
    }
    Some(base)
}

/// Ponds, sources, outlets, stockpiles and plants are nodes of one graph and share one set of ids with the
/// nodes that every base has.
fn refuse_duplicates(names: &Names, reader: &mut Reader<'_>) {
    let built_in =
        BUILT_IN.map(|id| (id.to_string(), Place::file("the nodes that every base has")));
    let nodes = built_in
        .iter()
        .chain(names.ponds.entries())
        .chain(names.sources.entries())
        .chain(names.outlets.entries())
        .chain(names.stockpiles.entries())
        .chain(names.plants.entries());
    reader.errors.extend(duplicates(nodes));
    reader.errors.extend(duplicates(names.brines.entries()));
}
