//! A disk under the server that is full, read-only or cannot sync: what comes over HTTP is refused with a reason, what comes
//! over a connection waits, the server says so by an alarm of its own, and goes on by itself when the disk does.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use axum::http::StatusCode;
use saltern_connect::Broker;
use serde_json::{Value, json};

use super::hall::{Hall, NOW_US, SECOND_US, TAGS, run, until};

/// Says to a child, and to the library under it, where the names of failures are.
const FAILING: &str = "SALTERN_FAILING";
/// Says to a child which disk it may fill, and where its own folders are.
const DISK: &str = "SALTERN_SERVER_DISK";

/// Runs one of the children below.
fn run_child(command: &mut Command) {
    let output = command.output().expect("a child");
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && words.contains("1 passed"),
        "{words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn skipped(what: &str) {
    writeln!(std::io::stderr(), "skipped: {what}").expect("said");
}

#[test]
fn a_disk_that_cannot_write_or_sync_is_an_alarm_and_costs_nothing_acknowledged() {
    let room = tempfile::tempdir().expect("a folder");
    let library = room.path().join("failing_disk.so");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(crates.join("saltern-history/tests/history/failing_disk.c"))
        .arg("-ldl")
        .status();
    if !cfg!(target_os = "linux") || !built.is_ok_and(|status| status.success()) {
        return skipped("no C compiler on Linux, so no failing disk");
    }
    run_child(
        Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "failing::child_on_a_failing_disk"])
            .env("LD_PRELOAD", &library)
            .env(FAILING, room.path()),
    );
}

