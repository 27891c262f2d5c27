//! Who gets through which door: every route, every role, every scope of a token, against one table.

use std::collections::BTreeSet;

use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::hall::{Hall, PASSWORD, run};

/// What each door needs, as the people who look after the table mean it.
fn table() -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_reader(include_str!("doors.csv").as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    rows.collect()
}

/// Which roles have which right: written out here, not asked of the code under test.
fn has(role: &str, needs: &str) -> bool {
    match needs {
        "look" => true,
        "answer" | "write" => role != "viewer",
        "send" | "arrange" => role == "engineer" || role == "admin",
        "administer" => role == "admin",
        other => panic!("{other}"),
    }
}

#[test]
fn the_table_has_every_route_and_no_other() {
    run(async {
        let hall = Hall::open().await;
        let api = serde_json::to_value(hall.serving.description()).expect("a description");
        let mut described = BTreeSet::new();
        for (path, ways) in api["paths"].as_object().expect("paths") {
            for (method, operation) in ways.as_object().expect("methods") {
                let needs = operation["x-needs"].as_str().expect("what it needs");
                described.insert((method.clone(), path.clone(), needs.to_string()));
            }
        }
        assert_eq!(described, table().into_iter().collect());
    });
}

#[test]
fn every_door_lets_in_who_may_and_nobody_else() {
    run(async {
        let mut hall = Hall::open().await;
        let roles = ["viewer", "operator", "engineer"];
        for role in roles {
            hall.add(role, role, None).await;
            hall.add(&format!("{role}.a"), role, Some("a")).await;
        }
        hall.add("admin.a", "admin", Some("a")).await;
        let scopes = ["look", "answer", "write", "send", "arrange", "administer"];
        for scope in scopes {
            hall.give_token(&format!("token.{scope}"), "admin", &[scope])
                .await;
        }
        let mut asked = 0;
        for (method, path, needs) in table() {
            let path = path.replace("{id}", "999").replace("{name}", "nobody");
            let (method, path) = (method.to_uppercase(), path.as_str());
            let nobody = hall.ask(None, &method, path, sent(&method)).await;
            let in_for_nobody = !refused(nobody.status);
            // A wrong password is refused by the same status, behind the door.
            assert_eq!(
                in_for_nobody || path == "/api/session",
                needs == "nothing" || path == "/api/session",
                "{method} {path}"
            );
            for role in roles.into_iter().chain(["admin"]) {
                for who in [role.to_string(), format!("{role}.a")] {
                    // A stream that is open has no end to wait for.
                    if path == "/api/stream" {
                        continue;
                    }
                    let expected =
                        matches!(needs.as_str(), "nothing" | "someone") || has(role, &needs);
                    let answer = hall.ask(Some(&who), &method, path, sent(&method)).await;
                    assert_eq!(
                        is_in(&answer.status, answer.code()),
                        expected,
                        "{who} {method} {path}: {answer:?}"
                    );
                    assert_ne!(
                        answer.status.as_u16() / 100,
                        5,
                        "{who} {method} {path}: {answer:?}"
                    );
                    asked += 1;
                }
            }
            for scope in scopes {
                if path == "/api/stream" {
                    continue;
                }
                let who = format!("token.{scope}");
                let expected = matches!(needs.as_str(), "nothing" | "someone") || scope == needs;
                let answer = hall.ask(Some(&who), &method, path, sent(&method)).await;
                assert_eq!(
                    is_in(&answer.status, answer.code()),
                    expected,
                    "{who} {method} {path}: {answer:?}"
                );
                asked += 1;
            }
        }
        assert!(asked > 400, "{asked}");
    });
}

fn sent(method: &str) -> Value {
    match method {
        "GET" | "DELETE" => Value::Null,
        _ => json!({}),
    }
}

fn refused(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN
}

/// Whether a request got past its door; what is refused behind it is refused with another code.
fn is_in(status: &StatusCode, code: &str) -> bool {
    !matches!(
        code,
        "access.sign_in" | "access.not_allowed" | "access.no_guard"
    ) && { *status != StatusCode::UNAUTHORIZED }
}

