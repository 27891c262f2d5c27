//! `serve --demo`: the plant of the examples played by the program, asked over the network.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::Room;

const PASSWORD: &str = "salt is patient";
/// The longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}

/// Ports that nobody listens on, all different.
fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"));
    held.map(|listener| listener.local_addr().expect("an address").port())
}

/// The example with ports of its own, so that two runs of the tests don't meet.
pub(crate) fn base() -> Room {
    let room = Room::new();
    copy(&example(), &room.path("lake"));
    let path = room.path("lake/connections.csv");
    let mut text = std::fs::read_to_string(&path).expect("connections");
    let own: [u16; 3] = free_ports();
    for (known, own) in ["48400", "18830", "15020"].into_iter().zip(own) {
        assert!(text.contains(known), "{text}");
        text = text.replace(known, &own.to_string());
    }
    std::fs::write(path, text).expect("connections");
    room
}

/// The program at work.
pub(crate) struct Served {
    child: Child,
    address: String,
    cookie: String,
    guard: String,
}

impl Served {
    /// With the plant played.
    fn start(room: &Room, more: &[&str]) -> Served {
        Served::bare(room, &[&["--demo", "--log", "log.jsonl"], more].concat())
    }

    pub(crate) fn bare(room: &Room, more: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_saltern"))
            .args(["serve", "lake", "--data", "data"])
            .args(["--listen", "127.0.0.1:0", "--estimate", "0"])
            .args(more)
            .current_dir(room.path("."))
            .env("SALTERN_ADMIN_PASSWORD", PASSWORD)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let said = child.stderr.take().expect("what it says");
        let mut told = String::new();
        let mut address = None;
        let mut lines = BufReader::new(said);
        while address.is_none() {
            let mut line = String::new();
            let read = lines.read_line(&mut line).expect("a line");
            assert!(read > 0, "it ended: {told}");
            let rest = line.split_once("http://").map(|(_, rest)| rest);
            address = rest
                .and_then(|rest| rest.split('/').next())
                .map(String::from);
            told += &line;
        }
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        let mut served = Served {
            child,
            address: address.expect("an address"),
            cookie: String::new(),
            guard: String::new(),
        };
        let who = json!({"name": "admin", "password": PASSWORD});
        let (status, head, body) = served.exchange("POST", "/api/session", Some(who));
        assert_eq!(status, 200, "{body}");
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let is_it = name.eq_ignore_ascii_case("set-cookie");
            is_it.then(|| value.split(';').next().unwrap_or_default().to_string())
        });
        served.cookie = cookie.expect("a cookie");
        served.guard = body["guard"].as_str().expect("a guard").to_string();
        served
    }

    fn exchange(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String, Value) {
        let (status, head, body) = self.talk(method, path, body);
        let body = serde_json::from_str(&body).unwrap_or(Value::Null);
        (status, head, body)
    }

    fn talk(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("the server");
        let body = body.map_or(String::new(), |body| body.to_string());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\nx-saltern-guard: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            self.guard,
            body.len()
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        (
            status.expect("a status"),
            head.to_string(),
            body.to_string(),
        )
    }

    /// What is told that is no JSON.
    pub(crate) fn text(&self, path: &str) -> String {
        let (status, _, answer) = self.talk("GET", path, None);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, _, answer) = self.exchange(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    /// Latest sample of a tag.
    fn latest(&self, id: &str) -> Option<Value> {
        let tags = self.ask("GET", "/api/tags", None);
        let tag = tags.as_array()?.iter().find(|tag| tag["id"] == id);
        let number = &tag.unwrap_or_else(|| panic!("no tag {id}"))["n"];
        let values = self.ask("GET", "/api/values", None);
        let mut values = values.as_array()?.iter();
        values.find(|v| v["n"] == *number).cloned()
    }

    /// Latest value and quality of a tag.
    pub(crate) fn value(&self, id: &str) -> Option<(f64, u64)> {
        let value = self.latest(id)?;
        Some((value["value"].as_f64()?, value["quality"].as_u64()?))
    }

    fn phase(&self, connection: &str) -> String {
        let system = self.ask("GET", "/api/system", None);
        let all = system["connections"].as_array().expect("connections");
        let one = all.iter().find(|one| one["id"] == connection);
        one.expect("the connection")["phase"]
            .as_str()
            .unwrap_or("")
            .to_string()
    }

    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut(&Served) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            let system = || self.ask("GET", "/api/system", None);
            assert!(
                begun.elapsed() < PATIENCE,
                "not in time: {what}; {:#}",
                system()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn fault(&self, kind: &str, target: &str, size: Option<f64>) -> Value {
        let wish = json!({"kind": kind, "target": target, "size": size});
        self.ask("POST", "/api/demo/faults", Some(wish))
    }

    /// Ends it as Ctrl-C does.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill");
        assert!(sent.success());
        assert!(self.child.wait().expect("an end").success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) const GOOD: u64 = 192;

/// Hour of the day at the example's site, which is eight hours ahead of UTC.
fn local_hour(time_ms: f64) -> usize {
    const HOUR_MS: f64 = 3_600_000.0;
    (time_ms / HOUR_MS + 8.0).rem_euclid(24.0) as usize
}

#[test]
fn a_plant_is_played_over_every_protocol_and_fails_as_asked() {
    let room = base();
    // Early, so that few days are marched before it is seen; the laboratory hands in on Thursdays.
    let served = Served::start(
        &room,
        &[
            "--at",
            "2027-01-09",
            "--speed",
            "60",
            "--fault",
            "leak:c1:30",
        ],
    );
    for connection in ["dcs", "broker", "plants"] {
        served.until(connection, |served| served.phase(connection) == "live");
    }
    // One tag of each protocol, of the laboratory's past, and of a formula over a day.
    for (tag, low, high) in [
        ("c1.level", 0.1, 1.8),
        ("weather.air_temperature", -40.0, 20.0),
        ("alkali.state", 0.0, 1.0),
        ("c1.Mg", 20.0, 120.0),
        ("n1.fall", -50.0, 50.0),
        ("pv.power", 1.0, 150.0),
        ("battery.energy", 0.0, 200.0),
        ("grid.power", -60.0, 120.0),
        ("hall.power", 1.0, 24.0),
    ] {
        let is_there = |served: &Served| {
            let value = served.value(tag);
            value.is_some_and(|(value, quality)| quality == GOOD && (low..=high).contains(&value))
        };
        served.until(tag, is_there);
    }
    let base = served.ask("GET", "/api/base", None);
    assert_eq!(
        (&base["played"], &base["speed"]),
        (&json!(true), &json!(60.0))
    );

    let demo = served.ask("GET", "/api/demo", None);
    assert_eq!(demo["faults"][0]["kind"], "leak");

    // The dispatch of today knows what the meter of the sun shows: both are of the same weather.
    let dispatch = served.ask("POST", "/api/energy/dispatch", Some(json!({"days": 1})));
    assert_eq!(dispatch["times"][0], "2027-01-09T00:00");
    let units = dispatch["units"].as_array().expect("units").iter();
    let mut units = units.filter(|unit| unit["column"] == "pv.available");
    let could = units.next().expect("the sun")["values"].clone();
    // The latest may still be of the plant's past, which ends with the morning: each is held against its own hour.
    let latest = served.latest("pv.power").expect("the meter");
    let shown = latest["value"].as_f64().expect("MW");
    let hour = local_hour(latest["time_ms"].as_f64().expect("a time"));
    assert!((11..=14).contains(&hour), "{latest}");
    let could = could[hour].as_f64().expect("MW");
    assert!((could / shown - 1.0).abs() < 0.03, "{latest} {could}");
    assert_eq!(demo["trouble"], Value::Null);

    served.fault("trip", "o1_b1", None);
    served.until("a pump that tripped", |s| {
        s.value("o1_b1.state") == Some((2.0, GOOD))
    });

    let down = served.fault("down", "broker", None);
    served.until("a broker that is gone", |s| s.phase("broker") != "live");
    served.until("gaps", |s| s.value("weather.wind").is_none());
    // Between two attempts the connection waits, longer each time; the server looks at it now and then and must have seen that.
    let waits = |s: &Served| s.value("saltern.connection.broker").map(|(value, _)| value);
    served.until("a broker that is waited for", |s| waits(s) == Some(2.0));
    let path = format!("/api/demo/faults/{}", down["number"]);
    served.ask("DELETE", &path, None);
    served.until("a broker that is back", |s| s.phase("broker") == "live");
    served.until("its values", |s| {
        s.value("weather.wind").is_some_and(|v| v.1 == GOOD)
    });

    let (status, _, problem) = served.exchange(
        "POST",
        "/api/demo/faults",
        Some(json!({"kind": "leak", "target": "nowhere", "size": 1.0})),
    );
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("demo.unknown_target"))
    );
    let (status, _, problem) =
        served.exchange("PUT", "/api/demo/speed", Some(json!({"speed": 1e9})));
    assert_eq!((status, &problem["code"]), (422, &json!("demo.bad_speed")));

    // It goes on after a restart, later and with the same faults.
    let before = served.ask("GET", "/api/demo", None);
    served.stop();
    let again = Served::start(&room, &["--speed", "1"]);
    let after = again.ask("GET", "/api/demo", None);
    assert!(after["now_ms"].as_f64() > before["now_ms"].as_f64());
    let kinds = |demo: &Value| -> Vec<Value> {
        let faults = demo["faults"].as_array().expect("faults");
        faults.iter().map(|fault| fault["kind"].clone()).collect()
    };
    assert_eq!(kinds(&after), [json!("leak"), json!("trip")]);
    again.stop();

    // What happened stands in the log, a JSON object a line.
    let log = std::fs::read_to_string(room.path("log.jsonl")).expect("the log");
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect(line));
    let lines: Vec<Value> = lines.collect();
    let has = |holds: &dyn Fn(&Value) -> bool| lines.iter().any(holds);
    assert!(has(&|l| l["way"] == "/api/demo/speed"
        && l["status"] == 422
        && l["who"] == "admin"));
    assert!(has(
        &|l| l["tag"] == "saltern.connection.broker" && l["value"] == 2.0
    ));
    assert!(!log.contains(PASSWORD));
}

