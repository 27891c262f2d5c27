//! Viscosity of a brine.
//!
//! ```text
//! η/η0 = 1 + A √(Σ|z|m / 2) + f Σ (B_i m_i + D_i m_i n_i)
//! B = b0 + b1 e^(−b2 t),   D = d1 e^(−d2 t),   t in °C
//! n = (I^d3 (1 + fI) + ((z² + |z|)/2 · m)^d3) / (2 + fI),   fI = I/(3 d3);  −0.8/d3 for d3 < 1;  −1 for d3 ≤ 0.4
//! f = 2 − V_an/V_Cl, V_an the mean of tan·V over the anions
//! ```
//!
//! a modified Jones–Dole equation with the parameters of each species (Appelo 2017, Cem. Concr. Res. 101, 102, and
//! the notes at the end of PHREEQC's pitzer.dat). A is the electrostatic term of Falkenhagen & Dole as Falkenhagen &
//! Vernon 1932 (Phil. Mag. 14, 537) give it for two ions, here with the mean charge and diffusion coefficient of the cations and of
//! the anions. η0 is that of water, [`super::pure_water::viscosity_pa_s`].

use super::density::molar_volume_m3_mol;
use super::pure_water;
use crate::database::{Database, Species};
use crate::equilibrium::{Equilibrium, State};
use crate::water::Water;

/// Viscosity of water at 25 °C, Pa·s, to which the diffusion coefficients belong.
const WATER_AT_25C_PA_S: f64 = 0.8900239182946e-3;
/// Hottest temperature of the parameters, °C.
const HOTTEST_DEGC: f64 = 200.0;
/// Species with less than this are left out, mol/kgw.
const TRACE_MOL_KGW: f64 = 1e-9;

impl Equilibrium {
    /// Viscosity of the liquid, Pa·s; NaN when dry, and where the database has parameters for less than half of what is
    /// dissolved. Species without parameters count as nothing.
    pub fn viscosity_pa_s(&self, database: &Database) -> f64 {
        if self.state == State::Dry {
            return f64::NAN;
        }
        let water = Water::at(self.temperature_k);
        let pure = pure_water::viscosity_pa_s(self.temperature_k, water.density_kg_m3);
        let celsius = (self.temperature_k - 273.15).min(HOTTEST_DEGC);
        let (mut linear, mut higher) = (0.0, 0.0);
        let (mut known, mut all) = (0.0, 0.0);
        for (species, m) in self.dissolved(database) {
            all += m;
            let Some(terms) = &species.viscosity else {
                continue;
            };
            known += m;
            let (b, d) = jones_dole(
                terms,
                species.charge,
                m,
                self.ionic_strength_mol_kgw,
                celsius,
            );
            linear += b;
            higher += d;
        }
        if known < 0.5 * all {
            return f64::NAN;
        }
        let bulk = self.anion_factor(database, &water) * (linear + higher.max(0.0));
        pure * (1.0 + bulk + self.electrostatic(database, &water, pure))
    }

    fn dissolved<'a>(
        &'a self,
        database: &'a Database,
    ) -> impl Iterator<Item = (&'a Species, f64)> + 'a {
        let molalities = self.molality_mol_kgw.iter().copied();
        database
            .species
            .iter()
            .zip(molalities)
            .filter(|&(_, m)| m > TRACE_MOL_KGW)
    }

    /// 2 − V_an/V_Cl.
    fn anion_factor(&self, database: &Database, water: &Water) -> f64 {
        let volume = |species: &Species| {
            let terms = species.volume.as_ref()?;
            Some(molar_volume_m3_mol(
                terms,
                species.charge,
                water,
                self.temperature_k,
                self.ionic_strength_mol_kgw,
            ))
        };
        let (mut volumes, mut amount) = (0.0, 0.0);
        for (species, m) in self.dissolved(database) {
            let share = species.viscosity.map_or(0.0, |terms| terms[6]);
            if species.charge <= 0.0
                && share != 0.0
                && let Some(v) = volume(species)
            {
                volumes += v * share * m;
                amount += m;
            }
        }
        let chloride = database
            .species("Cl-")
            .and_then(|s| volume(&database.species[s]));
        match chloride {
            Some(v) if amount > 0.0 && v != 0.0 => 2.0 - volumes / amount / v,
            _ => 1.0,
        }
    }

    /// A √(equivalents).
    fn electrostatic(&self, database: &Database, water: &Water, pure_pa_s: f64) -> f64 {
        let t = self.temperature_k;
        let mut ions = [Side::default(); 2];
        for (species, m) in self.dissolved(database) {
            let Some([at_25c, factor_k]) = species.diffusion else {
                continue;
            };
            if species.charge == 0.0 || at_25c <= 0.0 {
                continue;
            }
            let mobility =
                at_25c * WATER_AT_25C_PA_S / pure_pa_s * (factor_k / t - factor_k / 298.15).exp();
            let side = &mut ions[usize::from(species.charge < 0.0)];
            side.amount += m;
            side.equivalents += m * species.charge.abs();
            side.slowness += m * species.charge.abs() / mobility;
        }
        let [cations, anions] = ions;
        if cations.amount == 0.0 || anions.amount == 0.0 {
            return 0.0;
        }
        let (z1, d1) = (cations.charge(), cations.diffusion());
        let (z2, d2) = (anions.charge(), anions.diffusion());
        let lag = (d1 - d2) / ((d1 * z1 + d2 * z2).sqrt() + ((d1 + d2) * (z1 + z2)).sqrt());
        let psi = (d1 * z2 + d2 * z1) / 4.0 - z1 * z2 * lag * lag;
        // 4.3787e-14 gathers e, ε0, k and Avogadro's number for η in mPa·s, D in m²/s.
        let a = 4.3787e-14 * t.powf(1.5)
            / ((water.dielectric * (z1 + z2) / z1.max(z2)).sqrt() * d1 * d2)
            * psi;
        1e-3 * a * ((cations.equivalents + anions.equivalents) / 2.0).sqrt() / pure_pa_s
    }
}

/// Sums over the cations or the anions.
#[derive(Clone, Copy, Default)]
struct Side {
    amount: f64,
    equivalents: f64,
    slowness: f64,
}

impl Side {
    fn charge(&self) -> f64 {
        self.equivalents / self.amount
    }

    fn diffusion(&self) -> f64 {
        self.equivalents / self.slowness
    }
}

/// B·m and D·m·n of one species.
fn jones_dole(
    terms: &[f64; 7],
    charge: f64,
    molality: f64,
    ionic_strength: f64,
    celsius: f64,
) -> (f64, f64) {
    let [b0, b1, b2, d1, d2, d3, _] = *terms;
    let b = b0 + b1 * (-b2 * celsius).exp();
    if d1 == 0.0 {
        return (b * molality, 0.0);
    }
    let z = charge.abs();
    let own = if z > 0.0 {
        0.5 * (z * z + z) * molality
    } else {
        ionic_strength
    };
    let others = match d3 {
        d3 if d3 >= 1.0 => ionic_strength / 3.0 / d3,
        d3 if d3 > 0.4 => -0.8 / d3,
        _ => -1.0,
    };
    let n = (ionic_strength.powf(d3) * (1.0 + others) + own.powf(d3)) / (2.0 + others);
    let d = d1 * (-d2 * celsius).exp() * molality * n;
    (b * molality, if d < -1e-5 { 0.0 } else { d })
}
