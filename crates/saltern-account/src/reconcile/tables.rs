//! People's tables of measured flows, made into a problem.
//!
//! `streams`: one stream a row: `id`, `from`, `to`, `flow [t/h]`, `flow_sigma [t/h]` (or `[%]` of the value), and for each
//! component `K [wt%]`, `K_sigma [wt%]` (where both are headed `[%]`, the second is in the unit of the first). A blank value is not measured; a standard deviation of 0 is exact. A node with
//! streams in and out balances, in flow and in each component; a node with streams on one side only is an end, and a blank
//! one is outside. A change of stock is a stream from the node to outside, negative where stock was drawn.
//!
//! `parameters` (`id`, `value`, `sigma`) and `equations` (`id`, `equation`) add transfer coefficients and whatever else is
//! known: `F4 = TC * F3`. In equations a stream's id is its flow and `id.K` its share of K, both as numbers in the units of
//! their columns.

use super::problem::{Knowledge, Problem, Product};
use super::solve::{Settings, reconcile};
use crate::error::AccountError;
use saltern_units::table::{Cell, Row, Table, TableError};
use saltern_units::unit::{Dimension, Unit};

/// The texts of the tables and the names of their files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'t> {
    /// Streams: file and text.
    pub streams: (&'t str, &'t str),
    /// Parameters, if any.
    pub parameters: Option<(&'t str, &'t str)>,
    /// Equations, if any.
    pub equations: Option<(&'t str, &'t str)>,
}

/// A network of measured streams.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// What is to be reconciled.
    pub problem: Problem,
    /// Streams in the order of the table.
    pub streams: Vec<MeasuredStream>,
    /// Components, columns of every stream.
    pub components: Vec<String>,
    /// Unit of all flows.
    pub flow_unit: &'static Unit,
    /// Unit of each component.
    pub share_units: Vec<&'static Unit>,
    /// Nodes that balance.
    pub balanced: Vec<String>,
    /// Nodes with streams on one side only.
    pub ends: Vec<String>,
}

/// A stream of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredStream {
    /// Id.
    pub id: String,
    /// Node it comes from; empty for outside.
    pub from: String,
    /// Node it goes to; empty for outside.
    pub to: String,
    /// Index of its flow among the quantities.
    pub flow: usize,
    /// Index of its share of each component.
    pub shares: Vec<usize>,
}

/// What flows may be measured in: rates, or amounts of the period.
const FLOWS: [Dimension; 4] = [
    Dimension::MassFlow,
    Dimension::Mass,
    Dimension::VolumeFlow,
    Dimension::Volume,
];

impl Network {
    /// Whether flows are masses, so that shares are mass fractions.
    pub fn counts_mass(&self) -> bool {
        matches!(
            self.flow_unit.dimension,
            Dimension::MassFlow | Dimension::Mass
        )
    }

