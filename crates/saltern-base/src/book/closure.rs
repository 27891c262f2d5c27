//! Closure: whether what a node gained is what came in less what went out.

use super::{Book, NodeId, Stock};
use crate::message::catalogue;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

/// How well a book closes: for each element its worst node.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// One entry an element, in the order of [`Book::elements`].
    pub elements: Vec<ElementClosure>,
}

/// The worst node of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementClosure {
    /// Symbol of the element.
    pub element: String,
    /// Id of the node; empty if the book keeps no stock.
    pub node: String,
    /// |Δstock − in + out| / max(initial stock, throughput); zero where nothing was and nothing
    /// moved, infinite where an amount is not a number.
    pub closure: f64,
}

impl Closure {
    /// The element that closes worst, with its node.
    pub fn worst(&self) -> Option<&ElementClosure> {
        self.elements
            .iter()
            .max_by(|a, b| a.closure.total_cmp(&b.closure))
    }

    /// Refuses a book that closes worse than `limit`.
    pub fn require(&self, limit: f64) -> Result<(), BookError> {
        match self.worst() {
            Some(worst) if worst.closure > limit => Err(BookError::NotClosed {
                element: worst.element.clone(),
                node: worst.node.clone(),
                closure: worst.closure,
                limit,
            }),
            _ => Ok(()),
        }
    }
}

/// What can be wrong with a book.
#[derive(Clone, Debug, PartialEq)]
pub enum BookError {
    /// `book.malformed`: an index or a length that doesn't fit; a fault of the writer.
    Malformed {
        /// What doesn't fit.
        what: String,
    },
    /// `book.not_closed`.
    NotClosed {
        /// Symbol of the element.
        element: String,
        /// Id of the node.
        node: String,
        /// How far it is off.
        closure: f64,
        /// How far it may be off.
        limit: f64,
    },
}

impl BookError {
    /// Stable code, `book.not_closed`.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }
}

impl Message for BookError {
    fn code(&self) -> &'static str {
        match self {
            BookError::Malformed { .. } => "book.malformed",
            BookError::NotClosed { .. } => "book.not_closed",
        }
    }

    fn fields(&self, _lang: Lang) -> Fields {
        match self {
            BookError::Malformed { what } => vec![("what", what.clone())],
            BookError::NotClosed {
                element,
                node,
                closure,
                limit,
            } => vec![
                ("element", element.clone()),
                ("node", node.clone()),
                ("closure", format!("{closure:.3e}")),
                ("limit", format!("{limit:e}")),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for BookError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for BookError {}

impl Book {
    /// Finishes a book: sees that it holds together, and says how well it closes.
    pub fn close(&self) -> Result<Closure, BookError> {
        self.check_shape()?;
        let turnover = self.turnover();
        let elements = (0..self.elements.len())
            .map(|e| self.worst_node(e, &turnover))
            .collect();
        Ok(Closure { elements })
    }

    fn worst_node(&self, element: usize, turnover: &[Vec<Turnover>]) -> ElementClosure {
        let closing = (0..self.nodes.len()).filter(|&node| self.nodes[node].kind.closes());
        let closures = closing.map(|n| (n, self.node_closure(n, element, turnover[n][element])));
        let worst = closures.max_by(|a, b| a.1.total_cmp(&b.1));
        ElementClosure {
            element: self.elements[element].clone(),
            node: worst
                .map(|(node, _)| self.nodes[node].id.clone())
                .unwrap_or_default(),
            closure: worst.map_or(0.0, |(_, closure)| closure),
        }
    }

    fn node_closure(&self, node: NodeId, element: usize, turnover: Turnover) -> f64 {
        let opening = stock_mol(&self.opening, node, element);
        let closing = stock_mol(&self.closing, node, element);
        let residual = (closing - opening - turnover.into_mol + turnover.out_mol).abs();
        let scale = opening
            .abs()
            .max(turnover.moved_in_mol)
            .max(turnover.moved_out_mol);
        match residual / scale {
            _ if residual == 0.0 => 0.0,
            closure if closure.is_nan() => f64::INFINITY,
            closure => closure,
        }
    }

    /// What moved at each node, by element.
    fn turnover(&self) -> Vec<Vec<Turnover>> {
        let mut all = vec![vec![Turnover::default(); self.elements.len()]; self.nodes.len()];
        for posting in &self.postings {
            let stream = &self.streams[posting.stream];
            for (element, &amount_mol) in posting.elements_mol.iter().enumerate() {
                let from = &mut all[stream.from][element];
                from.out_mol += amount_mol;
                from.moved_out_mol += amount_mol.abs();
                let to = &mut all[stream.to][element];
                to.into_mol += amount_mol;
                to.moved_in_mol += amount_mol.abs();
            }
        }
        all
    }

    fn check_shape(&self) -> Result<(), BookError> {
        let (elements, minerals) = (self.elements.len(), self.minerals.len());
        let fits = |fits: bool, what: String| {
            if fits {
                Ok(())
            } else {
                Err(BookError::Malformed { what })
            }
        };
        let nodes = self.nodes.len();
        fits(
            self.element_kg_mol.len() == elements,
            "molar masses of elements".into(),
        )?;
        fits(
            self.mineral_kg_mol.len() == minerals,
            "molar masses of minerals".into(),
        )?;
        for stream in &self.streams {
            fits(
                stream.from < nodes && stream.to < nodes,
                format!("ends of stream {}", stream.id),
            )?;
        }
        for (i, posting) in self.postings.iter().enumerate() {
            let known = posting.stream < self.streams.len() && posting.day < self.days;
            let shaped = posting.elements_mol.len() == elements
                && [0, minerals].contains(&posting.minerals_mol.len());
            fits(known && shaped, format!("posting {i}"))?;
        }
        let stocks = self
            .opening
            .iter()
            .chain(&self.closing)
            .chain(self.monthly.iter().map(|(_, s)| s));
        for stock in stocks {
            let shaped = stock.brine_elements_mol.len() == elements
                && stock.solid_elements_mol.len() == elements;
            fits(
                stock.node < nodes && shaped,
                format!("stock of node {}", stock.node),
            )?;
        }
        for node in self.stock_nodes() {
            let kept = [&self.opening, &self.closing]
                .map(|stocks| stocks.iter().filter(|s| s.node == node).count());
            // A stockpile that begins empty needs no opening stock.
            let opened = kept[0] == 1
                || (kept[0] == 0 && self.nodes[node].kind == super::NodeKind::Stockpile);
            fits(
                opened && kept[1] == 1,
                format!("opening and closing stock of {}", self.nodes[node].id),
            )?;
        }
        Ok(())
    }
}

/// What moved at a node.
#[derive(Clone, Copy, Debug, Default)]
struct Turnover {
    /// Into the node, mol; negative amounts taken off.
    into_mol: f64,
    /// Out of the node, mol; negative amounts taken off.
    out_mol: f64,
    /// Into the node whatever the sign, mol.
    moved_in_mol: f64,
    /// Out of the node whatever the sign, mol.
    moved_out_mol: f64,
}

fn stock_mol(stocks: &[Stock], node: NodeId, element: usize) -> f64 {
    stocks
        .iter()
        .find(|stock| stock.node == node)
        .map_or(0.0, |stock| stock.element_mol(element))
}
