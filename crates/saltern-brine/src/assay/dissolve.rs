//! From an assay to the component amounts of the brine that holds 1 kg of liquid water.

use saltern_units::place::Place;

use super::error::Knows;
use super::{Analyte, Assay, AssayError, Balance, Composition, Notice};
use crate::database::{ComponentId, Database, HYDROGEN, WATER};
use crate::equilibrium::{Equilibrium, Protons, Solver};
use crate::water::MOLES_PER_KG;

/// A brine as the solver takes it.
#[derive(Clone, Debug)]
pub struct Brine {
    /// Id of the assay.
    pub id: String,
    /// Row of the assay.
    pub place: Place,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Component amounts with the proton excess filled in, mol, for 1 kg of liquid water.
    pub amounts_mol: Vec<f64>,
    /// The brine before anything happens to it, no solids; `None` where the amounts follow from the
    /// assay alone and nothing had to be solved.
    pub speciated: Option<Equilibrium>,
    /// 100 (Σ⁺ − Σ⁻)/(Σ⁺ + Σ⁻) in equivalents before balancing, %.
    pub charge_error_percent: f64,
    /// The analysis per kilogram of water.
    pub composition: Composition,
    /// What a reader should know about how the assay was taken.
    pub notices: Vec<Notice>,
}

/// How the acidity of a brine is known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Acidity {
    /// The proton excess is known from the analysis, mol.
    Excess(f64),
    /// The pH is imposed.
    Ph(f64),
    /// The pH and the alkalinity are known, total carbon is not.
    PhAndAlkalinity(f64, f64),
    /// The pH at which the brine is neutral.
    Balance,
}

impl Assay {
    /// The brine of this assay on the solver's database, balanced as asked; the solids that the
    /// solver allows play no part.
    ///
    /// # Errors
    /// [`AssayError`] at the assay's row.
    pub fn dissolve(&self, solver: &mut Solver<'_>, balance: Balance) -> Result<Brine, AssayError> {
        let mut dissolver = Dissolver {
            assay: self,
            database: solver.database(),
            solver,
            balance,
        };
        let composition = dissolver.composition()?;
        dissolver.brine(composition)
    }
}

impl Assay {
    /// What can be said against an assay without solving anything: a component that the database
    /// lacks, or weak acids without pH. Lets a long table be refused before any work is done.
    ///
    /// # Errors
    /// [`AssayError::UnknownToDatabase`], [`AssayError::PhNeeded`].
    pub fn check_against(&self, database: &Database, balance: Balance) -> Result<(), AssayError> {
        for x in self.analysed.iter().filter(|x| x.value != 0.0) {
            self.component(x.analyte, database)?;
        }
        let known = self.ph.is_some()
            || balance == Balance::Ph
            || self.given(&[Analyte::Alkalinity]).is_some();
        match self.given(&CARBON).or(self.given(&BORON)) {
            Some(weak) if !known => Err(AssayError::PhNeeded {
                place: self.place.clone(),
                name: weak.name(),
            }),
            _ => Ok(()),
        }
    }

    fn component(&self, analyte: Analyte, database: &Database) -> Result<ComponentId, AssayError> {
        analyte.component(database).ok_or_else(|| {
            let analysed = self.analysed.iter().find(|x| x.analyte == analyte);
            AssayError::UnknownToDatabase {
                place: self.place.clone(),
                name: analyte.name(),
                value: analysed.map_or(String::new(), |x| format!("{} {}", x.value, x.unit.symbol)),
                database: Box::new(Knows {
                    name: database.name.clone(),
                    known: known_to(database),
                }),
            }
        })
    }

    /// The first of some analytes that this assay has any of.
    fn given(&self, some: &[Analyte]) -> Option<Analyte> {
        let found = |a: &&Analyte| {
            self.analysed
                .iter()
                .any(|x| x.analyte == **a && x.value != 0.0)
        };
        some.iter().find(found).copied()
    }
}

const CARBON: [Analyte; 3] = [Analyte::C, Analyte::Hco3, Analyte::Co3];
const BORON: [Analyte; 3] = [Analyte::B, Analyte::B2o3, Analyte::H3bo3];

