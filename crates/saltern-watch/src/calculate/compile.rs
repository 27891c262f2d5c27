//! All formulas of a base, checked and put in the order in which they depend on each other.

use super::check::{self, Fault, Kind, Names, Slot};
use super::steps::Step;
use crate::error::WatchError;
use saltern_base::tags::Tags;
use saltern_units::formula::Formula;
use saltern_units::message::nearest;
use saltern_units::place::Place;
use saltern_units::unit::Scale;
use std::collections::HashMap;

/// What a formula is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The value of a tag.
    Tag(u32),
    /// Whether an alarm is suppressed.
    Suppression(u32),
}

/// A checked formula.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) target: Target,
    pub(crate) steps: Vec<Step>,
    /// Tags that it is made of, each once.
    pub(crate) inputs: Vec<u32>,
    /// Alarms that it asks for.
    pub(crate) alarms: Vec<u32>,
    place: Place,
}

/// All formulas of a base, ready to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Ids of tags, by their numbers.
    pub(crate) ids: Vec<String>,
    /// How values of tags become SI.
    pub(crate) scales: Vec<Scale>,
    /// Formulas, each after all that it is made of.
    pub(crate) nodes: Vec<Node>,
    /// Tag and length of each window.
    pub(crate) windows: Vec<(u32, i64)>,
    /// Windows of each tag.
    pub(crate) windows_of: Vec<Vec<u32>>,
    /// Formulas that hang on each tag.
    pub(crate) hanging_on: Vec<Vec<u32>>,
    /// Formulas that hang on each alarm.
    pub(crate) hanging_on_alarm: Vec<Vec<u32>>,
}

/// Names of a base.
struct Known<'b> {
    tags: HashMap<&'b str, u32>,
    alarms: HashMap<&'b str, u32>,
    live: &'b Tags,
    windows: Vec<(u32, i64)>,
}

impl Names for Known<'_> {
    fn tag(&self, name: &str) -> Result<Slot, Fault> {
        let number = self.tags.get(name).copied();
        let number = number.ok_or_else(|| Fault::UnknownTag {
            name: name.into(),
            near: nearest(name, self.live.tags.iter().map(|t| t.who.id.as_str())).map(Into::into),
        })?;
        Ok(Slot {
            number,
            unit: self.live.tags[number as usize].unit,
        })
    }

    fn alarm(&self, name: &str) -> Result<u32, Fault> {
        self.alarms
            .get(name)
            .copied()
            .ok_or_else(|| Fault::UnknownAlarm {
                name: name.into(),
                near: nearest(name, self.live.alarms.iter().map(|a| a.who.id.as_str()))
                    .map(Into::into),
            })
    }

    fn window(&mut self, slot: u32, window_us: i64) -> u32 {
        let found = self.windows.iter().position(|w| *w == (slot, window_us));
        found.unwrap_or_else(|| {
            self.windows.push((slot, window_us));
            self.windows.len() - 1
        }) as u32
    }
}

