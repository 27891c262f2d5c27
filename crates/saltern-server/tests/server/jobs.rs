//! Jobs: who begins them, how far they have come, how they end, and what a stop of the server makes of them.

use std::path::Path;
use std::process::Command;

use axum::http::StatusCode;
use saltern_server::{JobOrder, MakeCommand};
use serde_json::{Value, json};

use super::hall::{Hall, run, until};

/// A program that waits for a file before it ends as its name says: `good`, `bad`, `mute`.
const WORK: &str = r#"
mkdir -p "$(dirname "$OUT")/.$(basename "$OUT").partial-1"
echo "a line for people" >&2
echo '{"progress":{"done":3,"of":12}}' >&2
while [ ! -e "$GO" ]; do sleep 0.05; done
case "$OUT" in
*good*) mkdir -p "$OUT" ;;
*bad*) echo '{"problem":{"code":"weather.gap","message":{"en":"no wind","zh":"无风"}}}' >&2; exit 2 ;;
*) exit 3 ;;
esac
"#;

/// Jobs that wait for a file.
fn make(go: &Path) -> MakeCommand {
    let go = go.to_path_buf();
    Box::new(move |order: &JobOrder| {
        let mut command = Command::new("sh");
        command
            .args(["-c", WORK])
            .env("GO", &go)
            .env("OUT", &order.out);
        command
    })
}

async fn begin(hall: &Hall, name: &str) -> Value {
    let begun = hall
        .post(
            "admin",
            "/api/jobs",
            json!({"kind": "simulate", "name": name}),
        )
        .await;
    assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
    begun.body
}

async fn job(hall: &Hall, name: &str) -> Value {
    let jobs = hall.get("admin", "/api/jobs").await;
    let mut all = jobs.body.as_array().expect("jobs").iter();
    all.find(|job| job["name"] == name)
        .expect("the job")
        .clone()
}

async fn until_phase(hall: &Hall, name: &str, phase: &str) {
    until(phase, || async { job(hall, name).await["phase"] == phase }).await;
}

#[test]
fn jobs_wait_for_each_other_tell_how_far_they_are_and_end_as_they_must() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let go = folder.path().join("go");
        let mut hall = Hall::with_jobs(make(&go)).await;
        hall.add("operator", "operator", None).await;
        hall.add("engineer.a", "engineer", Some("a")).await;
        begin(&hall, "good").await;
        begin(&hall, "bad").await;
        begin(&hall, "mute").await;
        until("a quarter", || async {
            job(&hall, "good").await["share"] == 0.25
        })
        .await;
        assert_eq!(job(&hall, "bad").await["phase"], "waiting");
        let wish = |name: &str| json!({"kind": "simulate", "name": name});
        for (who, name, code) in [
            ("operator", "other", "access.not_allowed"),
            ("engineer.a", "other", "access.not_yours"),
            ("admin", "bad", "run.exists"),
            ("admin", "../x", "request.wrong"),
        ] {
            let refused = hall.post(who, "/api/jobs", wish(name)).await;
            assert_eq!(refused.code(), code, "{who} {name}");
        }
        assert!(hall.get("operator", "/api/jobs").await.status.is_success());

        std::fs::write(&go, "").expect("the sign");
        until_phase(&hall, "good", "done").await;
        until_phase(&hall, "bad", "failed").await;
        until_phase(&hall, "mute", "failed").await;
        assert_eq!(
            job(&hall, "bad").await["problems"],
            json!([{"code": "weather.gap", "message": {"en": "no wind", "zh": "无风"}}])
        );
        let mute = job(&hall, "mute").await["problems"][0].clone();
        assert_eq!(mute["code"], "job.failed");
        assert!(
            mute["message"]["en"]
                .as_str()
                .is_some_and(|said| said.contains("a line for people"))
        );
        let runs = hall.data().join("runs");
        let left = std::fs::read_dir(&runs).expect("runs").flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["good"]);
        let about = std::fs::read_to_string(runs.join("good/about.json")).expect("who");
        assert!(about.contains("admin"), "{about}");
        let audit = hall.get("admin", "/api/audit?most=20").await;
        let mut acts = audit.body.as_array().expect("acts").iter();
        assert!(acts.any(|act| act["action"] == "job.asked" && act["object"] == "good"));
    });
}

