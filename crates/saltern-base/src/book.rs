//! The book: double-entry bookkeeping for matter and energy. Whatever moves is a posting from a node to a node;
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
    /// A customer, a supplier, a plant not yet modelled, the lake that old brine is returned to.
    Market,
    /// A plant at steady state: keeps no stock, so what comes in a day goes out that day; closure is checked.
    Plant,
    /// The power grid, a heat main: where energy comes from or goes to.
    Utility,
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
    /// Into a plant.
    PlantFeed,
    /// Out of a plant: product, tailings, liquor, gas.
    PlantOutlet,
    /// Electricity: energy only.
    Electricity,
    /// Heat that a plant's heated units take up: energy only.
    Heat,
    /// Heat that is taken from a plant's cooled units: energy only.
    Cooling,
    /// Hydrogen by its heating value: energy only.
    Hydrogen,
}

impl StreamKind {
    /// All kinds.
    pub const ALL: [StreamKind; 13] = [
        StreamKind::Feed,
        StreamKind::Transfer,
        StreamKind::Leakage,
        StreamKind::Evaporation,
        StreamKind::Rain,
        StreamKind::Harvest,
        StreamKind::Entrainment,
        StreamKind::PlantFeed,
        StreamKind::PlantOutlet,
        StreamKind::Electricity,
        StreamKind::Heat,
        StreamKind::Cooling,
        StreamKind::Hydrogen,
    ];

    /// Name in tables and formulas.
    pub fn name(self) -> &'static str {
        match self {
            StreamKind::Feed => "feed",
            StreamKind::Transfer => "transfer",
            StreamKind::Leakage => "leakage",
            StreamKind::Evaporation => "evaporation",
            StreamKind::Rain => "rain",
            StreamKind::Harvest => "harvest",
            StreamKind::Entrainment => "entrainment",
            StreamKind::PlantFeed => "plant_feed",
            StreamKind::PlantOutlet => "plant_outlet",
            StreamKind::Electricity => "electricity",
            StreamKind::Heat => "heat",
            StreamKind::Cooling => "cooling",
            StreamKind::Hydrogen => "hydrogen",
        }
    }

    /// Whether energy moves and no matter.
    pub fn is_energy(self) -> bool {
        matches!(
            self,
            StreamKind::Electricity | StreamKind::Heat | StreamKind::Cooling | StreamKind::Hydrogen
        )
    }
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
    /// Volume of liquid, m³ (zero for salt and vapour, and for what plants move).
    pub volume_m3: f64,
    /// Liquid water among it, kg; water of crystals is none. Not a number where it is not known.
    pub water_kg: f64,
    /// Energy, J; zero for matter.
    pub energy_j: f64,
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

impl Book {
    /// A book in which nothing is written yet, of matter in these elements, kg/mol beside them.
    pub fn empty(from: Date, days: u32, elements: Vec<String>, element_kg_mol: Vec<f64>) -> Book {
        Book {
            from,
            days,
            elements,
            element_kg_mol,
            minerals: Vec::new(),
            mineral_kg_mol: Vec::new(),
            nodes: Vec::new(),
            streams: Vec::new(),
            postings: Vec::new(),
            opening: Vec::new(),
            closing: Vec::new(),
            monthly: Vec::new(),
        }
    }
}

impl NodeKind {
    /// All kinds.
    pub const ALL: [NodeKind; 8] = [
        NodeKind::Pond,
        NodeKind::Source,
        NodeKind::Sky,
        NodeKind::Ground,
        NodeKind::Stockpile,
        NodeKind::Market,
        NodeKind::Plant,
        NodeKind::Utility,
    ];

    /// Name in tables and formulas.
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Pond => "pond",
            NodeKind::Source => "source",
            NodeKind::Sky => "sky",
            NodeKind::Ground => "ground",
            NodeKind::Stockpile => "stockpile",
            NodeKind::Market => "market",
            NodeKind::Plant => "plant",
            NodeKind::Utility => "utility",
        }
    }

    /// Whether a book keeps the stock of such a node.
    pub fn keeps_stock(self) -> bool {
        matches!(self, NodeKind::Pond | NodeKind::Stockpile)
    }

    /// Whether a book checks that such a node closes: those that keep stock, and plants, whose stock does not change.
    pub fn closes(self) -> bool {
        self.keeps_stock() || self == NodeKind::Plant
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
