//! Telling a broker above: four days without it, and then.

use std::time::{Duration, Instant};

use saltern_samples::{Reading, Sample, TagId};
use serde_json::Value;

use crate::mqtt::mosquitto;
use crate::peer::{Peer, free_port, listening, live, now_us, plant_in};

const TAGS: usize = 50;
const MINUTE_US: i64 = 60_000_000;

fn heard(report: &std::path::Path) -> Value {
    let text = std::fs::read_to_string(report).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

async fn until(report: &std::path::Path, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
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
    let _host = Peer::script(
        "sparkplug_host.py",
        &[port.to_string(), report.display().to_string()],
    );
    until(&report, "the host", |said| said["connected"] == true).await;
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
    let before = said["first_live_after_past"]
        .as_u64()
        .expect("a live value");
    assert!(
        before < kept / 2,
        "the present waited for {before} readings of the past"
    );
    plant.connections.stop().await;
}
