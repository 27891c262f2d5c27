//! What is harvested and what flows by decision, over the year.

use jiff::civil::Date;

use crate::plan::{BarAnswer, ProductionAnswer};
use crate::report::svg::{Anchor, Svg, Time};
use crate::report::theme::Palette;
use crate::report::view::View;
use crate::report::{self, numbers, texts};

const WIDTH: f64 = 1136.0;
const LEFT: f64 = 150.0;
const ROW: f64 = 24.0;

/// A bar for each run of weeks in which something was harvested or flowed by decision.
pub(super) fn figure(view: &View<'_>, production: &ProductionAnswer) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for bar in &production.bars {
        if !ids.contains(&bar.id.as_str()) {
            ids.push(&bar.id);
        }
    }
    if ids.is_empty() {
        return String::new();
    }
    let bottom = 14.0 + ROW * ids.len() as f64;
    let mut svg = Svg::new(WIDTH, bottom + 30.0);
    let meta = &view.run.meta;
    let x = Time::new(meta.from, meta.to, LEFT, WIDTH - 8.0);
    let palette = Palette::new(ids.iter().copied());
    for (row, id) in ids.iter().enumerate() {
        let y = 14.0 + ROW * row as f64;
        svg.text(LEFT - 8.0, y + 14.0, Anchor::End, "lb", id);
        let style = format!("fill:{}", palette.color(id));
        for bar in production.bars.iter().filter(|bar| bar.id == *id) {
            if let Some((from, to)) = days(bar) {
                let (left, right) = (x.at(from), x.at(to) + x.day_width());
                let hint = format!(
                    "{id}: {} – {}, {} {}",
                    numbers::day(view.lang, from),
                    numbers::day(view.lang, to),
                    numbers::significant(bar.amount, 3),
                    bar.unit
                );
                svg.rect(left, y + 3.0, right - left, ROW - 8.0, &style, &hint);
            }
        }
    }
    svg.date_axis(view.lang, &x, bottom, 12);
    let title = texts::PRODUCTION_GANTT.get(view.lang);
    report::figure("scroll", title, &svg.finish("wide", title))
}

fn days(bar: &BarAnswer) -> Option<(Date, Date)> {
    Some((bar.from.parse().ok()?, bar.to.parse().ok()?))
}