/// Everything that stays the same while one assay is dissolved.
struct Dissolver<'a, 'db> {
    assay: &'a Assay,
    database: &'db Database,
    solver: &'a mut Solver<'db>,
    balance: Balance,
}

impl Dissolver<'_, '_> {
    fn composition(&mut self) -> Result<Composition, AssayError> {
        match self.assay.density_kg_m3 {
            Some(density) => self.assay.per_kg_water(density),
            None if !self.assay.is_volumetric() => self.assay.per_kg_water(1.0),
            None => self
                .assay
                .with_model_density(&mut |composition| self.density(composition)),
        }
    }

    fn density(&mut self, composition: &Composition) -> Result<f64, AssayError> {
        let mut brine = self.brine(composition.clone())?;
        let speciated = match brine.speciated {
            Some(speciated) => speciated,
            None => self.speciate(&mut brine.amounts_mol, Protons::AsGiven)?,
        };
        Ok(speciated.density_kg_m3(self.database))
    }

    fn brine(&mut self, composition: Composition) -> Result<Brine, AssayError> {
        let mut notices = Vec::new();
        let mut amounts_mol = self.totals(&composition)?;
        let acidity = self.acidity(&composition, &mut amounts_mol, &mut notices)?;
        let mut speciated = self.solve(&mut amounts_mol, acidity)?;
        let charge_error_percent = self.charge_error(&composition, &amounts_mol, acidity);
        self.balance_ion(&mut amounts_mol, acidity, &mut speciated)?;
        Ok(Brine {
            id: self.assay.id.clone(),
            place: self.assay.place.clone(),
            temperature_k: self.assay.temperature_k,
            amounts_mol,
            speciated,
            charge_error_percent,
            composition,
            notices,
        })
    }

    /// Component totals without the proton excess, mol per kg of water.
    fn totals(&self, composition: &Composition) -> Result<Vec<f64>, AssayError> {
        let mut totals = vec![0.0; self.database.components.len()];
        totals[WATER] = MOLES_PER_KG;
        for &(analyte, molality) in &composition.molality_mol_kgw {
            if molality == 0.0 {
                continue;
            }
            let component = self.assay.component(analyte, self.database)?;
            if analyte != Analyte::Alkalinity {
                totals[component] += molality * analyte.atoms();
            }
        }
        Ok(totals)
    }

    /// How the acidity is known; puts in the carbon that only an alkalinity stands for.
    fn acidity(
        &self,
        composition: &Composition,
        totals: &mut [f64],
        notices: &mut Vec<Notice>,
    ) -> Result<Acidity, AssayError> {
        self.assay.check_against(self.database, self.balance)?;
        let given = self.assay.given(&[Analyte::Alkalinity]);
        let alkalinity = given.map(|_| composition.of(Analyte::Alkalinity));
        if let (Some(equivalents), None) = (alkalinity, self.assay.given(&CARBON)) {
            return self.carbon_from_alkalinity(equivalents, totals, notices);
        }
        Ok(match (self.balance, self.assay.ph, alkalinity) {
            (Balance::Ph, ..) => Acidity::Balance,
            (_, Some(ph), _) => Acidity::Ph(ph),
            (_, None, Some(equivalents)) => {
                Acidity::Excess(acid_free_alkalinity(self.database, totals) - equivalents)
            }
            (_, None, None) => Acidity::Excess(0.0),
        })
    }

    /// Alkalinity without a carbon analysis: carbon follows from the pH; without one it is taken as bicarbonate.
    fn carbon_from_alkalinity(
        &self,
        equivalents: f64,
        totals: &mut [f64],
        notices: &mut Vec<Notice>,
    ) -> Result<Acidity, AssayError> {
        if let (Some(ph), false) = (self.assay.ph, self.balance == Balance::Ph) {
            return Ok(Acidity::PhAndAlkalinity(ph, equivalents));
        }
        if equivalents > 0.0 {
            totals[self.assay.component(Analyte::Alkalinity, self.database)?] += equivalents;
            notices.push(Notice::AlkalinityTakenAsBicarbonate);
        }
        if self.balance == Balance::Ph {
            return Ok(Acidity::Balance);
        }
        Ok(Acidity::Excess(
            acid_free_alkalinity(self.database, totals) - equivalents,
        ))
    }

