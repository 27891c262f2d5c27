//! Design specs and measures as files write them.

use saltern_base::plant::{Section, Written};
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

use super::Reader;
use crate::flowsheet::{Flowsheet, NamedMeasure, Spec};
use crate::matter::Matter;
use crate::measure::{Measure, Of};
use crate::target::Target;

/// Entries of a design spec.
const SPEC: [&str; 4] = ["measure", "target", "vary", "between"];
impl Reader<'_, '_> {
    pub(super) fn spec(&mut self, section: &Section, flowsheet: &Flowsheet) -> Option<Spec> {
        self.refuse_unknown(section, &SPEC);
        let text = |name: &str| match section.entry(name).map(|e| (&e.value, &e.place)) {
            Some((Written::Text(text), place)) => Some((text.as_str(), place)),
            _ => None,
        };
        let (Some(measure), Some(target), Some(vary)) =
            (text("measure"), text("target"), text("vary"))
        else {
            self.missing(section, "measure, target, vary and between");
            return None;
        };
        let measured = self.measured(measure.0, measure.1, flowsheet)?;
        let target = self.si(target.0, dimension_of(&measured), target.1)?;
        let Some(varied) = Target::named(vary.0, flowsheet, self.matter) else {
            self.entry(
                vary.1.clone(),
                vary.0,
                "UNIT.SETTING, UNIT.SETTING.NAME, FEED, FEED.temperature, FEED.MINERAL",
            );
            return None;
        };
        let dimension = varied.dimension();
        let Some((Written::List(between), place)) =
            section.entry("between").map(|e| (&e.value, &e.place))
        else {
            self.missing(section, "between = [\"…\", \"…\"]");
            return None;
        };
        let [lowest, highest] = between.as_slice() else {
            self.entry(place.clone(), &between.join(", "), "two values");
            return None;
        };
        Some(Spec {
            id: section.id.clone(),
            measure: measured,
            target,
            varies: vary.0.to_owned(),
            vary: varied,
            lowest: self.si(lowest, dimension, place)?,
            highest: self.si(highest, dimension, place)?,
        })
    }

    /// A measure that the plant declares: `[measures.recovery]`.
    pub(super) fn measure(
        &mut self,
        section: &Section,
        flowsheet: &Flowsheet,
    ) -> Option<NamedMeasure> {
        self.refuse_unknown(section, &["measure", "name", "name_zh"]);
        let Some(entry) = section.entry("measure") else {
            self.missing(section, "measure = \"…\"");
            return None;
        };
        let text = super::written(section, "measure").unwrap_or_default();
        let measure = self.measured(&text, &entry.place, flowsheet)?;
        Some(NamedMeasure {
            id: section.id.clone(),
            name: super::named(section),
            dimension: dimension_of(&measure),
            measure,
        })
    }

    fn measured(&mut self, text: &str, place: &Place, flowsheet: &Flowsheet) -> Option<Measure> {
        let measure = measure_of(text, flowsheet, self.matter);
        if measure.is_none() {
            self.entry(
                place.clone(),
                text,
                "mass(STREAM), mass(STREAM, WHAT), temperature(STREAM), saturation(STREAM, MINERAL), a / b, a + b",
            );
        }
        measure
    }
}

/// A measure as written: `mass(cake, K) / mass(ore, K)`.
pub fn measure_of(text: &str, flowsheet: &Flowsheet, matter: &Matter<'_>) -> Option<Measure> {
    if let [a, b] = outside_brackets(text, '/')[..] {
        let a = measure_of(a, flowsheet, matter)?;
        let b = measure_of(b, flowsheet, matter)?;
        return Some(Measure::Ratio(Box::new(a), Box::new(b)));
    }
    let terms = outside_brackets(text, '+');
    if terms.len() > 1 {
        let terms = terms.iter().map(|term| measure_of(term, flowsheet, matter));
        return terms.collect::<Option<_>>().map(Measure::Sum);
    }
    let (function, arguments) = text.trim().strip_suffix(')')?.split_once('(')?;
    let mut arguments = arguments.splitn(2, ',').map(str::trim);
    let stream = flowsheet.stream(arguments.next()?)?;
    match (function.trim(), arguments.next()) {
        ("mass", None) => Some(Measure::Mass(stream, Of::All)),
        ("mass", Some(what)) => Some(Measure::Mass(stream, Of::named(what, matter)?)),
        ("temperature", None) => Some(Measure::Temperature(stream)),
        ("saturation", Some(mineral)) => {
            let mineral = matter.database.mineral(mineral)?;
            Some(Measure::SaturationIndex(stream, mineral))
        }
        _ => None,
    }
}

/// Parts of a text between signs that stand outside brackets: ids of nested plants hold `/`, ions `+`.
fn outside_brackets(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut begin, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if c == sign && depth == 0 => {
                parts.push(&text[begin..at]);
                begin = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// What a measure measures.
pub fn dimension_of(measure: &Measure) -> Dimension {
    match measure {
        Measure::Mass(..) => Dimension::MassFlow,
        Measure::Temperature(_) => Dimension::Temperature,
        Measure::SaturationIndex(..) | Measure::Ratio(..) => Dimension::Fraction,
        Measure::Sum(terms) => terms.first().map_or(Dimension::Fraction, dimension_of),
    }
}
