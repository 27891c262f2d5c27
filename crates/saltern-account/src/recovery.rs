//! Recovery stage by stage: of what a stage received of an element, how much went on, how much went elsewhere, how much
//! stayed.

use crate::error::AccountError;
use crate::statement::Statement;

/// One stage of a way from resource to product, for one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Nodes of the stage.
    pub nodes: Vec<String>,
    /// What came in from outside the stage, kg.
    pub input_kg: f64,
    /// What went on to the next stage, kg; of the last stage, what it gained.
    pub onward_kg: f64,
    /// What left for other places: node and kg, the largest first.
    pub elsewhere_kg: Vec<(String, f64)>,
    /// What the stage holds more than before, kg.
    pub stock_change_kg: f64,
}

impl Stage {
    /// onward / input; `None` where nothing came in.
    pub fn recovery(&self) -> Option<f64> {
        (self.input_kg > 0.0).then(|| self.onward_kg / self.input_kg)
    }

    /// onward / (input − what stayed): recovery of what was worked up, where stocks are still filling.
    pub fn recovery_of_throughput(&self) -> Option<f64> {
        let worked = self.input_kg - self.stock_change_kg;
        (worked > 0.0).then(|| self.onward_kg / worked)
    }

    /// |input − onward − elsewhere − stayed| / input: zero in a book that closes.
    pub fn closure(&self) -> f64 {
        let elsewhere: f64 = self.elsewhere_kg.iter().map(|(_, kg)| kg).sum();
        let off = self.input_kg - self.onward_kg - elsewhere - self.stock_change_kg;
        if off == 0.0 {
            0.0
        } else {
            off.abs() / self.input_kg.abs()
        }
    }
}

/// Follows an element along stages, each a group of nodes: what the first stage receives is the whole, each next stage
/// receives from anywhere. The last stage may be where products end (a market, a stockpile).
///
/// # Errors
/// [`AccountError::UnknownName`] for a node or element that doesn't exist.
pub fn stages(
    statement: &Statement,
    element: &str,
    path: &[Vec<String>],
) -> Result<Vec<Stage>, AccountError> {
    let element = statement.element(element)?;
    let groups = path
        .iter()
        .map(|ids| {
            ids.iter()
                .map(|id| statement.node(id))
                .collect::<Result<Vec<_>, _>>()
        })
        .collect::<Result<Vec<_>, _>>()?;
    let stage = |(k, group): (usize, &Vec<usize>)| {
        let next = groups.get(k + 1);
        let mut stage = Stage {
            nodes: path[k].clone(),
            input_kg: 0.0,
            onward_kg: 0.0,
            elsewhere_kg: Vec::new(),
            stock_change_kg: group
                .iter()
                .map(|&n| statement.stock_change_kg(n, element))
                .sum(),
        };
        for flow in &statement.flows {
            // A negative amount (vapour taken up) moved the other way.
            let kg = flow.elements_kg[element];
            let (from, to) = if kg < 0.0 {
                (flow.to, flow.from)
            } else {
                (flow.from, flow.to)
            };
            match (group.contains(&from), group.contains(&to)) {
                (false, true) => stage.input_kg += kg.abs(),
                (true, false) if next.is_some_and(|n| n.contains(&to)) => {
                    stage.onward_kg += kg.abs()
                }
                (true, false) => add_to(&mut stage.elsewhere_kg, &statement.nodes[to].id, kg.abs()),
                _ => {}
            }
        }
        stage.elsewhere_kg.retain(|(_, kg)| *kg > 0.0);
        stage.elsewhere_kg.sort_by(|a, b| b.1.total_cmp(&a.1));
        stage
    };
    let mut stages: Vec<Stage> = groups.iter().enumerate().map(stage).collect();
    // Where products end nothing goes on: what arrived is what was won.
    if let Some(last) = stages.last_mut() {
        let elsewhere: f64 = last.elsewhere_kg.iter().map(|(_, kg)| kg).sum();
        last.onward_kg = last.input_kg - elsewhere;
        last.stock_change_kg = 0.0;
    }
    Ok(stages)
}

fn add_to(sums: &mut Vec<(String, f64)>, id: &str, kg: f64) {
    match sums.iter_mut().find(|(known, _)| known == id) {
        Some((_, sum)) => *sum += kg,
        None => sums.push((id.into(), kg)),
    }
}
