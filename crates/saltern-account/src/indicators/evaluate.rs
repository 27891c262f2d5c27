//! Formulas over a statement, with their units.

use super::definition::{Definition, Inputs};
use crate::error::{AccountError, Named};
use crate::measure::{Basis, ENERGY, MASS, Measure, RATIO, VOLUME};
use crate::statement::{Flow, Statement, unknown};
use saltern_base::book::{NodeKind, StreamKind};
use saltern_units::formula::{Call, Choice, Each, Formula, Operator};

/// An evaluated indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Index of the definition.
    pub definition: usize,
    /// Member of the set it is evaluated for.
    pub member: Option<String>,
    /// Value in the unit of the definition, or why there is none.
    pub value: Result<f64, AccountError>,
    /// Whether the threshold is met, where there is one and a value.
    pub meets: Option<bool>,
}

/// Carriers beside matter that formulas may name; one that nothing uses counts zero.
const CARRIERS: [&str; 9] = [
    crate::statement::MATTER,
    "electricity",
    "heat",
    "steam",
    "natural_gas",
    "raw_coal",
    "diesel",
    "hydrogen",
    "compute",
];

/// Evaluates every definition. Members of a set that the statement has no column for are passed over.
pub fn evaluate(statement: &Statement, definitions: &[Definition], inputs: &Inputs) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (i, definition) in definitions.iter().enumerate() {
        let scope = Scope {
            statement,
            inputs,
            bound: None,
        };
        match &definition.each {
            None => figures.push(figure(i, definition, &scope)),
            Some(set) => match scope.set(set) {
                Err(error) => figures.push(Figure {
                    definition: i,
                    member: None,
                    value: Err(error),
                    meets: None,
                }),
                Ok(members) => {
                    for member in members.iter().filter(|m| statement.elements.contains(m)) {
                        figures.push(figure(i, definition, &scope.with("x", member)));
                    }
                }
            },
        }
    }
    figures
}

fn figure(index: usize, definition: &Definition, scope: &Scope<'_>) -> Figure {
    let value = scope.value(&definition.formula).and_then(|amount| {
        if amount.basis == definition.measure.basis {
            Ok(amount.value / definition.measure.factor)
        } else {
            Err(AccountError::ResultUnit {
                found: amount.basis.text(),
                unit: definition.unit.clone(),
            })
        }
    });
    let meets = match (&value, &definition.threshold) {
        (Ok(value), Some(threshold)) => Some(if threshold.at_least {
            *value >= threshold.value
        } else {
            *value <= threshold.value
        }),
        _ => None,
    };
    Figure {
        definition: index,
        member: scope.bound.map(|(_, member)| member.into()),
        value,
        meets,
    }
}

/// A value in base units.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Amount {
    value: f64,
    basis: Basis,
}

type Valued = Result<Amount, AccountError>;

/// What names mean.
#[derive(Clone, Copy)]
struct Scope<'a> {
    statement: &'a Statement,
    inputs: &'a Inputs,
    /// The variable of a set and its member.
    bound: Option<(&'a str, &'a str)>,
}

const HOW_TO_RATIO: &str = "ratio(a, b)";
const HOW_TO_MEAN: &str = "mean(a, b, …), mean(x in set: …), sum(x in set: …)";
const HOW_TO_SUM_FLOWS: &str =
    "mass(role=product, element=K), volume(role=fresh_water), energy(carrier=heat), stock(node=p1)";

