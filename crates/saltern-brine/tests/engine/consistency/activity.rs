//! Identities of the activity model at given molalities: ln γ, ln a_w and φ come from one G^ex.

use super::grid::{Case, Set};
use super::ledger::Ledger;
use saltern_brine::database::SpeciesId;
use saltern_brine::equilibrium::{Equilibrium, State};
use saltern_brine::pitzer::{Activity, PitzerModel};
use saltern_brine::water::MOLES_PER_KG;

/// The activity model of a whole database.
pub(super) struct Model {
    pitzer: PitzerModel,
    /// Nodes and weights over s = √t of a ray t·m from pure water.
    ray: Vec<(f64, f64)>,
}

impl Model {
    pub(super) fn new(set: &Set) -> Model {
        let species: Vec<SpeciesId> = (0..set.database.species.len()).collect();
        Model {
            pitzer: PitzerModel::new(&set.database, &species),
            ray: nodes_of_a_ray(),
        }
    }

    fn at(&self, m: &[f64], ln_water_activity: f64, out: &mut Activity) {
        // Sets the pressure of the vapour on the solvent, an effect of 1e-6 on A_φ that is not differentiated.
        out.ln_water_activity = ln_water_activity;
        self.pitzer.evaluate(m, out);
    }
}

pub(super) fn look(model: &mut Model, case: &Case<'_>, state: &Equilibrium, ledger: &mut Ledger) {
    if state.state == State::Dry {
        return;
    }
    model.pitzer.set_temperature(case.kelvin());
    let m = &state.molality_mol_kgw;
    let mut here = Activity::default();
    model.at(m, state.water_activity.ln(), &mut here);
    agreement(case, state, &here, ledger);
    model.at(m, 0.0, &mut here);
    symmetry_and_gibbs_duhem(case, m, &here, ledger);
    finite_differences(model, case, m, &here, ledger);
    integration(model, case, m, &here, ledger);
}

/// The solver's activities are the model's at its molalities.
fn agreement(case: &Case<'_>, state: &Equilibrium, here: &Activity, ledger: &mut Ledger) {
    let mut worst = (state.water_activity.ln() - here.ln_water_activity).abs();
    for (s, m) in state.molality_mol_kgw.iter().enumerate() {
        if *m > 0.0 {
            worst = worst.max((state.ln_gamma[s] - here.ln_gamma[s]).abs());
        }
    }
    ledger.note(
        case,
        "the solver's activities are the model's",
        worst,
        1e-9,
        "",
    );
}

fn symmetry_and_gibbs_duhem(case: &Case<'_>, m: &[f64], here: &Activity, ledger: &mut Ledger) {
    let n = m.len();
    let present: Vec<usize> = (0..n).filter(|&i| m[i] > 0.0).collect();
    let (mut asymmetry, mut unbalanced) = (0.0_f64, 0.0_f64);
    for &j in &present {
        let mut solutes = 1.0;
        let mut size: f64 = 1.0;
        for &i in &present {
            let slope = here.hessian[i * n + j];
            let other = here.hessian[j * n + i];
            asymmetry = asymmetry.max((slope - other).abs() / (1.0 + slope.abs()));
            solutes += m[i] * slope;
            size += (m[i] * slope).abs();
        }
        let total = MOLES_PER_KG * here.water_slope[j] + solutes;
        unbalanced = unbalanced.max(total.abs() / size);
    }
    ledger.note(case, "d ln gamma is symmetric", asymmetry, 1e-11, "");
    ledger.note(case, "Gibbs-Duhem", unbalanced, 1e-11, "");
}

