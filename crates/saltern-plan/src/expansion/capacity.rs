//! What is built and what stands, and what that costs.
//!
//! What is built is paid in equal parts over its lifetime of n years at a discount rate r: a year's part is
//! `capex · r / (1 − (1 + r)⁻ⁿ)`, or `capex / n` without discount. Parts of years after the last stage are not counted, as
//! neither is what is earned then. A stage of year Y that stands for k years weighs `Σ_{i<k} (1 + r)^−(Y − Y₀ + i)`.

use super::name::{Name, Part};
use crate::dispatch::{MW, MWH};
use crate::programme::Programme;
use saltern_base::energy::{Choice, Energy, Expansion, Store, Terms, UnitRef};

/// Money in a million: the budget's row counts in them.
pub(super) const MILLION: f64 = 1e6;

/// A part of a choice with its columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) part: Part,
    /// What is built in the first stage; the others follow.
    pub(super) built: usize,
    /// What stands in the first stage.
    pub(super) standing: usize,
}

/// What a year of each stage weighs in the objective, in years of the first.
pub(super) fn weights(expansion: &Expansion) -> Vec<f64> {
    let first = expansion.stages.first().map_or(0, |stage| stage.year);
    let weight = |stage: &saltern_base::energy::Stage| {
        let years = (0..stage.years).map(|i| (stage.year - first) as f64 + i as f64);
        years
            .map(|ahead| (1.0 + expansion.discount).powf(-ahead))
            .sum()
    };
    expansion.stages.iter().map(weight).collect()
}

/// Share of what something costs that is paid a year.
pub(super) fn annuity(discount: f64, lifetime_a: f64) -> f64 {
    if discount == 0.0 {
        1.0 / lifetime_a
    } else {
        discount / (1.0 - (1.0 + discount).powf(-lifetime_a))
    }
}

/// Stages in which what is built in one stands.
pub(super) fn stands(expansion: &Expansion, built: usize, terms: &Terms) -> Vec<usize> {
    let gone = expansion.stages[built].year as f64 + terms.lifetime_a;
    let stages = expansion.stages.iter().enumerate().skip(built);
    stages
        .filter(|(s, stage)| *s == built || (stage.year as f64) < gone - 1e-9)
        .map(|(s, _)| s)
        .collect()
}

/// Power of a store by which it is built: what it gives, or takes where it gives without limit; `None` where both are.
pub(super) fn store_power(store: &Store) -> Option<f64> {
    let given = [store.discharge_w, store.charge_w];
    given.into_iter().find(|power| power.is_finite())
}

/// Money for one MW or MWh.
pub(super) fn price(part: Part, terms: &Terms) -> f64 {
    match part {
        Part::Power(_) => terms.capex_w * MW,
        Part::Energy(_) => terms.capex_j * MWH,
    }
}

/// Parts of a choice.
fn parts(energy: &Energy, c: usize, choice: &Choice) -> Vec<Part> {
    match choice.unit {
        UnitRef::Store(s) => {
            let power = store_power(&energy.stores[s]).map(|_| Part::Power(c));
            power.into_iter().chain([Part::Energy(c)]).collect()
        }
        _ => vec![Part::Power(c)],
    }
}

/// What stands of a part before the first stage, MW or MWh.
pub(super) fn existing(energy: &Energy, choice: &Choice, part: Part) -> f64 {
    let own = match (choice.unit, part) {
        (UnitRef::Store(s), Part::Energy(_)) => energy.stores[s].capacity_j / MWH,
        (UnitRef::Store(s), Part::Power(_)) => store_power(&energy.stores[s]).unwrap_or(0.0) / MW,
        (UnitRef::Generator(g), _) => energy.generators[g].capacity_w / MW,
        (UnitRef::Converter(c), _) => energy.converters[c].capacity_w / MW,
        (UnitRef::Hall(h), _) => energy.halls[h].power_w / MW,
        _ => 0.0,
    };
    // A converter without a limit has none to build: it stands as it is.
    if own.is_finite() {
        own * choice.existing
    } else {
        f64::INFINITY
    }
}

/// Adds the columns and rows of all parts, and budgets; answers the parts and the row of each budget.
pub(super) fn add(
    p: &mut Programme<Name>,
    energy: &Energy,
    expansion: &Expansion,
) -> (Vec<Column>, Vec<Option<usize>>) {
    let stages = expansion.stages.len();
    let weights = weights(expansion);
    let budgets: Vec<Option<usize>> = expansion
        .stages
        .iter()
        .enumerate()
        .map(|(s, stage)| {
            let most = stage.budget? / MILLION;
            Some(p.add_rows(Name::Budget(s), 1, (f64::NEG_INFINITY, most)))
        })
        .collect();
    let mut columns: Vec<Column> = Vec::new();
    for (c, choice) in expansion.choices.iter().enumerate() {
        for part in parts(energy, c, choice) {
            let before = existing(energy, choice, part);
            if before.is_infinite() {
                continue;
            }
            let built = p.add_columns(Name::Built(part), stages, (0.0, 0.0), 0.0);
            let standing = p.add_columns(Name::Standing(part), stages, (0.0, f64::INFINITY), 0.0);
            let row = p.add_rows(Name::Stands(part), stages, (before, before));
            for s in 0..stages {
                p.enter(row + s, standing + s, 1.0);
                let Some(terms) = &choice.terms[s] else {
                    continue;
                };
                let price = price(part, terms);
                let standing_in = stands(expansion, s, terms);
                let years: f64 = standing_in.iter().map(|s| weights[*s]).sum();
                p.cost[built + s] = price * annuity(expansion.discount, terms.lifetime_a) * years;
                (p.lower[built + s], p.upper[built + s]) = bounds(part, terms);
                for later in standing_in {
                    p.enter(row + later, built + s, -1.0);
                }
                if let Some(budget) = budgets[s] {
                    p.enter(budget, built + s, price / MILLION);
                }
            }
            columns.push(Column {
                part,
                built,
                standing,
            });
        }
        together(p, c, choice, &columns);
    }
    (columns, budgets)
}

/// Least and most that is built, MW or MWh.
fn bounds(part: Part, terms: &Terms) -> (f64, f64) {
    match part {
        Part::Power(_) => (terms.power_w.0 / MW, terms.power_w.1 / MW),
        Part::Energy(_) => (terms.energy_j.0 / MWH, terms.energy_j.1 / MWH),
    }
}

/// Energy and power of a store with so many hours.
fn together(p: &mut Programme<Name>, c: usize, choice: &Choice, columns: &[Column]) {
    let of = |part: Part| columns.iter().find(|column| column.part == part);
    let (Some(power), Some(energy)) = (of(Part::Power(c)), of(Part::Energy(c))) else {
        return;
    };
    let hours = choice.terms.iter().map(|terms| terms.as_ref()?.hours_s);
    let row = p.add_rows(
        Name::Together(c),
        choice.terms.len(),
        (f64::NEG_INFINITY, f64::INFINITY),
    );
    for (s, hours) in hours.enumerate() {
        if let Some(hours_s) = hours {
            p.fix_row(row + s, 0.0);
            p.enter(row + s, energy.built + s, 1.0);
            p.enter(row + s, power.built + s, -hours_s / 3600.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A loan of 1000 over 20 years at 8 %: 101.85 a year (any table of annuities).
    #[test]
    fn a_loan() {
        assert!((1000.0 * annuity(0.08, 20.0) - 101.852_209).abs() < 1e-5);
        assert_eq!(annuity(0.0, 4.0), 0.25);
    }
}