impl Program {
    /// Checks the formulas of a base: those of calculated tags, and the conditions that suppress alarms.
    ///
    /// # Errors
    /// All that is wrong, each with its place.
    pub fn of_base(live: &Tags) -> Result<Program, Vec<WatchError>> {
        let number = |i: usize| i as u32;
        let mut known = Known {
            tags: (live.tags.iter().enumerate())
                .map(|(i, tag)| (tag.who.id.as_str(), number(i)))
                .collect(),
            alarms: (live.alarms.iter().enumerate())
                .map(|(i, alarm)| (alarm.who.id.as_str(), number(i)))
                .collect(),
            live,
            windows: Vec::new(),
        };
        let mut errors = Vec::new();
        let mut nodes = Vec::new();
        for calculated in &live.calculated {
            let target = Target::Tag(number(calculated.tag));
            match node(&calculated.formula, target, &calculated.place, &mut known) {
                Ok(node) => nodes.push(node),
                Err(error) => errors.push(error),
            }
        }
        for (i, alarm) in live.alarms.iter().enumerate() {
            let Some(formula) = &alarm.suppress_when else {
                continue;
            };
            let place = &alarm.who.place;
            let place = match place.row {
                Some(row) => Place::cell(&place.file, row, "suppress_when"),
                None => place.clone(),
            };
            match node(formula, Target::Suppression(number(i)), &place, &mut known) {
                Ok(node) => nodes.push(node),
                Err(error) => errors.push(error),
            }
        }
        let windows = known.windows;
        let nodes = match in_order(nodes, live) {
            Ok(nodes) => nodes,
            Err(ring) => {
                errors.push(ring);
                Vec::new()
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Program::with(live, nodes, windows))
    }

    fn with(live: &Tags, nodes: Vec<Node>, windows: Vec<(u32, i64)>) -> Program {
        let mut program = Program {
            ids: live.tags.iter().map(|tag| tag.who.id.clone()).collect(),
            scales: live.tags.iter().map(|tag| tag.unit.scale).collect(),
            windows_of: vec![Vec::new(); live.tags.len()],
            hanging_on: vec![Vec::new(); live.tags.len()],
            hanging_on_alarm: vec![Vec::new(); live.alarms.len()],
            nodes,
            windows,
        };
        for (i, (tag, _)) in program.windows.iter().enumerate() {
            program.windows_of[*tag as usize].push(i as u32);
        }
        for (i, node) in program.nodes.iter().enumerate() {
            for tag in &node.inputs {
                program.hanging_on[*tag as usize].push(i as u32);
            }
            for alarm in &node.alarms {
                program.hanging_on_alarm[*alarm as usize].push(i as u32);
            }
        }
        program
    }

    /// How many formulas there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

fn node(
    formula: &Formula,
    target: Target,
    place: &Place,
    known: &mut Known<'_>,
) -> Result<Node, WatchError> {
    let at = |fault| WatchError::Formula {
        place: place.clone(),
        fault,
    };
    let mut steps = Vec::new();
    let kind = check::check(formula, known, &mut steps).map_err(at)?;
    match target {
        Target::Tag(tag) => check::fits(kind, known.live.tags[tag as usize].unit).map_err(at)?,
        Target::Suppression(_) if kind != Kind::Truth => {
            return Err(at(Fault::NoCondition {
                text: formula.to_string(),
            }));
        }
        Target::Suppression(_) => {}
    }
    let mut inputs = Vec::new();
    let mut alarms = Vec::new();
    for step in &steps {
        match *step {
            Step::Value(tag) | Step::LastGood(tag) => inputs.push(tag),
            Step::Average(window) | Step::Rate(window) | Step::Delta(window) => {
                inputs.push(known.windows[window as usize].0);
            }
            Step::Alarm(alarm) => alarms.push(alarm),
            _ => {}
        }
    }
    for list in [&mut inputs, &mut alarms] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(Node {
        target,
        steps,
        inputs,
        alarms,
        place: place.clone(),
    })
}

/// Each formula after those it is made of, otherwise as they stand (Kahn 1962).
fn in_order(nodes: Vec<Node>, live: &Tags) -> Result<Vec<Node>, WatchError> {
    let maker: HashMap<u32, usize> = nodes
        .iter()
        .enumerate()
        .filter_map(|(i, node)| match node.target {
            Target::Tag(tag) => Some((tag, i)),
            Target::Suppression(_) => None,
        })
        .collect();
    let makers = |node: &Node| -> Vec<usize> {
        node.inputs
            .iter()
            .filter_map(|tag| maker.get(tag).copied())
            .collect()
    };
    let mut waits: Vec<usize> = nodes.iter().map(|node| makers(node).len()).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (i, node) in nodes.iter().enumerate() {
        for maker in makers(node) {
            users[maker].push(i);
        }
    }
    let mut order: Vec<usize> = (0..nodes.len()).filter(|i| waits[*i] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for &user in &users[order[at]] {
            waits[user] -= 1;
            if waits[user] == 0 {
                order.push(user);
            }
        }
        at += 1;
    }
    if order.len() < nodes.len() {
        return Err(ring(&nodes, &waits, &makers, live));
    }
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|i| nodes[i].take()).collect())
}

/// A ring among formulas that wait for each other: following makers that wait comes back to one met before.
fn ring(
    nodes: &[Node],
    waits: &[usize],
    makers: &dyn Fn(&Node) -> Vec<usize>,
    live: &Tags,
) -> WatchError {
    let mut way: Vec<usize> = Vec::new();
    let mut at = waits.iter().position(|waits| *waits > 0);
    while let Some(i) = at {
        if let Some(first) = way.iter().position(|met| *met == i) {
            way.drain(..first);
            way.push(i);
            break;
        }
        way.push(i);
        at = makers(&nodes[i])
            .into_iter()
            .find(|maker| waits[*maker] > 0);
    }
    let name = |i: &usize| match nodes[*i].target {
        Target::Tag(tag) => live.tags[tag as usize].who.id.clone(),
        Target::Suppression(alarm) => live.alarms[alarm as usize].who.id.clone(),
    };
    WatchError::Ring {
        place: way
            .first()
            .map_or_else(Place::default, |i| nodes[*i].place.clone()),
        tags: way.iter().map(name).collect(),
    }
}
