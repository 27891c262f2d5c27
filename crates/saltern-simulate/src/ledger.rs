//! Keeps the book while the base is marched: what moved today on each stream, and who holds what.

use jiff::civil::Date;
use saltern_base::book::{
    Book, Node, NodeId, NodeKind, Posting, Stock, Stream, StreamId, StreamKind,
};
use saltern_base::model::{Base, End};
use saltern_brine::database::WATER;

use crate::cell::Cell;
use crate::error::SimulateError;
use crate::matter::Matter;
use crate::plants::{Joint, JointNode, PlantModel};
use crate::solids::Solids;
use crate::stockpile::Stockpile;

/// Movements of today and the book so far.
#[derive(Debug)]
pub(crate) struct Ledger {
    book: Book,
    components: usize,
    today_mol: Vec<f64>,
    today_m3: Vec<f64>,
    today_minerals_mol: Vec<Vec<f64>>,
    /// What plants moved today: whole postings, since a plant moves but once a day.
    today_plants: Vec<Posting>,
    /// Columns of the book's solids.
    pub(crate) solids: Solids,
    /// What lies in stockpiles, in the order of [`Base::stockpiles`], then those that harvests alone name.
    pub(crate) stockpiles: Vec<Stockpile>,
    /// Stream of each link.
    pub(crate) links: Vec<StreamId>,
    /// Streams of each pond.
    pub(crate) ponds: Vec<PondStreams>,
    /// Streams of each harvest: salt, entrained brine.
    pub(crate) harvests: Vec<(StreamId, StreamId)>,
    /// Streams of each plant.
    pub(crate) plants: Vec<PlantStreams>,
}

/// The streams of a plant.
#[derive(Clone, Debug)]
pub(crate) struct PlantStreams {
    /// One a joint.
    pub(crate) joints: Vec<StreamId>,
    pub(crate) electricity: StreamId,
    pub(crate) heat: StreamId,
    pub(crate) cooling: StreamId,
}

/// The streams every pond has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PondStreams {
    pub(crate) evaporation: StreamId,
    pub(crate) rain: StreamId,
    pub(crate) leakage: StreamId,
}

impl Ledger {
    pub(crate) fn new(
        base: &Base,
        matter: &Matter,
        solids: Solids,
        plants: &[PlantModel],
        from: Date,
        days: u32,
    ) -> Self {
        let nodes = Nodes::of(base);
        let mut ledger = Ledger {
            book: empty_book(matter, from, days),
            components: matter.components(),
            today_mol: Vec::new(),
            today_m3: Vec::new(),
            today_minerals_mol: Vec::new(),
            today_plants: Vec::new(),
            stockpiles: nodes.stockpiles(matter, &solids),
            solids,
            links: Vec::new(),
            ponds: Vec::new(),
            harvests: Vec::new(),
            plants: Vec::new(),
        };
        for (i, pond) in base.ponds.iter().enumerate() {
            ledger.add_pond(&pond.id, i, &nodes);
        }
        for link in &base.links {
            let kind = match (link.from, link.to) {
                (End::Source(_), End::Pond(_)) => StreamKind::Feed,
                _ => StreamKind::Transfer,
            };
            let (from, to) = (nodes.end(link.from), nodes.end(link.to));
            let stream = ledger.add_stream(link.id.clone(), from, to, kind);
            ledger.links.push(stream);
        }
        for harvest in &base.harvests {
            let to = nodes.stockpile(&harvest.stockpile);
            let entrained = format!("{}.entrainment", harvest.id);
            let salt = ledger.add_stream(harvest.id.clone(), harvest.pond, to, StreamKind::Harvest);
            let brine = ledger.add_stream(entrained, harvest.pond, to, StreamKind::Entrainment);
            ledger.harvests.push((salt, brine));
        }
        for (p, plant) in plants.iter().enumerate() {
            ledger.add_plant(p, plant, &nodes);
        }
        ledger.book.nodes = nodes.nodes;
        ledger.today_mol = vec![0.0; ledger.book.streams.len() * matter.components()];
        ledger.today_m3 = vec![0.0; ledger.book.streams.len()];
        ledger.today_minerals_mol = (ledger.book.streams.iter())
            .map(|s| match s.kind {
                StreamKind::Harvest => vec![0.0; matter.minerals.len()],
                _ => Vec::new(),
            })
            .collect();
        ledger
    }

    fn add_pond(&mut self, id: &str, node: NodeId, nodes: &Nodes) {
        let mut stream =
            |what: &str, from, to, kind| self.add_stream(format!("{id}.{what}"), from, to, kind);
        let streams = PondStreams {
            evaporation: stream("evaporation", node, nodes.sky, StreamKind::Evaporation),
            rain: stream("rain", nodes.sky, node, StreamKind::Rain),
            leakage: stream("leakage", node, nodes.ground, StreamKind::Leakage),
        };
        self.ponds.push(streams);
    }

