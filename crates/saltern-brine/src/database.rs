//! What a thermodynamic database holds: components, species, minerals, interaction parameters.
//!
//! The types here are plain data. [`crate::phreeqc`] reads PHREEQC Pitzer files into them and
//! [`crate::thermo`] reads our own tables; nothing here knows a file.

use std::f64::consts::LN_10;

use crate::formula::Formula;

/// Index of a component (a master species) in [`Database::components`].
pub type ComponentId = usize;
/// Index of an aqueous species in [`Database::species`].
pub type SpeciesId = usize;
/// Index of a mineral in [`Database::minerals`].
pub type MineralId = usize;

/// The water component is always the first.
pub const WATER: ComponentId = 0;
/// The hydrogen-ion component is always the second.
pub const HYDROGEN: ComponentId = 1;

/// Reference temperature of every parameter expression, K.
pub const REFERENCE_TEMPERATURE_K: f64 = 298.15;

/// A thermodynamic database: everything in it is resolved to indices.
#[derive(Clone, Debug, Default)]
pub struct Database {
    /// Name shown to people: the file name, or `default`.
    pub name: String,
    /// Components (master species): `H2O` is [`WATER`], `H+` is [`HYDROGEN`].
    pub components: Vec<Component>,
    /// Aqueous species other than water. The master species of component `c > 0` is
    /// `components[c].species`.
    pub species: Vec<Species>,
    /// Pure solids.
    pub minerals: Vec<Mineral>,
    /// Solids that mix, in groups.
    pub solid_solutions: Vec<SolidSolution>,
    /// Pitzer interaction parameters, one a row.
    pub interactions: Vec<Interaction>,
    /// Sources named by [`Provenance::source`], in order of first use.
    pub sources: Vec<Source>,
    /// The Debye–Hückel slope A_φ as a temperature function with the terms of [`Interaction`], where
    /// the database sets its own (`-APHI` of ColdChem.dat); `None` means the model's.
    pub a_phi: Option<[f64; 6]>,
    /// What the reader left out and why, one sentence each (`Hdg: not a formula of known elements`).
    pub left_out: Vec<String>,
}

/// A component: the basis in which amounts are counted.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name of the master species, `Na+`, `SO4-2`, `B(OH)3`.
    pub name: String,
    /// Element or group whose total it carries, `Na`, `S`, `C`, `B`.
    pub element: String,
    /// The master species; `None` for water.
    pub species: Option<SpeciesId>,
    /// Elements and charge of one mole of the component.
    pub formula: Formula,
    /// Molar mass, kg/mol.
    pub molar_mass_kg_mol: f64,
}

/// An aqueous species.
#[derive(Clone, Debug, Default)]
pub struct Species {
    /// Name, `HCO3-`.
    pub name: String,
    /// Charge number.
    pub charge: f64,
    /// Formation reaction from components, mol component per mol species (water included).
    pub formation: Vec<(ComponentId, f64)>,
    /// log10 K of the formation reaction.
    pub log_k: LogK,
    /// Apparent molar volume parameters, if given.
    pub volume: Option<VolumeTerms>,
    /// Jones–Dole viscosity parameters of PHREEQC (`-viscosity b0 b1 b2 d1 d2 d3 tan`), if given.
    pub viscosity: Option<[f64; 7]>,
    /// Tracer diffusion coefficient at 25 °C, m²/s, and its temperature factor, K (`-dw` of PHREEQC:
    /// D(T) ∝ exp(factor/T − factor/298.15) before the correction for the viscosity of water), if given.
    pub diffusion: Option<[f64; 2]>,
    /// Heat capacity at infinite dilution, of master species, if given.
    pub heat_capacity: Option<HeatCapacityTerms>,
    /// Where the numbers of the reaction come from.
    pub provenance: Provenance,
    /// Sources of volume, viscosity and heat capacity, as indices into [`Database::sources`].
    pub property_sources: [Option<usize>; 3],
}

