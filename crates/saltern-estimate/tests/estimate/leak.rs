//! The leak sensor against planted leaks: what issue 6 asks for, and how well a leak can be known at all.

use crate::world::*;
use saltern_estimate::leak::alarm::{FALSE_ALARMS_PER_POND_YEAR, detectable_m_d, threshold};
use saltern_estimate::leak::balance::Knowledge;
use saltern_estimate::leak::sensor::{PondLoss, Window, bound, read};
use saltern_estimate::observation::Observation;
use saltern_estimate::track::Track;
use saltern_numerics::random::Random;
use saltern_simulate::Start;

/// Days before the window, in which the truth finds its own state.
const BEFORE: usize = 60;
/// Days of the window.
const WINDOW: usize = 56;
/// Evenings on which the sensor is looked at, weekly.
const LOOKS: [u32; 6] = [20, 27, 34, 41, 48, 55];
/// A millimetre, m.
const MM_D: f64 = 1e-3;

/// The threshold of weekly looks.
fn z0() -> f64 {
    threshold(52.0, FALSE_ALARMS_PER_POND_YEAR)
}

fn knowledge(meter: f64) -> Knowledge {
    Knowledge {
        meter,
        opening_salt: SURVEY,
        ..Knowledge::default()
    }
}

/// A window of measurements and the march that begins with them.
struct Case {
    track: Track,
    observations: Vec<Observation>,
}

fn case(world: &World, seed: u64, leak: Option<(usize, f64)>, assay: f64) -> Case {
    let mut random = Random::new(seed);
    let mut truth = Truth::draw(world, &mut random);
    let before = world.march(&truth.base, &truth.hours, Start::Opening, None, 0, BEFORE);
    if let Some((pond, mm_d)) = leak {
        truth.leak(pond, mm_d);
    }
    let run = go_on(world, &truth, &before, BEFORE, WINDOW);
    let track = Track::of(&run, &truth.base).unwrap();
    let observations = observe(&track, &["Li"], assay, &mut random);
    let schedule = truth.metered(&track, BEFORE, &mut random);
    let state = believed(&before.state, &mut random);
    let brines = world.assayed(&before.state, assay, &mut random);
    let start = Start::State {
        state: &state,
        brines: &brines,
    };
    let march = world.march(
        &world.base,
        &world.hours,
        start,
        Some(&schedule),
        BEFORE,
        WINDOW,
    );
    let track = Track::of(&march, &world.base).unwrap();
    Case {
        track,
        observations,
    }
}

fn looks(world: &World, case: &Case, feed: &[f64], meter: f64) -> Vec<Vec<PondLoss>> {
    let window = window(world, &case.track, feed, meter);
    read(&window, &case.observations, &LOOKS).unwrap().looks
}

fn window<'a>(world: &'a World, track: &'a Track, feed: &'a [f64], meter: f64) -> Window<'a> {
    Window {
        base: &world.base,
        track,
        ion: "Li",
        source_kg_m3: feed,
        knowledge: knowledge(meter),
    }
}

fn feed(world: &World) -> Vec<f64> {
    vec![world.feed_kg_m3("Li"); world.base.links.len()]
}

