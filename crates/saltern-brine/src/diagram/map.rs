//! Fields of a triangle or square.
//!
//! A lattice of triangles covers the paper and the saturated brine is found at every node. Between two nodes of
//! different solids lies a univariant line: the point of the lattice's edge where both saturate is found by a root
//! search. Where three solids meet in one triangle there is an invariant point, and the brine is solved with all
//! three present, so its numbers are those of an equilibrium and owe nothing to the lattice. Where a third solid
//! shows between two nodes, or three meet without a point of their own, the lattice is split until it resolves them.

use std::collections::{BTreeSet, HashMap};

use crate::database::{Database, MineralId};
use crate::diagram::outline::{Key, Outlines, chains};
use crate::diagram::projection::{Projection, Shape};
use crate::diagram::surface::{Saturated, Surface};
use crate::equilibrium::Equilibrium;

/// A diagram.
#[derive(Clone, Debug)]
pub struct Map {
    /// Temperature, K.
    pub temperature_k: f64,
    /// One a solid, in the order of the database.
    pub fields: Vec<Field>,
    /// Between two fields.
    pub lines: Vec<Line>,
    /// Between three.
    pub invariants: Vec<Invariant>,
    /// Parts of the paper where no solid is known that ends the concentration, or no brine exists.
    pub blank: Vec<Vec<[f64; 2]>>,
    /// The saturated brine of each node.
    pub nodes: Vec<Node>,
    /// Triangles of the lattice as indices of nodes.
    pub triangles: Vec<[usize; 3]>,
    /// Solids that saturate on a line before its own two do: fields too small for the lattice.
    pub unresolved: Vec<MineralId>,
    /// Equilibria solved.
    pub equilibria: usize,
}

/// The saturated brine at a node of the lattice.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where.
    pub place: [f64; 2],
    /// The solid; `None` on blank paper.
    pub mineral: Option<MineralId>,
    /// Moles of water for one pair of charges.
    pub water_mol: f64,
    /// Activity of water.
    pub water_activity: f64,
}

/// The field of one solid.
#[derive(Clone, Debug)]
pub struct Field {
    /// The solid.
    pub mineral: MineralId,
    /// Its outlines; one inside another is a hole.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// A place well inside, and its distance from the border.
    pub centre: ([f64; 2], f64),
    /// Share of the paper, 0…1.
    pub area: f64,
}

/// A brine on a line or at a point.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where.
    pub place: [f64; 2],
    /// The brine.
    pub brine: Equilibrium,
    /// Whether both solids are in contact with it. Where the surface of saturation folds over itself (mirabilite in
    /// cold magnesium brines: more water than one holds it back) one field ends on the paper although its brines
    /// do not meet the other's; the brine is then of one field only.
    pub both: bool,
}

/// A line of brines saturated with two solids.
#[derive(Clone, Debug)]
pub struct Line {
    /// The solids.
    pub minerals: [MineralId; 2],
    /// From one end to the other.
    pub points: Vec<Point>,
}

/// A brine saturated with three solids.
#[derive(Clone, Debug)]
pub struct Invariant {
    /// The solids, in the order of the database.
    pub minerals: [MineralId; 3],
    /// Where.
    pub place: [f64; 2],
    /// The brine.
    pub brine: Equilibrium,
}

/// Nodes along one side of the paper unless asked otherwise.
pub const FINENESS: usize = 48;
/// Rounds in which the lattice is halved where it does not resolve the fields.
const ROUNDS: usize = 9;
/// log10 saturation index within which a solid is in contact with a brine on a line.
const IN_CONTACT: f64 = 1e-6;
/// log10 saturation index by which a third solid may exceed saturation on a line before it counts as unresolved.
const INTRUDES: f64 = 1e-6;

/// The map of a projection (a triangle or a square) for the solids of `allowed` at a temperature in K.
pub fn draw(
    database: &Database,
    projection: &Projection,
    allowed: &[MineralId],
    temperature_k: f64,
    fineness: usize,
) -> Map {
    let surface = Surface::new(database, projection, allowed, temperature_k);
    let mut mapper = Mapper {
        lattice: Lattice::new(projection.shape, fineness),
        surface,
        found: Vec::new(),
        crossings: HashMap::new(),
        centres: HashMap::new(),
        invariants: Vec::new(),
        unresolved: Vec::new(),
    };
    mapper.find_nodes();
    mapper.refine();
    mapper.map(database)
}

