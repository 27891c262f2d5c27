//! The six-stream ledger: what came into a pond and what became of it, over any days of a book.

use super::{Book, NodeId, Stream, StreamKind};
use crate::frame::{Column, Frame};
use jiff::ToSpan;
use jiff::civil::Date;
use std::ops::Range;

/// The six streams of a pond, as pond accounting has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerStream {
    /// Brine from sources, other ponds and plants.
    Feed,
    /// Brine to other ponds, to plants and out of the base.
    Exit,
    /// Brine through the floor.
    Leakage,
    /// Brine carried away with harvested salt.
    Entrainment,
    /// Salt harvested.
    Salts,
    /// Water to the sky, less rain and vapour taken up.
    Evaporation,
}

impl LedgerStream {
    /// All six, in the order of ledgers.
    pub const ALL: [LedgerStream; 6] = [
        LedgerStream::Feed,
        LedgerStream::Exit,
        LedgerStream::Leakage,
        LedgerStream::Entrainment,
        LedgerStream::Salts,
        LedgerStream::Evaporation,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            LedgerStream::Feed => "feed",
            LedgerStream::Exit => "exit",
            LedgerStream::Leakage => "leakage",
            LedgerStream::Entrainment => "entrainment",
            LedgerStream::Salts => "salts",
            LedgerStream::Evaporation => "evaporation",
        }
    }

    /// The stream that a movement belongs to, seen from one of its ends, and whether its amounts
    /// count as they are (`1.0`) or are given back (`-1.0`).
    pub fn of(stream: &Stream, node: NodeId) -> (LedgerStream, f64) {
        let incoming = stream.to == node;
        match stream.kind {
            StreamKind::Feed
            | StreamKind::Transfer
            | StreamKind::PlantFeed
            | StreamKind::PlantOutlet => match incoming {
                true => (LedgerStream::Feed, 1.0),
                false => (LedgerStream::Exit, 1.0),
            },
            kind => {
                let ledger = match kind {
                    StreamKind::Leakage => LedgerStream::Leakage,
                    StreamKind::Entrainment => LedgerStream::Entrainment,
                    StreamKind::Harvest => LedgerStream::Salts,
                    _ => LedgerStream::Evaporation,
                };
                (ledger, if incoming { -1.0 } else { 1.0 })
            }
        }
    }
}

/// The ledger of one node over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeLedger {
    /// The node.
    pub node: NodeId,
    /// One entry a stream, in the order of [`LedgerStream::ALL`].
    pub entries: [LedgerEntry; 6],
}

/// What moved on one of the six streams. Feed counts what came in, the others what went out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerEntry {
    /// Elements, mol, in the order of [`Book::elements`].
    pub elements_mol: Vec<f64>,
    /// Mass, kg.
    pub mass_kg: f64,
    /// Volume of liquid, m³.
    pub volume_m3: f64,
}

impl NodeLedger {
    /// The entry of a stream.
    pub fn entry(&self, stream: LedgerStream) -> &LedgerEntry {
        &self.entries[stream as usize]
    }

    /// Feed less everything else: what the stock of an element grew by, mol.
    pub fn gain_mol(&self, element: usize) -> f64 {
        let [feed, out @ ..] = &self.entries;
        feed.elements_mol[element]
            - out
                .iter()
                .map(|entry| entry.elements_mol[element])
                .sum::<f64>()
    }
}

impl Book {
    /// Ledgers of all stock-keeping nodes over some days, counted from [`Book::from`].
    pub fn ledger(&self, days: Range<u32>) -> Vec<NodeLedger> {
        let empty = LedgerEntry {
            elements_mol: vec![0.0; self.elements.len()],
            ..LedgerEntry::default()
        };
        let blank = |node| NodeLedger {
            node,
            entries: std::array::from_fn(|_| empty.clone()),
        };
        let mut ledgers: Vec<NodeLedger> = self.stock_nodes().map(blank).collect();
        for posting in self
            .postings
            .iter()
            .filter(|posting| days.contains(&posting.day))
        {
            let stream = &self.streams[posting.stream];
            for ledger in ledgers
                .iter_mut()
                .filter(|l| l.node == stream.from || l.node == stream.to)
            {
                let (entry, sign) = LedgerStream::of(stream, ledger.node);
                let entry = &mut ledger.entries[entry as usize];
                entry.mass_kg += sign * posting.mass_kg;
                entry.volume_m3 += sign * posting.volume_m3;
                for (sum, amount) in entry.elements_mol.iter_mut().zip(&posting.elements_mol) {
                    *sum += sign * amount;
                }
            }
        }
        ledgers
    }

    /// Ledgers by calendar month as a table: `month`, `node`, `stream`, `mass [kg]`, `volume [m3]`,
    /// and `X [kg]` for each element.
    pub fn ledger_frame(&self) -> Frame {
        let mut rows = LedgerRows::new(self);
        for (month, days) in self.months() {
            for ledger in self.ledger(days) {
                for stream in LedgerStream::ALL {
                    rows.push(self, month, ledger.node, stream, ledger.entry(stream));
                }
            }
        }
        rows.frame(self)
    }

    /// Calendar months that the book touches: first day inside the book, and days.
    fn months(&self) -> Vec<(Date, Range<u32>)> {
        let mut months = Vec::new();
        let mut day = 0;
        while day < self.days {
            let Ok(date) = self.from.checked_add(i64::from(day).days()) else {
                break;
            };
            let left = u32::from(date.days_in_month().unsigned_abs())
                - u32::from(date.day().unsigned_abs());
            let next = (day + left + 1).min(self.days);
            months.push((date, day..next));
            day = next;
        }
        months
    }
}

/// Columns of the ledger table while it grows.
struct LedgerRows {
    months: Vec<Date>,
    nodes: Vec<String>,
    streams: Vec<String>,
    mass_kg: Vec<f64>,
    volume_m3: Vec<f64>,
    elements_kg: Vec<Vec<f64>>,
}

impl LedgerRows {
    fn new(book: &Book) -> Self {
        LedgerRows {
            months: Vec::new(),
            nodes: Vec::new(),
            streams: Vec::new(),
            mass_kg: Vec::new(),
            volume_m3: Vec::new(),
            elements_kg: vec![Vec::new(); book.elements.len()],
        }
    }

    fn push(
        &mut self,
        book: &Book,
        month: Date,
        node: NodeId,
        stream: LedgerStream,
        entry: &LedgerEntry,
    ) {
        self.months.push(month);
        self.nodes.push(book.nodes[node].id.clone());
        self.streams.push(stream.name().into());
        self.mass_kg.push(entry.mass_kg);
        self.volume_m3.push(entry.volume_m3);
        for (i, column) in self.elements_kg.iter_mut().enumerate() {
            column.push(entry.elements_mol[i] * book.element_kg_mol[i]);
        }
    }

    fn frame(self, book: &Book) -> Frame {
        let mut columns = vec![
            Column::dates("month", self.months),
            Column::texts("node", self.nodes),
            Column::texts("stream", self.streams),
            Column::numbers("mass", "kg", self.mass_kg),
            Column::numbers("volume", "m3", self.volume_m3),
        ];
        for (element, values) in book.elements.iter().zip(self.elements_kg) {
            columns.push(Column::numbers(element.as_str(), "kg", values));
        }
        Frame::new("ledger", columns)
    }
}