    /// Fills in the proton excess; solves where the analysis alone doesn't give it.
    fn solve(
        &mut self,
        amounts: &mut [f64],
        acidity: Acidity,
    ) -> Result<Option<Equilibrium>, AssayError> {
        match acidity {
            Acidity::Excess(excess) => {
                amounts[HYDROGEN] = excess;
                // Weak acids bind water; without them the kilogram of water is all liquid already.
                if !has_weak_acid(self.database, amounts) {
                    return Ok(None);
                }
            }
            Acidity::PhAndAlkalinity(ph, equivalents) => {
                self.find_carbon(amounts, ph, equivalents)?
            }
            Acidity::Ph(_) | Acidity::Balance => {}
        }
        self.speciate(amounts, acidity.protons()).map(Some)
    }

    /// Total carbon at which a brine of known pH has the given alkalinity. At fixed pH alkalinity is
    /// nearly linear in carbon, so a secant closes in within a few steps.
    fn find_carbon(
        &mut self,
        amounts: &mut [f64],
        ph: f64,
        equivalents: f64,
    ) -> Result<(), AssayError> {
        let carbon = self.assay.component(Analyte::Alkalinity, self.database)?;
        let mut missing = |carbon_mol: f64, amounts: &mut [f64]| {
            amounts[carbon] = carbon_mol;
            self.speciate(amounts, Protons::Ph(ph))?;
            Ok::<f64, AssayError>(equivalents - alkalinity(self.database, amounts))
        };
        let (mut x0, mut f0) = (0.0, missing(0.0, amounts)?);
        let mut x1 = equivalents.abs();
        for _ in 0..40 {
            let f1 = missing(x1, amounts)?;
            if f1.abs() <= 1e-12 * equivalents.abs().max(1e-6) || x1 == x0 || f1 == f0 {
                return Ok(());
            }
            let next = (x1 - f1 * (x1 - x0) / (f1 - f0)).max(0.0);
            (x0, f0, x1) = (x1, f1, next);
        }
        Err(AssayError::CannotBalance {
            place: self.assay.place.clone(),
            ion: "C".into(),
            needed_mol_kgw: x1,
        })
    }

    /// `charge_error` as the contract defines it.
    ///
    /// The weak acids count by the alkalinity that the solution carries where that is known, so that
    /// Σ⁺ − Σ⁻ is the charge carried on; where pH is yet to be found they count as analysed.
    fn charge_error(&self, composition: &Composition, amounts: &[f64], acidity: Acidity) -> f64 {
        let weak = match acidity {
            Acidity::Balance => match composition.of(Analyte::Alkalinity) {
                0.0 => composition.of(Analyte::Hco3) + 2.0 * composition.of(Analyte::Co3),
                equivalents => equivalents,
            },
            _ => alkalinity(self.database, amounts),
        };
        let (mut plus, mut minus) = (weak.min(0.0).abs(), weak.max(0.0));
        for (analyte, molality) in &composition.molality_mol_kgw {
            if matches!(analyte, Analyte::Alkalinity | Analyte::Hco3 | Analyte::Co3) {
                continue;
            }
            let equivalents = analyte.charge() * molality;
            plus += equivalents.max(0.0);
            minus -= equivalents.min(0.0);
        }
        if plus + minus > 0.0 {
            100.0 * (plus - minus) / (plus + minus)
        } else {
            0.0
        }
    }