/// A pure solid.
#[derive(Clone, Debug)]
pub struct Mineral {
    /// Name as the database spells it.
    pub name: String,
    /// Chemical formula as written, `KMgCl3:6H2O`.
    pub formula_text: String,
    /// Dissolution reaction, mol component per mol mineral (water included).
    pub dissolution: Vec<(ComponentId, f64)>,
    /// log10 K of the dissolution reaction.
    pub log_k: LogK,
    /// Molar volume, m³/mol, if given.
    pub molar_volume_m3_mol: Option<f64>,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// A crystal in which some ions take each other's places: its members are minerals of their own right in
/// [`Database::minerals`], and mix as a regular solution.
#[derive(Clone, Debug, PartialEq)]
pub struct SolidSolution {
    /// Name, `Carnallite (K,Rb)`.
    pub name: String,
    /// The end-members.
    pub members: Vec<MineralId>,
    /// Mixing sites in a formula unit: 1 for (K,Rb)Cl, 2 for (K,Rb)2SO4.
    pub sites: f64,
    /// Regular interactions of pairs of members.
    pub interactions: Vec<MixingEnergy>,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// How two members of a solid solution get on: W = W0 + W1 T, J per mol of sites.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixingEnergy {
    /// The two members.
    pub members: [MineralId; 2],
    /// W0, J/mol.
    pub constant_j_mol: f64,
    /// W1, J/(mol K).
    pub slope_j_mol_k: f64,
}

impl MixingEnergy {
    /// W/(R T) at a temperature in K.
    pub fn over_rt(&self, temperature_k: f64) -> f64 {
        (self.constant_j_mol / temperature_k + self.slope_j_mol_k) / GAS_CONSTANT_J_MOL_K
    }

    /// d(W/(R T))/dT, 1/K.
    pub fn over_rt_slope(&self, temperature_k: f64) -> f64 {
        -self.constant_j_mol / (GAS_CONSTANT_J_MOL_K * temperature_k * temperature_k)
    }
}

/// log10 K = A1 + A2·T + A3/T + A4·log10 T + A5/T² + A6·T², T in K.
///
/// A van 't Hoff expression (log K at 25 °C and a reaction enthalpy) is the case A2 = A4 = A5 = A6 = 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LogK(pub [f64; 6]);

/// One Pitzer parameter for a pair or triple of species:
/// P(T) = a0 + a1(1/T − 1/Tr) + a2 ln(T/Tr) + a3(T − Tr) + a4(T² − Tr²) + a5(1/T² − 1/Tr²).
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Which coefficient it is.
    pub kind: InteractionKind,
    /// The species it acts between; the third is `None` for pairs. Readers store them in one order:
    /// cation then anion; for θ and ψ the two like ions, then the other; a neutral before ions.
    pub species: (SpeciesId, SpeciesId, Option<SpeciesId>),
    /// a0 … a5 of the temperature function.
    pub terms: [f64; 6],
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// The Pitzer coefficients, named as in Harvie, Møller and Weare (1984).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InteractionKind {
    /// β(0) of a cation–anion pair.
    Beta0,
    /// β(1) of a cation–anion pair.
    Beta1,
    /// β(2) of a cation–anion pair.
    Beta2,
    /// C^φ of a cation–anion pair.
    CPhi,
    /// θ of two ions of like sign.
    Theta,
    /// λ of a neutral species with any species.
    Lambda,
    /// ψ of two like ions and one of the other sign.
    Psi,
    /// ζ of a neutral species with a cation and an anion.
    Zeta,
    /// μ of three neutral species.
    Mu,
    /// η of a neutral species with two like ions.
    Eta,
    /// α1 and α2 of a cation–anion pair, in `terms[0]` and `terms[1]`, where the database sets them.
    Alphas,
}