/// The nodes and triangles of the paper.
struct Lattice {
    places: Vec<[f64; 2]>,
    triangles: Vec<[usize; 3]>,
    /// Node from which to start at a node: one evaluated before.
    near: Vec<Option<usize>>,
}

impl Lattice {
    fn new(shape: Shape, n: usize) -> Lattice {
        let mut index = HashMap::new();
        let (mut places, mut near) = (Vec::new(), Vec::new());
        for j in 0..=n {
            let columns = if shape == Shape::Triangle { n - j } else { n };
            for i in 0..=columns {
                let left = i.checked_sub(1).and_then(|i| index.get(&(i, j)).copied());
                let below = j.checked_sub(1).and_then(|j| index.get(&(i, j)).copied());
                index.insert((i, j), places.len());
                places.push([i as f64 / n as f64, j as f64 / n as f64]);
                near.push(left.or(below));
            }
        }
        let mut triangles = Vec::new();
        for j in 0..n {
            for i in 0..n {
                let corner = |di: usize, dj: usize| index.get(&(i + di, j + dj)).copied();
                let (a, b, c, d) = (corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1));
                if let (Some(a), Some(b), Some(c)) = (a, b, c) {
                    triangles.push([a, b, c]);
                    if let Some(d) = d {
                        triangles.push([b, d, c]);
                    }
                }
            }
        }
        Lattice {
            places,
            triangles,
            near,
        }
    }
}

struct Mapper<'a> {
    lattice: Lattice,
    surface: Surface<'a>,
    found: Vec<Option<Saturated>>,
    /// Where two solids saturate on an edge of the lattice (lower node first).
    crossings: HashMap<(usize, usize), ([f64; 2], Option<Equilibrium>)>,
    /// Where three solids meet in a triangle, if they do.
    centres: HashMap<[usize; 3], Option<[f64; 2]>>,
    invariants: Vec<Invariant>,
    unresolved: Vec<MineralId>,
}

type Edge = (usize, usize);

