//! The table of units: symbol, dimension and how to get to SI. Adding a unit is adding a row.

use crate::message::{Lang, nearest};
use crate::quantity::UnitError;

/// What a number measures. SI unit of each in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A share or a ratio \[1\]; the only dimension that needs no unit.
    Fraction,
    /// Length, depth, thickness \[m\].
    Length,
    /// Area \[m²\].
    Area,
    /// Volume \[m³\].
    Volume,
    /// Volume per time \[m³/s\].
    VolumeFlow,
    /// Speed, and depth per time such as evaporation, rain and leakage \[m/s\].
    Velocity,
    /// Temperature \[K\].
    Temperature,
    /// Angle \[deg\]: latitudes are kept in degrees, the one exception from SI.
    Angle,
    /// Time \[s\].
    Time,
    /// Mass \[kg\].
    Mass,
    /// Mass per time \[kg/s\].
    MassFlow,
    /// Mass of a liquid or solid per its volume \[kg/m³\].
    Density,
    /// Mass of a solute per volume of brine \[kg/m³\].
    Concentration,
    /// Mass of a solute per mass of brine \[kg/kg\].
    MassFraction,
    /// Amount of a solute per mass of water \[mol/kgw\].
    Molality,
    /// Amount of a solute per volume of brine \[mol/m³\].
    Molarity,
    /// Pressure \[Pa\].
    Pressure,
    /// Power \[W\].
    Power,
    /// Energy \[J\].
    Energy,
    /// Energy per mass \[J/kg\].
    SpecificEnergy,
    /// Power per area \[W/m²\].
    Irradiance,
    /// Power per volume of a vessel \[W/m³\].
    PowerDensity,
    /// Volume per mass \[m³/kg\].
    SpecificVolume,
    /// A share per time: losses of a store, ramps \[1/s\].
    Rate,
    /// Money, in whatever currency \[CNY\]: each currency counts 1, none is converted.
    Money,
    /// Money per energy \[CNY/J\].
    EnergyPrice,
    /// Money per mass \[CNY/kg\].
    MassPrice,
    /// Money per power \[CNY/W\].
    PowerPrice,
    /// Mass of carbon dioxide per energy \[kg/J\].
    EmissionFactor,
}

/// A unit of one dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// As the program writes it.
    pub symbol: &'static str,
    /// Other spellings that are read.
    pub aliases: &'static [&'static str],
    /// What it measures.
    pub dimension: Dimension,
    /// How to get to SI.
    pub scale: Scale,
}

/// How the numbers of a unit become SI.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// SI value = number × factor + offset.
    Linear {
        /// SI units in one of this unit.
        factor: f64,
        /// SI value at zero.
        offset: f64,
    },
    /// Hydrometer degrees for liquids heavier than water: ρ = ρ(water) · m / (m − degrees).
    Baume {
        /// The modulus m: the degrees at infinite density.
        modulus: f64,
        /// Density of water at the temperature of the scale, kg/m³.
        water_kg_m3: f64,
    },
}

impl Scale {
    /// A number as SI.
    pub fn to_si(&self, number: f64) -> f64 {
        match *self {
            Scale::Linear { factor, offset } => match divisor(factor) {
                Some(divisor) => number / divisor + offset,
                None => number * factor + offset,
            },
            Scale::Baume {
                modulus,
                water_kg_m3,
            } => water_kg_m3 * modulus / (modulus - number),
        }
    }

    /// An SI value as a number.
    pub fn from_si(&self, value_si: f64) -> f64 {
        match *self {
            Scale::Linear { factor, offset } => match divisor(factor) {
                Some(divisor) => (value_si - offset) * divisor,
                None => (value_si - offset) / factor,
            },
            Scale::Baume {
                modulus,
                water_kg_m3,
            } => modulus * (1.0 - water_kg_m3 / value_si),
        }
    }
}

impl Unit {
    /// A number in this unit as SI.
    pub fn to_si(&self, number: f64) -> f64 {
        self.scale.to_si(number)
    }

    /// An SI value as a number in this unit.
    pub fn from_si(&self, value_si: f64) -> f64 {
        self.scale.from_si(value_si)
    }

    fn is_written(&self, spelling: &str) -> bool {
        self.symbol == spelling || self.aliases.contains(&spelling)
    }
}

