//! What an analysis is judged by: a laboratory that leaves sulfate and calcium out is not doubted for it.

use saltern_numerics::random::Random;
use saltern_samples::Quality;
use saltern_watch::assay::Judgement;
use saltern_watch::desk::{Analysis, Chemistry, Precision, review};

const WEEK_US: i64 = 7 * 86_400 * 1_000_000;
/// g/L, and equivalents in a gram: a brine with 20 g/L of sulfate that nobody analyses.
const TRUTH: [(&str, f64); 4] = [("Na", 60.0), ("K", 10.0), ("Mg", 40.0), ("Cl", 203.0)];

fn charge_eq_kg(component: &str) -> f64 {
    match component {
        "Na" => 1.0 / 0.022_990,
        "K" => 1.0 / 0.039_098,
        "Mg" => 2.0 / 0.024_305,
        "Cl" => -1.0 / 0.035_453,
        _ => 0.0,
    }
}

/// A model of densities that knows nothing of the sulfate: 18 kg/m³ are missing.
fn modelled(contents: &[(String, f64)], _temperature_k: f64) -> f64 {
    let weights = [("Na", 0.70), ("K", 0.65), ("Mg", 0.95), ("Cl", 0.62)];
    let of = |name: &str| {
        weights
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(0.0, |w| w.1)
    };
    997.0 + contents.iter().map(|(name, v)| v * of(name)).sum::<f64>()
}

const CHEMISTRY: Chemistry<'static> = Chemistry {
    charge_eq_kg: &charge_eq_kg,
    density_kg_m3: &modelled,
};

/// A place that is analysed weekly with 0.5 %, while it thickens by 1 % a week and wanders by as much.
struct Place {
    random: Random,
    week: i64,
    thick: f64,
    has_density: bool,
}

impl Place {
    fn new(seed: u64, has_density: bool) -> Place {
        let random = Random::new(seed);
        Place {
            random,
            week: 0,
            thick: 1.0,
            has_density,
        }
    }

    fn next(&mut self) -> Analysis {
        self.week += 1;
        self.thick *= (0.01 + 0.01 * self.random.normal()).exp();
        let truth = TRUTH.map(|(name, value)| (name.to_string(), value * self.thick));
        let density = modelled(&truth, 298.15) + 18.0 * self.thick + 0.5 * self.random.normal();
        let noisy = |(name, value): (String, f64)| {
            let error = 1.0 + 0.005 * self.random.normal();
            (name, value * error)
        };
        Analysis {
            time_us: self.week * WEEK_US,
            contents: truth.into_iter().map(noisy).collect(),
            density_kg_m3: self.has_density.then_some(density),
            temperature_k: Some(298.15),
            estimated: Vec::new(),
        }
    }

    fn past(&mut self, weeks: usize) -> Vec<Analysis> {
        (0..weeks).map(|_| self.next()).collect()
    }
}

fn judged(analysis: &Analysis, past: &[Analysis]) -> Judgement {
    review(analysis, past, CHEMISTRY, &Precision::default())
}

#[test]
fn what_is_never_analysed_is_no_ground_for_doubt() {
    let mut place = Place::new(1, true);
    let past = place.past(12);
    let found = judged(&place.next(), &past);
    assert!(found.charge_error_percent > 2.0, "{found:?}");
    assert!(found.is_believed(), "{found:?}");
    // Six residuals: charge, density and four figures.
    assert_eq!(found.residuals, 6);
    // The first of all: nothing says what charge and density to expect of what was left out.
    let first = judged(&Place::new(2, true).next(), &[]);
    assert!(first.is_believed() && first.residuals == 0, "{first:?}");
    let reasons = first.reasons(saltern_watch::Lang::En);
    assert!(reasons[0].contains("nothing yet"), "{reasons:?}");
}

#[test]
fn a_whole_analysis_is_neutral_from_the_first() {
    let mut whole = Place::new(3, true).next();
    whole.contents.push(("Ca".into(), 0.0));
    whole.contents.push(("SO4".into(), 1.0));
    let found = judged(&whole, &[]);
    assert_eq!(found.residuals, 2);
    // Sulfate is said to be nearly nothing here: charge and density say otherwise.
    assert!(!found.is_believed(), "{found:?}");
}

/// Of 1000 good analyses at 50 places fewer than 3 in 100 are doubted (1 in 100 is what was promised, with what is usual known
/// exactly; here it is learnt from twelve), and of as many with an error of 10 % in one figure the figure is named, alone or
/// among others, nine times of ten.
#[test]
fn errors_are_found_and_good_analyses_believed() {
    let (mut doubted, mut named, mut missed) = (0, 0, 0);
    for seed in 0..50 {
        let mut place = Place::new(100 + seed, true);
        let mut past = place.past(12);
        for round in 0..20 {
            let good = place.next();
            doubted += usize::from(!judged(&good, &past).is_believed());
            let mut bad = good.clone();
            let of = round % 4;
            bad.contents[of].1 *= 1.10;
            let found = judged(&bad, &past);
            if found.is_believed() {
                missed += 1;
            }
            let name = &bad.contents[of].0;
            named += usize::from(found.quality(name) != Quality::GOOD);
            past.push(good);
            past.remove(0);
        }
    }
    assert!(doubted < 30, "{doubted} of 1000 good ones doubted");
    assert!(named >= 900, "{named} of 1000 named, {missed} believed");
}

/// An estimate that is 3 % too low throughout, and no more than 0.3 % off otherwise, shows an error of 4 % that a walk does not.
#[test]
fn an_estimate_sees_what_a_walk_cannot() {
    let mut place = Place::new(7, false);
    let mut random = Random::new(8);
    let mut all: Vec<Analysis> = Vec::new();
    for _ in 0..13 {
        let mut analysis = place.next();
        let truth = TRUTH[1].1 * place.thick;
        let seen = 0.97 * truth * (1.0 + 0.003 * random.normal());
        analysis.estimated = vec![("K".into(), seen)];
        all.push(analysis);
    }
    let mut bad = all.pop().expect("the last");
    let truth = TRUTH[1].1 * place.thick;
    bad.contents[1].1 *= 1.04;
    let found = judged(&bad, &all);
    assert_eq!(found.quality("K"), Quality::BAD, "{found:?}");
    assert!((found.suspects[0].implied / truth - 1.0).abs() < 0.01);
    bad.estimated.clear();
    assert!(judged(&bad, &all).is_believed());
}

#[test]
fn a_density_meter_that_drifts_is_told_from_an_analysis() {
    let mut place = Place::new(9, true);
    let past = place.past(12);
    let mut drifted = place.next();
    drifted.density_kg_m3 = drifted.density_kg_m3.map(|d| d + 15.0);
    let found = judged(&drifted, &past);
    assert_eq!(found.suspects.len(), 1, "{found:?}");
    assert_eq!(found.suspects[0].name, "density");
    assert_eq!(found.quality("K"), Quality::GOOD);
}
