//! A measured book: the reconciled streams of a network as postings, each with its band.
//!
//! A [`Book`] counts elements in mol; the components of a network are its elements here, and what was not analysed is one
//! more, [`REST`], of 1 kg/mol, so that the whole mass closes too. Bands stand beside the book because a posting has no
//! place for them. What a book leads to (a recovery, an indicator) gets its band from
//! [`Reconciliation::propagate_all`] over [`book_at`].

use super::reconciliation::Reconciliation;
use super::tables::{MeasuredStream, Network};
use crate::error::AccountError;
use jiff::civil::Date;
use saltern_base::book::{Book, Node, NodeKind, Posting, Stock, Stream, StreamKind};
use saltern_units::unit::Dimension;

/// What was not analysed, as an element of 1 kg/mol.
pub const REST: &str = "rest";
/// Node of streams that come from or go to nowhere named.
pub const OUTSIDE: &str = "outside";

/// A book with bands.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredBook {
    /// The book; one posting a stream, on the last day.
    pub book: Book,
    /// Band of each posting.
    pub bands: Vec<Band>,
}

/// Standard deviations of a posting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Of the mass, kg.
    pub mass_kg: f64,
    /// Of each element, mol.
    pub elements_mol: Vec<f64>,
}

/// Makes a book of a reconciled network over some days. `kg_mol` gives the molar mass of a component that is an element; a
/// component without one is counted as 1 kg/mol.
///
/// # Errors
/// [`AccountError::Volumes`] where flows are volumes, [`AccountError::Undetermined`] where a stream has no value.
pub fn measured_book(
    network: &Network,
    reconciliation: &Reconciliation,
    from: Date,
    days: u32,
    kg_mol: impl Fn(&str) -> Option<f64>,
) -> Result<MeasuredBook, AccountError> {
    let undetermined: Vec<String> = network
        .streams
        .iter()
        .flat_map(|s| std::iter::once(&s.flow).chain(&s.shares))
        .filter(|&&i| reconciliation.estimates[i].value.is_none())
        .map(|&i| reconciliation.estimates[i].id.clone())
        .collect();
    if !undetermined.is_empty() {
        return Err(AccountError::Undetermined { ids: undetermined });
    }
    let book = book_at(network, &reconciliation.values(), from, days, kg_mol)?;
    let band = |stream| {
        let counted = Counted::new(network, stream, &reconciliation.values(), book.days);
        counted.band(reconciliation, &book)
    };
    let bands = network.streams.iter().map(band).collect();
    Ok(MeasuredBook { book, bands })
}

/// The book of any values of a network's quantities, in the order of its problem. Only reconciled values close;
/// [`Reconciliation::propagate_all`] asks for others to find the bands of what a book leads to.
///
/// # Errors
/// [`AccountError::Volumes`] where flows are volumes.
pub fn book_at(
    network: &Network,
    values: &[f64],
    from: Date,
    days: u32,
    kg_mol: impl Fn(&str) -> Option<f64>,
) -> Result<Book, AccountError> {
    if !network.counts_mass() {
        return Err(AccountError::Volumes);
    }
    let mut elements = network.components.clone();
    let mut element_kg_mol: Vec<f64> = elements.iter().map(|c| kg_mol(c).unwrap_or(1.0)).collect();
    elements.push(REST.into());
    element_kg_mol.push(1.0);
    let mut book = Book::empty(from, days.max(1), elements, element_kg_mol);
    book.nodes = nodes(network);
    for (k, stream) in network.streams.iter().enumerate() {
        let end = |id: &str| {
            let id = if id.is_empty() { OUTSIDE } else { id };
            book.node(id).unwrap_or_default()
        };
        let (from, to) = (end(&stream.from), end(&stream.to));
        book.streams.push(Stream {
            id: stream.id.clone(),
            from,
            to,
            kind: StreamKind::Transfer,
        });
        let posting = Counted::new(network, stream, values, book.days).posting(k, &book);
        book.postings.push(posting);
    }
    book.closing = empty_stocks(&book);
    Ok(book)
}

fn nodes(network: &Network) -> Vec<Node> {
    let node = |id: &str, kind| Node {
        id: id.into(),
        kind,
    };
    let mut nodes: Vec<Node> = network
        .balanced
        .iter()
        .map(|id| node(id, NodeKind::Stockpile))
        .collect();
    for id in &network.ends {
        let gives = network.streams.iter().any(|s| s.from == *id);
        let kind = if gives {
            NodeKind::Source
        } else {
            NodeKind::Market
        };
        nodes.push(node(id, kind));
    }
    nodes.push(node(OUTSIDE, NodeKind::Market));
    nodes
}

fn empty_stocks(book: &Book) -> Vec<Stock> {
    let stock = |node| Stock {
        node,
        brine_elements_mol: vec![0.0; book.elements.len()],
        solid_elements_mol: vec![0.0; book.elements.len()],
        minerals_mol: Vec::new(),
    };
    book.stock_nodes().map(stock).collect()
}

/// A stream counted in kg over the period.
struct Counted {
    /// kg in a unit of flow.
    kg: f64,
    flow: (usize, f64),
    /// Quantity, value and kg/kg in a unit of share.
    shares: Vec<(usize, f64, f64)>,
}

impl Counted {
    fn new(network: &Network, stream: &MeasuredStream, values: &[f64], days: u32) -> Counted {
        const DAY_S: f64 = 86_400.0;
        let seconds = match network.flow_unit.dimension {
            Dimension::MassFlow => f64::from(days) * DAY_S,
            _ => 1.0,
        };
        Counted {
            kg: network.flow_unit.to_si(1.0) * seconds,
            flow: (stream.flow, values[stream.flow]),
            shares: stream
                .shares
                .iter()
                .zip(&network.share_units)
                .map(|(&i, unit)| (i, values[i], unit.to_si(1.0)))
                .collect(),
        }
    }

    fn posting(&self, stream: usize, book: &Book) -> Posting {
        let mass_kg = self.flow.1 * self.kg;
        let mut kg: Vec<f64> = self
            .shares
            .iter()
            .map(|(_, share, unit)| mass_kg * share * unit)
            .collect();
        kg.push(mass_kg - kg.iter().sum::<f64>());
        Posting {
            stream,
            day: book.days - 1,
            elements_mol: kg
                .iter()
                .zip(&book.element_kg_mol)
                .map(|(kg, m)| kg / m)
                .collect(),
            minerals_mol: Vec::new(),
            mass_kg,
            volume_m3: 0.0,
            water_kg: f64::NAN,
            energy_j: 0.0,
        }
    }

    fn band(&self, of: &Reconciliation, book: &Book) -> Band {
        let (flow, value) = self.flow;
        let mut elements_kg = Vec::new();
        let mut rest = vec![(flow, self.kg)];
        for &(i, share, unit) in &self.shares {
            let gradient = [(flow, self.kg * share * unit), (i, self.kg * value * unit)];
            elements_kg.push(of.sigma_of(&gradient));
            rest.extend(gradient.map(|(i, slope)| (i, -slope)));
        }
        elements_kg.push(of.sigma_of(&rest));
        Band {
            mass_kg: of.sigma_of(&[(flow, self.kg)]),
            elements_mol: elements_kg
                .iter()
                .zip(&book.element_kg_mol)
                .map(|(s, m)| s / m)
                .collect(),
        }
    }
}
