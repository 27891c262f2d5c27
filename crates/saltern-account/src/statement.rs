//! A statement: what a book says about a period. Every stream summed, every stock opened and closed, in kilograms.
//!
//! Two things a book does not hold are laid on it: what a stream is *for* ([`Statement::assign`]: product, resource, fresh
//! water, waste …) and what was used beside matter ([`Statement::use_utilities`]: electricity, heat, gas).

use crate::error::{AccountError, Named};
use crate::measure::{ENERGY, MASS, Measure, VOLUME};
use jiff::ToSpan;
use jiff::civil::Date;
use saltern_base::book::{Book, NodeKind, Stock, StreamKind};
use saltern_units::table::Table;
use std::ops::Range;

/// A period of a book.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// First day.
    pub from: Date,
    /// Days.
    pub days: u32,
    /// Element symbols, columns of every amount.
    pub elements: Vec<String>,
    /// Mineral names, columns of every mineral amount.
    pub minerals: Vec<String>,
    /// Nodes; those of the book come first.
    pub nodes: Vec<NodeLine>,
    /// Flows: the streams of the book, then utilities.
    pub flows: Vec<Flow>,
}

/// A node over the period.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeLine {
    /// Id.
    pub id: String,
    /// Kind; `None` for one that only utilities name.
    pub kind: Option<NodeKind>,
    /// Elements held at the beginning, kg; empty where no stock is kept.
    pub opening_kg: Vec<f64>,
    /// Elements held at the end, kg; empty where no stock is kept.
    pub closing_kg: Vec<f64>,
}

/// A stream over the period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Id.
    pub id: String,
    /// From node.
    pub from: usize,
    /// To node.
    pub to: usize,
    /// Kind; `None` for a utility.
    pub kind: Option<StreamKind>,
    /// Whether it is energy on its way: its receiver (a bus, a store, a converter, a grid) hands energy on, and only what it
    /// loses stays there, as a flow of its own. Sums of energy leave it out, so that each MWh counts once, where it is used.
    pub passes: bool,
    /// What moves: [`MATTER`], `electricity`, `heat`, …
    pub carrier: String,
    /// What it is for: `product`, `resource`, …
    pub roles: Vec<String>,
    /// Which product it is, where it is one.
    pub product: Option<String>,
    /// Mass, kg.
    pub mass_kg: f64,
    /// Volume of liquid or gas, m³.
    pub volume_m3: f64,
    /// Liquid water among it, kg; not a number where it is not known.
    pub water_kg: f64,
    /// Energy, J.
    pub energy_j: f64,
    /// Elements, kg.
    pub elements_kg: Vec<f64>,
    /// Minerals, kg.
    pub minerals_kg: Vec<f64>,
}

/// Carrier of the streams of a book.
pub const MATTER: &str = "matter";
/// Role that streams of the kind feed have unless told otherwise.
pub const RESOURCE: &str = "resource";

impl Statement {
    /// Sums the streams of a book over some days, counted from [`Book::from`].
    pub fn of(book: &Book, days: Range<u32>) -> Statement {
        let days = days.start.min(book.days)..days.end.min(book.days);
        let mut statement = Statement {
            from: book
                .from
                .checked_add(i64::from(days.start).days())
                .unwrap_or(book.from),
            days: days.end.saturating_sub(days.start),
            elements: book.elements.clone(),
            minerals: book.minerals.clone(),
            nodes: Vec::new(),
            flows: Vec::new(),
        };
        let hands_on = hands_on(book);
        for stream in &book.streams {
            let feed = stream.kind == StreamKind::Feed;
            statement.flows.push(Flow {
                id: stream.id.clone(),
                from: stream.from,
                to: stream.to,
                kind: Some(stream.kind),
                passes: is_led(stream.kind) && hands_on[stream.to],
                carrier: if stream.kind.is_energy() {
                    stream.kind.name()
                } else {
                    MATTER
                }
                .into(),
                roles: if feed {
                    vec![RESOURCE.into()]
                } else {
                    Vec::new()
                },
                elements_kg: vec![0.0; book.elements.len()],
                minerals_kg: vec![0.0; book.minerals.len()],
                ..Flow::default()
            });
        }
        for posting in book.postings.iter().filter(|p| days.contains(&p.day)) {
            let flow = &mut statement.flows[posting.stream];
            flow.mass_kg += posting.mass_kg;
            flow.volume_m3 += posting.volume_m3;
            flow.water_kg += posting.water_kg;
            flow.energy_j += posting.energy_j;
            add(
                &mut flow.elements_kg,
                &posting.elements_mol,
                &book.element_kg_mol,
            );
            add(
                &mut flow.minerals_kg,
                &posting.minerals_mol,
                &book.mineral_kg_mol,
            );
        }
        for (i, node) in book.nodes.iter().enumerate() {
            let (mut opening_kg, mut closing_kg) = (Vec::new(), Vec::new());
            if node.kind.keeps_stock() {
                opening_kg = stock_kg(book, i, days.start);
                closing_kg = stock_kg(book, i, days.end);
            }
            statement.nodes.push(NodeLine {
                id: node.id.clone(),
                kind: Some(node.kind),
                opening_kg,
                closing_kg,
            });
        }
        statement
    }

