//! The assay desk through the server: figures are uncertain until they are judged, doubted ones wait for a person.

use axum::http::StatusCode;
use saltern_server::Laboratory;
use serde_json::{Value, json};

use crate::hall::{Files, Hall, NOW_US, SECOND_US, TAGS, run, until};

const WEEK_US: i64 = 7 * 86_400 * SECOND_US;

/// A base whose ponds are analysed for four ions and have a density meter.
fn files() -> Files {
    let mut tags = String::from(TAGS);
    for pond in ["a", "b"] {
        for ion in ["Na", "K", "Mg", "Cl"] {
            tags += &format!(
                "{pond}.{ion},{pond},{ion} of {pond},{ion},g/L,assay,{ion},0,,0.01,lab,,604800,,,,,,\n"
            );
        }
        tags += &format!(
            "{pond}.density,{pond},Density,密度,g/cm3,density,,1,1.5,0.0001,manual,,600,,,,,,\n"
        );
        tags += &format!(
            "{pond}.temperature,{pond},Temperature,温度,degC,temperature,,-40,60,0.1,manual,,600,,,,,,\n"
        );
    }
    let files = Files::new();
    files.edit("tags.csv", tags);
    files
}

/// Densities that are linear in the contents, and charges of the four ions.
fn laboratory() -> Laboratory {
    Laboratory {
        charge: Box::new(|ion| match ion {
            "Na" => 1.0 / 0.022_990,
            "K" => 1.0 / 0.039_098,
            "Mg" => 2.0 / 0.024_305,
            "Cl" => -1.0 / 0.035_453,
            _ => 0.0,
        }),
        density: Box::new(|contents, _, _| {
            997.0 + 0.7 * contents.iter().map(|(_, v)| v).sum::<f64>()
        }),
    }
}

/// An analysis of a pond; small steps in turn stand for what laboratories and ponds do.
fn figures(pond: &str, week: i64) -> Vec<(String, f64)> {
    let step = |k: i64| 1.0 + 0.004 * (((week * 7 + k * 3) % 5) as f64 - 2.0);
    let values = [("Na", 60.0), ("K", 10.0), ("Mg", 40.0), ("Cl", 203.0)];
    let values = values.iter().zip(0..);
    values
        .map(|((ion, value), k)| (format!("{pond}.{ion}"), value * step(k)))
        .collect()
}

/// Sends an analysis of so many weeks ago, with what the meters said.
async fn analyse(hall: &Hall, pond: &str, figures: &[(String, f64)], weeks_ago: i64) {
    let time_ms = (NOW_US - weeks_ago * WEEK_US) / 1000;
    let meters = [
        (format!("{pond}.density"), 1.22),
        (format!("{pond}.temperature"), 20.0),
    ];
    let samples = figures.iter().chain(&meters);
    let samples: Vec<Value> = samples
        .map(|(tag, value)| json!({"tag": tag, "value": value, "time": time_ms}))
        .collect();
    let sent = hall
        .post("admin", "/api/samples", json!({ "samples": samples }))
        .await;
    assert_eq!(sent.body["stored"], figures.len() + 2, "{sent:?}");
}

/// The analyses of a pond that were judged, once there are so many.
async fn judged(hall: &Hall, who: &str, count: usize) -> Vec<Value> {
    let ask = || hall.get(who, "/api/assays");
    until("analyses are judged", || async {
        ask()
            .await
            .body
            .as_array()
            .is_some_and(|all| all.len() >= count)
    })
    .await;
    ask().await.body.as_array().cloned().unwrap_or_default()
}

async fn quality(hall: &Hall, tag: &str) -> u64 {
    let base = hall.get("admin", "/api/tags").await;
    let tags = base.body["tags"]
        .as_array()
        .or(base.body.as_array())
        .cloned();
    let tags = tags.expect("tags");
    let n = tags.iter().position(|own| own["id"] == tag).expect("a tag");
    let latest = hall.get("admin", "/api/values").await;
    let values = latest.body["values"]
        .as_array()
        .or(latest.body.as_array())
        .cloned();
    let values = values.expect("values");
    let own = values.iter().find(|value| value["n"] == n);
    own.expect("a value")["quality"].as_u64().expect("a byte")
}

#[test]
fn figures_are_believed_when_they_were_judged() {
    run(async {
        let hall = Hall::with_desk(files(), laboratory()).await;
        let figures = figures("a", 0);
        analyse(&hall, "a", &figures[..3], 0).await;
        assert_eq!(quality(&hall, "a.K").await, 0x40, "not judged yet");
        let all = judged(&hall, "admin", 1).await;
        assert_eq!(
            (all[0]["asset"].as_str(), all[0]["doubted"].as_bool()),
            (Some("a"), Some(false))
        );
        let told = &all[0]["judgement"];
        assert_eq!(told["figures"].as_array().map(Vec::len), Some(3));
        assert!(
            told["reasons"][0]["en"]
                .as_str()
                .is_some_and(|s| s.contains("nothing yet")),
            "{told}"
        );
        until("the figures are good", || async {
            quality(&hall, "a.K").await == 0xC0
        })
        .await;
        // A figure that comes later makes it another analysis.
        analyse(&hall, "a", &figures[3..], 0).await;
        until("all four are judged together", || async {
            let all = hall.get("admin", "/api/assays").await;
            let figures = &all.body[0]["judgement"]["figures"];
            figures.as_array().is_some_and(|figures| figures.len() == 4)
        })
        .await;
    });
}

