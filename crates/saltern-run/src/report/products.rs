//! From ponds to products: what plants made, how they ran, where they sent each element.

use std::collections::BTreeMap;

use saltern_base::book::{NodeKind, StreamKind};

use super::sankey::{self, Diagram, Flow, Node};
use super::svg::{Anchor, Svg, Time};
use super::texts::{self, Text};
use super::view::View;
use super::{accounts::table, figure, legend, numbers, theme, titled};
use crate::accounts::{self, Accounts};
use crate::columns;
use crate::error::RunError;
use crate::figures::{self, Count};
use crate::table;

/// Why a plant stands: code in the series, words, colour.
const STANDS: [(&str, Text, &str); 5] = [
    ("shut", texts::STANDS_SHUT, "halite"),
    ("no_feed", texts::STANDS_NO_FEED, "sylvite"),
    ("below_least_load", texts::STANDS_BELOW, "mixed"),
    ("failed", texts::STANDS_FAILED, "carnallite"),
    ("cannot_pour", texts::STANDS_CANNOT_POUR, "bischofite"),
];

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let lang = view.lang;
    let days = match view.run.frame(columns::PLANTS) {
        Some(frame) => PlantDays::new(frame)?,
        None => return Ok(String::new()),
    };
    let loads = figure(
        "full",
        texts::PLANT_LOADS.get(lang),
        &(load_legend(view) + &loads(view, &days)),
    );
    let mut sankeys = String::new();
    for (symbol, element) in view.elements(&["K", "Li", "Mg", "Na"]) {
        let diagram = diagram(view, element);
        if !diagram.flows.is_empty() {
            let title = texts::PRODUCTS_OF.with(lang, &[("element", symbol)]);
            let drawn = sankey::draw(view, &diagram, symbol);
            sankeys += &figure("full scroll", &title, &drawn);
        }
    }
    let body = format!(
        "<div class=\"tables\">{}{}</div><div class=\"grid\" style=\"margin-top:22px\">{loads}{sankeys}</div>",
        products(view),
        plants(view, &days)
    );
    let note = texts::PRODUCTS_NOTE.get(lang);
    Ok(titled(lang, texts::PRODUCTS, note, &body))
}

/// The frame `plants`, by plant.
struct PlantDays {
    dates: Vec<jiff::civil::Date>,
    plants: Vec<PlantRows>,
}

/// The days of one plant.
#[derive(Default)]
struct PlantRows {
    id: String,
    load: Vec<f64>,
    lead_t: f64,
    electricity_mwh: f64,
    heat_mwh: f64,
    cooling_mwh: f64,
    stands: Vec<String>,
}

impl PlantDays {
    fn new(frame: &saltern_base::frame::Frame) -> Result<Self, RunError> {
        columns::check(frame)?;
        let ids = table::texts(frame, columns::PLANT)?;
        let stands = table::texts(frame, columns::STANDS)?;
        let all_dates = table::dates(frame, columns::DATE)?;
        let numbers = [
            columns::LOAD,
            columns::LEAD_FEED,
            columns::ELECTRICITY,
            columns::HEAT,
            columns::COOLING,
        ];
        let mut read = Vec::new();
        for column in numbers {
            read.push(table::numbers(frame, column)?);
        }
        let mut plants: Vec<PlantRows> = Vec::new();
        let mut dates = Vec::new();
        for (row, id) in ids.iter().enumerate() {
            let at = plants.iter().position(|p| p.id == *id).unwrap_or_else(|| {
                plants.push(PlantRows {
                    id: id.clone(),
                    ..PlantRows::default()
                });
                plants.len() - 1
            });
            if at == 0 {
                dates.push(all_dates[row]);
            }
            let plant = &mut plants[at];
            plant.load.push(read[0][row]);
            plant.lead_t += read[1][row];
            plant.electricity_mwh += read[2][row];
            plant.heat_mwh += read[3][row];
            plant.cooling_mwh += read[4][row];
            plant.stands.push(stands[row].clone());
        }
        Ok(PlantDays { dates, plants })
    }
}

