//! Fits against parameters that are known: data made with a database must give its parameters back.

use saltern_brine::database::{Database, Interaction, InteractionKind};
use saltern_brine::fit::data::{self, Measurement};
use saltern_brine::fit::model::Model;
use saltern_brine::fit::parameters::Plan;
use saltern_brine::fit::regression::{Fit, Options, fit};
use saltern_brine::fit::summary::summary;
use saltern_brine::fit::tables::Outcome;
use saltern_brine::fit::validation::leave_one_source_out;
use saltern_brine::layer;
use saltern_brine::solubility::{Saturation, saturated_brine};
use saltern_brine::thermo::default_database;
use saltern_numerics::least_squares::Loss;
use saltern_units::message::{Lang, Message};
use saltern_units::table::Table;

fn plan(base: Database, rows: &str) -> Plan {
    let text = format!("kind,species1,species2,species3,terms,prior_sd,reaction\n{rows}");
    Plan::read(base, &Table::read("parameters.csv", &text).unwrap()).unwrap()
}

fn measurements(plan: &Plan, text: &str) -> Vec<Measurement> {
    data::read(&Table::read("data.csv", text).unwrap(), &plan.database).unwrap()
}

/// Water activity and γ± of NaCl over a grid, with some coefficients set in the default database; `noise` is added in standard deviations of
/// 0.001 in φ.
fn sodium_chloride(truth: &str, noise: &dyn Fn(usize) -> f64) -> String {
    let mut text =
        String::from("source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,of,value,sd\n");
    let mut rows = Vec::new();
    for celsius in [0.0, 25.0, 50.0, 75.0, 100.0] {
        for m in [0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
            rows.push((celsius, m));
        }
    }
    let blank: String = rows
        .iter()
        .map(|(t, m)| format!("made,{t},{m},{m},osmotic_coefficient,,1,0.001\n"))
        .collect();
    let base = default_database();
    let probe = plan(base, &format!("{truth}LOG_K,Halite,,,A1,,\n"));
    let asked = measurements(&probe, &format!("{text}{blank}"));
    let model = Model::new(&probe, &asked);
    let truth = model.predict(&probe.start, None).unwrap();
    for (k, ((t, m), p)) in rows.iter().zip(&truth).enumerate() {
        let phi = p.model + 0.001 * noise(k);
        text += &format!(
            "made{},{t},{m},{m},osmotic_coefficient,,{phi},0.001\n",
            k % 3
        );
    }
    text
}

/// Coefficients of about NaCl's size.
const TRUTH: &str = "B0,Na+,Cl-,,a0=0.0765 a1=-250 a2=-0.8,,\nB1,Cl-,Na+,,a0=0.2664 a1=-120,,\nC0,Na+,Cl-,,a0=0.0013 a1=5,,\n";
const NACL: &str = "B0,Na+,Cl-,,a0 a1 a2,,\nB1,Cl-,Na+,,a0 a1,,\nC0,Na+,Cl-,,a0 a1,,\n";

fn interaction(database: &Database, kind: InteractionKind, names: [&str; 2]) -> Interaction {
    let found = database.interactions.iter().find(|i| {
        let pair = [
            &database.species[i.species.0].name,
            &database.species[i.species.1].name,
        ];
        i.kind == kind && names.iter().all(|n| pair.iter().any(|p| *p == n))
    });
    found.unwrap().clone()
}

