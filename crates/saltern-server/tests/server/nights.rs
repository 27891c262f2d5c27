//! Estimates by night: when they are made, what they are made from, and where what they say is found.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use saltern_base::model::Base;
use saltern_server::{Night, Nights, Problem, ServerError};
use serde_json::{Value, json};

use crate::hall::{Files, Hall, NOW_US, SECOND_US};

const HOUR_US: i64 = 3_600 * SECOND_US;

/// The saltworks of the examples with one pond that has an asset.
fn base() -> Base {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seawater");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let (mut base, _) = saltern_base::folder::read("seawater", &text).expect("the example");
    // The pond is enterprise A's asset, see the hall's tables.
    base.ponds[1].id = "a".into();
    base
}

/// Waits until something holds that another thread does.
async fn until(what: &str, hall: &Hall, holds: impl AsyncFn(&Hall) -> bool) {
    let begun = Instant::now();
    while !holds(hall).await {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "not in time: {what}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Writes tables as the command `estimate` does.
fn write(night: &Night<'_>) {
    let write =
        |name: &str, text: &str| std::fs::write(night.out.join(name), text).expect("a table");
    write(
        "estimates.csv",
        "pond,quantity,unit,value,standard_deviation,low_95,high_95\na,leak,mm/d,0.9,0.1,0.7,1.1\na,salt,m,0.25,0.01,0.23,0.27\n",
    );
    write(
        "leaks.csv",
        "date,pond,leak_beyond [mm/d],standard_deviation [mm/d],deviations [-],threshold [-],verdict,evaporation_over_model [-]\n\
         2026-11-22,a,0.8,0.1,8,3.25,leak,1\n",
    );
    write(
        "forecast.csv",
        "date,pond,quantity,unit,low_5,middle,high_95\n2026-11-23,a,level,m,1.1,1.2,1.3\n2026-11-23,a,K,g/L,9,10,11\n\
         2026-11-24,a,level,m,1.0,1.1,1.4\n2026-11-24,a,K,g/L,9,10.5,12\n",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_turns_samples_into_soft_sensors_and_alarms() {
    let (seen, fails) = (
        Arc::new(Mutex::new(Vec::new())),
        Arc::new(AtomicBool::new(true)),
    );
    let nights = Nights {
        make: Box::new({
            let (seen, fails) = (Arc::clone(&seen), Arc::clone(&fails));
            move |night| {
                let table = std::fs::read_to_string(night.samples).expect("samples");
                seen.lock().expect("seen").push((night.days, table));
                if fails.load(Ordering::Relaxed) {
                    return Err(vec![Problem::wrong(&ServerError::WritesOff)]);
                }
                write(night);
                Ok(())
            }
        }),
        days: 30,
    };
    let mut hall = Hall::with_nights(Files::with_ponds(base()), nights).await;
    // It is eight in the morning at the site, so the night's work of yesterday is due; it fails and says so.
    until("a failed night", &hall, async |hall| {
        let answer = hall.get("admin", "/api/estimates").await;
        answer.body["problems"][0]["code"] == "write.off"
    })
    .await;
    let system = hall.get("admin", "/api/system").await;
    assert_eq!(system.body["problems"][0]["code"], "write.off");

    // A day of levels, by the minute; the next night is made from their means by the hour.
    let samples: Vec<Value> = (0..24 * 60)
        .map(|minute| json!({"tag": "a.level", "time": NOW_US / 1000 + minute * 60_000, "value": 1.5}))
        .collect();
    hall.clock.fetch_add(24 * HOUR_US, Ordering::Relaxed);
    for part in samples.chunks(500) {
        let sent = hall
            .post("admin", "/api/samples", json!({ "samples": part }))
            .await;
        assert_eq!(sent.status, StatusCode::OK, "{sent:?}");
    }
    fails.store(false, Ordering::Relaxed);
    seen.lock().expect("seen").clear();
    let asked = hall.post("admin", "/api/estimates", Value::Null).await;
    assert_eq!(asked.status, StatusCode::OK, "{asked:?}");
    until("a night", &hall, async |hall| {
        let answer = hall.get("admin", "/api/estimates").await;
        answer.body["evening"] == "2026-11-22"
    })
    .await;
    let (days, table) = seen.lock().expect("seen").last().cloned().expect("a night");
    let rows = table
        .lines()
        .filter(|line| line.contains(",a.level,1.5"))
        .count();
    // From eight in the morning to midnight.
    assert_eq!((days, rows), (30, 16), "{table}");

    let answer = hall.get("admin", "/api/estimates").await;
    assert_eq!(answer.body["ponds"][0]["high"], 1.1);
    assert_eq!(answer.body["leaks"][0]["found"], true);
    assert_eq!(answer.body["problems"], json!([]));
    let way = "/api/estimates/forecast?quantity=K";
    let ahead = hall.get("admin", way).await.body;
    assert_eq!(ahead["days"], json!(["2026-11-23", "2026-11-24"]));
    assert_eq!(ahead["series"][0]["middle"], json!([10.0, 10.5]));
    assert_eq!(ahead["series"].as_array().map(Vec::len), Some(1));
    let tags = hall.get("admin", "/api/tags").await;
    let tags = tags.body.as_array().expect("tags").clone();
    let number = |id: &str| tags.iter().find(|tag| tag["id"] == id).expect(id)["n"].clone();
    until("the soft sensors", &hall, async |hall| {
        let values = hall.get("admin", "/api/values").await;
        let all = values.body.as_array().expect("values").clone();
        let value = |id: &str| {
            let found = all.iter().find(|value| value["n"] == number(id));
            found.map(|value| (value["value"].clone(), value["quality"].clone()))
        };
        value("a.estimated.leak_high") == Some((json!(1.1), json!(88)))
            && value("a.estimated.salt") == Some((json!(0.25), json!(88)))
            && value("a.estimated.leak_found").is_some_and(|(value, _)| value == 1.0)
    })
    .await;
    until("the alarm", &hall, async |hall| {
        let alarms = hall.get("admin", "/api/alarms").await;
        let mut alarms = alarms.body.as_array().expect("alarms").iter();
        alarms.any(|alarm| alarm["id"] == "a.estimated.leak_found" && alarm["shown"] == true)
    })
    .await;

    // What it said, a level of salt among it, is nothing that the next night is made from: the base has no such tags.
    hall.clock.fetch_add(24 * HOUR_US, Ordering::Relaxed);
    hall.post("admin", "/api/estimates", Value::Null).await;
    until("the next night", &hall, async |hall| {
        let answer = hall.get("admin", "/api/estimates").await;
        answer.body["evening"] == "2026-11-23"
    })
    .await;
    let (_, table) = seen.lock().expect("seen").last().cloned().expect("a night");
    assert!(table.contains(",a.level,") && !table.contains("estimated"));

    hall.add("operator.b", "operator", Some("b")).await;
    // Another enterprise sees nothing of it and may not ask for it.
    let other = hall.get("operator.b", "/api/estimates").await;
    assert_eq!(
        (&other.body["ponds"], &other.body["leaks"]),
        (&json!([]), &json!([]))
    );
    let ahead = hall.get("operator.b", "/api/estimates/forecast").await.body;
    assert_eq!(ahead["series"], json!([]));
    let refused = hall.post("operator.b", "/api/estimates", Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// The phase of the alarm of a night that failed.
async fn alarm_of_nights(hall: &Hall) -> Value {
    hall.pass(1);
    let alarms = hall.get("admin", "/api/alarms?all=true").await.body;
    let mut alarms = alarms.as_array().expect("alarms").iter();
    let nights = alarms.find(|alarm| alarm["id"] == "saltern.nights");
    nights.expect("an alarm of nights")["phase"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_that_fails_is_an_alarm_until_the_next_is_made() {
    let fails = Arc::new(AtomicBool::new(true));
    let nights = Nights {
        make: Box::new({
            let fails = Arc::clone(&fails);
            move |night| {
                if fails.load(Ordering::Relaxed) {
                    return Err(vec![Problem::wrong(&ServerError::WritesOff)]);
                }
                write(night);
                Ok(())
            }
        }),
        days: 30,
    };
    let hall = Hall::with_nights(Files::with_ponds(base()), nights).await;
    until("the alarm of a failed night", &hall, async |hall| {
        alarm_of_nights(hall).await == "unacknowledged"
    })
    .await;
    fails.store(false, Ordering::Relaxed);
    let asked = hall.post("admin", "/api/estimates", Value::Null).await;
    assert_eq!(asked.status, StatusCode::OK, "{asked:?}");
    until("the end of the alarm", &hall, async |hall| {
        alarm_of_nights(hall).await == "returned"
    })
    .await;
}

#[tokio::test]
async fn a_base_without_nights_says_so() {
    let hall = Hall::open().await;
    let answer = hall.get("admin", "/api/estimates").await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::NOT_FOUND, "estimate.none")
    );
    let answer = hall.get("admin", "/api/demo").await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::NOT_FOUND, "demo.none")
    );
}
