//! All connections of a base.

use std::path::PathBuf;
use std::sync::Arc;

use saltern_base::tags::{Connection, Protocol, Source, Tag, Tags};
use saltern_history::Waiting;
use saltern_samples::{Quality, Reading, TagId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};

use crate::asked::Asked;
use crate::batch::{Batch, Command};
use crate::error::ConnectError;
use crate::files::Workbook;
use crate::forward::Store;
use crate::health::{Health, Phase};
use crate::line::{Clock, Shared};
use crate::opcua::client::Door;
use crate::opcua::{Application, Certificates};
use crate::supervisor::{COMMANDS, Ward, supervise};
use crate::treatment::Slot;
use crate::{files, forward, modbus, mqtt};

/// What all connections share.
#[derive(Clone)]
pub struct Settings {
    /// Tells the time.
    pub clock: Clock,
    /// How far the clock of a source may be ahead of ours, s.
    pub ahead_s: f64,
    /// Where certificates and what waits to be sent are kept.
    pub folder: PathBuf,
    /// Who we are to OPC UA servers.
    pub application: Application,
    /// Most that may wait on disk for one broker above, bytes; the oldest goes first and is counted.
    pub outbox_bytes: u64,
    /// How far times of dropped files that name no zone are ahead of UTC, s: that of the base's site.
    pub utc_offset_s: f64,
    /// Reads dropped workbooks; without it only CSV is read.
    pub workbook: Option<Workbook>,
    /// Makes what is left to chance the same every time.
    pub seed: u64,
}

/// One connection at work.
struct Way {
    id: String,
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    /// How long a write may take in all.
    patience: Duration,
    /// What waits to be told, where this is a way up.
    store: Option<Arc<Store>>,
    task: JoinHandle<()>,
}

/// Connections at work.
pub struct Connections {
    ways: Vec<Way>,
    /// The place of a tag's way among them.
    of_tag: Vec<Option<usize>>,
    tags: Vec<String>,
    stop: watch::Sender<bool>,
}

/// Starts one supervised task for every connection of a base, within a Tokio runtime. Readings come out of the other end of
/// `inlet`; when that end is gone the connections stop. The very first start makes a key, which takes up to seconds.
///
/// A connection that can't be begun (a setting that its protocol can't use, a secret that is not there) is stopped from the
/// first, its trouble is in its health, its tags have a gap that says so; the others are begun all the same.
pub fn start(live: &Tags, settings: &Settings, inlet: &mpsc::Sender<Batch>) -> Connections {
    let (stop, stopped) = watch::channel(false);
    let mut connections = Connections {
        ways: Vec::new(),
        of_tag: vec![None; live.tags.len()],
        tags: live.tags.iter().map(|tag| tag.who.id.clone()).collect(),
        stop,
    };
    for (row, connection) in live.connections.iter().enumerate() {
        let slots = slots(live, row);
        for slot in slots.iter() {
            connections.of_tag[slot.tag.0 as usize] = Some(row);
        }
        let skew_us = (settings.ahead_s * 1e6) as i64;
        let shared = Arc::new(Shared::new(row, slots, settings.clock.clone(), skew_us));
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let ward = Ward {
            shared: shared.clone(),
            id: connection.who.id.clone(),
            endpoint: connection.endpoint.clone(),
            timeout: seconds(connection.timeout_s),
            silence: seconds(connection.silence_s),
            inlet: inlet.clone(),
            commands: receiver,
            stop: stopped.clone(),
            marks_gaps: connection.protocol != Protocol::File,
            seed: settings.seed.wrapping_add(row as u64),
        };
        let (task, store) = begin(ward, live, connection, settings)
            .unwrap_or_else(|trouble| (fail(&shared, trouble, inlet), None));
        connections.ways.push(Way {
            id: connection.who.id.clone(),
            shared,
            commands,
            patience: seconds(2.0 * connection.timeout_s),
            store,
            task,
        });
    }
    connections
}

fn seconds(s: f64) -> Duration {
    Duration::from_secs_f64(s.clamp(0.001, 1e6))
}

/// The tags that come over a connection; those of the laboratory come by file, over any such connection.
fn slots(live: &Tags, connection: usize) -> Arc<[Slot]> {
    let is_file = live.connections[connection].protocol == Protocol::File;
    let own = |(_, tag): &(usize, &Tag)| {
        tag.connection == Some(connection) || (is_file && tag.source == Source::Lab)
    };
    let tags = live.tags.iter().enumerate().filter(own);
    tags.map(|(row, tag)| Slot::new(row, tag)).collect()
}

/// Tells of a connection that can't be begun.
fn fail(shared: &Shared, trouble: ConnectError, inlet: &mpsc::Sender<Batch>) -> JoinHandle<()> {
    shared.enter(Phase::Stopped);
    shared.health().trouble = Some(trouble);
    let batch = Batch {
        connection: shared.connection,
        readings: shared.gaps(Quality::CONFIGURATION_ERROR),
    };
    let inlet = inlet.clone();
    tokio::spawn(async move {
        if !batch.readings.is_empty() {
            // Nobody listens any more: then nobody misses it.
            let _ = inlet.send(batch).await;
        }
    })
}

