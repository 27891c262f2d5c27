//! Limits of flexible work in halls, published for the next dispatch.

use saltern_base::energy::Energy;
use saltern_base::frame::{Column, Frame, Values};
use saltern_plan::dispatch::{self, HallCurve, Outcome, Series};
use saltern_run::plan::{LIMITS, LimitsAnswer};
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use super::failure::PlanFailure;
use crate::args::PlanArgs;
use crate::failure::Failure;

/// Limits with the margin that they have.
pub(super) struct Published {
    pub(super) curves: Vec<HallCurve>,
    pub(super) answer: LimitsAnswer,
}

/// Limits of a dispatch, where they are asked for.
pub(super) fn publish(
    energy: &Energy,
    series: &Series,
    outcome: &Outcome,
    args: &PlanArgs,
) -> Result<Option<Published>, Failure> {
    if !args.limits {
        return Ok(None);
    }
    let (margin, quantile) = match &args.limits_margin {
        Some(text) => {
            let given = quantity::parse(text, Dimension::Fraction).map_err(Failure::input)?;
            (given, None)
        }
        None => {
            let quantile = f64::from(args.limits_quantile) / 100.0;
            let found = dispatch::arrival_error(energy, series, quantile);
            let Some(margin) = found else {
                return Err(PlanFailure::NoMargin {
                    needed: dispatch::ERRORS_MIN,
                }
                .into());
            };
            (margin, Some(quantile))
        }
    };
    let curves = dispatch::curves(energy, series, outcome, margin);
    let kept = curves.iter().map(|curve| curve.kept);
    let answer = LimitsAnswer {
        margin,
        quantile,
        kept: kept.fold(1.0, f64::min),
    };
    Ok(Some(Published { curves, answer }))
}

/// The limits as a base reads them; steps of one limit that follow each other are one row.
pub(super) fn frame(energy: &Energy, series: &Series, curves: &[HallCurve]) -> Frame {
    let (mut hall, mut from, mut to, mut flexible) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let written = |step: usize| {
        let moment = series.window.moment(step);
        moment.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    for curve in curves {
        let mut first = 0;
        for t in 1..=curve.limit.len() {
            if curve.limit.get(t) == Some(&curve.limit[first]) {
                continue;
            }
            hall.push(energy.halls[curve.hall].who.id.clone());
            from.push(written(first));
            to.push(written(t));
            flexible.push(curve.limit[first]);
            first = t;
        }
    }
    let text = |name: &str, values| Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values),
    };
    Frame {
        name: LIMITS.into(),
        columns: vec![
            text("hall", hall),
            text("from", from),
            text("to", to),
            Column {
                name: "flexible".into(),
                unit: "MW".into(),
                values: Values::Number(flexible),
            },
        ],
    }
}
