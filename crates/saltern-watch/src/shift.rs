//! What the meters say of a shift: sums and levels that follow from samples alone, without a model.
//!
//! A value holds until the next one comes, as in calculated tags; what may not be used holds for nothing. Sums are over the time in
//! which there was a value: nothing is made up for a gap, and [`Figure`] `good` says how long there was one.

use std::ops::Range;

use saltern_base::tags::{Quantity, Tag};
use saltern_samples::Series;

/// Cubic metres, joules in a kilowatt-hour, kilograms in a tonne: what sums are told in.
const KWH_J: f64 = 3.6e6;
const TONNE_KG: f64 = 1e3;

/// A figure of a tag over a shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// `volume`, `energy`, `mass`, `level_at_begin`, `level_at_end` or `good`.
    pub quantity: &'static str,
    /// In its unit.
    pub value: f64,
    /// Unit.
    pub unit: &'static str,
}

/// Figures of a tag over a span, µs since 1970; none for what no shift is asked about. The series is in order and may begin before
/// the span: the last value before it holds into it.
pub fn figures(tag: &Tag, series: &Series, span: Range<i64>) -> Vec<Figure> {
    let figure = |quantity, value, unit| Figure {
        quantity,
        value,
        unit,
    };
    // A set-point is a wish, not a flow.
    if tag.writing.is_some() {
        return Vec::new();
    }
    let held = Held::of(tag, series, &span);
    let own = match tag.quantity {
        Quantity::Flow => vec![figure("volume", held.integral_si_s, "m3")],
        Quantity::Power => vec![figure("energy", held.integral_si_s / KWH_J, "kWh")],
        Quantity::MassFlow => vec![figure("mass", held.integral_si_s / TONNE_KG, "t")],
        Quantity::Level => {
            let begin = held.at_begin_si.map(|m| figure("level_at_begin", m, "m"));
            let end = held.at_end_si.map(|m| figure("level_at_end", m, "m"));
            begin.into_iter().chain(end).collect()
        }
        _ => return Vec::new(),
    };
    let good = figure("good", 100.0 * held.good_share, "%");
    own.into_iter().chain([good]).collect()
}

/// A value over a span.
struct Held {
    /// ∫ value dt, unit of the value in SI times seconds.
    integral_si_s: f64,
    /// Share of the span in which there was a value.
    good_share: f64,
    at_begin_si: Option<f64>,
    at_end_si: Option<f64>,
}

