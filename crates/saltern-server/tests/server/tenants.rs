//! Each enterprise of a park sees its own and what is shared; it acts on its own alone.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::hall::{Hall, run};

fn ids(answer: &Value, field: &str) -> Vec<String> {
    let all = answer.as_array().expect("a list").iter();
    all.filter_map(|one| one[field].as_str().map(String::from))
        .collect()
}

#[test]
fn an_enterprise_sees_its_own_and_the_shared() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("a", "admin", Some("a")).await;
        hall.add("b", "admin", Some("b")).await;
        hall.send(&[("a.level", 2.5), ("b.level", 2.5), ("weather.wind", 4.0)])
            .await;
        for (who, own, other) in [("a", "a.level", "b.level"), ("b", "b.level", "a.level")] {
            let tags = ids(&hall.get(who, "/api/tags").await.body, "id");
            let has = |id: &str| tags.iter().any(|tag| tag == id);
            assert!(has(own) && has("weather.wind") && !has(other), "{tags:?}");
            for what in ["trend", "series"] {
                let get = async |tag: &str| hall.get(who, &format!("/api/tags/{tag}/{what}")).await;
                assert_eq!(get(own).await.status, StatusCode::OK);
                assert_eq!(get("weather.wind").await.status, StatusCode::OK);
                // As unknown as one that doesn't exist.
                assert_eq!(get(other).await.code(), "tag.unknown");
                assert_eq!(get("nothing").await.code(), "tag.unknown");
            }
            let stream = hall.get(who, &format!("/api/stream?tags={other}")).await;
            assert_eq!(stream.code(), "tag.unknown");
            let alarms = ids(&hall.get(who, "/api/alarms?all=true").await.body, "tag");
            assert!(alarms.iter().any(|tag| tag == own) && !alarms.iter().any(|tag| tag == other));
            let journal = ids(&hall.get(who, "/api/journal").await.body, "alarm");
            assert_eq!(journal, [format!("{who}.high")]);
        }
        let n = |answer: &Value| answer.as_array().map_or(0, Vec::len);
        let (all, own) = (
            hall.get("admin", "/api/values").await,
            hall.get("a", "/api/values").await,
        );
        assert!(n(&own.body) < n(&all.body));
    });
}

#[test]
fn an_enterprise_acts_on_its_own_alone() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("a", "admin", Some("a")).await;
        hall.add("b", "admin", Some("b")).await;
        hall.send(&[("a.level", 2.5), ("b.level", 2.5)]).await;
        let seen = json!({"deed": "acknowledge", "why": "seen"});
        let others = hall
            .post("a", "/api/alarms/b.high/answer", seen.clone())
            .await;
        assert_eq!(others.code(), "alarm.unknown_id");
        let own = hall
            .post("a", "/api/alarms/a.high/answer", seen.clone())
            .await;
        assert_eq!(own.status, StatusCode::NO_CONTENT);
        // The server's own alarms are the park's.
        let shared = hall
            .post("a", "/api/alarms/saltern.store/answer", seen)
            .await;
        assert_eq!(shared.code(), "access.not_yours");
        let samples = json!({"samples": [
            {"tag": "a.level", "value": 1.0}, {"tag": "b.level", "value": 1.0}, {"tag": "weather.wind", "value": 1.0}
        ]});
        let sent = hall.post("a", "/api/samples", samples).await;
        assert_eq!(sent.body["stored"], 1);
        assert_eq!(
            ids(&sent.body["refused"], "code"),
            ["tag.unknown", "access.not_yours"]
        );
        // People: its own, and none of the park's or of others.
        assert_eq!(ids(&hall.get("a", "/api/users").await.body, "name"), ["a"]);
        let user = |tenant: Value| json!({"name": "new", "password": "long enough it is", "role": "viewer", "tenant": tenant});
        for tenant in [json!("b"), Value::Null] {
            let refused = hall.post("a", "/api/users", user(tenant)).await;
            assert_eq!(refused.code(), "access.not_yours");
        }
        assert_eq!(
            hall.post("a", "/api/users", user(json!("a"))).await.status,
            StatusCode::OK
        );
        let other = hall
            .ask(Some("a"), "PATCH", "/api/users/b", json!({"active": false}))
            .await;
        assert_eq!(other.code(), "user.unknown");
        let token = json!({"name": "t", "user": "b", "scopes": ["look"], "days": 1});
        assert_eq!(
            hall.post("a", "/api/tokens", token).await.code(),
            "user.unknown"
        );
        let backup = hall.post("a", "/api/backup", json!({})).await;
        assert_eq!(backup.code(), "access.not_yours");
    });
}
