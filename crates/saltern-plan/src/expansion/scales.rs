//! The mean of the year kept by the weeks that stand for it.
//!
//! Weeks taken as they are have more or less sun, wind and demand in all than the year. What is available and asked for in them
//! is therefore multiplied by one factor a series, so that the weeks, as often as they count, have the mean of the year (as
//! L. Kotzur et al., Renew. Energy 117 (2018) 474 do). The extreme week stays as it is, and nothing is available beyond
//! a capacity. Weeks that are the whole year have factors of one.

use super::weeks::Weeks;
use crate::dispatch::{MW, Series};
use saltern_base::energy::Energy;

/// Factors of the series of all weeks but the extreme one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scales {
    generation: Vec<f64>,
    demand: Vec<f64>,
    work: Vec<f64>,
}

impl Scales {
    /// Factors for a year.
    pub(super) fn of(year: &Series, weeks: &Weeks) -> Scales {
        let all = |series: &[&Vec<f64>]| series.iter().map(|s| factor(s, weeks)).collect();
        let generation: Vec<&Vec<f64>> = year.generation.iter().map(|b| &b.high).collect();
        Scales {
            generation: all(&generation),
            demand: all(&year.demand.iter().collect::<Vec<_>>()),
            work: all(&year.arriving.iter().collect::<Vec<_>>()),
        }
    }

    /// Multiplies the series of a week.
    pub(super) fn apply(&self, energy: &Energy, week: &mut Series) {
        for (g, bounds) in week.generation.iter_mut().enumerate() {
            let most = energy.generators[g].capacity_w / MW;
            for high in &mut bounds.high {
                *high = (*high * self.generation[g]).min(most);
            }
        }
        let demand = week.demand.iter_mut().zip(&self.demand);
        let arriving = week.arriving.iter_mut().zip(&self.work);
        let due = week.due.iter_mut().zip(&self.work);
        for (series, factor) in demand.chain(arriving).chain(due) {
            for value in series {
                *value *= factor;
            }
        }
    }
}

/// What the weeks but the extreme one are to be multiplied by; 1 where there is no other, or nothing to multiply.
fn factor(series: &[f64], weeks: &Weeks) -> f64 {
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    let (mut others, mut extreme) = (0.0, 0.0);
    for (k, chosen) in weeks.chosen.iter().enumerate() {
        let counted = weeks.weight[k] * mean(&series[weeks.steps_of(k)]);
        if *chosen == weeks.extreme {
            extreme += counted;
        } else {
            others += counted;
        }
    }
    let wanted = weeks.weight.iter().sum::<f64>() * mean(series) - extreme;
    if others > 0.0 && wanted > 0.0 {
        wanted / others
    } else {
        1.0
    }
}
