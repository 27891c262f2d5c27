//! What lies in stock of each product, against the room that there is.

use jiff::civil::Date;

use crate::columns::ColumnName;
use crate::error::RunError;
use crate::plan::MARKET;
use crate::report::svg::{Linear, Svg, Time};
use crate::report::theme::Palette;
use crate::report::view::View;
use crate::report::{figure, texts, titled};
use crate::table;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 72.0;
const BOTTOM: f64 = 160.0;

/// Stock of a product over the weeks, t.
#[derive(Default)]
struct Stock {
    ends: Vec<Date>,
    held: Vec<f64>,
    most: f64,
}

pub(super) fn section(view: &View<'_>) -> Result<String, RunError> {
    let Some(frame) = view.run.frame(MARKET) else {
        return Ok(String::new());
    };
    let plain = |name| ColumnName { name, unit: "" };
    let names = table::texts(frame, plain("product"))?;
    let froms = table::dates(frame, plain("from"))?;
    let days = table::numbers(frame, plain("days"))?;
    let tonnes = |name: &str| table::numbers_of(frame, name, "t");
    let (store, far) = (tonnes("store")?, tonnes("far")?);
    let (store_max, far_max) = (tonnes("store_max")?, tonnes("far_max")?);
    let mut stocks: Vec<(&str, Stock)> = Vec::new();
    for (row, name) in names.iter().enumerate() {
        if stocks.last().is_none_or(|(last, _)| *last != name.as_str()) {
            stocks.push((name, Stock::default()));
        }
        let Some((_, stock)) = stocks.last_mut() else {
            continue;
        };
        let end = froms[row].saturating_add(jiff::Span::new().days(days[row] as i64 - 1));
        stock.ends.push(end);
        let with_far = |here: f64, far: f64| here + if far.is_nan() { 0.0 } else { far };
        stock.held.push(with_far(store[row], far[row]));
        stock.most = with_far(store_max[row], far_max[row]);
    }
    let charts: String = stocks
        .iter()
        .filter(|(_, stock)| stock.held.iter().any(|t| *t > 0.5))
        .map(|(name, stock)| chart(view, name, stock))
        .collect();
    if charts.is_empty() {
        return Ok(String::new());
    }
    let (title, note) = (texts::PRODUCTION_STOCKS, texts::PRODUCTION_STOCKS_NOTE);
    let body = format!("<div class=\"tables\">{charts}</div>");
    Ok(titled(view.lang, title, note.get(view.lang), &body))
}

fn chart(view: &View<'_>, name: &str, stock: &Stock) -> String {
    let limit = stock.most.is_finite().then_some(stock.most);
    // A limit far above what lies there would press the line to the ground.
    let highest = stock.held.iter().copied().fold(0.0, f64::max);
    let limit = limit.filter(|most| *most < 4.0 * highest);
    let reach = stock.held.iter().copied().chain(limit);
    let y = Linear::covering(reach, true, BOTTOM, 22.0);
    let meta = &view.run.meta;
    let x = Time::new(meta.from, meta.to, LEFT, WIDTH - 8.0);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, "t");
    let points: Vec<_> = stock
        .ends
        .iter()
        .zip(&stock.held)
        .map(|(end, t)| (x.at(*end), y.at(*t)))
        .collect();
    let palette = Palette::new([name].into_iter());
    svg.polyline(
        &points,
        &format!("stroke:{};stroke-width:1.5", palette.color(name)),
    );
    if let Some(most) = limit {
        let ends = [(LEFT, y.at(most)), (WIDTH - 8.0, y.at(most))];
        svg.polyline(&ends, "stroke:var(--ink);stroke-dasharray:4 3");
    }
    svg.date_axis(view.lang, &x, BOTTOM, 6);
    let title = texts::PRODUCTION_STOCK.with(view.lang, &[("product", name)]);
    figure("", &title, &svg.finish("wide", &title))
}