impl Mapper<'_> {
    fn find_nodes(&mut self) {
        for k in 0..self.lattice.places.len() {
            let place = self.lattice.places[k];
            let near = self.lattice.near[k].and_then(|n| self.found[n].as_ref());
            let warm = self.surface.saturated(place, near);
            // A bad start must not leave a hole.
            let found = warm.or_else(|| self.surface.saturated(place, None));
            self.found.push(found);
        }
    }

    fn mineral(&self, node: usize) -> Option<MineralId> {
        self.found[node].as_ref().map(|s| s.mineral)
    }

    fn along(&self, a: usize, b: usize, t: f64) -> [f64; 2] {
        let (p, q) = (self.lattice.places[a], self.lattice.places[b]);
        // Exactly on the border where both ends are.
        std::array::from_fn(|k| {
            if p[k] == q[k] {
                p[k]
            } else {
                p[k] + t * (q[k] - p[k])
            }
        })
    }

    /// Where the fields of two neighbouring nodes meet.
    fn crossing(&mut self, a: usize, b: usize) -> [f64; 2] {
        let (a, b) = (a.min(b), a.max(b));
        if let Some((place, _)) = self.crossings.get(&(a, b)) {
            return *place;
        }
        let (place, brine) = match (self.found[a].clone(), self.found[b].clone()) {
            (Some(first), Some(second)) => self.meet(a, b, &first, &second),
            (first, _) => (self.edge_of_brines(a, b, first.is_some()), None),
        };
        self.crossings.insert((a, b), (place, brine));
        place
    }

    /// Root of the second solid's saturation index on the saturation surface of the first.
    fn meet(
        &mut self,
        a: usize,
        b: usize,
        first: &Saturated,
        second: &Saturated,
    ) -> ([f64; 2], Option<Equilibrium>) {
        let (mut t0, mut t1) = (0.0, 1.0);
        let mut f0 = self.surface.index(&first.brine, second.mineral);
        // At the far end the first solid lies beyond saturation; its index there tells the scale.
        let mut f1 = -self.surface.index(&second.brine, first.mineral);
        let mut near = first.clone();
        let mut last = 0;
        for _ in 0..40 {
            let t = if f0.is_finite() && f1.is_finite() {
                ((t0 * f1 - t1 * f0) / (f1 - f0)).clamp(t0, t1)
            } else {
                0.5 * (t0 + t1)
            };
            let place = self.along(a, b, t);
            let Some(on) = self.surface.saturated_with(place, first.mineral, &near) else {
                break;
            };
            let f = self.surface.index(&on.brine, second.mineral);
            if f.abs() < 1e-8 {
                return (place, Some(on.brine));
            }
            if t1 - t0 < 1e-9 {
                // The two surfaces do not meet here: one field ends at a fold.
                break;
            }
            if f < 0.0 {
                (t0, f0) = (t, f);
                if last == -1 {
                    f1 *= 0.5;
                }
                last = -1;
            } else {
                (t1, f1) = (t, f);
                if last == 1 {
                    f0 *= 0.5;
                }
                last = 1;
            }
            near = on;
        }
        self.meet_by_halving(a, b, first)
    }

    /// The same by asking which solid comes first.
    fn meet_by_halving(
        &mut self,
        a: usize,
        b: usize,
        first: &Saturated,
    ) -> ([f64; 2], Option<Equilibrium>) {
        let (mut t0, mut t1, mut near) = (0.0, 1.0, first.clone());
        for _ in 0..16 {
            let t = 0.5 * (t0 + t1);
            match self.surface.saturated(self.along(a, b, t), Some(&near)) {
                Some(s) if s.mineral == first.mineral => (t0, near) = (t, s),
                _ => t1 = t,
            }
        }
        (self.along(a, b, t0), Some(near.brine))
    }

    fn edge_of_brines(&mut self, a: usize, b: usize, first_is: bool) -> [f64; 2] {
        let (mut t0, mut t1) = (0.0, 1.0);
        for _ in 0..8 {
            let t = 0.5 * (t0 + t1);
            let is = self.surface.saturated(self.along(a, b, t), None).is_some();
            if is == first_is {
                t0 = t;
            } else {
                t1 = t;
            }
        }
        self.along(a, b, 0.5 * (t0 + t1))
    }

    /// Halves the lattice where it does not resolve the fields.
    fn refine(&mut self) {
        for round in 0..=ROUNDS {
            let mut split = BTreeSet::new();
            let triangles = std::mem::take(&mut self.lattice.triangles);
            for &nodes in &triangles {
                self.unsettled_edges(nodes, &mut split);
            }
            self.unseen_points(&triangles, &mut split);
            self.lattice.triangles = triangles;
            if split.is_empty() {
                return;
            }
            if round == ROUNDS {
                self.note_unresolved(&split);
                return;
            }
            self.split(&split);
        }
    }

    /// A wedge may pass between two nodes of one solid: where a known point lies in a triangle whose corners do not
    /// show its three solids, the triangle is split.
    fn unseen_points(&self, triangles: &[[usize; 3]], split: &mut BTreeSet<Edge>) {
        for point in &self.invariants {
            let holds = |nodes: &&[usize; 3]| {
                let corners = nodes.map(|n| self.lattice.places[n]);
                contains(corners, point.place)
            };
            let Some(nodes) = triangles.iter().find(holds) else {
                continue;
            };
            let shown = |m: &MineralId| nodes.iter().any(|n| self.mineral(*n) == Some(*m));
            if !point.minerals.iter().all(shown) {
                split.extend([0, 1, 2].map(|k| edge(nodes[k], nodes[(k + 1) % 3])));
            }
        }
    }

    /// The edges of a triangle that hide something.
    fn unsettled_edges(&mut self, nodes: [usize; 3], split: &mut BTreeSet<Edge>) {
        let edges = [0, 1, 2].map(|k| edge(nodes[k], nodes[(k + 1) % 3]));
        let mixed = edges.map(|(a, b)| self.mineral(a) != self.mineral(b));
        for (&(a, b), _) in edges.iter().zip(mixed).filter(|(_, mixed)| *mixed) {
            self.crossing(a, b);
            if self.intruder(a, b).is_some() {
                split.insert((a, b));
            }
        }
        let all_known = nodes.iter().all(|n| self.mineral(*n).is_some());
        if mixed == [true; 3] && all_known {
            // Beside a fold three fields need not share a brine.
            let meet = edges.iter().all(|&(a, b)| self.touching(a, b));
            if meet && self.meeting(nodes).is_none() {
                split.extend(edges);
            }
        }
    }

    /// The solid that is supersaturated where two fields were thought to meet.
    fn intruder(&self, a: usize, b: usize) -> Option<MineralId> {
        let (_, brine) = self.crossings.get(&edge(a, b))?;
        let (mineral, si) = self.surface.nearest(brine.as_ref()?);
        (si > INTRUDES).then_some(mineral)
    }

    fn note_unresolved(&mut self, split: &BTreeSet<Edge>) {
        let hidden: BTreeSet<MineralId> = split
            .iter()
            .filter_map(|&(a, b)| self.intruder(a, b))
            .collect();
        self.unresolved.extend(hidden);
    }

    /// Puts a node in the middle of each of some edges; triangles on both sides are cut alike.
    fn split(&mut self, edges: &BTreeSet<Edge>) {
        let mut middles = HashMap::new();
        for &(a, b) in edges {
            let place = self.along(a, b, 0.5);
            let near = self.found[a].as_ref();
            let found = self
                .surface
                .saturated(place, near)
                .or_else(|| self.surface.saturated(place, None));
            middles.insert((a, b), self.found.len());
            self.found.push(found);
            self.lattice.places.push(place);
        }
        let mut triangles = Vec::new();
        for &[a, b, c] in &self.lattice.triangles {
            let middle = |i: usize, j: usize| middles.get(&edge(i, j)).copied();
            cut_triangle(
                [a, b, c],
                [middle(a, b), middle(b, c), middle(c, a)],
                &mut triangles,
            );
        }
        self.lattice.triangles = triangles;
    }

    /// The invariant point where the three solids of a triangle's corners meet, if it lies there.
    fn meeting(&mut self, nodes: [usize; 3]) -> Option<[f64; 2]> {
        if let Some(known) = self.centres.get(&nodes) {
            return *known;
        }
        let place = self.solve_meeting(nodes);
        self.centres.insert(nodes, place);
        place
    }

    fn solve_meeting(&mut self, nodes: [usize; 3]) -> Option<[f64; 2]> {
        let mut solids = [
            self.mineral(nodes[0])?,
            self.mineral(nodes[1])?,
            self.mineral(nodes[2])?,
        ];
        solids.sort_unstable();
        let (_, near) = self.crossings.get(&edge(nodes[0], nodes[1]))?;
        let brine = self.surface.saturated_with_all(&solids, near.as_ref()?)?;
        if self.surface.nearest(&brine).1 > INTRUDES {
            return None;
        }
        let amounts = brine.liquid_mol_kgw(self.surface.database());
        let place = self.surface.projection.place(&amounts)?;
        let corners = nodes.map(|n| self.lattice.places[n]);
        let size = |k: usize| {
            let values = corners.map(|p| p[k]);
            values.iter().copied().fold(f64::MIN, f64::max)
                - values.iter().copied().fold(f64::MAX, f64::min)
        };
        let reach = size(0).max(size(1));
        let near_enough = (0..2).all(|k| corners.iter().any(|p| (p[k] - place[k]).abs() <= reach));
        if !near_enough {
            return None;
        }
        let same = |i: &&Invariant| {
            i.minerals == solids && (0..2).all(|k| (i.place[k] - place[k]).abs() < 1e-6)
        };
        if let Some(known) = self.invariants.iter().find(same) {
            return Some(known.place);
        }
        self.invariants.push(Invariant {
            minerals: solids,
            place,
            brine,
        });
        Some(place)
    }

    /// Where the three parts of a triangle meet: the invariant point, else the middle of its crossings.
    fn centre(&mut self, nodes: [usize; 3]) -> [f64; 2] {
        let [a, b, c] = nodes;
        let ends = [
            self.crossing(a, b),
            self.crossing(b, c),
            self.crossing(c, a),
        ];
        let middle = std::array::from_fn(|k| ends.iter().map(|p| p[k]).sum::<f64>() / 3.0);
        self.meeting(nodes).unwrap_or(middle)
    }

    /// Whether the fields of two neighbouring nodes share the brine between them.
    fn touching(&self, a: usize, b: usize) -> bool {
        let touches = |node: usize, brine: &Equilibrium| {
            let mineral = self.mineral(node);
            mineral.is_some_and(|m| self.surface.index(brine, m).abs() < IN_CONTACT)
        };
        match self.crossings.get(&edge(a, b)) {
            Some((_, Some(brine))) => touches(a, brine) && touches(b, brine),
            _ => false,
        }
    }

    fn map(mut self, database: &Database) -> Map {
        let mut outlines = Outlines::default();
        let triangles = std::mem::take(&mut self.lattice.triangles);
        for &nodes in &triangles {
            self.cut(nodes, &mut outlines);
        }
        let shape = self.surface.projection.shape;
        let paper = if shape == Shape::Triangle { 0.5 } else { 1.0 };
        let mut fields = Vec::new();
        for (mineral, loops) in outlines.loops() {
            let area: f64 = loops.iter().map(|l| signed_area(l)).sum();
            let inside = (0..self.found.len())
                .filter(|&k| self.mineral(k) == mineral)
                .map(|k| self.lattice.places[k]);
            let centre = centre_of(inside.collect(), &loops);
            fields.push((
                mineral,
                Field {
                    mineral: mineral.unwrap_or(usize::MAX),
                    outlines: loops,
                    centre,
                    area: area.abs() / paper,
                },
            ));
        }
        let (blank, fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(m, _)| m.is_none());
        let lines = self.lines(&outlines);
        let mut invariants = self.invariants;
        invariants.sort_by(|a, b| b.brine.water_activity.total_cmp(&a.brine.water_activity));
        let projection = self.surface.projection;
        let node = |(place, found): (&[f64; 2], &Option<Saturated>)| Node {
            place: *place,
            mineral: found.as_ref().map(|s| s.mineral),
            water_mol: found.as_ref().map_or(f64::NAN, |s| {
                projection.water_mol_per_pair(&s.brine.liquid_mol_kgw(database))
            }),
            water_activity: found.as_ref().map_or(f64::NAN, |s| s.brine.water_activity),
        };
        self.unresolved.sort_unstable();
        self.unresolved.dedup();
        self.unresolved
            .retain(|m| !fields.iter().any(|(_, f)| f.mineral == *m));
        Map {
            temperature_k: self.surface.temperature_k,
            fields: fields.into_iter().map(|(_, f)| f).collect(),
            lines,
            invariants,
            blank: blank.into_iter().flat_map(|(_, f)| f.outlines).collect(),
            nodes: self
                .lattice
                .places
                .iter()
                .zip(&self.found)
                .map(node)
                .collect(),
            triangles,
            unresolved: self.unresolved,
            equilibria: self.surface.equilibria,
        }
    }

    /// Cuts a triangle of the lattice into the parts of its fields.
    fn cut(&mut self, nodes: [usize; 3], outlines: &mut Outlines) {
        let minerals = nodes.map(|n| self.mineral(n));
        let corner = |k: usize| Key::Node(nodes[k % 3]);
        for k in 0..3 {
            outlines.place(corner(k), self.lattice.places[nodes[k]]);
        }
        let edge = |k: usize| {
            let (a, b) = (nodes[k % 3], nodes[(k + 1) % 3]);
            (a.min(b), a.max(b))
        };
        let differs = |k: usize| minerals[k % 3] != minerals[(k + 1) % 3];
        for k in 0..3 {
            if differs(k) {
                let place = self.crossing(nodes[k], nodes[(k + 1) % 3]);
                let (a, b) = edge(k);
                outlines.place(Key::Edge(a, b), place);
            }
        }
        let on = |k: usize| {
            let (a, b) = edge(k);
            Key::Edge(a, b)
        };
        match (0..3).filter(|&k| differs(k)).count() {
            0 => outlines.add(minerals[0], &[corner(0), corner(1), corner(2)]),
            2 => {
                // The corner that stands alone lies between the two edges that differ.
                let alone = (0..3).find(|&k| differs(k) && differs(k + 2)).unwrap_or(0);
                let (next, last) = (on(alone), on(alone + 2));
                outlines.add(minerals[alone], &[corner(alone), next, last]);
                outlines.add(
                    minerals[(alone + 1) % 3],
                    &[next, corner(alone + 1), corner(alone + 2), last],
                );
                outlines.border([minerals[alone], minerals[(alone + 1) % 3]], next, last);
            }
            _ => {
                let place = self.centre(nodes);
                let middle = Key::Middle(nodes);
                outlines.place(middle, place);
                for k in 0..3 {
                    outlines.add(minerals[k], &[corner(k), on(k), middle, on(k + 2)]);
                    outlines.border([minerals[k], minerals[(k + 1) % 3]], on(k), middle);
                }
            }
        }
    }

    fn lines(&self, outlines: &Outlines) -> Vec<Line> {
        let mut lines = Vec::new();
        for (pair, segments) in outlines.borders() {
            let [Some(a), Some(b)] = pair else { continue };
            for chain in chains(segments) {
                let point = |key: &Key| self.point(*key, outlines, [a, b]);
                let points: Vec<Point> = chain.iter().filter_map(point).collect();
                if points.len() > 1 {
                    lines.push(Line {
                        minerals: [a.min(b), a.max(b)],
                        points,
                    });
                }
            }
        }
        lines
    }

    fn point(&self, key: Key, outlines: &Outlines, pair: [MineralId; 2]) -> Option<Point> {
        let place = outlines.place_of(key)?;
        let brine = match key {
            Key::Edge(a, b) => self.crossings.get(&(a, b))?.1.clone()?,
            _ => {
                let at = |i: &&Invariant| {
                    i.place == place && pair.iter().all(|m| i.minerals.contains(m))
                };
                self.invariants.iter().find(at)?.brine.clone()
            }
        };
        let both = pair
            .iter()
            .all(|m| self.surface.index(&brine, *m).abs() < IN_CONTACT);
        Some(Point { place, brine, both })
    }
}