/// The whole number that a small factor divides by, if it does: 35 cm is 35/100 m, which rounds to
/// 0.35, whereas 35 × 0.01 does not.
fn divisor(factor: f64) -> Option<f64> {
    let divisor = (1.0 / factor).round();
    (factor < 1.0 && 1.0 / divisor == factor).then_some(divisor)
}

impl Dimension {
    /// In words, with the article in English: `a length`.
    pub fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Dimension::Fraction => ("a fraction", "比值"),
            Dimension::Length => ("a length", "长度"),
            Dimension::Area => ("an area", "面积"),
            Dimension::Volume => ("a volume", "体积"),
            Dimension::VolumeFlow => ("a volume per time", "体积流量"),
            Dimension::Velocity => ("a speed or a depth per time", "速度或单位时间水深"),
            Dimension::Temperature => ("a temperature", "温度"),
            Dimension::Angle => ("an angle", "角度"),
            Dimension::Time => ("a time", "时间"),
            Dimension::Mass => ("a mass", "质量"),
            Dimension::MassFlow => ("a mass per time", "质量流量"),
            Dimension::Density => ("a density", "密度"),
            Dimension::Concentration => ("a mass per volume of brine", "质量浓度"),
            Dimension::MassFraction => ("a mass per mass of brine", "质量分数"),
            Dimension::Molality => ("a molality", "质量摩尔浓度"),
            Dimension::Molarity => ("a molarity", "物质的量浓度"),
            Dimension::Pressure => ("a pressure", "压力"),
            Dimension::Power => ("a power", "功率"),
            Dimension::Energy => ("an energy", "能量"),
            Dimension::SpecificEnergy => ("an energy per mass", "单位质量能耗"),
            Dimension::Irradiance => ("a power per area", "辐照度"),
            Dimension::PowerDensity => ("a power per volume", "单位体积功率"),
            Dimension::SpecificVolume => ("a volume per mass", "单位质量体积"),
            Dimension::Rate => ("a share per time", "单位时间比例"),
            Dimension::Money => ("an amount of money", "金额"),
            Dimension::EnergyPrice => ("a price of energy", "能量价格"),
            Dimension::MassPrice => ("a price per mass", "单位质量价格"),
            Dimension::PowerPrice => ("a price of power", "单位功率价格"),
            Dimension::EmissionFactor => ("an emission per energy", "单位能量排放"),
        };
        lang.pick(en, zh)
    }

    /// Units of this dimension, the SI unit first.
    pub fn units(self) -> impl Iterator<Item = &'static Unit> {
        UNITS.iter().filter(move |unit| unit.dimension == self)
    }

    /// The SI unit.
    pub fn si(self) -> &'static Unit {
        // Every dimension has a row in the table (a test holds it), so the fallback is never taken.
        self.units().next().unwrap_or(&UNITS[0])
    }

    /// Symbols that are accepted, for error messages.
    pub fn accepted(self) -> Vec<&'static str> {
        self.units().map(|unit| unit.symbol).collect()
    }
}

/// Finds a unit of a dimension as a person wrote it; `None` where nothing is written.
pub fn find(written: Option<&str>, dimension: Dimension) -> Result<&'static Unit, UnitError> {
    find_in(written.unwrap_or_default(), written, dimension)
}

/// Finds a unit as a person wrote it, whatever it measures. A spelling that several dimensions share means the same in all of
/// them (a test holds it), so the first one answers.
pub fn find_any(written: &str) -> Option<&'static Unit> {
    let spelling = normal(written);
    UNITS.iter().find(|unit| unit.is_written(&spelling))
}

/// As [`find`], for a unit that is part of a longer `text`, which errors then quote.
pub(crate) fn find_in(
    text: &str,
    written: Option<&str>,
    dimension: Dimension,
) -> Result<&'static Unit, UnitError> {
    let Some(written) = written else {
        let bare = (dimension == Dimension::Fraction).then(|| dimension.si());
        return bare.ok_or_else(|| UnitError::MissingUnit {
            text: text.into(),
            dimension,
        });
    };
    let spelling = normal(written);
    let same = dimension.units().find(|unit| unit.is_written(&spelling));
    same.ok_or_else(
        || match UNITS.iter().find(|unit| unit.is_written(&spelling)) {
            Some(other) => UnitError::WrongDimension {
                text: text.into(),
                unit: written.into(),
                found: other.dimension,
                dimension,
            },
            None => UnitError::UnknownUnit {
                text: text.into(),
                unit: written.into(),
                dimension,
                nearest: nearest(&spelling, dimension.units().map(|u| u.symbol)).map(String::from),
            },
        },
    )
}

