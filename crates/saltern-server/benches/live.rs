//! What 10,000 tags at 1 Hz cost a server from source to browser: half of them over OPC UA, half over MQTT (Sparkplug B), all
//! stored, watched and streamed.
//!
//! `cargo bench -p saltern-server --bench live`; with the profile of development, `--profile dev`; measured for longer than
//! half a minute, `-- 600`.
//!
//! Three processes: the plant, the server, and this one, which listens to the stream. The server alone is what is counted.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for people who develop"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use saltern_base::model::Label;
use saltern_base::tags::{Tags, read};
use saltern_connect::opcua::{
    Anonymous, Application, Certificates, Folder, Kind, OpcUaServer, Point, ServerSettings, Space,
};
use saltern_connect::{Broker, Connections, start};
use saltern_history::Options;
use saltern_samples::{Reading, Sample, TagId};
use saltern_server::{Lake, Settings, serve};
use saltern_units::Lang;
use serde_json::Value;
use tokio::sync::mpsc;

/// Tags of each of the two ways.
const TAGS: usize = 5_000;
/// Alarms, and formulas.
const ALARMS: usize = 40;
const FORMULAS: usize = 40;
/// Most time until every tag has a value, then time for everything to settle.
const READY: Duration = Duration::from_secs(60);
const SETTLE: Duration = Duration::from_secs(10);

/// What a process is: `plant` or `server`; the one that measures if unset.
const ROLE: &str = "SALTERN_BENCH_ROLE";
/// The folder of all of them.
const ROOM: &str = "SALTERN_BENCH_ROOM";
const PASSWORD: &str = "salt is patient";

fn main() {
    let room = std::env::var_os(ROOM).map(PathBuf::from);
    match (std::env::var(ROLE).as_deref(), room) {
        (Ok("plant"), Some(room)) => play(&room),
        (Ok("server"), Some(room)) => keep(&room),
        _ => measure(),
    }
}

fn now_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_micros() as i64
}

/// What tag `i` stands at: a slow wave for alarms to see, a little different every second.
fn level_m(i: usize, second: f64) -> f64 {
    2.0 + (second / 20.0 + i as f64).sin() + 1e-3 * ((second + i as f64) % 7.0)
}

// ---- the plant ----

fn plant_application() -> Application {
    Application {
        uri: "urn:saltern:bench:plant".into(),
        name: "plant".into(),
        hosts: vec!["127.0.0.1".into()],
    }
}

fn play(room: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let server = opcua(room).await;
        let broker = Broker::listen("127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        let node = edge_node(room, &broker);
        println!("{} {}", server.address(), broker.address());
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        for second in 0u32.. {
            tick.tick().await;
            let second = f64::from(second);
            let now = now_us();
            let points: Vec<(usize, Sample)> = (0..TAGS)
                .map(|i| (i, Sample::good(now, level_m(i, second))))
                .collect();
            server.publish(&points);
            // Sparkplug has times in whole milliseconds, so the sample is one as well.
            let now = now_us() / 1000 * 1000;
            let reading = |i: usize| Reading {
                tag: TagId(i as u32),
                sample: Sample::good(now, level_m(TAGS + i, second)),
            };
            let readings: Vec<Reading> = (0..TAGS).map(reading).collect();
            node.tell(&readings).await;
        }
    });
}

async fn opcua(room: &Path) -> OpcUaServer {
    let label = |text: &str| Label {
        en: text.into(),
        zh: text.into(),
    };
    let point = |i: usize| Point {
        id: format!("o{i:05}"),
        name: label("level"),
        folder: Some(0),
        unit: Some("m".into()),
        range: Some((0.0, 10.0)),
        kind: Kind::Number,
        writable: false,
    };
    let space = Space {
        namespace: "urn:bench".into(),
        folders: vec![Folder {
            id: "site".into(),
            name: label("site"),
            parent: None,
        }],
        points: (0..TAGS).map(point).collect(),
    };
    let settings = ServerSettings {
        listen: "127.0.0.1:0".into(),
        application: plant_application(),
        certificates: Certificates::open(&room.join("plant"), &plant_application()).unwrap(),
        unsecured: false,
        anonymous: Anonymous::Reads,
        users: None,
        writes: None,
        lang: Lang::En,
    };
    OpcUaServer::start(settings, space).await.unwrap()
}