fn edge(a: usize, b: usize) -> Edge {
    (a.min(b), a.max(b))
}

/// Whether a triangle (its corners in the positive sense) holds a place.
fn contains(corners: [[f64; 2]; 3], place: [f64; 2]) -> bool {
    (0..3).all(|k| {
        let (a, b) = (corners[k], corners[(k + 1) % 3]);
        (b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0]) >= 0.0
    })
}

/// A triangle cut at the middles of some of its edges (the first lies between the first two corners), in the same
/// sense.
fn cut_triangle([a, b, c]: [usize; 3], middles: [Option<usize>; 3], out: &mut Vec<[usize; 3]>) {
    match middles {
        [None, None, None] => out.push([a, b, c]),
        [Some(m), None, None] => out.extend([[a, m, c], [m, b, c]]),
        [Some(m), Some(n), None] => out.extend([[m, b, n], [a, m, n], [a, n, c]]),
        [Some(m), Some(n), Some(o)] => out.extend([[a, m, o], [m, b, n], [o, n, c], [m, n, o]]),
        // Turned until one of the above.
        [x, y, z] => cut_triangle([b, c, a], [y, z, x], out),
    }
}

fn signed_area(outline: &[[f64; 2]]) -> f64 {
    let next = outline.iter().cycle().skip(1);
    0.5 * outline
        .iter()
        .zip(next)
        .map(|(p, q)| p[0] * q[1] - q[0] * p[1])
        .sum::<f64>()
}

/// The place furthest from the border among some inside; the mean of the outline where there are none.
fn centre_of(inside: Vec<[f64; 2]>, outlines: &[Vec<[f64; 2]>]) -> ([f64; 2], f64) {
    let distance = |p: [f64; 2]| {
        outlines
            .iter()
            .flat_map(|o| o.iter().zip(o.iter().cycle().skip(1)))
            .map(|(a, b)| to_segment(p, *a, *b))
            .fold(f64::INFINITY, f64::min)
    };
    let best = inside
        .into_iter()
        .map(|p| (p, distance(p)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, d)| *d > 0.0);
    best.unwrap_or_else(|| {
        let all: Vec<[f64; 2]> = outlines.iter().flatten().copied().collect();
        let n = all.len().max(1) as f64;
        let mean = |k: usize| all.iter().map(|p| p[k]).sum::<f64>() / n;
        ([mean(0), mean(1)], 0.0)
    })
}

fn to_segment(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 {
        (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
}
