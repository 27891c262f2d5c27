//! Our client against asyncua's server.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use saltern_connect::Phase;
use saltern_samples::{Quality, Reading, TagId};

use super::certificate;
use crate::peer::{BACK, Peer, Plant, free_port, listening, live, plant, plant_in, restarts};

const TAGS: usize = 1000;

/// A server with `tags` tags; `more` are further arguments.
fn server(port: u16, tags: usize, more: &[&str]) -> Peer {
    let mut arguments = vec![port.to_string(), "--tags".into(), tags.to_string()];
    arguments.extend(more.iter().map(ToString::to_string));
    Peer::script("opcua_server.py", &arguments)
}

/// Waits until a server takes connections.
async fn up(peer: &Peer, port: u16) {
    listening(port).await;
    // asyncua binds its port last; what it prints comes right after.
    let _ = peer.said.recv_timeout(Duration::from_secs(5));
}

fn connection(port: u16, security: &str, silence_s: u32) -> String {
    format!(
        "id,protocol,endpoint,security,timeout [s],silence [s]\nplc,opcua,opc.tcp://127.0.0.1:{port}/,{security},5,{silence_s}\n"
    )
}

fn rows(tags: usize) -> String {
    let head = "id,asset,unit,source,period [s],writable,write_min,write_max\n".to_string();
    let row = |i: usize| format!("t{i},a,1,opcua:ns=2;s=t{i:04},1,,,\n");
    head + &(0..tags).map(row).collect::<String>()
}

/// Which tags had a good value.
#[derive(Default)]
struct Seen(HashSet<u32>);

impl Seen {
    fn all_good(&mut self, reading: Reading, tags: usize) -> bool {
        if reading.sample.quality == Quality::GOOD {
            self.0.insert(reading.tag.0);
        }
        self.0.len() == tags
    }
}

