//! What a unit is made of: powers of the base units, by which formulas are checked.

use crate::unit::{self, Dimension, Scale};

/// Powers of the base units. An angle and money are base units of their own, since nobody means to add them to ratios.
/// Kilograms of what (brine, water, a solute) is not told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Powers {
    /// m, kg, s, K, mol, CNY, deg.
    of: [i8; 7],
}

const SYMBOLS: [&str; 7] = ["m", "kg", "s", "K", "mol", "CNY", "deg"];

impl Powers {
    /// A number without unit.
    pub const NONE: Powers = Powers { of: [0; 7] };
    /// s.
    pub const TIME: Powers = Powers::new([0, 0, 1, 0, 0, 0, 0]);
    /// K.
    pub const TEMPERATURE: Powers = Powers::new([0, 0, 0, 1, 0, 0, 0]);

    const fn new(of: [i8; 7]) -> Powers {
        Powers { of }
    }

    /// Of a product.
    pub fn times(self, other: Powers) -> Powers {
        self.combined(other, 1)
    }

    /// Of a quotient.
    pub fn over(self, other: Powers) -> Powers {
        self.combined(other, -1)
    }

    // Powers of any real formula are small; beyond the range of a byte they stay at its end.
    fn combined(mut self, other: Powers, sign: i8) -> Powers {
        for (own, other) in self.of.iter_mut().zip(other.of) {
            *own = own.saturating_add(other.saturating_mul(sign));
        }
        self
    }

    /// Of a whole power; `None` beyond any real formula.
    pub fn raised(self, exponent: i8) -> Option<Powers> {
        let mut of = [0; 7];
        for (raised, own) in of.iter_mut().zip(self.of) {
            *raised = own.checked_mul(exponent)?;
        }
        Some(Powers { of })
    }

    /// Of a square root; `None` where a power is odd.
    pub fn root(self) -> Option<Powers> {
        let even = self.of.iter().all(|power| power % 2 == 0);
        even.then(|| Powers {
            of: self.of.map(|power| power / 2),
        })
    }

    /// As people write it, `kg/m3`; `1` where there is no unit.
    pub fn text(self) -> String {
        let side = |sign: i8| -> Vec<String> {
            let on_side = SYMBOLS
                .iter()
                .zip(self.of)
                .filter(|(_, p)| p.signum() == sign);
            on_side
                .map(|(symbol, power)| match power.unsigned_abs() {
                    1 => symbol.to_string(),
                    power => format!("{symbol}{power}"),
                })
                .collect()
        };
        let above = side(1).join("·");
        let above = if above.is_empty() { "1".into() } else { above };
        match side(-1) {
            below if below.is_empty() => above,
            below => format!("{above}/{}", below.join("/")),
        }
    }
}

impl Dimension {
    /// Powers of its SI unit.
    pub const fn powers(self) -> Powers {
        Powers::new(match self {
            Dimension::Fraction | Dimension::MassFraction => [0; 7],
            Dimension::Length => [1, 0, 0, 0, 0, 0, 0],
            Dimension::Area => [2, 0, 0, 0, 0, 0, 0],
            Dimension::Volume => [3, 0, 0, 0, 0, 0, 0],
            Dimension::VolumeFlow => [3, 0, -1, 0, 0, 0, 0],
            Dimension::Velocity => [1, 0, -1, 0, 0, 0, 0],
            Dimension::Temperature => [0, 0, 0, 1, 0, 0, 0],
            Dimension::Angle => [0, 0, 0, 0, 0, 0, 1],
            Dimension::Time => [0, 0, 1, 0, 0, 0, 0],
            Dimension::Mass => [0, 1, 0, 0, 0, 0, 0],
            Dimension::MassFlow => [0, 1, -1, 0, 0, 0, 0],
            Dimension::Density | Dimension::Concentration => [-3, 1, 0, 0, 0, 0, 0],
            Dimension::Molality => [0, -1, 0, 0, 1, 0, 0],
            Dimension::Molarity => [-3, 0, 0, 0, 1, 0, 0],
            Dimension::Pressure => [-1, 1, -2, 0, 0, 0, 0],
            Dimension::Power => [2, 1, -3, 0, 0, 0, 0],
            Dimension::Energy => [2, 1, -2, 0, 0, 0, 0],
            Dimension::SpecificEnergy => [2, 0, -2, 0, 0, 0, 0],
            Dimension::Irradiance => [0, 1, -3, 0, 0, 0, 0],
            Dimension::PowerDensity => [-1, 1, -3, 0, 0, 0, 0],
            Dimension::SpecificVolume => [3, -1, 0, 0, 0, 0, 0],
            Dimension::Rate => [0, 0, -1, 0, 0, 0, 0],
            Dimension::Money => [0, 0, 0, 0, 0, 1, 0],
            Dimension::EnergyPrice => [-2, -1, 2, 0, 0, 1, 0],
            Dimension::MassPrice => [0, -1, 0, 0, 0, 1, 0],
            Dimension::PowerPrice => [-2, -1, 3, 0, 0, 1, 0],
            Dimension::EmissionFactor => [-2, 0, 2, 0, 0, 0, 0],
        })
    }
}

