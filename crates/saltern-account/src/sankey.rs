//! Where an element goes: nodes and links of a Sankey diagram, as data for whoever draws it.

use crate::error::AccountError;
use crate::statement::Statement;

/// A Sankey diagram of one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Sankey {
    /// The element, or `None` for all mass.
    pub element: Option<String>,
    /// Nodes that something passes, in the order of the statement.
    pub nodes: Vec<SankeyNode>,
    /// Links, one a pair of nodes and direction, the largest first.
    pub links: Vec<Link>,
}

/// A node of a diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct SankeyNode {
    /// Id.
    pub id: String,
    /// What it holds more than before, t; in − out where the book closes.
    pub stock_change_t: f64,
}

/// A link of a diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it enters.
    pub to: usize,
    /// Streams that make it up.
    pub streams: Vec<String>,
    /// Amount, t; above zero.
    pub amount_t: f64,
}

const TONNE_KG: f64 = 1000.0;

/// Makes the diagram of an element, or of all mass. Links below `share_min` of the largest are left out.
///
/// # Errors
/// [`AccountError::UnknownName`] for an element that doesn't exist.
pub fn sankey(
    statement: &Statement,
    element: Option<&str>,
    share_min: f64,
) -> Result<Sankey, AccountError> {
    let column = element.map(|e| statement.element(e)).transpose()?;
    let mut links: Vec<Link> = Vec::new();
    for flow in &statement.flows {
        let kg = column.map_or(flow.mass_kg, |e| flow.elements_kg[e]);
        if kg == 0.0 || flow.from == flow.to {
            continue;
        }
        let (from, to) = if kg < 0.0 {
            (flow.to, flow.from)
        } else {
            (flow.from, flow.to)
        };
        let amount_t = kg.abs() / TONNE_KG;
        match links.iter_mut().find(|l| (l.from, l.to) == (from, to)) {
            Some(link) => {
                link.amount_t += amount_t;
                link.streams.push(flow.id.clone());
            }
            None => links.push(Link {
                from,
                to,
                streams: vec![flow.id.clone()],
                amount_t,
            }),
        }
    }
    let largest = links.iter().fold(0.0_f64, |most, l| most.max(l.amount_t));
    links.retain(|l| l.amount_t >= share_min * largest);
    links.sort_by(|a, b| b.amount_t.total_cmp(&a.amount_t));
    let shown: Vec<usize> = (0..statement.nodes.len())
        .filter(|n| links.iter().any(|l| l.from == *n || l.to == *n))
        .collect();
    let place = |n: usize| shown.iter().position(|s| *s == n).unwrap_or_default();
    for link in &mut links {
        (link.from, link.to) = (place(link.from), place(link.to));
    }
    let change_kg = |n: usize| match column {
        Some(e) => statement.stock_change_kg(n, e),
        None => (0..statement.elements.len())
            .map(|e| statement.stock_change_kg(n, e))
            .sum(),
    };
    let nodes = shown
        .iter()
        .map(|&n| SankeyNode {
            id: statement.nodes[n].id.clone(),
            stock_change_t: change_kg(n) / TONNE_KG,
        })
        .collect();
    Ok(Sankey {
        element: element.map(String::from),
        nodes,
        links,
    })
}