    /// Unit of a quantity; empty for a parameter.
    pub fn unit_of(&self, quantity: usize) -> &'static str {
        for stream in &self.streams {
            if stream.flow == quantity {
                return self.flow_unit.symbol;
            }
            if let Some(share) = stream.shares.iter().position(|s| *s == quantity) {
                return self.share_units[share].symbol;
            }
        }
        ""
    }

    /// Reads the tables.
    ///
    /// # Errors
    /// What is wrong, with its file, row and column.
    pub fn read(texts: &Texts<'_>) -> Result<Network, AccountError> {
        let table = Table::read(texts.streams.0, texts.streams.1)?;
        let mut network = streams(&table)?;
        if let Some((file, text)) = texts.parameters {
            network.parameters(&Table::read(file, text)?)?;
        }
        network.balance()?;
        if let Some((file, text)) = texts.equations {
            network.equations(&Table::read(file, text)?)?;
        }
        Ok(network)
    }

    fn parameters(&mut self, table: &Table) -> Result<(), AccountError> {
        let columns = Measured::columns(table, "value", "sigma", None)?;
        let id = table.column("id")?;
        for row in &table.rows {
            let cell = table.cell(row, id);
            self.refuse_second(&cell)?;
            let knowledge = columns
                .read(table, row)?
                .unwrap_or(Knowledge::Unmeasured { guess: 1.0 });
            self.problem.add(cell.text()?, knowledge);
        }
        Ok(())
    }

    fn refuse_second(&self, cell: &Cell<'_>) -> Result<(), AccountError> {
        match self.problem.find(cell.text()?) {
            None => Ok(()),
            Some(_) => Err(AccountError::Duplicate {
                place: cell.place(),
                id: cell.raw().into(),
            }),
        }
    }

    fn equations(&mut self, table: &Table) -> Result<(), AccountError> {
        let (id, equation) = (table.column("id")?, table.column("equation")?);
        for row in &table.rows {
            let cell = table.cell(row, equation);
            self.problem
                .equation(table.cell(row, id).text()?, cell.text()?)
                .map_err(|error| error.at(cell.place()))?;
        }
        Ok(())
    }

    /// Adds the balances of all nodes, and better first guesses of what isn't measured.
    fn balance(&mut self) -> Result<(), AccountError> {
        let mut nodes: Vec<&str> = Vec::new();
        for stream in &self.streams {
            for node in [stream.from.as_str(), stream.to.as_str()] {
                if !node.is_empty() && !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
        }
        let both = |node: &&str| {
            self.streams.iter().any(|s| s.from == **node)
                && self.streams.iter().any(|s| s.to == **node)
        };
        let (balanced, ends): (Vec<&str>, Vec<&str>) = nodes.iter().partition(|n| both(n));
        self.balanced = balanced.into_iter().map(String::from).collect();
        self.ends = ends.into_iter().map(String::from).collect();
        if self.balanced.is_empty() {
            return Err(AccountError::NoUnitsToBalance);
        }
        for node in &self.balanced {
            let sum = self.sum_at(node, |s, sign| Product::of(sign, s.flow));
            self.problem.constrain(node.clone(), sum);
        }
        self.guess_flows();
        for (c, component) in self.components.iter().enumerate() {
            for node in &self.balanced {
                let sum = self.sum_at(node, |s, sign| Product::of_two(sign, s.flow, s.shares[c]));
                self.problem.constrain(format!("{component} {node}"), sum);
            }
        }
        Ok(())
    }

    fn sum_at(&self, node: &str, term: impl Fn(&MeasuredStream, f64) -> Product) -> Vec<Product> {
        let into = self
            .streams
            .iter()
            .filter(|s| s.to == node)
            .map(|s| term(s, 1.0));
        let out = self
            .streams
            .iter()
            .filter(|s| s.from == node)
            .map(|s| term(s, -1.0));
        into.chain(out).collect()
    }

    /// Flow balances alone are linear and need no guess; what they determine is a guess for the whole.
    fn guess_flows(&mut self) {
        if self.components.is_empty() {
            return;
        }
        let Ok(flows) = reconcile(&self.problem, &Settings::default()) else {
            return; // The whole problem will say what is wrong.
        };
        for stream in &self.streams {
            let knowledge = &mut self.problem.quantities[stream.flow].knowledge;
            if let (Knowledge::Unmeasured { guess }, Some(value)) =
                (knowledge, flows.estimates[stream.flow].value)
            {
                *guess = value;
            }
        }
    }
}

fn streams(table: &Table) -> Result<Network, AccountError> {
    let components = components(table)?;
    let flow_column = table.column("flow")?;
    let flow_unit = unit_of(table, flow_column, &FLOWS)?;
    let mass = matches!(flow_unit.dimension, Dimension::MassFlow | Dimension::Mass);
    let share = if mass {
        Dimension::MassFraction
    } else {
        Dimension::Concentration
    };
    let flow = Measured::columns(table, "flow", "flow_sigma", Some(flow_unit))?;
    let mut shares = Vec::new();
    for component in &components {
        let unit = table.unit(table.column(component)?, share)?;
        shares.push(Measured::columns(
            table,
            component,
            &format!("{component}_sigma"),
            Some(unit),
        )?);
    }
    let mut network = Network {
        problem: Problem::default(),
        streams: Vec::new(),
        components,
        flow_unit,
        share_units: shares.iter().filter_map(|s| s.unit).collect(),
        balanced: Vec::new(),
        ends: Vec::new(),
    };
    let (id, from, to) = (
        table.column("id")?,
        table.column("from")?,
        table.column("to")?,
    );
    let flow_guess = flow.mean(table)?;
    let share_guesses = shares
        .iter()
        .map(|s| s.mean(table))
        .collect::<Result<Vec<_>, _>>()?;
    for row in &table.rows {
        let cell = table.cell(row, id);
        network.refuse_second(&cell)?;
        let name = cell.text()?;
        let knowledge = flow.read(table, row)?;
        let flow = network.problem.add(
            name,
            knowledge.unwrap_or(Knowledge::Unmeasured { guess: flow_guess }),
        );
        let mut stream = MeasuredStream {
            id: name.into(),
            from: table.cell(row, from).raw().into(),
            to: table.cell(row, to).raw().into(),
            flow,
            shares: Vec::new(),
        };
        for (i, columns) in shares.iter().enumerate() {
            let unmeasured = Knowledge::Unmeasured {
                guess: share_guesses[i],
            };
            let knowledge = columns.read(table, row)?.unwrap_or(unmeasured);
            let component = &network.components[i];
            stream.shares.push(
                network
                    .problem
                    .add(format!("{name}.{component}"), knowledge),
            );
        }
        network.streams.push(stream);
    }
    Ok(network)
}

