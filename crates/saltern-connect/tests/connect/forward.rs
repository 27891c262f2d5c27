//! Telling a broker above: four days without it, and then; one that is killed while it is told what waited.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::{Duration, Instant};

use saltern_samples::{Reading, Sample, TagId};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::mqtt::mosquitto;
use crate::peer::{Peer, free_port, listening, live, now_us, plant_in};

const TAGS: usize = 50;
const MINUTE_US: i64 = 60_000_000;

fn heard(report: &Path) -> Value {
    let text = std::fs::read_to_string(report).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

async fn until(report: &Path, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let said = heard(report);
        if wanted(&said) {
            return said;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A host of Sparkplug that listens to the edge node.
async fn host(port: u16, report: &Path) -> Peer {
    let arguments = [port.to_string(), report.display().to_string()];
    let host = Peer::script("sparkplug_host.py", &arguments);
    until(report, "the host", |said| said["subscriptions"] == 1).await;
    host
}

#[tokio::test(flavor = "multi_thread")]
async fn four_days_without_a_broker_cost_room_alone() {
    let room = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let connections = format!(
        "id,protocol,endpoint,timeout [s],silence [s]\nabove,forward,mqtt://127.0.0.1:{port}/up/lake,3,6\n"
    );
    let rows: String = (0..TAGS).map(|i| format!("t{i},a,1,manual,60\n")).collect();
    let rows = format!("id,asset,unit,source,period [s]\n{rows}now,a,1,manual,1\n");
    let base = live(&connections, &rows);

    // Four days of a sample a minute, told an hour at a time. The program is begun anew in between.
    let minutes = 4 * 24 * 60;
    let begin_us = now_us() - i64::from(minutes) * MINUTE_US;
    let mut plant = plant_in(&base, room.path());
    for hour in 0..minutes / 60 {
        if hour == 48 {
            plant.connections.stop().await;
            plant = plant_in(&base, room.path());
        }
        let reading = |i: i32| Reading {
            tag: TagId(i as u32 % TAGS as u32),
            sample: Sample::good(
                begin_us + i64::from(hour * 60 + i / TAGS as i32) * MINUTE_US,
                f64::from(hour * 60 + i / TAGS as i32),
            ),
        };
        let hour: Vec<Reading> = (0..60 * TAGS as i32).map(reading).collect();
        plant.connections.tell(&hour).await;
    }
    let waiting = plant.connections.waiting()[0].1;
    assert!(waiting.bytes <= 4 << 20, "{waiting:?}");
    assert!(waiting.dropped > 0, "the outbox is bounded");
    plant.connections.stop().await;

    // The broker comes. What happens now is told while the past still drains, oldest first.
    let _broker = mosquitto(port, room.path(), "max_queued_messages 0\n");
    listening(port).await;
    let report = room.path().join("heard.json");
    let _host = host(port, &report).await;
    let plant = plant_in(&base, room.path());
    let begun = Instant::now();
    let now = Reading {
        tag: TagId(TAGS as u32),
        sample: Sample::good(now_us(), 1.0),
    };
    plant.connections.tell(&[now]).await;
    let empty = |_: &Value| plant.connections.waiting()[0].1.messages == 0;
    until(&report, "an empty outbox", empty).await;
    let drained = begun.elapsed();

    // Letters of an hour hold 2000 and 1000 readings; the oldest were dropped.
    let dropped = plant.connections.waiting()[0].1.dropped;
    let kept = minutes as u64 * TAGS as u64 - dropped / 2 * 3000 - dropped % 2 * 2000;
    let all = |said: &Value| {
        said["past"].as_u64().unwrap_or(0) + said["live"].as_u64().unwrap_or(0) > kept
    };
    let said = until(&report, "all that was kept", all).await;
    println!(
        "{kept} readings of {minutes} minutes drained in {drained:?}, {dropped} letters dropped: {said}"
    );
    assert_eq!(
        (&said["out_of_order"], &said["gaps_in_seq"]),
        (&0.into(), &0.into())
    );
    assert_eq!(said["last"]["now"], 1.0);
    let before = said["past_before_now"][0].as_u64().expect("a live value");
    assert!(
        before < kept / 2,
        "the present waited for {before} readings of the past"
    );
    plant.connections.stop().await;
}

/// Carries one visit of the edge node to the broker. After so many bytes, be it in the middle of a message, the broker hears no
/// more; the way is gone with this.
struct Ferry {
    task: JoinHandle<()>,
    /// What the node sent, once the broker hears no more.
    carried: oneshot::Receiver<Vec<u8>>,
}

impl Ferry {
    async fn begin(from: u16, to: u16, bytes: usize) -> Ferry {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, from)).await;
        let listener = listener.expect("a way");
        let (tell, carried) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (node, _) = listener.accept().await.expect("a node");
            drop(listener);
            let broker = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await;
            let (mut answers, mut to_broker) = broker.expect("a broker").into_split();
            let (mut words, mut to_node) = node.into_split();
            let onward = async {
                let (mut sent, mut part) = (Vec::new(), vec![0; 4096]);
                while sent.len() < bytes {
                    let most = part.len().min(bytes - sent.len());
                    let Ok(length @ 1..) = words.read(&mut part[..most]).await else {
                        break;
                    };
                    sent.extend_from_slice(&part[..length]);
                    to_broker
                        .write_all(&part[..length])
                        .await
                        .expect("a broker");
                }
                let _ = tell.send(sent);
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = onward => {}
                _ = copy(&mut answers, &mut to_node) => {}
            }
        });
        Ferry { task, carried }
    }
}

