//! A plan of expansion: what stands in each stage, what that costs and emits, how far weeks and all hours agree, what binds.

use super::headline::{self, Tile};
use super::plan::color;
use super::svg::{Anchor, Linear, Svg, escape};
use super::texts::Text;
use super::view::View;
use super::{figure, legend, numbers, texts, titled};
use crate::expansion::{BuildAnswer, ExpansionAnswer, StageAnswer};
use crate::plan::PlanAnswer;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 246.0;

/// Head and sections of a plan of expansion.
pub(super) fn sections(view: &View<'_>, plan: &PlanAnswer, answer: &ExpansionAnswer) -> String {
    let head = format!(
        "{}{}{}",
        headline::head(view, texts::EXPANSION_SUBTITLE),
        headline::trust_of_plan(view, plan),
        headline::tiles_of(&tiles(view, plan, answer))
    );
    if answer.stages.is_empty() {
        return head;
    }
    [
        head,
        standing(view, answer),
        stages(view, plan, answer),
        binds(view, plan, answer),
        weeks(view, answer),
    ]
    .concat()
}

fn millions(money: f64) -> String {
    numbers::fixed(money / 1e6, 1)
}

fn tiles(view: &View<'_>, plan: &PlanAnswer, answer: &ExpansionAnswer) -> Vec<Tile> {
    let lang = view.lang;
    let (Some(objective), Some(last)) = (plan.objective, answer.stages.last()) else {
        return Vec::new();
    };
    let unit = lang.pick(
        format!("million {}", plan.currency),
        format!("百万 {}", plan.currency),
    );
    let tile = |what: Text, value: String, more: String| Tile {
        what: what.get(lang).to_owned(),
        value,
        more,
    };
    let invested: f64 = answer.stages.iter().map(|stage| stage.invested).sum();
    let discount = numbers::percent(answer.discount);
    let year = last.year.to_string();
    let carbon = last.carbon_checked_t.unwrap_or(last.carbon_t);
    let gap = answer.worst_gap();
    vec![
        tile(
            texts::EXPANSION_COST,
            format!("{} {unit}", millions(objective)),
            texts::EXPANSION_COST_MORE.with(lang, &[("discount", &discount)]),
        ),
        tile(
            texts::EXPANSION_INVESTED,
            format!("{} {unit}", millions(invested)),
            String::new(),
        ),
        tile(
            texts::PLAN_CARBON,
            format!("{} t", numbers::fixed(carbon, 0)),
            texts::EXPANSION_CARBON_MORE.with(lang, &[("year", &year)]),
        ),
        tile(
            texts::EXPANSION_GAP,
            gap.map_or_else(|| numbers::NONE.to_owned(), numbers::percent),
            texts::EXPANSION_GAP_MORE.get(lang).to_owned(),
        ),
    ]
}

/// What stands by stage: bars of power and of energy, and a table of what is built.
fn standing(view: &View<'_>, answer: &ExpansionAnswer) -> String {
    let lang = view.lang;
    let of = |amounts: &str| -> Vec<&BuildAnswer> {
        let own = answer.units.iter().filter(|unit| unit.amounts == amounts);
        own.filter(|unit| unit.standing.iter().any(|x| *x > 1e-6))
            .collect()
    };
    let charts = [
        ("MW", texts::EXPANSION_POWER),
        ("MWh", texts::EXPANSION_ENERGY),
    ]
    .map(|(amounts, title)| {
        let units = of(amounts);
        if units.is_empty() {
            return String::new();
        }
        let entries: Vec<(String, String)> = units
            .iter()
            .enumerate()
            .map(|(i, unit)| {
                (
                    view.label(&unit.name, &unit.unit).to_owned(),
                    shade(unit, i),
                )
            })
            .collect();
        let body = legend(&entries) + &chart(view, answer, &units, amounts);
        figure("half", title.get(lang), &body)
    });
    let years: String = answer
        .stages
        .iter()
        .map(|stage| format!("<th>{}</th>", stage.year))
        .collect();
    let rows: String = answer
        .units
        .iter()
        .map(|unit| {
            let cells: String = unit
                .built
                .iter()
                .zip(&unit.standing)
                .map(|(built, standing)| {
                    format!(
                        "<td>{} <small>+{}</small></td>",
                        numbers::significant(*standing, 4),
                        numbers::significant(*built, 4)
                    )
                })
                .collect();
            let name = escape(view.label(&unit.name, &unit.unit));
            format!(
                "<tr><th class=\"l\">{name} <small>{}</small></th>{cells}</tr>",
                unit.amounts
            )
        })
        .collect();
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{years}</tr></thead><tbody>{rows}</tbody></table></div></figure></div>",
        texts::EXPANSION_STANDS.get(lang)
    );
    let body = format!("<div class=\"grid\">{}</div>{table}", charts.concat());
    titled(
        lang,
        texts::EXPANSION,
        texts::EXPANSION_NOTE.get(lang),
        &body,
    )
}

