//! Forecasts against series whose best forecast is known, and on the benchmark's.

use crate::folder::example;
use saltern_numerics::distributions::normal_quantile;
use saltern_numerics::random::Random;
use saltern_plan::dispatch::Outside;
use saltern_plan::forecast::{
    Issue, Kind, Method, Observed, Scores, Settings, Track, follow, scenarios,
};

const PHI: f64 = 0.9;
const SPREAD: f64 = 10.0;

/// x(t) = φ·x(t−1) + √(1−φ²)·ε about 50 MW with a spread of 10 MW.
fn autoregressive(steps: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut x = 0.0;
    (0..steps)
        .map(|_| {
            x = PHI * x + (1.0 - PHI * PHI).sqrt() * normal_quantile(random.open());
            50.0 + SPREAD * x
        })
        .collect()
}

fn scored(observed: &Observed, settings: &Settings) -> Scores {
    let mut scores = Scores::new(settings.horizon);
    follow(observed, settings, &|_| true, &mut |issue| {
        scores.add(observed, &issue);
    });
    scores
}

/// The best forecast of an AR(1) k steps ahead is φ^k·x: RMSE σ·√(1 − φ^2k) against σ·√(2(1 − φ^k)) of persistence, so
/// that its skill is 1 − √((1 + φ^k)/2); the CRPS of a calibrated normal forecast is RMSE/√π (Gneiting, Raftery, *J. Am.
/// Stat. Assoc.* 102 (2007) 359–378, recalled).
#[test]
fn an_autoregressive_series_is_forecast_as_well_as_it_can_be() {
    let values = autoregressive(24_000, 5);
    let observed = Observed::plain("x", Kind::Wind, values, 100.0, 24);
    let scores = scored(&observed, &Settings::ahead(24));
    for lead in [1, 2, 6, 12, 24] {
        let score = scores.over(lead - 1..lead);
        let decay = PHI.powi(lead as i32);
        let best = SPREAD * (1.0 - decay * decay).sqrt();
        let rmse = score.rmse(Method::Forecast);
        assert!(
            (rmse / best - 1.0).abs() < 0.04,
            "{lead}: {rmse} for {best}"
        );
        let skill = 1.0 - ((1.0 + decay) / 2.0).sqrt();
        let found = score.skill(Method::Persistence);
        assert!((found - skill).abs() < 0.02, "{lead}: {found} for {skill}");
        let crps = best / std::f64::consts::PI.sqrt();
        assert!((score.crps() / crps - 1.0).abs() < 0.06, "{lead}: {crps}");
        for (found, wanted) in score.coverage().into_iter().zip([0.5, 0.8, 0.9]) {
            assert!((found - wanted).abs() < 0.03, "{lead}: {found} of {wanted}");
        }
    }
    assert!(scores.beats_persistence());
}

/// White noise: nothing beats its mean, and the forecast doesn't claim to.
#[test]
fn of_noise_nothing_but_the_mean_is_forecast() {
    let mut random = Random::new(11);
    let values = (0..8760).map(|_| 100.0 * random.open()).collect();
    let observed = Observed::plain("noise", Kind::Wind, values, 100.0, 24);
    let all = scored(&observed, &Settings::ahead(6)).all();
    let skill = all.skill(Method::Climatology);
    assert!((0.0..0.05).contains(&skill), "{skill}");
    // Uniform: persistence is off by √2 of the spread.
    assert!((all.skill(Method::Persistence) - (1.0 - 0.5_f64.sqrt())).abs() < 0.02);
}

fn issues(observed: &Observed, settings: &Settings, until: usize) -> Vec<Issue> {
    let mut issues = Vec::new();
    let wanted = |origin: usize| origin <= until;
    follow(observed, settings, &wanted, &mut |issue| issues.push(issue));
    issues
}

/// What comes after an origin may be anything: no forecast up to it changes by a bit.
#[test]
fn no_forecast_knows_what_comes() {
    let settings = Settings::ahead(48);
    for mut observed in benchmark() {
        let until = 1500;
        let before = issues(&observed, &settings, until);
        assert_eq!(before.last().map(|issue| issue.origin), Some(until));
        for value in &mut observed.values[until..] {
            *value = 3.0 + 0.5 * *value;
        }
        assert!(
            before == issues(&observed, &settings, until),
            "{}",
            observed.id
        );
    }
}

/// The one-bus year's first 100 days.
fn benchmark() -> Vec<Observed> {
    let mut all = Observed::of(&example("energy-one-bus"), &Outside::default());
    for observed in &mut all {
        observed.values.truncate(2400);
    }
    all
}

