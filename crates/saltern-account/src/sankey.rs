//! Where an element, all mass, water, energy or carbon goes: nodes and links of a Sankey diagram, as data for whoever draws it.

use std::collections::BTreeMap;

use crate::carbon::Footprint;
use crate::error::AccountError;
use crate::statement::{Flow, Statement};

/// What a diagram is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier<'a> {
    /// An element, by its symbol.
    Element(&'a str),
    /// All mass.
    Mass,
    /// Liquid water and vapour; water of crystals is none.
    Water,
    /// Electricity, heat, cooling and hydrogen.
    Energy,
}

impl Carrier<'_> {
    /// Unit of all amounts of a diagram.
    pub fn unit(self) -> &'static str {
        match self {
            Carrier::Energy => "MWh",
            Carrier::Element(_) | Carrier::Mass | Carrier::Water => "t",
        }
    }
}

/// A Sankey diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Sankey {
    /// The element, or `None` for anything else.
    pub element: Option<String>,
    /// Unit of all amounts.
    pub unit: &'static str,
    /// Nodes that something passes, in the order of the statement.
    pub nodes: Vec<SankeyNode>,
    /// Links, one a pair of nodes and direction, the largest first.
    pub links: Vec<Link>,
    /// Streams of which it is not known how much of this they carried; they are in no link.
    pub unknown: Vec<String>,
}

/// A node of a diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct SankeyNode {
    /// Id.
    pub id: String,
    /// What it holds more than before, in the unit of the diagram; in − out where the book closes. Of water and energy it is
    /// in − out where stock is kept, since no stock of them is.
    pub stock_change: f64,
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
    /// Amount in the unit of the diagram; above zero.
    pub amount: f64,
}

const TONNE_KG: f64 = 1000.0;
const MWH_J: f64 = 3.6e9;

/// Makes the diagram of a carrier. Links below `share_min` of the largest are left out.
///
/// # Errors
/// [`AccountError::UnknownName`] for an element that doesn't exist.
pub fn sankey(
    statement: &Statement,
    carrier: Carrier<'_>,
    share_min: f64,
) -> Result<Sankey, AccountError> {
    let element = match carrier {
        Carrier::Element(symbol) => Some(statement.element(symbol)?),
        Carrier::Mass | Carrier::Water | Carrier::Energy => None,
    };
    let amount = |flow: &Flow| match carrier {
        Carrier::Element(_) => element.map_or(0.0, |e| flow.elements_kg[e] / TONNE_KG),
        Carrier::Mass => flow.mass_kg / TONNE_KG,
        Carrier::Water => flow.water_kg / TONNE_KG,
        Carrier::Energy => flow.energy_j / MWH_J,
    };
    let (links, unknown) = links(statement, amount);
    let change = |node: usize| match carrier {
        Carrier::Element(_) => {
            element.map_or(0.0, |e| statement.stock_change_kg(node, e) / TONNE_KG)
        }
        Carrier::Mass => {
            let elements = 0..statement.elements.len();
            let kg = elements.map(|e| statement.stock_change_kg(node, e));
            kg.sum::<f64>() / TONNE_KG
        }
        Carrier::Water | Carrier::Energy => gained(statement, &links, node),
    };
    let changes: Vec<f64> = (0..statement.nodes.len()).map(change).collect();
    let (nodes, links) = shown(statement, &changes, links, share_min);
    Ok(Sankey {
        element: match carrier {
            Carrier::Element(symbol) => Some(symbol.to_owned()),
            Carrier::Mass | Carrier::Water | Carrier::Energy => None,
        },
        unit: carrier.unit(),
        nodes,
        links,
        unknown,
    })
}

/// Unit of diagrams of carbon.
const CARBON_UNIT: &str = "tCO2e";

