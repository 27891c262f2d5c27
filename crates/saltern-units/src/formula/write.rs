//! A formula as text that is read as the same formula.

use super::{Formula, Operator, Test};
use std::fmt::{Display, Formatter, Result};

/// How tightly what stands in a formula holds together.
fn tightness(formula: &Formula) -> u8 {
    match formula {
        Formula::Test(Test::Or, ..) => 1,
        Formula::Test(Test::And, ..) => 2,
        Formula::Not(_) => 3,
        Formula::Test(..) => 4,
        Formula::Binary(Operator::Add | Operator::Subtract, ..) => 5,
        Formula::Binary(Operator::Multiply | Operator::Divide, ..) => 6,
        Formula::Minus(_) => 7,
        Formula::Binary(Operator::Power, ..) => 8,
        _ => 9,
    }
}

/// In parentheses unless it holds together that tightly.
fn inner(f: &mut Formatter<'_>, formula: &Formula, least: u8) -> Result {
    if tightness(formula) < least {
        write!(f, "({formula})")
    } else {
        write!(f, "{formula}")
    }
}

/// A name, in quotation marks where it would not be read as one otherwise.
fn name(f: &mut Formatter<'_>, name: &str) -> Result {
    let plain = name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        && !["and", "or", "not", "in"].contains(&name);
    if plain {
        f.write_str(name)
    } else {
        write!(f, "\"{name}\"")
    }
}

impl Display for Formula {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Formula::Number(number, unit) if unit.is_empty() => write!(f, "{number}"),
            Formula::Number(number, unit) => write!(f, "{number} [{unit}]"),
            Formula::Name(id) => name(f, id),
            Formula::Minus(a) => {
                f.write_str("-")?;
                inner(f, a, 8)
            }
            Formula::Not(a) => {
                f.write_str("not ")?;
                inner(f, a, 3)
            }
            Formula::Binary(Operator::Power, a, b) => {
                inner(f, a, 9)?;
                f.write_str(" ^ ")?;
                match b.as_ref() {
                    Formula::Minus(b) => {
                        f.write_str("-")?;
                        inner(f, b, 9)
                    }
                    b => inner(f, b, 9),
                }
            }
            Formula::Binary(operator, a, b) => {
                let own = tightness(self);
                inner(f, a, own)?;
                write!(f, " {} ", operator.symbol())?;
                inner(f, b, own + 1)
            }
            Formula::Test(test, a, b) => {
                let own = tightness(self);
                // A comparison of comparisons needs parentheses on both sides, `and` and `or` go on to the right.
                inner(f, a, if own == 4 { 5 } else { own })?;
                write!(f, " {} ", test.symbol())?;
                inner(f, b, own + 1)
            }
            Formula::Call(call) => {
                name(f, &call.name)?;
                f.write_str("(")?;
                let mut comma = "";
                for argument in &call.arguments {
                    write!(f, "{comma}{argument}")?;
                    comma = ", ";
                }
                for choice in &call.choices {
                    f.write_str(comma)?;
                    name(f, &choice.name)?;
                    f.write_str("=")?;
                    let any: Vec<String> =
                        choice.any_of.iter().map(|id| format!("\"{id}\"")).collect();
                    f.write_str(&any.join("|"))?;
                    comma = ", ";
                }
                f.write_str(")")
            }
            Formula::Each(each) => {
                name(f, &each.name)?;
                f.write_str("(")?;
                name(f, &each.variable)?;
                f.write_str(" in ")?;
                name(f, &each.set)?;
                write!(f, ": {})", each.body)
            }
        }
    }
}