    fn add_plant(&mut self, p: usize, plant: &PlantModel, nodes: &Nodes) {
        let own = nodes.plants + p;
        let joint = |joint: &Joint| {
            let (id, other) = (
                format!("{}.{}", plant.id, joint.id),
                nodes.joint(joint.node),
            );
            if joint.inward {
                (id, other, own, StreamKind::PlantFeed)
            } else {
                (id, own, other, StreamKind::PlantOutlet)
            }
        };
        let joints: Vec<_> = plant.joints.iter().map(joint).collect();
        let mut stream = |(id, from, to, kind)| self.add_stream(id, from, to, kind);
        let joints = joints.into_iter().map(&mut stream).collect();
        let id = |what: &str| format!("{}.{what}", plant.id);
        let streams = PlantStreams {
            joints,
            electricity: stream((id("electricity"), nodes.grid, own, StreamKind::Electricity)),
            heat: stream((id("heat"), nodes.heat, own, StreamKind::Heat)),
            cooling: stream((id("cooling"), own, nodes.sky, StreamKind::Cooling)),
        };
        self.plants.push(streams);
    }

    fn add_stream(&mut self, id: String, from: NodeId, to: NodeId, kind: StreamKind) -> StreamId {
        self.book.streams.push(Stream { id, from, to, kind });
        self.book.streams.len() - 1
    }

    /// Notes a movement of liquid.
    pub(crate) fn note(&mut self, stream: StreamId, amounts_mol: &[f64], volume_m3: f64) {
        let start = stream * self.components;
        let today = &mut self.today_mol[start..start + self.components];
        for (sum, n) in today.iter_mut().zip(amounts_mol) {
            *sum += n;
        }
        self.today_m3[stream] += volume_m3;
    }

    /// Notes a movement of water as vapour or rain, mol.
    pub(crate) fn note_water(&mut self, stream: StreamId, water_mol: f64) {
        self.today_mol[stream * self.components + WATER] += water_mol;
    }

    /// Notes salt on its way to a stockpile.
    pub(crate) fn note_salt(&mut self, stream: StreamId, minerals_mol: &[f64]) {
        for (sum, n) in self.today_minerals_mol[stream].iter_mut().zip(minerals_mol) {
            *sum += n;
        }
    }

    /// Notes what a plant moved today on a stream: brine, solids by column of the book, and the volume of a liquid.
    pub(crate) fn note_plant(
        &mut self,
        matter: &Matter,
        stream: StreamId,
        brine_mol: &[f64],
        solids_mol: Vec<f64>,
        volume_m3: f64,
    ) {
        let mut elements_mol = vec![0.0; matter.elements.len()];
        matter.add_elements(brine_mol, &mut elements_mol);
        self.solids.add_elements(&solids_mol, &mut elements_mol);
        let solids_kg = self.solids.mass_kg(&solids_mol);
        self.today_plants.push(Posting {
            stream,
            day: 0,
            elements_mol,
            minerals_mol: solids_mol,
            mass_kg: matter.mass_kg(brine_mol) + solids_kg,
            volume_m3,
            water_kg: brine_mol[WATER] * matter.water_kg_mol(),
            energy_j: 0.0,
        });
    }

    /// Notes energy that a plant took or gave today, J.
    pub(crate) fn note_energy(&mut self, matter: &Matter, stream: StreamId, energy_j: f64) {
        if energy_j != 0.0 {
            self.today_plants.push(Posting {
                stream,
                day: 0,
                elements_mol: vec![0.0; matter.elements.len()],
                minerals_mol: Vec::new(),
                mass_kg: 0.0,
                volume_m3: 0.0,
                water_kg: 0.0,
                energy_j,
            });
        }
    }

    /// Volume moved on a stream so far today, m³.
    pub(crate) fn volume_today_m3(&self, stream: StreamId) -> f64 {
        self.today_m3[stream]
    }

    /// Components moved on a stream so far today, mol.
    pub(crate) fn today_mol(&self, stream: StreamId) -> &[f64] {
        &self.today_mol[stream * self.components..(stream + 1) * self.components]
    }

    /// Posts what moved today, one posting a stream that moved anything.
    pub(crate) fn close_day(&mut self, matter: &Matter, day: u32) {
        for stream in 0..self.book.streams.len() {
            self.store(stream);
            let posting = self.posting(matter, stream, day);
            if posting.mass_kg != 0.0 || posting.elements_mol.iter().any(|n| *n != 0.0) {
                self.book.postings.push(posting);
            }
            let start = stream * self.components;
            self.today_mol[start..start + self.components].fill(0.0);
            self.today_minerals_mol[stream].fill(0.0);
            self.today_m3[stream] = 0.0;
        }
        for mut posting in self.today_plants.drain(..) {
            posting.day = day;
            self.book.postings.push(posting);
        }
    }

