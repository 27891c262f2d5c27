//! The ions of a phase diagram.

use std::fmt;

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::assay::Analyte;
use crate::database::{ComponentId, Database, HYDROGEN, MineralId, WATER};
use crate::formula::Formula;
use crate::message::catalogue;
use crate::substance::component_amounts_mol;

/// An ion as a diagram counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ion {
    /// Name without charge, `Mg`, `SO4`.
    pub name: String,
    /// Charge number.
    pub charge: f64,
    /// Component amounts, mol per mol of the ion, in component order.
    pub amounts_mol: Vec<f64>,
    /// Molar mass, kg/mol.
    pub molar_mass_kg_mol: f64,
}

/// A system of ions with water.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// Cations in the order given.
    pub cations: Vec<Ion>,
    /// Anions in the order given.
    pub anions: Vec<Ion>,
}

/// Why a system was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum SystemError {
    /// `diagram.unreadable_system`: neither `Na,K//Cl,SO4` nor `NaCl-KCl-H2O`.
    Unreadable {
        /// The text as given.
        text: String,
    },
    /// `diagram.unknown_ion`: no ion or salt of this name in the database.
    UnknownIon {
        /// The name as given.
        name: String,
        /// The database.
        database: String,
        /// Ions there are.
        known: Vec<String>,
    },
    /// `diagram.wrong_size`: the system does not fit on paper.
    WrongSize {
        /// The text of the system.
        system: String,
        /// Independent ratios of ions that are left.
        ratios: usize,
    },
    /// `diagram.bad_saturating`: the solid that is to be always present is not made of one cation and one anion of
    /// the system.
    BadSaturating {
        /// Its name.
        name: String,
        /// The text of the system.
        system: String,
    },
}

