//! Looking ahead, and back over a season.

use crate::world::*;
use saltern_climate::Forcing;
use saltern_estimate::departure::Departure;
use saltern_estimate::each::in_order;
use saltern_estimate::forecast::{Outlook, forecast};
use saltern_estimate::matching::matched;
use saltern_estimate::observation::Quantity;
use saltern_estimate::state::{Settings, estimate};
use saltern_estimate::track::Track;
use saltern_numerics::random::Random;
use saltern_simulate::{Next, Start};

const BEFORE: usize = 60;
const WINDOW: usize = 56;
const AHEAD: usize = 30;

/// A month ahead, in weathers that differ as the truth's does from the station: the truth lies between the quantiles about as often as
/// nine in ten, and the minerals that it sees come are among those foretold, at about their days.
#[test]
fn a_month_ahead_lies_in_its_band() {
    let world = World::of_trains(BEFORE + WINDOW + AHEAD, 1);
    let (mut inside, mut of, mut met, mut phases) = (0, 0, 0, 0);
    for seed in 20..24 {
        let season = Season::draw(&world, seed, 0.005, BEFORE, WINDOW);
        let campaign = season.campaign(&world);
        let estimate = estimate(
            &campaign,
            &season.observations,
            &settings(0.005, seed),
            &in_order,
        )
        .unwrap();
        let from = BEFORE + WINDOW;
        let mut random = Random::new(seed + 100);
        let weathers: Vec<Vec<Forcing>> = (0..8)
            .map(|_| Truth::draw(&world, &mut random).hours[from * 24..].to_vec())
            .collect();
        let outlook = Outlook {
            inputs: campaign.inputs,
            from: day(from),
            days: AHEAD as u32,
            schedule: None,
            weathers: &weathers,
        };
        let ahead = forecast(&outlook, &estimate, &in_order).unwrap();
        let truth = &season.truth;
        let inputs = saltern_simulate::Inputs {
            base: &truth.base,
            hours: &truth.hours[from * 24..],
            start: Start::Snapshot(&season.run.end),
            from: day(from),
            to: day(from + AHEAD - 1),
            ..campaign.inputs
        };
        let run = saltern_simulate::simulate(&inputs, &mut |_| Next::Continue).unwrap();
        let track = Track::of(&run, &truth.base).unwrap();
        for pond in 0..track.ponds {
            for element in ELEMENTS {
                let quantity = Quantity::Content(element.into());
                for d in [9, 19, 29] {
                    let spread = ahead.spread(d, pond, &quantity);
                    let value = track.value(d, pond, &quantity).unwrap();
                    inside += usize::from((spread.low..=spread.high).contains(&value));
                    of += 1;
                }
            }
            for phase in ahead.next_phases(pond) {
                let came = (run.sightings.iter())
                    .find(|s| s.pond == pond && s.mineral == phase.mineral)
                    .map_or(f64::INFINITY, |s| f64::from(s.day + 1));
                phases += usize::from(phase.share > 0.5);
                met += usize::from(
                    phase.share > 0.5 && (phase.days.low..=phase.days.high).contains(&came),
                );
            }
        }
    }
    println!(
        "a month ahead: {inside} of {of} contents within 5 … 95 %, {met} of {phases} new minerals on their days"
    );
    assert!(met > 0 && met + 1 >= phases, "{met} of {phases}");
    assert!(inside * 10 >= of * 7, "{inside} of {of}");
}

/// Half a year of three ponds: leaks and meters as planted, within what is said, and the measurements say which they know.
#[test]
fn a_season_tells_leaks_and_winds() {
    let days = 180;
    let world = World::of_trains(BEFORE + days, 1);
    let season = Season::draw(&world, 31, 0.005, BEFORE, days);
    let settings = Settings {
        chords: 2,
        ..settings(0.005, 1)
    };
    let history = matched(
        &season.campaign(&world),
        &season.observations,
        &settings,
        &in_order,
    )
    .unwrap();
    assert!(history.converged);
    assert!((0.05..1.2).contains(&history.misfit), "{}", history.misfit);
    for (p, leak) in season.leaks_mm_d.iter().enumerate() {
        let found = history.of(Departure::Leak(p)).unwrap();
        assert!(
            (found.value - leak).abs() < 3.0 * found.sigma,
            "{leak} {found:?}"
        );
        assert!(found.sigma < 0.05 && found.informed > 0.9);
        // Wind on all ponds and wind on each are known as a sum, and the matching says so.
        let wind = history.of(Departure::Wind(p)).unwrap();
        assert!(wind.correlation.abs() > 0.9, "{wind:?}");
    }
    // Nobody measured the sulfate.
    let last = history
        .departures
        .iter()
        .rfind(|m| matches!(m.departure, Departure::Ion(..)));
    assert!(last.unwrap().informed < 0.1);
}
