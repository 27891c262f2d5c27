//! Outlines of fields from the pieces of a lattice: edges that two pieces of one field share fall away, the others
//! are chained into loops.

use std::collections::{BTreeMap, HashMap};

use crate::database::MineralId;

/// A corner of a piece, by what it is on the lattice, so that neighbours agree on it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A node.
    Node(usize),
    /// The point on the edge between two nodes, lower first, where the fields meet.
    Edge(usize, usize),
    /// The point inside a triangle where three fields meet.
    Middle([usize; 3]),
}

type Solid = Option<MineralId>;
/// Edges of a field that no piece of the same field lies behind.
type Open = BTreeMap<(Key, Key), ()>;

/// Pieces being put together.
#[derive(Default)]
pub(crate) struct Outlines {
    places: HashMap<Key, [f64; 2]>,
    open: BTreeMap<Solid, Open>,
    borders: BTreeMap<[Solid; 2], Vec<(Key, Key)>>,
}

impl Outlines {
    /// Says where a corner lies.
    pub(crate) fn place(&mut self, key: Key, place: [f64; 2]) {
        self.places.insert(key, place);
    }

    /// Where a corner lies.
    pub(crate) fn place_of(&self, key: Key) -> Option<[f64; 2]> {
        self.places.get(&key).copied()
    }

    /// Adds a piece of a field, its corners in the sense of all others.
    pub(crate) fn add(&mut self, solid: Solid, corners: &[Key]) {
        let open = self.open.entry(solid).or_default();
        for (k, &from) in corners.iter().enumerate() {
            let to = corners[(k + 1) % corners.len()];
            if open.remove(&(to, from)).is_none() {
                open.insert((from, to), ());
            }
        }
    }

    /// Adds a piece of the border between two fields.
    pub(crate) fn border(&mut self, mut pair: [Solid; 2], from: Key, to: Key) {
        pair.sort_unstable();
        self.borders.entry(pair).or_default().push((from, to));
    }

    /// The borders by the fields they part.
    pub(crate) fn borders(&self) -> impl Iterator<Item = ([Solid; 2], &[(Key, Key)])> {
        self.borders.iter().map(|(pair, s)| (*pair, s.as_slice()))
    }

    /// The loops around each field.
    pub(crate) fn loops(&self) -> Vec<(Solid, Vec<Vec<[f64; 2]>>)> {
        let around = |open: &Open| {
            let mut left: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
            for (from, to) in open.keys() {
                left.entry(*from).or_default().push(*to);
            }
            let mut loops = Vec::new();
            while let Some((&start, _)) = left.iter().next() {
                let mut outline = vec![start];
                let mut at = start;
                while let Some(next) = take(&mut left, at) {
                    if next == start {
                        break;
                    }
                    outline.push(next);
                    at = next;
                }
                loops.push(straightened(
                    outline.iter().filter_map(|k| self.place_of(*k)).collect(),
                ));
            }
            loops
        };
        self.open
            .iter()
            .map(|(solid, open)| (*solid, around(open)))
            .collect()
    }
}

fn take(left: &mut BTreeMap<Key, Vec<Key>>, from: Key) -> Option<Key> {
    let list = left.get_mut(&from)?;
    let next = list.pop();
    if list.is_empty() {
        left.remove(&from);
    }
    next
}

/// Without the corners that lie on a straight line, as nodes along the border of the paper do.
fn straightened(outline: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let n = outline.len();
    let bends = |k: &usize| {
        let (a, b, c) = (
            outline[(*k + n - 1) % n],
            outline[*k],
            outline[(*k + 1) % n],
        );
        let cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
        cross.abs() > 1e-12
    };
    (0..n).filter(bends).map(|k| outline[k]).collect()
}

/// Chains segments into lines, each from one end to the other (a loop from anywhere).
pub(crate) fn chains(segments: &[(Key, Key)]) -> Vec<Vec<Key>> {
    let mut next: BTreeMap<Key, Vec<(usize, Key)>> = BTreeMap::new();
    for (k, (a, b)) in segments.iter().enumerate() {
        next.entry(*a).or_default().push((k, *b));
        next.entry(*b).or_default().push((k, *a));
    }
    let mut used = vec![false; segments.len()];
    let ends = next.iter().filter(|(_, n)| n.len() == 1).map(|(k, _)| *k);
    let starts: Vec<Key> = ends.chain(next.keys().copied()).collect();
    let mut lines = Vec::new();
    for start in starts {
        let (mut line, mut at) = (vec![start], start);
        while let Some(&(k, to)) = next[&at].iter().find(|(k, _)| !used[*k]) {
            used[k] = true;
            line.push(to);
            at = to;
        }
        if line.len() > 1 {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_one_field_leave_one_loop() {
        let mut outlines = Outlines::default();
        for (k, place) in [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
            .into_iter()
            .enumerate()
        {
            outlines.place(Key::Node(k), place);
        }
        outlines.add(Some(7), &[Key::Node(0), Key::Node(1), Key::Node(2)]);
        outlines.add(Some(7), &[Key::Node(1), Key::Node(3), Key::Node(2)]);
        let loops = outlines.loops();
        assert_eq!(loops.len(), 1);
        assert_eq!(loops[0].1.len(), 1);
        assert_eq!(loops[0].1[0].len(), 4);
    }

    #[test]
    fn segments_become_a_line_from_end_to_end() {
        let key = Key::Node;
        let lines = chains(&[(key(2), key(3)), (key(1), key(2)), (key(4), key(3))]);
        assert_eq!(lines, [[key(1), key(2), key(3), key(4)]]);
    }
}
