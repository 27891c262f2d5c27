//! Other programs to talk to, and a base to talk to them with.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use saltern_base::tags::{Tags, read};
use saltern_connect::opcua::Application;
use saltern_connect::{Batch, Connections, Settings, Workbook, start};
use saltern_samples::Reading;
use tokio::sync::mpsc;

/// The longest that a peer that came back may wait for us: the bar of the project.
pub(crate) const BACK: Duration = Duration::from_secs(10);

/// How often peers are killed in a test of it: few times as a rule, `SALTERN_RESTARTS` times where that is set.
pub(crate) fn restarts() -> usize {
    let set = std::env::var("SALTERN_RESTARTS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(3)
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// The Python that the peers are installed for.
pub(crate) fn python() -> PathBuf {
    installed("SALTERN_PEERS", "target/peers", "bin/python")
}

/// What set-up has put into a room, which a variable may name.
fn installed(variable: &str, room: &str, what: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let set = std::env::var_os(variable).map(PathBuf::from);
    let places = set.into_iter().chain(own.map(|a| a.join(room)));
    let found = places.map(|room| room.join(what)).find(|it| it.exists());
    found.expect("the tests' peers are not installed: run `scripts/setup tests`")
}

/// A program that is killed when it goes out of sight.
pub(crate) struct Peer {
    child: Child,
    /// What it is told.
    pub(crate) input: Option<ChildStdin>,
    /// What it says.
    pub(crate) said: std::sync::mpsc::Receiver<String>,
}

impl Peer {
    pub(crate) fn start(command: &mut Command) -> Peer {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| {
                panic!("{command:?} can't be started ({e}); run `scripts/setup tests`")
            });
        let (sender, said) = std::sync::mpsc::channel();
        let output = child.stdout.take().expect("its output");
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Peer {
            input: child.stdin.take(),
            child,
            said,
        }
    }

    /// One of the scripts beside this test.
    pub(crate) fn script(name: &str, arguments: &[String]) -> Peer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/peers")
            .join(name);
        Peer::start(Command::new(python()).arg("-u").arg(script).args(arguments))
    }

    /// One of the scripts beside this test that run in Node.js; what it keeps of its own goes into a folder.
    pub(crate) fn node(name: &str, arguments: &[String], own: &Path) -> Peer {
        let modules = installed("SALTERN_NODE_PEERS", "target/peers-node", "node_modules");
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/peers")
            .join(name);
        let mut command = Command::new("node");
        command.arg(script).args(arguments);
        Peer::start(
            command
                .env("NODE_PATH", modules)
                .env("XDG_CONFIG_HOME", own),
        )
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until somebody listens on a port.
pub(crate) async fn listening(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "nobody listens on {port}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The live side of a base with these connections and tags (asset `a`; rows `id,unit,source,period [s],…`).
pub(crate) fn live(connections: &str, tags: &str) -> Tags {
    let files = [
        ("assets.csv", "id,level\na,site\n"),
        ("connections.csv", connections),
        ("tags.csv", tags),
    ];
    let text = |name: &str| {
        let found = files.iter().find(|(file, _)| *file == name);
        found.map(|(_, text)| text.to_string())
    };
    read(&text).expect("a good base")
}

/// Connections at work and what they bring.
pub(crate) struct Plant {
    pub(crate) connections: Connections,
    pub(crate) outlet: mpsc::Receiver<Batch>,
    #[allow(dead_code, reason = "kept until the end")]
    folder: Option<tempfile::TempDir>,
}

/// Starts the connections of a base with the wall's clock.
pub(crate) fn plant(live: &Tags) -> Plant {
    let folder = tempfile::tempdir().expect("a folder");
    let mut plant = plant_in(live, folder.path());
    plant.folder = Some(folder);
    plant
}

/// The same in a folder that is kept.
pub(crate) fn plant_in(live: &Tags, folder: &Path) -> Plant {
    plant_with(live, folder, None)
}

/// The same with a reader of workbooks.
pub(crate) fn plant_with(live: &Tags, folder: &Path, workbook: Option<Workbook>) -> Plant {
    let (inlet, outlet) = mpsc::channel(1024);
    let settings = Settings {
        clock: Arc::new(now_us),
        ahead_s: 60.0,
        folder: folder.to_path_buf(),
        application: Application::here("tests"),
        outbox_bytes: 4 << 20,
        utc_offset_s: 8.0 * 3600.0,
        workbook,
        seed: 1,
    };
    Plant {
        connections: start(live, &settings, &inlet),
        outlet,
        folder: None,
    }
}

/// µs since 1970 by the wall's clock.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_micros() as i64
}

impl Plant {
    /// Takes readings until they are as wanted.
    pub(crate) async fn until(&mut self, what: &str, mut wanted: impl FnMut(Reading) -> bool) {
        self.within(Duration::from_secs(30), what, &mut wanted)
            .await;
    }

    /// The same within a time, and how long it took.
    pub(crate) async fn within(
        &mut self,
        limit: Duration,
        what: &str,
        wanted: &mut dyn FnMut(Reading) -> bool,
    ) -> Duration {
        let begun = Instant::now();
        let end = tokio::time::Instant::now() + limit;
        loop {
            let batch = tokio::time::timeout_at(end, self.outlet.recv()).await;
            let Ok(Some(batch)) = batch else {
                panic!(
                    "not within {limit:?}: {what}; {:?}",
                    self.connections.health()
                );
            };
            let mut done = false;
            for reading in batch.readings {
                done |= wanted(reading);
            }
            if done {
                return begun.elapsed();
            }
        }
    }
}
