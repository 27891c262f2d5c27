//! Writes to the plant: off unless switched on, within limits, with a reason, with a second person where marked.

use serde_json::{Value, json};

use super::hall::{Hall, run};

fn order(tag: &str, value: f64, why: &str) -> Value {
    json!({"tag": tag, "value": value, "why": why})
}

#[test]
fn writes_are_off_unless_switched_on() {
    run(async {
        let hall = Hall::open().await;
        let off = hall
            .post("admin", "/api/orders", order("a.speed", 20.0, "more"))
            .await;
        assert_eq!(off.code(), "write.off");
    });
}

#[test]
fn a_write_is_checked_before_it_goes_anywhere() {
    run(async {
        let mut hall = Hall::open_with(true).await;
        hall.add("lan", "operator", Some("a")).await;
        hall.add("mei", "operator", Some("a")).await;
        hall.add("b", "operator", Some("b")).await;
        hall.add("viewer", "viewer", Some("a")).await;
        let ask = async |who: &str, body: Value| hall.post(who, "/api/orders", body).await;
        for (who, body, code) in [
            (
                "viewer",
                order("a.speed", 20.0, "more"),
                "access.not_allowed",
            ),
            ("b", order("a.speed", 20.0, "more"), "tag.unknown"),
            ("lan", order("a.level", 1.0, "more"), "write.not_writable"),
            (
                "lan",
                order("weather.wind", 1.0, "more"),
                "access.not_yours",
            ),
            ("lan", order("a.speed", 50.1, "more"), "write.out_of_limits"),
            ("lan", order("a.speed", 9.9, "more"), "write.out_of_limits"),
            ("lan", order("a.speed", 20.0, " "), "write.no_reason"),
            // All is well with it, but no connection takes it.
            ("lan", order("a.speed", 20.0, "more"), "connect.no_way"),
        ] {
            let answer = ask(who, body.clone()).await;
            assert_eq!(answer.code(), code, "{who} {body}");
        }
        let waits = ask("lan", order("a.gate", 30.0, "level high")).await;
        assert_eq!(waits.body["standing"], "waiting", "{waits:?}");
        let path = format!("/api/orders/{}/decision", waits.body["id"]);
        let agree = json!({"agrees": true});
        assert_eq!(
            hall.post("lan", &path, agree.clone()).await.code(),
            "order.same_person"
        );
        assert_eq!(
            hall.post("b", &path, agree.clone()).await.code(),
            "tag.unknown"
        );
        assert_eq!(
            hall.get("mei", "/api/orders")
                .await
                .body
                .as_array()
                .map(Vec::len),
            Some(1)
        );
        assert_eq!(hall.get("b", "/api/orders").await.body, json!([]));
        // Agreed to, it goes to the plant, where nobody takes it in this base; it is decided all the same.
        assert_eq!(
            hall.post("mei", &path, agree.clone()).await.code(),
            "connect.no_way"
        );
        assert_eq!(hall.post("mei", &path, agree).await.code(), "order.unknown");
        assert_eq!(hall.get("mei", "/api/orders").await.body, json!([]));
        let audit = hall.get("admin", "/api/audit").await.body.to_string();
        assert!(
            audit.contains("write.failed") && audit.contains("order.decided"),
            "{audit}"
        );
    });
}
