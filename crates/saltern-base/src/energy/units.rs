//! The units of power, heat and hydrogen, a table each.

use super::read::{Reader, identity, moment_of};
use super::{
    Carrier, Commitment, Converter, ConverterKind, Demand, Energy, Generator, GeneratorKind, Grid,
    Line, Mounting, Node, Order, Price, Profile, ProfileValue, Quota, QuotaLimit, Store, Tariff,
    UnitRef, Window,
};
use crate::error::BaseError;
use crate::ids::Ids;
use crate::sheet::{Record, Sheet};

/// What rows may refer to.
pub(super) struct Around<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) node_ids: &'a Ids,
    pub(super) profiles: &'a [Profile],
    pub(super) tariffs: &'a [Tariff],
    pub(super) has_weather: bool,
}

impl Around<'_> {
    pub(super) fn node(
        &self,
        row: &Record<'_>,
        name: &str,
        errors: &mut Vec<BaseError>,
    ) -> Option<usize> {
        let index = row.reference(name, self.node_ids, errors)?;
        // Rows of nodes that are broken are not in the list; their own error stands already.
        let id = &self.node_ids.entries().get(index)?.0;
        self.nodes.iter().position(|node| node.who.id == *id)
    }
}

/// All rows of a table that can be read.
pub(super) fn each<T>(
    sheet: Option<Sheet>,
    reader: &mut Reader<'_>,
    mut read: impl FnMut(Record<'_>, &mut Reader<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(sheet) = sheet else {
        return Vec::new();
    };
    sheet.rows().filter_map(|row| read(row, reader)).collect()
}

pub(super) fn nodes(sheet: Option<Sheet>, reader: &mut Reader<'_>) -> Vec<Node> {
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let carrier = match row.choice("carrier", errors)? {
            "electricity" => Carrier::Electricity,
            "heat" => Carrier::Heat,
            _ => Carrier::Hydrogen,
        };
        let shortage_price = row.optional_quantity("shortage_price", errors);
        let shortage_max = row.optional_quantity("shortage_max", errors);
        let reserve = row.quantity("reserve", errors);
        Some(Node {
            who: who?,
            carrier,
            shortage_price: shortage_price?,
            shortage_max_w: shortage_max?.unwrap_or(f64::INFINITY),
            reserve_w: reserve?,
        })
    })
}

pub(super) fn generators(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Generator> {
    let accepted = [ProfileValue::Share, ProfileValue::Power];
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let kind = row.choice("kind", errors).map(|kind| match kind {
            "pv" => GeneratorKind::Pv,
            "wind" => GeneratorKind::Wind,
            "solar_field" => GeneratorKind::SolarField,
            "hydro" => GeneratorKind::Hydro,
            _ => GeneratorKind::Fuel,
        });
        let node = around.node(&row, "node", errors);
        let capacity = row.quantity("capacity", errors);
        let cost = row.quantity("cost", errors);
        let carbon = row.quantity("carbon", errors);
        let commitment = commitment(&row, errors);
        let mounting = mounting(&row, errors);
        let kind = kind?;
        let blank = row.given("profile").is_none();
        if blank && kind.is_of_weather() && !around.has_weather {
            errors.push(BaseError::OneOf {
                place: row.place(),
                entries: ["profile", "[weather]"],
            });
        }
        let profile = reader.profile(&row, "profile", around.profiles, &accepted);
        Some(Generator {
            who: who?,
            kind,
            mounting: mounting?,
            node: node?,
            capacity_w: capacity?,
            profile,
            cost: cost?,
            carbon_kg_j: carbon?,
            commitment: commitment?,
        })
    })
}

