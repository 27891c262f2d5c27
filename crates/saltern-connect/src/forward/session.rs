//! One session of our edge node.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prost::Message;
use saltern_base::tags::{Connection, Tags};
use saltern_samples::{Quality, Sample, Trust};
use tokio::time::{Instant, sleep_until};

use super::letter;
use super::store::Store;
use crate::asked::{Accepted, Asked};
use crate::error::ConnectError;
use crate::line::Line;
use crate::mqtt::client;
use crate::mqtt::packet::{Packet, Publish};
use crate::mqtt::wire::{Site, Wire};
use crate::reason::Reason;
use crate::sparkplug::payload::{
    Content, Metric, Payload, Property, PropertyContent, PropertySet, QUALITY, datatype,
};
use crate::supervisor::Ended;

/// Metrics in one message.
const MESSAGE: usize = 500;
/// Messages that may wait for their acknowledgement.
const IN_FLIGHT: usize = 16;
/// Share of the backlog in a round, bytes on disk.
const SHARE: usize = 256 << 10;
/// Latest readings in a round while a backlog drains.
const LIVE: usize = 2000;

/// What every session of a connection starts from.
pub(crate) struct Plan {
    site: Site,
    group: String,
    node: String,
    /// Ids and units by row; the alias of a tag is its row and 1.
    tags: Vec<(String, &'static str)>,
    rows: HashMap<String, usize>,
    store: Arc<Store>,
    /// Births so far.
    births: AtomicU64,
}

impl Plan {
    pub(crate) fn new(
        connection: &Connection,
        live: &Tags,
        store: Arc<Store>,
    ) -> Result<Plan, ConnectError> {
        let site = Site::new(connection)?;
        let [group, node] = &site.broker.path[..] else {
            return Err(ConnectError::Setting {
                connection: connection.who.id.clone(),
                column: "endpoint",
                value: connection.endpoint.clone(),
                accepted: Accepted::Words(connection.protocol.endpoints()),
            });
        };
        let tags = live.tags.iter();
        Ok(Plan {
            group: group.clone(),
            node: node.clone(),
            tags: tags
                .clone()
                .map(|tag| (tag.who.id.clone(), tag.unit.symbol))
                .collect(),
            rows: tags
                .enumerate()
                .map(|(row, tag)| (tag.who.id.clone(), row))
                .collect(),
            site,
            store,
            births: AtomicU64::new(0),
        })
    }

    fn topic(&self, kind: &str) -> String {
        format!("spBv1.0/{}/{kind}/{}", self.group, self.node)
    }
}

struct Session<'p> {
    plan: &'p Plan,
    wire: Wire,
    line: Line,
    bd_seq: u64,
    seq: u64,
    /// Whether a host asked to be told everything anew.
    rebirth: bool,
    ping: Instant,
}

/// Connects, is born, and tells what comes and what waited.
pub(crate) async fn session(plan: Arc<Plan>, line: Line) -> Ended {
    let now_ms = line.now_us() / 1000;
    let bd_seq = plan.births.fetch_add(1, Ordering::Relaxed) % 256;
    let will = Publish {
        topic: plan.topic("NDEATH"),
        payload: body(now_ms, None, vec![number("bdSeq", bd_seq)]),
        qos: 1,
        ..Publish::default()
    };
    let wire = plan
        .site
        .enter(client(&plan.site, now_ms), Some(will))
        .await?;
    let mut session = Session {
        plan: &plan,
        wire,
        line,
        bd_seq,
        seq: 0,
        rebirth: true,
        ping: Instant::now(),
    };
    session.run().await
}