/// A unit as a formula may write it: one of the table, or a product or quotient of such.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// How its numbers become SI.
    pub scale: Scale,
    /// What it is made of.
    pub powers: Powers,
}

/// Reads a unit: `mm/d`, `kWh/t`, `kg/m2`, `J/kg/K`. `None` where a part of it is not known, or has its zero elsewhere and
/// so can't be a part.
pub fn read(text: &str) -> Option<Written> {
    if let Some(unit) = unit::find_any(text) {
        return Some(Written {
            scale: unit.scale,
            powers: unit.dimension.powers(),
        });
    }
    let mut whole = (1.0, Powers::NONE);
    for (i, part) in text.split('/').enumerate() {
        for atom in part.split(['·', '*']) {
            let unit = unit::find_any(atom.trim())?;
            let Scale::Linear {
                factor,
                offset: 0.0,
            } = unit.scale
            else {
                return None;
            };
            let powers = unit.dimension.powers();
            whole = match i {
                0 => (whole.0 * factor, whole.1.times(powers)),
                _ => (whole.0 / factor, whole.1.over(powers)),
            };
        }
    }
    Some(Written {
        scale: Scale::Linear {
            factor: whole.0,
            offset: 0.0,
        },
        powers: whole.1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UNITS;

    #[test]
    fn powers_are_those_of_the_parts_of_each_unit() {
        // Read by parts, every unit that is written as a quotient is what its dimension says.
        for unit in UNITS.iter().filter(|unit| unit.symbol.contains('/')) {
            let parts: Option<Vec<_>> = unit.symbol.split('/').map(unit::find_any).collect();
            let Some(parts) = parts else { continue };
            let powers = parts[1..]
                .iter()
                .fold(parts[0].dimension.powers(), |powers, part| {
                    powers.over(part.dimension.powers())
                });
            assert_eq!(powers, unit.dimension.powers(), "{}", unit.symbol);
            let factor = parts[1..]
                .iter()
                .fold(parts[0].to_si(1.0), |factor, part| factor / part.to_si(1.0));
            assert!(
                (factor / unit.to_si(1.0) - 1.0).abs() < 1e-12,
                "{}",
                unit.symbol
            );
        }
    }

    #[test]
    fn units_that_no_table_holds_are_read_by_their_parts() {
        let read = |text: &str| {
            let written = read(text).expect(text);
            let Scale::Linear { factor, .. } = written.scale else {
                panic!("{text}")
            };
            (factor, written.powers.text())
        };
        assert_eq!(read("t/ha"), (0.1, "kg/m2".into()));
        assert_eq!(read("kg/m2/d"), (1.0 / 86_400.0, "kg/m2/s".into()));
        assert_eq!(read("m·m"), (1.0, "m2".into()));
        assert_eq!(super::read("furlong"), None);
        assert_eq!(super::read("degC/h"), None);
        assert_eq!(read("K/h").1, "K/s");
    }

    #[test]
    fn roots_and_powers_undo_each_other() {
        let area = Dimension::Area.powers();
        assert_eq!(area.root(), Some(Dimension::Length.powers()));
        assert_eq!(area.root().and_then(|p| p.raised(2)), Some(area));
        assert_eq!(Dimension::Volume.powers().root(), None);
        assert_eq!(area.raised(100), None);
        assert_eq!(Powers::NONE.text(), "1");
    }
}