fn mounting(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Mounting> {
    let tilt_deg = row.optional_quantity("tilt", errors);
    let azimuth_deg = row.optional_quantity("azimuth", errors);
    let hub_height_m = row.quantity("hub_height", errors);
    let tracking = match row.given("tracking") {
        None => Some(false),
        Some(_) => row.choice("tracking", errors).map(|word| word == "yes"),
    };
    Some(Mounting {
        tilt_deg: tilt_deg?,
        azimuth_deg: azimuth_deg?,
        tracking: tracking?,
        hub_height_m: hub_height_m?,
    })
}

fn commitment(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Commitment> {
    let load_min = row.quantity("load_min", errors);
    let ramp = row.optional_quantity("ramp", errors);
    let start_cost = row.quantity("start_cost", errors);
    let up_min = row.quantity("up_min", errors);
    let down_min = row.quantity("down_min", errors);
    Some(Commitment {
        load_min: load_min?,
        ramp_per_s: ramp?.unwrap_or(f64::INFINITY),
        start_cost: start_cost?,
        up_min_s: up_min?,
        down_min_s: down_min?,
    })
}

pub(super) fn stores(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Store> {
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let node = around.node(&row, "node", errors);
        let capacity = row.quantity("capacity", errors);
        let charge = row.optional_quantity("charge", errors);
        let discharge = row.optional_quantity("discharge", errors);
        let efficiency_in = row.quantity("efficiency_in", errors);
        let efficiency_out = row.quantity("efficiency_out", errors);
        let loss = row.quantity("loss", errors);
        let cost = row.quantity("cost", errors);
        let start = row.optional_quantity("start", errors);
        let end_min = row.quantity("end_min", errors);
        Some(Store {
            who: who?,
            node: node?,
            capacity_j: capacity?,
            charge_w: charge?.unwrap_or(f64::INFINITY),
            discharge_w: discharge?.unwrap_or(f64::INFINITY),
            efficiency_in: efficiency_in?,
            efficiency_out: efficiency_out?,
            loss_per_h: loss? * 3600.0,
            cost: cost?,
            start: start?,
            end_min: end_min?,
        })
    })
}

pub(super) fn converters(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Converter> {
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let kind = match row.choice("kind", errors)? {
            "turbine" => ConverterKind::Turbine,
            "electrolyser" => ConverterKind::Electrolyser,
            "fuel_cell" => ConverterKind::FuelCell,
            "boiler" => ConverterKind::Boiler,
            "heat_pump" => ConverterKind::HeatPump,
            _ => ConverterKind::Other,
        };
        let from = around.node(&row, "from", errors);
        let to = around.node(&row, "to", errors);
        let capacity = row.optional_quantity("capacity", errors);
        let gain = gain(&row, kind, errors);
        let also = also(&row, around, errors);
        let cost = row.quantity("cost", errors);
        let commitment = commitment(&row, errors);
        let (from, to) = (from?, to?);
        apart(&row, around, (from, to), errors)?;
        Some(Converter {
            who: who?,
            kind,
            from,
            to,
            capacity_w: capacity?.unwrap_or(f64::INFINITY),
            yield_: gain?,
            also: also?,
            cost: cost?,
            commitment: commitment?,
        })
    })
}

/// Efficiency, or the coefficient of performance of a heat pump.
fn gain(row: &Record<'_>, kind: ConverterKind, errors: &mut Vec<BaseError>) -> Option<f64> {
    let pump = kind == ConverterKind::HeatPump;
    let given = (row.given("efficiency"), row.given("cop"));
    match (pump, given) {
        (false, (Some(_), None)) => row.quantity("efficiency", errors),
        (true, (None, Some(_))) => row.plain_number("cop", errors),
        _ => {
            errors.push(BaseError::WrongType {
                place: row.place(),
                value: given
                    .0
                    .or(given.1)
                    .map_or_else(String::new, |cell| cell.raw().into()),
                accepted: if pump { "cop" } else { "efficiency [1]" }.into(),
            });
            None
        }
    }
}

/// The second outlet, if both its columns are given.
fn also(
    row: &Record<'_>,
    around: &Around<'_>,
    errors: &mut Vec<BaseError>,
) -> Option<Option<(usize, f64)>> {
    match (row.given("also_to"), row.given("also_efficiency")) {
        (None, None) => Some(None),
        (Some(_), Some(_)) => {
            let to = around.node(row, "also_to", errors)?;
            let share = row.optional_quantity("also_efficiency", errors)??;
            Some(Some((to, share)))
        }
        (to, share) => {
            errors.push(BaseError::WrongType {
                place: row.place(),
                value: to.or(share).map_or_else(String::new, |c| c.raw().into()),
                accepted: "also_to + also_efficiency".into(),
            });
            None
        }
    }
}

fn apart(
    row: &Record<'_>,
    around: &Around<'_>,
    (from, to): (usize, usize),
    errors: &mut Vec<BaseError>,
) -> Option<()> {
    if from != to {
        return Some(());
    }
    errors.push(BaseError::LinkToItself {
        place: row.place(),
        id: around.nodes[from].who.id.clone(),
    });
    None
}

pub(super) fn lines(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Line> {
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let from = around.node(&row, "from", errors);
        let to = around.node(&row, "to", errors);
        let capacity = row.quantity("capacity", errors);
        let loss = row.quantity("loss", errors);
        let cost = row.quantity("cost", errors);
        let (from, to) = (from?, to?);
        apart(&row, around, (from, to), errors)?;
        if around.nodes[from].carrier != around.nodes[to].carrier {
            let same = around
                .nodes
                .iter()
                .filter(|n| n.carrier == around.nodes[from].carrier);
            errors.push(BaseError::LinkEnd {
                place: row.place_of("to"),
                id: around.nodes[to].who.id.clone(),
                known: same.map(|n| n.who.id.clone()).collect(),
            });
            return None;
        }
        Some(Line {
            who: who?,
            from,
            to,
            capacity_w: capacity?,
            loss: loss?,
            cost: cost?,
        })
    })
}