impl Session<'_> {
    async fn run(&mut self) -> Ended {
        let id = self.wire.id();
        let filters = vec![(self.plan.topic("NCMD"), 1)];
        self.wire.send(&Packet::Subscribe { id, filters }).await?;
        loop {
            if std::mem::take(&mut self.rebirth) {
                self.birth().await?;
            }
            if self.round().await? {
                continue;
            }
            let plan = self.plan;
            tokio::select! {
                () = plan.store.news.notified() => {}
                packet = self.wire.receive() => self.hear(packet?).await.map(drop)?,
                () = sleep_until(self.ping) => self.ping().await?,
                command = self.line.commands.recv() => {
                    // Nothing of ours is written to by this way.
                    drop(command.ok_or(ConnectError::Stopped)?);
                }
            }
        }
    }

    async fn ping(&mut self) -> Result<(), ConnectError> {
        self.ping = Instant::now() + self.plan.site.silence / 3;
        self.wire.send(&Packet::PingReq).await
    }

    /// Sends what happens now and a share of what waits; whether more waits.
    async fn round(&mut self) -> Result<bool, ConnectError> {
        let store = &self.plan.store;
        let letters = store.oldest(SHARE).await?;
        let Some(last) = letters.last().map(|letter| letter.number) else {
            return Ok(false);
        };
        let rest = store.waiting().messages > letters.len() as u64;
        let latest = store.latest();
        let fresh = store.fresh(if rest { LIVE } else { 0 });
        let mut metrics = Vec::new();
        for reading in fresh {
            metrics.push(metric(reading.tag.0 as usize, reading.sample, false));
        }
        for letter in &letters {
            for (id, sample) in letter::read(&letter.body) {
                // A tag that is no longer in the base has no alias.
                let Some(&row) = self.plan.rows.get(id) else {
                    continue;
                };
                let past = latest[row].is_some_and(|latest| sample.time_us < latest.time_us);
                metrics.push(metric(row, sample, past || rest));
            }
        }
        self.tell(metrics).await?;
        self.plan.store.confirm(last).await?;
        Ok(rest)
    }

    /// Sends metrics and waits until the broker has all of them.
    async fn tell(&mut self, metrics: Vec<Metric>) -> Result<(), ConnectError> {
        let topic = self.plan.topic("NDATA");
        let window = IN_FLIGHT.min(self.wire.receive_maximum.into());
        let mut open = HashSet::new();
        let mut metrics = metrics.into_iter().peekable();
        while metrics.peek().is_some() || !open.is_empty() {
            if metrics.peek().is_some() && open.len() < window {
                let part: Vec<Metric> = metrics.by_ref().take(MESSAGE).collect();
                self.seq = (self.seq + 1) % 256;
                let id = self.wire.id();
                let message = Publish {
                    topic: topic.clone(),
                    payload: body(self.line.now_us() / 1000, Some(self.seq), part),
                    qos: 1,
                    id,
                    ..Publish::default()
                };
                self.wire.send(&Packet::Publish(message)).await?;
                open.insert(id);
                continue;
            }
            let packet = tokio::time::timeout(self.plan.site.timeout, self.wire.receive()).await;
            let packet = packet.map_err(|_| self.plan.site.late(Asked::Publish))??;
            if let Some(id) = self.hear(packet).await? {
                open.remove(&id);
            }
            if Instant::now() >= self.ping {
                self.ping().await?;
            }
        }
        Ok(())
    }

    /// What the broker says: the number of a message that it has, or a host's wish.
    async fn hear(&mut self, packet: Packet) -> Result<Option<u16>, ConnectError> {
        self.line.heard();
        match packet {
            Packet::PubAck { id, code } if code < 0x80 => return Ok(Some(id)),
            Packet::PubAck { code, .. } => {
                return Err(ConnectError::Refused {
                    endpoint: self.plan.site.endpoint.clone(),
                    reason: Reason::NotTaken { code },
                });
            }
            Packet::Disconnect { code } => {
                return Err(ConnectError::Lost {
                    endpoint: self.plan.site.endpoint.clone(),
                    reason: Reason::Ended { code },
                });
            }
            Packet::Publish(message) => {
                let wish = Payload::decode(&message.payload[..]).unwrap_or_default();
                let is_rebirth = |m: &Metric| {
                    m.name.as_deref() == Some("Node Control/Rebirth")
                        && m.value == Some(Content::Boolean(true))
                };
                self.rebirth |= wish.metrics.iter().any(is_rebirth);
                if message.qos == 1 {
                    let ack = Packet::PubAck {
                        id: message.id,
                        code: 0,
                    };
                    self.wire.send(&ack).await?;
                }
            }
            _ => {}
        }
        Ok(None)
    }

    /// Tells who we are and what all tags stand at.
    async fn birth(&mut self) -> Result<(), ConnectError> {
        let now_ms = self.line.now_us() / 1000;
        self.seq = 0;
        let rebirth = Metric {
            name: Some("Node Control/Rebirth".into()),
            timestamp: Some(now_ms as u64),
            datatype: Some(datatype::BOOLEAN),
            value: Some(Content::Boolean(false)),
            ..Metric::default()
        };
        let mut metrics = vec![number("bdSeq", self.bd_seq), rebirth];
        let latest = self.plan.store.latest();
        for (row, (id, unit)) in self.plan.tags.iter().enumerate() {
            let none = Sample::gap(now_ms * 1000, Quality::NOT_CONNECTED);
            let mut metric = metric(row, latest[row].unwrap_or(none), false);
            metric.name = Some(id.clone());
            let properties = metric.properties.get_or_insert_default();
            properties.keys.push("engUnit".into());
            properties.values.push(Property {
                datatype: Some(12),
                value: Some(PropertyContent::Text((*unit).into())),
            });
            metrics.push(metric);
        }
        let birth = Publish {
            topic: self.plan.topic("NBIRTH"),
            payload: body(now_ms, Some(0), metrics),
            ..Publish::default()
        };
        self.wire.send(&Packet::Publish(birth)).await?;
        self.line.heard();
        Ok(())
    }
}

fn body(now_ms: i64, seq: Option<u64>, metrics: Vec<Metric>) -> Vec<u8> {
    let payload = Payload {
        timestamp: Some(now_ms as u64),
        metrics,
        seq,
    };
    payload.encode_to_vec()
}

fn number(name: &str, value: u64) -> Metric {
    Metric {
        name: Some(name.into()),
        datatype: Some(datatype::INT64),
        value: Some(Content::Long(value)),
        ..Metric::default()
    }
}

/// A sample of the tag in a row.
fn metric(row: usize, sample: Sample, past: bool) -> Metric {
    let code = match sample.quality.trust() {
        Trust::Good => None,
        Trust::Uncertain => Some(500),
        Trust::Bad => Some(0),
    };
    let properties = code.map(|code| PropertySet {
        keys: vec![QUALITY.into()],
        values: vec![Property {
            datatype: Some(datatype::INT32),
            value: Some(PropertyContent::Int(code)),
        }],
    });
    let is_null = sample.value.is_nan();
    Metric {
        alias: Some(row as u64 + 1),
        timestamp: u64::try_from(sample.time_us / 1000).ok(),
        datatype: Some(datatype::DOUBLE),
        is_historical: past.then_some(true),
        is_null: is_null.then_some(true),
        properties,
        value: (!is_null).then_some(Content::Double(sample.value)),
        ..Metric::default()
    }
}

#[cfg(test)]
mod fuzz;
