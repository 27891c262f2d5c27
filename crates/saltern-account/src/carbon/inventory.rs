//! Life-cycle inventories: activities that feed each other, solved for a demand.

use crate::error::{AccountError, Named};
use crate::measure::Measure;
use saltern_numerics::lu::Lu;
use saltern_units::Lang;
use saltern_units::table::Table;

/// An activity or a flow from or to outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Id.
    pub id: String,
    /// Unit its amounts are given in.
    pub unit: String,
    /// How many base units that is.
    pub measure: Measure,
    /// `activity`, `energy`, `reagent`, …
    pub group: String,
    /// English.
    pub name_en: String,
    /// 简体中文.
    pub name_zh: String,
}

impl Exchange {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_en, &self.name_zh)
    }
}

/// Activities and what each takes and gives off.
#[derive(Clone, Debug, PartialEq)]
pub struct Inventory {
    /// Activities, each with one output of its own.
    pub activities: Vec<Exchange>,
    /// Flows from and to outside.
    pub flows: Vec<Exchange>,
    /// A: what activity j (column) makes (above zero) or takes (below) of the output of i (row), row-major.
    pub technology: Vec<f64>,
    /// B: what activity j (column) takes of flow i (row), row-major; below zero what it gives off.
    pub interventions: Vec<f64>,
}

/// So much of an activity's output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Index of the activity.
    pub activity: usize,
    /// Amount in the unit of its output.
    pub amount: f64,
}

/// An inventory solved for a demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The demand.
    pub demand: Demand,
    /// How much of each activity is needed.
    pub amounts: Vec<f64>,
    /// What each flow comes to.
    pub totals: Vec<f64>,
    /// What each activity (column) adds to each flow (row), row-major `flows × activities`.
    pub contributions: Vec<f64>,
}

impl Inventory {
    /// Reads an inventory: exchanges (`activity`, `exchange`, `amount`, `unit`) and their names (`id`, `unit`, `group`,
    /// `name_en`, `name_zh`), each a file and its text. An activity is a name of the group `activity`.
    ///
    /// # Errors
    /// What is wrong, with its place; [`AccountError::Output`] for an activity without one output.
    pub fn read(exchanges: (&str, &str), names: (&str, &str)) -> Result<Inventory, AccountError> {
        let (activities, flows) = read_names(&Table::read(names.0, names.1)?)?;
        let (n, m) = (activities.len(), flows.len());
        let mut inventory = Inventory {
            activities,
            flows,
            technology: vec![0.0; n * n],
            interventions: vec![0.0; m * n],
        };
        let table = Table::read(exchanges.0, exchanges.1)?;
        let mut outputs = vec![0; n];
        let [activity, exchange, amount, unit] =
            columns(&table, ["activity", "exchange", "amount", "unit"])?;
        for row in &table.rows {
            let cell = table.cell(row, activity);
            let j = inventory
                .activity(cell.text()?)
                .map_err(|e| e.at(cell.place()))?;
            let cell = table.cell(row, exchange);
            let id = cell.text()?;
            let inner = inventory.activities.iter().position(|a| a.id == id);
            let outer = inventory.flows.iter().position(|f| f.id == id);
            let named = match (inner, outer) {
                (Some(i), _) => &inventory.activities[i],
                (None, Some(i)) => &inventory.flows[i],
                (None, None) => return Err(inventory.unknown(id).at(cell.place())),
            };
            let cell = table.cell(row, unit);
            let measure = Measure::read(cell.text()?).map_err(|e| e.at(cell.place()))?;
            if measure.basis != named.measure.basis {
                let error = AccountError::UnitOf {
                    id: id.into(),
                    unit: cell.raw().into(),
                    accepted: named.unit.clone(),
                };
                return Err(error.at(cell.place()));
            }
            let amount = table.cell(row, amount).number()? * measure.factor / named.measure.factor;
            match (inner, outer) {
                (Some(i), _) if i == j => {
                    outputs[j] += 1;
                    inventory.technology[i * n + j] += amount;
                }
                (Some(i), _) => inventory.technology[i * n + j] -= amount,
                (None, Some(i)) => inventory.interventions[i * n + j] += amount,
                (None, None) => {}
            }
        }
        match outputs.iter().position(|count| *count != 1) {
            Some(j) => Err(AccountError::Output {
                activity: inventory.activities[j].id.clone(),
                count: outputs[j],
            }),
            None => Ok(inventory),
        }
    }

