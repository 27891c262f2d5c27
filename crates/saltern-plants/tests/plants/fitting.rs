//! Fits to synthetic test runs of the surveyed plant: the truth is known, so intervals can be counted.

use saltern_base::plant::{self, PlantFile};
use saltern_brine::thermo::default_database;
use saltern_numerics::distributions::normal_quantile;
use saltern_numerics::random::Random;
use saltern_plants::fit::data::Pilot;
use saltern_plants::fit::model::Model;
use saltern_plants::fit::parameters::{self, Parameter};
use saltern_plants::fit::regression::{Errors, Options, fit};
use saltern_plants::fit::study::{Questions, Study};
use saltern_plants::flowsheet::Flowsheet;
use saltern_plants::matter::Matter;
use saltern_plants::reading;
use saltern_units::table::Table;

use crate::bank::BANK;

/// What the synthetic runs were made with.
const TRUTH: [(&str, f64); 3] = [
    ("flotation.recovery.Sylvite", 0.83),
    ("flotation.entrainment.Halite", 0.15),
    ("centrifuge.solids_recovery", 0.88),
];

/// Five runs: ore weighed and sampled with an error, the wash as set.
const RUNS: &str = "run,ore [t/h],ore_sd [%],ore.Carnallite [wt%],ore.Carnallite_sd [wt%],wash.wash_ratio [1]\n\
    r1,36,1,77,0.6,0.6\nr2,36,1,74,0.6,0.4\nr3,30,1,79,0.6,0.8\nr4,36,1,76,0.6,0.6\nr5,42,1,75,0.6,0.5\n";

const PARAMETERS: &str = "parameter,first,lower,upper\nflotation.recovery.Sylvite,0.7,0.2,1\n\
    flotation.entrainment.Halite,0.1,0,0.5\ncentrifuge.solids_recovery,0.75,0.3,1\n";

fn file() -> PlantFile {
    let mut file = plant::read("survey.toml", include_str!("survey.toml")).unwrap();
    file.specs.clear(); // water and wash are set in a test, not sought
    file
}

fn sheet(file: &PlantFile, matter: &Matter<'_>) -> Flowsheet {
    let mut sheet = reading::flowsheet(file, &[], matter).unwrap();
    for (path, value) in [("decomposition.excess", 1.3), ("wash.wash_ratio", 0.6)] {
        crate::reference::set(&mut sheet, path, value, matter);
    }
    sheet
}

/// Cells with a one in every place that is measured.
fn measurements() -> String {
    let mut text =
        "run,place,mass [t/h],mass_sd [%],K [wt%],K_sd [%],Na [wt%],Na_sd [%]\n".to_owned();
    for run in 1..=5 {
        for (place, mass) in [
            ("tails", "1"),
            ("cake", ""),
            ("product", "1"),
            ("filtrate", "1"),
        ] {
            text += &format!("r{run},{place},{mass},1.5,1,1,1,2\n");
        }
    }
    text
}

fn pilot(text: &str, sheet: &Flowsheet, matter: &Matter<'_>) -> (Pilot, Vec<Parameter>) {
    let table = |name: &str, text: &str| Table::read(name, text).unwrap();
    let (data, runs) = (table("data.csv", text), table("runs.csv", RUNS));
    let pilot = Pilot::read(&data, Some(&runs), sheet, matter).unwrap();
    let asked = table("parameters.csv", PARAMETERS);
    (pilot, parameters::read(&asked, sheet, matter).unwrap())
}

struct Bed {
    truth: Vec<f64>,
    exact: Vec<f64>,
}

impl Bed {
    /// The truth, and what would be measured without error; standard deviations become those of the values.
    fn new(model: &mut Model<'_>) -> Bed {
        let mut truth = model.first();
        for (path, value) in TRUTH {
            let k = model.unknowns.iter().position(|u| u.path == path).unwrap();
            truth[k] = value;
        }
        let exact = model.predictions(&truth).unwrap();
        for (m, value) in model.pilot.measurements.iter_mut().zip(&exact) {
            // Stated as shares of a one.
            m.sigma *= value / m.measured;
        }
        Bed { truth, exact }
    }

