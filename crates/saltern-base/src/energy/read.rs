//! Reads the energy tables of a folder; all errors are reported, each with its place.

use super::{Energy, Identity, Window, compute, expansion, profiles, tariffs, units};
use crate::attributes;
use crate::document::{Document, FILE};
use crate::error::BaseError;
use crate::folder::head;
use crate::ids::{Ids, duplicates};
use crate::sheet::{self, Record, Sheet};
use jiff::civil::DateTime;
use saltern_units::place::Place;
use saltern_units::unit::{self, Dimension};

/// Reads the energy side of a base from the texts of its files, by path relative to the folder.
///
/// # Errors
/// All that is wrong, each once.
pub fn read(
    base_id: &str,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<Energy, Vec<BaseError>> {
    let mut reader = Reader {
        files,
        errors: Vec::new(),
        currency: None,
    };
    match energy(base_id, &mut reader) {
        Some(energy) if reader.errors.is_empty() => Ok(energy),
        _ => Err(reader.errors),
    }
}

/// What is carried along while the tables are read.
pub(super) struct Reader<'f> {
    pub(super) files: &'f dyn Fn(&str) -> Option<String>,
    pub(super) errors: Vec<BaseError>,
    /// The currency met first, and where.
    currency: Option<(String, Place)>,
}

impl Reader<'_> {
    /// A table that may be there; one without rows is as good as none.
    pub(super) fn sheet(&mut self, key: &'static str) -> Option<Sheet> {
        sheet::open_optional(self.files, key, &mut self.errors)
    }

    /// Notes the currency of a unit; two in one base are an error, since none is converted.
    pub(super) fn money(&mut self, written: &str, place: Place) {
        let money = [
            Dimension::Money,
            Dimension::EnergyPrice,
            Dimension::MassPrice,
            Dimension::PowerPrice,
        ];
        let Some(unit) = money
            .iter()
            .find_map(|dimension| unit::find(Some(written), *dimension).ok())
        else {
            return;
        };
        let code = match unit.symbol.split('/').next().unwrap_or_default() {
            "USD" => "USD",
            "EUR" => "EUR",
            _ => "CNY",
        };
        match &self.currency {
            Some((first, first_place)) if first != code => {
                self.errors.push(BaseError::TwoCurrencies {
                    place,
                    currency: code.into(),
                    first: first.clone(),
                    first_place: Box::new(first_place.clone()),
                });
            }
            Some(_) => {}
            None => self.currency = Some((code.into(), place)),
        }
    }

    /// Notes the currencies of all headers of a table.
    pub(super) fn money_of(&mut self, sheet: &Sheet) {
        for (c, header) in sheet.table.columns.iter().enumerate() {
            self.money(&header.unit, sheet.table.header_place(c));
        }
    }

    /// Index of the profile that a cell names, if it names one.
    pub(super) fn profile(
        &mut self,
        row: &Record<'_>,
        name: &str,
        profiles: &[super::Profile],
        accepted: &[super::ProfileValue],
    ) -> Option<usize> {
        let cell = row.given(name)?;
        let found = profiles.iter().position(|p| p.name == cell.raw());
        match found {
            Some(index) if accepted.contains(&profiles[index].value) => Some(index),
            Some(index) => {
                self.errors.push(BaseError::WrongType {
                    place: profiles[index].place.clone(),
                    value: cell.raw().into(),
                    accepted: accepted
                        .iter()
                        .flat_map(|value| value.dimension().accepted())
                        .collect::<Vec<_>>()
                        .join(", "),
                });
                None
            }
            None => {
                self.errors.push(BaseError::UnknownId {
                    place: cell.place(),
                    id: cell.raw().into(),
                    known: profiles.iter().map(|p| p.name.clone()).collect(),
                });
                None
            }
        }
    }
}

/// A moment as people write it, `2027-01-05T08:00` or with a blank; without a zone.
pub(super) fn moment(text: &str) -> Option<DateTime> {
    let text = text.trim().replace(' ', "T");
    let plain = text.len() <= 19 && !text.ends_with(['Z', 'z']);
    plain.then(|| text.parse().ok()).flatten()
}

