//! The live stream, read as a browser reads it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::hall::{Hall, run};

struct Events {
    body: BodyDataStream,
    text: String,
}

impl Events {
    async fn open(hall: &Hall, who: &str, path: &str) -> Events {
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", hall.token(who)))
            .body(Body::empty())
            .expect("a request");
        let response = hall
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/event-stream"
        );
        Events {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next event of a name; others are passed over.
    async fn next(&mut self, name: &str) -> Value {
        let wait = async {
            loop {
                while let Some((event, rest)) = self.text.split_once("\n\n") {
                    let event = event.to_string();
                    self.text = rest.to_string();
                    if event.lines().any(|line| line == format!("event: {name}")) {
                        let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                        return serde_json::from_str(data.expect("data")).expect("JSON");
                    }
                }
                let bytes = self.body.next().await.expect("more").expect("bytes");
                self.text
                    .push_str(std::str::from_utf8(&bytes).expect("text"));
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
        waited.expect("an event within half a minute")
    }
}

#[test]
fn values_and_alarms_come_as_they_happen_to_who_may_see_them() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("a", "viewer", Some("a")).await;
        hall.send(&[("a.level", 1.0), ("b.level", 1.0)]).await;
        let mut all = Events::open(&hall, "admin", "/api/stream").await;
        let mut own = Events::open(&hall, "a", "/api/stream").await;
        let mut one = Events::open(&hall, "admin", "/api/stream?tags=b.level").await;
        assert_eq!(all.next("base").await, 1);
        assert_eq!(
            count(&all.next("values").await),
            3,
            "two levels, one fall or none yet"
        );
        assert_eq!(count(&one.next("values").await), 1);
        own.next("values").await;
        hall.pass(60);
        hall.send(&[("a.level", 2.5), ("b.level", 2.5)]).await;
        assert!(count(&all.next("values").await) >= 2);
        assert_eq!(count(&one.next("values").await), 1);
        assert_eq!(count(&all.next("journal").await), 2);
        let lines = own.next("journal").await;
        assert_eq!(
            (count(&lines), lines[0]["alarm"].as_str()),
            (1, Some("a.high"))
        );
    });
}

/// Looked for every ten seconds, by a clock that nobody can put forward.
#[test]
fn a_stream_ends_with_what_it_was_opened_with() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("a", "viewer", Some("a")).await;
        let mut events = Events::open(&hall, "a", "/api/stream").await;
        events.next("values").await;
        let off = json!({"active": false});
        let changed = hall.ask(Some("admin"), "PATCH", "/api/users/a", off).await;
        assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
        assert_eq!(events.next("ended").await, Value::Null);
        hall.send(&[("a.level", 1.0)]).await;
        assert!(
            events.body.next().await.is_none(),
            "something after the end"
        );
    });
}

fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}
