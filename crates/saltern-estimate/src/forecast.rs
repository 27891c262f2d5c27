//! What the ponds will hold in a month or three: members of an estimate marched on through weathers that may come.

use crate::departure::blow;
use crate::each::{Each, collect};
use crate::error::EstimateError;
use crate::observation::Quantity;
use crate::state::Estimate;
use crate::track::Track;
use jiff::civil::Date;
use saltern_base::model::{PondId, Schedule};
use saltern_climate::Forcing;
use saltern_numerics::quantile;
use saltern_simulate::{Inputs, Next, Sighting, Start, simulate};

/// Hours in a day.
const HOURS: usize = 24;

/// Days that are looked at, and how.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// Base, chemistry and brines; its weather, start and days are passed over.
    pub inputs: Inputs<'a>,
    /// First day: that after the window of the estimate.
    pub from: Date,
    /// Days.
    pub days: u32,
    /// Decisions for them; rules otherwise.
    pub schedule: Option<&'a Schedule>,
    /// Weathers that may come, each of so many days: years of a record or of a generator. Member i meets number i modulo their count.
    pub weathers: &'a [Vec<Forcing>],
}

/// Three quantiles of the members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// One in twenty is below.
    pub low: f64,
    /// Half are below.
    pub middle: f64,
    /// One in twenty is above.
    pub high: f64,
}

impl Spread {
    /// Of values, infinite ones among them; NaN where there are none.
    pub fn of(values: impl Iterator<Item = f64>) -> Spread {
        let mut sorted: Vec<f64> = values.filter(|v| !v.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| quantile::of_sorted(&sorted, share);
        Spread {
            low: at(0.05),
            middle: at(0.5),
            high: at(0.95),
        }
    }
}

/// A mineral that some member sees come.
#[derive(Clone, Debug, PartialEq)]
pub struct NextPhase {
    /// The pond.
    pub pond: PondId,
    /// The mineral.
    pub mineral: String,
    /// Share of the members that see it within the days looked at.
    pub share: f64,
    /// Days until it lies on the floor; infinite where it does not come within the days looked at.
    pub days: Spread,
}

/// What may come.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// What each member says.
    pub tracks: Vec<Track>,
    /// What each sees come.
    pub sightings: Vec<Vec<Sighting>>,
}

/// Marches every member on.
///
/// # Errors
/// [`EstimateError::NoWeather`] without a weather, or with one that is too short; [`EstimateError::March`] where a march cannot begin.
pub fn forecast(
    outlook: &Outlook<'_>,
    estimate: &Estimate,
    each: &Each<'_>,
) -> Result<Forecast, EstimateError> {
    let needed = outlook.days as usize * HOURS;
    let shortest = outlook.weathers.iter().map(Vec::len).min().unwrap_or(0);
    if shortest < needed || needed == 0 {
        return Err(EstimateError::NoWeather {
            hours: shortest,
            needed,
        });
    }
    let days = jiff::Span::new().days(i64::from(outlook.days) - 1);
    let to = outlook.from.checked_add(days).unwrap_or(outlook.from);
    let ahead = collect(each, estimate.members.len(), |i| {
        let member = &estimate.members[i];
        let base = estimate
            .layout
            .base(outlook.inputs.base, &member.departures);
        let mut hours = outlook.weathers[i % outlook.weathers.len()][..needed].to_vec();
        blow(&mut hours, estimate.layout.sky(&member.departures));
        let inputs = Inputs {
            base: &base,
            hours: &hours,
            start: Start::Snapshot(&member.end),
            schedule: outlook.schedule,
            from: outlook.from,
            to,
            ..outlook.inputs
        };
        let simulation = simulate(&inputs, &mut |_| Next::Continue)?;
        Ok((Track::of(&simulation, &base)?, simulation.sightings))
    })?;
    let (tracks, sightings) = ahead.into_iter().unzip();
    Ok(Forecast { tracks, sightings })
}

impl Forecast {
    /// What the members say of a quantity of a pond on an evening.
    pub fn spread(&self, day: u32, pond: PondId, quantity: &Quantity) -> Spread {
        let of = |t: &Track| t.value(day, pond, quantity).unwrap_or(f64::NAN);
        Spread::of(self.tracks.iter().map(of))
    }

    /// Minerals that come to a pond in some member, the soonest first.
    pub fn next_phases(&self, pond: PondId) -> Vec<NextPhase> {
        let mut names: Vec<&str> = Vec::new();
        for sighting in self.sightings.iter().flatten() {
            if sighting.pond == pond && !names.contains(&sighting.mineral.as_str()) {
                names.push(&sighting.mineral);
            }
        }
        let mut phases: Vec<NextPhase> = names
            .iter()
            .map(|name| self.next_phase(pond, name))
            .collect();
        let soonest = |a: &NextPhase, b: &NextPhase| a.days.middle.total_cmp(&b.days.middle);
        phases.sort_by(|a, b| soonest(a, b).then(b.share.total_cmp(&a.share)));
        phases
    }

    fn next_phase(&self, pond: PondId, mineral: &str) -> NextPhase {
        let days: Vec<f64> = (self.sightings.iter())
            .map(|seen| {
                let found = seen.iter().find(|s| s.pond == pond && s.mineral == mineral);
                found.map_or(f64::INFINITY, |s| f64::from(s.day + 1))
            })
            .collect();
        let come = days.iter().filter(|d| d.is_finite()).count();
        NextPhase {
            pond,
            mineral: mineral.to_string(),
            share: come as f64 / days.len().max(1) as f64,
            days: Spread::of(days.into_iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn quantiles_lie_between_order_statistics_and_may_be_infinite() {
        let spread = Spread::of((0..=20).map(f64::from));
        assert_eq!((spread.low, spread.middle, spread.high), (1.0, 10.0, 19.0));
        let never = Spread::of([3.0, f64::INFINITY, f64::INFINITY].into_iter());
        assert_eq!(never.middle, f64::INFINITY);
        assert!(Spread::of(std::iter::empty()).low.is_nan());
    }
}
