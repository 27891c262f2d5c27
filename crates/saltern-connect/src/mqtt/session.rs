//! One session with a broker: subscribes to what tags ask for, hands on what comes, acknowledges it when it is handed on.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use prost::Message;
use saltern_base::tags::address::Topic;
use saltern_base::tags::{Connection, Source};
use saltern_samples::Quality;
use tokio::time::{Duration, Instant, sleep_until};

use super::packet::{Packet, Publish};
use super::plain::with_value;
use super::wire::{Site, Wire};
use crate::asked::Asked;
use crate::batch::Command;
use crate::error::ConnectError;
use crate::line::Line;
use crate::reason::Reason;
use crate::sparkplug::host::{Host, Upshot, Who};
use crate::sparkplug::payload::{Content, Metric, Payload, datatype};
use crate::supervisor::Ended;
use crate::treatment::{Arrival, Slot};

/// A node is asked for its birth no more often than this.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// What every session of a connection starts from.
pub(crate) struct Plan {
    site: Site,
    /// By topic: slots and where their value stands in a message.
    plain: HashMap<String, Vec<(usize, Vec<String>)>>,
    metrics: Vec<(usize, Who, String)>,
}

impl Plan {
    pub(crate) fn new(connection: &Connection, slots: &[Slot]) -> Result<Plan, ConnectError> {
        let mut plan = Plan {
            site: Site::new(connection)?,
            plain: HashMap::new(),
            metrics: Vec::new(),
        };
        for (i, slot) in slots.iter().enumerate() {
            let Source::Mqtt(address) = &slot.source else {
                continue;
            };
            match Topic::read(address) {
                Some(Topic::Plain { topic, path }) => {
                    plan.plain.entry(topic).or_default().push((i, path));
                }
                Some(Topic::Metric {
                    group,
                    node,
                    device,
                    metric,
                }) => {
                    let who = Who {
                        group,
                        node,
                        device,
                    };
                    plan.metrics.push((i, who, metric));
                }
                None => {}
            }
        }
        Ok(plan)
    }
}

/// A session at work.
struct Session<'p> {
    plan: &'p Plan,
    wire: Wire,
    host: Host,
    line: Line,
    /// When a node was last asked for its birth.
    asked: HashMap<(String, String), Instant>,
    /// Nodes that are to be asked again when it is time.
    to_ask: HashSet<(String, String)>,
    /// Where we say that this host is there, and since when.
    state: String,
    since_ms: i64,
}

/// Connects, and listens until something fails.
pub(crate) async fn session(plan: Arc<Plan>, line: Line) -> Ended {
    let since_ms = line.now_us() / 1000;
    let host = Host::new(plan.metrics.iter().cloned());
    let state = format!("spBv1.0/STATE/{}", plan.site.connection);
    let will = (!host.is_idle()).then(|| presence(&state, false, since_ms));
    let wire = plan.site.enter(client(&plan.site, since_ms), will).await?;
    let mut session = Session {
        plan: &plan,
        wire,
        host,
        line,
        asked: HashMap::new(),
        to_ask: HashSet::new(),
        state,
        since_ms,
    };
    session.subscribe().await?;
    session.listen().await
}

/// A name that no other client has: of ours, and of this moment.
pub(crate) fn client(site: &Site, since_ms: i64) -> String {
    let mut hasher = DefaultHasher::new();
    (
        &site.connection,
        &site.endpoint,
        since_ms,
        std::process::id(),
    )
        .hash(&mut hasher);
    // 3.1.1 promises 23 characters (3.1.3.1).
    format!("saltern{:016x}", hasher.finish())
}

/// What tells edge nodes whether this host is there (Sparkplug 3.0.0, 6.4.22).
fn presence(topic: &str, online: bool, since_ms: i64) -> Publish {
    Publish {
        topic: topic.into(),
        payload: format!("{{\"online\":{online},\"timestamp\":{since_ms}}}").into_bytes(),
        qos: 1,
        retain: true,
        ..Publish::default()
    }
}