/// Our own edge node, which tells a broker of tags of its own.
fn edge_node(room: &Path, broker: &Broker) -> Connections {
    let connections = format!(
        "id,protocol,endpoint,timeout [s],silence [s]\nup,forward,mqtt://{}/bench/node,5,30\n",
        broker.address()
    );
    let rows: String = (0..TAGS)
        .map(|i| format!("m{i:05},a,m,manual,1\n"))
        .collect();
    let files = [
        ("assets.csv", "id,level\na,site\n".to_string()),
        ("connections.csv", connections),
        (
            "tags.csv",
            format!("id,asset,unit,source,period [s]\n{rows}"),
        ),
    ];
    let text = |name: &str| {
        let file = files.iter().find(|(file, _)| *file == name);
        file.map(|(_, text)| text.clone())
    };
    let settings = saltern_connect::Settings {
        clock: Arc::new(now_us),
        ahead_s: 60.0,
        folder: room.join("plant"),
        application: plant_application(),
        outbox_bytes: 1 << 30,
        utc_offset_s: 0.0,
        workbook: None,
        seed: 1,
    };
    let inlet = mpsc::channel(1).0;
    start(&read(&text).unwrap(), &settings, &inlet)
}

// ---- the server ----

/// Writes the base folder: first the tags of the plant in the order of their numbers, then what is calculated.
fn write_base(room: &Path, opcua: &str, mqtt: &str) {
    let mut tags = String::from("id,asset,unit,quantity,source,connection,period [s],resolution\n");
    for i in 0..TAGS {
        writeln!(tags, "o{i:05},a,m,level,opcua:ns=2;s=o{i:05},plc,1,0.001").unwrap();
    }
    for i in 0..TAGS {
        let topic = format!("mqtt:spBv1.0/bench/NDATA/node#m{i:05}");
        writeln!(tags, "m{i:05},a,m,level,{topic},cell,1,0.001").unwrap();
    }
    let (mut alarms, mut formulas) = (
        String::from(
            "id,tag,kind,limit,deadband,on_delay [s],off_delay [s],priority,class,cause,cause_zh,consequence,consequence_zh,action,action_zh,source\n",
        ),
        String::from("tag,expression\n"),
    );
    for i in 0..ALARMS {
        writeln!(alarms, "high{i},o{i:05},high,2.9,0.1,0,0,low,production,Too much in,进水过多,Overflow,漫坝,Close the gate,关闸,assumed").unwrap();
    }
    for i in 0..FORMULAS {
        writeln!(tags, "f{i:05},a,m,level,calculated,,1,0.001").unwrap();
        writeln!(formulas, "f{i:05},o{i:05} + m{i:05}").unwrap();
    }
    let connections = format!(
        "id,protocol,endpoint,security,timeout [s],silence [s]\nplc,opcua,opc.tcp://{opcua}/,Aes256_Sha256_RsaPss,5,10\ncell,mqtt,mqtt://{mqtt},,5,10\n"
    );
    let base = room.join("base");
    std::fs::create_dir_all(&base).unwrap();
    for (name, text) in [
        ("assets.csv", "id,level\na,site\n"),
        ("connections.csv", &connections),
        ("tags.csv", &tags),
        ("alarms.csv", &alarms),
        ("calculated.csv", &formulas),
    ] {
        std::fs::write(base.join(name), text).unwrap();
    }
}

