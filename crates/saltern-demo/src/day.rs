//! What a day that was marched says: ponds in its evening, flows, plants and heaps over it.

use saltern_base::book::{Book, NodeKind, Posting};
use saltern_base::frame::{Frame, Values};
use saltern_base::model::Base;
use saltern_base::plant::{Section, Written};
use saltern_climate::weather::Hour;
use saltern_simulate::Simulation;

const DAY_S: f64 = 86_400.0;
const ZERO_CELSIUS_K: f64 = 273.15;
/// What a tonne is in kg and a MWh in J.
const T_KG: f64 = 1e3;
const MWH_J: f64 = 3.6e9;
/// Density that volumes of water are told by where the book has none, kg/m³.
const WATER_KG_M3: f64 = 1000.0;

/// What a pond holds at an instant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pond {
    /// Level above the bare floor, m.
    pub(crate) level_m: f64,
    /// Density, kg/m³.
    pub(crate) density_kg_m3: f64,
    /// Temperature, K.
    pub(crate) temperature_k: f64,
    /// Content of each element of [`Day::elements`], kg/m³; not a number where the pond is dry.
    pub(crate) content_kg_m3: Vec<f64>,
}

impl Pond {
    /// What lies between two.
    pub(crate) fn between(&self, to: &Pond, share: f64) -> Pond {
        let go = |from: f64, to: f64| match from.is_nan() {
            true => to,
            false => from + share * (to - from),
        };
        let contents = self.content_kg_m3.iter().zip(&to.content_kg_m3);
        Pond {
            level_m: go(self.level_m, to.level_m),
            density_kg_m3: go(self.density_kg_m3, to.density_kg_m3),
            temperature_k: go(self.temperature_k, to.temperature_k),
            content_kg_m3: contents.map(|(from, to)| go(*from, *to)).collect(),
        }
    }
}

/// What a plant did over a day, as means.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Plant {
    /// Leading feed, kg/s.
    pub(crate) feed_kg_s: f64,
    /// Products, kg/s.
    pub(crate) product_kg_s: f64,
    /// Electricity, W.
    pub(crate) power_w: f64,
}

/// A day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Day {
    /// Elements that contents are told of.
    pub(crate) elements: Vec<String>,
    /// Ponds in the evening.
    pub(crate) ponds: Vec<Pond>,
    /// Mean flow of each link, m³/s.
    pub(crate) links_m3_s: Vec<f64>,
    /// Mean flow out of each source, m³/s.
    pub(crate) sources_m3_s: Vec<f64>,
    /// Plants.
    pub(crate) plants: Vec<Plant>,
    /// What lies in each stockpile in the evening, kg.
    pub(crate) stockpiles_kg: Vec<f64>,
    /// Weather by the hour, with the rain of storms.
    pub(crate) hours: Vec<Hour>,
    /// Evaporation of fresh water over the day, mean of the ponds, m.
    pub(crate) fresh_water_m: f64,
}

impl Day {
    /// Of a march of one day.
    pub(crate) fn of(base: &Base, march: &Simulation, hours: Vec<Hour>) -> Day {
        let table = Table::of(march.series.iter().find(|frame| frame.name == "ponds"));
        let plants = Table::of(march.series.iter().find(|frame| frame.name == "plants"));
        let elements: Vec<String> = table.columns_in("g/L").map(String::from).collect();
        let pond = |id: &String| {
            let row = table.row("pond", id);
            Pond {
                level_m: table.number("level", row),
                density_kg_m3: table.number("density", row),
                temperature_k: table.number("temperature", row) + ZERO_CELSIUS_K,
                content_kg_m3: elements.iter().map(|e| table.number(e, row)).collect(),
            }
        };
        let book = &march.book;
        let fresh = base.ponds.iter().map(|p| {
            let row = table.row("pond", &p.id);
            table.number("evaporation_fresh", row) * 1e-3
        });
        Day {
            ponds: base.ponds.iter().map(|p| pond(&p.id)).collect(),
            links_m3_s: base
                .links
                .iter()
                .map(|link| volume_m3(book, |stream| stream == link.id) / DAY_S)
                .collect(),
            sources_m3_s: base
                .sources
                .iter()
                .map(|s| drawn_m3_s(book, &s.id))
                .collect(),
            plants: base
                .plants
                .iter()
                .map(|p| plant(book, &plants, p))
                .collect(),
            stockpiles_kg: base
                .stockpiles
                .iter()
                .map(|s| held_kg(book, &s.id))
                .collect(),
            fresh_water_m: fresh.sum::<f64>() / base.ponds.len().max(1) as f64,
            elements,
            hours,
        }
    }
}

