//! In which order units are run: groups that recycle among themselves (Tarjan 1972, SIAM J. Comput. 1:146), one after
//! the other; within a group, an order that tears few streams.

use crate::flowsheet::{Flowsheet, StreamId, UnitId};

/// Units that are solved together, in the order in which they are run, and the streams torn for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Units in order.
    pub units: Vec<UnitId>,
    /// Streams whose content is guessed before the first unit runs; empty where nothing recycles.
    pub tears: Vec<StreamId>,
}

/// Groups of units that recycle among themselves, upstream first.
pub fn groups(flowsheet: &Flowsheet) -> Vec<Vec<UnitId>> {
    let mut search = Tarjan {
        successors: successors(flowsheet),
        index: vec![None; flowsheet.units.len()],
        low: vec![0; flowsheet.units.len()],
        on_stack: vec![false; flowsheet.units.len()],
        stack: Vec::new(),
        next: 0,
        groups: Vec::new(),
    };
    for unit in 0..flowsheet.units.len() {
        if search.index[unit].is_none() {
            search.visit(unit);
        }
    }
    search.groups.reverse();
    search.groups
}

/// The groups with their orders and tears.
pub fn plan(flowsheet: &Flowsheet) -> Vec<Group> {
    let groups = groups(flowsheet);
    groups
        .into_iter()
        .map(|group| torn(flowsheet, group))
        .collect()
}

fn successors(flowsheet: &Flowsheet) -> Vec<Vec<UnitId>> {
    let mut successors = vec![Vec::new(); flowsheet.units.len()];
    for stream in &flowsheet.streams {
        if let (Some(from), Some(to)) = (stream.from, stream.to) {
            successors[from.unit].push(to.unit);
        }
    }
    successors
}

struct Tarjan {
    successors: Vec<Vec<UnitId>>,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<UnitId>,
    next: usize,
    groups: Vec<Vec<UnitId>>,
}

impl Tarjan {
    fn visit(&mut self, unit: UnitId) {
        self.index[unit] = Some(self.next);
        self.low[unit] = self.next;
        self.next += 1;
        self.stack.push(unit);
        self.on_stack[unit] = true;
        for k in 0..self.successors[unit].len() {
            let next = self.successors[unit][k];
            match self.index[next] {
                None => {
                    self.visit(next);
                    self.low[unit] = self.low[unit].min(self.low[next]);
                }
                Some(index) if self.on_stack[next] => {
                    self.low[unit] = self.low[unit].min(index);
                }
                Some(_) => {}
            }
        }
        if Some(self.low[unit]) == self.index[unit] {
            let mut group = Vec::new();
            while let Some(member) = self.stack.pop() {
                self.on_stack[member] = false;
                group.push(member);
                if member == unit {
                    break;
                }
            }
            group.sort_unstable();
            self.groups.push(group);
        }
    }
}

/// From each unit in turn: the next to run is the one that lacks the fewest of its inlets; what is still lacking is
/// torn. The order with the fewest tears is taken, the first of equals.
fn torn(flowsheet: &Flowsheet, group: Vec<UnitId>) -> Group {
    let inside: Vec<(StreamId, UnitId, UnitId)> = flowsheet
        .streams
        .iter()
        .enumerate()
        .filter_map(|(s, stream)| Some((s, stream.from?.unit, stream.to?.unit)))
        .filter(|(_, from, to)| group.contains(from) && group.contains(to))
        .collect();
    let mut best: Option<Group> = None;
    for &first in &group {
        let mut units = vec![first];
        while units.len() < group.len() {
            let lacking = |unit: UnitId| {
                let inlets = inside.iter().filter(|(_, _, to)| *to == unit);
                inlets.filter(|(_, from, _)| !units.contains(from)).count()
            };
            let given = |unit: UnitId| {
                let inlets = inside.iter().filter(|(_, _, to)| *to == unit);
                inlets.filter(|(_, from, _)| units.contains(from)).count()
            };
            let waiting = group.iter().filter(|unit| !units.contains(unit));
            let next = waiting.min_by_key(|u| (given(**u) == 0, lacking(**u), **u));
            match next {
                Some(next) => units.push(*next),
                None => break,
            }
        }
        let place = |unit: UnitId| units.iter().position(|u| *u == unit);
        let backward = inside
            .iter()
            .filter(|(_, from, to)| place(*from) >= place(*to));
        let tears: Vec<StreamId> = backward.map(|(s, _, _)| *s).collect();
        if best.as_ref().is_none_or(|b| tears.len() < b.tears.len()) {
            best = Some(Group { units, tears });
        }
    }
    best.unwrap_or(Group {
        units: group,
        tears: Vec::new(),
    })
}
