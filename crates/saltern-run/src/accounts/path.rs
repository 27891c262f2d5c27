//! The way of an element from resource to product: given in a table, or told from the book.

use saltern_account::AccountError;
use saltern_account::statement::Statement;
use saltern_base::book::NodeKind;
use saltern_units::table::Table;

use crate::contents::BaseSnapshot;

/// Stages in order: name and nodes.
pub(super) type Steps = Vec<(String, Vec<String>)>;
/// Elements and their stages.
pub(super) type Given = Vec<(String, Steps)>;

/// Ways from a table with the columns `element`, `stage`, `node`; one node a row, stages in order.
pub(super) fn given(
    statement: &Statement,
    table: Option<(&str, &str)>,
) -> Result<Given, AccountError> {
    let mut all: Given = Vec::new();
    let Some((file, text)) = table else {
        return Ok(all);
    };
    let table = Table::read(file, text)?;
    let [element, stage, node] = [
        table.column("element")?,
        table.column("stage")?,
        table.column("node")?,
    ];
    for row in &table.rows {
        let cell = |column| table.cell(row, column);
        let symbol = cell(element).text()?;
        statement
            .element(symbol)
            .map_err(|e| e.at(cell(element).place()))?;
        let (name, id) = (cell(stage).text()?, cell(node).text()?);
        statement.node(id).map_err(|e| e.at(cell(node).place()))?;
        let at = all.iter().position(|(e, _)| e == symbol);
        let at = at.unwrap_or_else(|| {
            all.push((symbol.into(), Vec::new()));
            all.len() - 1
        });
        let steps = &mut all[at].1;
        match steps.iter_mut().find(|(known, _)| known == name) {
            Some((_, nodes)) => nodes.push(id.into()),
            None => steps.push((name.into(), vec![id.into()])),
        }
    }
    Ok(all)
}

/// The way told from the book: the stages of the ponds in their order up to the one that gives most to the end, the
/// stockpiles and plants between, and the end, where most of the element arrives. Streams of the role `product` say which
/// ends count; without any, every stockpile and market does.
pub(super) fn usual(base: &BaseSnapshot, statement: &Statement, element: usize) -> Steps {
    let Some(end) = end(statement, element) else {
        return Vec::new();
    };
    // Upstream from the end, each time to whoever gives most, until a pond is reached.
    let mut chain = vec![end];
    let pond = loop {
        let last = chain[chain.len() - 1];
        let Some(giver) = largest_giver(statement, element, last) else {
            return Vec::new();
        };
        if statement.nodes[giver].kind == Some(NodeKind::Pond) {
            break &statement.nodes[giver].id;
        }
        if chain.contains(&giver) {
            return Vec::new();
        }
        chain.push(giver);
    };
    let mut steps = stages_to(base, pond);
    let between = chain.iter().rev();
    steps.extend(between.map(|&n| {
        let id = statement.nodes[n].id.clone();
        (id.clone(), vec![id])
    }));
    steps
}

/// Stages of the ponds in their order, up to that of a pond.
fn stages_to(base: &BaseSnapshot, last: &str) -> Steps {
    let mut steps: Steps = Vec::new();
    for pond in &base.ponds {
        match steps.iter_mut().find(|(stage, _)| *stage == pond.stage) {
            Some((_, nodes)) => nodes.push(pond.id.clone()),
            None => steps.push((pond.stage.clone(), vec![pond.id.clone()])),
        }
    }
    let own = |(_, nodes): &(String, Vec<String>)| nodes.iter().any(|id| id == last);
    let count = steps.iter().position(own).map_or(0, |k| k + 1);
    steps.truncate(count);
    steps
}

/// Where most of an element ends: a stockpile or market that products come to, or any where no stream is a product.
fn end(statement: &Statement, element: usize) -> Option<usize> {
    let is_end = |n: usize| {
        matches!(
            statement.nodes[n].kind,
            Some(NodeKind::Stockpile | NodeKind::Market)
        )
    };
    let is_product = |roles: &[String]| roles.iter().any(|r| r == "product");
    let any_product = statement.flows.iter().any(|f| is_product(&f.roles));
    let mut ends = vec![0.0; statement.nodes.len()];
    let arriving = statement.flows.iter().filter(|f| is_end(f.to));
    for flow in arriving.filter(|f| !any_product || is_product(&f.roles)) {
        ends[flow.to] += flow.elements_kg[element].max(0.0);
    }
    largest(&ends)
}

/// Who gives most of an element to a node, among ponds, stockpiles and plants.
fn largest_giver(statement: &Statement, element: usize, node: usize) -> Option<usize> {
    let mut givers = vec![0.0; statement.nodes.len()];
    for flow in statement.flows.iter().filter(|f| f.to == node) {
        let kind = statement.nodes[flow.from].kind;
        if let Some(NodeKind::Pond | NodeKind::Stockpile | NodeKind::Plant) = kind {
            givers[flow.from] += flow.elements_kg[element].max(0.0);
        }
    }
    largest(&givers)
}

/// Index of the largest number above zero.
fn largest(numbers: &[f64]) -> Option<usize> {
    let above = numbers.iter().enumerate().filter(|(_, x)| **x > 0.0);
    above.max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i)
}