#[test]
fn a_plant_that_cannot_be_played_is_told_of() {
    let room = base();
    for (more, code) in [
        (&["--fault", "flood:c1"][..], "demo.bad_fault"),
        (&["--fault", "leak:nowhere:1"], "demo.unknown_target"),
        (&["--speed", "0.5"], "demo.bad_speed"),
        (&["--at", "yesterday"], "option.bad_value"),
        (&["--at", "2026-01-01"], "demo.before"),
    ] {
        let at = ["--at", "2027-01-01"];
        let at = if more[0] == "--at" { &[][..] } else { &at };
        let args = [&["serve", "lake", "--data", "bad", "--demo"], at, more].concat();
        let said = room.run(&args);
        assert_eq!(said.code, 2, "{more:?}: {}", said.stderr);
        assert!(said.stderr.contains(code), "{more:?}: {}", said.stderr);
    }
    let path = room.path("lake/connections.csv");
    let text = std::fs::read_to_string(&path).expect("connections");
    std::fs::write(&path, text.replace("mqtt://127.0.0.1", "mqtt://192.0.2.1")).expect("a file");
    let said = room.run(&[
        "serve",
        "lake",
        "--data",
        "far",
        "--demo",
        "--at",
        "2027-01-01",
    ]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("demo.not_here"), "{}", said.stderr);
}