    fn posting(&self, matter: &Matter, stream: StreamId, day: u32) -> Posting {
        let amounts_mol = self.today_mol(stream);
        let salt_mol = &self.today_minerals_mol[stream];
        let mut elements_mol = vec![0.0; matter.elements.len()];
        matter.add_elements(amounts_mol, &mut elements_mol);
        matter.add_mineral_elements(salt_mol, &mut elements_mol);
        Posting {
            stream,
            day,
            elements_mol,
            minerals_mol: salt_mol.clone(),
            mass_kg: matter.mass_kg(amounts_mol) + matter.salt_kg(salt_mol),
            volume_m3: self.today_m3[stream],
            water_kg: amounts_mol[WATER] * matter.water_kg_mol(),
            energy_j: 0.0,
        }
    }

    /// Adds what moved today on a stream to the stockpile at its end, if there is one.
    fn store(&mut self, stream: StreamId) {
        let to = self.book.streams[stream].to;
        if let Some(pile) = self.stockpiles.iter_mut().find(|p| p.node == to) {
            let start = stream * self.components;
            let today = &self.today_mol[start..start + self.components];
            pile.bring(today, &self.today_minerals_mol[stream]);
        }
    }

    /// Puts back what lay in stockpiles when a snapshot was taken.
    pub(crate) fn restock(&mut self, stockpiles: &[Stockpile]) -> Result<(), SimulateError> {
        let same = |(a, b): (&Stockpile, &Stockpile)| {
            a.solids_mol.len() == b.solids_mol.len() && a.brine_mol.len() == b.brine_mol.len()
        };
        let fits = stockpiles.len() == self.stockpiles.len()
            && stockpiles.iter().zip(&self.stockpiles).all(same);
        if !fits {
            return Err(SimulateError::SnapshotMismatch { what: "stockpiles" });
        }
        for (now, then) in self.stockpiles.iter_mut().zip(stockpiles) {
            now.brine_mol.clone_from(&then.brine_mol);
            now.solids_mol.clone_from(&then.solids_mol);
        }
        Ok(())
    }

    /// Stock of every node that keeps one, ponds first.
    pub(crate) fn stocks<'a>(
        &self,
        matter: &Matter,
        ponds: impl Iterator<Item = &'a [Cell]>,
    ) -> Vec<Stock> {
        let mut brine_mol = vec![0.0; self.components];
        let mut stocks: Vec<Stock> = ponds
            .enumerate()
            .map(|(node, cells)| {
                let mut minerals_mol = vec![0.0; matter.minerals.len()];
                brine_mol.fill(0.0);
                for cell in cells {
                    cell.floor.add_minerals(&mut minerals_mol);
                    cell.floor.add_pore(&mut brine_mol);
                    brine_mol
                        .iter_mut()
                        .zip(&cell.brine_mol)
                        .for_each(|(sum, n)| *sum += n);
                }
                stock(matter, &self.solids, node, &brine_mol, minerals_mol)
            })
            .collect();
        for pile in &self.stockpiles {
            stocks.push(stock(
                matter,
                &self.solids,
                pile.node,
                &pile.brine_mol,
                pile.solids_mol.clone(),
            ));
        }
        stocks
    }

    pub(crate) fn open(&mut self, stocks: Vec<Stock>) {
        self.book.opening = stocks;
    }

    pub(crate) fn close_month(&mut self, day: u32, stocks: Vec<Stock>) {
        self.book
            .monthly
            .extend(stocks.into_iter().map(|s| (day, s)));
    }

    /// The book. Of the solids that never lay on a floor only those that occurred keep their column.
    pub(crate) fn finish(mut self, days: u32, stocks: Vec<Stock>) -> Book {
        self.book.days = days;
        self.book.closing = stocks;
        let mut kept: Vec<bool> = (0..self.solids.len())
            .map(|s| s < self.solids.floors)
            .collect();
        let mut amounts = solid_amounts(&mut self.book);
        for row in &amounts {
            for (keep, n) in kept.iter_mut().zip(row.iter()) {
                *keep |= *n != 0.0;
            }
        }
        for row in amounts.iter_mut().filter(|row| !row.is_empty()) {
            row.resize(kept.len(), 0.0);
            let mut columns = kept.iter();
            row.retain(|_| columns.next().is_some_and(|keep| *keep));
        }
        let columns = self.solids.columns.iter().zip(&kept);
        for (solid, _) in columns.filter(|(_, keep)| **keep) {
            self.book.minerals.push(solid.name.clone());
            self.book.mineral_kg_mol.push(solid.kg_mol);
        }
        self.book
    }
}