pub(super) fn demands(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Demand> {
    each(sheet, reader, |row, reader| {
        let who = identity(&row, &mut reader.errors);
        let node = around.node(&row, "node", &mut reader.errors);
        let plant = row.given("plant").map(|cell| cell.raw().to_string());
        let (power_w, profile) = match &plant {
            None => amount(&row, around, reader)?,
            Some(_) => without_run(&row, around, reader)?,
        };
        Some(Demand {
            who: who?,
            node: node?,
            power_w,
            profile,
            plant,
        })
    })
}

/// What a plant takes where no run tells it: a profile of powers, or nothing is said.
fn without_run(
    row: &Record<'_>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<(Option<f64>, Option<usize>)> {
    if row.given("power").is_some() {
        reader.errors.push(BaseError::OneOf {
            place: row.place(),
            entries: ["plant", "power"],
        });
        return None;
    }
    let asked = row.given("profile").is_some();
    let profile = reader.profile(row, "profile", around.profiles, &[ProfileValue::Power]);
    (!asked || profile.is_some()).then_some((None, profile))
}

/// A power, a profile of powers, or a power times a profile of shares.
pub(super) fn amount(
    row: &Record<'_>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<(Option<f64>, Option<usize>)> {
    let power = row.optional_quantity("power", &mut reader.errors)?;
    let accepted = match power {
        Some(_) => ProfileValue::Share,
        None => ProfileValue::Power,
    };
    let asked = row.given("profile").is_some();
    let profile = reader.profile(row, "profile", around.profiles, &[accepted]);
    if power.is_none() && !asked {
        reader.errors.push(BaseError::OneOf {
            place: row.place(),
            entries: ["power", "profile"],
        });
        return None;
    }
    (!asked || profile.is_some()).then_some((power, profile))
}

pub(super) fn grids(
    sheet: Option<Sheet>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Vec<Grid> {
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let node = around.node(&row, "node", errors);
        let import = row.quantity("import", errors);
        let export = row.quantity("export", errors);
        let export_price = row.quantity("export_price", errors);
        let extra_price = row.quantity("extra_price", errors);
        let less_price = row.quantity("less_price", errors);
        let carbon = row.optional_quantity("carbon", errors);
        let carbon_free = row.quantity("carbon_free", errors);
        let import_price = price(&row, around, reader);
        let instead = [
            ("carbon", "carbon_profile", ProfileValue::Carbon),
            ("carbon_free", "carbon_free_profile", ProfileValue::Share),
        ]
        .map(|(constant, by_step, value)| {
            let both = row.given(constant).is_some() && row.given(by_step).is_some();
            if both {
                reader.errors.push(BaseError::OneOf {
                    place: row.place(),
                    entries: [constant, by_step],
                });
            }
            reader.profile(&row, by_step, around.profiles, &[value])
        });
        Some(Grid {
            who: who?,
            node: node?,
            import_w: import?,
            export_w: export?,
            import_price: import_price?,
            export_price: export_price?,
            extra_price: extra_price?,
            less_price: less_price?,
            carbon_kg_j: carbon?,
            carbon_profile: instead[0],
            carbon_free: carbon_free?,
            carbon_free_profile: instead[1],
        })
    })
}

fn price(row: &Record<'_>, around: &Around<'_>, reader: &mut Reader<'_>) -> Option<Price> {
    let given = [
        row.given("import_price"),
        row.given("import_tariff"),
        row.given("import_profile"),
    ];
    match given {
        [Some(_), None, None] => {
            let price = row.optional_quantity("import_price", &mut reader.errors)??;
            Some(Price::Constant(price))
        }
        [None, Some(cell), None] => {
            let found = around.tariffs.iter().position(|t| t.name == cell.raw());
            if found.is_none() {
                reader.errors.push(BaseError::UnknownId {
                    place: cell.place(),
                    id: cell.raw().into(),
                    known: around.tariffs.iter().map(|t| t.name.clone()).collect(),
                });
            }
            found.map(Price::Tariff)
        }
        [None, None, Some(_)] => reader
            .profile(
                row,
                "import_profile",
                around.profiles,
                &[ProfileValue::Price],
            )
            .map(Price::Profile),
        _ => {
            reader.errors.push(BaseError::MissingPrice {
                place: row.place(),
                id: row.given("id").map_or_else(String::new, |c| c.raw().into()),
            });
            None
        }
    }
}