    /// The whole book.
    pub fn of_book(book: &Book) -> Statement {
        Statement::of(book, 0..book.days)
    }

    /// Index of a node.
    ///
    /// # Errors
    /// [`AccountError::UnknownName`].
    pub fn node(&self, id: &str) -> Result<usize, AccountError> {
        let known = || self.nodes.iter().map(|n| n.id.clone()).collect();
        self.nodes
            .iter()
            .position(|n| n.id == id)
            .ok_or_else(|| unknown(Named::Node, id, known()))
    }

    /// Index of an element.
    ///
    /// # Errors
    /// [`AccountError::UnknownName`].
    pub fn element(&self, symbol: &str) -> Result<usize, AccountError> {
        let found = self.elements.iter().position(|e| e == symbol);
        found.ok_or_else(|| unknown(Named::Element, symbol, self.elements.clone()))
    }

    /// What a node gained of an element, kg; zero where no stock is kept.
    pub fn stock_change_kg(&self, node: usize, element: usize) -> f64 {
        let node = &self.nodes[node];
        match (node.opening_kg.get(element), node.closing_kg.get(element)) {
            (Some(opening), Some(closing)) => closing - opening,
            _ => 0.0,
        }
    }

    /// Says what a stream is for, in place of what was said before; a stream that does not exist is passed over.
    pub fn play(&mut self, stream: &str, roles: &[&str]) {
        if let Some(flow) = self.flows.iter_mut().find(|f| f.id == stream) {
            flow.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        }
    }

    /// Says what streams are for, from a table with the columns `stream`, `role` and, if wanted, `product`. A stream may
    /// have several rows; its roles are then all of them, in place of the one it had by its kind.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn assign(&mut self, file: &str, text: &str) -> Result<(), AccountError> {
        let table = Table::read(file, text)?;
        let (stream, role) = (table.column("stream")?, table.column("role")?);
        let product = table.find("product");
        let mut given: Vec<usize> = Vec::new();
        for row in &table.rows {
            let cell = table.cell(row, stream);
            let id = cell.text()?;
            let Some(index) = self.flows.iter().position(|f| f.id == id) else {
                let known = self.flows.iter().map(|f| f.id.clone()).collect();
                return Err(unknown(Named::Stream, id, known).at(cell.place()));
            };
            let flow = &mut self.flows[index];
            if !given.contains(&index) {
                given.push(index);
                flow.roles.clear();
            }
            flow.roles.push(table.cell(row, role).text()?.into());
            if let Some(name) = product.and_then(|c| table.cell(row, c).optional_text()) {
                flow.product = Some(name.into());
            }
        }
        Ok(())
    }

    /// Adds what was used beside matter, from a table with the columns `id`, `carrier`, `from`, `to`, `amount`, `unit` and, if
    /// wanted, `role`. Nodes that the book lacks (a grid, a gas main) are added.
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn use_utilities(&mut self, file: &str, text: &str) -> Result<(), AccountError> {
        let table = Table::read(file, text)?;
        let mut columns = [0; 6];
        for (column, name) in columns
            .iter_mut()
            .zip(["id", "carrier", "from", "to", "amount", "unit"])
        {
            *column = table.column(name)?;
        }
        let role = table.find("role");
        for row in &table.rows {
            let cell = |i: usize| table.cell(row, columns[i]);
            if self.flows.iter().any(|f| f.id == cell(0).raw()) {
                return Err(AccountError::Duplicate {
                    place: cell(0).place(),
                    id: cell(0).raw().into(),
                });
            }
            let measure = Measure::read(cell(5).text()?).map_err(|e| e.at(cell(5).place()))?;
            let amount = cell(4).number()? * measure.factor;
            let mut flow = Flow {
                id: cell(0).text()?.into(),
                carrier: cell(1).text()?.into(),
                from: self.node_or_new(cell(2).text()?),
                to: self.node_or_new(cell(3).text()?),
                elements_kg: vec![0.0; self.elements.len()],
                minerals_kg: vec![0.0; self.minerals.len()],
                ..Flow::default()
            };
            flow.roles.extend(
                role.and_then(|c| table.cell(row, c).optional_text())
                    .map(String::from),
            );
            match measure.basis {
                MASS => flow.mass_kg = amount,
                VOLUME => flow.volume_m3 = amount,
                ENERGY => flow.energy_j = amount,
                other => {
                    let error = AccountError::UnitOf {
                        id: flow.id,
                        unit: other.text(),
                        accepted: "kWh, kg, m3".into(),
                    };
                    return Err(error.at(cell(5).place()));
                }
            }
            self.flows.push(flow);
        }
        Ok(())
    }

    fn node_or_new(&mut self, id: &str) -> usize {
        if let Some(known) = self.nodes.iter().position(|n| n.id == id) {
            return known;
        }
        self.nodes.push(NodeLine {
            id: id.into(),
            kind: None,
            opening_kg: Vec::new(),
            closing_kg: Vec::new(),
        });
        self.nodes.len() - 1
    }

    /// What was used of each carrier and where: by those that hand nothing on, and lost on the way.
    pub fn uses(&self) -> Vec<crate::carbon::Use> {
        self.used(|flow| !flow.passes)
    }

    /// What carbon is counted of, for [`crate::carbon::footprint()`]: what was used; where the book tells of all energy from its source on,
    /// what was bought of it, since a factor of bought power doesn't hold for one's own.
    pub fn uses_with_carbon(&self) -> Vec<crate::carbon::Use> {
        if !self.flows.iter().any(|flow| flow.passes) {
            return self.uses();
        }
        let market = |node: usize| self.nodes[node].kind == Some(NodeKind::Market);
        self.used(|flow| flow.kind.is_none() || flow.passes && market(flow.from))
    }

    fn used(&self, counts: impl Fn(&Flow) -> bool) -> Vec<crate::carbon::Use> {
        let used =
            |f: &&Flow| f.carrier != MATTER && f.kind != Some(StreamKind::Cooling) && counts(f);
        let utilities = self.flows.iter().filter(used);
        utilities
            .map(|flow| {
                let (amount, basis) = match (flow.mass_kg, flow.volume_m3) {
                    (m, _) if m != 0.0 => (m, MASS),
                    (_, v) if v != 0.0 => (v, VOLUME),
                    _ => (flow.energy_j, ENERGY),
                };
                crate::carbon::Use {
                    by: self.nodes[flow.to].id.clone(),
                    what: flow.carrier.clone(),
                    amount,
                    basis,
                    group: "energy".into(),
                    needs_factor: true,
                }
            })
            .collect()
    }
}

