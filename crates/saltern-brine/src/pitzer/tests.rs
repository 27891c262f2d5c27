use super::*;
use crate::phreeqc;
use crate::water::MOLES_PER_KG;

/// Harvie, Møller & Weare 1984 (table 1 and 2) values at 25 °C for Na-K-Mg-Cl-SO4, enough to exercise
/// every kind of term.
const HMW: &str = "
SOLUTION_MASTER_SPECIES
H H+ -1 H 1.008
O H2O 0 O 16
Na Na+ 0 Na 22.99
K K+ 0 K 39.1
Mg Mg+2 0 Mg 24.3
Cl Cl- 0 Cl 35.45
S SO4-2 0 SO4 32.06
SOLUTION_SPECIES
H+ = H+
H2O = H2O
Na+ = Na+
K+ = K+
Mg+2 = Mg+2
Cl- = Cl-
SO4-2 = SO4-2
H2O = OH- + H+
 log_k -14
PITZER
-B0
Na+ Cl- 0.0765
K+ Cl- 0.04835
Mg+2 Cl- 0.35235
Na+ SO4-2 0.01958
K+ SO4-2 0.04995
Mg+2 SO4-2 0.221
-B1
Na+ Cl- 0.2664
K+ Cl- 0.2122
Mg+2 Cl- 1.6815
Na+ SO4-2 1.113
K+ SO4-2 0.7793
Mg+2 SO4-2 3.343
-B2
Mg+2 SO4-2 -37.23
-C0
Na+ Cl- 0.00127
K+ Cl- -0.00084
Mg+2 Cl- 0.00519
Na+ SO4-2 0.00497
Mg+2 SO4-2 0.025
-THETA
Na+ K+ -0.012
Na+ Mg+2 0.07
Cl- SO4-2 0.02
-PSI
Na+ K+ Cl- -0.0018
Na+ Mg+2 Cl- -0.012
K+ Mg+2 Cl- -0.022
Na+ K+ SO4-2 -0.01
Na+ Mg+2 SO4-2 -0.015
Na+ Cl- SO4-2 0.0014
Mg+2 Cl- SO4-2 -0.004
END
";

fn model(names: &[&str]) -> PitzerModel {
    let database = phreeqc::parse(HMW, "hmw").unwrap();
    let species: Vec<_> = names.iter().map(|n| database.species(n).unwrap()).collect();
    let mut model = PitzerModel::new(&database, &species);
    model.set_temperature(298.15);
    model
}

fn at(model: &PitzerModel, m: &[f64]) -> Activity {
    let mut out = Activity::default();
    model.evaluate(m, &mut out);
    out
}

/// Robinson & Stokes, Electrolyte Solutions, appendix 8.10: NaCl at 25 °C, (m, φ, γ±).
#[test]
fn sodium_chloride_follows_robinson_and_stokes() {
    let model = model(&["Na+", "Cl-"]);
    for (m, phi, gamma) in [
        (0.1, 0.9324, 0.778),
        (1.0, 0.9355, 0.657),
        (3.0, 1.0453, 0.714),
        (6.0, 1.2706, 0.986),
    ] {
        let got = at(&model, &[m, m]);
        let mean = (0.5 * (got.ln_gamma[0] + got.ln_gamma[1])).exp();
        assert!(
            (got.osmotic_coefficient / phi - 1.0).abs() < 3e-3,
            "φ({m}) = {} not {phi}",
            got.osmotic_coefficient
        );
        assert!(
            (mean / gamma - 1.0).abs() < 5e-3,
            "γ({m}) = {mean} not {gamma}"
        );
    }
}

/// The brines that every identity is asked of: dilute, sea-like, halite-, carnallite- and bischofite-saturated.
const NAMES: [&str; 5] = ["Na+", "K+", "Mg+2", "Cl-", "SO4-2"];
const STATES: [[f64; 5]; 5] = [
    [1e-4, 2e-5, 3e-5, 1.6e-4, 1e-5],
    [0.486, 0.0106, 0.0547, 0.5474, 0.0293],
    [5.2, 0.115, 0.596, 6.067, 0.22],
    [0.44, 0.5, 4.15, 9.11, 0.065],
    [0.07, 0.016, 5.85, 11.6, 0.1],
];

