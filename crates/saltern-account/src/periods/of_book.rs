//! The figures of a book over some of its days: of each pond what came in, what left and how, what it dropped and what it holds
//! at the end; of each plant what it gave away.
//!
//! | id | unit | what |
//! |---|---|---|
//! | `POND.inflow`, `.outflow`, `.leakage` | t | brine in from everywhere, out to ponds, plants and outlets, through the floor |
//! | `POND.inflow_volume`, … | m3 | the same by volume |
//! | `POND.evaporation` | t | water to the sky, less rain |
//! | `POND.harvest`, `.entrainment` | t | salt carried off, and the brine that went with it |
//! | `POND.deposited` | t | salt that came out of the brine: grown on the floor, and harvested; only where the book keeps the floor of both evenings |
//! | `NODE.stock` | t | brine and salt at the end of the last day |
//! | `STREAM.outlet` | t | what a plant put out: products, tailings, liquor |
//!
//! Masses are told of all matter and by element (`POND.inflow[K]`) where any of it moved; hydrogen and oxygen are left out.

use std::collections::BTreeMap;
use std::ops::Range;

use saltern_base::book::{
    Book, LedgerEntry, LedgerStream, NodeId, NodeKind, NodeLedger, Stock, StreamKind,
};

use super::Figure;

/// Kilograms in a tonne.
const TONNE_KG: f64 = 1e3;

/// Standard deviations of what streams moved, relative, by the id of the stream: of mass and of volume.
///
/// What is known of a window is taken for every day in it: what leads a measured book astray (a meter, a leak, the wind over a
/// pond) does so by the same share every day.
pub type Deviations = BTreeMap<String, (f64, f64)>;

/// Figures over days counted from the first of the book.
pub fn figures(book: &Book, days: Range<u32>, deviations: &Deviations) -> Vec<Figure> {
    let sums = Sums {
        book,
        days: days.clone(),
        deviations,
        moved: moved(book, days.clone()),
    };
    let ledgers = book.ledger(days.clone());
    let until = book.ledger(0..days.end);
    let mut figures = Vec::new();
    for (ledger, until) in ledgers.iter().zip(&until) {
        if book.nodes[ledger.node].kind == NodeKind::Pond {
            sums.pond(ledger, &mut figures);
        }
        sums.stock(until, &mut figures);
    }
    sums.outlets(&mut figures);
    figures
}

/// Mass, kg, volume, m³, and elements, mol, of every stream over some days.
fn moved(book: &Book, days: Range<u32>) -> Vec<LedgerEntry> {
    let empty = LedgerEntry {
        elements_mol: vec![0.0; book.elements.len()],
        ..LedgerEntry::default()
    };
    let mut moved = vec![empty; book.streams.len()];
    for posting in book.postings.iter().filter(|p| days.contains(&p.day)) {
        let sum = &mut moved[posting.stream];
        sum.mass_kg += posting.mass_kg;
        sum.volume_m3 += posting.volume_m3;
        for (all, one) in sum.elements_mol.iter_mut().zip(&posting.elements_mol) {
            *all += one;
        }
    }
    moved
}

struct Sums<'b> {
    book: &'b Book,
    days: Range<u32>,
    deviations: &'b Deviations,
    moved: Vec<LedgerEntry>,
}