/// Every row of solids in a book.
fn solid_amounts(book: &mut Book) -> Vec<&mut Vec<f64>> {
    let postings = book.postings.iter_mut().map(|p| &mut p.minerals_mol);
    let ends = book.opening.iter_mut().chain(&mut book.closing);
    let monthly = book.monthly.iter_mut().map(|(_, stock)| stock);
    let stocks = ends.chain(monthly).map(|stock| &mut stock.minerals_mol);
    postings.chain(stocks).collect()
}

fn stock(
    matter: &Matter,
    solids: &Solids,
    node: NodeId,
    brine_mol: &[f64],
    minerals_mol: Vec<f64>,
) -> Stock {
    let mut brine_elements_mol = vec![0.0; matter.elements.len()];
    let mut solid_elements_mol = vec![0.0; matter.elements.len()];
    matter.add_elements(brine_mol, &mut brine_elements_mol);
    solids.add_elements(&minerals_mol, &mut solid_elements_mol);
    Stock {
        node,
        brine_elements_mol,
        solid_elements_mol,
        minerals_mol,
    }
}

fn empty_book(matter: &Matter, from: Date, days: u32) -> Book {
    let (elements, kg_mol) = (matter.elements.clone(), matter.element_kg_mol.clone());
    Book::empty(from, days, elements, kg_mol)
}

/// Nodes of a base: ponds (so that a pond's node is its index), sources, outlets, stockpiles, sky, ground; with plants
/// these, the grid, the heat main and the suppliers of what they buy.
struct Nodes {
    nodes: Vec<Node>,
    sources: NodeId,
    outlets: NodeId,
    stockpiles: NodeId,
    sky: NodeId,
    ground: NodeId,
    plants: NodeId,
    grid: NodeId,
    heat: NodeId,
    supply: NodeId,
}

impl Nodes {
    fn of(base: &Base) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut push = |id: &str, kind| {
            nodes.push(Node {
                id: id.to_string(),
                kind,
            });
            nodes.len() - 1
        };
        base.ponds.iter().for_each(|p| {
            push(&p.id, NodeKind::Pond);
        });
        base.sources.iter().for_each(|s| {
            push(&s.id, NodeKind::Source);
        });
        base.outlets.iter().for_each(|o| {
            push(&o.id, NodeKind::Market);
        });
        let mut named: Vec<&str> = base
            .stockpiles
            .iter()
            .map(|pile| pile.id.as_str())
            .collect();
        for harvest in &base.harvests {
            if !named.contains(&harvest.stockpile.as_str()) {
                named.push(&harvest.stockpile);
            }
        }
        named.iter().for_each(|id| {
            push(id, NodeKind::Stockpile);
        });
        let sky = push("sky", NodeKind::Sky);
        let ground = push("ground", NodeKind::Ground);
        base.plants.iter().for_each(|p| {
            push(&p.id, NodeKind::Plant);
        });
        let (mut grid, mut heat, mut supply) = (ground, ground, ground);
        if !base.plants.is_empty() {
            grid = push("grid", NodeKind::Utility);
            heat = push("heat", NodeKind::Utility);
            supply = push("supply", NodeKind::Market);
        }
        let sources = base.ponds.len();
        let outlets = sources + base.sources.len();
        Nodes {
            sources,
            outlets,
            stockpiles: outlets + base.outlets.len(),
            nodes,
            sky,
            ground,
            plants: ground + 1,
            grid,
            heat,
            supply,
        }
    }

    fn end(&self, end: End) -> NodeId {
        match end {
            End::Pond(p) => p,
            End::Source(s) => self.sources + s,
            End::Outlet(o) => self.outlets + o,
        }
    }

    fn joint(&self, node: JointNode) -> NodeId {
        match node {
            JointNode::Pond(p) => p,
            JointNode::Source(s) => self.sources + s,
            JointNode::Outlet(o) => self.outlets + o,
            JointNode::Stockpile(s) => self.stockpiles + s,
            JointNode::Sky => self.sky,
            JointNode::Ground => self.ground,
            JointNode::Supply => self.supply,
        }
    }

    /// Node of a stockpile; every stockpile named by a harvest has one.
    fn stockpile(&self, id: &str) -> NodeId {
        let is = |n: &Node| n.kind == NodeKind::Stockpile && n.id == id;
        self.nodes.iter().position(is).unwrap_or(self.ground)
    }

    fn stockpiles(&self, matter: &Matter, solids: &Solids) -> Vec<Stockpile> {
        (0..self.nodes.len())
            .filter(|&n| self.nodes[n].kind == NodeKind::Stockpile)
            .map(|node| Stockpile::empty(node, matter, solids))
            .collect()
    }
}
