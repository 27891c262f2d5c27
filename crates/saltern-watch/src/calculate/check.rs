//! From formula to steps: what names mean, and whether units fit.

use super::steps::{Function, Step};
use saltern_units::formula::{Call, Formula, Operator, Test};
use saltern_units::powers::{self, Powers};
use saltern_units::unit::{Scale, Unit};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number with unit.
    Number(Powers, Zero),
    /// True or false.
    Truth,
}

/// Where the zero of a temperature lies. Other numbers don't ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// A temperature on a scale, 25 °C: not to be added to another, nor multiplied.
    Scale,
    /// A difference of temperatures.
    None,
    /// Kelvin, which may be either.
    Either,
}

/// What is wrong with a formula that can be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// `formula.unknown_tag`.
    UnknownTag {
        /// As written.
        name: String,
        /// A tag that looks like it.
        near: Option<String>,
    },
    /// `formula.unknown_alarm`.
    UnknownAlarm {
        /// As written.
        name: String,
        /// An alarm that looks like it.
        near: Option<String>,
    },
    /// `formula.unknown_function`.
    UnknownFunction {
        /// As written.
        name: String,
    },
    /// `formula.call`: a function called otherwise than it is.
    Call {
        /// The call.
        text: String,
        /// How it is called.
        accepted: &'static str,
    },
    /// `formula.unknown_unit`.
    UnknownUnit {
        /// As written.
        unit: String,
    },
    /// `formula.unlike`: things that can't be added or compared.
    Unlike {
        /// What is done to them.
        operator: &'static str,
        /// The one.
        left: String,
        /// What it is, in base units.
        left_unit: String,
        /// The other.
        right: String,
        /// What that is.
        right_unit: String,
    },
    /// `formula.no_number`: a condition where a number should stand.
    NoNumber {
        /// The condition.
        text: String,
    },
    /// `formula.no_condition`: a number where a condition should stand.
    NoCondition {
        /// The number.
        text: String,
    },
    /// `formula.power`: a power or root that has no unit.
    Power {
        /// The formula.
        text: String,
    },
    /// `formula.no_ratio`: exp or ln of something with a unit.
    NoRatio {
        /// The formula.
        text: String,
        /// Its unit.
        unit: String,
    },
    /// `formula.temperature`: a temperature on a scale where only a difference makes sense.
    Temperature {
        /// The formula.
        text: String,
    },
    /// `formula.result`: a result that is not in its tag's unit.
    Result {
        /// What it comes to, in base units.
        found: String,
        /// Unit of the tag.
        unit: String,
    },
}

/// What a name is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) number: u32,
    pub(crate) unit: &'static Unit,
}

/// What formulas may name.
pub(crate) trait Names {
    fn tag(&self, name: &str) -> Result<Slot, Fault>;
    fn alarm(&self, name: &str) -> Result<u32, Fault>;
    /// The number of a window over a tag.
    fn window(&mut self, slot: u32, window_us: i64) -> u32;
}

/// A formula as steps, and what it comes to.
pub(crate) fn check(
    formula: &Formula,
    names: &mut dyn Names,
    steps: &mut Vec<Step>,
) -> Result<Kind, Fault> {
    match formula {
        Formula::Number(number, unit) => {
            let (value_si, kind) = constant(*number, unit)?;
            steps.push(Step::Constant(value_si));
            Ok(kind)
        }
        Formula::Name(name) => {
            let slot = names.tag(name)?;
            steps.push(Step::Value(slot.number));
            Ok(kind_of(slot.unit))
        }
        Formula::Minus(a) => {
            let (powers, zero) = number(a, names, steps)?;
            refuse_scale(a, powers, zero)?;
            steps.push(Step::Minus);
            Ok(Kind::Number(powers, zero))
        }
        Formula::Not(a) => {
            truth(a, names, steps)?;
            steps.push(Step::Not);
            Ok(Kind::Truth)
        }
        Formula::Binary(operator, a, b) => binary(*operator, a, b, formula, names, steps),
        Formula::Test(test @ (Test::And | Test::Or), a, b) => {
            truth(a, names, steps)?;
            truth(b, names, steps)?;
            steps.push(Step::Test(*test));
            Ok(Kind::Truth)
        }
        Formula::Test(test, a, b) => {
            alike(test.symbol(), &[a, b], names, steps)?;
            steps.push(Step::Test(*test));
            Ok(Kind::Truth)
        }
        Formula::Call(call) => function(call, formula, names, steps),
        Formula::Each(each) => Err(Fault::UnknownFunction {
            name: each.name.clone(),
        }),
    }
}