/// PHREEQC's apparent molar volume: `a1 a2 a3 a4 W a0 i1 i2 i3 i4` (cal, bar, K units as in the file).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VolumeTerms(pub [f64; 10]);

/// Molar heat capacity at infinite dilution, J/(mol K), with Cp of H+ zero at all temperatures:
/// Cp = c0 + c1/(T − 215)² + c2 (T − 298.15) + c3 (T − 298.15)², T in K.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatCapacityTerms(pub [f64; 4]);

/// Where a number comes from and where it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// Index into [`Database::sources`].
    pub source: Option<usize>,
    /// Lowest temperature of the fit, K.
    pub temperature_k_min: Option<f64>,
    /// Highest temperature of the fit, K.
    pub temperature_k_max: Option<f64>,
    /// Free remark (`assumed`, `estimated from …`).
    pub note: String,
}

/// A source of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Short key, `appelo2015`.
    pub key: String,
    /// Full reference.
    pub reference: String,
}

/// Gas constant (CODATA 2018), J/(mol K).
pub const GAS_CONSTANT_J_MOL_K: f64 = 8.314462618;

impl HeatCapacityTerms {
    /// Pole of the steep term, K.
    const POLE_K: f64 = 215.0;

    /// Heat capacity, J/(mol K), at a temperature in K.
    pub fn at(&self, temperature_k: f64) -> f64 {
        let [c0, c1, c2, c3] = self.0;
        let x = temperature_k - REFERENCE_TEMPERATURE_K;
        c0 + c1 / (temperature_k - Self::POLE_K).powi(2) + c2 * x + c3 * x * x
    }

    /// Enthalpy above 0 °C, J/mol: the integral of the heat capacity from 273.15 K.
    pub fn enthalpy_j_mol(&self, temperature_k: f64) -> f64 {
        self.antiderivative(temperature_k) - self.antiderivative(273.15)
    }

    fn antiderivative(&self, temperature_k: f64) -> f64 {
        let [c0, c1, c2, c3] = self.0;
        let x = temperature_k - REFERENCE_TEMPERATURE_K;
        x * (c0 + c2 * x / 2.0 + c3 * x * x / 3.0) - c1 / (temperature_k - Self::POLE_K)
    }
}

/// A solid whose range ends at or below this is a cold one, K.
const COLD_TOP_K: f64 = 283.15;
/// How far above its range a cold solid is still believed, K.
const COLD_REACH_K: f64 = 20.0;

impl Mineral {
    /// Whether the solid may form at a temperature in K: the log K of cold hydrates and of ice is an extrapolation
    /// that means nothing far above their range.
    pub fn is_candidate_at(&self, temperature_k: f64) -> bool {
        let top = self.provenance.temperature_k_max;
        top.is_none_or(|top| top > COLD_TOP_K || temperature_k <= top + COLD_REACH_K)
    }
}

impl LogK {
    /// log10 K at a temperature in K.
    pub fn at(&self, temperature_k: f64) -> f64 {
        self.over(&LogK::basis(temperature_k))
    }

    /// The six functions of temperature that the terms multiply, at a temperature in K.
    pub fn basis(temperature_k: f64) -> [f64; 6] {
        let t = temperature_k;
        [1.0, t, 1.0 / t, t.log10(), 1.0 / (t * t), t * t]
    }

    /// log10 K over a basis that [`LogK::basis`] gave.
    pub fn over(&self, basis: &[f64; 6]) -> f64 {
        self.0.iter().zip(basis).map(|(a, b)| a * b).sum()
    }

    /// From log10 K at 25 °C and the reaction enthalpy in kJ/mol (van 't Hoff).
    ///
    /// R = 8.3147 J/(mol K), the value PHREEQC uses, so that the same file gives the same K.
    pub fn van_t_hoff(log10_k_25c: f64, enthalpy_kj_mol: f64) -> Self {
        let slope = -enthalpy_kj_mol / (LN_10 * 8.3147e-3);
        LogK([
            log10_k_25c - slope / REFERENCE_TEMPERATURE_K,
            0.0,
            slope,
            0.0,
            0.0,
            0.0,
        ])
    }

