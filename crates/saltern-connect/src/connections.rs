//! All connections of a base.

use std::path::PathBuf;
use std::sync::Arc;

use saltern_base::tags::{Connection, Protocol, Tags};
use saltern_samples::TagId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};

use crate::batch::{Batch, Command};
use crate::error::ConnectError;
use crate::health::Health;
use crate::line::{Clock, Shared};
use crate::modbus;
use crate::opcua::client::Door;
use crate::opcua::{Application, Certificates};
use crate::supervisor::{COMMANDS, Ward, supervise};
use crate::treatment::Slot;

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
/// # Errors
/// Settings that a protocol can't use, secrets that are not there.
pub fn start(
    live: &Tags,
    settings: &Settings,
    inlet: &mpsc::Sender<Batch>,
) -> Result<Connections, ConnectError> {
    let (stop, stopped) = watch::channel(false);
    let mut connections = Connections {
        ways: Vec::new(),
        of_tag: vec![None; live.tags.len()],
        tags: live.tags.iter().map(|tag| tag.who.id.clone()).collect(),
        stop,
    };
    for (row, connection) in live.connections.iter().enumerate() {
        let slots = slots(live, row);
        let shared = Arc::new(Shared::new(
            row,
            slots,
            settings.clock.clone(),
            (settings.ahead_s * 1e6) as i64,
        ));
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let seconds = |s: f64| Duration::from_secs_f64(s.clamp(0.001, 1e6));
        let ward = Ward {
            shared: shared.clone(),
            id: connection.who.id.clone(),
            endpoint: connection.endpoint.clone(),
            timeout: seconds(connection.timeout_s),
            silence: seconds(connection.silence_s),
            inlet: inlet.clone(),
            commands: receiver,
            stop: stopped.clone(),
            seed: settings.seed.wrapping_add(row as u64),
        };
        for slot in shared.slots.iter() {
            connections.of_tag[slot.tag.0 as usize] = Some(connections.ways.len());
        }
        connections.ways.push(Way {
            id: connection.who.id.clone(),
            shared,
            commands,
            patience: seconds(2.0 * connection.timeout_s),
            task: begin(ward, connection, settings)?,
        });
    }
    Ok(connections)
}

/// The tags that come over a connection.
fn slots(live: &Tags, connection: usize) -> Arc<[Slot]> {
    let own = |(_, tag): &(usize, &saltern_base::tags::Tag)| tag.connection == Some(connection);
    let tags = live.tags.iter().enumerate().filter(own);
    tags.map(|(row, tag)| Slot::new(row, tag)).collect()
}

/// Starts the supervisor with the sessions of the protocol.
fn begin(
    ward: Ward,
    connection: &Connection,
    settings: &Settings,
) -> Result<JoinHandle<()>, ConnectError> {
    match connection.protocol {
        Protocol::OpcUa => {
            let folder = settings.folder.join("opcua");
            let certificates = Certificates::open(&folder, &settings.application)?;
            let secret = |variable: &str| std::env::var(variable).ok();
            let door = Door::of(connection, &settings.application, certificates, &secret)?;
            let door = Arc::new(door);
            let session = move |line| door.clone().session(line);
            Ok(tokio::spawn(supervise(ward, session)))
        }
        Protocol::Modbus => {
            let plan = Arc::new(modbus::Plan::new(connection, &ward.shared.slots)?);
            let session = move |line| modbus::session(plan.clone(), line);
            Ok(tokio::spawn(supervise(ward, session)))
        }
        Protocol::Mqtt | Protocol::File | Protocol::Forward => {
            let endpoint = connection.endpoint.clone();
            Ok(tokio::spawn(supervise(ward, move |_line| {
                let endpoint = endpoint.clone();
                async move {
                    Err(ConnectError::Unreachable {
                        endpoint,
                        reason: "this protocol is not spoken yet".into(),
                    })
                }
            })))
        }
    }
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
                asked: self.tags[row].clone(),
                seconds: way.patience.as_secs_f64(),
            })
        })
    }

    /// Ends all connections and waits until they are gone.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for way in self.ways {
            let _ = way.task.await;
        }
    }
}
