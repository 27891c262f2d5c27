//! Apparent molar volumes and density.
//!
//! ```text
//! V_m(T, I) = 41.84 (a1·0.1 + a2·100/(2600+P) + a3/(T−228) + a4·1e4/((2600+P)(T−228)) − W·1e5·Q)
//!           + z²/2 · A_v √I/(1 + a0 B √I) + (i1 + i2/(T−228) + i3 (T−228)) I^i4      cm³/mol, P in bar
//! ```
//!
//! (Appelo, Parkhurst & Post 2014, Geochim. Cosmochim. Acta 125, 49, eqs. 9–12, after the HKF form of
//! Johnson, Oelkers & Helgeson 1992). Species without parameters count with no volume, as in PHREEQC.

use crate::database::{Database, VolumeTerms};
use crate::equilibrium::{Equilibrium, State};
use crate::water::Water;

/// Pressure of all calculations, bar.
const PRESSURE_BAR: f64 = 1.01325;
/// cal/bar to cm³.
const CM3_BAR_PER_CAL: f64 = 41.84;

/// Apparent molar volume of a species, m³/mol, at a temperature in K and an ionic strength in mol/kgw.
pub fn molar_volume_m3_mol(
    terms: &VolumeTerms,
    charge: f64,
    water: &Water,
    temperature_k: f64,
    ionic_strength: f64,
) -> f64 {
    let [a1, a2, a3, a4, w, a0, i1, i2, i3, i4] = terms.0;
    let pressure = 2600.0 + PRESSURE_BAR;
    let tau = temperature_k - 228.0;
    let infinite_dilution = CM3_BAR_PER_CAL
        * (0.1 * a1 + 100.0 * a2 / pressure + a3 / tau + 1e4 * a4 / (pressure * tau)
            - 1e5 * w * water.q_born);
    let root = ionic_strength.sqrt();
    let limiting = 0.5 * charge * charge * water.a_v * root / (1.0 + a0 * water.debye_b * root);
    let slope = i1 + i2 / tau + i3 * tau;
    let specific = if slope != 0.0 {
        slope * ionic_strength.powf(i4)
    } else {
        0.0
    };
    let ionic = if charge == 0.0 {
        0.0
    } else {
        limiting + specific
    };
    (infinite_dilution + ionic) * 1e-6
}

impl Equilibrium {
    /// Density of the liquid, kg/m³; NaN when dry.
    pub fn density_kg_m3(&self, database: &Database) -> f64 {
        if self.state == State::Dry {
            return f64::NAN;
        }
        let (mass, volume) = self.mass_and_volume_per_kgw(database);
        mass / volume
    }

    /// Volume of the liquid, m³ (zero when dry).
    pub fn liquid_volume_m3(&self, database: &Database) -> f64 {
        if self.state == State::Dry {
            0.0
        } else {
            self.water_kg * self.mass_and_volume_per_kgw(database).1
        }
    }

    /// Mass of the brine that holds 1 kg of water, kg.
    pub fn brine_kg_kgw(&self, database: &Database) -> f64 {
        let dissolved = database.species.iter().zip(&self.molality_mol_kgw);
        1.0 + dissolved
            .filter(|&(_, &m)| m > 0.0)
            .map(|(species, m)| m * database.reaction_mass_kg_mol(&species.formation))
            .sum::<f64>()
    }

    /// Mass, kg, and volume, m³, of the brine that holds 1 kg of water.
    fn mass_and_volume_per_kgw(&self, database: &Database) -> (f64, f64) {
        let water = Water::at(self.temperature_k);
        let (mut mass, mut volume) = (1.0, 1.0 / water.density_kg_m3);
        for (species, &m) in database.species.iter().zip(&self.molality_mol_kgw) {
            if m > 0.0 {
                mass += m * database.reaction_mass_kg_mol(&species.formation);
                if let Some(terms) = &species.volume {
                    volume += m * molar_volume_m3_mol(
                        terms,
                        species.charge,
                        &water,
                        self.temperature_k,
                        self.ionic_strength_mol_kgw,
                    );
                }
            }
        }
        (mass, volume)
    }
}