    /// Index of an activity.
    ///
    /// # Errors
    /// [`AccountError::UnknownName`].
    pub fn activity(&self, id: &str) -> Result<usize, AccountError> {
        let found = self.activities.iter().position(|a| a.id == id);
        found.ok_or_else(|| self.unknown(id))
    }

    fn unknown(&self, id: &str) -> AccountError {
        AccountError::UnknownName {
            named: Named::Exchange,
            name: id.into(),
            known: self
                .activities
                .iter()
                .chain(&self.flows)
                .map(|e| e.id.clone())
                .collect(),
        }
    }

    /// Solves for a demand.
    ///
    /// # Errors
    /// [`AccountError::Singular`].
    pub fn solve(&self, demand: Demand) -> Result<Solution, AccountError> {
        let n = self.activities.len();
        let mut amounts = vec![0.0; n];
        amounts[demand.activity] = demand.amount;
        Lu::default()
            .solve(&self.technology, &mut amounts)
            .map_err(|singular| AccountError::Singular {
                activity: self.activities[singular.column].id.clone(),
            })?;
        let contributions: Vec<f64> = self
            .interventions
            .chunks_exact(n.max(1))
            .flat_map(|row| row.iter().zip(&amounts).map(|(b, s)| b * s))
            .collect();
        let totals = contributions
            .chunks_exact(n.max(1))
            .map(|row| row.iter().sum())
            .collect();
        Ok(Solution {
            demand,
            amounts,
            totals,
            contributions,
        })
    }

    /// Index of a flow.
    ///
    /// # Errors
    /// [`AccountError::UnknownName`].
    pub fn flow(&self, id: &str) -> Result<usize, AccountError> {
        let found = self.flows.iter().position(|f| f.id == id);
        found.ok_or_else(|| self.unknown(id))
    }
}

pub(super) fn columns<const N: usize>(
    table: &Table,
    names: [&str; N],
) -> Result<[usize; N], AccountError> {
    let mut columns = [0; N];
    for (column, name) in columns.iter_mut().zip(names) {
        *column = table.column(name)?;
    }
    Ok(columns)
}

fn read_names(table: &Table) -> Result<(Vec<Exchange>, Vec<Exchange>), AccountError> {
    let [id, unit, group, en, zh] = columns(table, ["id", "unit", "group", "name_en", "name_zh"])?;
    let mut all: Vec<Exchange> = Vec::new();
    for row in &table.rows {
        let cell = table.cell(row, id);
        if all.iter().any(|e| e.id == cell.raw()) {
            return Err(AccountError::Duplicate {
                place: cell.place(),
                id: cell.raw().into(),
            });
        }
        let written = table.cell(row, unit);
        all.push(Exchange {
            id: cell.text()?.into(),
            unit: written.text()?.into(),
            measure: Measure::read(written.raw()).map_err(|e| e.at(written.place()))?,
            group: table.cell(row, group).text()?.into(),
            name_en: table.cell(row, en).text()?.into(),
            name_zh: table.cell(row, zh).text()?.into(),
        });
    }
    Ok(all.into_iter().partition(|e| e.group == "activity"))
}

impl Solution {
    /// What was taken, activity by activity and flow by flow, in base units: what factors are applied to. An activity's own
    /// amount stands there too, so that a factor may be counted per unit of its output.
    pub fn uses(&self, inventory: &Inventory) -> Vec<super::Use> {
        let n = inventory.activities.len();
        let mut uses = Vec::new();
        for (i, flow) in inventory.flows.iter().enumerate() {
            for (j, activity) in inventory.activities.iter().enumerate() {
                uses.push(used(
                    &activity.id,
                    flow,
                    self.contributions[i * n + j],
                    false,
                ));
            }
        }
        for (activity, amount) in inventory.activities.iter().zip(&self.amounts) {
            uses.push(used(&activity.id, activity, *amount, true));
        }
        uses.retain(|u| u.amount != 0.0);
        uses
    }
}

fn used(by: &str, what: &Exchange, amount: f64, own_output: bool) -> super::Use {
    super::Use {
        by: by.into(),
        what: what.id.clone(),
        amount: amount * what.measure.factor,
        basis: what.measure.basis,
        group: what.group.clone(),
        needs_factor: !own_output && ["energy", "reagent", "waste"].contains(&what.group.as_str()),
    }
}
