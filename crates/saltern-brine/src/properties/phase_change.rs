//! Vapour pressure, and the temperatures at which a brine boils, freezes, or meets its first solid.
//!
//! Vapour pressure is a_w · p_sat(T): the fugacity of steam is taken as its pressure (0.4 % at 100 °C, and most of it
//! cancels, since p_sat is that of real steam). The brine is taken as it is: on the way to its boiling or
//! freezing point nothing precipitates, its speciation follows the temperature.

use super::pure_water;
use crate::database::{Database, GAS_CONSTANT_J_MOL_K, MineralId, WATER};
use crate::equilibrium::{BrineError, Equilibrium, Solver, State};
use crate::water::{MOLES_PER_KG, Water};

/// Standard atmosphere, Pa.
pub const ATMOSPHERE_PA: f64 = 101_325.0;
/// Where boiling and freezing points are looked for, K: outside, no activity model of brines holds.
const SEARCHED_K: (f64, f64) = (213.15, 473.15);
/// A temperature is found to this, K.
const TOLERANCE_K: f64 = 1e-7;
/// Newton steps; five are common.
const MOST_STEPS: u32 = 60;

impl Equilibrium {
    /// Vapour pressure of water over the brine, Pa. When dry: over its solids.
    pub fn vapour_pressure_pa(&self) -> f64 {
        self.water_activity * pure_water::saturation_pressure_pa(self.temperature_k)
    }
}

/// Boiling point of pure water at a pressure, K; `None` beyond −60 to 200 °C.
pub fn boiling_point_of_water_k(pressure_pa: f64) -> Option<f64> {
    find(373.15, |t| Ok(boiling(t, 0.0, pressure_pa))).ok()?
}

/// Boiling point of a brine at a pressure, K; `None` where it lies beyond the temperatures of any activity model.
/// `solver` must allow no solids.
///
/// # Errors
/// As [`Solver::equilibrate`].
pub fn boiling_point_k(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    pressure_pa: f64,
) -> Result<Option<f64>, BrineError> {
    let Some(start) = boiling_point_of_water_k(pressure_pa) else {
        return Ok(None);
    };
    let mut state = Equilibrium::default();
    find(start, |t| {
        liquid_at(solver, amounts_mol, t, &mut state)?;
        Ok(boiling(t, state.water_activity.ln(), pressure_pa))
    })
}

/// ln(a_w p_sat/p) and its slope in T, 1/K, that of a_w left out (it is some hundredths of the other).
fn boiling(temperature_k: f64, ln_water_activity: f64, pressure_pa: f64) -> (f64, f64) {
    let ratio = pure_water::saturation_pressure_pa(temperature_k) / pressure_pa;
    let density = Water::at(temperature_k).density_kg_m3;
    let heat = pure_water::heat_of_vaporisation_j_kg(temperature_k, density) / MOLES_PER_KG;
    let slope = heat / (GAS_CONSTANT_J_MOL_K * temperature_k * temperature_k);
    (ln_water_activity + ratio.ln(), slope)
}

/// Temperature at which ice saturates in a brine, K: the freezing point, where nothing else has come out before.
/// `None` where the database has no ice, or the point lies outside the range of its log K. `solver` must allow no
/// solids.
///
/// # Errors
/// As [`Solver::equilibrate`].
pub fn freezing_point_k(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
) -> Result<Option<f64>, BrineError> {
    let Some(ice) = ice(solver.database()) else {
        return Ok(None);
    };
    let database = solver.database();
    let mut state = Equilibrium::default();
    let found = find(273.15, |t| {
        liquid_at(solver, amounts_mol, t, &mut state)?;
        let excess = state.saturation_index_of(database, ice) * std::f64::consts::LN_10;
        let heat = database.minerals[ice].log_k.enthalpy_j_mol(t);
        Ok((excess, -heat / (GAS_CONSTANT_J_MOL_K * t * t)))
    })?;
    let origin = &database.minerals[ice].provenance;
    let coldest = origin.temperature_k_min.unwrap_or(SEARCHED_K.0) - 0.5;
    Ok(found.filter(|&t| t >= coldest))
}

/// The solid made of water alone.
pub fn ice(database: &Database) -> Option<MineralId> {
    database
        .minerals
        .iter()
        .position(|m| matches!(m.dissolution[..], [(WATER, _)]))
}

fn liquid_at(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    temperature_k: f64,
    state: &mut Equilibrium,
) -> Result<(), BrineError> {
    if state.molality_mol_kgw.is_empty() || state.state == State::Dry {
        *state = solver.equilibrate(amounts_mol, temperature_k, None)?;
        Ok(())
    } else {
        solver.update(amounts_mol, temperature_k, state)
    }
}

/// Zero of a function of temperature that gives its value and (nearly) its slope, within [`SEARCHED_K`].
fn find(
    start_k: f64,
    mut function: impl FnMut(f64) -> Result<(f64, f64), BrineError>,
) -> Result<Option<f64>, BrineError> {
    let mut t = start_k;
    for _ in 0..MOST_STEPS {
        let (value, slope) = function(t)?;
        let step = -value / slope;
        if !step.is_finite() {
            return Ok(None);
        }
        if step.abs() < TOLERANCE_K {
            return Ok(Some(t + step));
        }
        t += step.clamp(-20.0, 20.0);
        if t < SEARCHED_K.0 || t > SEARCHED_K.1 {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The first solid that a brine meets on cooling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstSolid {
    /// Which.
    pub mineral: MineralId,
    /// Where it saturates, K; the temperature of the search's start where the brine is already supersaturated.
    pub temperature_k: f64,
    /// Whether it is supersaturated already there.
    pub already: bool,
}

/// The first of some solids to saturate when a brine is cooled from a temperature to another, K; `None` where none does.
/// `solver` must allow no solids. The search goes in steps of 5 K, so that a solid which is supersaturated within
/// less than that alone is passed over.
///
/// # Errors
/// As [`Solver::equilibrate`].
pub fn first_solid_on_cooling(
    solver: &mut Solver<'_>,
    amounts_mol: &[f64],
    solids: &[MineralId],
    from_k: f64,
    to_k: f64,
) -> Result<Option<FirstSolid>, BrineError> {
    const STEP_K: f64 = 5.0;
    let database = solver.database();
    let mut state = Equilibrium::default();
    let mut worst = |t: f64| -> Result<Option<(MineralId, f64)>, BrineError> {
        liquid_at(solver, amounts_mol, t, &mut state)?;
        let indices = solids
            .iter()
            .map(|&m| (m, state.saturation_index_of(database, m)));
        Ok(indices
            .filter(|(_, si)| si.is_finite())
            .max_by(|a, b| a.1.total_cmp(&b.1)))
    };
    let supersaturated = |found: Option<(MineralId, f64)>| found.filter(|&(_, si)| si > 1e-9);
    if let Some((mineral, _)) = supersaturated(worst(from_k)?) {
        return Ok(Some(FirstSolid {
            mineral,
            temperature_k: from_k,
            already: true,
        }));
    }
    let mut warm = from_k;
    while warm > to_k {
        let mut cold = (warm - STEP_K).max(to_k);
        if let Some((mut mineral, _)) = supersaturated(worst(cold)?) {
            while warm - cold > 1e-6 {
                let middle = 0.5 * (warm + cold);
                match supersaturated(worst(middle)?) {
                    Some((m, _)) => (cold, mineral) = (middle, m),
                    None => warm = middle,
                }
            }
            return Ok(Some(FirstSolid {
                mineral,
                temperature_k: cold,
                already: false,
            }));
        }
        warm = cold;
    }
    Ok(None)
}
