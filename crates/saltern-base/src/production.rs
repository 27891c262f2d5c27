//! What a plan of production needs beside the base itself: what products earn, what the market takes, how they get there,
//! and what people may decide. All of it is the user's own data.
//!
//! `sales.csv`, `demand.csv`, `transport.csv`, `choices.csv`; each may be missing. SI: kg, s, money per kg.

use crate::error::BaseError;
use crate::ids::{Ids, duplicates};
use crate::model::Base;
use crate::sheet::{self, Record, Sheet};
use saltern_units::place::Place;
use saltern_units::table::{Accepted, TableError};

/// What a plan of production needs beside the base.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Production {
    /// Currency of all prices, as written.
    pub currency: String,
    /// Products.
    pub products: Vec<Product>,
    /// What the market takes.
    pub demands: Vec<Demand>,
    /// Ways to the market.
    pub routes: Vec<Route>,
    /// Flows that a plan may decide.
    pub flows: Vec<FlowChoice>,
    /// Harvests that a plan may decide.
    pub harvests: Vec<HarvestChoice>,
    /// Grades that a plan must keep.
    pub grades: Vec<Grade>,
}

/// A product.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Outlets that are this product: plant and id of the stream.
    pub streams: Vec<(usize, String)>,
    /// What it earns, money per kg.
    pub price: f64,
    /// What it is worth if it is left at the end, money per kg.
    pub end_value: f64,
    /// Most that the store of the base holds, kg; infinite for any.
    pub stock_kg_max: f64,
    /// Its row.
    pub place: Place,
}

/// What is bought of a product in each of some months.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Index into [`Production::products`].
    pub product: usize,
    /// Months from 1.
    pub months: Vec<i8>,
    /// Most bought in each of them, kg.
    pub most_kg: f64,
    /// Least that must be delivered in each of them, kg.
    pub least_kg: f64,
    /// Its row.
    pub place: Place,
}

/// A way to the market with a warehouse at its far end.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Its name.
    pub id: String,
    /// Products that must go this way.
    pub products: Vec<usize>,
    /// Most that is loaded, kg/s: wagons a day times what each holds.
    pub rate_kg_s: f64,
    /// What a wagon holds, kg.
    pub wagon_kg: f64,
    /// Money per kg moved.
    pub freight: f64,
    /// Most that the warehouse holds, all products together, kg; infinite for any.
    pub warehouse_kg_max: f64,
    /// Its row.
    pub place: Place,
}

/// First and last day of a yearly window, (month, day).
pub type Season = ((i8, i8), (i8, i8));

/// A link whose flow a plan may decide.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowChoice {
    /// Index into [`Base::links`].
    pub link: usize,
    /// When.
    pub season: Season,
    /// Least flow, m³/s.
    pub low_m3_s: f64,
    /// Most flow, m³/s.
    pub high_m3_s: f64,
    /// Its row.
    pub place: Place,
}

/// A pond whose harvest a plan may decide.
#[derive(Clone, Debug, PartialEq)]
pub struct HarvestChoice {
    /// Index into [`Base::harvests`]: pond, method, stockpile, what is left.
    pub harvest: usize,
    /// When.
    pub season: Season,
    /// Most dry salt taken, kg/s.
    pub rate_kg_s: f64,
    /// Least dry salt taken while it is worked, kg/s.
    pub rate_min_kg_s: f64,
    /// Days that a campaign lasts at least.
    pub days_min: u32,
    /// Who harvests; one crew works in one pond at a time. `None` = a crew of its own.
    pub crew: Option<String>,
    /// Its row.
    pub place: Place,
}

/// Least grade of what is harvested for a plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Index into [`Base::plants`].
    pub plant: usize,
    /// Element symbol.
    pub element: String,
    /// When.
    pub season: Season,
    /// Least mass of the element over that of salt and clinging brine, 0 … 1.
    pub least: f64,
    /// Its row.
    pub place: Place,
}