#[test]
fn a_full_disk_is_an_alarm_and_costs_nothing_acknowledged() {
    let inside = "mount -t tmpfs -o size=16m tmpfs \"$0\" && exec \"$@\"";
    let room = tempfile::tempdir().expect("a folder");
    let can = Command::new("unshare").args(["-rm", "true"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return skipped("no mount of one's own on this machine, so no full disk");
    }
    run_child(
        Command::new("unshare")
            .args(["-rm", "sh", "-c", inside])
            .arg(room.path())
            .arg(std::env::current_exe().expect("this program"))
            .args(["--exact", "failing::child_on_a_full_disk"])
            .env(DISK, room.path())
            .env("TMPDIR", room.path()),
    );
}

/// Not a test of its own: what runs over the failing disk.
#[test]
fn child_on_a_failing_disk() {
    let Some(failures) = std::env::var_os(FAILING) else {
        return;
    };
    let failures = Path::new(&failures);
    run(async {
        let mut plant = Plant::open().await;
        for (how, codes) in [
            ("full", &["history.full"][..]),
            ("read_only", &["history.not_written", "history.read_only"]),
            ("sync", &["history.not_written"]),
        ] {
            let fail = || drop(std::fs::File::create(failures.join(how)).expect("a failure"));
            let mend = || std::fs::remove_file(failures.join(how)).expect("mended");
            plant.fails_and_goes_on(how, codes, fail, mend).await;
        }
        plant.holds_after_a_restart().await;
    });
}

/// Not a test of its own: what runs on a disk of a few megabytes.
#[test]
fn child_on_a_full_disk() {
    let Some(disk) = std::env::var_os(DISK) else {
        return;
    };
    let ballast = Path::new(&disk).join("ballast");
    run(async {
        let mut plant = Plant::open().await;
        let fill = || {
            let mut file = std::fs::File::create(&ballast).expect("ballast");
            while file.write_all(&[1; 4096]).is_ok() {}
        };
        let mend = || std::fs::remove_file(&ballast).expect("removed");
        plant
            .fails_and_goes_on("full", &["history.full"], fill, mend)
            .await;
        plant.holds_after_a_restart().await;
    });
}

/// Samples of a request: enough that a full disk is felt soon, whatever room its files still have inside.
const AT_ONCE: usize = 1000;

/// A base at work whose tag `b.level` comes over MQTT and whose tag `a.level` is sent to it.
struct Plant {
    hall: Hall,
    broker: Broker,
    /// Values of `a.level` that were acknowledged, by time.
    acknowledged: BTreeMap<i64, f64>,
    /// Values of `b.level` that were told, which nobody can ask for again.
    told: Vec<f64>,
    sent: usize,
}

impl Plant {
    async fn open() -> Plant {
        let hall = Hall::open().await;
        let broker = Broker::listen(([127, 0, 0, 1], 0).into())
            .await
            .expect("a broker");
        let connections = format!(
            "id,protocol,endpoint,timeout [s],silence [s]\ncell,mqtt,mqtt://{},5,3600\n",
            broker.address()
        );
        hall.files.edit("connections.csv", connections);
        let own = "b.level,b,Level B,乙液位,m,level,,0,3,0.001,manual,,60,";
        assert!(TAGS.contains(own));
        let over_mqtt = "b.level,b,Level B,乙液位,m,level,,0,,0.001,mqtt:b/level,cell,60,";
        hall.files.edit("tags.csv", TAGS.replace(own, over_mqtt));
        let mut plant = Plant {
            hall,
            broker,
            acknowledged: BTreeMap::new(),
            told: Vec::new(),
            sent: 0,
        };
        plant.tell().await;
        plant
    }

    /// Sends samples that never were before; what was answered well is acknowledged.
    async fn send(&mut self) -> (StatusCode, String) {
        let numbers = self.sent..self.sent + AT_ONCE;
        self.sent += AT_ONCE;
        let samples: Vec<(i64, f64)> = numbers
            .map(|n| {
                (
                    (NOW_US / 1000) - 1_000_000 + n as i64,
                    (n % 2000) as f64 / 1000.0,
                )
            })
            .collect();
        let body: Vec<Value> = samples
            .iter()
            .map(|(ms, value)| json!({"tag": "a.level", "time": ms, "value": value}))
            .collect();
        let body = json!({ "samples": body });
        let answer = self.hall.post("admin", "/api/samples", body).await;
        if answer.status == StatusCode::OK {
            assert_eq!(answer.body["stored"], AT_ONCE);
            self.acknowledged.extend(samples);
        }
        (answer.status, answer.code().into())
    }

    /// Has the broker tell a value that never was before, and waits until the server knows it.
    async fn tell(&mut self) {
        let value = (self.told.len() + 1) as f64 / 1000.0;
        self.hall.pass(1);
        self.broker.tell("b/level", value.to_string().into_bytes());
        self.told.push(value);
        let hall = &self.hall;
        until("a value over MQTT", async || {
            let values = hall.get("admin", "/api/values").await.body;
            let values = values.as_array().cloned().unwrap_or_default();
            values.iter().any(|one| one["value"] == value)
        })
        .await;
    }

    async fn fails_and_goes_on(
        &mut self,
        how: &str,
        codes: &[&str],
        fail: impl Fn(),
        mend: impl Fn(),
    ) {
        assert_eq!(self.send().await.0, StatusCode::OK, "{how}");
        fail();
        let mut refused = self.send().await;
        while refused.0 == StatusCode::OK {
            refused = self.send().await;
        }
        for _ in 0..3 {
            assert_eq!(
                refused.0,
                StatusCode::SERVICE_UNAVAILABLE,
                "{how}: {refused:?}"
            );
            assert!(codes.contains(&refused.1.as_str()), "{how}: {refused:?}");
            refused = self.send().await;
        }
        for _ in 0..3 {
            self.tell().await;
        }
        self.until_alarm_stands(how, true).await;
        let healthy = self.hall.ask(None, "GET", "/healthz", Value::Null).await;
        assert_eq!(healthy.body["status"], "troubled", "{how}");
        mend();
        // What waits is stored, and nobody has to do anything for it.
        self.until_alarm_stands(how, false).await;
        let hall = &self.hall;
        until("the server is well", async || {
            let healthy = hall.ask(None, "GET", "/healthz", Value::Null).await;
            healthy.body["status"] == "ok"
        })
        .await;
        assert_eq!(self.send().await.0, StatusCode::OK, "{how}");
        self.is_whole(how).await;
    }

    async fn until_alarm_stands(&self, how: &str, stands: bool) {
        let what = format!(
            "{how}: saltern.store {}",
            if stands { "stands" } else { "is over" }
        );
        until(&what, async || {
            self.hall.pass(10);
            let alarms = self.hall.get("admin", "/api/alarms?all=true").await.body;
            let alarms = alarms.as_array().cloned().unwrap_or_default();
            let store = alarms.iter().find(|one| one["id"] == "saltern.store");
            let phase = store.and_then(|one| one["phase"].as_str());
            match stands {
                true => phase == Some("unacknowledged"),
                false => phase == Some("returned"),
            }
        })
        .await;
    }

    /// All that was acknowledged is there, and all that was told.
    async fn is_whole(&self, how: &str) {
        let to = NOW_US + 86_400 * SECOND_US;
        let (from, to) = (NOW_US / 1000 - 10_000_000, to / 1000);
        let series = async |tag: &str| {
            let path = format!("/api/tags/{tag}/series?from={from}&to={to}");
            let answer = self.hall.get("admin", &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{how}: {answer:?}");
            let rows = answer.text.lines().skip(1).map(|line| {
                let mut cells = line.split(',');
                let time: jiff::Timestamp = cells.next()?.parse().ok()?;
                Some((time.as_millisecond(), cells.next()?.parse::<f64>().ok()?))
            });
            rows.flatten().collect::<BTreeMap<i64, f64>>()
        };
        let sent = series("a.level").await;
        for (ms, value) in &self.acknowledged {
            assert_eq!(sent.get(ms), Some(value), "{how}: a.level at {ms}");
        }
        let told: Vec<f64> = series("b.level").await.into_values().collect();
        assert_eq!(told, self.told, "{how}: b.level");
        let system = self.hall.get("admin", "/api/system").await.body;
        assert_eq!((&system["lost"], &system["held"]), (&json!(0), &json!(0)));
    }

    async fn holds_after_a_restart(self) {
        let Plant {
            hall,
            broker,
            acknowledged,
            told,
            sent,
        } = self;
        // What a connection brings again at the start is not what is asked for.
        drop(broker);
        let hall = hall.again().await;
        let broker = Broker::listen(([127, 0, 0, 1], 0).into())
            .await
            .expect("a broker");
        let plant = Plant {
            hall,
            broker,
            acknowledged,
            told,
            sent,
        };
        plant.is_whole("after a restart").await;
    }
}
