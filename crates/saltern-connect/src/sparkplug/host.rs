//! A host of Sparkplug B: what edge nodes say, from birth to death. A pure function of messages; nothing here reads a clock
//! or sends.

use std::collections::{HashMap, HashSet};

use prost::Message;
use saltern_samples::Quality;

use super::payload::{Metric, Payload};
use crate::treatment::{Arrival, Value};

/// Who is spoken of: an edge node, or a device behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    pub(crate) group: String,
    pub(crate) node: String,
    pub(crate) device: Option<String>,
}

/// What a message says of a tag: its slot and the value, to be used while the message is at hand.
pub(crate) struct Told<'m> {
    pub(crate) slot: usize,
    pub(crate) arrival: Arrival<'m>,
}

/// What is to be done about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upshot {
    /// Nothing more.
    Fine,
    /// The node must be asked to be born again: something of it was missed.
    AskBirth,
    /// The message is no payload of Sparkplug B.
    Refused,
}

/// A tag's metric.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    slot: usize,
    who: Who,
    metric: String,
}

/// What is known of a node.
#[derive(Default)]
struct Node {
    born: bool,
    /// Nothing was heard since its death.
    dead: bool,
    /// The birth's number, which its death repeats.
    bd_seq: Option<u64>,
    /// Number of the last message.
    seq: Option<u64>,
    devices: HashSet<String>,
    /// By alias: device, name and type.
    aliases: HashMap<u64, (Option<String>, String, u32)>,
    /// Types that births stated.
    types: HashMap<(Option<String>, String), u32>,
}

/// All nodes that tags come from.
pub(crate) struct Host {
    wanted: Vec<Wanted>,
    /// By who and metric, for the hot way.
    slots: HashMap<Who, HashMap<String, Vec<usize>>>,
    nodes: HashMap<(String, String), Node>,
}

/// Kinds of messages that a host hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Birth,
    Data,
    Death,
}

impl Host {
    /// Of the tags in these slots.
    pub(crate) fn new(wanted: impl IntoIterator<Item = (usize, Who, String)>) -> Host {
        let mut host = Host {
            wanted: Vec::new(),
            slots: HashMap::new(),
            nodes: HashMap::new(),
        };
        for (slot, who, metric) in wanted {
            host.nodes
                .entry((who.group.clone(), who.node.clone()))
                .or_default();
            let metrics = host.slots.entry(who.clone()).or_default();
            metrics.entry(metric.clone()).or_default().push(slot);
            host.wanted.push(Wanted { slot, who, metric });
        }
        host
    }

    /// Whether there is nothing to listen to.
    pub(crate) fn is_idle(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Groups and nodes that are listened to, in order.
    pub(crate) fn nodes(&self) -> Vec<(String, String)> {
        let mut nodes: Vec<(String, String)> = self.nodes.keys().cloned().collect();
        nodes.sort();
        nodes
    }

    /// Slot, edge node or device, and name and type of a tag's metric, for writing to it.
    pub(crate) fn metric(&self, slot: usize) -> Option<(&Who, &str, u32)> {
        let wanted = self.wanted.iter().find(|wanted| wanted.slot == slot)?;
        let who = &wanted.who;
        let node = self.nodes.get(&(who.group.clone(), who.node.clone()))?;
        let key = (who.device.clone(), wanted.metric.clone());
        let datatype = node.types.get(&key).copied().unwrap_or(0);
        Some((who, &wanted.metric, datatype))
    }

    /// Hears a message on a topic; every value of a tag in it is told.
    pub(crate) fn hear(
        &mut self,
        topic: &str,
        bytes: &[u8],
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Upshot {
        let parts: Vec<&str> = topic.split('/').collect();
        let (group, kind, node, device) = match parts[..] {
            ["spBv1.0", group, kind, node] if kind.starts_with('N') => (group, kind, node, None),
            ["spBv1.0", group, kind, node, device] if kind.starts_with('D') => {
                (group, kind, node, Some(device))
            }
            _ => return Upshot::Fine,
        };
        let kind = match &kind[1..] {
            "BIRTH" => Kind::Birth,
            "DATA" => Kind::Data,
            "DEATH" => Kind::Death,
            _ => return Upshot::Fine,
        };
        let Some(state) = self.nodes.get_mut(&(group.to_string(), node.to_string())) else {
            return Upshot::Fine;
        };
        let Ok(payload) = Payload::decode(bytes) else {
            return Upshot::Refused;
        };
        let who = Who {
            group: group.into(),
            node: node.into(),
            device: device.map(String::from),
        };
        match (kind, device) {
            (Kind::Birth, None) => state.birth(&payload),
            (Kind::Death, None) => {
                if !state.is_own_death(&payload) {
                    return Upshot::Fine;
                }
                state.born = false;
                state.dead = true;
                self.end(&who, true, tell);
                return Upshot::Fine;
            }
            (Kind::Death, Some(device)) => {
                let upshot = state.follow(&payload);
                state.devices.remove(device);
                self.end(&who, false, tell);
                return upshot;
            }
            (Kind::Birth, Some(device)) => {
                if state.born {
                    state.devices.insert(device.into());
                }
                state.learn(&who.device, &payload);
            }
            (Kind::Data, _) => {}
        }
        let mut upshot = match (kind, device) {
            (Kind::Birth, None) => Upshot::Fine,
            _ => state.follow(&payload),
        };
        if device.is_some_and(|device| !state.devices.contains(device)) {
            upshot = Upshot::AskBirth;
        }
        let metrics = self.slots.get(&who);
        for metric in &payload.metrics {
            let Some((name, datatype)) = state.name(&who.device, metric) else {
                upshot = Upshot::AskBirth;
                continue;
            };
            for slot in metrics.and_then(|m| m.get(name)).into_iter().flatten() {
                tell(Told {
                    slot: *slot,
                    arrival: arrival(metric, datatype, &payload),
                });
            }
        }
        upshot
    }

    /// Ends the series of a device, or of a node with all its devices.
    fn end(&self, who: &Who, with_devices: bool, tell: &mut dyn FnMut(Told<'_>)) {
        for wanted in &self.wanted {
            let same_node = wanted.who.group == who.group && wanted.who.node == who.node;
            if same_node && (with_devices || wanted.who.device == who.device) {
                tell(Told {
                    slot: wanted.slot,
                    arrival: Arrival::none(Quality::COMM_FAILURE),
                });
            }
        }
    }
}

/// A metric as it comes in. Its own instant counts, or else that of its message.
fn arrival<'m>(metric: &'m Metric, datatype: u32, payload: &Payload) -> Arrival<'m> {
    let value = metric.read(datatype);
    let quality = match value {
        Value::Nothing => metric.quality().worst(Quality::BAD),
        _ => metric.quality(),
    };
    let ms = metric.timestamp.or(payload.timestamp);
    Arrival {
        value,
        quality,
        time_us: ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1000)),
    }
}

