//! Reads the tables of assets and tags; all errors are reported, each with its place.

use super::{Asset, Connection, Level, Quantity, Source, Tag, Tags, Writing, alarms, ways};
use crate::energy::Identity;
use crate::error::BaseError;
use crate::ids::{Ids, duplicates};
use crate::sheet::{self, Record, Sheet, keep};
use saltern_units::table::{Table, TableError};
use saltern_units::unit::{self, Unit};

/// Tables of a base whose ids an asset may be.
const NODES: [&str; 13] = [
    "ponds",
    "sources",
    "outlets",
    "stockpiles",
    "plants",
    "energy_nodes",
    "generators",
    "stores",
    "converters",
    "lines",
    "energy_demands",
    "grids",
    "halls",
];

/// Reads the live side of a base from the texts of its files, by path relative to the folder. Tables that are absent mean
/// none.
///
/// # Errors
/// All that is wrong, each once.
pub fn read(files: &dyn Fn(&str) -> Option<String>) -> Result<Tags, Vec<BaseError>> {
    let mut reader = Reader {
        files,
        errors: Vec::new(),
    };
    let assets_sheet = reader.sheet("assets");
    let tags_sheet = reader.sheet("tags");
    let asset_ids = reader.ids(assets_sheet.as_ref(), "assets.csv");
    let tag_ids = reader.ids(tags_sheet.as_ref(), "tags.csv");
    let assets = assets(assets_sheet.as_ref(), &asset_ids, &mut reader);
    let connections = ways::connections(&mut reader);
    let tags = rows(tags_sheet.as_ref(), &mut reader, |row, errors| {
        tag(&row, &asset_ids, &connections, errors)
    });
    let mut live = Tags {
        assets,
        tags,
        connections,
        ..Tags::default()
    };
    live.alarms = alarms::alarms(&live.tags, &tag_ids, &mut reader);
    live.calculated = alarms::calculated(&live.tags, &tag_ids, &mut reader);
    if reader.errors.is_empty() {
        Ok(live)
    } else {
        Err(reader.errors)
    }
}

/// What is carried along while the tables are read.
pub(super) struct Reader<'f> {
    files: &'f dyn Fn(&str) -> Option<String>,
    pub(super) errors: Vec<BaseError>,
}

impl Reader<'_> {
    /// A table that may be there; one without rows is as good as none.
    pub(super) fn sheet(&mut self, key: &'static str) -> Option<Sheet> {
        sheet::open_optional(self.files, key, &mut self.errors)
    }

    /// Ids of a table, each of which stands there once; not known where the table is there and can't be read.
    pub(super) fn ids(&mut self, sheet: Option<&Sheet>, file: &str) -> Ids {
        match sheet {
            Some(sheet) => {
                let ids = sheet.ids("id");
                self.errors.extend(duplicates(ids.entries()));
                ids
            }
            None if (self.files)(file).is_some() && !self.errors.is_empty() => Ids::default(),
            None => Ids::none(),
        }
    }

    /// Ids of all that an asset may be; tables that can't be read are told of by whoever reads them.
    fn nodes(&self) -> Vec<String> {
        let ids = |key: &&str| {
            let file = format!("{key}.csv");
            let table = Table::read(&file, &(self.files)(&file)?).ok()?;
            let column = table.find("id")?;
            Some(
                table
                    .cells(column)
                    .map(|cell| cell.raw().to_string())
                    .collect(),
            )
        };
        let all: Vec<Vec<String>> = NODES.iter().filter_map(ids).collect();
        all.concat()
    }
}

