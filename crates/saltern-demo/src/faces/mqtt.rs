//! A broker, what tells it plain topics, and edge nodes that tell it Sparkplug metrics. The edge nodes are others than the
//! broker: while it is down they keep what they have to tell.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use saltern_base::tags::address::Topic;
use saltern_base::tags::{self, Connection, Protocol, Source, Tag, Tags};
use saltern_connect::opcua::Application;
use saltern_connect::{Batch, Broker, Clock, ConnectError, Connections, start};
use saltern_samples::{Reading, Sample, TagId};
use tokio::sync::mpsc;

use super::{Played, here, listen_error};
use crate::error::DemoError;

/// Most that an edge node keeps while the broker is down, bytes.
const OUTBOX_BYTES: u64 = 64 << 20;

pub(crate) struct Mqtt {
    address: SocketAddr,
    broker: Option<Broker>,
    /// Plain topics by row of the tag, with the path of the value in a JSON message.
    plain: BTreeMap<usize, (String, Vec<String>)>,
    nodes: Vec<EdgeNode>,
}

/// An edge node: our own connection that forwards, seen from the other side.
struct EdgeNode {
    tags: Tags,
    settings: saltern_connect::Settings,
    /// Rows of its tags in the base, in its own order.
    rows: Vec<usize>,
    at_work: Option<(Connections, mpsc::Receiver<Batch>)>,
}

impl Mqtt {
    pub(super) fn new(
        connection: &Connection,
        tags: &Tags,
        played: &[Played<'_>],
        folder: &Path,
        clock: &Clock,
    ) -> Result<Mqtt, DemoError> {
        let broker = tags::Broker::read(&connection.endpoint);
        let (host, port) = broker.map(|b| (b.host, b.port)).unwrap_or_default();
        let address = here(connection, &host, port)?;
        let mut plain = BTreeMap::new();
        let mut nodes: BTreeMap<(String, String), EdgeNode> = BTreeMap::new();
        for one in played {
            let row = one.instrument.tag;
            let Source::Mqtt(text) = &one.tag.source else {
                continue;
            };
            match Topic::read(text) {
                Some(Topic::Plain { topic, path }) => {
                    plain.insert(row, (topic, path));
                }
                // Edge nodes of ours have no devices behind them.
                Some(Topic::Metric {
                    group,
                    node,
                    device: None,
                    metric,
                }) => {
                    let key = (group, node);
                    let made = || EdgeNode::new(connection, tags, &key, folder, clock);
                    let node = nodes.entry(key.clone()).or_insert_with(made);
                    node.add(row, one.tag, metric);
                }
                _ => {}
            }
        }
        Ok(Mqtt {
            address,
            broker: None,
            plain,
            nodes: nodes.into_values().collect(),
        })
    }

    pub(super) async fn set_up(&mut self, up: bool) -> Result<(), ConnectError> {
        if !up {
            self.broker = None;
            return Ok(());
        }
        if self.broker.is_none() {
            let broker = Broker::listen(self.address).await;
            self.broker = Some(broker.map_err(|error| listen_error(self.address, &error))?);
        }
        for node in &mut self.nodes {
            node.start();
        }
        Ok(())
    }

    pub(super) async fn tell(&mut self, samples: &[(usize, Sample)]) {
        for node in &self.nodes {
            node.tell(samples).await;
        }
        let Some(broker) = &self.broker else { return };
        for (row, sample) in samples {
            if let Some((topic, path)) = self.plain.get(row).filter(|_| sample.is_usable()) {
                let value = serde_json::Value::from(sample.value);
                let wrap = |inner, name: &String| serde_json::json!({ (name.as_str()): inner });
                let message = path.iter().rev().fold(value, wrap);
                broker.tell(topic, message.to_string().into_bytes());
            }
        }
    }
}

impl EdgeNode {
    fn new(
        connection: &Connection,
        tags: &Tags,
        (group, node): &(String, String),
        folder: &Path,
        clock: &Clock,
    ) -> EdgeNode {
        let mut up = connection.clone();
        up.protocol = Protocol::Forward;
        up.endpoint = format!(
            "{}/{group}/{node}",
            connection.endpoint.trim_end_matches('/')
        );
        up.who.id = format!("{}-{node}", connection.who.id);
        EdgeNode {
            tags: Tags {
                assets: tags.assets.clone(),
                connections: vec![up],
                ..Tags::default()
            },
            settings: saltern_connect::Settings {
                clock: Clock::clone(clock),
                ahead_s: 60.0,
                folder: folder.to_path_buf(),
                application: Application::here("demo"),
                outbox_bytes: OUTBOX_BYTES,
                utc_offset_s: 0.0,
                workbook: None,
                seed: 0,
            },
            rows: Vec::new(),
            at_work: None,
        }
    }

    fn add(&mut self, row: usize, tag: &Tag, metric: String) {
        let mut own = tag.clone();
        own.who.id = metric;
        own.source = Source::Calculated;
        own.connection = None;
        self.tags.tags.push(own);
        self.rows.push(row);
    }

    fn start(&mut self) {
        if self.at_work.is_none() {
            // Nothing comes in; what would take it is kept, because connections end with it.
            let (inlet, outlet) = mpsc::channel(16);
            self.at_work = Some((start(&self.tags, &self.settings, &inlet), outlet));
        }
    }

    async fn tell(&self, samples: &[(usize, Sample)]) {
        let Some((connections, _)) = &self.at_work else {
            return;
        };
        let mine = samples.iter().filter_map(|(row, sample)| {
            let own = self.rows.iter().position(|known| known == row)?;
            Some(Reading {
                tag: TagId(own as u32),
                sample: *sample,
            })
        });
        let mine: Vec<Reading> = mine.collect();
        if !mine.is_empty() {
            connections.tell(&mine).await;
        }
    }
}