/// What was made: a row a product.
fn products(view: &View<'_>) -> String {
    let lang = view.lang;
    let Ok(made) = Accounts::of(view.run) else {
        return String::new();
    };
    let rows: Vec<Vec<String>> = accounts::products(&made.statement)
        .into_iter()
        .map(|product| {
            let by = product
                .from
                .iter()
                .map(|id| accounts::name(&view.run.base, id, lang));
            vec![
                accounts::name(&view.run.base, &product.name, lang),
                lang.list(&by.collect::<Vec<_>>()),
                numbers::mass(lang, product.kg),
            ]
        })
        .collect();
    let columns = [texts::COL_PRODUCT, texts::COL_PLANT, texts::COL_MASS];
    table(view, texts::PRODUCTS_MADE.get(lang), &columns, 2, &rows)
}

/// How the plants ran: a row a plant.
fn plants(view: &View<'_>, days: &PlantDays) -> String {
    let lang = view.lang;
    let rows: Vec<Vec<String>> = days
        .plants
        .iter()
        .map(|plant| {
            let ran = plant.load.iter().filter(|load| **load > 0.0).count();
            let mean = plant.load.iter().sum::<f64>() / ran.max(1) as f64;
            let energy = |mwh: f64| numbers::significant(mwh, 4);
            vec![
                accounts::name(&view.run.base, &plant.id, lang),
                format!("{ran} / {}", plant.load.len()),
                numbers::percent(mean),
                numbers::mass(lang, plant.lead_t * 1e3),
                energy(plant.electricity_mwh),
                energy(plant.heat_mwh),
                energy(plant.cooling_mwh),
            ]
        })
        .collect();
    let columns = [
        texts::COL_PLANT,
        texts::COL_DAYS_RUN,
        texts::COL_MEAN_LOAD,
        texts::COL_LEAD_FEED,
        texts::COL_ELECTRICITY,
        texts::COL_HEAT,
        texts::COL_COOLING,
    ];
    table(view, texts::PLANTS_RAN.get(lang), &columns, 1, &rows)
}

fn load_legend(view: &View<'_>) -> String {
    let runs = (
        texts::PLANT_RUNS.get(view.lang).to_owned(),
        theme::color("lithium"),
    );
    let stands = STANDS
        .iter()
        .map(|(_, text, key)| (text.get(view.lang).to_owned(), theme::color(key)));
    legend(&std::iter::once(runs).chain(stands).collect::<Vec<_>>())
}

/// A strip a plant: height of the green is its load, a thin line in another colour says why it stood.
fn loads(view: &View<'_>, days: &PlantDays) -> String {
    let (Some(first), Some(last)) = (days.dates.first(), days.dates.last()) else {
        return String::new();
    };
    let (width, left, right, row) = (1136.0, 214.0, 1120.0, 34.0);
    let bottom = 6.0 + row * days.plants.len() as f64;
    let mut svg = Svg::new(width, bottom + 22.0);
    let time = Time::new(*first, *last, left, right);
    let day_width = time.day_width().max(0.4);
    for (i, plant) in days.plants.iter().enumerate() {
        let foot = 6.0 + row * (i + 1) as f64 - 6.0;
        let name = accounts::name(&view.run.base, &plant.id, view.lang);
        svg.text(left - 10.0, foot - 8.0, Anchor::End, "st", &fitted(&name));
        for span in spans(plant) {
            let x = time.at(days.dates[span.from]);
            let wide = time.at(days.dates[span.to]) - x + day_width;
            let (height, color) = match STANDS.iter().find(|(code, ..)| *code == span.stands) {
                Some((.., key)) => (3.0, theme::color(key)),
                None => ((row - 8.0) * span.load, theme::color("lithium")),
            };
            let hint = format!(
                "{name} {} … {}: {}",
                days.dates[span.from],
                days.dates[span.to],
                numbers::percent(span.load)
            );
            let style = format!("fill:{color}");
            svg.rect(x, foot - height, wide, height, &style, &hint);
        }
    }
    svg.date_axis(view.lang, &time, bottom, 12);
    format!(
        "<div class=\"scroll\">{}</div>",
        svg.finish("wide", texts::PLANT_LOADS.get(view.lang))
    )
}

