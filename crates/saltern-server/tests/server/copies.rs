//! Back-ups of a server at work, and their way back.

use axum::http::StatusCode;
use serde_json::json;

use super::hall::{Hall, run};

#[test]
fn a_copy_of_a_server_at_work_has_all_that_was_answered() {
    run(async {
        let hall = Hall::open().await;
        for i in 0..20 {
            hall.pass(60);
            hall.send(&[("a.level", 2.5 + 0.001 * f64::from(i))]).await;
        }
        let target = hall.data().join("../copy");
        let (data, copy) = (hall.data().to_path_buf(), target.clone());
        let done =
            tokio::task::spawn_blocking(move || saltern_server::copies::back_up(&data, &copy))
                .await;
        done.expect("no panic").expect("a copy");
        // It went on meanwhile and does afterwards.
        assert_eq!(hall.send(&[("a.level", 1.0)]).await.body["stored"], 1);
        let again = saltern_server::copies::restore(&target, hall.data());
        assert_eq!(again.map_err(|problem| problem.code), Err("backup.exists"));
        let restored = hall.data().join("../restored");
        saltern_server::copies::restore(&target, &restored).expect("restored");
        let hall = hall.on(&restored).await;
        let series = hall.get("admin", "/api/tags/a.level/series").await;
        assert_eq!(series.text.lines().count(), 21, "{}", series.text);
        let alarms = hall.get("admin", "/api/journal").await;
        assert_eq!(alarms.body.as_array().map(Vec::len), Some(1));
        let over_http = hall
            .post("admin", "/api/backup", json!({"name": "monday"}))
            .await;
        assert_eq!(over_http.status, StatusCode::OK, "{over_http:?}");
        let twice = hall
            .post("admin", "/api/backup", json!({"name": "monday"}))
            .await;
        assert_eq!(twice.code(), "backup.exists");
        let outside = hall
            .post("admin", "/api/backup", json!({"name": "../monday"}))
            .await;
        assert_eq!(outside.code(), "request.wrong");
    });
}

#[test]
fn a_server_that_rests_is_copied_by_the_command() {
    run(async {
        let hall = Hall::open().await;
        hall.send(&[("a.level", 1.5)]).await;
        let data = hall.data().to_path_buf();
        let hall = hall.rest().await;
        let target = data.join("../copy");
        saltern_server::copies::back_up(&data, &target).expect("a copy");
        let nothing = saltern_server::copies::back_up(&target.join("nothing"), &data);
        assert_eq!(
            nothing.map_err(|problem| problem.code),
            Err("backup.no_data")
        );
        drop(hall);
    });
}