impl Held {
    fn of(tag: &Tag, series: &Series, span: &Range<i64>) -> Held {
        let mut held = Held {
            integral_si_s: 0.0,
            good_share: 0.0,
            at_begin_si: None,
            at_end_si: None,
        };
        let (mut good_s, mut value_si, mut since_us) = (0.0, None, span.start);
        let mut pass = |value_si: Option<f64>, from_us: i64, to_us: i64| {
            if let Some(value_si) = value_si {
                let seconds = (to_us - from_us) as f64 * 1e-6;
                held.integral_si_s += value_si * seconds;
                good_s += seconds;
            }
        };
        for sample in series.iter().take_while(|s| s.time_us < span.end) {
            let at_us = sample.time_us.max(span.start);
            pass(value_si, since_us, at_us);
            since_us = at_us;
            value_si = sample.is_usable().then(|| tag.unit.to_si(sample.value));
            if sample.time_us <= span.start {
                held.at_begin_si = value_si;
            }
        }
        pass(value_si, since_us, span.end);
        held.at_end_si = value_si;
        held.good_share = good_s / ((span.end - span.start) as f64 * 1e-6);
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saltern_samples::{Quality, Sample};

    const HOUR_US: i64 = 3_600_000_000;
    const SHIFT: Range<i64> = 8 * HOUR_US..20 * HOUR_US;

    /// A tag of a quantity in a unit.
    fn tag(quantity: &str, unit: &str, writable: &str) -> Tag {
        let assets = "id,parent,level,name,name_zh,node,tenant\nbase,,site,Base,基地,,\n";
        let tags = format!(
            "id,asset,name,name_zh,unit,quantity,component,low,high,resolution,source,connection,period [s],deadband,retention [d],writable,write_min,write_max,two_persons\n\
             x,base,X,某,{unit},{quantity},,,,,manual,,60,,,{writable}\n"
        );
        let files = |name: &str| match name {
            "assets.csv" => Some(assets.to_string()),
            "tags.csv" => Some(tags.clone()),
            _ => None,
        };
        saltern_base::tags::read(&files)
            .expect("tags")
            .tags
            .remove(0)
    }

    fn series(samples: &[Sample]) -> Series {
        let mut series = Series::default();
        samples.iter().for_each(|sample| series.push(*sample));
        series
    }

    fn told(tag: &Tag, samples: &[Sample]) -> Vec<(&'static str, f64, &'static str)> {
        let all = figures(tag, &series(samples), SHIFT);
        all.iter().map(|f| (f.quantity, f.value, f.unit)).collect()
    }

    #[test]
    fn a_constant_flow_is_its_rate_times_the_shift() {
        let flow = tag("flow", "m3/s", ",,,");
        let constant: Vec<_> = (8..20).map(|h| Sample::good(h * HOUR_US, 2.0)).collect();
        let whole = [("volume", 86_400.0, "m3"), ("good", 100.0, "%")];
        assert_eq!(told(&flow, &constant), whole);
        // One word before the shift holds through it; what comes after it says nothing of it.
        let held = [Sample::good(0, 2.0), Sample::good(20 * HOUR_US, 50.0)];
        assert_eq!(told(&flow, &held), whole);
    }

    #[test]
    fn a_step_counts_from_when_it_comes() {
        let flow = tag("flow", "m3/h", ",,,");
        let step = [
            Sample::good(7 * HOUR_US, 10.0),
            Sample::good(14 * HOUR_US, 30.0),
        ];
        // Six hours of 10 m3/h and six of 30.
        assert!((told(&flow, &step)[0].1 - 240.0).abs() < 1e-9);
    }

    #[test]
    fn a_gap_is_told_and_not_filled() {
        let flow = tag("flow", "m3/s", ",,,");
        let gap = [
            Sample::good(8 * HOUR_US, 1.0),
            Sample::gap(11 * HOUR_US, Quality::COMM_FAILURE),
            Sample::good(14 * HOUR_US, 1.0),
        ];
        let rows = told(&flow, &gap);
        assert_eq!(rows, [("volume", 9.0 * 3600.0, "m3"), ("good", 75.0, "%")]);
        assert_eq!(
            told(&flow, &[]),
            [("volume", 0.0, "m3"), ("good", 0.0, "%")]
        );
    }

    #[test]
    fn power_mass_and_levels_have_figures_of_their_own() {
        let constant = [Sample::good(8 * HOUR_US, 3.0)];
        assert_eq!(
            told(&tag("power", "MW", ",,,"), &constant)[0],
            ("energy", 36_000.0, "kWh")
        );
        let mass = told(&tag("mass_flow", "t/h", ",,,"), &constant)[0];
        assert!(mass.0 == "mass" && (mass.1 - 36.0).abs() < 1e-9 && mass.2 == "t");
        let falls = [
            Sample::good(7 * HOUR_US, 1.5),
            Sample::good(8 * HOUR_US, 1.4),
            Sample::good(19 * HOUR_US, 1.1),
        ];
        let level = tag("level", "m", ",,,");
        let rows = [
            ("level_at_begin", 1.4, "m"),
            ("level_at_end", 1.1, "m"),
            ("good", 100.0, "%"),
        ];
        assert_eq!(told(&level, &falls), rows);
        let late = [Sample::good(14 * HOUR_US, 1.1)];
        assert_eq!(
            told(&level, &late),
            [("level_at_end", 1.1, "m"), ("good", 50.0, "%")]
        );
        // A set-point and a temperature say nothing of a shift.
        assert_eq!(told(&tag("flow", "m3/s", "yes,0,5,no"), &constant), []);
        assert_eq!(told(&tag("temperature", "degC", ",,,"), &constant), []);
    }
}