/// Every column that is none of the others is a component; each has a column of standard deviations.
fn components(table: &Table) -> Result<Vec<String>, AccountError> {
    const OWN: [&str; 5] = ["id", "from", "to", "flow", "flow_sigma"];
    let names = table.columns.iter().map(|column| column.name.as_str());
    let free: Vec<&str> = names.filter(|name| !OWN.contains(name)).collect();
    for name in &free {
        if let Some(component) = name.strip_suffix("_sigma") {
            table.column(component)?;
        }
    }
    Ok(free
        .into_iter()
        .filter(|name| !name.ends_with("_sigma"))
        .map(String::from)
        .collect())
}

fn unit_of(
    table: &Table,
    column: usize,
    accepted: &[Dimension],
) -> Result<&'static Unit, TableError> {
    let found = accepted.iter().find_map(|d| table.unit(column, *d).ok());
    found.map_or_else(|| table.unit(column, accepted[0]), Ok)
}

/// A column of values and the column of their standard deviations.
struct Measured {
    value: usize,
    sigma: usize,
    /// Unit of the values.
    unit: Option<&'static Unit>,
    /// How a number of the second column becomes one in the unit of the first; `None` for a percentage of the value.
    factor: Option<f64>,
}

impl Measured {
    fn columns(
        table: &Table,
        value: &str,
        sigma: &str,
        unit: Option<&'static Unit>,
    ) -> Result<Measured, AccountError> {
        let (value, sigma) = (table.column(value)?, table.column(sigma)?);
        let written = table.columns[sigma].unit.as_str();
        let same = written == table.columns[value].unit;
        let factor = match unit {
            _ if same => Some(1.0),
            _ if written == "%" => None,
            None => Some(1.0),
            Some(unit) => {
                let other = table.unit(sigma, unit.dimension)?;
                // A width has no offset: differences of the two scales.
                let width = |u: &Unit| u.to_si(1.0) - u.to_si(0.0);
                Some(width(other) / width(unit))
            }
        };
        Ok(Measured {
            value,
            sigma,
            unit,
            factor,
        })
    }

    fn read(&self, table: &Table, row: &Row) -> Result<Option<Knowledge>, AccountError> {
        let Some(value) = table.cell(row, self.value).optional_number()? else {
            return Ok(None);
        };
        let cell = table.cell(row, self.sigma);
        let number = cell.non_negative()?;
        let sigma = match self.factor {
            Some(factor) => number * factor,
            None => 0.01 * number * value.abs(),
        };
        if number > 0.0 && sigma == 0.0 {
            let id = row.cells.first().cloned().unwrap_or_default();
            return Err(AccountError::Sigma { id, sigma }.at(cell.place()));
        }
        Ok(Some(if sigma == 0.0 {
            Knowledge::Known(value)
        } else {
            Knowledge::Measured { value, sigma }
        }))
    }

    /// Mean of what is measured, as a first guess of what isn't.
    fn mean(&self, table: &Table) -> Result<f64, AccountError> {
        let mut numbers = Vec::new();
        for cell in table.cells(self.value) {
            numbers.extend(cell.optional_number()?);
        }
        let count = numbers.len().max(1) as f64;
        Ok(if numbers.is_empty() {
            1.0
        } else {
            numbers.iter().sum::<f64>() / count
        })
    }
}