fn tags(base: &Path) -> Tags {
    let text = |name: &str| std::fs::read_to_string(base.join(name)).ok();
    read(&text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn keep(room: &Path) {
    let base = room.join("base");
    let lake = move || {
        Ok(Lake {
            id: "bench".into(),
            name: Label {
                en: "Bench".into(),
                zh: "基准".into(),
            },
            caveats: Vec::new(),
            base: None,
            power: Vec::new(),
            tags: tags(&base),
        })
    };
    let settings = Settings {
        data: room.join("data"),
        database: None,
        allow_writes: false,
        clock: Arc::new(now_us),
        wall: Arc::new(now_us),
        demo: None,
        past: Vec::new(),
        nights: None,
        jobs: None,
        diagrams: None,
        solve_plant: None,
        laboratory: None,
        dispatch: None,
        plan: None,
        store: Options::default(),
        read: Box::new(lake),
        stamp: Box::new(|| 0),
        console: &[],
        workbook: None,
        seed: 1,
        identity: None,
        outward: None,
        password: Some(PASSWORD.into()),
    };
    let begun = |_: &saltern_server::Serving, address: std::net::SocketAddr| println!("{address}");
    let address = "127.0.0.1:0".parse().unwrap();
    serve(settings, address, begun, || false).unwrap();
}

// ---- the one that measures ----

fn measure() {
    let seconds = std::env::args().find_map(|argument| argument.parse().ok());
    let measured = Duration::from_secs(seconds.unwrap_or(30));
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    let certificates = room.join("data/connections/opcua");
    let ours = Certificates::open(&certificates, &Application::here("bench")).unwrap();
    let theirs = Certificates::open(&room.join("plant"), &plant_application()).unwrap();
    ours.trust(&theirs.own()).unwrap();
    theirs.trust(&ours.own()).unwrap();
    let (plant, addresses) = process("plant", room);
    let (opcua, mqtt) = addresses.split_once(' ').unwrap();
    write_base(room, opcua, mqtt);
    let (server, address) = process("server", room);
    let cookie = sign_in(&address);
    let mut events = Events::open(&address, &cookie);
    settle(&mut events);
    let before = Reckoning::of(&server, &address, &cookie);
    let mut heard = Heard::default();
    while before.at.elapsed() < measured {
        heard.take(&mut events);
    }
    report(&heard, &before, &Reckoning::of(&server, &address, &cookie));
    drop(plant);
}

/// Another process, which ends with this one whatever happens.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts this program as something else; it says in its first line where it is.
fn process(role: &str, room: &Path) -> (Process, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, role)
        .env(ROOM, room)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    let process = Process(child);
    assert!(!line.is_empty(), "the {role} did not begin");
    (process, line.trim().into())
}

/// Waits until every tag has a value, and a little longer.
fn settle(events: &mut Events) {
    let begun = Instant::now();
    let mut known = vec![false; 2 * TAGS];
    let mut ready = None;
    while ready.is_none_or(|ready: Instant| ready.elapsed() < SETTLE) {
        let (_, data) = events.next("values");
        for value in data.as_array().unwrap() {
            if let Some(known) = known.get_mut(number(value)) {
                *known = value["quality"].as_u64() == Some(192);
            }
        }
        if ready.is_none() && known.iter().all(|known| *known) {
            ready = Some(Instant::now());
        }
        let wanting = known.iter().filter(|known| !**known).count();
        assert!(begun.elapsed() < READY, "{wanting} tags without a value");
    }
}

fn number(value: &Value) -> usize {
    value["n"].as_u64().unwrap() as usize
}

/// What came through the stream.
#[derive(Default)]
struct Heard {
    values: usize,
    lines: usize,
    opcua_ms: Vec<f64>,
    mqtt_ms: Vec<f64>,
}

impl Heard {
    fn take(&mut self, events: &mut Events) {
        let (name, data) = events.next("");
        let now_ms = now_us() as f64 / 1e3;
        let list = data.as_array().map_or(&[][..], Vec::as_slice);
        match name.as_str() {
            "journal" => self.lines += list.len(),
            "values" => {
                self.values += list.len();
                for value in list {
                    let age_ms = now_ms - value["time_ms"].as_f64().unwrap();
                    match number(value) {
                        n if n < TAGS => self.opcua_ms.push(age_ms),
                        n if n < 2 * TAGS => self.mqtt_ms.push(age_ms),
                        _ => {}
                    }
                }
            }
            "missed" => panic!("the stream missed {data} rounds"),
            _ => {}
        }
    }
}

/// The server's figures at an instant.
struct Reckoning {
    at: Instant,
    cpu_s: f64,
    rss_mb: f64,
    stored: u64,
    lost: u64,
}

impl Reckoning {
    fn of(server: &Process, address: &str, cookie: &str) -> Reckoning {
        let id = server.0.id().to_string();
        let system = get(address, "/api/system", cookie);
        Reckoning {
            at: Instant::now(),
            cpu_s: cpu_s(&id),
            rss_mb: rss_mb(&id),
            stored: system["stored"].as_u64().unwrap(),
            lost: system["lost"].as_u64().unwrap(),
        }
    }
}

fn report(heard: &Heard, before: &Reckoning, after: &Reckoning) {
    let seconds = (after.at - before.at).as_secs_f64();
    let mut opcua_ms = heard.opcua_ms.clone();
    let mut mqtt_ms = heard.mqtt_ms.clone();
    let mut all_ms = [opcua_ms.as_slice(), &mqtt_ms].concat();
    let mut ages = String::new();
    for ages_ms in [&mut all_ms, &mut opcua_ms, &mut mqtt_ms] {
        ages_ms.sort_by(f64::total_cmp);
        let at = |share: f64| ages_ms[((ages_ms.len() - 1) as f64 * share) as usize];
        write!(ages, " {:.0}, {:.0} |", at(0.5), at(0.99)).unwrap();
    }
    println!(
        "| tags | measured s | values/s through the stream | server CPU % of a core | server RSS MB | age ms p50, p99 | OPC UA | Sparkplug | samples stored/s | lost | lines of the journal |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    println!(
        "| {} | {seconds:.0} | {:.0} | {:.1} | {:.0} |{ages} {:.0} | {} | {} |",
        2 * TAGS,
        heard.values as f64 / seconds,
        100.0 * (after.cpu_s - before.cpu_s) / seconds,
        after.rss_mb,
        (after.stored - before.stored) as f64 / seconds,
        after.lost,
        heard.lines,
    );
}

// ---- a small client of HTTP/1.0, whose answers end with the connection and come in one piece ----

fn ask(address: &str, head: &str, body: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head} HTTP/1.0\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    )
    .unwrap();
    BufReader::new(stream)
}

