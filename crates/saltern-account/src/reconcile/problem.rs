//! What is to be reconciled: quantities, what is known of them, and the constraints between them.

use crate::error::{AccountError, Named};
use saltern_units::formula::{Call, Formula, Operator};

/// A quantity: a flow, a share of a component, a transfer coefficient, a temperature.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Id, unique in the problem.
    pub id: String,
    /// What is known of it.
    pub knowledge: Knowledge,
}

/// What is known of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Knowledge {
    /// Measured, with a standard deviation above zero.
    Measured {
        /// Measured value.
        value: f64,
        /// Standard deviation.
        sigma: f64,
    },
    /// Known exactly: a constant, a structural zero.
    Known(f64),
    /// Not measured.
    Unmeasured {
        /// First guess; where the constraints are not linear it matters.
        guess: f64,
    },
}

impl Knowledge {
    /// The measured value and standard deviation, if measured.
    pub fn measurement(self) -> Option<(f64, f64)> {
        match self {
            Knowledge::Measured { value, sigma } => Some((value, sigma)),
            _ => None,
        }
    }
}

/// Something that must be zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Id, `balance of mill`.
    pub id: String,
    /// What is zero.
    pub relation: Relation,
}

/// The left side of a constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// A sum of products of at most two quantities.
    Sum(Vec<Product>),
    /// left − right of a written equation; names resolved to quantities.
    Equation(Box<Resolved>, Box<Resolved>),
}

/// coefficient × quantity × quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Product {
    /// Coefficient.
    pub coefficient: f64,
    /// First factor; `None` for a constant.
    pub first: Option<usize>,
    /// Second factor.
    pub second: Option<usize>,
}

/// A formula whose names are indices of quantities.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// A constant.
    Number(f64),
    /// A quantity.
    Quantity(usize),
    /// −a.
    Minus(Box<Resolved>),
    /// Two formulas.
    Binary(Operator, Box<Resolved>, Box<Resolved>),
    /// A function of one formula.
    Function(Function, Box<Resolved>),
}

/// Functions of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Square root.
    Sqrt,
    /// Exponential.
    Exp,
    /// Natural logarithm.
    Ln,
}

/// Quantities and constraints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Constraints.
    pub constraints: Vec<Constraint>,
}

impl Product {
    /// A quantity times a coefficient.
    pub fn of(coefficient: f64, quantity: usize) -> Product {
        Product {
            coefficient,
            first: Some(quantity),
            second: None,
        }
    }

    /// Two quantities times a coefficient.
    pub fn of_two(coefficient: f64, first: usize, second: usize) -> Product {
        Product {
            coefficient,
            first: Some(first),
            second: Some(second),
        }
    }
}

impl Problem {
    /// Adds a quantity and gives its index.
    pub fn add(&mut self, id: impl Into<String>, knowledge: Knowledge) -> usize {
        self.quantities.push(Quantity {
            id: id.into(),
            knowledge,
        });
        self.quantities.len() - 1
    }

    /// Adds a constraint that is a sum of products.
    pub fn constrain(&mut self, id: impl Into<String>, sum: Vec<Product>) {
        self.constraints.push(Constraint {
            id: id.into(),
            relation: Relation::Sum(sum),
        });
    }

