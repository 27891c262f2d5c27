//! Results as tables with units in their headers, for whoever writes CSV, XLSX, JSON or a report.

use crate::carbon::{Footprint, Inventory, Solution};
use crate::indicators::{Definition, Figure};
use crate::reconcile::gross::Elimination;
use crate::reconcile::tables::Network;
use crate::reconcile::{Estimate, Problem, Reconciliation};
use crate::recovery::Stage;
use crate::sankey::Sankey;
use jiff::civil::Date;
use saltern_base::frame::{Column, Frame};
use saltern_units::Lang;

pub(crate) fn texts<T>(name: &str, rows: &[T], value: impl Fn(&T) -> String) -> Column {
    Column::texts(name, rows.iter().map(value))
}

pub(crate) fn numbers<T>(name: &str, unit: &str, rows: &[T], value: impl Fn(&T) -> f64) -> Column {
    Column::numbers(name, unit, rows.iter().map(value))
}

pub(crate) fn dates<T>(name: &str, rows: &[T], value: impl Fn(&T) -> Date) -> Column {
    Column::dates(name, rows.iter().map(value))
}

/// `reconciled`: one quantity a row: what was measured, what it is, its class, the test and what its meter can see. A
/// missing number is NaN. Units differ from row to row, so they stand in a column.
pub fn reconciled(network: &Network, result: &Reconciliation, lang: Lang) -> Frame {
    let rows: Vec<(&Estimate, &str)> = result
        .estimates
        .iter()
        .enumerate()
        .map(|(i, estimate)| (estimate, network.unit_of(i)))
        .collect();
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Frame::new(
        "reconciled",
        vec![
            texts("quantity", &rows, |(e, _)| e.id.clone()),
            texts("unit", &rows, |(_, unit)| unit.to_string()),
            numbers("measured", "", &rows, |(e, _)| {
                or_nan(e.measured.map(|m| m.0))
            }),
            numbers("measured_sigma", "", &rows, |(e, _)| {
                or_nan(e.measured.map(|m| m.1))
            }),
            numbers("value", "", &rows, |(e, _)| or_nan(e.value)),
            numbers("sigma", "", &rows, |(e, _)| or_nan(e.sigma)),
            texts("class", &rows, |(e, _)| e.class.text(lang).into()),
            numbers("z", "-", &rows, |(e, _)| or_nan(e.z)),
            numbers("visibility", "-", &rows, |(e, _)| or_nan(e.visibility)),
            numbers("smallest_bias", "", &rows, |(e, _)| or_nan(e.smallest_bias)),
            numbers("weight", "-", &rows, |(e, _)| or_nan(e.weight)),
        ],
    )
}

/// `removed`: measurements taken out as gross errors, in order.
pub fn removed(elimination: &Elimination, lang: Lang) -> Frame {
    let rows = &elimination.removed;
    let id = |i: usize| elimination.problem.quantities[i].id.clone();
    Frame::new(
        "removed",
        vec![
            texts("quantity", rows, |r| id(r.quantity)),
            numbers("z", "-", rows, |r| r.z),
            numbers("limit", "-", rows, |r| r.limit),
            numbers("objective_before", "-", rows, |r| r.objective_before),
            texts("indistinguishable_from", rows, |r| {
                let ids: Vec<String> = r.indistinguishable.iter().map(|&i| id(i)).collect();
                lang.list(&ids)
            }),
        ],
    )
}

/// `tests`: the test of all measurements together, and how the search ended; one row.
pub fn tests(result: &Reconciliation, lang: Lang) -> Frame {
    let rows = [&result.global];
    Frame::new(
        "tests",
        vec![
            numbers("objective", "-", &rows, |t| t.objective),
            numbers("freedom", "-", &rows, |t| t.freedom as f64),
            numbers("limit", "-", &rows, |t| t.limit),
            numbers("probability", "-", &rows, |t| t.probability),
            texts("passes", &rows, |t| yes_or_no(t.passes(), lang).into()),
            numbers("z_limit", "-", &rows, |_| result.z_limit),
            numbers("closure", "-", &rows, |_| result.closure),
            numbers("iterations", "-", &rows, |_| f64::from(result.iterations)),
        ],
    )
}

/// `leaks`: the likelihood ratio of a leak at each balance, the most likely first. `found` says whether the ratio is beyond
/// the limit of the measurement test, squared: for one suspect both are χ² of one degree of freedom.
pub fn leaks(problem: &Problem, result: &Reconciliation, lang: Lang) -> Frame {
    let mut rows = result.leaks();
    rows.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    let limit = result.z_limit.powi(2);
    Frame::new(
        "leaks",
        vec![
            texts("balance", &rows, |l| {
                problem.constraints[l.constraint].id.clone()
            }),
            numbers("in_less_out", "", &rows, |l| l.estimate),
            numbers("sigma", "", &rows, |l| l.sigma),
            numbers("ratio", "-", &rows, |l| l.ratio),
            numbers("limit", "-", &rows, |_| limit),
            texts("found", &rows, |l| yes_or_no(l.ratio > limit, lang).into()),
        ],
    )
}

fn yes_or_no(yes: bool, lang: Lang) -> &'static str {
    match yes {
        true => lang.pick("yes", "是"),
        false => lang.pick("no", "否"),
    }
}