/// All rows of a table that can be read.
pub(super) fn rows<T>(
    sheet: Option<&Sheet>,
    reader: &mut Reader<'_>,
    mut read: impl FnMut(Record<'_>, &mut Vec<BaseError>) -> Option<T>,
) -> Vec<T> {
    let Some(sheet) = sheet else {
        return Vec::new();
    };
    sheet
        .rows()
        .filter_map(|row| read(row, &mut reader.errors))
        .collect()
}

/// Id, names and row.
pub(super) fn identity(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Identity> {
    let id = row.text("id", errors)?;
    Some(Identity {
        name: row.label(&id),
        place: row.place(),
        id,
    })
}

/// Text that may be missing.
pub(super) fn given(row: &Record<'_>, name: &str) -> Option<String> {
    row.given(name).map(|cell| cell.raw().to_string())
}

/// One of the words of a choice that may be left out; the first outer `None` is an error on the list.
pub(super) fn choice_or(
    row: &Record<'_>,
    name: &str,
    default: &'static str,
    errors: &mut Vec<BaseError>,
) -> Option<&'static str> {
    match row.given(name) {
        Some(_) => row.choice(name, errors),
        None => Some(default),
    }
}

/// A number that may be missing.
pub(super) fn number(
    row: &Record<'_>,
    name: &str,
    errors: &mut Vec<BaseError>,
) -> Option<Option<f64>> {
    match row.given(name) {
        Some(_) => row.plain_number(name, errors).map(Some),
        None => Some(None),
    }
}

fn assets(sheet: Option<&Sheet>, ids: &Ids, reader: &mut Reader<'_>) -> Vec<Asset> {
    let nodes = reader.nodes();
    let mut assets: Vec<Asset> = rows(sheet, reader, |row, errors| {
        asset(&row, ids, &nodes, errors)
    });
    // Rows that are broken are told of already; without them parents can't be found by their row.
    if assets.len() == ids.entries().len() {
        for i in 0..assets.len() {
            let Some(parent) = assets[i].parent else {
                continue;
            };
            let (own, above) = (assets[i].level, assets[parent].level);
            let below = own > above || (own == above && own == Level::Equipment && parent < i);
            if !below {
                reader.errors.push(BaseError::AssetLevel {
                    place: assets[i].who.place.clone(),
                    level: assets[i].level_name,
                    parent: assets[parent].who.id.clone(),
                    above: assets[parent].level_name,
                });
                assets[i].parent = None;
            }
        }
    }
    assets
}

fn asset(
    row: &Record<'_>,
    ids: &Ids,
    nodes: &[String],
    errors: &mut Vec<BaseError>,
) -> Option<Asset> {
    let who = identity(row, errors);
    let level_name = row.choice("level", errors);
    let parent = match row.given("parent") {
        Some(_) => row.reference("parent", ids, errors).map(Some),
        None => Some(None),
    };
    let node = given(row, "node");
    if let Some(id) = node.as_ref().filter(|id| !nodes.contains(id)) {
        errors.push(BaseError::UnknownId {
            place: row.place_of("node"),
            id: id.clone(),
            known: nodes.to_vec(),
        });
    }
    let level_name = level_name?;
    Some(Asset {
        who: who?,
        level: match level_name {
            "enterprise" => Level::Enterprise,
            "site" => Level::Site,
            "area" => Level::Area,
            "unit" => Level::Unit,
            "equipment" => Level::Equipment,
            _ => Level::WorkCenter,
        },
        level_name,
        parent: parent?,
        node,
        tenant: given(row, "tenant"),
    })
}

fn tag(
    row: &Record<'_>,
    assets: &Ids,
    connections: &[Connection],
    errors: &mut Vec<BaseError>,
) -> Option<Tag> {
    let who = identity(row, errors);
    let asset = row.reference("asset", assets, errors);
    let quantity = choice_or(row, "quantity", "other", errors);
    let quantity = quantity.and_then(|word| {
        let found = Quantity::ALL.iter().find(|(_, name)| *name == word);
        found.map(|(quantity, _)| *quantity)
    });
    let unit = quantity.and_then(|quantity| unit(row, quantity, errors));
    let component = component(row, quantity, errors);
    let low = number(row, "low", errors);
    let high = number(row, "high", errors);
    if let (Some(Some(low)), Some(Some(high))) = (low, high) {
        rising(row, "high", low, high, errors);
    }
    let resolution = number(row, "resolution", errors);
    let source = source(row, errors);
    let connection = source
        .as_ref()
        .and_then(|source| ways::of_tag(row, source, connections, errors));
    let period_s = row.quantity("period", errors);
    let deadband = row.plain_number("deadband", errors);
    let retention_s = row.optional_quantity("retention", errors);
    let writing = writing(row, errors);
    Some(Tag {
        who: who?,
        asset: asset?,
        unit: unit?,
        quantity: quantity?,
        component: component?,
        low: low?,
        high: high?,
        resolution: resolution?.filter(|step| *step > 0.0),
        source: source?,
        connection: connection?,
        period_s: period_s?,
        deadband: deadband?,
        retention_s: retention_s?,
        writing: writing?,
    })
}

fn unit(
    row: &Record<'_>,
    quantity: Quantity,
    errors: &mut Vec<BaseError>,
) -> Option<&'static Unit> {
    let written = row.text("unit", errors)?;
    let dimensions = quantity.dimensions();
    let found = match dimensions {
        [] => unit::find_any(&written),
        _ => dimensions
            .iter()
            .find_map(|d| unit::find(Some(&written), *d).ok()),
    };
    if found.is_some() {
        return found;
    }
    let place = row.place_of("unit");
    errors.push(match dimensions {
        [only] => match unit::find(Some(&written), *only) {
            Ok(unit) => return Some(unit),
            Err(error) => TableError::Unit {
                place,
                error: Box::new(error),
            }
            .into(),
        },
        [] => BaseError::UnknownUnit {
            place,
            unit: written,
            accepted: unit::UNITS.iter().map(|unit| unit.symbol).collect(),
        },
        several => BaseError::UnknownUnit {
            place,
            unit: written,
            accepted: several.iter().flat_map(|d| d.accepted()).collect(),
        },
    });
    None
}