    /// Adjusts the balancing ion, if one is asked for, until the charges cancel.
    fn balance_ion(
        &mut self,
        amounts: &mut [f64],
        acidity: Acidity,
        speciated: &mut Option<Equilibrium>,
    ) -> Result<(), AssayError> {
        let Balance::Ion(ion) = self.balance else {
            return Ok(());
        };
        let ion_charge = self.database.components[ion].formula.charge;
        let scale: f64 = amounts.iter().skip(HYDROGEN + 1).map(|n| n.abs()).sum();
        for _ in 0..BALANCE_ROUNDS {
            let excess = self.solver.charge_mol(amounts);
            if excess.abs() <= 1e-14 * scale {
                break;
            }
            amounts[ion] -= excess / ion_charge;
            if amounts[ion] < 0.0 {
                return Err(AssayError::CannotBalance {
                    place: self.assay.place.clone(),
                    ion: self.database.components[ion].name.clone(),
                    needed_mol_kgw: amounts[ion],
                });
            }
            // At an imposed pH the weak acids shift with the ion, so the proton excess is found anew.
            if speciated.is_some() {
                *speciated = Some(self.speciate(amounts, acidity.protons())?);
            }
        }
        Ok(())
    }

    /// Speciates so that 1 kg of water is liquid, beside what the species hold bound.
    fn speciate(
        &mut self,
        amounts: &mut [f64],
        protons: Protons,
    ) -> Result<Equilibrium, AssayError> {
        let mut rounds = 0;
        loop {
            let speciated = self
                .solver
                .speciate(amounts, self.assay.temperature_k, protons)
                .map_err(|error| AssayError::NoStart {
                    place: self.assay.place.clone(),
                    error,
                })?;
            let missing_kg = 1.0 - speciated.water_kg;
            rounds += 1;
            if missing_kg.abs() < LIQUID_WATER_TOLERANCE_KG || rounds == LIQUID_WATER_ROUNDS {
                return Ok(speciated);
            }
            amounts[WATER] += missing_kg * MOLES_PER_KG;
        }
    }
}

impl Acidity {
    fn protons(self) -> Protons {
        match self {
            Acidity::Excess(_) => Protons::AsGiven,
            Acidity::Ph(ph) | Acidity::PhAndAlkalinity(ph, _) => Protons::Ph(ph),
            Acidity::Balance => Protons::Electroneutral,
        }
    }
}

/// How far from 1 kg the liquid water of a brine may be; below what any activity shows.
const LIQUID_WATER_TOLERANCE_KG: f64 = 1e-12;
/// Bound water hardly depends on liquid water, so each round gains several digits.
const LIQUID_WATER_ROUNDS: usize = 12;
/// Rounds of balancing an ion at an imposed pH; each shrinks the residual by orders of magnitude.
const BALANCE_ROUNDS: usize = 40;

/// Alkalinity of component amounts to the CO2 end point, equivalents: what the components bring less
/// the proton excess.
pub fn alkalinity(database: &Database, amounts_mol: &[f64]) -> f64 {
    acid_free_alkalinity(database, amounts_mol) - amounts_mol[HYDROGEN]
}

/// Protons that the components of a brine could take up before its carbon is all CO2, mol.
fn acid_free_alkalinity(database: &Database, amounts_mol: &[f64]) -> f64 {
    database
        .components
        .iter()
        .zip(amounts_mol)
        .map(|(c, n)| protons_taken_up(&c.name) * n)
        .sum()
}

fn protons_taken_up(master_species: &str) -> f64 {
    match master_species {
        "CO3-2" => 2.0,
        "HCO3-" | "B(OH)4-" => 1.0,
        _ => 0.0,
    }
}

fn has_weak_acid(database: &Database, amounts_mol: &[f64]) -> bool {
    let weak = |element: &str| matches!(element, "C" | "B" | "Si");
    database
        .components
        .iter()
        .zip(amounts_mol)
        .any(|(c, n)| *n != 0.0 && weak(c.element.as_str()))
}

impl Analyte {
    /// The component of a database that carries this analyte.
    pub fn component(self, database: &Database) -> Option<ComponentId> {
        let by_name = self
            .master_species()
            .iter()
            .find_map(|name| database.component(name));
        by_name.or_else(|| database.component_of_element(self.element()))
    }
}

/// Analytes that a database has a component for.
pub fn known_to(database: &Database) -> Vec<String> {
    let known = |a: &Analyte| a.component(database).is_some();
    Analyte::ALL
        .iter()
        .filter(|a| known(a))
        .map(|a| a.name().to_string())
        .collect()
}