    /// Index of a quantity by id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.quantities.iter().position(|q| q.id == id)
    }

    /// Adds a written equation, `F4 = TC * F3`.
    ///
    /// # Errors
    /// Where it cannot be read or names something that is no quantity.
    pub fn equation(&mut self, id: impl Into<String>, text: &str) -> Result<(), AccountError> {
        let (left, right) = saltern_units::formula::equation(text)?;
        let relation = Relation::Equation(
            Box::new(self.resolve(&left)?),
            Box::new(self.resolve(&right)?),
        );
        self.constraints.push(Constraint {
            id: id.into(),
            relation,
        });
        Ok(())
    }

    fn resolve(&self, formula: &Formula) -> Result<Resolved, AccountError> {
        let boxed = |f: &Formula| self.resolve(f).map(Box::new);
        Ok(match formula {
            Formula::Number(n, unit) if unit.is_empty() => Resolved::Number(*n),
            // Quantities have the units of their columns, so a unit in an equation could only mislead.
            Formula::Number(_, unit) => {
                return Err(AccountError::UnknownUnit { unit: unit.clone() });
            }
            Formula::Name(name) => {
                Resolved::Quantity(self.find(name).ok_or_else(|| AccountError::UnknownName {
                    named: Named::Quantity,
                    name: name.clone(),
                    known: self.quantities.iter().map(|q| q.id.clone()).collect(),
                })?)
            }
            Formula::Minus(a) => Resolved::Minus(boxed(a)?),
            Formula::Binary(o, a, b) => Resolved::Binary(*o, boxed(a)?, boxed(b)?),
            Formula::Call(call) => {
                let (function, argument) = function_of(call)?;
                Resolved::Function(function, boxed(argument)?)
            }
            Formula::Each(each) => return Err(unknown_function(&each.name)),
            // Not in the grammar of equations.
            Formula::Test(..) | Formula::Not(_) => return Err(unknown_function("if")),
        })
    }

    /// Whether every constraint is linear in what is not known exactly.
    pub fn is_linear(&self) -> bool {
        let varies = |i: Option<usize>| {
            i.is_some_and(|i| !matches!(self.quantities[i].knowledge, Knowledge::Known(_)))
        };
        self.constraints.iter().all(|c| match &c.relation {
            Relation::Sum(sum) => sum.iter().all(|p| !(varies(p.first) && varies(p.second))),
            Relation::Equation(..) => false,
        })
    }
}

fn function_of(call: &Call) -> Result<(Function, &Formula), AccountError> {
    let function = match call.name.as_str() {
        "sqrt" => Function::Sqrt,
        "exp" => Function::Exp,
        "ln" => Function::Ln,
        name => return Err(unknown_function(name)),
    };
    match (call.arguments.as_slice(), call.choices.as_slice()) {
        ([argument], []) => Ok((function, argument)),
        _ => Err(AccountError::Arguments {
            function: call.name.clone(),
            accepted: "sqrt(x), exp(x), ln(x)",
        }),
    }
}

fn unknown_function(name: &str) -> AccountError {
    AccountError::UnknownName {
        named: Named::Function,
        name: name.into(),
        known: ["sqrt", "exp", "ln"].map(String::from).to_vec(),
    }
}

/// A constraint at a place: its value, its derivatives and the size of its largest term.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) value: f64,
    pub(super) size: f64,
    pub(super) gradient: Vec<f64>,
}

impl Constraint {
    /// Value, size and gradient at `x`; the gradient is overwritten.
    pub(super) fn at(&self, x: &[f64], row: &mut Row) {
        row.gradient.clear();
        row.gradient.resize(x.len(), 0.0);
        (row.value, row.size) = (0.0, 0.0);
        match &self.relation {
            Relation::Sum(sum) => {
                for product in sum {
                    product.add_to(x, row);
                }
            }
            Relation::Equation(left, right) => {
                for (side, sign) in [(left, 1.0), (right, -1.0)] {
                    side.terms(x, sign, row);
                }
            }
        }
    }

    /// Value and size of the largest term alone.
    pub(super) fn value(&self, x: &[f64]) -> (f64, f64) {
        match &self.relation {
            Relation::Sum(sum) => sum.iter().fold((0.0, 0.0_f64), |(value, size), p| {
                let term = p.value(x);
                (value + term, size.max(term.abs()))
            }),
            Relation::Equation(..) => {
                let mut row = Row::default();
                self.at(x, &mut row);
                (row.value, row.size)
            }
        }
    }
}

impl Product {
    fn value(&self, x: &[f64]) -> f64 {
        let factor = |i: Option<usize>| i.map_or(1.0, |i| x[i]);
        self.coefficient * factor(self.first) * factor(self.second)
    }

