//! Units of figures: quotients of mass, volume, energy, money and CO2e, checked where figures are added and converted.
//!
//! Values are SI: kg, m³, J, CNY, kg CO2e. A cubic metre is a unit of its own here, since nobody means its cube root, and so
//! is a kilogram of CO2e, since it must not be added to a kilogram of salt. Standard coal is an energy: 1 kgce =
//! 29 307 kJ (GB/T 2589).

use crate::error::AccountError;
use saltern_units::unit::{Dimension, UNITS, Unit};

/// Powers of the base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Basis {
    /// kg.
    pub mass: i8,
    /// m³.
    pub volume: i8,
    /// J.
    pub energy: i8,
    /// CNY.
    pub money: i8,
    /// kg CO2e.
    pub co2e: i8,
}

/// A unit: its base units and how many of them it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Base units in one of this.
    pub factor: f64,
    /// Base units.
    pub basis: Basis,
}

/// Mass.
pub const MASS: Basis = Basis { mass: 1, ..RATIO };
/// Volume.
pub const VOLUME: Basis = Basis { volume: 1, ..RATIO };
/// Energy.
pub const ENERGY: Basis = Basis { energy: 1, ..RATIO };
/// CO2e.
pub const CO2E: Basis = Basis { co2e: 1, ..RATIO };
/// A ratio, without unit.
pub const RATIO: Basis = Basis {
    mass: 0,
    volume: 0,
    energy: 0,
    money: 0,
    co2e: 0,
};

/// Units that only accounts know: symbol, base units, factor.
const OWN: &[(&str, Basis, f64)] = &[
    ("kgCO2e", CO2E, 1.0),
    ("kgCO2", CO2E, 1.0),
    ("gCO2e", CO2E, 1e-3),
    ("gCO2", CO2E, 1e-3),
    ("tCO2e", CO2E, 1e3),
    ("tCO2", CO2E, 1e3),
    ("kgce", ENERGY, STANDARD_COAL_J_KG),
    ("tce", ENERGY, 1e3 * STANDARD_COAL_J_KG),
    ("CNY", MONEY, 1.0),
    ("元", MONEY, 1.0),
    ("万元", MONEY, 1e4),
];

const MONEY: Basis = Basis { money: 1, ..RATIO };
/// Standard coal: 29 307 kJ/kg.
const STANDARD_COAL_J_KG: f64 = 29_307e3;

impl Basis {
    /// Base units of a product (`sign` 1) or quotient (−1).
    pub fn times(self, other: Basis, sign: i8) -> Basis {
        // Powers of any real formula are small; beyond the range of a byte they stay at its end.
        let sum = |a: i8, b: i8| a.saturating_add(b.saturating_mul(sign));
        Basis {
            mass: sum(self.mass, other.mass),
            volume: sum(self.volume, other.volume),
            energy: sum(self.energy, other.energy),
            money: sum(self.money, other.money),
            co2e: sum(self.co2e, other.co2e),
        }
    }

    /// As people write it: `kg/m3`; `1` for a ratio.
    pub fn text(self) -> String {
        let powers = [
            ("kgCO2e", self.co2e),
            ("CNY", self.money),
            ("J", self.energy),
            ("kg", self.mass),
            ("m3", self.volume),
        ];
        let side = |sign: i8| -> Vec<String> {
            let on_side = powers.iter().filter(|(_, p)| p.signum() == sign);
            on_side
                .map(|(name, p)| match p.unsigned_abs() {
                    1 => name.to_string(),
                    n => format!("{name}^{n}"),
                })
                .collect()
        };
        let (above, below) = (side(1), side(-1));
        let above = if above.is_empty() {
            "1".into()
        } else {
            above.join("·")
        };
        match below.is_empty() {
            true => above,
            false => format!("{above}/{}", below.join("/")),
        }
    }
}

impl Measure {
    /// Reads a unit: `kWh/t`, `kgCO2e/kWh`, `%`, `1`.
    ///
    /// # Errors
    /// [`AccountError::UnknownUnit`].
    pub fn read(text: &str) -> Result<Measure, AccountError> {
        let unknown = || AccountError::UnknownUnit { unit: text.into() };
        let mut measure = Measure {
            factor: 1.0,
            basis: RATIO,
        };
        // A quotient that is one unit (t/t, kg/kg) reads the same either way.
        for (i, part) in text.trim().split('/').enumerate() {
            let sign = if i == 0 { 1 } else { -1 };
            for atom in part.split(['·', '*']) {
                let one = atom_of(atom.trim()).ok_or_else(unknown)?;
                measure.factor *= one.factor.powi(i32::from(sign));
                measure.basis = measure.basis.times(one.basis, sign);
            }
        }
        Ok(measure)
    }
}

fn atom_of(symbol: &str) -> Option<Measure> {
    if let Some((_, basis, factor)) = OWN.iter().find(|(own, ..)| *own == symbol) {
        return Some(Measure {
            factor: *factor,
            basis: *basis,
        });
    }
    let bases = [
        (Dimension::Mass, MASS),
        (Dimension::Volume, VOLUME),
        (Dimension::Energy, ENERGY),
        (Dimension::Fraction, RATIO),
    ];
    let written = |unit: &&Unit| unit.symbol == symbol || unit.aliases.contains(&symbol);
    bases.iter().find_map(|(dimension, basis)| {
        let unit = UNITS
            .iter()
            .filter(|u| u.dimension == *dimension)
            .find(written)?;
        Some(Measure {
            factor: unit.to_si(1.0),
            basis: *basis,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_read_with_their_base_units() {
        let read = |text: &str| {
            let m = Measure::read(text).unwrap();
            (m.factor, m.basis.text())
        };
        assert_eq!(read("m3/t"), (1e-3, "m3/kg".into()));
        assert_eq!(read("kgCO2e/kWh"), (1.0 / 3.6e6, "kgCO2e/J".into()));
        assert_eq!(read("%"), (0.01, "1".into()));
        assert_eq!(read("万元/m3"), (1e4, "CNY/m3".into()));
        assert_eq!(read("kg/kg"), (1.0, "1".into()));
        // 1 kWh is 0.12284 kg of standard coal; the coefficient 0.1229 of GB/T 2589 is that, rounded.
        assert!((3.6e6 / read("kgce").0 - 0.1229).abs() < 1e-4);
        assert_eq!(
            Measure::read("furlong").unwrap_err().code(),
            "account.unknown_unit"
        );
    }
}