impl Sums<'_> {
    fn pond(&self, ledger: &NodeLedger, figures: &mut Vec<Figure>) {
        let pond = &self.book.nodes[ledger.node].id;
        for (stream, name) in [
            (LedgerStream::Feed, "inflow"),
            (LedgerStream::Exit, "outflow"),
            (LedgerStream::Leakage, "leakage"),
            (LedgerStream::Evaporation, "evaporation"),
            (LedgerStream::Salts, "harvest"),
            (LedgerStream::Entrainment, "entrainment"),
        ] {
            let entry = ledger.entry(stream);
            let id = format!("{pond}.{name}");
            figures.push(Figure {
                deviation: self.deviation(ledger.node, stream, |m| m.mass_kg, |d| d.0 / TONNE_KG),
                ..Figure::new(&id, entry.mass_kg / TONNE_KG, "t")
            });
            if entry.volume_m3 != 0.0 {
                figures.push(Figure {
                    deviation: self.deviation(ledger.node, stream, |m| m.volume_m3, |d| d.1),
                    ..Figure::new(format!("{id}_volume"), entry.volume_m3, "m3")
                });
            }
            self.by_element(&id, &entry.elements_mol, figures);
        }
        self.deposited(ledger, figures);
    }

    /// Of independent streams the squares add; none where one of them is not known. `share` takes the deviation of a stream, relative,
    /// to that of one unit of what is moved.
    fn deviation(
        &self,
        node: NodeId,
        ledger: LedgerStream,
        amount: impl Fn(&LedgerEntry) -> f64,
        share: impl Fn(&(f64, f64)) -> f64,
    ) -> Option<f64> {
        let mut square = None;
        for (stream, moved) in self.book.streams.iter().zip(&self.moved) {
            let of_node = stream.from == node || stream.to == node;
            if !of_node || LedgerStream::of(stream, node).0 != ledger || amount(moved) == 0.0 {
                continue;
            }
            let own = amount(moved) * share(self.deviations.get(&stream.id)?);
            square = Some(square.unwrap_or(0.0) + own * own);
        }
        square.map(f64::sqrt)
    }

    /// Salt on the floor at the end less that at the begin, and what was harvested of it.
    fn deposited(&self, ledger: &NodeLedger, figures: &mut Vec<Figure>) {
        let begin = self.floor(ledger.node, self.days.start.checked_sub(1));
        let last = self.days.end.checked_sub(1);
        let (Some(begin), Some(end)) = (begin, last.and_then(|d| self.floor(ledger.node, Some(d))))
        else {
            return;
        };
        let harvested = &ledger.entry(LedgerStream::Salts).elements_mol;
        let solids = begin.iter().zip(end).zip(harvested);
        let deposited_mol: Vec<f64> = solids.map(|((b, e), h)| e - b + h).collect();
        let id = format!("{}.deposited", self.book.nodes[ledger.node].id);
        let mass_t = self.mass_kg(&deposited_mol) / TONNE_KG;
        figures.push(Figure::new(&id, mass_t, "t"));
        self.by_element(&id, &deposited_mol, figures);
    }

    /// Elements in solids at the end of a day, or before the first.
    fn floor(&self, node: NodeId, day: Option<u32>) -> Option<&Vec<f64>> {
        let of = |stock: &&Stock| stock.node == node;
        let book = self.book;
        let stock = match day {
            None => book.opening.iter().find(of),
            Some(day) if day + 1 == book.days => book.closing.iter().find(of),
            Some(day) => {
                let mut months = book.monthly.iter();
                let month = months.find(|(end, stock)| *end == day && stock.node == node);
                month.map(|(_, stock)| stock)
            }
        };
        stock.map(|stock| &stock.solid_elements_mol)
    }

    /// What was there at first and what came until the end of the days.
    fn stock(&self, until: &NodeLedger, figures: &mut Vec<Figure>) {
        let mut opening = self.book.opening.iter();
        let opening = opening.find(|stock| stock.node == until.node);
        let held_mol: Vec<f64> = (0..self.book.elements.len())
            .map(|e| opening.map_or(0.0, |stock| stock.element_mol(e)) + until.gain_mol(e))
            .collect();
        let id = format!("{}.stock", self.book.nodes[until.node].id);
        let mass_t = self.mass_kg(&held_mol) / TONNE_KG;
        figures.push(Figure::new(&id, mass_t, "t"));
        self.by_element(&id, &held_mol, figures);
    }

    fn outlets(&self, figures: &mut Vec<Figure>) {
        let streams = self.book.streams.iter().zip(&self.moved);
        for (stream, moved) in streams.filter(|(s, _)| s.kind == StreamKind::PlantOutlet) {
            let id = format!("{}.outlet", stream.id);
            figures.push(Figure::new(&id, moved.mass_kg / TONNE_KG, "t"));
            self.by_element(&id, &moved.elements_mol, figures);
        }
    }

    fn by_element(&self, id: &str, elements_mol: &[f64], figures: &mut Vec<Figure>) {
        let book = self.book;
        for (e, symbol) in book.elements.iter().enumerate() {
            if elements_mol[e] != 0.0 && symbol != "H" && symbol != "O" {
                let mass_t = elements_mol[e] * book.element_kg_mol[e] / TONNE_KG;
                figures.push(Figure::new(format!("{id}[{symbol}]"), mass_t, "t"));
            }
        }
    }

    fn mass_kg(&self, elements_mol: &[f64]) -> f64 {
        let kg_mol = &self.book.element_kg_mol;
        elements_mol.iter().zip(kg_mol).map(|(n, m)| n * m).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use saltern_base::book::{Node, Posting, Stream};

    const KG_MOL: f64 = 0.04;

    /// One pond over three days: 3, 4 and 5 t of K come in by two wells, 1 t a day leaks, 0.5 t are harvested on the last day; what is
    /// on the floor is known before the first day and after the last.
    fn book() -> Book {
        let mut book = Book::empty(date(2027, 6, 1), 3, vec!["K".into()], vec![KG_MOL]);
        let node = |id: &str, kind| Node {
            id: id.into(),
            kind,
        };
        book.nodes = vec![
            node("well", NodeKind::Source),
            node("p", NodeKind::Pond),
            node("ground", NodeKind::Ground),
            node("heap", NodeKind::Stockpile),
        ];
        let stream = |id: &str, from, to, kind| Stream {
            id: id.into(),
            from,
            to,
            kind,
        };
        book.streams = vec![
            stream("w1", 0, 1, StreamKind::Feed),
            stream("w2", 0, 1, StreamKind::Feed),
            stream("p.leakage", 1, 2, StreamKind::Leakage),
            stream("h", 1, 3, StreamKind::Harvest),
        ];
        for day in 0..3u32 {
            book.postings.push(posting(0, day, 2.0 + f64::from(day)));
            book.postings.push(posting(1, day, 1.0));
            book.postings.push(posting(2, day, 1.0));
        }
        book.postings.push(posting(3, 2, 0.5));
        let stock = |node, brine_t: f64, solid_t: f64| Stock {
            node,
            brine_elements_mol: vec![brine_t * 1e3 / KG_MOL],
            solid_elements_mol: vec![solid_t * 1e3 / KG_MOL],
            minerals_mol: Vec::new(),
        };
        book.opening = vec![stock(1, 10.0, 2.0), stock(3, 0.0, 0.0)];
        book.closing = vec![stock(1, 17.0, 3.5), stock(3, 0.0, 0.5)];
        book
    }

    fn posting(stream: usize, day: u32, mass_t: f64) -> Posting {
        Posting {
            stream,
            day,
            elements_mol: vec![mass_t * 1e3 / KG_MOL],
            minerals_mol: Vec::new(),
            mass_kg: mass_t * 1e3,
            volume_m3: if stream < 3 { mass_t } else { 0.0 },
            water_kg: 0.0,
            energy_j: 0.0,
        }
    }

    fn value(figures: &[Figure], id: &str) -> Option<f64> {
        let found = figures.iter().find(|f| f.id == id);
        found.map(|f| (f.value * 1e9).round() / 1e9)
    }

    #[test]
    fn days_of_a_book_have_their_own_flows_and_the_stock_of_their_evening() {
        let book = book();
        let second = figures(&book, 1..2, &Deviations::new());
        for (id, told) in [
            ("p.inflow", 4.0),
            ("p.inflow[K]", 4.0),
            ("p.inflow_volume", 4.0),
            ("p.leakage", 1.0),
            ("p.outflow", 0.0),
            ("p.harvest", 0.0),
            // 12 at first, 3 and 4 in, 2 out.
            ("p.stock", 17.0),
            ("heap.stock[K]", 0.0),
        ] {
            let expected = (told != 0.0 || !id.contains('[')).then_some(told);
            assert_eq!(value(&second, id), expected, "{id}");
        }
        // Nobody knows what lay on the floor on the second evening.
        assert_eq!(value(&second, "p.deposited"), None);
        let all = figures(&book, 0..3, &Deviations::new());
        assert_eq!(value(&all, "p.inflow"), Some(12.0));
        // 1.5 t more on the floor, and half a tonne carried off.
        assert_eq!(value(&all, "p.deposited[K]"), Some(2.0));
        assert_eq!(value(&all, "p.stock"), Some(20.5));
        assert_eq!(value(&all, "heap.stock"), Some(0.5));
    }

    #[test]
    fn bands_of_streams_add_by_their_squares() {
        let book = book();
        let mut known = Deviations::from([("w1".to_string(), (0.1, 0.2))]);
        let of = |known: &Deviations, id: &str| {
            let all = figures(&book, 1..2, known);
            all.iter().find(|f| f.id == id).and_then(|f| f.deviation)
        };
        // A sum of which a part is unknown is unknown.
        assert_eq!(of(&known, "p.inflow"), None);
        known.insert("w2".into(), (0.4, 0.0));
        // 3 t ± 10 % and 1 t ± 40 %.
        assert!((of(&known, "p.inflow").expect("a band") - 0.5).abs() < 1e-12);
        assert!((of(&known, "p.inflow_volume").expect("a band") - 0.6).abs() < 1e-12);
        assert_eq!(of(&known, "p.leakage"), None);
    }
}
