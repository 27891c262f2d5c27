//! Measured beside reconciled, as a table.

use saltern_account::reconcile::Class;
use saltern_account::reconcile::gross::Elimination;
use saltern_base::frame::{Column, Frame};
use saltern_plants::fit::model::Model;

use super::network::{Network, Source};

/// Rows of the table of what was reconciled.
#[derive(Default)]
pub(super) struct Rows {
    texts: [Vec<String>; 5],
    numbers: [Vec<f64>; 6],
}

impl Rows {
    pub(super) fn add(
        &mut self,
        model: &Model<'_>,
        run: usize,
        network: &Network,
        found: &Elimination,
    ) {
        for &(q, source) in &network.sources {
            let Source::Measurement(k) = source else {
                continue;
            };
            let m = &model.pilot.measurements[k];
            let estimate = &found.reconciliation.estimates[q];
            let removed = found.removed.iter().find(|r| r.quantity == q);
            let class = if removed.is_some() {
                "taken out"
            } else {
                estimate.class.name()
            };
            let texts = [
                &model.pilot.runs[run].id,
                &m.at,
                &m.name,
                m.unit.symbol,
                class,
            ];
            for (column, text) in self.texts.iter_mut().zip(texts.map(str::to_owned)) {
                column.push(text);
            }
            let (value, sigma) = (estimate.value, estimate.sigma);
            let z = removed
                .map(|r| r.z)
                .or(estimate.z)
                .filter(|_| removed.is_some() || estimate.class == Class::Redundant);
            let numbers = [
                m.reported(m.measured),
                m.reported_difference(m.sigma),
                value.map_or(f64::NAN, |v| m.reported(v)),
                sigma.map_or(f64::NAN, |v| m.reported_difference(v)),
                z.unwrap_or(f64::NAN),
                found.reconciliation.z_limit,
            ];
            for (column, number) in self.numbers.iter_mut().zip(numbers) {
                column.push(number);
            }
        }
    }

    pub(super) fn frame(self) -> Frame {
        let names = ["run", "place", "what", "unit", "class"];
        let texts = names.into_iter().zip(self.texts);
        let texts = texts.map(|(name, values)| Column::texts(name, values));
        let names = [
            "measured",
            "sd",
            "reconciled",
            "reconciled_sd",
            "z",
            "z_limit",
        ];
        let blank = |x: f64| if x.is_finite() { x } else { f64::NAN };
        let numbers = names.into_iter().zip(self.numbers);
        let numbers =
            numbers.map(|(name, values)| Column::numbers(name, "", values.into_iter().map(blank)));
        Frame::new("reconciliation", texts.chain(numbers).collect())
    }
}