    /// Writes one more set of measurements into the model.
    fn measure(&self, model: &mut Model<'_>, random: &mut Random) {
        let mut normal = || normal_quantile(random.open());
        for (m, value) in model.pilot.measurements.iter_mut().zip(&self.exact) {
            m.measured = value + m.sigma * normal();
            m.value = m.measured;
        }
        for (unknown, value) in model.unknowns.iter_mut().zip(&self.truth) {
            if let (Some(_), Some((mean, sigma))) = (unknown.run, &mut unknown.prior) {
                *mean = value + *sigma * normal();
                unknown.first = *mean;
            }
        }
    }
}

/// The bar: the truth lies inside its 95 % interval in at least 91 % of 200 replicates. Fewer than
/// that say little: they must not fall below 95 % by more than three standard deviations of a binomial.
#[test]
fn synthetic_truth_lies_in_its_interval() {
    let replicates: u32 = std::env::var("SALTERN_REPLICATES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(24);
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let file = file();
    let (pilot, asked) = pilot(&measurements(), &sheet(&file, &matter), &matter);
    let sheets = pilot.runs.iter().map(|_| sheet(&file, &matter)).collect();
    let mut model = Model::new(pilot, &asked, sheets, sheet(&file, &matter), &matter).unwrap();
    let bed = Bed::new(&mut model);
    let mut random = Random::new(20_260);
    let few = replicates < 100;
    for errors in [Errors::Scaled, Errors::Stated]
        .into_iter()
        .take(if few { 1 } else { 2 })
    {
        let options = Options {
            errors,
            ..Options::default()
        };
        let (mut inside, mut all, mut squares) = ([0u32; 3], 0u32, 0.0);
        for _ in 0..replicates {
            bed.measure(&mut model, &mut random);
            let found = fit(&mut model, &options).unwrap();
            squares += found.minimum.sum_of_squares / found.freedom as f64;
            for (k, count) in inside.iter_mut().enumerate() {
                let (low, high) = found.interval(k);
                *count += u32::from(low <= bed.truth[k] && bed.truth[k] <= high);
            }
            all += 1;
        }
        let shares = inside.map(|n| f64::from(n) / f64::from(all));
        println!(
            "{errors:?}: inside in {shares:?} of {all}; mean reduced χ² {:.3}",
            squares / f64::from(all)
        );
        let least = match all {
            0..200 => 0.95 - 3.0 * (0.95 * 0.05 / f64::from(all)).sqrt(),
            _ => 0.91,
        };
        assert!(
            shares.iter().all(|s| *s >= least),
            "{errors:?} {shares:?} of {all}"
        );
        // A mean of χ²/ν: its own error is √(2/(ν n)).
        assert!((squares / f64::from(all) - 1.0).abs() < 0.25);
    }
}

const OF_BANK: &str = "parameter\nbank.recovery.Sylvite\nbank.entrainment.Halite\n";

fn bank<'m>(plant: &str, data: &str, matter: &'m Matter<'m>) -> Model<'m> {
    let file = plant::read("bank.toml", plant).unwrap();
    let sheet = || reading::flowsheet(&file, &[], matter).unwrap();
    let table = |text: &str| Table::read("t.csv", text).unwrap();
    let pilot = Pilot::read(&table(data), None, &sheet(), matter).unwrap();
    let asked = parameters::read(&table(OF_BANK), &sheet(), matter).unwrap();
    let sheets = pilot.runs.iter().map(|_| sheet()).collect();
    Model::new(pilot, &asked, sheets, sheet(), matter).unwrap()
}

fn stated() -> Options {
    Options {
        errors: Errors::Stated,
        ..Options::default()
    }
}

/// Streams of the bank by hand (80 % and 0.1): see the example of the command line's tests.
const FROTH: &str = "run,place,mass [t/h],mass_sd [t/h],KCl [wt%],KCl_sd [wt%],NaCl [wt%],NaCl_sd [wt%]\n\
    a,froth,43.093923,0.5,,,2.153847,0.2\na,sink,,,5.271844,0.2,,\n";

#[test]
fn the_next_assay_narrows_the_band_by_what_was_said() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let study = |data: &str, told: &mut dyn FnMut(&Study<'_, '_>)| {
        let mut model = bank(BANK, data, &matter);
        let found = fit(&mut model, &stated()).unwrap();
        let questions = Questions {
            measures: model.design.sheet().measures.clone(),
            samples: 2000,
            ..Questions::default()
        };
        told(&Study::new(&mut model, found, stated(), questions).unwrap());
    };
    let (mut before, mut best) = (f64::NAN, (String::new(), f64::NAN));
    study(FROTH, &mut |study| {
        before = study.bands[0].sigma;
        // The plant is nearly linear over such errors, so the sampled band is that of first order.
        let (low, _, high) = study.sampled[0].quantiles;
        let width = (high - low) / (2.0 * study.fit.quantile * before);
        assert!((width - 1.0).abs() < 0.08, "{width}");
        let gain = &study.gains[0];
        let candidate = &study.candidates[gain.candidate];
        let own = |si: f64| candidate.unit.from_si(si * candidate.factor);
        best = (
            format!(
                "run,place,mass [t/h],mass_sd [t/h],KCl [wt%],KCl_sd [wt%],NaCl [wt%],NaCl_sd [wt%]\nb,{},{}\n",
                candidate.at,
                match candidate.name.as_str() {
                    "mass" => format!("{},{},,,,", own(gain.expected), own(gain.sigma)),
                    "KCl" => format!(",,{},{},,", own(gain.expected), own(gain.sigma)),
                    _ => format!(",,,,{},{}", own(gain.expected), own(gain.sigma)),
                }
            ),
            gain.left,
        );
        assert!(study.gains.is_sorted_by(|a, b| a.left <= b.left));
    });
    let (header, more) = best.0.split_once('\n').unwrap();
    let joined = FROTH.replacen(FROTH.lines().next().unwrap(), header, 1) + more;
    study(&joined, &mut |study| {
        let left = study.bands[0].sigma / before;
        assert!((left / best.1 - 1.0).abs() < 1e-3, "{left} for {}", best.1);
        assert!(left < 0.95);
    });
}

