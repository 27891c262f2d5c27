//! Alarms through the server: raised by samples, answered by people, remembered over a restart.

use std::sync::atomic::Ordering::Relaxed;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::hall::{Hall, SECOND_US, run, until};

fn standing(answer: &Value) -> Vec<(String, String)> {
    let all = answer.as_array().expect("alarms").iter();
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or("").to_string();
    all.map(|one| (text(one, "id"), text(one, "phase")))
        .collect()
}

#[test]
fn an_alarm_is_raised_answered_and_remembered() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("lan", "operator", None).await;
        assert_eq!(hall.get("lan", "/api/alarms").await.body, json!([]));
        hall.send(&[("a.level", 2.5)]).await;
        let alarms = hall.get("lan", "/api/alarms").await;
        assert_eq!(
            standing(&alarms.body),
            [("a.high".into(), "unacknowledged".into())]
        );
        let answer = |deed: &str, why: &str| json!({"deed": deed, "why": why});
        let path = "/api/alarms/a.high/answer";
        assert_eq!(
            hall.post("lan", path, answer("acknowledge", " "))
                .await
                .code(),
            "alarm.no_reason"
        );
        assert_eq!(
            hall.post("lan", path, answer("reset", "so")).await.code(),
            "alarm.not_latched"
        );
        assert_eq!(
            hall.post("lan", path, answer("shelve", "so")).await.code(),
            "request.wrong"
        );
        let long = json!({"deed": "shelve", "why": "so", "hours": 9});
        assert_eq!(
            hall.post("lan", path, long).await.code(),
            "alarm.shelved_too_long"
        );
        let seen = hall
            .post("lan", path, answer("acknowledge", "gate is closing"))
            .await;
        assert_eq!(seen.status, StatusCode::NO_CONTENT);
        let hall = hall.again().await;
        let alarms = hall.get("lan", "/api/alarms").await;
        assert_eq!(
            standing(&alarms.body),
            [("a.high".into(), "acknowledged".into())]
        );
        hall.pass(60);
        hall.send(&[("a.level", 1.0)]).await;
        assert_eq!(hall.get("lan", "/api/alarms").await.body, json!([]));
        let journal = hall.get("lan", "/api/journal").await;
        let lines = journal.body.as_array().expect("lines");
        let events: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["event"].as_str())
            .collect();
        assert_eq!(
            events,
            ["alarm.raised", "alarm.acknowledged", "alarm.cleared"]
        );
        assert_eq!(lines[1]["who"], "lan");
        assert_eq!(lines[1]["why"], "gate is closing");
        let figures = hall.get("lan", "/api/alarms/figures").await;
        assert!(figures.body.as_array().is_some_and(|all| all.len() > 5));
        // Out of service is an engineer's to say.
        let out = json!({"in_service": false, "why": "meter at repair"});
        assert_eq!(
            hall.post("lan", "/api/alarms/a.high/service", out.clone())
                .await
                .code(),
            "access.not_allowed"
        );
        assert_eq!(
            hall.post("admin", "/api/alarms/a.high/service", out)
                .await
                .status,
            StatusCode::NO_CONTENT
        );
        hall.send(&[("a.level", 2.9)]).await;
        let alarms = hall.get("lan", "/api/alarms").await;
        assert_eq!(alarms.body[0]["shown"], false);
        assert_eq!(alarms.body[0]["out_of_service"], true);
    });
}

/// What was raised long before a period, and answered since, stands in it all the same.
#[test]
fn an_alarm_from_before_the_period_is_stale_in_it() {
    run(async {
        let hall = Hall::open().await;
        let stale = async |hall: &Hall| {
            let hour_ago_ms = (hall.clock.load(Relaxed) - 3600 * SECOND_US) / 1000;
            let path = format!("/api/alarms/figures?from={hour_ago_ms}");
            let figures = hall.get("admin", &path).await.body;
            let figures = figures.as_array().expect("figures");
            let stale = figures.iter().find(|one| one["figure"] == "stale");
            stale.expect("stale")["value"].clone()
        };
        hall.send(&[("a.level", 2.5), ("b.level", 2.5)]).await;
        hall.pass(60);
        hall.send(&[("b.level", 1.0)]).await;
        let seen = json!({"deed": "acknowledge", "why": "known"});
        let path = "/api/alarms/a.high/answer";
        let answered = hall.post("admin", path, seen).await;
        assert_eq!(answered.status, StatusCode::NO_CONTENT);
        hall.pass(3600);
        assert_eq!(stale(&hall).await, json!(0.0));
        hall.pass(2 * 86_400);
        assert_eq!(stale(&hall).await, json!(1.0));
        hall.send(&[("a.level", 1.0)]).await;
        hall.pass(1);
        assert_eq!(stale(&hall).await, json!(0.0));
    });
}

/// A thousand alarms in ten seconds: all in the journal, the flood said, and the stream alive.
#[test]
fn a_flood_is_journalled_whole() {
    run(async {
        let hall = Hall::open().await;
        let (mut tags, mut alarms) = (
            String::from(super::hall::TAGS),
            String::from(super::hall::ALARMS),
        );
        for i in 0..1000 {
            tags.push_str(&format!(
                "f{i},a,F{i},F{i},m,level,,0,3,0.001,manual,,60,,,,,,\n"
            ));
            alarms.push_str(&format!(
                "f{i}.high,f{i},high,2,,,0.1,0,0,,,,high,production,,8,,F,F,c,c,c,c,a,a,assumed\n"
            ));
        }
        hall.files.edit("tags.csv", tags);
        hall.files.edit("alarms.csv", alarms);
        until("new tags", async || {
            let tags = hall.get("admin", "/api/tags").await;
            tags.body.as_array().is_some_and(|tags| tags.len() > 1000)
        })
        .await;
        for second in 0..10 {
            hall.pass(1);
            let names: Vec<String> = (0..100).map(|i| format!("f{}", 100 * second + i)).collect();
            let values: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 2.5)).collect();
            assert_eq!(hall.send(&values).await.body["stored"], 100);
        }
        let journal = hall.get("admin", "/api/journal?most=5000").await;
        let lines = journal.body.as_array().expect("lines");
        let count = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
        assert_eq!(count("alarm.raised"), 1000);
        assert_eq!(count("alarm.flood_began"), 1);
        assert_eq!(hall.get("admin", "/api/system").await.body["flood"], true);
    });
}