#[test]
fn what_is_called_off_or_cut_short_leaves_nothing_and_is_told() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let hall = Hall::with_jobs(make(&folder.path().join("never"))).await;
        let first = begin(&hall, "first").await["id"].clone();
        begin(&hall, "second").await;
        let third = begin(&hall, "third").await["id"].clone();
        until("a quarter", || async {
            job(&hall, "first").await["share"] == 0.25
        })
        .await;
        for id in [third, first.clone()] {
            let way = format!("/api/jobs/{id}");
            let gone = hall.ask(Some("admin"), "DELETE", &way, Value::Null).await;
            assert_eq!(gone.body["phase"], "cancelled", "{gone:?}");
        }
        let again = hall
            .ask(
                Some("admin"),
                "DELETE",
                &format!("/api/jobs/{first}"),
                Value::Null,
            )
            .await;
        assert_eq!(
            (again.status, again.code()),
            (StatusCode::CONFLICT, "job.over")
        );
        // The next one's turn has come, so the first has been tidied up.
        until("a quarter", || async {
            job(&hall, "second").await["share"] == 0.25
        })
        .await;
        let partial = hall.data().join("runs/.first.partial-1");
        assert!(!partial.exists());

        let hall = hall.again().await;
        assert_eq!(job(&hall, "second").await["phase"], "interrupted");
        assert_eq!(job(&hall, "first").await["phase"], "cancelled");
        assert!(!hall.data().join("runs/.second.partial-1").exists());
        // This start does none.
        let none = hall
            .post(
                "admin",
                "/api/jobs",
                json!({"kind": "simulate", "name": "x"}),
            )
            .await;
        assert_eq!(none.code(), "job.none");
    });
}

#[test]
fn what_cannot_be_done_is_refused_before_it_begins() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let hall = Hall::with_jobs(make(&folder.path().join("never"))).await;
        for (wish, code) in [
            (
                json!({"kind": "simulate", "name": "a", "state": "now"}),
                "job.no_state",
            ),
            (
                json!({"kind": "dispatch", "name": "a", "state": "now"}),
                "request.wrong",
            ),
            (
                json!({"kind": "dispatch", "name": "a", "from": "2027-01-01"}),
                "request.wrong",
            ),
            (
                json!({"kind": "simulate", "name": "a", "from": "2027-01-02", "to": "2027-01-01"}),
                "request.wrong",
            ),
            (
                json!({"kind": "simulate", "name": "a", "schedule": "none"}),
                "run.unknown",
            ),
            (json!({"kind": "dream", "name": "a"}), "request.bad"),
        ] {
            let refused = hall.post("admin", "/api/jobs", wish.clone()).await;
            assert_eq!(refused.code(), code, "{wish}");
        }
        let evening = hall.data().join("estimates/2027-07-01");
        std::fs::create_dir_all(&evening).expect("a folder");
        std::fs::write(evening.join("state.csv"), "").expect("a state");
        let wish = json!({"kind": "simulate", "name": "a", "state": "now"});
        let begun = hall.post("admin", "/api/jobs", wish).await;
        let days = ["state", "from", "to"].map(|key| begun.body[key].as_str().unwrap_or(""));
        assert_eq!(days, ["2027-07-01", "2027-07-02", "2028-06-30"]);
        for name in ["b", "c", "d", "e", "f", "g", "h", "i"] {
            begin(&hall, name).await;
            if name == "b" {
                // From here on the first is at work and eight may wait.
                until_phase(&hall, "a", "running").await;
            }
        }
        let full = hall
            .post(
                "admin",
                "/api/jobs",
                json!({"kind": "simulate", "name": "j"}),
            )
            .await;
        assert_eq!(
            (full.status, full.code()),
            (StatusCode::CONFLICT, "job.full")
        );
        hall.rest().await;
    });
}