impl Node {
    /// A birth tells everything anew, whether or not there was one before.
    fn birth(&mut self, payload: &Payload) {
        let bd_seq = bd_seq(payload);
        *self = Node {
            born: true,
            bd_seq,
            seq: payload.seq.map(round),
            ..Node::default()
        };
        self.learn(&None, payload);
    }

    /// Takes the names, aliases and types of a birth.
    fn learn(&mut self, device: &Option<String>, payload: &Payload) {
        for metric in &payload.metrics {
            let Some(name) = &metric.name else { continue };
            let datatype = metric.datatype.unwrap_or(0);
            if let Some(alias) = metric.alias {
                let known = (device.clone(), name.clone(), datatype);
                self.aliases.insert(alias, known);
            }
            self.types.insert((device.clone(), name.clone()), datatype);
        }
    }

    /// Whether a message follows the last one.
    fn follow(&mut self, payload: &Payload) -> Upshot {
        let expected = self.seq.map(|seq| round(seq + 1));
        let follows = self.born && (payload.seq == expected || payload.seq.is_none());
        self.seq = payload.seq.map(round).or(self.seq);
        self.dead = false;
        match follows {
            true => Upshot::Fine,
            false => Upshot::AskBirth,
        }
    }

    /// Whether a death is that of the last birth: the broker may still tell of an earlier one. Where no birth was heard, values
    /// with names may have been passed on all the same while one is asked for, and a death ends them.
    fn is_own_death(&self, payload: &Payload) -> bool {
        let said = bd_seq(payload);
        !self.dead && (said.is_none() || self.bd_seq.is_none() || said == self.bd_seq)
    }

    /// Name and type of a metric that comes with its name or with an alias of its device.
    fn name<'m>(&'m self, device: &Option<String>, metric: &'m Metric) -> Option<(&'m str, u32)> {
        match (&metric.name, metric.alias) {
            (Some(name), _) => {
                let key = (device.clone(), name.clone());
                let known = self.types.get(&key).copied();
                Some((name, metric.datatype.or(known).unwrap_or(0)))
            }
            (None, Some(alias)) => {
                let (of, name, datatype) = self.aliases.get(&alias)?;
                (of == device).then_some((name.as_str(), metric.datatype.unwrap_or(*datatype)))
            }
            (None, None) => None,
        }
    }
}

/// Numbers of messages go from 0 to 255 and begin again (6.4.5).
fn round(seq: u64) -> u64 {
    seq % 256
}

fn bd_seq(payload: &Payload) -> Option<u64> {
    let metric = payload
        .metrics
        .iter()
        .find(|metric| metric.name.as_deref() == Some("bdSeq"))?;
    match metric.value {
        Some(super::payload::Content::Long(number)) => Some(number),
        Some(super::payload::Content::Int(number)) => Some(u64::from(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