pub(crate) fn unknown(named: Named, name: &str, known: Vec<String>) -> AccountError {
    AccountError::UnknownName {
        named,
        name: name.into(),
        known,
    }
}

/// Whether energy of a kind is led from one place to the next; cooling takes away what has been used.
fn is_led(kind: StreamKind) -> bool {
    kind.is_energy() && kind != StreamKind::Cooling
}

/// Nodes that hand energy on.
fn hands_on(book: &Book) -> Vec<bool> {
    let mut hands_on: Vec<bool> = book
        .nodes
        .iter()
        .map(|node| node.kind == NodeKind::Utility)
        .collect();
    for stream in book.streams.iter().filter(|stream| is_led(stream.kind)) {
        hands_on[stream.from] |= book.nodes[stream.from].kind != NodeKind::Sky;
    }
    hands_on
}

fn add(sums_kg: &mut [f64], amounts_mol: &[f64], kg_mol: &[f64]) {
    for ((sum, amount), kg) in sums_kg.iter_mut().zip(amounts_mol).zip(kg_mol) {
        *sum += amount * kg;
    }
}

/// What a node holds at the beginning of a day: its opening stock and what moved before; the closing stock itself where the
/// book ends.
fn stock_kg(book: &Book, node: usize, day: u32) -> Vec<f64> {
    let mut kg = vec![0.0; book.elements.len()];
    let held = |stocks: &[Stock], kg: &mut [f64]| {
        for stock in stocks.iter().filter(|s| s.node == node) {
            add(kg, &stock.brine_elements_mol, &book.element_kg_mol);
            add(kg, &stock.solid_elements_mol, &book.element_kg_mol);
        }
    };
    if day >= book.days {
        held(&book.closing, &mut kg);
        return kg;
    }
    held(&book.opening, &mut kg);
    for posting in book.postings.iter().filter(|p| p.day < day) {
        let stream = &book.streams[posting.stream];
        let sign = f64::from(i8::from(stream.to == node) - i8::from(stream.from == node));
        let signed = posting
            .elements_mol
            .iter()
            .map(|n| n * sign)
            .collect::<Vec<_>>();
        add(&mut kg, &signed, &book.element_kg_mol);
    }
    kg
}
