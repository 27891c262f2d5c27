//! From analysed concentrations to moles per kilogram of water.

use saltern_units::unit::Dimension;

use super::{Analysed, Analyte, Assay, AssayError};

/// What an assay says about one kilogram of water.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    /// mol (equivalents for alkalinity) per kg of water, in the order of the assay's columns.
    pub molality_mol_kgw: Vec<(Analyte, f64)>,
    /// Water in the brine, kg per kg of brine.
    pub water_kg_kg: f64,
    /// Density the volumetric units were converted with, kg/m³; `None` where none was needed.
    pub density_kg_m3: Option<f64>,
}

impl Composition {
    /// What was analysed of one analyte, mol per kg of water; zero where it wasn't.
    pub fn of(&self, analyte: Analyte) -> f64 {
        self.molality_mol_kgw
            .iter()
            .filter(|(a, _)| *a == analyte)
            .map(|(_, m)| m)
            .sum()
    }

    /// Mass of dissolved matter, kg per kg of water.
    pub fn salts_kg_kgw(&self) -> f64 {
        1.0 / self.water_kg_kg - 1.0
    }
}

impl Assay {
    /// Whether any component is given per volume of brine.
    pub fn is_volumetric(&self) -> bool {
        self.analysed
            .iter()
            .any(|x| x.value != 0.0 && x.is_volumetric())
    }

    /// Moles per kilogram of water, volumetric units converted with the given density in kg/m³.
    ///
    /// Water is what the dissolved matter leaves of the brine's mass.
    pub fn per_kg_water(&self, density_kg_m3: f64) -> Result<Composition, AssayError> {
        let (mut salts_kg_kg, mut salts_kg_kgw) = (0.0, 0.0);
        for x in &self.analysed {
            let solute_kg_mol = self.solute_kg_mol(x.analyte);
            match x.content(density_kg_m3) {
                Content::PerKgWater(mol) => salts_kg_kgw += mol * solute_kg_mol,
                Content::PerKgBrine(mol) => salts_kg_kg += mol * solute_kg_mol,
            }
        }
        let water_kg_kg = (1.0 - salts_kg_kg) / (1.0 + salts_kg_kgw);
        if water_kg_kg <= LEAST_WATER_KG_KG {
            return Err(AssayError::NoWater {
                place: self.place.clone(),
                salts_kg_kg,
            });
        }
        let molality = |x: &Analysed| match x.content(density_kg_m3) {
            Content::PerKgWater(mol) => mol,
            Content::PerKgBrine(mol) => mol / water_kg_kg,
        };
        Ok(Composition {
            molality_mol_kgw: self
                .analysed
                .iter()
                .map(|x| (x.analyte, molality(x)))
                .collect(),
            water_kg_kg,
            density_kg_m3: self.is_volumetric().then_some(density_kg_m3),
        })
    }

    /// Mass of a mole as dissolved. Alkalinity beside a carbon analysis is the same matter seen twice.
    fn solute_kg_mol(&self, analyte: Analyte) -> f64 {
        let carbon = [Analyte::C, Analyte::Hco3, Analyte::Co3];
        let counted = |x: &Analysed| x.value != 0.0 && carbon.contains(&x.analyte);
        if analyte == Analyte::Alkalinity && self.analysed.iter().any(counted) {
            return 0.0;
        }
        analyte.dissolved_mass_kg_mol()
    }

    /// Moles per kilogram of water, with the density iterated so that the model's own density of the
    /// resulting brine is the one used. `model` gives that density in kg/m³.
    pub fn with_model_density<E>(
        &self,
        model: &mut dyn FnMut(&Composition) -> Result<f64, E>,
    ) -> Result<Composition, E>
    where
        E: From<AssayError>,
    {
        let mut density = self.density_guess_kg_m3();
        let mut composition = self.per_kg_water(density)?;
        let mut excess = model(&composition)? - density;
        // A denser guess leaves more water in the litre and the model's density falls, hence the sign.
        let mut slope = -1.3;
        for _ in 0..DENSITY_ITERATIONS {
            let step = -excess / slope;
            density += step;
            composition = self.per_kg_water(density)?;
            let next = model(&composition)? - density;
            if next.abs() <= DENSITY_TOLERANCE * density {
                return Ok(composition);
            }
            // A secant slope outside the physical band is noise of the model.
            slope = ((next - excess) / step).clamp(-4.0, -0.8);
            excess = next;
        }
        Err(AssayError::NoDensity {
            place: self.place.clone(),
            density_kg_m3: density,
        }
        .into())
    }

    /// Density from the dissolved mass alone: NaCl brine gains about 0.66, MgCl2 brine 0.75 kg per kg of salt.
    fn density_guess_kg_m3(&self) -> f64 {
        let salts_kg_m3: f64 = self
            .analysed
            .iter()
            .filter(|x| x.is_volumetric())
            .map(|x| match x.content(1.0) {
                Content::PerKgBrine(mol_m3) => mol_m3 * x.analyte.molar_mass_kg_mol(),
                Content::PerKgWater(_) => 0.0,
            })
            .sum();
        997.0 + 0.7 * salts_kg_m3.clamp(0.0, 1500.0)
    }
}

/// Moles of an analyte.
enum Content {
    PerKgWater(f64),
    PerKgBrine(f64),
}

impl Analysed {
    fn is_volumetric(&self) -> bool {
        matches!(
            self.unit.dimension,
            Dimension::Concentration | Dimension::Molarity
        )
    }

    fn content(&self, density_kg_m3: f64) -> Content {
        let si = self.unit.to_si(self.value);
        let kg_mol = self.analyte.molar_mass_kg_mol();
        match self.unit.dimension {
            Dimension::Concentration => Content::PerKgBrine(si / density_kg_m3 / kg_mol),
            Dimension::Molarity => Content::PerKgBrine(si / density_kg_m3),
            Dimension::MassFraction => Content::PerKgBrine(si / kg_mol),
            // `DIMENSIONS` holds nothing else.
            _ => Content::PerKgWater(si),
        }
    }
}

/// A brine with less water than this is a slip of units: saturated lithium bromide, the extreme, has 0.37.
const LEAST_WATER_KG_KG: f64 = 0.2;
/// Secant steps; four are usual.
const DENSITY_ITERATIONS: usize = 30;
/// Relative change of density at which iteration ends; far below what a densimeter shows.
const DENSITY_TOLERANCE: f64 = 1e-10;
