//! What each plant used beside matter, against what it makes itself: electricity a tonne of potassium chloride, not of all
//! that the base sells.

use saltern_account::carbon::Use;
use saltern_account::measure::Basis;
use saltern_account::statement::{MATTER, Statement};

/// What one node used of one carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeUse {
    /// Id of the node.
    pub by: String,
    /// `electricity`, `heat`, …
    pub carrier: String,
    /// Amount in base units.
    pub amount: f64,
    /// Its base units: kg, m³ or J.
    pub basis: Basis,
    /// What the node makes: names of products, in the order of their streams.
    pub products: Vec<String>,
    /// Per kg of its products together; `None` where it makes none.
    pub per_product_kg: Option<f64>,
}

/// Uses by node and carrier, in the order in which the statement has them; nodes without a product stand last.
pub(super) fn uses_by_node(statement: &Statement, uses: &[Use]) -> Vec<NodeUse> {
    let mut sums: Vec<NodeUse> = Vec::new();
    for used in uses.iter().filter(|used| used.amount != 0.0) {
        let same =
            |n: &&mut NodeUse| n.by == used.by && n.carrier == used.what && n.basis == used.basis;
        match sums.iter_mut().find(same) {
            Some(sum) => sum.amount += used.amount,
            None => sums.push(NodeUse {
                by: used.by.clone(),
                carrier: used.what.clone(),
                amount: used.amount,
                basis: used.basis,
                products: Vec::new(),
                per_product_kg: None,
            }),
        }
    }
    for sum in &mut sums {
        let (names, kg) = made_by(statement, &sum.by);
        sum.per_product_kg = (kg > 0.0).then(|| sum.amount / kg);
        sum.products = names;
    }
    sums.sort_by_key(|sum| sum.per_product_kg.is_none());
    sums
}

/// Names of what leaves a node as product, and its mass, kg.
fn made_by(statement: &Statement, node: &str) -> (Vec<String>, f64) {
    let (mut names, mut kg) = (Vec::new(), 0.0);
    let flows = statement.flows.iter().filter(|f| f.carrier == MATTER);
    for flow in flows.filter(|f| statement.nodes[f.from].id == node && f.mass_kg > 0.0) {
        if !flow.roles.iter().any(|role| role == "product") {
            continue;
        }
        let name = flow.product.as_ref().unwrap_or(&flow.id);
        if !names.contains(name) {
            names.push(name.clone());
        }
        kg += flow.mass_kg;
    }
    (names, kg)
}