/// `recovery`: one stage a row for each element.
pub fn recovery(elements: &[(String, Vec<Stage>)], lang: Lang) -> Frame {
    let rows: Vec<(&str, &Stage)> = elements
        .iter()
        .flat_map(|(element, stages)| stages.iter().map(move |s| (element.as_str(), s)))
        .collect();
    const PERCENT: f64 = 100.0;
    let percent = |share: Option<f64>| share.map_or(f64::NAN, |s| PERCENT * s);
    Frame::new(
        "recovery",
        vec![
            texts("element", &rows, |(element, _)| element.to_string()),
            texts("stage", &rows, |(_, s)| lang.list(&s.nodes)),
            numbers("input", "kg", &rows, |(_, s)| s.input_kg),
            numbers("onward", "kg", &rows, |(_, s)| s.onward_kg),
            numbers("elsewhere", "kg", &rows, |(_, s)| {
                s.elsewhere_kg.iter().map(|(_, kg)| kg).sum()
            }),
            numbers("stock_change", "kg", &rows, |(_, s)| s.stock_change_kg),
            numbers("recovery", "%", &rows, |(_, s)| percent(s.recovery())),
            numbers("recovery_of_throughput", "%", &rows, |(_, s)| {
                percent(s.recovery_of_throughput())
            }),
        ],
    )
}

/// `sankey`: one link a row.
pub fn sankey_links(diagram: &Sankey) -> Frame {
    let rows = &diagram.links;
    let node = |i: usize| diagram.nodes[i].id.clone();
    Frame::new(
        "sankey",
        vec![
            texts("from", rows, |l| node(l.from)),
            texts("to", rows, |l| node(l.to)),
            texts("element", rows, |_| {
                diagram.element.clone().unwrap_or_default()
            }),
            numbers("amount", diagram.unit, rows, |l| l.amount),
            texts("streams", rows, |l| l.streams.join(" ")),
        ],
    )
}

/// `indicators`: one figure a row; one without a value says why.
pub fn indicators(definitions: &[Definition], figures: &[Figure], lang: Lang) -> Frame {
    let of = |f: &Figure| &definitions[f.definition];
    let threshold = |f: &Figure, at_least: bool| of(f).asked(at_least).unwrap_or(f64::NAN);
    Frame::new(
        "indicators",
        vec![
            texts("id", figures, |f| of(f).id.clone()),
            texts("name", figures, |f| of(f).name.text(lang).into()),
            texts("member", figures, |f| f.member.clone().unwrap_or_default()),
            numbers("value", "", figures, |f| {
                *f.value.as_ref().unwrap_or(&f64::NAN)
            }),
            texts("unit", figures, |f| of(f).unit.clone()),
            numbers("at_least", "", figures, |f| threshold(f, true)),
            numbers("at_most", "", figures, |f| threshold(f, false)),
            texts("meets", figures, |f| match f.meets {
                Some(meets) => yes_or_no(meets, lang).into(),
                None => String::new(),
            }),
            texts("reason", figures, |f| {
                f.value
                    .as_ref()
                    .err()
                    .map(|e| e.text(lang))
                    .unwrap_or_default()
            }),
            texts("edition", figures, |f| of(f).edition.text(lang).into()),
            texts("source", figures, |f| of(f).source.text(lang).into()),
            texts("threshold_source", figures, |f| {
                let threshold = of(f).threshold.as_ref();
                threshold.map_or("", |t| t.source.text(lang)).into()
            }),
        ],
    )
}

/// `footprint`: one use a row, with its factor.
pub fn footprint(footprint: &Footprint, lang: Lang) -> Frame {
    let rows = &footprint.lines;
    let factor = |i: usize| &footprint.factors[i];
    Frame::new(
        "footprint",
        vec![
            texts("by", rows, |l| l.by.clone()),
            texts("use", rows, |l| l.what.clone()),
            texts("group", rows, |l| l.group.clone()),
            numbers("co2e", "kg", rows, |l| l.kg),
            texts("factor", rows, |l| factor(l.factor).terms().id.clone()),
            numbers("factor_value", "", rows, |l| factor(l.factor).terms().value),
            texts("factor_unit", rows, |l| {
                factor(l.factor).terms().unit.clone()
            }),
            texts("kind", rows, |l| factor(l.factor).kind().into()),
            texts("scopes", rows, |l| factor(l.factor).terms().scopes.text()),
            texts("region", rows, |l| {
                factor(l.factor).terms().region.text(lang).into()
            }),
            numbers("year", "", rows, |l| {
                factor(l.factor).terms().year.map_or(f64::NAN, f64::from)
            }),
            texts("source", rows, |l| {
                factor(l.factor).terms().source.text(lang).into()
            }),
        ],
    )
}

/// `inventory`: what each flow comes to, and how much of it each activity takes.
pub fn inventory(inventory: &Inventory, solution: &Solution, lang: Lang) -> Frame {
    let n = inventory.activities.len();
    let rows: Vec<usize> = (0..inventory.flows.len()).collect();
    let mut columns = vec![
        texts("flow", &rows, |&i| inventory.flows[i].id.clone()),
        texts("name", &rows, |&i| inventory.flows[i].name(lang).into()),
        texts("unit", &rows, |&i| inventory.flows[i].unit.clone()),
        numbers("total", "", &rows, |&i| solution.totals[i]),
    ];
    for (j, activity) in inventory.activities.iter().enumerate() {
        columns.push(numbers(&activity.id, "", &rows, |&i| {
            solution.contributions[i * n + j]
        }));
    }
    Frame::new("inventory", columns)
}