fn volume_m3(book: &Book, is_it: impl Fn(&str) -> bool) -> f64 {
    let mine = |posting: &&Posting| is_it(&book.streams[posting.stream].id);
    book.postings.iter().filter(mine).map(|p| p.volume_m3).sum()
}

/// What leaves a source: by links as volume, to plants as mass of water.
fn drawn_m3_s(book: &Book, source: &str) -> f64 {
    let mine = |posting: &&Posting| {
        let from = &book.nodes[book.streams[posting.stream].from];
        from.kind == NodeKind::Source && from.id == source
    };
    let volume_m3 = |posting: &Posting| match posting.volume_m3 > 0.0 {
        true => posting.volume_m3,
        false => posting.mass_kg / WATER_KG_M3,
    };
    book.postings
        .iter()
        .filter(mine)
        .map(volume_m3)
        .sum::<f64>()
        / DAY_S
}

fn plant(book: &Book, table: &Table<'_>, plant: &saltern_base::model::Plant) -> Plant {
    let row = table.row("plant", &plant.id);
    let products: Vec<String> = plant
        .file
        .streams
        .iter()
        .filter(|stream| is_product(stream))
        .map(|stream| format!("{}.{}", plant.id, stream.id))
        .collect();
    let mine = |posting: &&Posting| products.contains(&book.streams[posting.stream].id);
    let made_kg: f64 = book.postings.iter().filter(mine).map(|p| p.mass_kg).sum();
    let or_none = |value: f64| if value.is_finite() { value } else { 0.0 };
    Plant {
        feed_kg_s: or_none(table.number("lead_feed", row)) * T_KG / DAY_S,
        product_kg_s: made_kg / DAY_S,
        power_w: or_none(table.number("electricity", row)) * MWH_J / DAY_S,
    }
}

fn is_product(stream: &Section) -> bool {
    let mut entries = stream.entries.iter();
    entries.any(|e| e.name == "role" && e.value == Written::Text("product".into()))
}

fn held_kg(book: &Book, stockpile: &str) -> f64 {
    let mut stocks = book.closing.iter();
    let Some(stock) = stocks.find(|stock| book.nodes[stock.node].id == stockpile) else {
        return 0.0;
    };
    let amounts = stock
        .brine_elements_mol
        .iter()
        .zip(&stock.solid_elements_mol);
    let of = amounts.zip(&book.element_kg_mol);
    of.map(|((brine, solid), kg_mol)| (brine + solid) * kg_mol)
        .sum()
}

/// A frame by names of columns and rows.
struct Table<'f>(Option<&'f Frame>);

impl<'f> Table<'f> {
    fn of(frame: Option<&'f Frame>) -> Table<'f> {
        Table(frame)
    }

    fn columns_in(&self, unit: &'static str) -> impl Iterator<Item = &'f str> {
        let columns = self.0.into_iter().flat_map(|frame| &frame.columns);
        columns
            .filter(move |column| column.unit == unit)
            .map(|column| column.name.as_str())
    }

    /// The row in which a text column says so.
    fn row(&self, column: &str, text: &str) -> Option<usize> {
        match &self.find(column)?.values {
            Values::Text(texts) => texts.iter().position(|t| t == text),
            _ => None,
        }
    }

    /// Not a number where there is none.
    fn number(&self, column: &str, row: Option<usize>) -> f64 {
        let values = self.find(column).map(|column| &column.values);
        match (values, row) {
            (Some(Values::Number(values)), Some(row)) => {
                values.get(row).copied().unwrap_or(f64::NAN)
            }
            _ => f64::NAN,
        }
    }

    fn find(&self, name: &str) -> Option<&'f saltern_base::frame::Column> {
        self.0?.columns.iter().find(|column| column.name == name)
    }
}