/// Whether a result may be kept in a tag of this unit.
pub(crate) fn fits(kind: Kind, unit: &Unit) -> Result<(), Fault> {
    let wanted = unit.dimension.powers();
    let fits = match kind {
        Kind::Truth => wanted == Powers::NONE,
        Kind::Number(powers, zero) => {
            powers == wanted
                && !(zero == Zero::None && wanted == Powers::TEMPERATURE && is_scale(unit.scale))
        }
    };
    if fits {
        return Ok(());
    }
    Err(Fault::Result {
        found: text_of(kind),
        unit: unit.symbol.into(),
    })
}

fn text_of(kind: Kind) -> String {
    match kind {
        Kind::Truth => "1".into(),
        Kind::Number(powers, Zero::None) if powers == Powers::TEMPERATURE => "ΔK".into(),
        Kind::Number(powers, _) => powers.text(),
    }
}

fn is_scale(scale: Scale) -> bool {
    matches!(scale, Scale::Linear { offset, .. } if offset != 0.0)
}

fn kind_of(unit: &Unit) -> Kind {
    let zero = if is_scale(unit.scale) {
        Zero::Scale
    } else {
        Zero::Either
    };
    Kind::Number(unit.dimension.powers(), zero)
}

fn constant(number: f64, unit: &str) -> Result<(f64, Kind), Fault> {
    if unit.is_empty() {
        return Ok((number, Kind::Number(Powers::NONE, Zero::Either)));
    }
    let written = powers::read(unit).ok_or_else(|| Fault::UnknownUnit { unit: unit.into() })?;
    let zero = if is_scale(written.scale) {
        Zero::Scale
    } else {
        Zero::Either
    };
    Ok((
        written.scale.to_si(number),
        Kind::Number(written.powers, zero),
    ))
}

fn number(
    formula: &Formula,
    names: &mut dyn Names,
    steps: &mut Vec<Step>,
) -> Result<(Powers, Zero), Fault> {
    match check(formula, names, steps)? {
        Kind::Number(powers, zero) => Ok((powers, zero)),
        Kind::Truth => Err(Fault::NoNumber {
            text: formula.to_string(),
        }),
    }
}

fn truth(formula: &Formula, names: &mut dyn Names, steps: &mut Vec<Step>) -> Result<(), Fault> {
    match check(formula, names, steps)? {
        Kind::Truth => Ok(()),
        Kind::Number(..) => Err(Fault::NoCondition {
            text: formula.to_string(),
        }),
    }
}

fn refuse_scale(formula: &Formula, powers: Powers, zero: Zero) -> Result<(), Fault> {
    if powers == Powers::TEMPERATURE && zero == Zero::Scale {
        return Err(Fault::Temperature {
            text: formula.to_string(),
        });
    }
    Ok(())
}

fn unlike(
    operator: &'static str,
    (a, left): (&Formula, Kind),
    (b, right): (&Formula, Kind),
) -> Fault {
    Fault::Unlike {
        operator,
        left: a.to_string(),
        left_unit: text_of(left),
        right: b.to_string(),
        right_unit: text_of(right),
    }
}

