//! A base folder that is edited while the server runs.

use serde_json::{Value, json};

use super::hall::{ALARMS, Files, Hall, TAGS, run, try_served, until};

#[test]
fn a_wrong_edit_is_said_and_the_rest_goes_on() {
    run(async {
        let hall = Hall::open().await;
        hall.send(&[("a.level", 2.5)]).await;
        hall.files.edit(
            "tags.csv",
            TAGS.replace("weather.wind,weather,", "weather.wind,nowhere,"),
        );
        until("the edit is refused", async || {
            let problems = hall.get("admin", "/api/system").await.body["problems"].clone();
            problems.as_array().is_some_and(|all| {
                all.iter().any(|one| {
                    one["message"]["en"]
                        .as_str()
                        .is_some_and(|text| text.contains("nowhere") && text.contains("tags.csv"))
                })
            })
        })
        .await;
        // It is an alarm like any other.
        hall.pass(60);
        until("the alarm", async || {
            let alarms = hall.get("admin", "/api/alarms").await.body;
            hall.pass(10);
            alarms
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["id"] == "saltern.folder"))
        })
        .await;
        assert_eq!(hall.send(&[("a.level", 2.4)]).await.body["stored"], 1);
        let healthy = hall.ask(None, "GET", "/healthz", Value::Null).await;
        assert_eq!(healthy.body["status"], "troubled");
        // Mended, and with a tag more.
        let more = "a.extra,a,Extra,新增,m,level,,0,3,0.001,manual,,60,,,,,,\n";
        let tags = TAGS.replacen("a.level,", &format!("{more}a.level,"), 1);
        hall.files.edit("tags.csv", tags);
        until("the new tag", async || {
            hall.send(&[("a.extra", 1.0)]).await.body["stored"] == 1
        })
        .await;
        // What was known before still is, under its new number.
        let tags = hall.get("admin", "/api/tags").await.body;
        let n = |id: &str| {
            tags.as_array()
                .and_then(|all| all.iter().find(|tag| tag["id"] == id))
                .map(|tag| tag["n"].clone())
        };
        let values = hall.get("admin", "/api/values").await.body;
        let level = values.as_array().and_then(|all| {
            all.iter()
                .find(|value| Some(&value["n"]) == n("a.level").as_ref())
        });
        assert_eq!(level.map(|value| value["value"].clone()), Some(json!(2.4)));
        let alarms = hall.get("admin", "/api/alarms").await.body;
        assert!(
            alarms
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["id"] == "a.high")),
            "{alarms}"
        );
    });
}

#[test]
fn an_alarm_that_is_gone_takes_nothing_with_it() {
    run(async {
        let hall = Hall::open().await;
        hall.send(&[("a.level", 2.5), ("b.level", 2.5)]).await;
        let without: String = ALARMS
            .lines()
            .filter(|line| !line.starts_with("a.high"))
            .map(|line| format!("{line}\n"))
            .collect();
        hall.files.edit("alarms.csv", without);
        until("one alarm less", async || {
            let alarms = hall.get("admin", "/api/alarms").await.body;
            alarms
                .as_array()
                .is_some_and(|all| all.len() == 1 && all[0]["id"] == "b.high")
        })
        .await;
        // Its lines stay in the journal.
        let journal = hall.get("admin", "/api/journal").await.body;
        assert_eq!(journal.as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn a_folder_of_data_that_cannot_be_made_is_named() {
    run(async {
        let room = tempfile::tempdir().expect("a folder");
        let taken = room.path().join("taken");
        std::fs::write(&taken, "a file").expect("a file");
        let refused = try_served(&Files::new(), &taken.join("data"));
        let refused = refused.err().expect("refused");
        assert_eq!(refused[0].code, "server.data");
        assert!(refused[0].message.en.contains("taken/data"), "{refused:?}");
    });
}
