//! The pages: a frame with a script each, for who is signed in.

use axum::http::StatusCode;
use serde_json::Value;

use super::hall::{Hall, run};

#[test]
fn each_page_loads_its_script_and_whatever_it_names_is_there() {
    run(async {
        let hall = Hall::open().await;
        for (path, name) in [
            ("/", "lake"),
            ("/trend", "trend"),
            ("/alarms", "alarms"),
            ("/sign-in", "sign-in"),
        ] {
            let page = hall.get("admin", path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let marks = [format!("data-page=\"{name}\""), format!("\"/{name}.js\"")];
            for mark in &marks {
                assert!(page.text.contains(mark.as_str()), "{path}: {mark}");
            }
            assert!(!page.text.contains("{page}"), "{path}");
            for named in page.text.split("=\"/").skip(1) {
                let file = named.split('"').next().unwrap_or_default();
                let file = hall
                    .ask(None, "GET", &format!("/{file}"), Value::Null)
                    .await;
                assert_eq!(file.status, StatusCode::OK, "{path}: {named}");
            }
            let stranger = hall.ask(None, "GET", path, Value::Null).await;
            let expected = match name {
                "sign-in" => StatusCode::OK,
                _ => StatusCode::SEE_OTHER,
            };
            assert_eq!(stranger.status, expected, "{path}");
        }
    });
}
