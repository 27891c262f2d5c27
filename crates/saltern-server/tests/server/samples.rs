//! Samples that are sent: what is taken is kept, what isn't is said, and the rest goes on.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::hall::{Hall, NOW_US, run};

#[test]
fn each_sample_is_judged_by_itself() {
    run(async {
        let hall = Hall::open().await;
        let now_ms = NOW_US / 1000;
        let cases = [
            (json!({"tag": "a.level", "value": 1.2345}), ""),
            (
                json!({"tag": "a.level", "time": "2026-11-21T23:00:00Z", "value": 1.1}),
                "",
            ),
            (
                json!({"tag": "a.level", "time": now_ms - 5000, "value": null, "quality": 24}),
                "",
            ),
            (
                json!({"tag": "a.level", "time": now_ms + 3_600_000, "value": 1.0}),
                "sample.future",
            ),
            (
                json!({"tag": "a.level", "value": "high"}),
                "sample.unreadable",
            ),
            (
                json!({"tag": "a.level", "value": null, "quality": 192}),
                "sample.not_a_number",
            ),
            (json!({"tag": "nothing", "value": 1.0}), "tag.unknown"),
            (json!({"value": 1.0}), "sample.unreadable"),
            (
                json!({"tag": "a.level", "time": "yesterday", "value": 1.0}),
                "sample.unreadable",
            ),
            (
                json!({"tag": "a.level", "time": 1e300, "value": 1.0}),
                "sample.unreadable",
            ),
            (
                json!({"tag": "a.level", "value": 1.0, "quality": 4711}),
                "sample.unreadable",
            ),
            (json!(7), "sample.unreadable"),
            (json!({"tag": "b.level", "value": 0.5}), ""),
        ];
        let samples: Vec<&Value> = cases.iter().map(|(sample, _)| sample).collect();
        let taken = hall
            .post("admin", "/api/samples", json!({ "samples": samples }))
            .await;
        assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
        let refused: Vec<(u64, &str)> = taken.body["refused"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| {
                (
                    one["place"].as_u64().unwrap_or(99),
                    one["code"].as_str().unwrap_or(""),
                )
            })
            .collect();
        let expected: Vec<(u64, &str)> = (0..)
            .zip(cases.iter().map(|(_, code)| *code))
            .filter(|(_, code)| !code.is_empty())
            .collect();
        assert_eq!(refused, expected);
        assert_eq!(taken.body["stored"], 4);
        // Counted, and to be seen.
        let system = hall.get("admin", "/api/system").await;
        assert_eq!(system.body["refused"]["sample.future"], 1);
        assert_eq!(system.body["refused"]["sample.unreadable"], 6);
        assert_eq!(system.body["refused"]["sample.unknown_tag"], 1);
    });
}

#[test]
fn what_was_answered_is_there_after_a_restart() {
    run(async {
        let hall = Hall::open().await;
        for i in 0..50 {
            hall.pass(60);
            let sent = hall.send(&[("a.level", 1.0 + 0.01 * f64::from(i))]).await;
            assert_eq!(sent.body["stored"], 1);
        }
        let hall = hall.again().await;
        let series = hall.get("admin", "/api/tags/a.level/series").await;
        assert_eq!(series.text.lines().next(), Some("time,a.level [m],quality"));
        assert_eq!(series.text.lines().count(), 51);
        assert!(
            series.text.contains("2026-11-22T00:50:00Z,1.49,192"),
            "{}",
            series.text
        );
        let trend = hall.get("admin", "/api/tags/a.level/trend?buckets=5").await;
        let count: u64 = trend.body["count"]
            .as_array()
            .expect("counts")
            .iter()
            .filter_map(Value::as_u64)
            .sum();
        assert_eq!(count, 50);
        assert_eq!(trend.body["unit"], "m");
        // What is calculated from them is kept as well.
        let falls = hall.get("admin", "/api/tags/a.fall/series").await;
        assert!(falls.text.lines().count() > 1, "{}", falls.text);
    });
}

#[test]
fn a_question_about_time_is_refused_where_it_makes_no_sense() {
    run(async {
        let hall = Hall::open().await;
        let ask = async |query: &str| {
            hall.get("admin", &format!("/api/tags/a.level/{query}"))
                .await
        };
        for (query, code) in [
            ("trend?from=yesterday", "request.wrong"),
            (
                "trend?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                "request.wrong",
            ),
            ("trend?buckets=0", "request.wrong"),
            ("trend?buckets=many", "request.bad"),
            ("trend?buckets=4001", "request.wrong"),
        ] {
            assert_eq!(ask(query).await.code(), code, "{query}");
        }
        let month = "trend?from=2026-01-01T00:00:00%2B08:00&to=2026-02-01T00:00:00%2B08:00";
        assert_eq!(ask(month).await.status, StatusCode::OK);
    });
}