async fn all_live(plant: &mut Plant, limit: Duration) -> Duration {
    let mut seen = Seen::default();
    plant
        .within(limit, "all tags live", &mut |r| seen.all_good(r, TAGS))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_whole_and_writes_arrive() {
    let port = free_port();
    let peer = server(port, TAGS, &["--period", "0.5"]);
    up(&peer, port).await;
    let more = "whole,a,1,opcua:nsu=urn:saltern:peer:tags;s=whole,1,yes,0,100\n\
        set,a,1,opcua:ns=2;s=set,1,yes,0,100\n\
        broken,a,1,opcua:ns=2;s=broken,1,,,\n\
        absent,a,1,opcua:ns=2;s=absent,1,,,\n";
    let base = live(&connection(port, "None", 5), &(rows(TAGS) + more));
    let mut plant = plant(&base);
    // Every round of every tag, in order, without a hole: 8 rounds of 1000 tags.
    let mut rounds: HashMap<u32, Vec<f64>> = HashMap::new();
    let mut other = HashMap::new();
    plant
        .until("eight rounds of every tag", |reading| {
            let tag = reading.tag.0;
            if tag as usize >= TAGS {
                other.insert(tag as usize - TAGS, reading.sample);
            } else if reading.sample.value > 0.0 {
                let round = reading.sample.value - f64::from(tag) / 1000.0;
                rounds.entry(tag).or_default().push(round.round());
                assert!(reading.sample.quality == Quality::GOOD);
            }
            rounds.len() == TAGS && rounds.values().all(|of| of.len() >= 8)
        })
        .await;
    for (tag, rounds) in &rounds {
        let holes = rounds.windows(2).filter(|pair| pair[1] - pair[0] != 1.0);
        assert_eq!(holes.count(), 0, "tag {tag}: {rounds:?}");
    }
    assert_eq!((other[&0].value, other[&0].quality), (7.0, Quality::GOOD));
    assert_eq!(other[&1].value, 0.5);
    assert_eq!(other[&2].quality, Quality::SENSOR_FAILURE);
    assert_eq!(other[&3].quality, Quality::CONFIGURATION_ERROR);
    let health = plant.connections.health()[0].1.clone();
    assert_eq!((health.phase, health.refused), (Phase::Live, 1));
    let trouble = health.trouble.map(|trouble| trouble.code());
    assert_eq!(trouble, Some("connect.unknown_address"));

    for (tag, value) in [(TAGS, 42.0), (TAGS + 1, 12.25)] {
        let tag = tag as u32;
        assert_eq!(plant.connections.write(TagId(tag), value).await, Ok(()));
        let back = |r: Reading| r.tag.0 == tag && r.sample.value == value;
        plant.until("what was written", back).await;
    }
    // Half of an integer, and a node that is not there.
    for tag in [TAGS, TAGS + 3] {
        let refused = plant.connections.write(TagId(tag as u32), 0.5).await;
        assert_eq!(refused.map_err(|e| e.code()), Err("connect.write_refused"));
    }
    plant.connections.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_policies_and_a_trust_list() {
    let folder = tempfile::tempdir().expect("a folder");
    certificate(folder.path(), "urn:saltern:peer");
    let (cert, key) = (
        folder.path().join("cert.der"),
        folder.path().join("key.pem"),
    );
    let ours = folder.path().join("ours");
    let trusted = ours.join("opcua/trusted/server.der");
    for policy in [
        "Basic256Sha256",
        "Aes128_Sha256_RsaOaep",
        "Aes256_Sha256_RsaPss",
    ] {
        let port = free_port();
        let path = |path: &Path| path.display().to_string();
        let more = [
            "--security",
            policy,
            "--certificate",
            &path(&cert),
            "--key",
            &path(&key),
        ];
        let peer = server(port, 20, &more);
        up(&peer, port).await;
        let base = live(&connection(port, policy, 5), &rows(20));
        let mut plant = plant_in(&base, &ours);
        if policy == "Basic256Sha256" {
            let code = trouble(&plant, "connect.untrusted").await;
            assert_eq!(code, "connect.untrusted");
            assert!(plant.outlet.try_recv().is_ok_and(|batch| {
                batch
                    .readings
                    .iter()
                    .all(|r| r.sample.quality == Quality::NOT_CONNECTED)
            }));
            std::fs::copy(&cert, &trusted).expect("to trust it");
        }
        let mut seen = Seen::default();
        plant.until("all tags live", |r| seen.all_good(r, 20)).await;
        plant.connections.stop().await;
        // Another policy than the server's is not silently taken instead.
        let other = if policy == "Basic256Sha256" {
            "Aes256_Sha256_RsaPss"
        } else {
            "None"
        };
        let base = live(&connection(port, other, 5), &rows(20));
        let plant = plant_in(&base, &ours);
        assert_eq!(
            trouble(&plant, "connect.no_security").await,
            "connect.no_security"
        );
        plant.connections.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_to_be_wrong() {
    let port = free_port();
    let peer = server(port, 5, &["--user", "saltern:secret"]);
    up(&peer, port).await;
    // A variable that every machine has, whose value is not the password.
    let head = "id,protocol,endpoint,security,user,secret,timeout [s],silence [s]\n";
    let with = |variable: &str| {
        let row = format!("plc,opcua,opc.tcp://127.0.0.1:{port}/,None,saltern,{variable},3,5\n");
        live(&format!("{head}{row}"), &rows(5))
    };
    let plant = plant(&with("PATH"));
    assert_eq!(trouble(&plant, "connect.refused").await, "connect.refused");
    plant.connections.stop().await;
}

/// Waits for a trouble and says its code.
async fn trouble(plant: &Plant, code: &'static str) -> &'static str {
    let begun = Instant::now();
    loop {
        let found = plant.connections.health()[0].1.trouble.clone();
        let found = found.map(|trouble| trouble.code());
        if found == Some(code) || begun.elapsed() > Duration::from_secs(20) {
            return found.unwrap_or("none");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Killed as by a power cut and started again: all tags live again within the bar from when it listens, one gap an outage.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_is_found_again() {
    let port = free_port();
    let mut peer = server(port, TAGS, &["--period", "3"]);
    up(&peer, port).await;
    let mut plant = plant(&live(&connection(port, "None", 10), &rows(TAGS)));
    all_live(&mut plant, Duration::from_secs(30)).await;
    let mut times = Vec::new();
    for _ in 0..restarts() {
        peer.kill();
        let mut gone = HashSet::new();
        let mut gap = |r: Reading| {
            if r.sample.quality == Quality::COMM_FAILURE {
                assert!(gone.insert(r.tag.0), "one gap a tag");
            }
            gone.len() == TAGS
        };
        plant.within(BACK, "a gap of every tag", &mut gap).await;
        peer = server(port, TAGS, &["--period", "3"]);
        listening(port).await;
        times.push(all_live(&mut plant, BACK).await);
    }
    let health = plant.connections.health()[0].1.clone();
    assert_eq!(health.gaps, restarts() as u64);
    assert_eq!(health.reconnects, restarts() as u64);
    println!(
        "{} restarts of an OPC UA server, {TAGS} tags: live again after {times:.1?}",
        restarts()
    );
    plant.connections.stop().await;
}

/// A server that stops answering without going away.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_left_and_found_again() {
    let port = free_port();
    let peer = server(port, TAGS, &["--period", "3"]);
    up(&peer, port).await;
    let mut plant = plant(&live(&connection(port, "None", 5), &rows(TAGS)));
    all_live(&mut plant, Duration::from_secs(30)).await;
    signal(&peer, "STOP");
    let mut gaps = 0;
    let mut gap = |r: Reading| {
        gaps += usize::from(r.sample.quality == Quality::COMM_FAILURE);
        gaps == TAGS
    };
    plant.within(BACK, "a gap of every tag", &mut gap).await;
    signal(&peer, "CONT");
    let time = all_live(&mut plant, BACK).await;
    let health = plant.connections.health()[0].1.clone();
    assert_eq!((health.gaps, health.reconnects), (1, 1));
    println!("a silent OPC UA server, {TAGS} tags: live again after {time:.1?}");
    plant.connections.stop().await;
}

/// A server that has nothing new to say is not one that has fallen silent.
#[tokio::test(flavor = "multi_thread")]
async fn values_that_stay_are_no_silence() {
    let port = free_port();
    let peer = server(port, 5, &["--period", "3600"]);
    up(&peer, port).await;
    let mut plant = plant(&live(&connection(port, "None", 5), &rows(5)));
    let mut seen = Seen::default();
    plant.until("all tags live", |r| seen.all_good(r, 5)).await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    let health = plant.connections.health()[0].1.clone();
    assert_eq!(
        (health.phase, health.attempts, health.gaps),
        (Phase::Live, 1, 0)
    );
    plant.connections.stop().await;
}

fn signal(peer: &Peer, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(peer.id().to_string())
        .status();
    assert!(sent.expect("kill").success());
}