impl Session<'_> {
    async fn subscribe(&mut self) -> Result<(), ConnectError> {
        let mut filters: Vec<(String, u8)> = self
            .plan
            .plain
            .keys()
            .map(|topic| (topic.clone(), 1))
            .collect();
        filters.sort();
        for (group, node) in self.host.nodes() {
            // Births and deaths may come at quality 0 in any case; those of devices stand one level below.
            filters.push((format!("spBv1.0/{group}/+/{node}/#"), 1));
        }
        if !self.host.is_idle() {
            filters.push((self.state.clone(), 1));
        }
        for part in filters.chunks(200) {
            let id = self.wire.id();
            let asked = Packet::Subscribe {
                id,
                filters: part.to_vec(),
            };
            self.wire.send(&asked).await?;
            self.confirm(id, part).await?;
        }
        if !self.host.is_idle() {
            self.say_online().await?;
            for node in self.host.nodes() {
                self.ask(node).await?;
            }
        }
        self.line.heard();
        self.line.send().await
    }

    /// Waits for the broker's word on a subscription; messages may come before it.
    async fn confirm(&mut self, id: u16, filters: &[(String, u8)]) -> Result<(), ConnectError> {
        let until = Instant::now() + self.plan.site.timeout;
        loop {
            let packet = tokio::time::timeout_at(until, self.wire.receive()).await;
            match packet.map_err(|_| self.plan.site.late(Asked::Subscribe))?? {
                Packet::SubAck {
                    id: answered,
                    codes,
                } if answered == id => {
                    for ((filter, _), _) in filters.iter().zip(&codes).filter(|(_, c)| **c >= 0x80)
                    {
                        self.forbidden(filter);
                    }
                    return Ok(());
                }
                other => self.hear(other).await?,
            }
        }
    }

    /// A topic that the broker does not let us hear.
    fn forbidden(&mut self, filter: &str) {
        let slots = self.plan.plain.get(filter).into_iter().flatten();
        for (slot, _) in slots {
            let tag = self.line.slots()[*slot].clone();
            self.line
                .take(*slot, Arrival::none(Quality::CONFIGURATION_ERROR));
            self.line.refuse(ConnectError::UnknownAddress {
                tag: tag.id,
                address: filter.into(),
                reason: Reason::NotSubscribed,
            });
        }
    }

    async fn listen(&mut self) -> Ended {
        let pause = self.plan.site.silence / 3;
        let mut ping = Instant::now() + pause;
        loop {
            let again = self
                .to_ask
                .iter()
                .filter_map(|node| self.asked.get(node))
                .min();
            let ask = again.map_or(ping, |asked| *asked + ASK_AGAIN);
            tokio::select! {
                () = sleep_until(ask), if again.is_some() => {
                    for node in std::mem::take(&mut self.to_ask) {
                        self.ask(node).await?;
                    }
                }
                packet = self.wire.receive() => {
                    self.line.heard();
                    self.hear(packet?).await?;
                }
                () = sleep_until(ping) => {
                    self.wire.send(&Packet::PingReq).await?;
                    ping = Instant::now() + pause;
                }
                command = self.line.commands.recv() => {
                    let command = command.ok_or(ConnectError::Stopped)?;
                    self.write(command).await?;
                }
            }
        }
    }

    async fn hear(&mut self, packet: Packet) -> Result<(), ConnectError> {
        match packet {
            Packet::Publish(message) => {
                self.message(&message).await?;
                // Nothing more is read until there is room for this.
                self.line.send().await?;
                if message.qos == 1 {
                    let ack = Packet::PubAck {
                        id: message.id,
                        code: 0,
                    };
                    self.wire.send(&ack).await?;
                }
                Ok(())
            }
            Packet::Disconnect { code } => Err(ConnectError::Lost {
                endpoint: self.plan.site.endpoint.clone(),
                reason: Reason::Ended { code },
            }),
            _ => Ok(()),
        }
    }

    async fn message(&mut self, message: &Publish) -> Result<(), ConnectError> {
        for (slot, path) in self.plan.plain.get(&message.topic).into_iter().flatten() {
            // What the broker kept for those who come late is of unknown age.
            let quality = match message.retain {
                true => Quality::LAST_USABLE,
                false => Quality::GOOD,
            };
            let line = &mut self.line;
            with_value(&message.payload, path, |value| {
                let arrival = Arrival {
                    value,
                    quality,
                    time_us: None,
                };
                line.take(*slot, arrival);
            });
        }
        if message.topic == self.state && is_offline(&message.payload) {
            // The will of an earlier session of ours, late.
            return self.say_online().await;
        }
        if !message.topic.starts_with("spBv1.0/") {
            return Ok(());
        }
        let line = &mut self.line;
        let mut tell = |told: crate::sparkplug::host::Told<'_>| line.take(told.slot, told.arrival);
        match self.host.hear(&message.topic, &message.payload, &mut tell) {
            Upshot::Fine => Ok(()),
            Upshot::AskBirth => {
                let mut parts = message.topic.split('/').skip(1);
                let (group, node) = (parts.next(), parts.nth(1));
                self.ask((
                    group.unwrap_or_default().into(),
                    node.unwrap_or_default().into(),
                ))
                .await
            }
            Upshot::Refused => {
                self.line.refuse(ConnectError::Message {
                    topic: message.topic.clone(),
                    reason: Reason::NotSparkplug,
                });
                Ok(())
            }
        }
    }

    async fn say_online(&mut self) -> Result<(), ConnectError> {
        let mut online = presence(&self.state, true, self.since_ms);
        online.id = self.wire.id();
        self.wire.send(&Packet::Publish(online)).await
    }

    /// Asks a node to be born again (6.4.20), not too often.
    async fn ask(&mut self, node: (String, String)) -> Result<(), ConnectError> {
        let now = Instant::now();
        if self
            .asked
            .get(&node)
            .is_some_and(|asked| now < *asked + ASK_AGAIN)
        {
            self.to_ask.insert(node);
            return Ok(());
        }
        self.to_ask.remove(&node);
        let rebirth = Metric {
            name: Some("Node Control/Rebirth".into()),
            timestamp: Some((self.line.now_us() / 1000) as u64),
            datatype: Some(datatype::BOOLEAN),
            value: Some(Content::Boolean(true)),
            ..Metric::default()
        };
        let topic = format!("spBv1.0/{}/NCMD/{}", node.0, node.1);
        self.asked.insert(node, now);
        self.command(topic, rebirth).await
    }

    async fn command(&mut self, topic: String, metric: Metric) -> Result<(), ConnectError> {
        let payload = Payload {
            timestamp: metric.timestamp,
            metrics: vec![metric],
            seq: None,
        };
        let message = Publish {
            topic,
            payload: payload.encode_to_vec(),
            ..Publish::default()
        };
        self.wire.send(&Packet::Publish(message)).await
    }

    /// Writes to a metric of Sparkplug. That it was sent is all that can be said: the node answers with data, or does not.
    async fn write(&mut self, command: Command) -> Result<(), ConnectError> {
        let slots = self.line.slots();
        let place = slots.iter().position(|slot| slot.tag == command.tag);
        let metric = place.and_then(|place| self.host.metric(place));
        let Some((who, name, datatype)) = metric else {
            let tag = place.map_or(String::new(), |place| slots[place].id.clone());
            let refused = ConnectError::WriteRefused {
                tag,
                reason: Reason::PlainTopic,
            };
            let _ = command.answer.send(Err(refused));
            return Ok(());
        };
        let topic = match &who.device {
            Some(device) => format!("spBv1.0/{}/DCMD/{}/{device}", who.group, who.node),
            None => format!("spBv1.0/{}/NCMD/{}", who.group, who.node),
        };
        let metric = Metric {
            name: Some(name.into()),
            timestamp: Some((self.line.now_us() / 1000) as u64),
            datatype: Some(match datatype {
                0 => datatype::DOUBLE,
                known => known,
            }),
            value: Some(content(command.value, datatype)),
            ..Metric::default()
        };
        let sent = self.command(topic, metric).await;
        let _ = command.answer.send(sent.clone());
        sent
    }
}

/// A number as a metric of a type holds it.
fn content(value: f64, kind: u32) -> Content {
    match kind {
        datatype::INT8..=datatype::INT32 => Content::Int(value.round() as i32 as u32),
        5..=7 => Content::Int(value.round() as u32),
        datatype::INT64 => Content::Long(value.round() as i64 as u64),
        8 => Content::Long(value.round() as u64),
        9 => Content::Float(value as f32),
        datatype::BOOLEAN => Content::Boolean(value != 0.0),
        _ => Content::Double(value),
    }
}

fn is_offline(payload: &[u8]) -> bool {
    let said = serde_json::from_slice::<serde_json::Value>(payload);
    said.is_ok_and(|said| said.get("online") == Some(&serde_json::Value::Bool(false)))
}

#[cfg(test)]
mod fuzz;