/// Days in a row on which a plant did the same, to a hundredth of its load.
struct Span<'a> {
    from: usize,
    to: usize,
    load: f64,
    stands: &'a str,
}

fn spans(plant: &PlantRows) -> Vec<Span<'_>> {
    let mut spans: Vec<Span<'_>> = Vec::new();
    for (day, (load, stands)) in plant.load.iter().zip(&plant.stands).enumerate() {
        match spans.last_mut() {
            Some(last) if last.stands == stands && (last.load - load).abs() < 0.01 => last.to = day,
            _ => spans.push(Span {
                from: day,
                to: day,
                load: *load,
                stands,
            }),
        }
    }
    spans
}

/// Where an element goes from the ponds on: stockpiles and plants in between, each in the column behind the last that
/// gives to it; what comes from elsewhere begins beside the ponds.
fn diagram(view: &View<'_>, element: usize) -> Diagram {
    let book = &view.run.book;
    let mut net: BTreeMap<(Spot, Spot), f64> = BTreeMap::new();
    for (stream, total) in book.streams.iter().zip(&view.totals) {
        let moves = matches!(
            stream.kind,
            StreamKind::Harvest
                | StreamKind::Entrainment
                | StreamKind::PlantFeed
                | StreamKind::PlantOutlet
        );
        let kg = figures::mass_kg(book, Count::Element(element), &total.elements_mol);
        if moves && kg > 0.0 {
            let ends = (begin_of(view, stream.from), end_of(view, stream.to));
            *net.entry(ends).or_insert(0.0) += kg;
        }
    }
    for (node, _) in figures::nodes_of(book, NodeKind::Stockpile) {
        let held = |stocks| {
            figures::stock(stocks, node).map_or(0.0, |s| {
                let amounts = [&s.brine_elements_mol, &s.solid_elements_mol];
                let kg = amounts.map(|a| figures::mass_kg(book, Count::Element(element), a));
                kg.iter().sum()
            })
        };
        let grown_kg: f64 = held(&book.closing) - held(&book.opening);
        if grown_kg > 0.0 && feeds_on(view, node) {
            net.insert((Spot::Between(node), Spot::Left(node)), grown_kg);
        }
    }
    let flows = without_returns(net);
    laid_out(view, flows)
}

/// What stands in the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// All ponds.
    Ponds,
    /// What is bought or drawn.
    Bought,
    /// A stockpile or a plant that gives on, by node.
    Between(usize),
    /// Where something ends, by node.
    End(usize),
    /// What is left in a stockpile that gives on.
    Left(usize),
    /// Back to the ponds.
    Back,
}

fn begin_of(view: &View<'_>, node: usize) -> Spot {
    match view.run.book.nodes[node].kind {
        NodeKind::Pond => Spot::Ponds,
        NodeKind::Stockpile | NodeKind::Plant => Spot::Between(node),
        _ => Spot::Bought,
    }
}

fn end_of(view: &View<'_>, node: usize) -> Spot {
    match view.run.book.nodes[node].kind {
        NodeKind::Pond => Spot::Back,
        NodeKind::Plant => Spot::Between(node),
        NodeKind::Stockpile if feeds_on(view, node) => Spot::Between(node),
        _ => Spot::End(node),
    }
}

/// Whether a plant takes from a stockpile.
fn feeds_on(view: &View<'_>, node: usize) -> bool {
    let streams = view.run.book.streams.iter();
    streams
        .filter(|s| s.from == node)
        .any(|s| s.kind == StreamKind::PlantFeed)
}

