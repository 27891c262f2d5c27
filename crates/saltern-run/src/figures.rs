//! Key figures of a run, from its book alone: stream totals, the six-stream ledger of each pond,
//! where an element went.

use saltern_base::book::{Book, NodeId, NodeKind, Stock, Stream, StreamKind};

/// What moved on a stream over the whole period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamTotal {
    /// Elements, mol, in the order of the book.
    pub elements_mol: Vec<f64>,
    /// Minerals, mol, in the order of the book.
    pub minerals_mol: Vec<f64>,
    /// Volume of liquid, m³.
    pub volume_m3: f64,
}

/// Totals of every stream, in the order of the book.
pub fn stream_totals(book: &Book) -> Vec<StreamTotal> {
    let zero = StreamTotal {
        elements_mol: vec![0.0; book.elements.len()],
        minerals_mol: vec![0.0; book.minerals.len()],
        volume_m3: 0.0,
    };
    let mut totals = vec![zero; book.streams.len()];
    for posting in &book.postings {
        let Some(total) = totals.get_mut(posting.stream) else {
            continue;
        };
        add(&mut total.elements_mol, &posting.elements_mol);
        add(&mut total.minerals_mol, &posting.minerals_mol);
        total.volume_m3 += posting.volume_m3;
    }
    totals
}

fn add(sum: &mut [f64], amounts: &[f64]) {
    for (s, x) in sum.iter_mut().zip(amounts) {
        *s += x;
    }
}

/// What is counted: all matter, or one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Mass of everything.
    Mass,
    /// Mass of one element, by its index in the book.
    Element(usize),
}

/// Mass in kg of what is counted in some amounts of elements.
pub fn mass_kg(book: &Book, count: Count, elements_mol: &[f64]) -> f64 {
    let kg = |i: usize| {
        elements_mol.get(i).copied().unwrap_or(0.0)
            * book.element_kg_mol.get(i).copied().unwrap_or(0.0)
    };
    match count {
        Count::Mass => (0..elements_mol.len()).map(kg).sum(),
        Count::Element(i) => kg(i),
    }
}

/// Index of an element in the book.
pub fn element(book: &Book, symbol: &str) -> Option<usize> {
    book.elements.iter().position(|e| e == symbol)
}

/// The ledger of one pond over the period, kg: what came in equals what left plus what stayed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Brine from sources.
    pub feed_kg: f64,
    /// Brine from other ponds.
    pub from_ponds_kg: f64,
    /// Liquor that plants give back.
    pub from_plants_kg: f64,
    /// Rain.
    pub rain_kg: f64,
    /// Brine to other ponds, to plants and to outlets.
    pub exit_kg: f64,
    /// Brine through the floor.
    pub leakage_kg: f64,
    /// Brine carried off with harvested salt.
    pub entrainment_kg: f64,
    /// Salt harvested.
    pub harvest_kg: f64,
    /// Salt that stayed on the floor: closing less opening.
    pub floor_change_kg: f64,
    /// Water to the sky.
    pub evaporation_kg: f64,
    /// Brine that stayed, pore brine included: closing less opening.
    pub brine_change_kg: f64,
    /// Opening stock, brine and salt.
    pub opening_kg: f64,
}

impl Ledger {
    /// All that came in.
    pub fn inflow_kg(&self) -> f64 {
        self.feed_kg + self.from_ponds_kg + self.from_plants_kg + self.rain_kg
    }

    /// All that left.
    pub fn outflow_kg(&self) -> f64 {
        self.exit_kg + self.leakage_kg + self.entrainment_kg + self.harvest_kg + self.evaporation_kg
    }

    /// Salts won out of the brine: harvested, and grown on the floor.
    pub fn salts_kg(&self) -> f64 {
        self.harvest_kg + self.floor_change_kg
    }

    /// In less out less change, kg: zero for a book that closes.
    pub fn residual_kg(&self) -> f64 {
        self.inflow_kg() - self.outflow_kg() - self.floor_change_kg - self.brine_change_kg
    }

    /// |residual| / max(opening stock, throughput); zero where nothing was and nothing moved.
    pub fn residual_ratio(&self) -> f64 {
        let scale = self.opening_kg.max(self.inflow_kg()).max(self.outflow_kg());
        if scale > 0.0 {
            self.residual_kg().abs() / scale
        } else {
            0.0
        }
    }
}

