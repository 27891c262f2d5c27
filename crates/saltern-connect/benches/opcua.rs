//! What tags at 1 Hz over OPC UA cost: our client in this process, our server in another.
//!
//! `cargo bench -p saltern-connect --bench opcua`; with the profile of development, `--profile dev`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for people who develop"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use saltern_base::model::Label;
use saltern_base::tags::read;
use saltern_connect::opcua::{
    Anonymous, Application, Certificates, Folder, Kind, OpcUaServer, Point, ServerSettings, Space,
};
use saltern_connect::{Settings, start};
use saltern_samples::Sample;
use saltern_units::Lang;
use tokio::sync::mpsc;

/// How long is measured, after so long for everything to settle.
const SETTLE: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(20);

/// Tags that a server in another process plays.
const PLAYED: &str = "SALTERN_BENCH_TAGS";
/// Its folder of certificates.
const FOLDER: &str = "SALTERN_BENCH_FOLDER";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    if let Ok(tags) = std::env::var(PLAYED) {
        runtime.block_on(play(tags.parse().unwrap()));
    } else {
        println!(
            "| tags at 1 Hz | security | values/s | client CPU % of a core | client RSS MB | server CPU % | server RSS MB | age of a value ms: p50 | p99 | server listens after ms |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for (tags, security) in [
            (1_000, "None"),
            (10_000, "None"),
            (10_000, "Basic256Sha256"),
            (10_000, "Aes256_Sha256_RsaPss"),
        ] {
            // A process for each, so that none inherits the other's memory.
            if std::env::args().nth(1).as_deref() == Some(&format!("{tags}{security}")) {
                runtime.block_on(measure(tags, security));
            } else if std::env::args()
                .nth(1)
                .is_none_or(|argument| argument.starts_with("--"))
            {
                let me = std::env::current_exe().unwrap();
                let run = Command::new(me)
                    .arg(format!("{tags}{security}"))
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&run.stdout).into_owned();
                println!("{}", said.lines().last().unwrap_or_default());
            }
        }
    }
}

fn now_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_micros() as i64
}

fn application(name: &str) -> Application {
    Application {
        uri: format!("urn:saltern:bench:{name}"),
        name: name.into(),
        hosts: vec!["127.0.0.1".into()],
    }
}

/// A server of tags that all change once a second.
async fn play(tags: usize) {
    let folder = std::path::PathBuf::from(std::env::var(FOLDER).unwrap());
    let label = |text: &str| Label {
        en: text.into(),
        zh: text.into(),
    };
    let point = |i: usize| Point {
        id: format!("t{i:05}"),
        name: label("level"),
        folder: Some(0),
        unit: Some("m".into()),
        range: Some((0.0, 1e9)),
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
        points: (0..tags).map(point).collect(),
    };
    let certificates = Certificates::open(&folder, &application("server")).unwrap();
    let begun = Instant::now();
    let settings = ServerSettings {
        listen: "127.0.0.1:0".into(),
        application: application("server"),
        certificates,
        unsecured: true,
        anonymous: Anonymous::Reads,
        users: None,
        writes: None,
        lang: Lang::En,
    };
    let server = OpcUaServer::start(settings, space).await.unwrap();
    println!(
        "{} {:.0}",
        server.address(),
        begun.elapsed().as_secs_f64() * 1e3
    );
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    for round in 0u32.. {
        tick.tick().await;
        let now = now_us();
        let sample = |i: usize| Sample::good(now, f64::from(round) + i as f64 * 1e-5);
        let all: Vec<(usize, Sample)> = (0..tags).map(|i| (i, sample(i))).collect();
        server.publish(&all);
    }
}

async fn measure(tags: usize, security: &str) {
    let folder = tempfile::tempdir().unwrap();
    let ours =
        Certificates::open(&folder.path().join("client/opcua"), &application("client")).unwrap();
    let theirs = Certificates::open(&folder.path().join("server"), &application("server")).unwrap();
    ours.trust(&theirs.own()).unwrap();
    theirs.trust(&ours.own()).unwrap();
    let (mut peer, address, listens) = served(tags, theirs.folder());
    let connections = format!(
        "id,protocol,endpoint,security,timeout [s],silence [s]\nplc,opcua,opc.tcp://{address}/,{security},5,10\n"
    );
    let row = |i: usize| format!("t{i},a,m,opcua:ns=2;s=t{i:05},1\n");
    let rows: String = (0..tags).map(row).collect();
    let files = [
        ("assets.csv", "id,level\na,site\n".to_string()),
        ("connections.csv", connections),
        (
            "tags.csv",
            format!("id,asset,unit,source,period [s]\n{rows}"),
        ),
    ];
    let text = |name: &str| {
        files
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, text)| text.clone())
    };
    let live = read(&text).unwrap();
    let (inlet, mut outlet) = mpsc::channel(1024);
    let settings = Settings {
        clock: Arc::new(now_us),
        ahead_s: 60.0,
        folder: folder.path().join("client"),
        application: application("client"),
        outbox_bytes: 1 << 20,
        utc_offset_s: 0.0,
        workbook: None,
        seed: 1,
    };
    let connections = start(&live, &settings, &inlet);
    let begun = Instant::now();
    let (mut ages_ms, mut before) = (Vec::new(), None);
    while begun.elapsed() < SETTLE + MEASURED {
        let Ok(Some(batch)) = tokio::time::timeout(Duration::from_secs(5), outlet.recv()).await
        else {
            panic!("{:?}", connections.health());
        };
        if begun.elapsed() < SETTLE {
            continue;
        }
        before
            .get_or_insert_with(|| (Instant::now(), cpu_s("self"), cpu_s(&peer.id().to_string())));
        let now = now_us();
        ages_ms.extend(
            batch
                .readings
                .iter()
                .map(|r| (now - r.sample.time_us) as f64 / 1e3),
        );
    }
    let (since, own, other) = before.unwrap();
    let seconds = since.elapsed().as_secs_f64();
    let server = peer.id().to_string();
    let share = |now: f64, then: f64| 100.0 * (now - then) / seconds;
    ages_ms.sort_by(f64::total_cmp);
    let at = |share: f64| ages_ms[((ages_ms.len() - 1) as f64 * share) as usize];
    println!(
        "| {tags} | {security} | {:.0} | {:.1} | {:.0} | {:.1} | {:.0} | {:.0} | {:.0} | {listens} |",
        ages_ms.len() as f64 / seconds,
        share(cpu_s("self"), own),
        rss_mb("self"),
        share(cpu_s(&server), other),
        rss_mb(&server),
        at(0.5),
        at(0.99),
    );
    let _ = peer.kill();
    let _ = peer.wait();
}

fn served(tags: usize, folder: &std::path::Path) -> (Child, String, String) {
    let mut peer = Command::new(std::env::current_exe().unwrap())
        .env(PLAYED, tags.to_string())
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(peer.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let (address, listens) = line.trim().split_once(' ').unwrap();
    (peer, address.into(), listens.into())
}

/// Time that a process was on a core, s. Linux only.
fn cpu_s(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks = |at: usize| {
        after
            .split_whitespace()
            .nth(at)
            .and_then(|n| n.parse::<f64>().ok())
    };
    // utime and stime, the 14th and 15th of the line, in hundredths of a second.
    (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default()) / 100.0
}

/// Memory that a process holds, MB.
fn rss_mb(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or_default() / 1e3
}