/// Days of one clearness each, x(d) = 0.6·x(d−1) + 0.8·ε: within a day the index stays, so that the same day is forecast
/// far better than the next, and the next better than by persistence.
#[test]
fn the_index_of_a_day_is_kept_within_it_and_fades_beyond() {
    let mut observed = Observed::of(&example("energy-one-bus"), &Outside::default());
    observed.retain(|one| one.id == "pv");
    let mut sun = observed.remove(0);
    let mut random = Random::new(3);
    let mut x = 0.0;
    let days: Vec<f64> = (0..365)
        .map(|_| {
            x = 0.6 * x + 0.8 * normal_quantile(random.open());
            (0.7 + 0.15 * x).clamp(0.1, 1.0)
        })
        .collect();
    sun.values = (0..8760)
        .map(|t| 0.9 * sun.clear[t] * days[t / 24])
        .collect();
    sun.capacity = 1000.0;
    let settings = Settings::ahead(24);
    let (mut noon, mut midnight) = (Scores::new(24), Scores::new(24));
    follow(&sun, &settings, &|origin| origin % 24 == 12, &mut |issue| {
        noon.add(&sun, &issue);
    });
    follow(&sun, &settings, &|origin| origin % 24 == 0, &mut |issue| {
        midnight.add(&sun, &issue);
    });
    let (same, next) = (noon.over(0..4), midnight.all());
    assert!(same.rmse(Method::Forecast) < 0.25 * next.rmse(Method::Forecast));
    // Of an AR(1) with 0.6 from day to day: √(1 − 0.36) against √(0.8).
    let skill = 1.0 - (0.64_f64 / 0.8).sqrt();
    let found = next.skill(Method::Persistence);
    assert!((found - skill).abs() < 0.06, "{found} for {skill}");
}

/// On the benchmark's year the forecast beats persistence, the day before and climatology, of sun and of wind.
#[test]
fn sun_and_wind_of_the_benchmark_are_forecast_better_than_by_simpler_ways() {
    let all = Observed::of(&example("energy-one-bus"), &Outside::default());
    for observed in all.iter().filter(|one| one.generator.is_some()) {
        let settings = Settings::ahead(48);
        let scores = scored(observed, &settings);
        assert!(scores.beats_persistence(), "{}", observed.id);
        for leads in [0..1, 1..4, 4..24, 24..48] {
            let score = scores.over(leads.clone());
            eprintln!(
                "{} {leads:?}: {} MW of {:?}, CRPS {}, coverage {:?}",
                observed.id,
                score.rmse(Method::Forecast),
                Method::ALL.map(|m| score.rmse(m)),
                score.crps(),
                score.coverage()
            );
            assert!(score.skill(Method::Climatology) > -0.01, "{leads:?}");
            for (found, wanted) in score.coverage().into_iter().zip([0.5, 0.8, 0.9]) {
                assert!((found - wanted).abs() < 0.06, "{}: {found}", observed.id);
            }
        }
    }
}

/// Scenarios are spread as the bands say: the mean of many is near what is expected, and 80 % lie in the band.
#[test]
fn scenarios_are_spread_as_the_bands() {
    let values = autoregressive(8760, 9);
    let observed = Observed::plain("x", Kind::Wind, values, 100.0, 24);
    let mut issues = Vec::new();
    let settings = Settings::ahead(24);
    follow(&observed, &settings, &|o| o % 24 == 0, &mut |i| {
        issues.push(i);
    });
    let today = issues[320].clone();
    let tracks = [Track {
        observed: &observed,
        issues,
    }];
    let drawn = scenarios(&tracks, today.origin, 250, 1).unwrap();
    assert!(drawn.from.iter().all(|origin| origin + 24 <= today.origin));
    for (k, ahead) in today.ahead.iter().enumerate() {
        let at: Vec<f64> = drawn.values.iter().map(|s| s[0][k]).collect();
        let mean = at.iter().sum::<f64>() / 250.0;
        assert!((mean - ahead.expected).abs() < 2.0, "{mean}");
        let band = ahead.quantiles[1]..=ahead.quantiles[17];
        let within = at.iter().filter(|v| band.contains(v)).count();
        assert!((within as f64 / 250.0 - 0.8).abs() < 0.1, "{within}");
    }
    // Neighbouring hours hang together as they did: φ, not 0.
    let pairs = drawn.values.iter().map(|s| {
        let rise = |k: usize| s[0][k] - today.ahead[k].expected;
        (rise(10), rise(11))
    });
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y);
    }
    let correlation = xy / (xx * yy).sqrt();
    assert!(correlation > 0.75, "{correlation}");
    assert_eq!(drawn, scenarios(&tracks, today.origin, 250, 1).unwrap());
}