fn sign_in(address: &str) -> String {
    let body = format!("{{\"name\": \"admin\", \"password\": \"{PASSWORD}\"}}");
    let mut answer = ask(address, "POST /api/session", &body);
    write!(answer.get_mut(), "\r\n{body}").unwrap();
    let mut text = String::new();
    answer.read_to_string(&mut text).unwrap();
    let cookie = text.lines().find_map(|line| {
        let line = line.strip_prefix("set-cookie: ")?;
        line.split(';').next()
    });
    cookie.unwrap_or_else(|| panic!("{text}")).into()
}

fn get(address: &str, path: &str, cookie: &str) -> Value {
    let mut answer = ask(address, &format!("GET {path}"), "");
    write!(answer.get_mut(), "cookie: {cookie}\r\n\r\n").unwrap();
    let mut text = String::new();
    answer.read_to_string(&mut text).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{text}"))
}

/// The live stream.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(address: &str, cookie: &str) -> Events {
        let mut answer = ask(address, "GET /api/stream", "");
        write!(answer.get_mut(), "cookie: {cookie}\r\n\r\n").unwrap();
        Events(answer)
    }

    /// The next event of a name, or any if it is empty.
    fn next(&mut self, wanted: &str) -> (String, Value) {
        let (mut name, mut line) = (String::new(), String::new());
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.trim().into();
            }
            let data = line.strip_prefix("data: ");
            if let Some(data) = data.filter(|_| wanted.is_empty() || name == wanted) {
                return (name, serde_json::from_str(data).unwrap());
            }
        }
    }
}

/// Time that a process was on a core, s. Linux only.
fn cpu_s(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks = |at: usize| {
        let word = after.split_whitespace().nth(at);
        word.and_then(|n| n.parse::<f64>().ok()).unwrap_or_default()
    };
    // utime and stime, the 14th and 15th of the line, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}

/// Memory that a process holds, MB.
fn rss_mb(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or_default() / 1e3
}
