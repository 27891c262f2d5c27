//! MQTT and Sparkplug B against mosquitto and an edge node of pysparkplug.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use saltern_samples::{Quality, Reading, TagId};

use crate::peer::{BACK, Peer, Plant, free_port, listening, live, plant, restarts};

/// The broker, wherever the system has it.
pub(crate) fn mosquitto(port: u16, room: &Path, more: &str) -> Peer {
    let file = room.join(format!("{port}.conf"));
    let text =
        format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n{more}");
    std::fs::write(&file, text).expect("a configuration");
    let usual = PathBuf::from("/usr/sbin/mosquitto");
    let program = if usual.exists() {
        usual
    } else {
        "mosquitto".into()
    };
    Peer::start(Command::new(program).arg("-c").arg(file))
}

fn node(port: u16, metrics: usize) -> Peer {
    Peer::script(
        "sparkplug_node.py",
        &[port.to_string(), metrics.to_string()],
    )
}

fn base(endpoint: &str, more: &str, rows: &str) -> Plant {
    let connections = format!(
        "id,protocol,endpoint,version,security,timeout [s],silence [s]\nbroker,mqtt,{endpoint},{more},3,6\n"
    );
    let tags = format!("id,asset,unit,source,period [s],writable,write_min,write_max\n{rows}");
    plant(&live(&connections, &tags))
}

const ROWS: &str = "up,a,1,mqtt:spBv1.0/g/NDATA/n#up,0.2,,,\n\
    off,a,1,mqtt:spBv1.0/g/NDATA/n#off,0.2,,,\n\
    m,a,1,mqtt:spBv1.0/g/DDATA/n/d#m3,0.2,,,\n\
    set,a,1,mqtt:spBv1.0/g/NDATA/n#set,0.2,yes,0,100\n\
    number,a,1,mqtt:plain/number,0.2,yes,0,1\n\
    field,a,1,mqtt:plain/json#data.0.v,0.2,,,\n\
    ok,a,1,mqtt:plain/json#data.0.ok,0.2,,,\n\
    word,a,1,mqtt:plain/word,0.2,,,\n";