/// Superscripts, carets, micro and full-width signs and blanks in the one spelling that the table uses.
fn normal(written: &str) -> String {
    written
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '^')
        .map(|c| match c {
            '²' => '2',
            '³' => '3',
            'µ' | 'μ' => 'u',
            '\u{ff0f}' | '\u{2215}' => '/',
            '\u{ff05}' => '%',
            'º' | '˚' => '°',
            other => other,
        })
        .collect()
}

const MINUTE_S: f64 = 60.0;
const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 86_400.0;
/// The Julian year of 365.25 days, as astronomers (IAU) define `a`.
const YEAR_S: f64 = 365.25 * DAY_S;
/// 15 亩 make a hectare.
const MU_M2: f64 = 10_000.0 / 15.0;
/// International acre, 4840 square yards of 0.9144 m.
const ACRE_M2: f64 = 4_840.0 * 0.9144 * 0.9144;
const FOOT_M: f64 = 0.3048;

const fn unit(
    dimension: Dimension,
    symbol: &'static str,
    factor: f64,
    aliases: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        aliases,
        dimension,
        scale: Scale::Linear {
            factor,
            offset: 0.0,
        },
    }
}

const fn shifted(
    symbol: &'static str,
    factor: f64,
    offset: f64,
    aliases: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        aliases,
        dimension: Dimension::Temperature,
        scale: Scale::Linear { factor, offset },
    }
}

const fn baume(
    symbol: &'static str,
    modulus: f64,
    water_kg_m3: f64,
    aliases: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        aliases,
        dimension: Dimension::Density,
        scale: Scale::Baume {
            modulus,
            water_kg_m3,
        },
    }
}

use Dimension as D;