/// Colour of a unit by what it is; further ones of a kind differ in shade.
fn shade(unit: &BuildAnswer, place: usize) -> String {
    let own = color(unit.kind);
    let light = 100 - 14 * (place % 4);
    format!("color-mix(in srgb,{own} {light}%,white)")
}

fn chart(
    view: &View<'_>,
    answer: &ExpansionAnswer,
    units: &[&BuildAnswer],
    amounts: &str,
) -> String {
    let stages = &answer.stages;
    let sums = (0..stages.len()).map(|s| units.iter().map(|u| u.standing[s]).sum::<f64>());
    let y = Linear::covering(sums, true, BOTTOM, TOP);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.value_axis(&y, LEFT, WIDTH - 8.0, amounts);
    let slot = (WIDTH - 8.0 - LEFT) / stages.len().max(1) as f64;
    let wide = (0.6 * slot).min(90.0);
    for (s, stage) in stages.iter().enumerate() {
        let x = LEFT + slot * (s as f64 + 0.5);
        let mut from = 0.0;
        for (i, unit) in units.iter().enumerate() {
            let to = from + unit.standing[s];
            let hint = format!(
                "{} {}: {} {amounts}, +{}",
                view.label(&unit.name, &unit.unit),
                stage.year,
                numbers::significant(unit.standing[s], 4),
                numbers::significant(unit.built[s], 4)
            );
            let style = format!("fill:{}", shade(unit, i));
            svg.rect(
                x - wide / 2.0,
                y.at(to),
                wide,
                y.at(from) - y.at(to),
                &style,
                &hint,
            );
            from = to;
        }
        let year = stage.year.to_string();
        svg.text(x, BOTTOM + 18.0, Anchor::Middle, "lb", &year);
    }
    svg.line((LEFT, BOTTOM), (WIDTH - 8.0, BOTTOM), "ax");
    svg.finish("wide", texts::EXPANSION.get(view.lang))
}

/// Costs and carbon by stage, by the weeks and by all hours.
fn stages(view: &View<'_>, plan: &PlanAnswer, answer: &ExpansionAnswer) -> String {
    let lang = view.lang;
    let maybe = |value: Option<String>| value.unwrap_or_else(|| numbers::NONE.to_owned());
    let kept = |stage: &StageAnswer| {
        let cap = stage.carbon_cap_t.map(|t| numbers::fixed(t, 0));
        let told = match stage.cap_kept {
            Some(false) => format!(" ({})", texts::EXPANSION_CAP_BROKEN.get(lang)),
            _ => String::new(),
        };
        maybe(cap) + &told
    };
    type Cell<'a> = &'a dyn Fn(&StageAnswer) -> String;
    let rows: [(Text, Cell<'_>); 11] = [
        (texts::EXPANSION_DEMAND, &|s| numbers::percent(s.demand)),
        (texts::EXPANSION_INVESTED, &|s| millions(s.invested)),
        (texts::EXPANSION_BUDGET, &|s| maybe(s.budget.map(millions))),
        (texts::EXPANSION_CAPITAL, &|s| millions(s.capital)),
        (texts::EXPANSION_RUNNING, &|s| millions(s.running)),
        (texts::EXPANSION_CHECKED, &|s| match s.running_checked {
            Some(checked) => millions(checked),
            None => texts::EXPANSION_UNSERVED.get(lang).to_owned(),
        }),
        (texts::EXPANSION_SHORTAGE, &|s| {
            numbers::fixed(s.shortage_mwh, 0)
        }),
        (texts::EXPANSION_GAP, &|s| {
            maybe(s.gap().map(numbers::percent))
        }),
        (texts::EXPANSION_CARBON, &|s| numbers::fixed(s.carbon_t, 0)),
        (texts::EXPANSION_CARBON_CHECKED, &|s| {
            maybe(s.carbon_checked_t.map(|t| numbers::fixed(t, 0)))
        }),
        (texts::EXPANSION_CAP, &kept),
    ];
    let years: String = answer
        .stages
        .iter()
        .map(|stage| {
            let until = stage.year + stage.years as i64 - 1;
            format!("<th>{} <small>– {until}</small></th>", stage.year)
        })
        .collect();
    let body: String = rows
        .iter()
        .map(|(text, cell)| {
            let cells = answer
                .stages
                .iter()
                .map(|s| format!("<td>{}</td>", escape(&cell(s))));
            let cells: String = cells.collect();
            format!(
                "<tr><th class=\"l\">{}</th>{cells}</tr>",
                escape(text.get(lang))
            )
        })
        .collect();
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\"></th>{years}</tr></thead><tbody>{body}</tbody></table></div></figure></div>"
    );
    let note = texts::EXPANSION_STAGES_NOTE.with(lang, &[("currency", &plan.currency)]);
    titled(lang, texts::EXPANSION_STAGES, &note, &table)
}