type Begun = (JoinHandle<()>, Option<Arc<Store>>);

/// Starts the supervisor with the sessions of the protocol.
fn begin(
    ward: Ward,
    live: &Tags,
    connection: &Connection,
    settings: &Settings,
) -> Result<Begun, ConnectError> {
    let slots = ward.shared.slots.clone();
    let task = match connection.protocol {
        Protocol::OpcUa => {
            let folder = settings.folder.join("opcua");
            let certificates = Certificates::open(&folder, &settings.application)?;
            let secret = |variable: &str| std::env::var(variable).ok();
            let door = Door::of(connection, &settings.application, certificates, &secret)?;
            let door = Arc::new(door);
            tokio::spawn(supervise(ward, move |line| door.clone().session(line)))
        }
        Protocol::Modbus => {
            let plan = Arc::new(modbus::Plan::new(connection, &slots)?);
            tokio::spawn(supervise(ward, move |line| {
                modbus::session(plan.clone(), line)
            }))
        }
        Protocol::Mqtt => {
            let plan = Arc::new(mqtt::Plan::new(connection, &slots)?);
            tokio::spawn(supervise(ward, move |line| {
                mqtt::session(plan.clone(), line)
            }))
        }
        Protocol::File => {
            let (folder, offset_s) = (&settings.folder, settings.utc_offset_s);
            let workbook = settings.workbook;
            let plan = files::Plan::new(connection, live, &slots, folder, offset_s, workbook);
            let plan = Arc::new(plan);
            tokio::spawn(supervise(ward, move |line| {
                files::session(plan.clone(), line)
            }))
        }
        Protocol::Forward => {
            let file = format!("outbox-{}.sqlite", connection.who.id);
            let ids = live.tags.iter().map(|tag| tag.who.id.clone()).collect();
            let store = Store::open(&settings.folder.join(file), settings.outbox_bytes, ids)?;
            let store = Arc::new(store);
            let plan = Arc::new(forward::Plan::new(connection, live, store.clone())?);
            let session = move |line| forward::session(plan.clone(), line);
            return Ok((tokio::spawn(supervise(ward, session)), Some(store)));
        }
    };
    Ok((task, None))
}

impl Connections {
    /// Every connection's id and what is known of it, in the order of `connections.csv`.
    pub fn health(&self) -> Vec<(&str, Health)> {
        let one = |way: &'_ Way| way.shared.health().clone();
        self.ways
            .iter()
            .map(|way| (way.id.as_str(), one(way)))
            .collect()
    }

    /// Writes a value, in the tag's unit, and waits for the outcome. Whether it may be written is not asked here.
    ///
    /// # Errors
    /// The tag has no connection, it is not live, the other refuses or does not answer.
    pub async fn write(&self, tag: TagId, value: f64) -> Result<(), ConnectError> {
        let row = tag.0 as usize;
        let way = self.of_tag.get(row).copied().flatten();
        let Some(way) = way.and_then(|way| self.ways.get(way)) else {
            return Err(ConnectError::NoWay {
                tag: self.tags.get(row).cloned().unwrap_or(row.to_string()),
            });
        };
        let (answer, outcome) = oneshot::channel();
        let not_live = || ConnectError::NotLive {
            connection: way.id.clone(),
        };
        let command = Command { tag, value, answer };
        let done = async {
            let sent = way.commands.send(command).await;
            sent.map_err(|_| not_live())?;
            // A session that ended took the command with it.
            outcome.await.map_err(|_| not_live())?
        };
        timeout(way.patience, done).await.unwrap_or_else(|_| {
            Err(ConnectError::Timeout {
                endpoint: way.id.clone(),
                asked: Asked::WriteTo(self.tags[row].clone()),
                seconds: way.patience.as_secs_f64(),
            })
        })
    }

    /// Tells the brokers above of readings. They are on disk for each of them when this returns; what is sent when is their
    /// connections' affair. Ways up that can't keep them are counted in their health, the others keep them all the same.
    pub async fn tell(&self, readings: &[Reading]) {
        let ways = self.ways.iter().filter(|way| way.store.is_some());
        let readings: Arc<[Reading]> = readings.into();
        for way in ways {
            let Some(store) = &way.store else { continue };
            if let Err(trouble) = store.keep(readings.clone()).await {
                let mut health = way.shared.health();
                health.refused += readings.len() as u64;
                health.trouble = Some(trouble);
            }
        }
    }

    /// What waits for each broker above, and how much was dropped because there was no more room.
    pub fn waiting(&self) -> Vec<(&str, Waiting)> {
        let waits = |way: &'_ Way| Some(way.store.as_ref()?.waiting());
        let ways = self.ways.iter();
        ways.filter_map(|way| Some((way.id.as_str(), waits(way)?)))
            .collect()
    }

    /// Ends all connections and waits until they are gone.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for way in self.ways {
            let _ = way.task.await;
        }
    }
}