/// The diagram of a footprint: from what is used to who uses it, t CO2e, the largest first; empty where there is none. What is
/// counted below zero (a credit) leads back. What should have a factor and has none is unknown.
pub fn of_footprint(footprint: Option<&Footprint>) -> Sankey {
    let lines = footprint.map_or(&[][..], |footprint| &footprint.lines);
    // What is used stands before who uses it, each a node of its own even where both have one name.
    let (mut used, mut users): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut sums: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kg != 0.0) {
        let ends = (place(&mut used, &line.what), place(&mut users, &line.by));
        *sums.entry(ends).or_default() += line.kg;
    }
    let link = |((what, by), kg): ((usize, usize), f64)| {
        let (from, to) = (what, used.len() + by);
        let (from, to) = if kg < 0.0 { (to, from) } else { (from, to) };
        Link {
            from,
            to,
            streams: Vec::new(),
            amount: kg.abs() / TONNE_KG,
        }
    };
    let mut links: Vec<Link> = sums.into_iter().map(link).collect();
    links.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    let nodes = used.iter().chain(&users).map(|id| SankeyNode {
        id: id.to_string(),
        stock_change: 0.0,
    });
    Sankey {
        element: None,
        unit: CARBON_UNIT,
        nodes: nodes.collect(),
        links,
        unknown: footprint.map_or_else(Vec::new, |footprint| footprint.without_factor.clone()),
    }
}

/// The place of a name in a list, at its end if it is new.
fn place<'n>(all: &mut Vec<&'n str>, name: &'n str) -> usize {
    all.iter()
        .position(|known| *known == name)
        .unwrap_or_else(|| {
            all.push(name);
            all.len() - 1
        })
}

/// Flows between the same nodes in the same direction as one, the largest first, and streams whose amount nobody knows.
fn links(statement: &Statement, amount: impl Fn(&Flow) -> f64) -> (Vec<Link>, Vec<String>) {
    let mut links: Vec<Link> = Vec::new();
    let mut unknown = Vec::new();
    for flow in &statement.flows {
        let amount = amount(flow);
        if amount.is_nan() {
            unknown.push(flow.id.clone());
            continue;
        }
        if amount == 0.0 || flow.from == flow.to {
            continue;
        }
        let (from, to) = if amount < 0.0 {
            (flow.to, flow.from)
        } else {
            (flow.from, flow.to)
        };
        match links.iter_mut().find(|l| (l.from, l.to) == (from, to)) {
            Some(link) => {
                link.amount += amount.abs();
                link.streams.push(flow.id.clone());
            }
            None => links.push(Link {
                from,
                to,
                streams: vec![flow.id.clone()],
                amount: amount.abs(),
            }),
        }
    }
    links.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    (links, unknown)
}

/// What came in less what went out of a node that keeps stock.
fn gained(statement: &Statement, links: &[Link], node: usize) -> f64 {
    if statement.nodes[node].opening_kg.is_empty() {
        return 0.0;
    }
    let signed = |link: &Link| {
        if link.to == node {
            link.amount
        } else if link.from == node {
            -link.amount
        } else {
            0.0
        }
    };
    links.iter().map(signed).sum()
}

/// Links that are large enough, and the nodes that they touch.
fn shown(
    statement: &Statement,
    changes: &[f64],
    mut links: Vec<Link>,
    share_min: f64,
) -> (Vec<SankeyNode>, Vec<Link>) {
    let largest = links.iter().fold(0.0_f64, |most, l| most.max(l.amount));
    links.retain(|l| l.amount >= share_min * largest);
    let shown: Vec<usize> = (0..statement.nodes.len())
        .filter(|n| links.iter().any(|l| l.from == *n || l.to == *n))
        .collect();
    let place = |n: usize| shown.iter().position(|s| *s == n).unwrap_or_default();
    for link in &mut links {
        (link.from, link.to) = (place(link.from), place(link.to));
    }
    let nodes = shown.iter().map(|&n| SankeyNode {
        id: statement.nodes[n].id.clone(),
        stock_change: changes[n],
    });
    (nodes.collect(), links)
}