impl<'a> Scope<'a> {
    fn with(self, variable: &'a str, member: &'a str) -> Scope<'a> {
        Scope {
            bound: Some((variable, member)),
            ..self
        }
    }

    fn set(&self, name: &str) -> Result<&'a [String], AccountError> {
        if name == "elements" {
            return Ok(&self.statement.elements);
        }
        let found = self.inputs.sets.iter().find(|(known, _)| known == name);
        found.map(|(_, members)| members.as_slice()).ok_or_else(|| {
            let known = self.inputs.sets.iter().map(|(name, _)| name.clone());
            unknown(
                Named::Set,
                name,
                known.chain(["elements".to_string()]).collect(),
            )
        })
    }

    fn value(&self, formula: &Formula) -> Valued {
        match formula {
            Formula::Number(value, unit) if unit.is_empty() => Ok(Amount {
                value: *value,
                basis: RATIO,
            }),
            Formula::Number(value, unit) => {
                let Measure { factor, basis } = Measure::read(unit)?;
                Ok(Amount {
                    value: value * factor,
                    basis,
                })
            }
            Formula::Name(name) => self.input(name),
            Formula::Minus(a) => self.value(a).map(|a| Amount {
                value: -a.value,
                ..a
            }),
            Formula::Binary(operator, a, b) => binary(*operator, self.value(a)?, self.value(b)?),
            Formula::Call(call) => self.call(call),
            Formula::Each(each) => self.each(each),
            // Not in the grammar of figures.
            Formula::Test(..) | Formula::Not(_) => Err(arguments("if", HOW_TO_MEAN)),
        }
    }

    fn input(&self, name: &str) -> Valued {
        let found = self.inputs.values.iter().find(|(known, ..)| known == name);
        let known = || {
            self.inputs
                .values
                .iter()
                .map(|(name, ..)| name.clone())
                .collect()
        };
        found
            .map(|(_, value, measure)| Amount {
                value: *value,
                basis: measure.basis,
            })
            .ok_or_else(|| unknown(Named::Input, name, known()))
    }

    fn each(&self, each: &Each) -> Valued {
        let members = self.set(&each.set)?;
        let amounts = members
            .iter()
            .map(|member| self.with(&each.variable, member).value(&each.body))
            .collect::<Result<Vec<_>, _>>()?;
        match each.name.as_str() {
            "mean" => mean(&amounts),
            "sum" => sum(&amounts),
            name => Err(arguments(name, HOW_TO_MEAN)),
        }
    }

    fn call(&self, call: &Call) -> Valued {
        let wrong = |how| Err(arguments(&call.name, how));
        match (call.name.as_str(), call.arguments.as_slice()) {
            ("mean", values) if !values.is_empty() && call.choices.is_empty() => mean(
                &values
                    .iter()
                    .map(|f| self.value(f))
                    .collect::<Result<Vec<_>, _>>()?,
            ),
            ("mean" | "sum", _) => wrong(HOW_TO_MEAN),
            ("ratio", [a, b]) if call.choices.is_empty() => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                if a.value == 0.0 && b.value == 0.0 {
                    return Ok(Amount {
                        value: 0.0,
                        basis: a.basis.times(b.basis, -1),
                    });
                }
                binary(Operator::Divide, a, b)
            }
            ("ratio", _) => wrong(HOW_TO_RATIO),
            ("mass" | "volume" | "energy", []) => self.flows(&call.name, &call.choices),
            ("stock", []) => self.stock(&call.choices),
            ("mass" | "volume" | "energy" | "stock", _) => wrong(HOW_TO_SUM_FLOWS),
            (name, _) => {
                let known = ["mass", "volume", "energy", "stock", "ratio", "mean", "sum"];
                Err(unknown(
                    Named::Function,
                    name,
                    known.map(String::from).to_vec(),
                ))
            }
        }
    }

    /// Ids of a choice, the variable of a set replaced by its member.
    fn ids<'c>(&'c self, choice: &'c Choice) -> impl Iterator<Item = &'c str> {
        choice.any_of.iter().map(|id| match self.bound {
            Some((variable, member)) if variable == id => member,
            _ => id.as_str(),
        })
    }

    fn flows(&self, what: &str, choices: &[Choice]) -> Valued {
        let statement = self.statement;
        let mut taken = vec![true; statement.flows.len()];
        // Columns of the amounts, where elements or minerals are chosen.
        let (mut elements, mut minerals): (Option<Vec<usize>>, Option<Vec<usize>>) = (None, None);
        for choice in choices {
            match choice.name.as_str() {
                "element" if what == "mass" => {
                    elements = Some(
                        self.ids(choice)
                            .map(|id| statement.element(id))
                            .collect::<Result<_, _>>()?,
                    );
                }
                "mineral" if what == "mass" => {
                    let index = |id: &str| {
                        let found = statement.minerals.iter().position(|m| m == id);
                        found.ok_or_else(|| {
                            unknown(Named::Component, id, statement.minerals.clone())
                        })
                    };
                    minerals = Some(self.ids(choice).map(index).collect::<Result<_, _>>()?);
                }
                _ => {
                    let accepted = self.accepted(choice)?;
                    for (taken, flow) in taken.iter_mut().zip(&statement.flows) {
                        *taken &= accepted.iter().any(|id| self.fits(&choice.name, id, flow));
                    }
                }
            }
        }
        // Energy on its way counts where it is used, unless the way itself is asked for.
        let ways = ["stream", "from", "to", "from_kind", "to_kind"];
        if what == "energy" && !choices.iter().any(|c| ways.contains(&c.name.as_str())) {
            for (taken, flow) in taken.iter_mut().zip(&statement.flows) {
                *taken &= !flow.passes;
            }
        }
        let columns = |of: &[f64], columns: &[usize]| columns.iter().map(|&i| of[i]).sum::<f64>();
        let of = |flow: &Flow| match (what, &elements, &minerals) {
            ("volume", ..) => flow.volume_m3,
            ("energy", ..) => flow.energy_j,
            (_, Some(chosen), _) => columns(&flow.elements_kg, chosen),
            (_, None, Some(chosen)) => columns(&flow.minerals_kg, chosen),
            _ => flow.mass_kg,
        };
        let sum = statement
            .flows
            .iter()
            .zip(&taken)
            .filter(|(_, taken)| **taken)
            .map(|(f, _)| of(f))
            .sum();
        Ok(Amount {
            value: sum,
            basis: match what {
                "volume" => VOLUME,
                "energy" => ENERGY,
                _ => MASS,
            },
        })
    }

    fn fits(&self, by: &str, id: &str, flow: &Flow) -> bool {
        let node = |i: usize| &self.statement.nodes[i];
        let of_kind = |i: usize| node(i).kind.map(NodeKind::name) == Some(id);
        match by {
            "from" => node(flow.from).id == id,
            "to" => node(flow.to).id == id,
            "from_kind" => of_kind(flow.from),
            "to_kind" => of_kind(flow.to),
            "stream" => flow.id == id,
            "kind" => flow.kind.map(StreamKind::name) == Some(id),
            "carrier" => flow.carrier == id,
            "role" => flow.roles.iter().any(|role| role == id),
            "product" => flow.product.as_deref() == Some(id),
            _ => false,
        }
    }

    /// The ids of a choice of flows, each checked: one that nothing has would count as nothing without anybody noticing.
    fn accepted<'c>(&'c self, choice: &'c Choice) -> Result<Vec<&'c str>, AccountError> {
        let statement = self.statement;
        let utilities = statement
            .flows
            .iter()
            .any(|f| f.carrier != crate::statement::MATTER);
        let texts = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        let mut known: Vec<String>;
        let what;
        (what, known) = match choice.name.as_str() {
            "from" | "to" => (
                Named::Node,
                statement.nodes.iter().map(|n| n.id.clone()).collect(),
            ),
            "from_kind" | "to_kind" => (Named::Kind, texts(&NodeKind::ALL.map(NodeKind::name))),
            "stream" => (
                Named::Stream,
                statement.flows.iter().map(|f| f.id.clone()).collect(),
            ),
            "kind" => (Named::Kind, texts(&StreamKind::ALL.map(StreamKind::name))),
            // Without any utility nothing is known of them, which is not the same as none used.
            "carrier" if !utilities => (Named::Carrier, vec![crate::statement::MATTER.into()]),
            "carrier" => {
                let own = statement.flows.iter().map(|f| f.carrier.clone());
                (
                    Named::Carrier,
                    own.chain(CARRIERS.map(String::from)).collect(),
                )
            }
            "role" => (
                Named::Role,
                statement
                    .flows
                    .iter()
                    .flat_map(|f| f.roles.clone())
                    .collect(),
            ),
            "product" => (
                Named::Component,
                statement
                    .flows
                    .iter()
                    .filter_map(|f| f.product.clone())
                    .collect(),
            ),
            name => {
                let choices = [
                    "from",
                    "to",
                    "from_kind",
                    "to_kind",
                    "stream",
                    "kind",
                    "carrier",
                    "role",
                    "product",
                    "element",
                    "mineral",
                ];
                return Err(unknown(Named::Choice, name, texts(&choices)));
            }
        };
        known.sort_unstable();
        known.dedup();
        let ids: Vec<&str> = self.ids(choice).collect();
        match ids.iter().find(|id| !known.iter().any(|k| k == *id)) {
            Some(id) => Err(unknown(what, id, known)),
            None => Ok(ids),
        }
    }

    fn stock(&self, choices: &[Choice]) -> Valued {
        let statement = self.statement;
        let mut nodes: Vec<usize> = (0..statement.nodes.len()).collect();
        let mut elements: Vec<usize> = (0..statement.elements.len()).collect();
        for choice in choices {
            match choice.name.as_str() {
                "node" => {
                    nodes = self
                        .ids(choice)
                        .map(|id| statement.node(id))
                        .collect::<Result<_, _>>()?
                }
                "element" => {
                    elements = self
                        .ids(choice)
                        .map(|id| statement.element(id))
                        .collect::<Result<_, _>>()?;
                }
                name => {
                    let known = ["node", "element"].map(String::from).to_vec();
                    return Err(unknown(Named::Choice, name, known));
                }
            }
        }
        let change = |&n: &usize| {
            elements
                .iter()
                .map(|&e| statement.stock_change_kg(n, e))
                .sum::<f64>()
        };
        Ok(Amount {
            value: nodes.iter().map(change).sum(),
            basis: MASS,
        })
    }
}

