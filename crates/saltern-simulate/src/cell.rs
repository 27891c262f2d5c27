//! A mixed cell: one share of a pond, its brine and its floor.

use saltern_brine::database::WATER;
use saltern_brine::equilibrium::Equilibrium;

use crate::floor::{Brine, Floor};
use crate::matter::{Matter, WATER_KG_M3};

/// Depth of brine that stays on the salt whatever evaporates or drains, m (assumed: roughness of a
/// salt floor). Below it the cell counts as dry: evaporation, leakage and outflow stop.
pub(crate) const FILM_M: f64 = 0.002;

/// Specific heat of the salts dissolved in a brine, J/kg/K (assumed: with 4186 for the water it gives
/// 2900 J/kg/K for the carnallite-stage brine and within 3 % the tabulated NaCl and MgCl2 brines).
const DISSOLVED_HEAT_J_KG_K: f64 = 450.0;

/// Specific heat of water, J/kg/K.
const WATER_HEAT_J_KG_K: f64 = 4186.0;

/// State of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// Components of the free brine and of the pores of the reactive layer, mol.
    pub(crate) brine_mol: Vec<f64>,
    /// Volume of that brine, m³: mass over density at the last equilibrium, then moved by the flows.
    pub(crate) volume_m3: f64,
    /// The salt below.
    pub(crate) floor: Floor,
    /// Temperature at the end of the last hour, K.
    pub(crate) temperature_k: f64,
    /// Mean temperature of the day, K: that of the chemistry and of mixing.
    pub(crate) mean_k: f64,
    /// Water activity at the last equilibrium.
    pub(crate) water_activity: f64,
    /// Density at the last equilibrium, kg/m³.
    pub(crate) density_kg_m3: f64,
    /// The last equilibrium: where the next one starts.
    pub(crate) warm: Option<Equilibrium>,
    /// The minerals that were in contact with the brine, one bit each.
    pub(crate) assemblage: u128,
    /// Share of the pond's floor, m².
    pub(crate) area_m2: f64,
}

impl Cell {
    /// Volume of the film that stays, m³.
    pub(crate) fn film_m3(&self) -> f64 {
        FILM_M * self.area_m2
    }

    /// Brine above the salt, m³.
    pub(crate) fn free_m3(&self) -> f64 {
        (self.volume_m3 - self.floor.top_pores_m3()).max(0.0)
    }

    /// Brine that can flow, m³; negative where even the film is lacking.
    pub(crate) fn movable_m3(&self) -> f64 {
        self.volume_m3 - self.floor.top_pores_m3() - self.film_m3()
    }

    /// Whether only the film and the pores hold brine.
    pub(crate) fn is_dry(&self) -> bool {
        self.movable_m3() <= 0.1 * self.film_m3()
    }

    /// Heat capacity of a column of the free brine, J/m²/K.
    pub(crate) fn heat_capacity_j_m2_k(&self, matter: &Matter, wetted_m2: f64) -> f64 {
        let free_share = if self.volume_m3 > 0.0 {
            self.free_m3() / self.volume_m3
        } else {
            0.0
        };
        let water_kg = self.brine_mol[WATER] * matter.water_kg_mol();
        let salt_kg = matter.mass_kg(&self.brine_mol) - water_kg;
        free_share * (water_kg * WATER_HEAT_J_KG_K + salt_kg * DISSOLVED_HEAT_J_KG_K) / wetted_m2
    }

    /// Adds brine of another temperature; heat mixes by volume (ρ c_p of brines differs by 10 %).
    pub(crate) fn pour(&mut self, amounts_mol: &[f64], volume_m3: f64, mean_k: f64) {
        for (n, more) in self.brine_mol.iter_mut().zip(amounts_mol) {
            *n += more;
        }
        let total_m3 = self.volume_m3 + volume_m3;
        if total_m3 > 0.0 && volume_m3 > 0.0 {
            self.warm_by((mean_k - self.mean_k) * volume_m3 / total_m3);
        }
        self.volume_m3 = total_m3;
    }

    /// Shifts both temperatures.
    pub(crate) fn warm_by(&mut self, rise_k: f64) {
        self.mean_k += rise_k;
        self.temperature_k += rise_k;
    }

    /// Takes brine out into `amounts_mol` (overwritten); returns the volume taken, m³.
    pub(crate) fn draw(&mut self, volume_m3: f64, amounts_mol: &mut [f64]) -> f64 {
        let share = if self.volume_m3 > 0.0 {
            (volume_m3 / self.volume_m3).clamp(0.0, 1.0)
        } else {
            0.0
        };
        for (n, part) in self.brine_mol.iter_mut().zip(amounts_mol) {
            *part = *n * share;
            *n -= *part;
        }
        let drawn_m3 = self.volume_m3 * share;
        self.volume_m3 -= drawn_m3;
        drawn_m3
    }

    /// Adds water (rain, vapour taken up) or removes it; returns the moles added.
    pub(crate) fn add_water_kg(&mut self, matter: &Matter, water_kg: f64) -> f64 {
        let moles = water_kg / matter.water_kg_mol();
        self.brine_mol[WATER] += moles;
        self.volume_m3 += water_kg / WATER_KG_M3;
        moles
    }

    /// Brine and floor, to be changed together.
    pub(crate) fn turn_floor(&mut self, matter: &Matter) {
        let mut brine = Brine {
            amounts_mol: &mut self.brine_mol,
            volume_m3: &mut self.volume_m3,
        };
        self.floor.turn(matter, &mut brine);
    }
}