/// Everything is heard in both versions of the protocol.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_and_plain_topics_are_heard_and_written_to() {
    let room = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let _broker = mosquitto(port, room.path(), "");
    listening(port).await;
    let mut edge = node(port, 5);
    for version in ["5", "3.1.1"] {
        let endpoint = format!("mqtt://127.0.0.1:{port}");
        let mut plant = base(&endpoint, &format!("{version},"), ROWS);
        let mut seen: HashMap<u32, (f64, Quality)> = HashMap::new();
        let mut keep = |Reading { tag, sample }: Reading| {
            seen.insert(tag.0, (sample.value, sample.quality));
            seen.len() == 8
        };
        plant.until("all tags", &mut keep).await;
        assert_eq!(seen[&1], (-5.0, Quality::GOOD));
        assert_eq!(seen[&2], (3.0, Quality::GOOD));
        assert_eq!(seen[&6], (1.0, Quality::GOOD));
        assert_eq!(seen[&7].1, Quality::CONFIGURATION_ERROR);
        assert_eq!(seen[&4].1, Quality::GOOD);

        let value = if version == "5" { 42.0 } else { 43.0 };
        assert_eq!(plant.connections.write(TagId(3), value).await, Ok(()));
        plant
            .until("what was written", |r| {
                r.tag.0 == 3 && r.sample.value == value
            })
            .await;
        let refused = plant.connections.write(TagId(4), 1.0).await;
        assert_eq!(refused.map_err(|e| e.code()), Err("connect.write_refused"));
        plant.connections.stop().await;
    }

    // Retained messages are of unknown age.
    let endpoint = format!("mqtt://127.0.0.1:{port}");
    let mut plant = base(&endpoint, "5,", "kept,a,1,mqtt:plain/kept,60,,,\n");
    let kept = |r: Reading| (r.sample.value, r.sample.quality) == (7.0, Quality::LAST_USABLE);
    plant.until("what the broker kept", kept).await;
    plant.connections.stop().await;

    // The device leaves and comes back; then the node loses power.
    let mut plant = base(&endpoint, "5,", ROWS);
    plant
        .until("the device", |r| {
            r.tag.0 == 2 && r.sample.quality == Quality::GOOD
        })
        .await;
    let mut tell = |word: &str| {
        let input = edge.input.as_mut().expect("its input");
        input.write_all(word.as_bytes()).expect("it listens");
    };
    tell("bye\n");
    plant
        .until("the device's end", |r| {
            r.tag.0 == 2 && r.sample.quality == Quality::COMM_FAILURE
        })
        .await;
    tell("hello\n");
    plant
        .until("the device again", |r| {
            r.tag.0 == 2 && r.sample.quality == Quality::GOOD
        })
        .await;
    // A number is left out: births are asked for, and tell of what else does not change.
    tell("skip\n");
    plant
        .until("a birth", |r| {
            r.tag.0 == 1 && r.sample.quality == Quality::GOOD
        })
        .await;
    edge.kill();
    let mut gone = HashSet::new();
    let mut gaps = |r: Reading| {
        if r.sample.quality == Quality::COMM_FAILURE {
            gone.insert(r.tag.0);
        }
        (0..4).all(|tag| gone.contains(&tag))
    };
    plant.until("the node's death", &mut gaps).await;
    plant.connections.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_was_killed_is_found_again() {
    const TAGS: usize = 1000;
    let room = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let mut broker = mosquitto(port, room.path(), "");
    listening(port).await;
    let _edge = node(port, TAGS);
    let rows: String = (0..TAGS)
        .map(|i| format!("t{i},a,1,mqtt:spBv1.0/g/DDATA/n/d#m{i},1,,,\n"))
        .collect();
    let mut plant = base(&format!("mqtt://127.0.0.1:{port}"), "5,", &rows);
    let all = |quality: Quality| {
        let mut seen = HashSet::new();
        move |r: Reading| {
            if r.sample.quality == quality {
                assert!(
                    seen.insert(r.tag.0) || quality == Quality::GOOD,
                    "one gap in an outage"
                );
            }
            seen.len() == TAGS
        }
    };
    plant.until("all live", all(Quality::GOOD)).await;
    let mut worst = Duration::ZERO;
    for cycle in 0..restarts() {
        broker.kill();
        plant.until("all gaps", all(Quality::COMM_FAILURE)).await;
        tokio::time::sleep(Duration::from_millis(700 * (cycle as u64 % 7))).await;
        broker = mosquitto(port, room.path(), "");
        listening(port).await;
        worst = worst.max(
            plant
                .within(BACK, "all live again", &mut all(Quality::GOOD))
                .await,
        );
    }
    println!(
        "{} restarts of a broker, {TAGS} tags: live again within {worst:?}",
        restarts()
    );
    let health = &plant.connections.health()[0].1;
    assert_eq!(
        (health.gaps, health.reconnects),
        (restarts() as u64, restarts() as u64)
    );
    plant.connections.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_is_spoken_to_through_tls_by_those_who_can_vouch_for_it() {
    let room = tempfile::tempdir().expect("a folder");
    let at = room.path().display();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/certificates.py");
    let made = Command::new(crate::peer::python())
        .arg(script)
        .arg(room.path())
        .status();
    assert!(made.is_ok_and(|status| status.success()), "certificates");
    let port = free_port();
    let tls = format!("certfile {at}/server.pem\nkeyfile {at}/server.key\n");
    let _broker = mosquitto(port, room.path(), &tls);
    listening(port).await;
    let endpoint = format!("mqtts://127.0.0.1:{port}");
    let row = "x,a,1,mqtt:x,60,,,\n";
    let trusting = base(&endpoint, &format!("5,{at}/ca.pem"), row);
    let doubting = base(&endpoint, &format!("5,{at}/server.pem"), row);
    let begun = std::time::Instant::now();
    while trusting.connections.health()[0].1.phase != saltern_connect::Phase::Live {
        assert!(
            begun.elapsed() < BACK,
            "{:?}",
            trusting.connections.health()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let doubts = doubting.connections.health()[0].1.clone();
    assert_ne!(doubts.phase, saltern_connect::Phase::Live);
    assert_eq!(
        doubts.trouble.map(|trouble| trouble.code()),
        Some("connect.unreachable")
    );
}

/// The broker that the played plant brings along.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_broker_does_what_sparkplug_asks_of_one() {
    let broker = saltern_connect::Broker::listen(([127, 0, 0, 1], 0).into())
        .await
        .expect("a port");
    let port = broker.address().port();
    let mut edge = node(port, 5);
    for version in ["5", "3.1.1"] {
        let endpoint = format!("mqtt://127.0.0.1:{port}");
        let mut plant = base(&endpoint, &format!("{version},"), ROWS);
        let mut seen = HashSet::new();
        let mut keep = |r: Reading| {
            seen.insert(r.tag.0);
            seen.len() == 8
        };
        plant.until("all tags", &mut keep).await;
        assert_eq!(plant.connections.write(TagId(3), 42.0).await, Ok(()));
        plant
            .until("what was written", |r| {
                r.tag.0 == 3 && r.sample.value == 42.0
            })
            .await;
        if version == "3.1.1" {
            edge.kill();
            let gone = |r: Reading| r.tag.0 == 2 && r.sample.quality == Quality::COMM_FAILURE;
            plant.until("the node's will", gone).await;
        }
        plant.connections.stop().await;
    }
}