fn arguments(function: &str, accepted: &'static str) -> AccountError {
    AccountError::Arguments {
        function: function.into(),
        accepted,
    }
}

fn binary(operator: Operator, a: Amount, b: Amount) -> Valued {
    let unlike = || AccountError::Dimensions {
        operator: operator.symbol(),
        left: a.basis.text(),
        right: b.basis.text(),
    };
    let (value, basis) = match operator {
        Operator::Add | Operator::Subtract if a.basis != b.basis => return Err(unlike()),
        Operator::Add => (a.value + b.value, a.basis),
        Operator::Subtract => (a.value - b.value, a.basis),
        Operator::Multiply => (a.value * b.value, a.basis.times(b.basis, 1)),
        Operator::Divide if b.value == 0.0 => return Err(AccountError::DividedByZero),
        Operator::Divide => (a.value / b.value, a.basis.times(b.basis, -1)),
        Operator::Power if a.basis != RATIO || b.basis != RATIO => return Err(unlike()),
        Operator::Power => (a.value.powf(b.value), RATIO),
    };
    Ok(Amount { value, basis })
}

fn sum(amounts: &[Amount]) -> Valued {
    let first = amounts.first().ok_or(AccountError::DividedByZero)?;
    amounts[1..]
        .iter()
        .try_fold(*first, |sum, a| binary(Operator::Add, sum, *a))
}

fn mean(amounts: &[Amount]) -> Valued {
    let sum = sum(amounts)?;
    Ok(Amount {
        value: sum.value / amounts.len() as f64,
        ..sum
    })
}