/// Budgets, caps and limits of building that stand in the way, and what one more is worth.
fn binds(view: &View<'_>, plan: &PlanAnswer, answer: &ExpansionAnswer) -> String {
    let lang = view.lang;
    let currency = plan.currency.as_str();
    let mut rows: Vec<(String, String)> = Vec::new();
    for (s, stage) in answer.stages.iter().enumerate() {
        let year = stage.year.to_string();
        let fields = [("year", year.as_str())];
        if let Some(worth) = stage.budget_worth.filter(|worth| *worth > 1e-6) {
            let value = format!("{} {currency}/{currency}", numbers::significant(worth, 3));
            rows.push((texts::EXPANSION_BINDS_BUDGET.with(lang, &fields), value));
        }
        if let Some(worth) = stage.carbon_worth.filter(|worth| *worth > 1e-6) {
            let value = format!("{} {currency}/t", numbers::significant(worth, 4));
            rows.push((texts::EXPANSION_BINDS_CARBON.with(lang, &fields), value));
        }
        for unit in &answer.units {
            let worth = unit.worth[s];
            if worth > 1e-3 {
                let name = view.label(&unit.name, &unit.unit);
                let fields = [("year", year.as_str()), ("name", name)];
                let worth = numbers::significant(worth, 4);
                let value = format!("{worth} {currency}/{}", unit.amounts);
                rows.push((texts::EXPANSION_BINDS_MOST.with(lang, &fields), value));
            }
        }
    }
    if rows.is_empty() {
        return titled(
            lang,
            texts::PLAN_BINDS,
            texts::EXPANSION_NOTHING_BINDS.get(lang),
            "",
        );
    }
    let rows: String = rows
        .iter()
        .map(|(name, value)| {
            format!(
                "<tr><th class=\"l\">{}</th><td>{}</td></tr>",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><tbody>{rows}</tbody></table></div></figure></div>"
    );
    titled(
        lang,
        texts::PLAN_BINDS,
        texts::EXPANSION_BINDS_NOTE.get(lang),
        &table,
    )
}

/// Weeks that stand for the year.
fn weeks(view: &View<'_>, answer: &ExpansionAnswer) -> String {
    let lang = view.lang;
    let rows: String = answer
        .weeks
        .iter()
        .map(|week| {
            let extreme = match week.extreme {
                true => format!(" <small>{}</small>", texts::EXPANSION_EXTREME.get(lang)),
                false => String::new(),
            };
            format!(
                "<tr><th class=\"l\">{}{extreme}</th><td>{}</td></tr>",
                escape(&week.from.replace('T', " ")),
                numbers::fixed(week.weight, 2)
            )
        })
        .collect();
    let table = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th><th>{}</th></tr></thead><tbody>{rows}</tbody></table></div></figure></div>",
        texts::EXPANSION_WEEK.get(lang),
        texts::EXPANSION_WEIGHT.get(lang)
    );
    titled(
        lang,
        texts::EXPANSION_WEEKS,
        texts::EXPANSION_WEEKS_NOTE.get(lang),
        &table,
    )
}