/// All units, the SI unit first in each dimension.
///
/// Baumé: plain `°Bé` is the "rational" scale of modulus 144.3 at 15 °C (water 999.10 kg/m³), which
/// salt works in China and Europe use (usage recalled, no source at hand). The scale of the United
/// States, modulus 145 at 60 °F (water 999.02 kg/m³; Perry's Chemical Engineers' Handbook, 8th ed.,
/// table 1-13), is `°Bé(US)`. At 30 degrees they differ by 0.13 % in density.
#[rustfmt::skip]
pub const UNITS: &[Unit] = &[
    unit(D::Fraction, "1", 1.0, &["-", "kg/kg", "t/t", "m3/m3", "m2/m2"]),
    unit(D::Fraction, "%", 0.01, &["percent"]),
    unit(D::Fraction, "‰", 1e-3, &["permille"]),

    unit(D::Length, "m", 1.0, &["米"]),
    unit(D::Length, "cm", 1e-2, &["厘米"]),
    unit(D::Length, "mm", 1e-3, &["毫米"]),
    unit(D::Length, "um", 1e-6, &["微米"]),
    unit(D::Length, "km", 1e3, &["千米", "公里"]),
    unit(D::Length, "ft", FOOT_M, &["feet"]),
    unit(D::Length, "in", FOOT_M / 12.0, &["inch"]),

    unit(D::Area, "m2", 1.0, &["平方米"]),
    unit(D::Area, "km2", 1e6, &["平方千米", "平方公里"]),
    unit(D::Area, "ha", 1e4, &["公顷"]),
    unit(D::Area, "亩", MU_M2, &["mu"]),
    unit(D::Area, "万亩", 1e4 * MU_M2, &[]),
    unit(D::Area, "acre", ACRE_M2, &["acres", "ac"]),

    unit(D::Volume, "m3", 1.0, &["立方米", "方"]),
    unit(D::Volume, "L", 1e-3, &["l", "升"]),
    unit(D::Volume, "mL", 1e-6, &["ml", "cm3"]),
    unit(D::Volume, "万m3", 1e4, &["万立方米", "万方"]),
    unit(D::Volume, "hm3", 1e6, &["Mm3"]),
    unit(D::Volume, "km3", 1e9, &[]),
    unit(D::Volume, "acre-ft", ACRE_M2 * FOOT_M, &["acreft"]),

    unit(D::VolumeFlow, "m3/s", 1.0, &["立方米/秒"]),
    unit(D::VolumeFlow, "m3/h", 1.0 / HOUR_S, &["m3/hr", "立方米/时", "立方米/小时", "方/小时"]),
    unit(D::VolumeFlow, "m3/d", 1.0 / DAY_S, &["m3/day", "立方米/天", "立方米/日", "方/天"]),
    unit(D::VolumeFlow, "m3/a", 1.0 / YEAR_S, &["m3/yr", "m3/year", "立方米/年"]),
    unit(D::VolumeFlow, "万m3/d", 1e4 / DAY_S, &["万立方米/天", "万方/天"]),
    unit(D::VolumeFlow, "万m3/a", 1e4 / YEAR_S, &["万m3/年", "万立方米/年", "万方/年"]),
    unit(D::VolumeFlow, "hm3/a", 1e6 / YEAR_S, &["Mm3/a", "Mm3/yr"]),
    unit(D::VolumeFlow, "L/s", 1e-3, &["l/s", "升/秒"]),
    unit(D::VolumeFlow, "L/min", 1e-3 / MINUTE_S, &["l/min"]),
    unit(D::VolumeFlow, "L/h", 1e-3 / HOUR_S, &["l/h"]),

    unit(D::Velocity, "m/s", 1.0, &["米/秒"]),
    unit(D::Velocity, "mm/d", 1e-3 / DAY_S, &["mm/day", "毫米/天", "毫米/日"]),
    unit(D::Velocity, "cm/d", 1e-2 / DAY_S, &["cm/day"]),
    unit(D::Velocity, "m/d", 1.0 / DAY_S, &["m/day"]),
    unit(D::Velocity, "mm/h", 1e-3 / HOUR_S, &["mm/hr"]),
    unit(D::Velocity, "mm/a", 1e-3 / YEAR_S, &["mm/yr", "mm/year", "毫米/年"]),
    unit(D::Velocity, "m/a", 1.0 / YEAR_S, &["m/yr", "m/year", "米/年"]),
    unit(D::Velocity, "km/h", 1e3 / HOUR_S, &[]),

    shifted("K", 1.0, 0.0, &["kelvin"]),
    shifted("degC", 1.0, 273.15, &["°C", "℃", "C"]),
    shifted("degF", 5.0 / 9.0, 459.67 * 5.0 / 9.0, &["°F", "℉", "F"]),

    unit(D::Angle, "deg", 1.0, &["°", "度"]),
    unit(D::Angle, "rad", 180.0 / std::f64::consts::PI, &[]),

    unit(D::Time, "s", 1.0, &["秒"]),
    unit(D::Time, "min", MINUTE_S, &["分钟"]),
    unit(D::Time, "h", HOUR_S, &["hr", "hour", "hours", "小时", "时"]),
    unit(D::Time, "d", DAY_S, &["day", "days", "天", "日"]),
    unit(D::Time, "a", YEAR_S, &["yr", "year", "years", "年"]),

    unit(D::Mass, "kg", 1.0, &["千克", "公斤"]),
    unit(D::Mass, "g", 1e-3, &["克"]),
    unit(D::Mass, "mg", 1e-6, &["毫克"]),
    unit(D::Mass, "t", 1e3, &["吨"]),
    unit(D::Mass, "kt", 1e6, &["千吨"]),
    unit(D::Mass, "万吨", 1e7, &["万t"]),
    unit(D::Mass, "Mt", 1e9, &["百万吨"]),
    unit(D::Mass, "亿吨", 1e11, &["亿t"]),

    unit(D::MassFlow, "kg/s", 1.0, &["千克/秒"]),
    unit(D::MassFlow, "kg/h", 1.0 / HOUR_S, &["kg/hr", "千克/小时"]),
    unit(D::MassFlow, "kg/d", 1.0 / DAY_S, &["kg/day"]),
    unit(D::MassFlow, "t/h", 1e3 / HOUR_S, &["t/hr", "吨/小时", "吨/时"]),
    unit(D::MassFlow, "t/d", 1e3 / DAY_S, &["t/day", "吨/天", "吨/日"]),
    unit(D::MassFlow, "t/a", 1e3 / YEAR_S, &["t/yr", "t/year", "吨/年"]),
    unit(D::MassFlow, "kt/a", 1e6 / YEAR_S, &["kt/yr"]),
    unit(D::MassFlow, "万吨/a", 1e7 / YEAR_S, &["万吨/年", "万t/a", "万t/年"]),
    unit(D::MassFlow, "Mt/a", 1e9 / YEAR_S, &["Mt/yr"]),

    unit(D::Density, "kg/m3", 1.0, &["千克/立方米"]),
    unit(D::Density, "g/cm3", 1e3, &["g/mL", "g/ml", "kg/L", "kg/l", "t/m3", "克/立方厘米"]),
    baume("°Bé", 144.3, 999.10, &["Bé", "Be", "°Be", "degBe", "波美度", "波美"]),
    baume("°Bé(US)", 145.0, 999.02, &["Bé(US)", "degBe(US)", "°Be(US)", "Be(US)"]),

    unit(D::Concentration, "kg/m3", 1.0, &[]),
    unit(D::Concentration, "g/L", 1.0, &["g/l", "克/升"]),
    unit(D::Concentration, "mg/L", 1e-3, &["mg/l", "g/m3", "毫克/升"]),
    unit(D::Concentration, "ug/L", 1e-6, &["ug/l", "微克/升"]),

    unit(D::MassFraction, "kg/kg", 1.0, &[]),
    unit(D::MassFraction, "wt%", 0.01, &["%", "mass%"]),
    unit(D::MassFraction, "g/kg", 1e-3, &["‰", "克/千克"]),
    unit(D::MassFraction, "mg/kg", 1e-6, &["g/t", "毫克/千克"]),
    unit(D::MassFraction, "ppm", 1e-6, &[]),

    unit(D::Molality, "mol/kgw", 1.0, &["mol/kg(H2O)", "molal"]),
    unit(D::Molality, "mmol/kgw", 1e-3, &["mmol/kg(H2O)"]),

    unit(D::Molarity, "mol/m3", 1.0, &[]),
    unit(D::Molarity, "mol/L", 1e3, &["mol/l"]),
    unit(D::Molarity, "mmol/L", 1.0, &["mmol/l"]),

    unit(D::Pressure, "Pa", 1.0, &["帕"]),
    unit(D::Pressure, "hPa", 1e2, &["mbar", "百帕"]),
    unit(D::Pressure, "kPa", 1e3, &["千帕"]),
    unit(D::Pressure, "MPa", 1e6, &["兆帕"]),
    unit(D::Pressure, "bar", 1e5, &[]),
    unit(D::Pressure, "atm", 101_325.0, &["标准大气压"]),

    unit(D::Power, "W", 1.0, &["瓦"]),
    unit(D::Power, "kW", 1e3, &["千瓦"]),
    unit(D::Power, "MW", 1e6, &["兆瓦"]),
    unit(D::Power, "万千瓦", 1e7, &[]),
    unit(D::Power, "GW", 1e9, &["吉瓦"]),

    unit(D::Energy, "J", 1.0, &["焦"]),
    unit(D::Energy, "kJ", 1e3, &["千焦"]),
    unit(D::Energy, "MJ", 1e6, &["兆焦"]),
    unit(D::Energy, "GJ", 1e9, &["吉焦"]),
    unit(D::Energy, "TJ", 1e12, &[]),
    unit(D::Energy, "kWh", 3.6e6, &["千瓦时"]),
    unit(D::Energy, "MWh", 3.6e9, &["兆瓦时"]),
    unit(D::Energy, "万kWh", 3.6e10, &["万千瓦时"]),
    unit(D::Energy, "GWh", 3.6e12, &["吉瓦时"]),

    unit(D::SpecificEnergy, "J/kg", 1.0, &[]),
    unit(D::SpecificEnergy, "kJ/kg", 1e3, &["MJ/t"]),
    unit(D::SpecificEnergy, "MJ/kg", 1e6, &["GJ/t"]),
    unit(D::SpecificEnergy, "kWh/t", 3.6e3, &["千瓦时/吨"]),
    unit(D::SpecificEnergy, "kWh/kg", 3.6e6, &[]),

    unit(D::Irradiance, "W/m2", 1.0, &["瓦/平方米"]),
    unit(D::Irradiance, "kW/m2", 1e3, &[]),

    unit(D::PowerDensity, "W/m3", 1.0, &["瓦/立方米"]),
    unit(D::PowerDensity, "kW/m3", 1e3, &["千瓦/立方米"]),

    unit(D::SpecificVolume, "m3/kg", 1.0, &[]),
    unit(D::SpecificVolume, "m3/t", 1e-3, &["立方米/吨"]),

    unit(D::Rate, "1/s", 1.0, &[]),
    unit(D::Rate, "1/min", 1.0 / MINUTE_S, &["/min", "rpm", "r/min"]),
    unit(D::Rate, "1/h", 1.0 / HOUR_S, &["/h"]),
    unit(D::Rate, "%/h", 0.01 / HOUR_S, &[]),
    unit(D::Rate, "%/min", 0.01 / MINUTE_S, &[]),
    unit(D::Rate, "%/d", 0.01 / DAY_S, &[]),
    unit(D::Rate, "%/a", 0.01 / YEAR_S, &[]),

    unit(D::Money, "CNY", 1.0, &["元", "RMB"]),
    unit(D::Money, "万元", 1e4, &["万CNY"]),
    unit(D::Money, "亿元", 1e8, &[]),
    unit(D::Money, "USD", 1.0, &["$"]),
    unit(D::Money, "EUR", 1.0, &["€"]),

    unit(D::EnergyPrice, "CNY/J", 1.0, &[]),
    unit(D::EnergyPrice, "CNY/MWh", 1.0 / 3.6e9, &["元/MWh", "元/兆瓦时"]),
    unit(D::EnergyPrice, "CNY/kWh", 1.0 / 3.6e6, &["元/kWh", "元/千瓦时", "元/度"]),
    unit(D::EnergyPrice, "USD/MWh", 1.0 / 3.6e9, &["$/MWh"]),
    unit(D::EnergyPrice, "USD/kWh", 1.0 / 3.6e6, &["$/kWh"]),
    unit(D::EnergyPrice, "EUR/MWh", 1.0 / 3.6e9, &["€/MWh"]),
    unit(D::EnergyPrice, "EUR/kWh", 1.0 / 3.6e6, &["€/kWh"]),

    unit(D::MassPrice, "CNY/kg", 1.0, &["元/kg", "元/千克"]),
    unit(D::MassPrice, "CNY/t", 1e-3, &["元/t", "元/吨"]),
    unit(D::MassPrice, "USD/t", 1e-3, &["$/t"]),
    unit(D::MassPrice, "EUR/t", 1e-3, &["€/t"]),

    unit(D::PowerPrice, "CNY/W", 1.0, &["元/W"]),
    unit(D::PowerPrice, "CNY/kW", 1e-3, &["元/kW", "元/千瓦"]),
    unit(D::PowerPrice, "CNY/MW", 1e-6, &["元/MW", "元/兆瓦"]),
    unit(D::PowerPrice, "USD/MW", 1e-6, &["$/MW"]),
    unit(D::PowerPrice, "EUR/MW", 1e-6, &["€/MW"]),

    unit(D::EmissionFactor, "kg/J", 1.0, &[]),
    unit(D::EmissionFactor, "t/MWh", 1e3 / 3.6e9, &["kg/kWh", "吨/兆瓦时"]),
    unit(D::EmissionFactor, "g/kWh", 1e-3 / 3.6e6, &["kg/MWh"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_dimension_has_two_units_of_one_spelling() {
        for (i, a) in UNITS.iter().enumerate() {
            for b in UNITS[..i].iter().filter(|b| b.dimension == a.dimension) {
                let taken = std::iter::once(&a.symbol)
                    .chain(a.aliases)
                    .find(|s| b.is_written(s));
                assert_eq!(taken, None, "{} and {}", a.symbol, b.symbol);
            }
        }
    }

    #[test]
    fn a_spelling_means_the_same_in_every_dimension() {
        for unit in UNITS {
            for spelling in std::iter::once(&unit.symbol).chain(unit.aliases) {
                let any = find_any(spelling).expect(spelling);
                assert_eq!(any.scale, unit.scale, "{spelling}");
                assert_eq!(
                    any.dimension.powers(),
                    unit.dimension.powers(),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn every_spelling_in_the_table_is_found() {
        for unit in UNITS {
            for spelling in std::iter::once(&unit.symbol).chain(unit.aliases) {
                assert_eq!(find(Some(spelling), unit.dimension), Ok(unit), "{spelling}");
            }
        }
    }

    #[test]
    fn the_first_unit_of_a_dimension_is_si() {
        let mut seen: Vec<Dimension> = Vec::new();
        for unit in UNITS {
            if seen.contains(&unit.dimension) {
                continue;
            }
            seen.push(unit.dimension);
            assert_eq!(
                unit.scale,
                Scale::Linear {
                    factor: 1.0,
                    offset: 0.0
                },
                "{}",
                unit.symbol
            );
        }
        assert_eq!(seen.len(), 29, "a dimension without units");
    }
}
