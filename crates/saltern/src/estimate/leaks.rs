//! `leaks`: what the leak sensor says of every pond, week by week.

use jiff::Span;
use saltern_base::frame::{Column, Frame};
use saltern_base::model::{Base, End};
use saltern_estimate::leak::alarm::{FALSE_ALARMS_PER_POND_YEAR, threshold};
use saltern_estimate::leak::balance::Knowledge;
use saltern_estimate::leak::sensor::{PondLoss, Window, read};
use saltern_estimate::measured::{Days, Measured};
use saltern_estimate::observation::Quantity;
use saltern_estimate::state::Estimate;
use saltern_simulate::{BrineAmounts, Contents};

use super::failure;
use crate::failure::Failure;
use crate::simulate::Ready;

/// The ion that no salt of a potash lake takes out of the brine.
const ION: &str = "Li";
/// Days from look to look, and how many looks that are a year.
const LOOK_DAYS: u32 = 7;
const LOOKS_A_YEAR: f64 = 52.0;
/// Days before the first look: fewer say little.
const FIRST_LOOK: u32 = 20;
const MM: f64 = 1e3;

/// The table, or `None` where nobody analysed the ion or the window is too short.
pub(super) fn frame(
    ready: &Ready,
    brines: &[BrineAmounts],
    found: &Estimate,
    measured: &Measured,
    days: Days,
    meter: f64,
) -> Result<Option<Frame>, Failure> {
    let ion = Quantity::Content(ION.into());
    let is_analysed = measured.observations.iter().any(|o| o.quantity == ion);
    let looks = looks(days.count);
    if !is_analysed || looks.is_empty() {
        return Ok(None);
    }
    let source_kg_m3 = source_kg_m3(ready, brines)?;
    let window = Window {
        base: &ready.base,
        track: &found.plain,
        ion: ION,
        source_kg_m3: &source_kg_m3,
        knowledge: Knowledge {
            meter,
            ..Knowledge::default()
        },
    };
    let used = |o: &&saltern_estimate::observation::Observation| {
        o.quantity == Quantity::Level || o.quantity == ion
    };
    let observations: Vec<_> = measured.observations.iter().filter(used).cloned().collect();
    let reading = read(&window, &observations, &looks).map_err(failure)?;
    Ok(Some(table(&ready.base, days, &looks, &reading.looks)))
}

/// Evenings on which the sensor is looked at: the last, and weekly before it.
fn looks(days: u32) -> Vec<u32> {
    let last = days.saturating_sub(1);
    let weeks = (0..).map(|week| last.checked_sub(LOOK_DAYS * week));
    let mut looks: Vec<u32> = weeks
        .map_while(|day| day.filter(|day| *day >= FIRST_LOOK))
        .collect();
    looks.reverse();
    looks
}

/// Content of the ion in what each link brings from its source, kg/m³.
fn source_kg_m3(ready: &Ready, brines: &[BrineAmounts]) -> Result<Vec<f64>, Failure> {
    let content = |end: End| -> Result<f64, Failure> {
        let End::Source(source) = end else {
            return Ok(0.0);
        };
        let Some(step) = ready.base.sources[source].schedule.first() else {
            return Ok(0.0);
        };
        let temperature_k = step.temperature_k.unwrap_or(AIR_K);
        let contents = Contents::of(&brines[step.brine], temperature_k, &ready.database);
        let contents = contents.map_err(Failure::job)?;
        Ok(contents.element_kg_m3(ION).unwrap_or(0.0))
    };
    let links = ready.base.links.iter();
    links.map(|link| content(link.from)).collect()
}

/// Temperature of a source that comes in with the air's, K (assumed; it moves a density by a few tenths of a percent).
const AIR_K: f64 = 288.15;

fn table(base: &Base, days: Days, looks: &[u32], reading: &[Vec<PondLoss>]) -> Frame {
    let z0 = threshold(LOOKS_A_YEAR, FALSE_ALARMS_PER_POND_YEAR);
    let rows: Vec<(u32, usize, PondLoss)> = looks
        .iter()
        .zip(reading)
        .flat_map(|(day, ponds)| ponds.iter().enumerate().map(|(p, loss)| (*day, p, *loss)))
        .collect();
    let date = |day: u32| {
        let since = Span::new().days(i64::from(day));
        days.from.checked_add(since).unwrap_or(days.from)
    };
    let numbers = |name: &str, unit, of: &dyn Fn(&PondLoss) -> f64| {
        Column::numbers(name, unit, rows.iter().map(|(_, _, loss)| of(loss)))
    };
    let verdict = |loss: &PondLoss| match loss.z() > z0 {
        true => "leak".to_string(),
        false => String::new(),
    };
    Frame::new(
        "leaks",
        vec![
            Column::dates("date", rows.iter().map(|(day, ..)| date(*day))),
            Column::texts(
                "pond",
                rows.iter().map(|(_, p, _)| base.ponds[*p].id.clone()),
            ),
            numbers("leak_beyond", "mm/d", &|loss| loss.leak_m_d * MM),
            numbers("standard_deviation", "mm/d", &|loss| {
                loss.leak_sigma_m_d * MM
            }),
            numbers("deviations", "-", &PondLoss::z),
            numbers("threshold", "-", &|_| z0),
            Column::texts("verdict", rows.iter().map(|(_, _, loss)| verdict(loss))),
            numbers("evaporation_over_model", "-", &|loss| loss.evaporation),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_weekly_back_from_the_last_evening() {
        assert_eq!(looks(56), [20, 27, 34, 41, 48, 55]);
        assert_eq!(looks(30), [22, 29]);
        assert!(looks(20).is_empty());
    }
}
