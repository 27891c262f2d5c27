//! The API against a fuzzer that no one here wrote: schemathesis reads the description and asks whatever it allows, and
//! more. No answer may be a failure of the server, and each must be as described.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::http::StatusCode;
use saltern_server::listen;

use super::hall::{Hall, run};

/// The program, installed by `scripts/setup tests`.
fn schemathesis() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let set = std::env::var_os("SALTERN_PEERS").map(PathBuf::from);
    let places = set.into_iter().chain(own.map(|a| a.join("target/peers")));
    let found = places
        .map(|room| room.join("bin/schemathesis"))
        .find(|path| path.exists());
    found.expect("the tests' peers are not installed: run `scripts/setup tests`")
}

/// Cases of each operation: few as a rule, as many as are asked for in long checks.
fn cases() -> String {
    std::env::var("SALTERN_API_CASES").unwrap_or_else(|_| "15".into())
}

/// Two lists of one name gave clients the same type for both.
#[test]
fn every_way_in_has_a_name_of_its_own() {
    let api = serde_json::to_value(saltern_server::describe()).expect("a description");
    let paths = api["paths"].as_object().expect("paths");
    let ways = paths
        .values()
        .flat_map(|way| way.as_object().expect("a way").values());
    let names: Vec<&str> = ways.filter_map(|way| way["operationId"].as_str()).collect();
    let mut own: Vec<&str> = names.clone();
    own.sort_unstable();
    own.dedup();
    assert_eq!(own.len(), names.len(), "{names:?}");
    assert!(own.contains(&"get_assays") && own.contains(&"post_orders_id_decision"));
}

#[test]
fn whatever_is_asked_no_answer_is_a_failure_of_the_server() {
    run(async {
        let hall = Hall::open_with(true).await;
        let listener = listen("127.0.0.1:0".parse().expect("an address"), false)
            .await
            .expect("a listener");
        let address = listener.local_addr().expect("an address");
        let router = hall.router.clone();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let token = hall.token("admin").to_string();
        // Its own token is withdrawn in the second round at the latest.
        for (filter, path) in [
            ("--exclude-path", "/api/tokens/{id}"),
            ("--include-path", "/api/tokens/{id}"),
        ] {
            let token = token.clone();
            let asked = move || {
                Command::new(schemathesis())
                    .args(["run", &format!("http://{address}/api/openapi.json")])
                    .args(["--header", &format!("Authorization: Bearer {token}")])
                    .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"])
                    .args(["--phases", "examples,coverage,fuzzing", "--seed", "7", "--max-examples", &cases()])
                    .args(["--request-timeout", "20", "--suppress-health-check", "all", "--no-color", "--warnings", "off"])
                    // A stream has no end to wait for.
                    .args([filter, path, "--exclude-path", "/api/stream"])
                    .output()
            };
            let asked = tokio::task::spawn_blocking(asked)
                .await
                .expect("no panic")
                .expect("schemathesis");
            let said = String::from_utf8_lossy(&asked.stdout);
            assert!(
                asked.status.success(),
                "{said}\n{}",
                String::from_utf8_lossy(&asked.stderr)
            );
        }
        serving.abort();
        // It is as well as before.
        let healthy = hall
            .ask(None, "GET", "/healthz", serde_json::Value::Null)
            .await;
        assert_eq!(healthy.status, StatusCode::OK);
        assert_eq!(healthy.body["status"], "ok");
    });
}