#[test]
fn what_is_not_there_is_said_in_the_one_form() {
    run(async {
        let hall = Hall::open().await;
        let gone = hall.ask(None, "GET", "/api/nothing", Value::Null).await;
        assert_eq!(
            (gone.status, gone.code()),
            (StatusCode::NOT_FOUND, "route.unknown")
        );
        let wrong = hall.post("admin", "/api/tags", json!({})).await;
        assert_eq!(
            (wrong.status, wrong.code()),
            (StatusCode::METHOD_NOT_ALLOWED, "route.method")
        );
        let bad = hall.post("admin", "/api/samples", json!([])).await;
        assert_eq!(
            (bad.status, bad.code()),
            (StatusCode::BAD_REQUEST, "request.bad")
        );
        for language in ["en", "zh"] {
            assert!(
                bad.body["message"][language]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
        }
        let healthy = hall.ask(None, "GET", "/healthz", Value::Null).await;
        assert_eq!(healthy.body["status"], "ok");
        let metrics = hall.ask(None, "GET", "/metrics", Value::Null).await;
        assert!(
            metrics.text.contains("\nsaltern_samples_stored_total "),
            "{}",
            metrics.text
        );
        let api = hall
            .ask(None, "GET", "/api/openapi.json", Value::Null)
            .await;
        assert!(
            api.body["openapi"]
                .as_str()
                .is_some_and(|version| version.starts_with("3.1"))
        );
    });
}

#[test]
fn a_browser_needs_the_guard_for_changes_and_a_session_ends() {
    run(async {
        let hall = Hall::open().await;
        let who = json!({"name": "admin", "password": PASSWORD});
        let signed = hall.ask(None, "POST", "/api/session", who).await;
        let (cookie, guard) = (signed.cookie.expect("a cookie"), &signed.body["guard"]);
        let guard = guard.as_str().expect("a guard");
        let ask = |request: axum::http::request::Builder, guarded: bool| {
            let request = request.header(header::COOKIE, &cookie);
            match guarded {
                true => request.header("x-saltern-guard", guard),
                false => request,
            }
        };
        let seen = hall
            .raw(ask(Request::get("/api/session"), false), Value::Null)
            .await;
        assert_eq!(seen.body["name"], "admin");
        let user = json!({"name": "li", "password": PASSWORD, "role": "viewer"});
        let forged = hall
            .raw(ask(Request::post("/api/users"), false), user.clone())
            .await;
        assert_eq!(forged.code(), "access.no_guard");
        let meant = hall.raw(ask(Request::post("/api/users"), true), user).await;
        assert_eq!(meant.status, StatusCode::OK);
        let out = hall
            .raw(ask(Request::delete("/api/session"), true), Value::Null)
            .await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        let gone = hall
            .raw(ask(Request::get("/api/session"), false), Value::Null)
            .await;
        assert_eq!(gone.code(), "access.sign_in");
    });
}

#[test]
fn tokens_expire_and_are_withdrawn() {
    run(async {
        let mut hall = Hall::open().await;
        hall.give_token("gateway", "admin", &["look"]).await;
        assert_eq!(
            hall.get("gateway", "/api/tags").await.status,
            StatusCode::OK
        );
        hall.pass(86_400 + 1);
        assert_eq!(
            hall.get("gateway", "/api/tags").await.code(),
            "access.sign_in"
        );
        hall.give_token("gateway", "admin", &["look"]).await;
        let tokens = hall.get("admin", "/api/tokens").await;
        let last = tokens
            .body
            .as_array()
            .and_then(|all| all.last())
            .expect("a token");
        assert!(last["token"].is_null(), "a list shows no secrets");
        let path = format!("/api/tokens/{}", last["id"]);
        hall.ask(Some("admin"), "DELETE", &path, Value::Null).await;
        assert_eq!(
            hall.get("gateway", "/api/tags").await.code(),
            "access.sign_in"
        );
    });
}

#[test]
fn guessing_a_password_is_slow_and_locks_nobody_out() {
    run(async {
        let hall = Hall::open().await;
        let mut slowed = false;
        for _ in 0..12 {
            let guess = json!({"name": "admin", "password": "is it this one?"});
            let answer = hall.ask(None, "POST", "/api/session", guess).await;
            slowed |= answer.status == StatusCode::TOO_MANY_REQUESTS;
        }
        assert!(slowed);
        // Who is in stays in.
        assert_eq!(
            hall.get("admin", "/api/alarms").await.status,
            StatusCode::OK
        );
    });
}

#[test]
fn what_was_done_is_written_down_in_a_chain() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("operator.a", "operator", Some("a")).await;
        hall.add("admin.a", "admin", Some("a")).await;
        hall.send(&[("a.level", 2.5)]).await;
        let answer = json!({"deed": "acknowledge", "why": "seen"});
        let done = hall
            .post("operator.a", "/api/alarms/a.high/answer", answer)
            .await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
        let audit = hall.get("admin", "/api/audit").await;
        let actions: Vec<&str> = audit
            .body
            .as_array()
            .expect("acts")
            .iter()
            .filter_map(|act| act["action"].as_str())
            .collect();
        for action in [
            "alarm.answered",
            "user.added",
            "token.made",
            "session.begun",
        ] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
        // An enterprise's administrator sees its own people's acts alone.
        let own = hall.get("admin.a", "/api/audit").await;
        let own = own.body.as_array().expect("acts");
        assert!(
            own.iter().all(|act| act["tenant"] == "a") && own.len() == 1,
            "{own:?}"
        );
        let chain = hall.get("admin", "/api/audit/check").await;
        assert_eq!(chain.body["holds"], true);
    });
}