/// Numbers of one unit; where one is a temperature on a scale none may be a difference.
fn alike(
    operator: &'static str,
    formulas: &[&Formula],
    names: &mut dyn Names,
    steps: &mut Vec<Step>,
) -> Result<Kind, Fault> {
    let mut all: Option<(Powers, Zero)> = None;
    for formula in formulas {
        let (powers, zero) = number(formula, names, steps)?;
        all = Some(match all {
            None => (powers, zero),
            Some((first, known)) => {
                let mixed = matches!(
                    (known, zero),
                    (Zero::Scale, Zero::None) | (Zero::None, Zero::Scale)
                ) && powers == Powers::TEMPERATURE;
                if first != powers || mixed {
                    return Err(unlike(
                        operator,
                        (formulas[0], Kind::Number(first, known)),
                        (formula, Kind::Number(powers, zero)),
                    ));
                }
                (first, if known == Zero::Either { zero } else { known })
            }
        });
    }
    let (powers, zero) = all.unwrap_or((Powers::NONE, Zero::Either));
    Ok(Kind::Number(powers, zero))
}

fn binary(
    operator: Operator,
    a: &Formula,
    b: &Formula,
    whole: &Formula,
    names: &mut dyn Names,
    steps: &mut Vec<Step>,
) -> Result<Kind, Fault> {
    let (left, left_zero) = number(a, names, steps)?;
    let (right, right_zero) = number(b, names, steps)?;
    let kinds = || {
        unlike(
            operator.symbol(),
            (a, Kind::Number(left, left_zero)),
            (b, Kind::Number(right, right_zero)),
        )
    };
    steps.push(Step::Binary(operator));
    let temperatures = left == Powers::TEMPERATURE;
    match operator {
        Operator::Add | Operator::Subtract if left != right => Err(kinds()),
        Operator::Add => match (left_zero, right_zero) {
            (Zero::Scale, Zero::Scale) if temperatures => Err(kinds()),
            (Zero::Scale, _) | (_, Zero::Scale) => Ok(Kind::Number(left, Zero::Scale)),
            (Zero::None, Zero::None) => Ok(Kind::Number(left, Zero::None)),
            _ => Ok(Kind::Number(left, Zero::Either)),
        },
        Operator::Subtract => match (left_zero, right_zero) {
            (Zero::None, Zero::Scale) if temperatures => Err(kinds()),
            (_, Zero::Scale) => Ok(Kind::Number(left, Zero::None)),
            (Zero::Scale, Zero::None) => Ok(Kind::Number(left, Zero::Scale)),
            (Zero::None, Zero::None) => Ok(Kind::Number(left, Zero::None)),
            _ => Ok(Kind::Number(left, Zero::Either)),
        },
        Operator::Multiply | Operator::Divide => {
            refuse_scale(a, left, left_zero)?;
            refuse_scale(b, right, right_zero)?;
            let powers = match operator {
                Operator::Multiply => left.times(right),
                _ => left.over(right),
            };
            Ok(Kind::Number(powers, Zero::Either))
        }
        Operator::Power => {
            refuse_scale(a, left, left_zero)?;
            let no_power = || Fault::Power {
                text: whole.to_string(),
            };
            if right != Powers::NONE {
                return Err(no_power());
            }
            if left == Powers::NONE {
                return Ok(Kind::Number(Powers::NONE, Zero::Either));
            }
            let exponent = match b {
                Formula::Number(n, _) => *n,
                Formula::Minus(n) => match n.as_ref() {
                    Formula::Number(n, _) => -n,
                    _ => return Err(no_power()),
                },
                _ => return Err(no_power()),
            };
            let small = exponent.fract() == 0.0 && exponent.abs() <= 12.0;
            let powers = small.then(|| left.raised(exponent as i8)).flatten();
            powers
                .map(|powers| Kind::Number(powers, Zero::Either))
                .ok_or_else(no_power)
        }
    }
}

/// How functions are called, for messages.
const CALLS: [(&str, &str); 15] = [
    ("if", "if(condition, a, b)"),
    ("min", "min(a, b, …)"),
    ("max", "max(a, b, …)"),
    ("mean", "mean(a, b, …)"),
    ("abs", "abs(a)"),
    ("sqrt", "sqrt(a)"),
    ("exp", "exp(a)"),
    ("ln", "ln(a)"),
    ("clamp", "clamp(a, low, high)"),
    ("avg", "avg(tag, 1 h)"),
    ("rate", "rate(tag, 10 min)"),
    ("delta", "delta(tag, 1 d)"),
    ("last_good", "last_good(tag)"),
    ("alarm", "alarm(id)"),
    ("value", "value(tag)"),
];