#[test]
fn a_state_that_is_not_reached_has_no_value() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    // A froth of 40 t/h cannot be had from what floats at a recovery of 5 %.
    let plant = BANK.to_owned()
        + "\n[specs.froth]\nmeasure = \"mass(froth)\"\ntarget = \"40 t/h\"\nvary = \"bank.froth_solids\"\nbetween = [\"20 %\", \"60 %\"]\n";
    let mut model = bank(&plant, FROTH, &matter);
    assert!(model.evaluate(&[0.8, 0.1]).is_some());
    assert!(model.evaluate(&[0.05, 0.0]).is_none());
    assert_eq!(model.failures, 1);
    // From there nothing begins, and that is an error with the run.
    model.unknowns[0].first = 0.05;
    model.unknowns[1].first = 0.0;
    let error = fit(&mut model, &stated()).unwrap_err().to_string();
    assert!(error.contains("no steady state"), "{error}");
}

#[test]
fn a_wrong_model_is_told_apart_from_bad_luck() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    // Repeats agree to their errors; the froth is drier than the model holds it.
    let data = "run,place,mass [t/h],mass_sd [t/h],KCl [wt%],KCl_sd [wt%],NaCl [wt%],NaCl_sd [wt%]\n\
        a,froth,36,0.3,33,0.3,2.2,0.1\na,froth,36.2,0.3,33.2,0.3,2.1,0.1\nb,froth,35.8,0.3,32.8,0.3,2.3,0.1\n\
        b,sink,64,0.5,4.7,0.1,29.9,0.3\n";
    let mut model = bank(BANK, data, &matter);
    let found = fit(&mut model, &stated()).unwrap();
    let study = Study::new(&mut model, found, stated(), Questions::default()).unwrap();
    let agreement = &study.agreement;
    assert!(agreement.model.chance() < 1e-6, "{agreement:?}");
    // Three samples of three things on the froth: two degrees of freedom each.
    assert_eq!(agreement.pure.freedom, 6);
    // mass 36, 36.2, 35.8 of 0.3: 0.08/0.09; KCl the same; NaCl 0.02/0.01.
    assert!((agreement.pure.sum - (2.0 * 0.08 / 0.09 + 2.0)).abs() < 1e-9);
    assert!(agreement.chance_of_lack.unwrap() < 1e-3);
}
