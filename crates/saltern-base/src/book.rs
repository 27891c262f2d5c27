//! The book: double-entry bookkeeping for matter. Whatever moves is a posting from a node to a node;
//! a node's stock change equals what came in less what went out, for every element.

//!
//! [`Book::close`] checks it; [`Book::ledger`] sums it into the six streams of a pond.

use jiff::civil::Date;

mod closure;
mod ledger;

pub use closure::{BookError, Closure, ElementClosure};
pub use ledger::{LedgerEntry, LedgerStream, NodeLedger};

/// Index of a node in [`Book::nodes`].
pub type NodeId = usize;
/// Index of a stream in [`Book::streams`].
pub type StreamId = usize;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A pond with its salt floor. Its stock is kept and closure is checked.
    Pond,
    /// Wells, rivers, the sea, a feed canal: where brine comes from.
    Source,
    /// The atmosphere: evaporation goes there, rain comes from there.
    Sky,
    /// The ground: leakage goes there.
    Ground,
    /// A salt stockpile; keeps stock.
    Stockpile,
    /// A customer, a plant not yet modelled, the lake that old brine is returned to.
    Market,
}

/// A node of the book.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Id as in the base folder (`p1`, `well-field`), or `sky`, `ground`.
    pub id: String,
    /// Kind.
    pub kind: NodeKind,
}

/// What kind of flow a stream is: the six-stream ledger sums by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamKind {
    /// Source to pond.
    Feed,
    /// Pond to pond, or pond to market (end brine): canal, pump or overflow.
    Transfer,
    /// Pond to ground.
    Leakage,
    /// Pond to sky; negative amounts are vapour taken up.
    Evaporation,
    /// Sky to pond.
    Rain,
    /// Salt harvested: pond to stockpile.
    Harvest,
    /// Brine that leaves with harvested salt: pond to stockpile.
    Entrainment,
}

/// A stream: a directed edge on which postings are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Id (`p1.leakage`, `canal-3`).
    pub id: String,
    /// From node.
    pub from: NodeId,
    /// To node.
    pub to: NodeId,
    /// Kind.
    pub kind: StreamKind,
}

/// One movement of matter on one stream during one interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Posting {
    /// Stream it belongs to.
    pub stream: StreamId,
    /// Day, counted from [`Book::from`].
    pub day: u32,
    /// Elements moved, mol, in the order of [`Book::elements`].
    pub elements_mol: Vec<f64>,
    /// Minerals moved (harvest), mol, in the order of [`Book::minerals`]; empty for liquids and vapour.
    pub minerals_mol: Vec<f64>,
    /// Mass, kg.
    pub mass_kg: f64,
    /// Volume of liquid, m³ (zero for salt and vapour).
    pub volume_m3: f64,
}

/// What a node holds at the end of a day (day 0 = the opening stock is [`Book::opening`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Node.
    pub node: NodeId,
    /// Elements in brine (and pore brine), mol.
    pub brine_elements_mol: Vec<f64>,
    /// Elements in solids, mol.
    pub solid_elements_mol: Vec<f64>,
    /// Minerals, mol, in the order of [`Book::minerals`].
    pub minerals_mol: Vec<f64>,
}

/// A book over a period of whole days.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// First day.
    pub from: Date,
    /// Number of days.
    pub days: u32,
    /// Element symbols, the columns of every amount; H and O among them.
    pub elements: Vec<String>,
    /// kg/mol of each element.
    pub element_kg_mol: Vec<f64>,
    /// Mineral names, the columns of every mineral amount.
    pub minerals: Vec<String>,
    /// kg/mol of each mineral.
    pub mineral_kg_mol: Vec<f64>,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Streams.
    pub streams: Vec<Stream>,
    /// Postings, by day then stream.
    pub postings: Vec<Posting>,
    /// Opening stock of each stock-keeping node.
    pub opening: Vec<Stock>,
    /// Closing stock of each stock-keeping node.
    pub closing: Vec<Stock>,
    /// Stocks at the end of each month inside the period: (day, stock).
    pub monthly: Vec<(u32, Stock)>,
}

impl NodeKind {
    /// Whether a book keeps the stock of such a node and checks that it closes.
    pub fn keeps_stock(self) -> bool {
        matches!(self, NodeKind::Pond | NodeKind::Stockpile)
    }
}

impl Stock {
    /// All of an element, in brine and solids, mol.
    pub fn element_mol(&self, element: usize) -> f64 {
        self.brine_elements_mol[element] + self.solid_elements_mol[element]
    }
}

impl Book {
    /// Index of a node by id.
    pub fn node(&self, id: &str) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// Index of an element by symbol.
    pub fn element(&self, symbol: &str) -> Option<usize> {
        self.elements.iter().position(|element| element == symbol)
    }

    /// Nodes whose stock is kept.
    pub fn stock_nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..self.nodes.len()).filter(|&node| self.nodes[node].kind.keeps_stock())
    }
}

#[cfg(test)]
mod tests;