#[test]
fn shifts_of_a_played_plant_are_closed_and_a_plan_is_held_beside() {
    let room = base();
    room.line("simulate lake --from 2027-01-05 --to 2027-01-08 -o plan")
        .done();
    let served = Served::start(&room, &["--at", "2027-01-09", "--plan", "plan"]);
    let list = || served.ask("GET", "/api/closings?from=2027-01-01", None);
    assert_eq!(list()["plan"]["from"], "2027-01-05");
    let day = "2027-01-08T0800";
    served.until("the shift of a day before", |_| {
        let list = list();
        let mut closings = list["closings"].as_array().expect("closings").iter();
        closings.any(|closing| closing["id"] == day)
    });
    let closing = served.ask("GET", &format!("/api/closings/{day}"), None);
    let figures = closing["values"].as_array().expect("figures");
    let value = |id: &str| {
        let figure = figures.iter().find(|figure| figure["id"] == id);
        figure.unwrap_or_else(|| panic!("no {id}"))["value"].as_f64()
    };
    assert_eq!(value("hours"), Some(12.0));
    assert_eq!(value("wells_n0.flow.good"), Some(100.0));
    assert!(value("wells_n0.flow.volume").is_some());
    // Wells stand in January; what does run is metered.
    let volumes = figures.iter().filter(|figure| {
        let id = figure["id"].as_str().unwrap_or_default();
        id.ends_with(".flow.volume") && figure["value"].as_f64() > Some(0.0)
    });
    assert!(volumes.count() > 0, "{figures:?}");
    assert!(value("n0.level.level_at_end").is_some_and(|m| m > 0.0));
    served.stop();
    // A plan of another base is none of this one.
    let seawater = example().join("../seawater");
    room.run(&[
        "simulate",
        seawater.to_str().expect("a path"),
        "--from",
        "2027-01-05",
        "--to",
        "2027-01-06",
        "-o",
        "other",
    ])
    .done();
    room.line("serve lake --data elsewhere --listen 127.0.0.1:0 --estimate 0 --plan other")
        .refused("plan.other_base", &["seawater"]);
}