    /// d ln K/dT, 1/K.
    pub fn ln_slope(&self, temperature_k: f64) -> f64 {
        self.enthalpy_j_mol(temperature_k) / (GAS_CONSTANT_J_MOL_K * temperature_k * temperature_k)
    }

    /// Reaction enthalpy RT² d ln K/dT, J/mol.
    pub fn enthalpy_j_mol(&self, temperature_k: f64) -> f64 {
        let [_, a2, a3, a4, a5, a6] = self.0;
        let t = temperature_k;
        let per_ln10 = a2 * t * t - a3 + a4 * t / LN_10 - 2.0 * a5 / t + 2.0 * a6 * t.powi(3);
        GAS_CONSTANT_J_MOL_K * LN_10 * per_ln10
    }

    /// Reaction heat capacity, the derivative of [`LogK::enthalpy_j_mol`], J/(mol K).
    pub fn heat_capacity_j_mol_k(&self, temperature_k: f64) -> f64 {
        let [_, a2, _, a4, a5, a6] = self.0;
        let t = temperature_k;
        let per_ln10 = 2.0 * a2 * t + a4 / LN_10 + 2.0 * a5 / (t * t) + 6.0 * a6 * t * t;
        GAS_CONSTANT_J_MOL_K * LN_10 * per_ln10
    }

    /// log K of two reactions added with the given weights.
    pub fn plus(&self, weight: f64, other: &LogK) -> Self {
        LogK(std::array::from_fn(|i| self.0[i] + weight * other.0[i]))
    }
}

impl Interaction {
    /// Value at a temperature in K.
    pub fn at(&self, temperature_k: f64) -> f64 {
        let basis = Interaction::basis(temperature_k);
        self.terms.iter().zip(&basis).map(|(a, b)| a * b).sum()
    }

    /// The six functions of temperature that the terms of a parameter multiply, at a temperature in K.
    pub fn basis(temperature_k: f64) -> [f64; 6] {
        let (t, tr) = (temperature_k, REFERENCE_TEMPERATURE_K);
        [
            1.0,
            1.0 / t - 1.0 / tr,
            (t / tr).ln(),
            t - tr,
            t * t - tr * tr,
            1.0 / (t * t) - 1.0 / (tr * tr),
        ]
    }

    /// The derivatives of [`Interaction::basis`] by temperature, 1/K.
    pub fn basis_slope(temperature_k: f64) -> [f64; 6] {
        let t = temperature_k;
        [
            0.0,
            -1.0 / (t * t),
            1.0 / t,
            1.0,
            2.0 * t,
            -2.0 / (t * t * t),
        ]
    }
}

impl Database {
    /// Index of a component by the name of its master species.
    pub fn component(&self, name: &str) -> Option<ComponentId> {
        self.components.iter().position(|c| c.name == name)
    }

    /// Index of the component that carries an element or group total (`Na`, `S`, `C`, `B`).
    pub fn component_of_element(&self, element: &str) -> Option<ComponentId> {
        self.components.iter().position(|c| c.element == element)
    }

    /// Index of a species by name.
    pub fn species(&self, name: &str) -> Option<SpeciesId> {
        self.species.iter().position(|s| s.name == name)
    }

    /// Molar mass of a reaction's right-hand side (a formation or dissolution), kg/mol.
    pub fn reaction_mass_kg_mol(&self, reaction: &[(ComponentId, f64)]) -> f64 {
        reaction
            .iter()
            .map(|&(c, nu)| nu * self.components[c].molar_mass_kg_mol)
            .sum()
    }

    /// Index of a mineral by name, as the database spells it.
    pub fn mineral(&self, name: &str) -> Option<MineralId> {
        self.minerals.iter().position(|m| m.name == name)
    }
}
