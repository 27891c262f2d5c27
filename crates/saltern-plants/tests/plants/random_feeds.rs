//! Plants tried with random feeds and settings over their declared range: none may fail without a name, nearly all must
//! converge.

use saltern_plants::flowsheet::Flowsheet;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::solve::{SolveError, solve};

/// Random numbers that are the same everywhere (Knuth's MMIX generator).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let unit = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }
}

/// Feeds a plant is tried with: 100, or as many as `SALTERN_RANDOM_FEEDS` says.
fn feeds() -> u32 {
    let given = std::env::var("SALTERN_RANDOM_FEEDS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// Solves a plant for many feeds, each from nothing: each converges and closes, or is named; at least 99.9 % converge.
/// `draw` sets the plant and says to what.
pub(crate) fn holds(
    name: &str,
    plant: &mut Flowsheet,
    matter: &Matter<'_>,
    mut draw: impl FnMut(&mut Dice, &mut Flowsheet) -> String,
) {
    let mut dice = Dice::new(2024);
    let mut room = Room::new(matter);
    let (mut failures, mut passes, mut closure): (Vec<String>, u32, f64) = (Vec::new(), 0, 0.0);
    let begin = std::time::Instant::now();
    for _ in 0..feeds() {
        let told = draw(&mut dice, plant);
        match solve(plant, &mut room, None) {
            Ok(solution) => {
                let mut amounts = solution.streams.iter().flat_map(|s| s.amounts());
                assert!(amounts.all(f64::is_finite), "{told}");
                closure = closure.max(solution.closure);
                passes = passes.max(solution.loops.iter().map(|l| l.passes).max().unwrap_or(0));
            }
            Err(error @ SolveError::Setting(_)) => panic!("{told}: {error}"),
            Err(error) => failures.push(format!("{told}: {error}")),
        }
    }
    println!(
        "{name}: {} of {} feeds converged in at most {passes} passes, closure {closure:.1e}, {:.1} ms a feed",
        feeds() as usize - failures.len(),
        feeds(),
        1e3 * begin.elapsed().as_secs_f64() / f64::from(feeds())
    );
    for failure in failures.iter().take(20) {
        println!("  {failure}");
    }
    assert!(closure <= 1e-9, "{closure}");
    assert!(
        failures.len() as f64 <= 1e-3 * f64::from(feeds()),
        "{} failed",
        failures.len()
    );
}