/// Deterministic normal noise: Box & Muller on SplitMix64.
fn normal(seed: usize) -> f64 {
    let uniform = |k: u64| {
        let mut z = (2 * seed as u64 + k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (-2.0 * uniform(0).ln()).sqrt() * (std::f64::consts::TAU * uniform(1)).cos()
}

#[test]
fn coefficients_come_back_from_data_made_with_them() {
    let base = default_database();
    let known = interaction(&base, InteractionKind::Beta0, ["Na+", "Cl-"]);
    let mut blank = base.clone();
    blank.interactions.retain(|i| {
        let pair = [i.species.0, i.species.1].map(|s| base.species[s].name.as_str());
        i.species.2.is_some() || pair != ["Na+", "Cl-"]
    });
    // The file's own terms of NaCl (Appelo 2015): a0 … a4 for B0, a0 a1 for B1 and C0 … take those that are set.
    let row = |kind, name: &str| {
        let t = interaction(&base, kind, ["Na+", "Cl-"]).terms;
        let set: Vec<String> = (0..6)
            .filter(|&k| t[k] != 0.0)
            .map(|k| format!("a{k}"))
            .collect();
        format!("{name},Na+,Cl-,,{},,\n", set.join(" "))
    };
    let rows = row(InteractionKind::Beta0, "B0")
        + &row(InteractionKind::Beta1, "B1")
        + &row(InteractionKind::CPhi, "C0");
    let plan = plan(blank, &rows);
    let data = measurements(&plan, &sodium_chloride("", &|_| 0.0));
    let fit = fit(
        &plan,
        &data,
        &Options {
            loss: Loss::Squares,
        },
    )
    .unwrap();
    assert!(fit.minimum.converged);
    let worst = fit
        .predictions
        .iter()
        .map(|p| p.residual.abs())
        .fold(0.0, f64::max);
    assert!(worst < 1e-3, "{worst}");
    // Six terms over a hundred kelvin are not told apart (and the fit says so), their sum is.
    for celsius in [0.0, 30.0, 60.0, 90.0] {
        let found = plan.parameters[0].value(&fit.minimum.x, celsius + 273.15);
        let true_value = known.at(celsius + 273.15);
        assert!(
            (found - true_value).abs() < 2e-5,
            "{celsius}: {found} {true_value}"
        );
    }
}

#[test]
fn noise_of_known_size_moves_values_by_their_standard_errors() {
    let plan = plan(default_database(), NACL);
    let clean = fit(
        &plan,
        &measurements(&plan, &sodium_chloride(TRUTH, &|_| 0.0)),
        &Options::default(),
    )
    .unwrap();
    let noisy = fit(
        &plan,
        &measurements(&plan, &sodium_chloride(TRUTH, &normal)),
        &Options::default(),
    )
    .unwrap();
    let n = plan.unknowns();
    let mut squares = 0.0;
    for parameter in &plan.parameters {
        for celsius in [5.0, 25.0, 60.0, 95.0] {
            let kelvin = celsius + 273.15;
            let error = parameter.standard_error(&noisy.minimum.covariance, n, kelvin);
            let moved = parameter.value(&noisy.minimum.x, kelvin)
                - parameter.value(&clean.minimum.x, kelvin);
            assert!(
                moved.abs() < 3.0 * error,
                "{} at {celsius}: {moved} ± {error}",
                parameter.name()
            );
            squares += (moved / error).powi(2) / 12.0;
        }
    }
    // Standard errors that were far too wide would pass above.
    assert!(squares > 0.02 && squares < 4.0, "{squares}");
    assert!(
        (noisy.minimum.variance - 1.0).abs() < 0.6,
        "{}",
        noisy.minimum.variance
    );
}

#[test]
fn derivatives_are_those_of_differences() {
    // Weak acids, bisulfate and an imposed pH bend the model most.
    let text = "source,temperature [degC],Na [mol/kgw],K [mol/kgw],Cl [mol/kgw],SO4 [mol/kgw],C [mol/kgw],B [mol/kgw],pH,balance,quantity,of,value\n\
        a,25,1,,0.5,,0.3,,,,osmotic_coefficient,,1\n\
        a,40,2,,1,,,0.6,,,water_activity,,0.9\n\
        a,40,2,,1,,0.3,,8.3,,mean_activity_coefficient,NaCl,0.7\n\
        a,25,1,,,1,,,,pH,mean_activity_coefficient,H2SO4,0.1\n\
        a,25,1.5,,1,,0.3,,,,saturation,Nahcolite,\n\
        a,25,1.5,,,,0.3,2.4,,,saturation,Borax,\n\
        a,0,5,1,6,,,,,,saturation,Halite+Sylvite,\n\
        a,40,2,,2,,,,,,density,,1070\n\
        a,40,2,1,3,,,,,,heat_capacity,,3700\n\
        a,40,,,,,,,,,enthalpy_of_solution,Halite,3.9\n";
    let plan = plan(
        default_database(),
        "B0,Na+,HCO3-,,a0 a1,,\nB0,Na+,CO3-2,,a0,,\nC0,Na+,CO3-2,,a0,,\nB1,H+,SO4-2,,a0,,\nPSI,Na+,CO3-2,Cl-,a0,,\n\
         B0,Na+,Cl-,,a0 a3,,\nTHETA,Na+,K+,,a0,,\nB0,Na+,B(OH)4-,,a0,,\nLOG_K,HCO3-,,,A1,,\nLOG_K,Halite,,,A1 A3,,\n\
         LOG_K,B(OH)4-,,,A1 A3,,\nLAMBDA,B(OH)3,Na+,,a0,,\nLOG_K,Nahcolite,,,A1,,\n\
         B1,Na+,Cl-,,a0 a1 a2 a3 a4 a5,,\nVOLUME,Na+,,,a1 a2 a3 a4 W a0=4 i1 i2 i3 i4=0.566,,\nHEAT_CAPACITY,Cl-,,,c0 c1 c2 c3,,\n",
    );
    let data = measurements(&plan, text);
    let model = Model::new(&plan, &data);
    let at = model.predict(&plan.start, None).unwrap();
    let divisors: Vec<f64> = at.iter().map(|p| p.divisor).collect();
    let mut compared = 0;
    for k in 0..plan.unknowns() {
        let basis = plan.start[k].abs().max(0.1) * 1e-5;
        let shifted = |sign: f64| {
            let mut x = plan.start.clone();
            x[k] += sign * basis;
            model.predict(&x, Some(&divisors)).unwrap()
        };
        let (up, down) = (shifted(1.0), shifted(-1.0));
        for (i, p) in at.iter().enumerate() {
            // What speciation makes of density and heat capacity is left out: it is of the size of traces.
            if (8..=9).contains(&i) && p.slope[k] == 0.0 {
                continue;
            }
            let numeric = (up[i].residual - down[i].residual) / (2.0 * basis);
            let scale = 1e-4 * numeric.abs()
                + 1e-3 * at[i].slope.iter().fold(0.0_f64, |m, v| m.max(v.abs())) * 1e-3
                + 2e-5;
            assert!(
                (p.slope[k] - numeric).abs() < scale,
                "row {i}, {}: {} not {numeric}",
                plan.unknown_names()[k],
                p.slope[k]
            );
            compared += usize::from(numeric != 0.0);
        }
    }
    assert!(compared > 30, "{compared}");
}

/// CRC Handbook 91st ed., solubility of NaCl, mol/kgw, as in the measured tables of the project.
const HALITE: &str = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,of\n\
    crc,0,6.0997,6.0997,saturation,Halite\ncrc,10,6.1130,6.1130,saturation,Halite\n\
    crc,25,6.1540,6.1540,saturation,Halite\ncrc,40,6.2160,6.2160,saturation,Halite\n\
    crc,60,6.3410,6.3410,saturation,Halite\ncrc,80,6.4980,6.4980,saturation,Halite\n\
    crc,100,6.6800,6.6800,saturation,Halite\n";

#[test]
fn a_fitted_log_k_meets_the_solubility_it_was_fitted_to() {
    let plan = plan(default_database(), "LOG_K,Halite,,,A1 A2 A3 A4,,\n");
    let data = measurements(&plan, HALITE);
    let fit = fit(&plan, &data, &Options::default()).unwrap();
    let mut database = plan.database.clone();
    plan.apply(&fit.minimum.x, &mut database);
    let halite = database.mineral("Halite").unwrap();
    for (m, p) in data.iter().zip(&fit.predictions) {
        let measured = m.assay.analysed[0].value;
        let Ok(Saturation::Saturated(brine)) =
            saturated_brine(&database, &[halite], &[halite], m.temperature_k())
        else {
            panic!("no brine at {}", m.temperature_k());
        };
        let sodium = database.component("Na+").unwrap();
        let solubility = brine.total_molality_mol_kgw(&database, sodium);
        assert!(
            (solubility / measured - 1.0).abs() < 3e-3,
            "{solubility} {measured}"
        );
        // The residual reads as relative error of the solubility.
        assert!(
            (p.relative - (solubility / measured - 1.0)).abs() < 1e-5,
            "{} {solubility} {measured}",
            p.relative
        );
    }
}

#[test]
fn one_blunder_does_not_move_a_robust_fit() {
    let plan = plan(default_database(), "LOG_K,Halite,,,A1 A2 A3 A4,,\n");
    let spoilt = format!("{HALITE}bad,50,5.2,5.2,saturation,Halite\n");
    let good = fit(&plan, &measurements(&plan, HALITE), &Options::default()).unwrap();
    let at = |fit: &Fit| plan.parameters[0].value(&fit.minimum.x, 298.15);
    let robust = fit(&plan, &measurements(&plan, &spoilt), &Options::default()).unwrap();
    let plain = fit(
        &plan,
        &measurements(&plan, &spoilt),
        &Options {
            loss: Loss::Squares,
        },
    )
    .unwrap();
    assert!(
        (at(&robust) - at(&good)).abs() < 2e-3,
        "{} {}",
        at(&robust),
        at(&good)
    );
    assert!((at(&plain) - at(&good)).abs() > 5e-3);
    assert!(robust.weights.last().unwrap() < &0.1);
}

#[test]
fn a_source_that_disagrees_is_found_by_leaving_it_out() {
    let plan = plan(default_database(), "LOG_K,Halite,,,A1 A2 A3 A4,,\n");
    // Pabalan & Pitzer 1987, and a source that is 5 % low.
    let good = [
        (0.5, 6.097),
        (10.0, 6.106),
        (20.0, 6.131),
        (30.0, 6.168),
        (40.0, 6.216),
        (50.0, 6.275),
        (60.0, 6.341),
        (70.0, 6.416),
        (80.0, 6.498),
        (90.0, 6.587),
        (100.0, 6.680),
    ];
    let mut text = HALITE.to_string();
    for (k, (celsius, m)) in good.into_iter().enumerate() {
        let source = if k % 2 == 0 { "one" } else { "two" };
        text += &format!("{source},{celsius},{m},{m},saturation,Halite\n");
    }
    for (celsius, m) in [(15.0, 5.81), (45.0, 5.93), (70.0, 6.10)] {
        text += &format!("off,{celsius},{m},{m},saturation,Halite\n");
    }
    let left =
        leave_one_source_out(&plan, &measurements(&plan, &text), &Options::default()).unwrap();
    let of = |source: &str| left.iter().find(|l| l.source == source).unwrap();
    assert!(of("off").rms_without > 4.0, "{left:?}");
    assert!(of("off").median_without > 0.04, "{left:?}");
    for good in ["one", "two", "crc"] {
        assert!(of(good).rms_without < 1.0, "{left:?}");
    }
}

#[test]
fn what_the_data_cannot_tell_apart_is_told() {
    // One temperature: a1 cannot be told from a0; nothing touches the lithium pair.
    let text = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,value\n\
        a,40,1,1,osmotic_coefficient,0.94\na,40,3,3,osmotic_coefficient,1.05\na,40,5,5,osmotic_coefficient,1.2\na,40,6,6,osmotic_coefficient,1.27\n";
    let plan = plan(
        default_database(),
        "B0,Na+,Cl-,,a0 a1,,\nB0,Li+,Cl-,,a0,,\n",
    );
    let fit = fit(&plan, &measurements(&plan, text), &Options::default()).unwrap();
    let names = plan.unknown_names();
    let told = fit.undetermined();
    assert_eq!(told.len(), 2, "{told:?}");
    let of = |name: &str| told.iter().find(|(k, _)| names[*k] == name);
    assert_eq!(of("B0 Li+ Cl- a0").unwrap().1, Vec::<usize>::new());
    let pair = of("B0 Na+ Cl- a0").or(of("B0 Na+ Cl- a1")).unwrap();
    assert_eq!(pair.1.len(), 1);
    assert_eq!(fit.minimum.x[2], plan.start[2], "left where it started");
}

#[test]
fn a_prior_determines_what_the_data_do_not() {
    let text = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,value\n\
        a,25,1,1,osmotic_coefficient,0.936\na,25,3,3,osmotic_coefficient,1.045\n";
    let plan = plan(
        default_database(),
        "B0,Na+,Cl-,,a0,,\nPSI,Li+,Ca+2,Cl-,a0,0.02,\n",
    );
    let fit = fit(
        &plan,
        &measurements(&plan, text),
        &Options {
            loss: Loss::Squares,
        },
    )
    .unwrap();
    assert!(fit.undetermined().is_empty());
    assert!(fit.minimum.x[1].abs() < 1e-12);
}

#[test]
fn a_new_solid_goes_through_a_layer_and_meets_its_data() {
    let plan = plan(
        default_database(),
        "LOG_K,Antarctic salt,,,A1 A3,,CaCl2:6H2O = Ca+2 + 2 Cl- + 6 H2O\n",
    );
    // CRC Handbook, CaCl2.
    let text = "source,temperature [degC],Ca [mol/kgw],Cl [mol/kgw],quantity,of\n\
        crc,0,5.224,10.448,saturation,Antarctic salt\ncrc,20,6.5596,13.1192,saturation,Antarctic salt\n";
    let fit = fit(&plan, &measurements(&plan, text), &Options::default()).unwrap();
    let terms = plan.parameters[0].terms(&fit.minimum.x);
    let row = format!(
        "kind,species1,reaction,A1 [-],A3 [K],t_min [degC],t_max [degC],source,reference\n\
         LOG_K,Antarctic salt,CaCl2:6H2O = Ca+2 + 2 Cl- + 6 H2O,{},{},0,20,fitted,here\n",
        terms[0], terms[2]
    );
    let database =
        layer::apply(default_database(), &Table::read("layer.csv", &row).unwrap()).unwrap();
    let salt = database.mineral("Antarctic salt").unwrap();
    let Ok(Saturation::Saturated(brine)) = saturated_brine(&database, &[salt], &[salt], 273.15)
    else {
        panic!("not saturated");
    };
    let calcium = database.component("Ca+2").unwrap();
    let got = brine.total_molality_mol_kgw(&database, calcium);
    assert!((got / 5.224 - 1.0).abs() < 1e-3, "{got}");
}

/// A brine that the model cannot hold is left out with a word, not the end of the fit; it comes back where a later
/// round can answer it; and where none has an answer the fit says so.
#[test]
fn a_measurement_without_an_answer_is_left_out() {
    let plan = plan(default_database(), "LOG_K,Halite,,,A1,,\n");
    let head = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,of\n";
    let impossible = "b,25,62,62,saturation,Halite\n";
    let possible = "a,25,6.15,6.15,saturation,Halite\na,60,6.36,6.36,saturation,Halite\n";
    let data = measurements(&plan, &format!("{head}{impossible}{possible}"));
    let fitted = fit(&plan, &data, &Options::default()).unwrap();
    assert_eq!(fitted.unanswered, [0]);
    assert_eq!((fitted.counted, fitted.predictions.len()), (2, 3));
    assert!(!fitted.predictions[0].is_answered() && fitted.predictions[1].is_answered());
    let outcome = Outcome {
        plan: &plan,
        measurements: &data,
        fit: &fitted,
        key: "made",
    };
    let english = summary(&outcome, &[], Lang::En);
    let chinese = summary(&outcome, &[], Lang::Zh);
    for part in ["data.csv", "row 2", "Na 62 mol/kgw", "left out"] {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert!(chinese.contains("模型在此无解"), "{chinese}");
    assert!(!english.contains("NaN"), "{english}");

    let hopeless = measurements(&plan, &format!("{head}{impossible}"));
    let error = fit(&plan, &hopeless, &Options::default()).unwrap_err();
    assert_eq!(error.code(), "fit.no_answer");
}

/// A coefficient to start from that is far off has no finite water activity for strong brine; dilute brine tells the
/// coefficient, and then the strong one has an answer and counts.
#[test]
fn a_measurement_comes_back_when_the_model_can_answer_it() {
    let head = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,value,sd\n";
    // Robinson & Stokes 1959: water activities of NaCl at 25 degC.
    let rows = "a,25,0.3,0.3,water_activity,0.99009,0.0002\na,25,0.4,0.4,water_activity,0.98682,0.0002\n\
                a,25,0.5,0.5,water_activity,0.98355,0.0002\na,25,6,6,water_activity,0.7598,0.0002\n";
    let mut base = default_database();
    let (sodium, chloride) = (base.species("Na+"), base.species("Cl-"));
    let cubic = base.interactions.iter_mut().find(|i| {
        let pair = [Some(i.species.0), Some(i.species.1)];
        i.kind == InteractionKind::CPhi && pair.contains(&sodium) && pair.contains(&chloride)
    });
    cubic.unwrap().terms = [-95.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let plan = plan(base, "C0,Na+,Cl-,,a0,,\n");
    let data = measurements(&plan, &format!("{head}{rows}"));
    let start = Model::new(&plan, &data).predict(&plan.start, None).unwrap();
    let answered: Vec<bool> = start.iter().map(|p| p.is_answered()).collect();
    assert_eq!(answered, [true, true, true, false]);
    let fitted = fit(&plan, &data, &Options::default()).unwrap();
    assert_eq!((fitted.counted, fitted.unanswered.len()), (4, 0));
    assert!(fitted.minimum.converged);
    assert!(fitted.predictions[3].relative.abs() < 0.01);
}

/// Hydroxide counts among the particles: φ of 1 mol/kg NaOH at 25 degC is 0.950 (May et al. 2011), not twice that.
#[test]
fn osmotic_coefficients_count_hydroxide() {
    let plan = plan(default_database(), "B0,Na+,OH-,,a0,,\n");
    let table = "source,temperature [degC],Na [mol/kgw],balance,quantity,value\n\
                 may2011,25,1,pH,osmotic_coefficient,0.950\n";
    let data = measurements(&plan, table);
    let told = Model::new(&plan, &data).predict_before().unwrap();
    assert!(told[0].relative.abs() < 0.01, "{:?}", told[0]);
}