/// The component that an assay has, and nothing else has.
fn component(
    row: &Record<'_>,
    quantity: Option<Quantity>,
    errors: &mut Vec<BaseError>,
) -> Option<Option<String>> {
    match (quantity?, given(row, "component")) {
        (Quantity::Assay, None) => {
            row.blank("component", saltern_units::table::Accepted::Text, errors)
        }
        (Quantity::Assay, Some(component)) => {
            if !super::COMPONENTS.contains(&component.as_str()) {
                errors.push(BaseError::UnknownId {
                    place: row.place_of("component"),
                    id: component,
                    known: super::COMPONENTS.map(String::from).to_vec(),
                });
                return None;
            }
            Some(Some(component))
        }
        (_, component) => Some(component),
    }
}

fn source(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Source> {
    let written = row.text("source", errors)?;
    let source = Source::read(&written).ok_or_else(|| BaseError::WrongType {
        place: row.place_of("source"),
        value: written,
        accepted: "manual, lab, calculated, opcua:…, mqtt:…, modbus:…, http:…, file:…".into(),
    });
    let source = keep(source, errors)?;
    if let Some(accepted) = source.fault() {
        errors.push(BaseError::WrongType {
            place: row.place_of("source"),
            value: source.text(),
            accepted: accepted.into(),
        });
        return None;
    }
    Some(source)
}

fn writing(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Option<Writing>> {
    let writable = choice_or(row, "writable", "no", errors)? == "yes";
    let two_persons = choice_or(row, "two_persons", "yes", errors)? == "yes";
    if !writable {
        return Some(None);
    }
    let low = row.plain_number("write_min", errors);
    let high = row.plain_number("write_max", errors);
    let (low, high) = (low?, high?);
    rising(row, "write_max", low, high, errors);
    Some(Some(Writing {
        low,
        high,
        two_persons,
    }))
}

/// Says so where the upper bound of a range is not above its lower one.
fn rising(row: &Record<'_>, name: &str, low: f64, high: f64, errors: &mut Vec<BaseError>) {
    if high <= low {
        let error = TableError::OutOfRange {
            place: row.place_of(name),
            value: high.to_string(),
            accepted: format!("> {low}"),
        };
        errors.push(error.into());
    }
}