#[test]
fn derivatives_are_symmetric_and_follow_finite_differences() {
    let model = model(&NAMES);
    let n = NAMES.len();
    for m in STATES {
        let here = at(&model, &m);
        for j in 0..n {
            let h = 1e-5 * m[j];
            let (mut up, mut down) = (m, m);
            up[j] += h;
            down[j] -= h;
            let (up, down) = (at(&model, &up), at(&model, &down));
            for i in 0..n {
                let slope = (up.ln_gamma[i] - down.ln_gamma[i]) / (2.0 * h);
                let exact = here.hessian[i * n + j];
                assert!(
                    (slope - exact).abs() < 1e-5 * (1.0 + exact.abs()),
                    "∂lnγ{i}/∂m{j} at {m:?}: {exact} not {slope}"
                );
                assert!((exact - here.hessian[j * n + i]).abs() < 1e-11 * (1.0 + exact.abs()));
            }
            let slope = (up.ln_water_activity - down.ln_water_activity) / (2.0 * h);
            assert!(
                (slope - here.water_slope[j]).abs() < 1e-6,
                "∂ln a_w/∂m{j}: {} not {slope}",
                here.water_slope[j]
            );
        }
    }
}

/// Gibbs–Duhem: 55.5 d ln a_w + Σ m d ln a = 0 along any direction, with the analytic slopes.
#[test]
fn gibbs_duhem_holds() {
    let model = model(&NAMES);
    let n = NAMES.len();
    for m in STATES {
        let here = at(&model, &m);
        for j in 0..n {
            let solutes: f64 = 1.0 + (0..n).map(|i| m[i] * here.hessian[i * n + j]).sum::<f64>();
            let total = MOLES_PER_KG * here.water_slope[j] + solutes;
            assert!(
                total.abs() < 1e-10 * solutes.abs().max(1.0),
                "direction {j} at {m:?}: {total}"
            );
        }
    }
}

/// Osmotic coefficient by integration of Gibbs–Duhem from pure water: φ m = m + ∫ m d ln γ± along a ray.
#[test]
fn osmotic_coefficient_is_the_integral_of_activity() {
    let model = model(&NAMES);
    let n = NAMES.len();
    let target = STATES[3];
    let total: f64 = target.iter().sum();
    // Simpson's rule in s = √t, which tames the Debye–Hückel limit.
    let steps = 4000;
    let integrand = |s: f64| {
        let t = s * s;
        if t == 0.0 {
            return 0.0;
        }
        let m = target.map(|v| v * t);
        let here = at(&model, &m);
        let slope: f64 = (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| m[i] * here.hessian[i * n + j] * target[j])
                    .sum::<f64>()
            })
            .sum();
        slope * 2.0 * s
    };
    let h = 1.0 / steps as f64;
    let sum: f64 = (0..=steps)
        .map(|k| {
            integrand(k as f64 * h)
                * if k == 0 || k == steps {
                    1.0
                } else if k % 2 == 1 {
                    4.0
                } else {
                    2.0
                }
        })
        .sum();
    let phi = 1.0 + sum * h / 3.0 / total;
    let direct = at(&model, &target).osmotic_coefficient;
    assert!(
        (phi - direct).abs() < 1e-6,
        "{phi} by integration, {direct} directly"
    );
}

/// A row of a fit that held no solute at all once brought the evaluation down.
#[test]
fn water_without_any_species_is_pure() {
    let mut model = PitzerModel::default();
    model.set_temperature(298.15);
    let mut activity = Activity::default();
    model.evaluate(&[], &mut activity);
    // The floor under the ionic strength leaves 1e-20.
    assert!(activity.ln_water_activity.abs() < 1e-15);
    assert_eq!(activity.osmotic_coefficient, 1.0);
}