/// Reads the tables from the texts of a folder's files; without any of them the answer is empty.
///
/// # Errors
/// All that is wrong, each once with its place.
pub fn read(
    base: &Base,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<Production, Vec<BaseError>> {
    let mut errors = Vec::new();
    let mut production = Production::default();
    let mut currency = None;
    if let Some(sheet) = open("sales", files, &mut errors) {
        money_of(&sheet, &mut currency, &mut errors);
        errors.extend(duplicates(sheet.ids("product").entries()));
        let rows = sheet.rows();
        production.products = rows
            .filter_map(|row| product(row, base, &mut errors))
            .collect();
    }
    let products = &production.products;
    let names: Ids = Ids::known(
        products
            .iter()
            .map(|p| (p.name.clone(), p.place.clone()))
            .collect(),
    );
    if let Some(sheet) = open("demand", files, &mut errors) {
        let rows = sheet.rows();
        production.demands = rows
            .filter_map(|row| demand(row, &names, &mut errors))
            .collect();
    }
    if let Some(sheet) = open("transport", files, &mut errors) {
        money_of(&sheet, &mut currency, &mut errors);
        errors.extend(duplicates(sheet.ids("id").entries()));
        let rows = sheet.rows();
        production.routes = rows
            .filter_map(|row| route(row, &names, &mut errors))
            .collect();
    }
    if let Some(sheet) = open("choices", files, &mut errors) {
        for row in sheet.rows() {
            match row.choice("action", &mut errors) {
                Some("flow") => production.flows.extend(flow(row, base, &mut errors)),
                Some("grade") => production.grades.extend(grade(row, base, &mut errors)),
                Some(_) => production.harvests.extend(harvest(row, base, &mut errors)),
                None => {}
            }
        }
        refuse_two_harvests(&production, base, &mut errors);
    }
    production.currency = currency.map_or_else(|| "CNY".into(), |(code, _)| code);
    if errors.is_empty() {
        Ok(production)
    } else {
        Err(errors)
    }
}

/// A table that may be there; one without rows is as good as none.
fn open(
    key: &'static str,
    files: &dyn Fn(&str) -> Option<String>,
    errors: &mut Vec<BaseError>,
) -> Option<Sheet> {
    let file = format!("{key}.csv");
    let text = files(&file)?;
    let before = errors.len();
    let sheet = sheet::open(&file, &text, key, |_| false, errors);
    let no_rows = BaseError::Table(TableError::NoRows {
        place: Place::file(&file),
    });
    if sheet.is_none() && errors[before..] == [no_rows] {
        errors.truncate(before);
    }
    sheet
}

/// Notes the currency of a table's prices; two are an error, since none is converted.
fn money_of(sheet: &Sheet, found: &mut Option<(String, Place)>, errors: &mut Vec<BaseError>) {
    for (c, header) in sheet.table.columns.iter().enumerate() {
        let code = header.unit.split('/').next().unwrap_or_default().trim();
        if !["CNY", "USD", "EUR"].contains(&code) {
            continue;
        }
        let place = sheet.table.header_place(c);
        match found {
            Some((first, first_place)) if first != code => errors.push(BaseError::TwoCurrencies {
                place,
                currency: code.into(),
                first: first.clone(),
                first_place: Box::new(first_place.clone()),
            }),
            Some(_) => {}
            None => *found = Some((code.into(), place)),
        }
    }
}

/// Names between semicolons.
fn names_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn product(row: Record<'_>, base: &Base, errors: &mut Vec<BaseError>) -> Option<Product> {
    let name = row.text("product", errors);
    let text = row.text("streams", errors);
    let price = row.quantity("price", errors);
    let end_value = row.quantity("end_value", errors);
    let stock_max = row.optional_quantity("stock_max", errors);
    let mut streams = Vec::new();
    for id in names_of(&text?) {
        let found = base.plants.iter().enumerate().find_map(|(p, plant)| {
            let stream = id.strip_prefix(&plant.id)?.strip_prefix('.')?;
            let joined = plant.streams.iter().any(|s| s.stream == stream);
            joined.then(|| (p, stream.to_string()))
        });
        match found {
            Some(stream) => streams.push(stream),
            None => errors.push(BaseError::UnknownId {
                place: row.place_of("streams"),
                id: id.into(),
                known: (base.plants.iter())
                    .flat_map(|p| p.streams.iter().map(|s| format!("{}.{}", p.id, s.stream)))
                    .collect(),
            }),
        }
    }
    Some(Product {
        name: name?,
        streams,
        price: price?,
        end_value: end_value?,
        stock_kg_max: stock_max?.unwrap_or(f64::INFINITY),
        place: row.place(),
    })
}

fn demand(row: Record<'_>, products: &Ids, errors: &mut Vec<BaseError>) -> Option<Demand> {
    let product = row.reference("product", products, errors);
    let months = crate::energy::months(&row, errors);
    let most = row.quantity("most", errors);
    let least = row.optional_quantity("least", errors);
    let (most_kg, least_kg) = (most?, least?.unwrap_or(0.0));
    if least_kg > most_kg {
        errors.extend(above(row, "least", "most"));
        return None;
    }
    Some(Demand {
        product: product?,
        months: months?,
        most_kg,
        least_kg,
        place: row.place(),
    })
}

/// The error of a column that is above the one that it must not exceed.
fn above(row: Record<'_>, column: &str, most: &str) -> Option<BaseError> {
    let cell = row.given(column)?;
    let most = row.given(most).map_or("", |most| most.raw());
    let error = TableError::OutOfRange {
        place: cell.place(),
        value: cell.raw().into(),
        accepted: format!("0 … {most}"),
    };
    Some(error.into())
}

fn route(row: Record<'_>, products: &Ids, errors: &mut Vec<BaseError>) -> Option<Route> {
    let id = row.text("id", errors);
    let text = row.text("products", errors);
    let wagons = row.count("wagons", errors);
    let wagon = row.quantity("wagon", errors);
    let freight = row.quantity("freight", errors);
    let warehouse = row.optional_quantity("warehouse_max", errors);
    let mut moved = Vec::new();
    for name in names_of(&text?) {
        match products.index(name, &row.place_of("products")) {
            Ok(index) => moved.push(index),
            Err(error) => errors.extend(error.map(|error| *error)),
        }
    }
    let wagon_kg = wagon?;
    Some(Route {
        id: id?,
        products: moved,
        rate_kg_s: wagons? as f64 * wagon_kg / 86_400.0,
        wagon_kg,
        freight: freight?,
        warehouse_kg_max: warehouse?.unwrap_or(f64::INFINITY),
        place: row.place(),
    })
}

fn season_of(row: Record<'_>, errors: &mut Vec<BaseError>) -> Option<Season> {
    let from = row.month_day("from", errors);
    let to = row.month_day("to", errors);
    Some((from?, to?))
}

fn flow(row: Record<'_>, base: &Base, errors: &mut Vec<BaseError>) -> Option<FlowChoice> {
    let links = base.links.iter().map(|l| (l.id.clone(), Place::default()));
    let link = row.reference("id", &Ids::known(links.collect()), errors);
    let season = season_of(row, errors);
    let low = row.quantity("low", errors);
    let high = row.optional_quantity("high", errors);
    let link = link?;
    Some(FlowChoice {
        link,
        season: season?,
        low_m3_s: low?,
        high_m3_s: high?
            .unwrap_or(f64::INFINITY)
            .min(base.links[link].capacity_m3_s),
        place: row.place(),
    })
}

fn harvest(row: Record<'_>, base: &Base, errors: &mut Vec<BaseError>) -> Option<HarvestChoice> {
    let harvests = (base.harvests.iter()).map(|h| (h.id.clone(), Place::default()));
    let harvest = row.reference("id", &Ids::known(harvests.collect()), errors);
    let season = season_of(row, errors);
    let rate = match row.optional_quantity("rate", errors) {
        Some(None) => row.blank("rate", Accepted::Number, errors),
        other => other.flatten(),
    };
    let rate_min = row.optional_quantity("rate_min", errors);
    let days_min = row.count("campaign_min", errors);
    let (rate_kg_s, rate_min_kg_s) = (rate?, rate_min?.unwrap_or(0.0));
    if rate_min_kg_s > rate_kg_s {
        errors.extend(above(row, "rate_min", "rate"));
        return None;
    }
    Some(HarvestChoice {
        harvest: harvest?,
        season: season?,
        rate_kg_s,
        rate_min_kg_s,
        days_min: days_min? as u32,
        crew: row.given("crew").map(|cell| cell.raw().to_string()),
        place: row.place(),
    })
}

fn grade(row: Record<'_>, base: &Base, errors: &mut Vec<BaseError>) -> Option<Grade> {
    let plants = (base.plants.iter()).map(|p| (p.id.clone(), Place::default()));
    let plant = row.reference("id", &Ids::known(plants.collect()), errors);
    let season = season_of(row, errors);
    let element = match row.given("element") {
        None => row.blank("element", Accepted::Text, errors),
        Some(cell) => Some(cell.raw().to_string()),
    };
    let least = match row.optional_quantity("grade", errors) {
        Some(None) => row.blank("grade", Accepted::Number, errors),
        other => other.flatten(),
    };
    Some(Grade {
        plant: plant?,
        element: element?,
        season: season?,
        least: least?,
        place: row.place(),
    })
}

/// A pond is harvested in one way.
fn refuse_two_harvests(production: &Production, base: &Base, errors: &mut Vec<BaseError>) {
    for (i, choice) in production.harvests.iter().enumerate() {
        let pond = base.harvests[choice.harvest].pond;
        let earlier = (production.harvests[..i].iter())
            .find(|other| base.harvests[other.harvest].pond == pond);
        if let Some(earlier) = earlier {
            errors.push(BaseError::DuplicateId {
                place: choice.place.clone(),
                id: base.ponds[pond].id.clone(),
                first: Box::new(earlier.place.clone()),
            });
        }
    }
}
