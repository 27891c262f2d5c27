//! Numbers for people: significant digits, grouped thousands, units of a readable size.

use jiff::civil::Date;
use saltern_units::Lang;

/// What stands where there is no number.
pub(crate) const NONE: &str = "–";

/// `x` to `digits` significant digits, thousands grouped; powers of ten where plain digits would be hard to read.
pub(crate) fn significant(x: f64, digits: i32) -> String {
    if !x.is_finite() {
        return NONE.to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let exponent = x.abs().log10().floor() as i32;
    if !(-4..9).contains(&exponent) {
        return scientific(x);
    }
    let decimals = (digits - 1 - exponent).max(0) as usize;
    grouped(&format!("{x:.decimals$}"))
}

/// A round value of an axis: no zeros at the end.
pub(crate) fn tick(x: f64) -> String {
    trimmed(&significant(x, 3))
}

/// `x` with a fixed number of decimals, thousands grouped.
pub(crate) fn fixed(x: f64, decimals: usize) -> String {
    if x.is_finite() {
        grouped(&format!("{x:.decimals$}"))
    } else {
        NONE.to_owned()
    }
}

/// `3.2×10⁻¹³`.
pub(crate) fn scientific(x: f64) -> String {
    if !x.is_finite() {
        return NONE.to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{x:.1e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!(
            "{}×10{}",
            minus(mantissa),
            exponent.chars().map(raised).collect::<String>()
        ),
        None => text,
    }
}

fn raised(c: char) -> char {
    match c {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        other => other,
    }
}

fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// Thousands by commas, as both languages write them; a true minus sign; no minus before zero.
fn grouped(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) if rest.chars().any(|c| ('1'..='9').contains(&c)) => ("−", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let (whole, fraction) = rest
        .split_once('.')
        .map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 && whole.len() > 4 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A unit that makes amounts readable: what a number is divided by, and its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Base units in one of these.
    pub(crate) factor: f64,
    /// Name.
    pub(crate) unit: &'static str,
}

impl Scale {
    /// A value in this unit, three significant digits.
    pub(crate) fn show(&self, value: f64) -> String {
        significant(value / self.factor, 3)
    }

    /// A value in this unit, with the unit.
    pub(crate) fn with_unit(&self, value: f64) -> String {
        format!("{} {}", self.show(value), self.unit)
    }
}

const MASS_EN: [Scale; 4] = [
    Scale {
        factor: 1e9,
        unit: "Mt",
    },
    Scale {
        factor: 1e6,
        unit: "kt",
    },
    Scale {
        factor: 1e3,
        unit: "t",
    },
    Scale {
        factor: 1.0,
        unit: "kg",
    },
];
const MASS_ZH: [Scale; 3] = [
    Scale {
        factor: 1e7,
        unit: "万吨",
    },
    Scale {
        factor: 1e3,
        unit: "吨",
    },
    Scale {
        factor: 1.0,
        unit: "kg",
    },
];
const VOLUME_EN: [Scale; 3] = [
    Scale {
        factor: 1e6,
        unit: "million m³",
    },
    Scale {
        factor: 1e3,
        unit: "thousand m³",
    },
    Scale {
        factor: 1.0,
        unit: "m³",
    },
];
const VOLUME_ZH: [Scale; 3] = [
    Scale {
        factor: 1e8,
        unit: "亿 m³",
    },
    Scale {
        factor: 1e4,
        unit: "万 m³",
    },
    Scale {
        factor: 1.0,
        unit: "m³",
    },
];

fn pick(scales: &[Scale], size: f64) -> Scale {
    let last = Scale {
        factor: 1.0,
        unit: "",
    };
    let fits = scales
        .iter()
        .find(|s| size.abs() >= s.factor)
        .or(scales.last());
    fits.copied().unwrap_or(last)
}

/// Unit for masses of about `size_kg`.
pub(crate) fn mass_scale(lang: Lang, size_kg: f64) -> Scale {
    pick(lang.pick(&MASS_EN[..], &MASS_ZH[..]), size_kg)
}

/// Unit for volumes of about `size_m3`.
pub(crate) fn volume_scale(lang: Lang, size_m3: f64) -> Scale {
    pick(lang.pick(&VOLUME_EN[..], &VOLUME_ZH[..]), size_m3)
}

/// A mass with its unit.
pub(crate) fn mass(lang: Lang, kg: f64) -> String {
    mass_scale(lang, kg).with_unit(kg)
}

/// A volume with its unit.
pub(crate) fn volume(lang: Lang, m3: f64) -> String {
    volume_scale(lang, m3).with_unit(m3)
}

/// A share as a percentage.
pub(crate) fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{} %", significant(100.0 * share, 3))
    } else {
        NONE.to_owned()
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Jan` or `1月`.
pub(crate) fn month(lang: Lang, date: Date) -> String {
    match lang {
        Lang::En => MONTHS
            .get(date.month() as usize - 1)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        Lang::Zh => format!("{}月", date.month()),
    }
}

/// `12 Jan` or `1月12日`.
pub(crate) fn day(lang: Lang, date: Date) -> String {
    match lang {
        Lang::En => format!("{} {}", date.day(), month(lang, date)),
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
    }
}

/// `31 Dec 2024` or `2024年12月31日`.
pub(crate) fn long_date(lang: Lang, date: Date) -> String {
    match lang {
        Lang::En => format!("{} {}", day(lang, date), date.year()),
        Lang::Zh => format!("{}年{}", date.year(), day(lang, date)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let cases = [
            (0.0, "0"),
            (1234.0, "1234"),
            (12345.6, "12,346"),
            (1234567.0, "1,234,567"),
            (0.04567, "0.0457"),
            (-0.5, "−0.500"),
            (3.21e-13, "3.2×10⁻¹³"),
            (f64::NAN, "–"),
        ];
        for (x, text) in cases {
            assert_eq!(significant(x, 3), text);
        }
        assert_eq!(fixed(-0.0001, 2), "0.00");
    }

    #[test]
    fn amounts_take_the_unit_of_the_language() {
        assert_eq!(mass(Lang::En, 12_300_000.0), "12.3 kt");
        assert_eq!(mass(Lang::Zh, 12_300_000.0), "1.23 万吨");
        assert_eq!(volume(Lang::En, 2.5e6), "2.50 million m³");
        assert_eq!(volume(Lang::Zh, 2.5e6), "250 万 m³");
    }
}