/// The ledger of a pond.
pub fn ledger(book: &Book, totals: &[StreamTotal], node: NodeId, count: Count) -> Ledger {
    let mut ledger = Ledger::default();
    for (stream, total) in book.streams.iter().zip(totals) {
        let kg = mass_kg(book, count, &total.elements_mol);
        if stream.from == node {
            book_out(&mut ledger, stream, kg);
        }
        if stream.to == node {
            book_in(&mut ledger, book, stream, kg);
        }
    }
    let brine = |s: &Stock| mass_kg(book, count, &s.brine_elements_mol);
    let solid = |s: &Stock| mass_kg(book, count, &s.solid_elements_mol);
    let (open, close) = (stock(&book.opening, node), stock(&book.closing, node));
    ledger.brine_change_kg = close.map_or(0.0, brine) - open.map_or(0.0, brine);
    ledger.floor_change_kg = close.map_or(0.0, solid) - open.map_or(0.0, solid);
    ledger.opening_kg = open.map_or(0.0, |s| brine(s) + solid(s));
    ledger
}

fn book_out(ledger: &mut Ledger, stream: &Stream, kg: f64) {
    let entry = match stream.kind {
        StreamKind::Feed
        | StreamKind::Transfer
        | StreamKind::PlantFeed
        | StreamKind::PlantOutlet => &mut ledger.exit_kg,
        StreamKind::Leakage => &mut ledger.leakage_kg,
        StreamKind::Evaporation => &mut ledger.evaporation_kg,
        StreamKind::Harvest => &mut ledger.harvest_kg,
        StreamKind::Entrainment => &mut ledger.entrainment_kg,
        // Rain runs from the sky: out of a pond it would be water given back.
        StreamKind::Rain => {
            ledger.rain_kg -= kg;
            return;
        }
        StreamKind::Electricity | StreamKind::Heat | StreamKind::Cooling | StreamKind::Hydrogen => {
            return;
        }
    };
    *entry += kg;
}

fn book_in(ledger: &mut Ledger, book: &Book, stream: &Stream, kg: f64) {
    let from_pond = book
        .nodes
        .get(stream.from)
        .is_some_and(|n| n.kind == NodeKind::Pond);
    let entry = match stream.kind {
        StreamKind::Rain => &mut ledger.rain_kg,
        StreamKind::PlantOutlet => &mut ledger.from_plants_kg,
        _ if from_pond => &mut ledger.from_ponds_kg,
        _ => &mut ledger.feed_kg,
    };
    *entry += kg;
}

/// Stock of a node in a list of stocks.
pub fn stock(stocks: &[Stock], node: NodeId) -> Option<&Stock> {
    stocks.iter().find(|s| s.node == node)
}

/// Nodes of a kind, with their ids.
pub fn nodes_of(book: &Book, kind: NodeKind) -> impl Iterator<Item = (NodeId, &str)> {
    book.nodes
        .iter()
        .enumerate()
        .filter(move |(_, n)| n.kind == kind)
        .map(|(i, n)| (i, n.id.as_str()))
}

/// Where an element (or all matter) of the ponds came from and went to, kg, over all ponds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fate {
    /// In the ponds at the start, brine.
    pub opening_brine_kg: f64,
    /// In the ponds at the start, salt.
    pub opening_salt_kg: f64,
    /// From sources.
    pub feed_kg: f64,
    /// Given back by plants.
    pub returned_kg: f64,
    /// Rain.
    pub rain_kg: f64,
    /// Harvested as salt.
    pub harvested_kg: f64,
    /// Carried off with harvested salt as brine.
    pub entrained_kg: f64,
    /// Leaked.
    pub leaked_kg: f64,
    /// Out of the ponds with brine: to plants, markets, back to the lake.
    pub sold_kg: f64,
    /// To the sky.
    pub evaporated_kg: f64,
    /// In the ponds at the end, brine.
    pub closing_brine_kg: f64,
    /// In the ponds at the end, salt.
    pub closing_salt_kg: f64,
}

