//! P10, P50 and P90 over weathers.
//!
//! A band is of one figure at one day: the values of all members, sorted, and between them linear quantiles (Hyndman and Fan's
//! type 7, [`saltern_numerics::quantile`]). Of fewer than eleven members P10 and P90 lie within the outermost two. Quantiles of
//! stages do not add up to that of their sum, which is therefore a stage of its own, [`ALL`].

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_base::frame::{Column, Frame, Values};
use saltern_base::production::Production;
use saltern_numerics::quantile::of_sorted;
use saltern_run::columns::{
    AHEAD, ALL, DATE, MEMBERS, MONTHS_AHEAD, MONTHS_AHEAD_BANDS, P10, P50, P90, PRODUCT,
    PRODUCT_BANDS, STAGE,
};
use saltern_simulate::{Inputs, Simulation};

/// kg in a t.
const T: f64 = 1e3;

/// Figures of one weather.
pub(super) struct Member {
    /// Months of feed ahead by day, and by stage in the order of the chain.
    ahead: Vec<(Date, String, f64)>,
    /// Made since the first day of each product by month end, t.
    made: Vec<(Date, Vec<f64>)>,
}

impl Member {
    pub(super) fn of(
        simulation: &Simulation,
        inputs: &Inputs<'_>,
        production: &Production,
    ) -> Self {
        Member {
            ahead: ahead(simulation),
            made: made(simulation, inputs, production),
        }
    }
}

/// Rows of the frame `months_ahead`, and their sum over the stages of each day.
fn ahead(simulation: &Simulation) -> Vec<(Date, String, f64)> {
    let frame = simulation.series.iter().find(|f| f.name == MONTHS_AHEAD);
    let column = |name: &str| {
        let columns = frame.map(|frame| &frame.columns);
        let found = columns.and_then(|columns| columns.iter().find(|c| c.name == name));
        found.map(|column| &column.values)
    };
    let (Some(Values::Date(dates)), Some(Values::Text(stages)), Some(Values::Number(months))) =
        (column(DATE.name), column(STAGE.name), column(AHEAD.name))
    else {
        return Vec::new();
    };
    let mut rows: Vec<(Date, String, f64)> = Vec::new();
    let mut sum = 0.0;
    for (k, date) in dates.iter().enumerate() {
        rows.push((*date, stages[k].clone(), months[k]));
        sum += months[k];
        if dates.get(k + 1) != Some(date) {
            rows.push((*date, ALL.into(), sum));
            sum = 0.0;
        }
    }
    rows
}

/// What was made of each product from the first day to the end of each month, t.
fn made(
    simulation: &Simulation,
    inputs: &Inputs<'_>,
    production: &Production,
) -> Vec<(Date, Vec<f64>)> {
    let book = &simulation.book;
    let product_of = |stream: &str| {
        production.products.iter().position(|product| {
            let mut ids = product.streams.iter();
            ids.any(|(plant, id)| {
                let plant = &inputs.base.plants[*plant].id;
                stream.strip_prefix(plant.as_str()) == Some(&format!(".{id}"))
            })
        })
    };
    let products: Vec<Option<usize>> = (book.streams.iter())
        .map(|stream| match stream.kind.is_energy() {
            true => None,
            false => product_of(&stream.id),
        })
        .collect();
    let mut by_month: BTreeMap<Date, Vec<f64>> = BTreeMap::new();
    for day in inputs
        .from
        .series(1.day())
        .take_while(|day| *day <= inputs.to)
    {
        let end = day.last_of_month().min(inputs.to);
        by_month
            .entry(end)
            .or_insert_with(|| vec![0.0; production.products.len()]);
    }
    for posting in &book.postings {
        let Some(product) = products[posting.stream] else {
            continue;
        };
        let day = inputs.from.saturating_add(i64::from(posting.day).days());
        let end = day.last_of_month().min(inputs.to);
        if let Some(made) = by_month.get_mut(&end) {
            made[product] += posting.mass_kg / T;
        }
    }
    let mut sums = vec![0.0; production.products.len()];
    let summed = by_month.into_iter().map(|(end, made)| {
        sums.iter_mut().zip(made).for_each(|(sum, t)| *sum += t);
        (end, sums.clone())
    });
    summed.collect()
}

/// The frames of the bands; that of products only where the base sells some.
pub(super) fn frames(members: &[Member], production: &Production) -> Vec<Frame> {
    // A weather in which nothing flows into the last ponds has no months ahead.
    let mut rows: Vec<(Date, String)> = Vec::new();
    let mut values: BTreeMap<(Date, String), Vec<f64>> = BTreeMap::new();
    for (date, stage, months) in members.iter().flat_map(|member| &member.ahead) {
        let key = (*date, stage.clone());
        let of = values.entry(key.clone()).or_default();
        if of.is_empty() {
            rows.push(key);
        }
        of.push(*months);
    }
    rows.sort_by_key(|(date, _)| *date); // stable: stages keep their order
    let of_stage = rows.iter().map(|row| values[row].clone());
    let mut frames = vec![frame(
        MONTHS_AHEAD_BANDS,
        "months",
        STAGE.name,
        &rows,
        of_stage.collect(),
    )];
    if production.products.is_empty() {
        return frames;
    }
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    let ends = members.first().map_or(&[][..], |first| &first.made);
    for (e, (end, _)) in ends.iter().enumerate() {
        for (p, product) in production.products.iter().enumerate() {
            rows.push((*end, product.name.clone()));
            values.push(members.iter().map(|member| member.made[e].1[p]).collect());
        }
    }
    frames.push(frame(PRODUCT_BANDS, "t", PRODUCT.name, &rows, values));
    frames
}

fn frame(
    name: &'static str,
    unit: &'static str,
    of: &'static str,
    rows: &[(Date, String)],
    mut values: Vec<Vec<f64>>,
) -> Frame {
    for of_row in &mut values {
        of_row.sort_by(f64::total_cmp);
    }
    let band = |name: &'static str, share: f64| {
        let quantiles = values.iter().map(|sorted| of_sorted(sorted, share));
        Column::numbers(name, unit, quantiles)
    };
    Frame::new(
        name,
        vec![
            Column::dates(DATE.name, rows.iter().map(|(date, _)| *date)),
            Column::texts(of, rows.iter().map(|(_, of)| of.clone())),
            band(P10, 0.1),
            band(P50, 0.5),
            band(P90, 0.9),
            Column::numbers(MEMBERS, "", values.iter().map(|v| v.len() as f64)),
        ],
    )
}