impl Message for SystemError {
    fn code(&self) -> &'static str {
        match self {
            SystemError::Unreadable { .. } => "diagram.unreadable_system",
            SystemError::UnknownIon { .. } => "diagram.unknown_ion",
            SystemError::WrongSize { .. } => "diagram.wrong_size",
            SystemError::BadSaturating { .. } => "diagram.bad_saturating",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            SystemError::Unreadable { text } => vec![("text", text.clone())],
            SystemError::UnknownIon {
                name,
                database,
                known,
            } => vec![
                ("name", name.clone()),
                ("database", database.clone()),
                ("known", lang.list(known)),
            ],
            SystemError::WrongSize { system, ratios } => {
                vec![("system", system.clone()), ("ratios", ratios.to_string())]
            }
            SystemError::BadSaturating { name, system } => {
                vec![("name", name.clone()), ("system", system.clone())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for SystemError {}

/// Ions beside those that an assay can name.
const MORE_IONS: [(&str, f64); 4] = [("OH", -1.0), ("B4O7", -2.0), ("BO2", -1.0), ("H", 1.0)];

impl Ion {
    /// The ion of a name (`Mg`, `SO4`, `HCO3`, `B4O7`), if the database can count it.
    pub fn named(database: &Database, name: &str) -> Option<Ion> {
        let more = MORE_IONS.iter().find(|(n, _)| *n == name).map(|(_, z)| *z);
        let charge = more.or_else(|| {
            Analyte::from_name(name)
                .map(Analyte::charge)
                .filter(|z| *z != 0.0)
        })?;
        let mut formula = Formula::parse(name).ok()?;
        formula.charge = charge;
        Some(Ion {
            name: name.to_string(),
            charge,
            amounts_mol: component_amounts_mol(database, &formula)?,
            molar_mass_kg_mol: formula.molar_mass_kg_mol(),
        })
    }

    /// Every ion that the database can count.
    fn all(database: &Database) -> Vec<Ion> {
        let analytes = Analyte::ALL.iter().map(|a| a.name());
        analytes
            .chain(MORE_IONS.iter().map(|(n, _)| *n))
            .filter_map(|name| Ion::named(database, name))
            .collect()
    }

    /// Moles of the ion that carry two charges: one of Mg, two of Na.
    pub fn pair(&self) -> f64 {
        2.0 / self.charge.abs()
    }

    /// Name of the amount that carries two charges: `Mg`, `Na2`, `(HCO3)2`.
    pub fn pair_name(&self) -> String {
        match (
            self.charge.abs(),
            self.name.chars().filter(|c| c.is_uppercase()).count(),
        ) {
            (2.0, _) => self.name.clone(),
            (_, 1) => format!("{}2", self.name),
            _ => format!("({})2", self.name),
        }
    }
}

impl System {
    /// From `Na,K,Mg//Cl,SO4`, or from salts joined by hyphens, `NaCl-KCl-H2O`.
    ///
    /// # Errors
    /// [`SystemError::Unreadable`], [`SystemError::UnknownIon`].
    pub fn parse(text: &str, database: &Database) -> Result<System, SystemError> {
        let unreadable = || SystemError::Unreadable { text: text.into() };
        let plain = text.trim().trim_end_matches("-H2O").replace(' ', "");
        let (cations, anions) = match plain.split_once("//") {
            Some((cations, anions)) => {
                (ions(cations, 1.0, database)?, ions(anions, -1.0, database)?)
            }
            None => ions_of_salts(&plain, database)?,
        };
        if cations.is_empty() || anions.is_empty() {
            return Err(unreadable());
        }
        Ok(System { cations, anions })
    }

    /// All ions, cations first.
    pub fn ions(&self) -> impl Iterator<Item = &Ion> {
        self.cations.iter().chain(&self.anions)
    }

    /// `Na, K, Mg // Cl, SO4`.
    pub fn name(&self) -> String {
        let list = |ions: &[Ion]| {
            let names: Vec<&str> = ions.iter().map(|i| i.name.as_str()).collect();
            names.join(", ")
        };
        format!("{} // {}", list(&self.cations), list(&self.anions))
    }

    /// Moles of each ion (cations first) in component amounts, by least squares; the water among the amounts
    /// does not count.
    pub fn ions_in_mol(&self, amounts_mol: &[f64]) -> Vec<f64> {
        let ions: Vec<&Ion> = self.ions().collect();
        let n = ions.len();
        let product =
            |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).skip(1).map(|(x, y)| x * y).sum() };
        let mut matrix = vec![0.0; n * n];
        let mut rhs = vec![0.0; n];
        for (i, ion) in ions.iter().enumerate() {
            for (j, other) in ions.iter().enumerate() {
                matrix[i * n + j] = product(&ion.amounts_mol, &other.amounts_mol);
            }
            rhs[i] = product(&ion.amounts_mol, amounts_mol);
        }
        let mut lu = saltern_numerics::lu::Lu::default();
        match lu.solve(&matrix, &mut rhs) {
            Ok(()) => rhs,
            Err(_) => vec![f64::NAN; n],
        }
    }

    /// Which ions make a solid, mol per mol (cations first), and its water; `None` if it holds anything else.
    pub fn ions_of_solid(
        &self,
        database: &Database,
        mineral: MineralId,
    ) -> Option<(Vec<f64>, f64)> {
        let mut amounts = vec![0.0; database.components.len()];
        for &(c, nu) in &database.minerals[mineral].dissolution {
            amounts[c] += nu;
        }
        let ions = self.ions_in_mol(&amounts);
        let mut rest = amounts;
        for (ion, n) in self.ions().zip(&ions) {
            for (a, b) in rest.iter_mut().zip(&ion.amounts_mol) {
                *a -= n * b;
            }
        }
        let water = rest[WATER];
        let foreign = rest.iter().skip(1).any(|r| r.abs() > 1e-9);
        (!foreign).then_some((ions, water))
    }

    /// Components that the ions can hold, beside water and hydrogen.
    pub fn components(&self) -> Vec<ComponentId> {
        let mut list: Vec<ComponentId> = self
            .ions()
            .flat_map(|ion| ion.amounts_mol.iter().enumerate())
            .filter(|(c, n)| *c > HYDROGEN && **n != 0.0)
            .map(|(c, _)| c)
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    }
}

fn unknown(name: &str, database: &Database) -> SystemError {
    SystemError::UnknownIon {
        name: name.into(),
        database: database.name.clone(),
        known: Ion::all(database).into_iter().map(|i| i.name).collect(),
    }
}

fn ions(list: &str, sign: f64, database: &Database) -> Result<Vec<Ion>, SystemError> {
    let mut ions: Vec<Ion> = Vec::new();
    for name in list.split(',').filter(|n| !n.is_empty()) {
        let ion = Ion::named(database, name)
            .filter(|i| i.charge * sign > 0.0)
            .ok_or_else(|| unknown(name, database))?;
        if !ions.contains(&ion) {
            ions.push(ion);
        }
    }
    Ok(ions)
}

type Sides = (Vec<Ion>, Vec<Ion>);

fn ions_of_salts(text: &str, database: &Database) -> Result<Sides, SystemError> {
    let known = Ion::all(database);
    let (mut cations, mut anions) = (Vec::new(), Vec::new());
    for name in text.split(['-', '–']).filter(|n| *n != "H2O") {
        let (cation, anion) = ions_of_salt(name, &known).ok_or_else(|| unknown(name, database))?;
        if !cations.contains(cation) {
            cations.push(cation.clone());
        }
        if !anions.contains(anion) {
            anions.push(anion.clone());
        }
    }
    Ok((cations, anions))
}

/// The two ions of a salt such as `MgCl2`.
fn ions_of_salt<'a>(name: &str, known: &'a [Ion]) -> Option<(&'a Ion, &'a Ion)> {
    let formula = Formula::parse(name).ok()?;
    let elements = |ion: &Ion| Formula::parse(&ion.name).unwrap_or_default();
    for cation in known.iter().filter(|i| i.charge > 0.0) {
        for anion in known.iter().filter(|i| i.charge < 0.0) {
            let mut salt = Formula::default();
            salt.add(1.0, &elements(cation));
            salt.add(-cation.charge / anion.charge, &elements(anion));
            // Any multiple will do: Na2SO4 for Na and half a sulfate.
            let factor = formula.molar_mass_kg_mol() / salt.molar_mass_kg_mol();
            let same = |(element, n): &(String, f64)| {
                (formula.count(element) - factor * n).abs() < 1e-6 * factor
            };
            if salt.elements.len() == formula.elements.len() && salt.elements.iter().all(same) {
                return Some((cation, anion));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermo::default_database;

    fn name(text: &str) -> Result<String, SystemError> {
        System::parse(text, &default_database()).map(|s| s.name())
    }

    #[test]
    fn systems_are_named_by_ions_or_salts() {
        assert_eq!(
            name("Na,K,Mg//Cl,SO4").as_deref(),
            Ok("Na, K, Mg // Cl, SO4")
        );
        assert_eq!(name("NaCl-KCl-H2O").as_deref(), Ok("Na, K // Cl"));
        assert_eq!(name("Na2SO4-MgSO4").as_deref(), Ok("Na, Mg // SO4"));
        assert_eq!(name("NaHCO3-Na2CO3-H2O").as_deref(), Ok("Na // HCO3, CO3"));
        assert_eq!(name("Li2SO4 - LiCl - H2O").as_deref(), Ok("Li // SO4, Cl"));
    }

    #[test]
    fn what_is_no_system_is_refused_in_both_languages() {
        for (text, code) in [
            ("Na//", "diagram.unreadable_system"),
            ("Fe//Cl", "diagram.unknown_ion"),
            ("Cl//Na", "diagram.unknown_ion"),
            ("NaCl-FeCl3-H2O", "diagram.unknown_ion"),
        ] {
            let error = name(text).expect_err(text);
            assert_eq!(error.code(), code);
            assert!(
                !error.text(Lang::Zh).contains('{'),
                "{}",
                error.text(Lang::Zh)
            );
        }
    }

    #[test]
    fn brines_and_solids_are_counted_in_ions() {
        let database = default_database();
        let system = System::parse("Na//HCO3,CO3", &database).expect("a system");
        let trona = database.mineral("Trona").expect("trona");
        let (ions, water) = system
            .ions_of_solid(&database, trona)
            .expect("of these ions");
        let expected = [3.0, 1.0, 1.0, 2.0];
        for (got, want) in ions.iter().chain([&water]).zip(expected) {
            assert!((got - want).abs() < 1e-12, "{ions:?} {water}");
        }
        let halite = database.mineral("Halite").expect("halite");
        assert_eq!(system.ions_of_solid(&database, halite), None);
    }
}