impl Fate {
    /// What there was to win: opening stock, feed and what plants gave back.
    pub fn available_kg(&self) -> f64 {
        let stock_kg = self.opening_brine_kg + self.opening_salt_kg;
        stock_kg + self.feed_kg + self.returned_kg + self.rain_kg
    }

    /// Share of what left the ponds for good (harvest, entrainment, leakage, end brine) that is `kg`; NaN when nothing left.
    pub fn share_of_exits(&self, kg: f64) -> f64 {
        let exits = self.harvested_kg + self.entrained_kg + self.leaked_kg + self.sold_kg;
        if exits > 0.0 { kg / exits } else { f64::NAN }
    }
}

/// The fate of what is counted, over all ponds.
pub fn fate(book: &Book, totals: &[StreamTotal], count: Count) -> Fate {
    // Summed over the streams that leave: what ponds hand on to each other would cancel only to rounding.
    let mut fate = Fate {
        sold_kg: leaving(book, totals)
            .map(|t| mass_kg(book, count, &t.elements_mol))
            .sum(),
        ..Fate::default()
    };
    for (node, _) in nodes_of(book, NodeKind::Pond) {
        let l = ledger(book, totals, node, count);
        fate.feed_kg += l.feed_kg;
        fate.returned_kg += l.from_plants_kg;
        fate.rain_kg += l.rain_kg;
        fate.harvested_kg += l.harvest_kg;
        fate.entrained_kg += l.entrainment_kg;
        fate.leaked_kg += l.leakage_kg;
        fate.evaporated_kg += l.evaporation_kg;
        let (open, close) = (stock(&book.opening, node), stock(&book.closing, node));
        fate.opening_brine_kg += open.map_or(0.0, |s| mass_kg(book, count, &s.brine_elements_mol));
        fate.opening_salt_kg += open.map_or(0.0, |s| mass_kg(book, count, &s.solid_elements_mol));
        fate.closing_brine_kg += close.map_or(0.0, |s| mass_kg(book, count, &s.brine_elements_mol));
        fate.closing_salt_kg += close.map_or(0.0, |s| mass_kg(book, count, &s.solid_elements_mol));
    }
    fate
}

/// Minerals harvested over the period, kg of each, in the order of the book.
pub fn harvested_kg(book: &Book, totals: &[StreamTotal]) -> Vec<f64> {
    let mut sum = vec![0.0; book.minerals.len()];
    for (_, total) in book
        .streams
        .iter()
        .zip(totals)
        .filter(|(s, _)| s.kind == StreamKind::Harvest)
    {
        add(&mut sum, &total.minerals_mol);
    }
    sum.iter()
        .zip(&book.mineral_kg_mol)
        .map(|(mol, kg_mol)| mol * kg_mol)
        .collect()
}

/// Volume moved on streams of a kind, m³.
pub fn volume_m3(book: &Book, totals: &[StreamTotal], kind: StreamKind) -> f64 {
    book.streams
        .iter()
        .zip(totals)
        .filter(|(s, _)| s.kind == kind)
        .map(|(_, t)| t.volume_m3)
        .sum()
}

/// Brine that left the ponds for plants and out of the base, m³: transfers to anything that is not a pond.
pub fn end_brine_m3(book: &Book, totals: &[StreamTotal]) -> f64 {
    leaving(book, totals).map(|t| t.volume_m3).sum()
}

/// Totals of the transfers and plant feeds that leave a pond for anything that is none.
fn leaving<'a>(book: &'a Book, totals: &'a [StreamTotal]) -> impl Iterator<Item = &'a StreamTotal> {
    let is_pond = |node: usize| {
        book.nodes
            .get(node)
            .is_some_and(|n| n.kind == NodeKind::Pond)
    };
    book.streams
        .iter()
        .zip(totals)
        .filter(move |(s, _)| {
            let brine = matches!(s.kind, StreamKind::Transfer | StreamKind::PlantFeed);
            brine && is_pond(s.from) && !is_pond(s.to)
        })
        .map(|(_, t)| t)
}

/// Worst value of a closure or residual table; NaN counts as worst of all; zero for an empty table.
pub fn worst<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().fold(0.0, |worst: f64, x| {
        if x.is_nan() || worst.is_nan() {
            f64::NAN
        } else {
            worst.max(*x)
        }
    })
}