/// A moment as this program writes it.
pub(super) fn written(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A moment that must be there.
pub(super) fn moment_of(
    row: &Record<'_>,
    name: &str,
    errors: &mut Vec<BaseError>,
) -> Option<DateTime> {
    let text = row.text(name, errors)?;
    let found = moment(&text);
    if found.is_none() {
        errors.push(BaseError::WrongType {
            place: row.place_of(name),
            value: text,
            accepted: "2027-01-05T08:00 (local standard time, no zone)".into(),
        });
    }
    found
}

/// Id, names and row of a unit.
pub(super) fn identity(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Identity> {
    let id = row.text("id", errors)?;
    Some(Identity {
        name: row.label(&id),
        place: row.place(),
        id,
    })
}

/// Tables that hold units, whose ids are all different.
const UNITS: [&str; 10] = [
    "energy_nodes",
    "generators",
    "stores",
    "converters",
    "lines",
    "energy_demands",
    "grids",
    "halls",
    "job_classes",
    "quotas",
];

fn energy(base_id: &str, reader: &mut Reader<'_>) -> Option<Energy> {
    let head = the_head(base_id, reader);
    let mut sheets: Vec<Option<Sheet>> = UNITS.iter().map(|key| reader.sheet(key)).collect();
    for sheet in sheets.iter().flatten() {
        reader.money_of(sheet);
    }
    let ids: Vec<Ids> = sheets
        .iter()
        .map(|sheet| sheet.as_ref().map_or_else(Ids::none, |s| s.ids("id")))
        .collect();
    let entries = ids.iter().flat_map(|ids| ids.entries());
    reader.errors.extend(duplicates(entries));
    let TheHead {
        head,
        step_min,
        carbon_price,
        discount,
    } = head?;
    let window = Window::of_days(head.from, head.to, step_min);
    let profiles = profiles::read(&window, reader);
    let tariffs = tariffs::read(reader);
    let mut take = |key: &str| {
        let i = UNITS.iter().position(|k| *k == key)?;
        sheets[i].take()
    };
    let nodes = units::nodes(take("energy_nodes"), reader);
    let around = units::Around {
        nodes: &nodes,
        node_ids: &ids[0],
        profiles: &profiles,
        tariffs: &tariffs,
        has_weather: head.weather.is_some(),
    };
    let generators = units::generators(take("generators"), &around, reader);
    let stores = units::stores(take("stores"), &around, reader);
    let converters = units::converters(take("converters"), &around, reader);
    let lines = units::lines(take("lines"), &around, reader);
    let demands = units::demands(take("energy_demands"), &around, reader);
    let grids = units::grids(take("grids"), &around, reader);
    let halls = compute::halls(take("halls"), &around, reader);
    let classes = compute::classes(take("job_classes"), &halls, &around, reader);
    let jobs = compute::jobs(&classes, &window, reader);
    let hall_limits = compute::limits(&halls, reader);
    let quotas = units::quotas(take("quotas"), &window, reader);
    let mut energy = Energy {
        base: head.id,
        name: head.name,
        caveats: head.caveats,
        site: head.site,
        weather: head.weather,
        window,
        currency: reader
            .currency
            .as_ref()
            .map_or_else(|| "CNY".into(), |(code, _)| code.clone()),
        nodes,
        generators,
        stores,
        converters,
        lines,
        demands,
        grids,
        halls,
        classes,
        jobs,
        hall_limits,
        orders: Vec::new(),
        quotas,
        expansion: None,
        carbon_price,
        profiles,
        tariffs,
    };
    energy.orders = units::orders(&energy, reader);
    energy.expansion = expansion::read(&energy, discount, reader);
    if energy.nodes.is_empty() && reader.errors.is_empty() {
        reader.errors.push(BaseError::MissingFile {
            file: "energy_nodes.csv".into(),
            asked_by: None,
        });
    }
    Some(energy)
}

/// What `base.toml` says.
struct TheHead {
    head: head::Head,
    step_min: u32,
    carbon_price: f64,
    discount: f64,
}

/// `base.toml` with its `[energy]`.
fn the_head(base_id: &str, reader: &mut Reader<'_>) -> Option<TheHead> {
    let head = head::read(base_id, reader.files, false, &mut reader.errors)?;
    let text = (reader.files)(FILE)?;
    // The head has told what is wrong with the document as a whole.
    let document = Document::parse(&text, &mut Vec::new())?;
    let step_s = if document.has("energy", "step") {
        document.quantity("energy", "step", &mut reader.errors)?
    } else {
        3600.0
    };
    let step_min = (step_s / 60.0).round() as u32;
    if step_min == 0 || 60 % step_min != 0 || (step_s - f64::from(step_min) * 60.0).abs() > 1e-6 {
        reader.errors.push(BaseError::WrongType {
            place: document.place_of("energy", "step"),
            value: format!("{step_s} s"),
            accepted: "60 min, 30 min, 15 min, 10 min, 5 min".into(),
        });
        return None;
    }
    let carbon_price = if document.has("energy", "carbon_price") {
        document.quantity("energy", "carbon_price", &mut reader.errors)?
    } else {
        0.0
    };
    let discount = if document.has("energy", "discount") {
        document.quantity("energy", "discount", &mut reader.errors)?
    } else {
        attributes::find("energy", "discount")?.default_si()?
    };
    Some(TheHead {
        head,
        step_min,
        carbon_price,
        discount,
    })
}