/// Flows net of what comes straight back.
fn without_returns(net: BTreeMap<(Spot, Spot), f64>) -> Vec<(Spot, Spot, f64)> {
    let largest = net.values().copied().fold(0.0, f64::max);
    let mut flows = Vec::new();
    for (&(from, to), &kg) in &net {
        let back = net.get(&(to, from)).copied().unwrap_or(0.0);
        // Threads thinner than this would only be dust on the page.
        if kg - back > 1e-4 * largest {
            flows.push((from, to, kg - back));
        }
    }
    flows
}

fn laid_out(view: &View<'_>, flows: Vec<(Spot, Spot, f64)>) -> Diagram {
    let mut spots: Vec<Spot> = flows.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
    spots.sort_unstable();
    spots.dedup();
    let mut column: BTreeMap<Spot, usize> = BTreeMap::new();
    // As many rounds as there are spots: enough for the longest way, and an end to any ring.
    for _ in 0..spots.len() {
        for (from, to, _) in &flows {
            let behind = column.get(from).copied().unwrap_or(0) + 1;
            let now = column.entry(*to).or_insert(0);
            *now = (*now).max(behind.min(spots.len()));
        }
    }
    let between = spots.iter().filter(|s| matches!(s, Spot::Between(_)));
    let deepest = between.filter_map(|s| column.get(s)).max();
    let last = deepest.map_or(1, |c| c + 1);
    let place = |spot: &Spot| match spot {
        Spot::Ponds | Spot::Bought => 0,
        Spot::Between(_) => column.get(spot).copied().unwrap_or(1).max(1),
        Spot::End(_) | Spot::Left(_) | Spot::Back => last,
    };
    let nodes = spots.iter().enumerate().map(|(k, spot)| Node {
        column: place(spot),
        label: label(view, *spot),
        color: color(k, *spot),
    });
    let index = |spot: Spot| spots.iter().position(|s| *s == spot).unwrap_or(0);
    Diagram {
        nodes: nodes.collect(),
        flows: flows
            .iter()
            .map(|&(from, to, kg)| Flow {
                from: index(from),
                to: index(to),
                kg,
            })
            .collect(),
    }
}

/// Characters of a name that a diagram has room for; Chinese ones are twice as wide.
const ROOM: usize = 26;

/// A name cut to the room there is.
fn fitted(name: &str) -> String {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    if name.chars().map(wide).sum::<usize>() <= ROOM {
        return name.to_owned();
    }
    let mut room = ROOM - 1;
    let mut kept = String::new();
    for c in name.chars() {
        if wide(c) > room {
            break;
        }
        room -= wide(c);
        kept.push(c);
    }
    kept.trim_end().to_owned() + "…"
}

fn label(view: &View<'_>, spot: Spot) -> String {
    let lang = view.lang;
    let name = |node: usize| {
        let id = &view.run.book.nodes[node].id;
        fitted(&accounts::name(&view.run.base, id, lang))
    };
    match spot {
        Spot::Ponds => texts::NODE_PONDS.get(lang).to_owned(),
        Spot::Bought => texts::NODE_BOUGHT.get(lang).to_owned(),
        Spot::Between(node) | Spot::End(node) => name(node),
        Spot::Left(node) => texts::NODE_LEFT.with(lang, &[("pile", &name(node))]),
        Spot::Back => texts::NODE_BACK.get(lang).to_owned(),
    }
}

fn color(k: usize, spot: Spot) -> String {
    const HUES: [&str; 8] = [
        "carnallite",
        "lithium",
        "halite",
        "mixed",
        "bischofite",
        "sulfate",
        "x1",
        "x3",
    ];
    match spot {
        Spot::Ponds | Spot::Bought => "var(--muted)".to_owned(),
        Spot::Left(_) => theme::color("oldbrine"),
        Spot::Back => theme::color("gypsum"),
        _ => theme::color(HUES[k % HUES.len()]),
    }
}