/// Names of all functions.
pub fn functions() -> impl Iterator<Item = &'static str> {
    CALLS.iter().map(|(name, _)| *name)
}

fn function(
    call: &Call,
    whole: &Formula,
    names: &mut dyn Names,
    steps: &mut Vec<Step>,
) -> Result<Kind, Fault> {
    let Some((name, accepted)) = CALLS.iter().copied().find(|(name, _)| *name == call.name) else {
        return Err(Fault::UnknownFunction {
            name: call.name.clone(),
        });
    };
    let wrong = || Fault::Call {
        text: whole.to_string(),
        accepted,
    };
    if !call.choices.is_empty() {
        return Err(wrong());
    }
    let arguments: Vec<&Formula> = call.arguments.iter().collect();
    match (name, arguments.as_slice()) {
        ("if", [condition, a, b]) => {
            truth(condition, names, steps)?;
            let kind = alike("if", &[a, b], names, steps)?;
            steps.push(Step::If);
            Ok(kind)
        }
        ("min" | "max" | "mean", [_, ..]) => {
            let kind = alike(name, &arguments, names, steps)?;
            let count = arguments.len() as u32;
            steps.push(match name {
                "min" => Step::Least(count),
                "max" => Step::Greatest(count),
                _ => Step::Mean(count),
            });
            Ok(kind)
        }
        ("clamp", [_, _, _]) => {
            let kind = alike("clamp", &arguments, names, steps)?;
            steps.push(Step::Clamp);
            Ok(kind)
        }
        ("abs" | "sqrt" | "exp" | "ln", [a]) => {
            let (powers, zero) = number(a, names, steps)?;
            refuse_scale(a, powers, zero)?;
            let (function, powers) = match name {
                "abs" => (Function::Abs, powers),
                "sqrt" => {
                    let root = powers.root().ok_or_else(|| Fault::Power {
                        text: whole.to_string(),
                    })?;
                    (Function::Sqrt, root)
                }
                _ if powers != Powers::NONE => {
                    return Err(Fault::NoRatio {
                        text: a.to_string(),
                        unit: powers.text(),
                    });
                }
                "exp" => (Function::Exp, powers),
                _ => (Function::Ln, powers),
            };
            steps.push(Step::Function(function));
            Ok(Kind::Number(powers, zero))
        }
        ("avg" | "rate" | "delta", [Formula::Name(tag), over]) => {
            let slot = names.tag(tag)?;
            let window_us = window_us(over).ok_or_else(wrong)?;
            let window = names.window(slot.number, window_us);
            let Kind::Number(powers, zero) = kind_of(slot.unit) else {
                return Err(wrong());
            };
            let (step, kind) = match name {
                "avg" => (Step::Average(window), Kind::Number(powers, zero)),
                "rate" => (
                    Step::Rate(window),
                    Kind::Number(powers.over(Powers::TIME), Zero::Either),
                ),
                _ => (Step::Delta(window), Kind::Number(powers, Zero::None)),
            };
            steps.push(step);
            Ok(kind)
        }
        ("last_good" | "value", [Formula::Name(tag)]) => {
            let slot = names.tag(tag)?;
            steps.push(match name {
                "value" => Step::Value(slot.number),
                _ => Step::LastGood(slot.number),
            });
            Ok(kind_of(slot.unit))
        }
        ("alarm", [Formula::Name(alarm)]) => {
            steps.push(Step::Alarm(names.alarm(alarm)?));
            Ok(Kind::Truth)
        }
        _ => Err(wrong()),
    }
}

/// Longest window: a hundred years, so that times stay far from the end of their range.
const WINDOW_S_MAX: f64 = 3.2e9;

fn window_us(formula: &Formula) -> Option<i64> {
    let Formula::Number(number, unit) = formula else {
        return None;
    };
    let (seconds, kind) = constant(*number, unit).ok()?;
    let time = matches!(kind, Kind::Number(powers, _) if powers == Powers::TIME);
    let us = crate::alarm::definition::micros(seconds.min(WINDOW_S_MAX));
    (time && us >= 1_000).then_some(us)
}