    fn add_to(&self, x: &[f64], row: &mut Row) {
        let term = self.value(x);
        row.value += term;
        row.size = row.size.max(term.abs());
        if let Some(first) = self.first {
            row.gradient[first] += self.coefficient * self.second.map_or(1.0, |i| x[i]);
        }
        if let Some(second) = self.second {
            row.gradient[second] += self.coefficient * self.first.map_or(1.0, |i| x[i]);
        }
    }
}

impl Resolved {
    /// Adds the terms of a sum to a row one by one, so that its size is that of its largest term.
    fn terms(&self, x: &[f64], sign: f64, row: &mut Row) {
        match self {
            Resolved::Minus(a) => a.terms(x, -sign, row),
            Resolved::Binary(Operator::Add, a, b) => {
                a.terms(x, sign, row);
                b.terms(x, sign, row);
            }
            Resolved::Binary(Operator::Subtract, a, b) => {
                a.terms(x, sign, row);
                b.terms(x, -sign, row);
            }
            _ => {
                let term = self.value(x);
                row.value += sign * term;
                // `max` would pass over a term that is not a number.
                row.size = if term.is_nan() {
                    f64::NAN
                } else {
                    row.size.max(term.abs())
                };
                self.add_gradient(x, sign, &mut row.gradient);
            }
        }
    }

    fn is_constant(&self) -> bool {
        match self {
            Resolved::Number(_) => true,
            Resolved::Quantity(_) => false,
            Resolved::Minus(a) | Resolved::Function(_, a) => a.is_constant(),
            Resolved::Binary(_, a, b) => a.is_constant() && b.is_constant(),
        }
    }

    fn value(&self, x: &[f64]) -> f64 {
        match self {
            Resolved::Number(n) => *n,
            Resolved::Quantity(i) => x[*i],
            Resolved::Minus(a) => -a.value(x),
            Resolved::Binary(operator, a, b) => {
                let (a, b) = (a.value(x), b.value(x));
                match operator {
                    Operator::Add => a + b,
                    Operator::Subtract => a - b,
                    Operator::Multiply => a * b,
                    Operator::Divide => a / b,
                    Operator::Power => a.powf(b),
                }
            }
            Resolved::Function(function, a) => {
                let a = a.value(x);
                match function {
                    Function::Sqrt => a.sqrt(),
                    Function::Exp => a.exp(),
                    Function::Ln => a.ln(),
                }
            }
        }
    }

    /// Adds `factor` times the derivatives.
    fn add_gradient(&self, x: &[f64], factor: f64, gradient: &mut [f64]) {
        match self {
            Resolved::Number(_) => {}
            Resolved::Quantity(i) => gradient[*i] += factor,
            Resolved::Minus(a) => a.add_gradient(x, -factor, gradient),
            Resolved::Binary(operator, left, right) => {
                let (a, b) = (left.value(x), right.value(x));
                let (da, db) = match operator {
                    Operator::Add => (1.0, 1.0),
                    Operator::Subtract => (1.0, -1.0),
                    Operator::Multiply => (b, a),
                    Operator::Divide => (1.0 / b, -a / (b * b)),
                    Operator::Power => {
                        // A constant exponent leaves a negative base its derivative.
                        let by_exponent = if right.is_constant() {
                            0.0
                        } else {
                            a.powf(b) * a.ln()
                        };
                        (b * a.powf(b - 1.0), by_exponent)
                    }
                };
                left.add_gradient(x, factor * da, gradient);
                right.add_gradient(x, factor * db, gradient);
            }
            Resolved::Function(function, inner) => {
                let a = inner.value(x);
                let slope = match function {
                    Function::Sqrt => 0.5 / a.sqrt(),
                    Function::Exp => a.exp(),
                    Function::Ln => 1.0 / a,
                };
                inner.add_gradient(x, factor * slope, gradient);
            }
        }
    }
}
