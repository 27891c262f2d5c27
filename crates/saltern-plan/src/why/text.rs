//! Causes and changes in words.

use super::cause::{Cause, Change, Measure};
use super::what::What;
use crate::message::catalogue;
use saltern_base::energy::{UnitRef, Window};
use saltern_base::model::Label;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::quantity::significant;
use std::ops::Range;

/// Stretches of time and places that are told before the rest is counted.
const TOLD: usize = 3;

impl What {
    /// Ends of the codes of its sentences.
    fn codes(self, measure: Measure, by_nature: bool) -> (&'static str, &'static str) {
        match self {
            What::Demand(_) => ("why.demand", "change.demand"),
            What::Surplus(_) => ("why.surplus", "change.surplus"),
            What::Balance(_) => ("why.balance", "change.demand"),
            What::Arriving(_) => ("why.arriving", "change.arriving"),
            What::Deadline(_) => ("why.deadline", "change.deadline"),
            What::OrderLeast(_) => ("why.order_least", "change.order_least"),
            What::OrderMost(_) => ("why.order_most", "change.order_most"),
            What::Most(UnitRef::Generator(_)) if by_nature => ("why.available", "change.capacity"),
            What::Most(UnitRef::Generator(_) | UnitRef::Converter(_)) => {
                ("why.capacity", "change.capacity")
            }
            What::Most(UnitRef::Store(_)) => ("why.discharge", "change.discharge"),
            What::Most(UnitRef::Charge(_)) => ("why.charge", "change.charge"),
            What::Most(UnitRef::Line(_)) => ("why.line", "change.line"),
            What::Most(UnitRef::Grid(_)) => ("why.import", "change.import"),
            What::Most(UnitRef::Hall(_)) => ("why.hall", "change.hall"),
            What::Level(_) => ("why.level", "change.level"),
            What::EndLevel(_) => ("why.end_level", "change.end_level"),
            What::Stored(_) => ("why.stored", "change.level"),
            What::Export(_) => ("why.export", "change.export"),
            What::Shortage(_) => ("why.shortage", "change.shortage"),
            What::Flexible(_) => ("why.flexible", "change.flexible"),
            What::Quota(_) if measure == Measure::Carbon => {
                ("why.quota_carbon", "change.quota_carbon")
            }
            What::Quota(_) => ("why.quota_energy", "change.quota_energy"),
            What::Reserve(_) => ("why.reserve", "change.reserve"),
            What::Ramp(_) => ("why.ramp", "change.ramp"),
            What::LeastLoad(_) => ("why.least_load", "change.capacity"),
            What::Stay(_) => ("why.stay", "change.capacity"),
        }
    }
}

impl Message for Cause {
    fn code(&self) -> &'static str {
        // A profile beside the unit's own row says that nature sets the limit.
        self.what.codes(self.measure, self.places.len() > 1).0
    }

    fn fields(&self, lang: Lang) -> Fields {
        let (least, most) = self.value;
        let value = if (most - least).abs() < 1e-9 * most.abs().max(1.0) {
            amount(most, self.measure)
        } else {
            let to = lang.pick(" to ", "～");
            format!("{}{to}{}", number(least), amount(most, self.measure))
        };
        let reason = match (self.reason.as_str(), lang) {
            ("", _) => String::new(),
            (reason, Lang::En) => format!(": “{reason}”"),
            (reason, Lang::Zh) => format!("：“{reason}”"),
        };
        vec![
            ("name", named(&self.name, &self.id, lang)),
            ("value", value),
            ("times", times(&self.window, &self.steps, lang)),
            ("reason", reason),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl Message for Change {
    fn code(&self) -> &'static str {
        self.what.codes(self.measure, false).1
    }

    fn fields(&self, lang: Lang) -> Fields {
        let (now, then) = self.value;
        let summed = match self.measure {
            Measure::Power => Measure::Energy,
            other => other,
        };
        let steps = std::slice::from_ref(&self.steps);
        vec![
            ("name", named(&self.name, &self.id, lang)),
            ("now", amount(now, self.measure)),
            ("then", amount(then, self.measure)),
            ("by", amount((then - now).abs(), self.measure)),
            ("sum", amount(self.sum, summed)),
            ("times", times(&self.window, steps, lang)),
            ("places", places(&self.places, lang)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Name with the id that the tables know it by.
pub(super) fn named(name: &Label, id: &str, lang: Lang) -> String {
    let name = lang.pick(&name.en, &name.zh);
    if name == id || name.is_empty() {
        return id.into();
    }
    lang.pick(format!("{name} ({id})"), format!("{name}（{id}）"))
}

fn number(value: f64) -> String {
    significant(if value.abs() < 1e-9 { 0.0 } else { value }, 5)
}

fn amount(value: f64, measure: Measure) -> String {
    let unit = match measure {
        Measure::Power => "MW",
        Measure::Energy => "MWh",
        Measure::Carbon => "t",
        Measure::None => return number(value),
    };
    format!("{} {unit}", number(value))
}

/// Stretches of time: `2027-01-03T18:00 to 20:00`, the first few in full.
fn times(window: &Window, steps: &[Range<usize>], lang: Lang) -> String {
    let one = |range: &Range<usize>| {
        let (from, to) = (window.moment(range.start), window.moment(range.end));
        let same_day = from.date() == to.date();
        let to = to.strftime(if same_day { "%H:%M" } else { "%Y-%m-%dT%H:%M" });
        let from = from.strftime("%Y-%m-%dT%H:%M");
        lang.pick(format!("{from} to {to}"), format!("{from} 至 {to}"))
    };
    first_few(steps.iter().map(one).collect(), lang)
}

pub(crate) fn places(places: &[Place], lang: Lang) -> String {
    let texts: Vec<String> = places.iter().map(|place| place.text(lang)).collect();
    let shown = texts.len().min(2 * TOLD);
    let more = texts.len() - shown;
    let joined = texts[..shown].join(lang.pick("; ", "；"));
    if more == 0 {
        return joined;
    }
    lang.pick(
        format!("{joined} and {more} more"),
        format!("{joined}等 {} 处", texts.len()),
    )
}

pub(crate) fn first_few(texts: Vec<String>, lang: Lang) -> String {
    let shown = texts.len().min(TOLD);
    let joined = lang.list(&texts[..shown]);
    let more = texts.len() - shown;
    if more == 0 {
        return joined;
    }
    lang.pick(
        format!("{joined} and {more} more times"),
        format!("{joined}等 {} 段时间", texts.len()),
    )
}