pub(super) fn quotas(sheet: Option<Sheet>, window: &Window, reader: &mut Reader<'_>) -> Vec<Quota> {
    let last = window.moment(window.steps.saturating_sub(1)).date();
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let who = identity(&row, errors);
        let from = row.optional_date("from", errors);
        let to = row.optional_date("to", errors);
        let carbon = row.optional_quantity("carbon", errors)?;
        let energy = row.optional_quantity("energy", errors)?;
        let limit = match (carbon, energy) {
            (Some(carbon), None) => QuotaLimit::Carbon(carbon),
            (None, Some(energy)) => QuotaLimit::Energy(energy),
            _ => {
                errors.push(BaseError::OneOf {
                    place: row.place(),
                    entries: ["carbon", "energy"],
                });
                return None;
            }
        };
        let (from, to) = (from?.unwrap_or(window.start.date()), to?.unwrap_or(last));
        if to < from {
            errors.push(BaseError::DatesReversed {
                place: row.place_of("to"),
                from,
                to,
            });
            return None;
        }
        Some(Quota {
            who: who?,
            from,
            to,
            limit,
        })
    })
}

/// What the dispatcher orders of units that were read.
pub(super) fn orders(energy: &Energy, reader: &mut Reader<'_>) -> Vec<Order> {
    let sheet = reader.sheet("unit_orders");
    each(sheet, reader, |row, reader| {
        let errors = &mut reader.errors;
        let id = row.text("unit", errors);
        let from = moment_of(&row, "from", errors);
        let to = moment_of(&row, "to", errors);
        let low = row.optional_quantity("low", errors)?;
        let high = row.optional_quantity("high", errors)?;
        let (id, from, to) = (id?, from?, to?);
        let Some(unit) = unit(energy, &id) else {
            errors.push(BaseError::UnknownId {
                place: row.place_of("unit"),
                id,
                known: ids(energy),
            });
            return None;
        };
        if let (UnitRef::Line(_), Some(_)) = (unit, row.given("low")) {
            // Power may go either way, so that a least power would be one in both.
            errors.push(BaseError::WrongType {
                place: row.place_of("low"),
                value: id,
                accepted: "high [MW]".into(),
            });
            return None;
        }
        let crossed = matches!((low, high), (Some(low), Some(high)) if low > high);
        if to <= from || crossed || (low.is_none() && high.is_none()) {
            errors.push(BaseError::WrongType {
                place: row.place(),
                value: id,
                accepted: "from < to, low ≤ high".into(),
            });
            return None;
        }
        Some(Order {
            unit,
            id,
            from,
            to,
            low_w: low,
            high_w: high,
            reason: row
                .given("reason")
                .map_or_else(String::new, |cell| cell.raw().into()),
            place: row.place(),
        })
    })
}

/// The unit that an order names; `ID.charge` is what the store ID takes.
pub(super) fn unit(energy: &Energy, id: &str) -> Option<UnitRef> {
    let find = |id: &str| listed(energy).find(|(unit, _)| *unit == id).map(|(_, r)| r);
    find(id).or_else(|| match find(id.strip_suffix(".charge")?)? {
        UnitRef::Store(s) => Some(UnitRef::Charge(s)),
        _ => None,
    })
}

fn ids(energy: &Energy) -> Vec<String> {
    listed(energy).map(|(id, _)| id.to_string()).collect()
}

/// Units that an order may name.
pub(super) fn listed(energy: &Energy) -> impl Iterator<Item = (&str, UnitRef)> {
    let generators = energy.generators.iter().enumerate();
    let stores = energy.stores.iter().enumerate();
    let converters = energy.converters.iter().enumerate();
    let lines = energy.lines.iter().enumerate();
    let grids = energy.grids.iter().enumerate();
    let halls = energy.halls.iter().enumerate();
    generators
        .map(|(i, u)| (u.who.id.as_str(), UnitRef::Generator(i)))
        .chain(stores.map(|(i, u)| (u.who.id.as_str(), UnitRef::Store(i))))
        .chain(converters.map(|(i, u)| (u.who.id.as_str(), UnitRef::Converter(i))))
        .chain(lines.map(|(i, u)| (u.who.id.as_str(), UnitRef::Line(i))))
        .chain(grids.map(|(i, u)| (u.who.id.as_str(), UnitRef::Grid(i))))
        .chain(halls.map(|(i, u)| (u.who.id.as_str(), UnitRef::Hall(i))))
}