/// The story: operators enter analyses, and were told that it needs the right to send samples.
#[test]
fn an_operator_enters_an_analysis_whole_or_not_at_all() {
    run(async {
        let mut hall = Hall::with_desk(files(), laboratory()).await;
        hall.add("lan", "operator", Some("a")).await;
        let enter = |figures: Value| json!({"time": NOW_US / 1000, "figures": figures});
        let wrong = [
            (json!([]), "request.wrong"),
            (
                json!([{"tag": "a.K", "value": 10.0}, {"tag": "a.level", "value": 1.0}]),
                "request.wrong",
            ),
            (json!([{"tag": "b.K", "value": 10.0}]), "tag.unknown"),
        ];
        for (figures, code) in wrong {
            let asked = hall.post("lan", "/api/assays", enter(figures)).await;
            assert_eq!(asked.code(), code, "{asked:?}");
        }
        assert_eq!(hall.get("lan", "/api/assays").await.body, json!([]));
        let figures = json!([{"tag": "a.K", "value": 10.0}, {"tag": "a.Na", "value": 60.0}]);
        let entered = hall.post("lan", "/api/assays", enter(figures)).await;
        assert_eq!(entered.body["stored"], 2, "{entered:?}");
        let all = judged(&hall, "lan", 1).await;
        let figures = all[0]["judgement"]["figures"].as_array();
        assert_eq!(figures.map(Vec::len), Some(2));
        let audit = hall.get("admin", "/api/audit").await;
        assert!(audit.text.contains("assay.entered"), "{}", audit.text);
    });
}

#[test]
fn a_wrong_figure_waits_for_a_person() {
    run(async {
        let mut hall = Hall::with_desk(files(), laboratory()).await;
        hall.add("lan", "operator", Some("a")).await;
        hall.add("mei", "operator", Some("b")).await;
        hall.add("yu", "viewer", None).await;
        for week in 0..8 {
            analyse(&hall, "a", &figures("a", week), 8 - week).await;
            judged(&hall, "admin", week as usize + 1).await;
            let good = || async { quality(&hall, "a.Mg").await == 0xC0 };
            until("it is believed", good).await;
        }
        let mut wrong = figures("a", 8);
        wrong[1].1 *= 1.5;
        analyse(&hall, "a", &wrong, 0).await;
        let all = judged(&hall, "admin", 9).await;
        let last = &all[8];
        assert_eq!(last["doubted"], true, "{last}");
        let potassium = &last["judgement"]["figures"][1];
        assert_eq!(
            (
                potassium["component"].as_str(),
                potassium["quality"].as_u64()
            ),
            (Some("K"), Some(0))
        );
        let implied = potassium["implied"].as_f64().expect("a value");
        assert!((implied - 10.0).abs() < 0.5, "{implied}");
        until("K is bad", || async { quality(&hall, "a.K").await == 0 }).await;
        assert_eq!(quality(&hall, "a.Na").await, 0xC0);
        // The server says so with an alarm.
        until("an alarm", || async {
            hall.pass(10);
            let alarms = hall.get("admin", "/api/alarms").await;
            alarms.text.contains("saltern.assay")
        })
        .await;
        let system = hall.get("admin", "/api/system").await;
        assert!(system.text.contains("assay.in_doubt"), "{}", system.text);
        // Others of the park see nothing of it, and who may only look decides nothing.
        assert_eq!(hall.get("mei", "/api/assays").await.body, json!([]));
        let time_ms = NOW_US / 1000;
        let decide = |accepted: bool, why: &str| json!({"asset": "a", "time": time_ms, "accepted": accepted, "why": why});
        let path = "/api/assays/decision";
        let asked = hall.post("yu", path, decide(true, "seen")).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        let asked = hall.post("mei", path, decide(true, "seen")).await;
        assert_eq!(asked.code(), "assay.unknown");
        let asked = hall.post("lan", path, decide(true, " ")).await;
        assert_eq!(asked.code(), "assay.no_reason");
        let done = hall
            .post("lan", path, decide(true, "a new well was joined"))
            .await;
        assert_eq!(done.body["decision"]["who"], "lan", "{done:?}");
        until("K holds by hand", || async {
            quality(&hall, "a.K").await == 0xD8
        })
        .await;
        let system = hall.get("admin", "/api/system").await;
        assert!(!system.text.contains("assay.in_doubt"), "{}", system.text);
        let audit = hall.get("admin", "/api/audit").await;
        assert!(audit.text.contains("assay.decided") && audit.text.contains("a new well"));
        // The last decision counts, and all of it is there after a stop.
        hall.post("lan", path, decide(false, "the bottle was mixed up"))
            .await;
        until("K is bad again", || async {
            quality(&hall, "a.K").await == 0
        })
        .await;
        let hall = hall.again().await;
        let doubted = hall.get("lan", "/api/assays?doubted=true&asset=a").await;
        assert_eq!(
            doubted.body[0]["decision"]["accepted"], false,
            "{doubted:?}"
        );
        assert_eq!(doubted.body.as_array().map(Vec::len), Some(1));
    });
}