/// How many cases: a few in `make test`, more with `SALTERN_REPLICATES`.
fn replicates() -> u64 {
    let asked = std::env::var("SALTERN_REPLICATES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(24)
}

/// The bar: 0.5 mm/d in one of twelve ponds, assays of 0.5 % weekly, levels of 2 mm: found within 56 days and known to 0.25 mm/d; in
/// the eleven ponds that do not leak at most one false alarm in ten pond-years.
#[test]
fn a_leak_of_half_a_millimetre_is_found_in_eight_weeks() {
    let world = World::new(BEFORE + WINDOW);
    let feed = feed(&world);
    let (mut found, mut close, mut false_alarms, mut days) = (0, 0, 0, 0.0);
    let (mut squares, mut scores) = (0.0, 0.0);
    let n = replicates();
    for seed in 0..n {
        let leaks = seed as usize % 12;
        let looks = looks(
            &world,
            &case(&world, seed, Some((leaks, 0.5)), 0.005),
            &feed,
            METER,
        );
        let first = looks.iter().position(|look| look[leaks].z() > z0());
        found += u64::from(first.is_some());
        days += first.map_or(0.0, |i| f64::from(LOOKS[i] + 1));
        let last = &looks[LOOKS.len() - 1];
        let error = last[leaks].leak_m_d / MM_D - 0.5;
        close += u64::from(error.abs() <= 0.25);
        squares += error * error;
        scores += (error * MM_D / last[leaks].leak_sigma_m_d).powi(2);
        for pond in (0..12).filter(|p| *p != leaks) {
            false_alarms += usize::from(looks.iter().any(|look| look[pond].z() > z0()));
        }
    }
    let pond_years = n as f64 * 11.0 * WINDOW as f64 / 365.0;
    println!(
        "leak 0.5 mm/d: {found} of {n} found, after {:.0} days in the mean; {close} within 0.25 mm/d, rms error {:.3} mm/d, \
         {:.2} of what was said; {false_alarms} false alarms in {pond_years:.0} pond-years",
        days / found as f64,
        (squares / n as f64).sqrt(),
        (scores / n as f64).sqrt()
    );
    // All but one in fifty, so that a bar of chance is not a matter of luck; in the cases of `make test` that is all.
    assert!(found * 50 >= n * 49, "{found} of {n} found");
    assert!(close * 50 >= n * 49, "{close} of {n} within 0.25 mm/d");
    assert!(
        false_alarms as f64 <= 0.1 * pond_years,
        "{false_alarms} in {pond_years}"
    );
}

/// A whole year of twelve ponds that do not leak, winter and rain among it, looked at weekly over the last eight weeks: an alarm that
/// goes on is one.
#[test]
fn a_clean_year_is_left_in_peace() {
    let weeks = 60;
    let world = World::new(7 * weeks);
    let feed = feed(&world);
    let years = 1 + replicates() / 50;
    let (mut false_alarms, mut pond_years) = (0, 0.0);
    for seed in 0..years {
        let mut random = Random::new(1000 + seed);
        let truth = Truth::draw(&world, &mut random);
        let run = world.march(&truth.base, &truth.hours, Start::Opening, None, 0, 7);
        let mut runs = vec![run];
        for week in 1..weeks {
            let start = Start::Snapshot(&runs[week - 1].end);
            let next = world.march(&truth.base, &truth.hours, start, None, 7 * week, 7);
            runs.push(next);
        }
        let mut weekly = Vec::new();
        for (week, run) in runs.iter().enumerate() {
            let track = Track::of(run, &truth.base).unwrap();
            let observations = observe(&track, &["Li"], 0.005, &mut random);
            weekly.push((observations, truth.metered(&track, 7 * week, &mut random)));
        }
        let mut alarmed = [false; 12];
        for first in 0..=weeks - 8 {
            let state = believed(&runs[first].state, &mut random);
            let brines = world.assayed(&runs[first].state, 0.005, &mut random);
            let start = Start::State {
                state: &state,
                brines: &brines,
            };
            let mut schedule = saltern_base::model::Schedule::default();
            let mut observations = Vec::new();
            for (i, (seen, metered)) in weekly[first + 1..].iter().take(7).enumerate() {
                schedule.flows.extend(metered.flows.iter().cloned());
                observations.extend(seen.iter().cloned().map(|mut o| {
                    o.day += 7 * i as u32;
                    o
                }));
            }
            let days = 7 * (weekly.len() - first - 1).min(7);
            let from = 7 * (first + 1);
            let march = world.march(
                &world.base,
                &world.hours,
                start,
                Some(&schedule),
                from,
                days,
            );
            let track = Track::of(&march, &world.base).unwrap();
            let window = window(&world, &track, &feed, METER);
            let look = days as u32 - 1;
            let losses = &read(&window, &observations, &[look]).unwrap().looks[0];
            for (p, loss) in losses.iter().enumerate() {
                let now = loss.z() > z0();
                false_alarms += usize::from(now && !alarmed[p]);
                alarmed[p] = now;
            }
        }
        pond_years += 12.0 * (weeks - 7) as f64 * 7.0 / 365.0;
    }
    println!("{false_alarms} false alarms in {pond_years:.1} clean pond-years");
    assert!(
        false_alarms as f64 <= 0.1 * pond_years,
        "{false_alarms} in {pond_years}"
    );
}

/// How well a leak can be known at all (bound of Cramér and Rao), by error of the assays, class of the meters and days: the table that
/// the README shows. What is better known is never less well known; the errors that the sensor makes are those it says.
#[test]
fn what_can_be_known_is_shown() {
    let world = World::new(BEFORE + WINDOW);
    let feed = feed(&world);
    let mut at_56 = Vec::new();
    for assay in [0.005, 0.02] {
        let case = case(&world, 1, None, assay);
        for meter in [0.0, 0.0025, 0.005, 0.01, 0.02] {
            let window = window(&world, &case.track, &feed, meter);
            let known = bound(&window, &case.observations, &[27, 55]).unwrap();
            let mean = |look: usize, train: usize| {
                let ponds = (0..12).filter(|p| p % 3 == train);
                ponds
                    .map(|p| known.looks[look][p].leak_sigma_m_d)
                    .sum::<f64>()
                    / 4.0
                    / MM_D
            };
            let row = |look: usize| [mean(look, 0), mean(look, 1), mean(look, 2)];
            let (four, eight) = (row(0), row(1));
            let worst = eight[0].max(eight[2]) * MM_D;
            println!(
                "assays {:.1} %, meters {:.2} %: {four:.2?} mm/d in 4 weeks, {eight:.2?} in 8; found with 90 %: {:.2} mm/d",
                assay * 100.0,
                meter * 100.0,
                detectable_m_d(worst, z0(), 0.9) / MM_D
            );
            assert!(four.iter().zip(&eight).all(|(a, b)| a >= b));
            at_56.push(eight);
        }
    }
    for rows in at_56.chunks(5) {
        let rises = |a: &[f64; 3], b: &[f64; 3]| a.iter().zip(b).all(|(a, b)| b >= a);
        assert!(rows.windows(2).all(|two| rises(&two[0], &two[1])));
    }
    let closed = |look: [f64; 3]| look[2];
    // facts/ponds.md §7, a closed pond of 0.6 m by Monte Carlo: 0.06 mm/d with 0.5 % and 0.17 with 2 % in 56 days. The last pond
    // of a train with exact meters is nearest to it; it shares what is known of the sky with eleven others.
    assert!((0.04..0.12).contains(&closed(at_56[0])), "{:?}", at_56[0]);
    assert!((0.08..0.20).contains(&closed(at_56[5])), "{:?}", at_56[5]);
}