fn finite_differences(
    model: &Model,
    case: &Case<'_>,
    m: &[f64],
    here: &Activity,
    ledger: &mut Ledger,
) {
    let n = m.len();
    let mut moved = m.to_vec();
    let (mut up, mut down) = (Activity::default(), Activity::default());
    let (mut worst, mut worst_water) = (0.0_f64, 0.0_f64);
    for j in (0..n).filter(|&j| m[j] > 1e-8) {
        let h = 1e-4 * m[j];
        moved[j] = m[j] + h;
        model.at(&moved, 0.0, &mut up);
        moved[j] = m[j] - h;
        model.at(&moved, 0.0, &mut down);
        moved[j] = m[j];
        // Compared as changes over 1 + m_j, so that the rounding of a trace's tiny step is not asked for.
        let weight = m[j] / (1.0 + m[j]);
        for i in (0..n).filter(|&i| m[i] > 0.0) {
            let slope = (up.ln_gamma[i] - down.ln_gamma[i]) / (2.0 * h);
            let error = slope - here.hessian[i * n + j];
            worst = worst.max(weight * error.abs() / (1.0 + here.ln_gamma[i].abs()));
        }
        let slope = (up.ln_water_activity - down.ln_water_activity) / (2.0 * h);
        worst_water = worst_water.max(weight * (slope - here.water_slope[j]).abs());
    }
    ledger.note(
        case,
        "slopes of ln gamma by finite difference",
        worst,
        1e-7,
        "",
    );
    ledger.note(
        case,
        "slopes of ln a_w by finite difference",
        worst_water,
        1e-7,
        "",
    );
}

/// φ from ln γ alone: Σm (φ − 1) = Σ m ln γ − ∫₀¹ Σ m ln γ(t m) dt, Gibbs–Duhem integrated by parts along t m.
fn integration(model: &Model, case: &Case<'_>, m: &[f64], here: &Activity, ledger: &mut Ledger) {
    let mean = |a: &Activity| -> f64 { m.iter().zip(&a.ln_gamma).map(|(m, g)| m * g).sum() };
    let mut along = Activity::default();
    let mut integral = 0.0;
    for &(s, weight) in &model.ray {
        let t = s * s;
        let diluted: Vec<f64> = m.iter().map(|m| t * m).collect();
        along.ln_water_activity = 0.0;
        model.pitzer.evaluate_activities(&diluted, &mut along);
        integral += weight * 2.0 * s * mean(&along);
    }
    let sum: f64 = m.iter().sum();
    let phi = 1.0 + (mean(here) - integral) / sum;
    let error = (phi - here.osmotic_coefficient).abs();
    ledger.note(case, "osmotic coefficient by integration", error, 1e-8, "");
    let ln_water = -here.osmotic_coefficient * sum / MOLES_PER_KG;
    let error = (ln_water - here.ln_water_activity).abs();
    ledger.note(
        case,
        "a_w and osmotic coefficient are one",
        error,
        1e-12,
        "",
    );
}

/// Gauss–Legendre over s = √t, finest near pure water, where the Debye–Hückel term and the steep β2 terms bend.
fn nodes_of_a_ray() -> Vec<(f64, f64)> {
    const POINTS: usize = 12;
    let panels = [0.0, 1e-3, 1e-2, 0.05, 0.15, 0.4, 1.0];
    let nodes = gauss_legendre(POINTS);
    let mut ray = Vec::new();
    for ends in panels.windows(2) {
        let (middle, half) = (0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0]));
        ray.extend(nodes.iter().map(|(x, w)| (middle + half * x, half * w)));
    }
    ray
}

/// Nodes and weights on −1…1: zeros of the Legendre polynomial by Newton's method.
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let polynomial = |x: f64| {
        let (mut before, mut here) = (1.0, x);
        for k in 2..=n {
            let k = k as f64;
            (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
        }
        let slope = n as f64 * (x * here - before) / (x * x - 1.0);
        (here, slope)
    };
    (0..n)
        .map(|k| {
            let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (n as f64 + 0.5)).cos();
            for _ in 0..20 {
                let (value, slope) = polynomial(x);
                x -= value / slope;
            }
            let slope = polynomial(x).1;
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}