impl Drop for Ferry {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How many messages with data are whole in what a client sent (MQTT 5.0, 2.1.1 and 2.1.4).
fn whole_data(mut sent: &[u8]) -> u64 {
    let mut whole = 0;
    while let Some((first, rest)) = sent.split_first() {
        let (mut length, mut place) = (0, 0);
        while let Some(byte) = rest.get(place) {
            length |= usize::from(byte & 0x7F) << (7 * place);
            place += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let Some(body) = rest.get(place..place + length) else {
            break;
        };
        whole += u64::from(first >> 4 == 3 && body.windows(5).any(|part| part == b"NDATA"));
        sent = &rest[place + length..];
    }
    whole
}

/// The broker is gone in the middle of a message, with others before it that it had and had not yet said so. All of the past
/// arrives in the end, in order within each life of the edge node, and what happens now is told before it.
#[tokio::test(flavor = "multi_thread")]
async fn a_broker_killed_while_the_past_drains_loses_nothing() {
    let room = tempfile::tempdir().expect("a folder");
    let (way, port) = (free_port(), free_port());
    // Whatever the broker has it hands on at once.
    let more = "max_queued_messages 0\nmax_inflight_messages 0\n";
    let mut broker = mosquitto(port, room.path(), more);
    listening(port).await;
    let report = room.path().join("heard.json");
    let _host = host(port, &report).await;

    let connections = format!(
        "id,protocol,endpoint,timeout [s],silence [s]\nabove,forward,mqtt://127.0.0.1:{way}/up/lake,30,60\n"
    );
    let rows: String = (0..TAGS).map(|i| format!("t{i},a,1,manual,60\n")).collect();
    let rows = format!("id,asset,unit,source,period [s]\n{rows}now,a,1,manual,1\n");
    let plant = plant_in(&live(&connections, &rows), room.path());
    let (minutes, begin_us) = (1000, now_us() - 1000 * MINUTE_US);
    for minute in 0..minutes {
        let time_us = begin_us + minute * MINUTE_US;
        let reading = |tag: usize| Reading {
            tag: TagId(tag as u32),
            sample: Sample::good(time_us, minute as f64),
        };
        let all: Vec<Reading> = (0..TAGS).map(reading).collect();
        plant.connections.tell(&all).await;
    }
    let now = |value: f64| Reading {
        tag: TagId(TAGS as u32),
        sample: Sample::good(now_us(), value),
    };
    plant.connections.tell(&[now(1.0)]).await;

    for (life, bytes) in [(1, 400_000), (2, 500_000)] {
        let mut ferry = Ferry::begin(way, port, bytes).await;
        let sent = timeout(Duration::from_secs(60), &mut ferry.carried).await;
        let sent = sent.expect("in time").expect("what was sent");
        // All that the broker may have said to have is with the host, and what it says now is not heard.
        let whole = whole_data(&sent);
        assert!(whole > 3, "{whole}");
        until(&report, "what the broker has", |said| {
            said["data_of_life"] == whole
        })
        .await;
        broker.kill();
        drop(ferry);
        let waiting = plant.connections.waiting()[0].1;
        assert!(waiting.messages > 0, "the past was still draining");
        plant.connections.tell(&[now(f64::from(life) + 1.0)]).await;
        broker = mosquitto(port, room.path(), more);
        listening(port).await;
        until(&report, "the host again", |said| {
            said["subscriptions"] == life + 1
        })
        .await;
    }
    let _ferry = Ferry::begin(way, port, usize::MAX).await;
    let told = TAGS as i64 * minutes + 3;
    let said = until(&report, "all that was told", |said| {
        said["different"] == told
    })
    .await;
    until(&report, "an empty outbox", |_| {
        plant.connections.waiting()[0].1.messages == 0
    })
    .await;
    println!("{told} readings through a broker that was killed twice: {said}");
    assert_eq!(
        (&said["out_of_order"], &said["gaps_in_seq"], &said["birth"]),
        (&0.into(), &0.into(), &3.into())
    );
    assert_eq!(said["past_before_now"], serde_json::json!([0, 0, 0]));
    assert_eq!(said["last"]["now"], 3.0);
    assert_eq!(plant.connections.waiting()[0].1.dropped, 0);
    plant.connections.stop().await;
}
