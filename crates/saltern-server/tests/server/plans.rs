//! Plans of production: what is told of one, and a simulation of one with a harvest on other days.

use std::path::Path;

use axum::http::StatusCode;
use jiff::civil::date;
use saltern_base::model::{Base, Schedule, ScheduledHarvest};
use saltern_run::contents::Name;
use saltern_run::plan::{
    BarAnswer, BindingAnswer, PlanAnswer, ProductAnswer, ProductionAnswer, UndoneAnswer,
};
use saltern_server::{JobOrder, MakeCommand};
use serde_json::{Value, json};

use super::closings::{base, measured, write};
use super::hall::{Files, Hall, run, until};

fn name(text: &str) -> Name {
    Name {
        en: text.into(),
        zh: format!("{text}。"),
    }
}

fn answer() -> PlanAnswer {
    let (id, from, to) = ("h1", "2026-11-03", "2026-11-04");
    PlanAnswer {
        status: "optimal".into(),
        objective: Some(5.0),
        currency: "CNY".into(),
        what: "production".into(),
        step_min: 2 * 24 * 60,
        production: Some(ProductionAnswer {
            by_rules: 4.0,
            products: vec![ProductAnswer {
                name: "NaCl".into(),
                planned_t: 2.0,
                simulated_t: 0.0,
                by_rules_t: 1.0,
                gap: f64::INFINITY,
            }],
            bars: vec![BarAnswer {
                id: id.into(),
                from: from.into(),
                to: to.into(),
                amount: 30.0,
                unit: "t".into(),
            }],
            bindings: vec![BindingAnswer {
                what: name("rate of harvest"),
                from: from.into(),
                to: to.into(),
                worth: 7.0,
                id: id.into(),
                places: vec!["choices.csv, row 2".into()],
            }],
            undone: vec![UndoneAnswer {
                id: id.into(),
                of: "harvest".into(),
                from: from.into(),
                to: to.into(),
                left: 0.5,
                because: "undone.salt".into(),
                why: name("its salt"),
                worth: 3.0,
                places: vec!["choices.csv, row 2".into()],
            }],
            ..ProductionAnswer::default()
        }),
        ..PlanAnswer::default()
    }
}

/// The first harvest of a base on two days, and again a day later.
fn schedule() -> Schedule {
    let on = |day| ScheduledHarvest {
        harvest: 0,
        from: date(2026, 11, day),
        days: 2,
        rate_kg_s: Some(1.0),
    };
    Schedule {
        harvests: vec![on(3), on(5)],
        ..Schedule::default()
    }
}

/// Puts a plan of production and a plain simulation among the runs.
fn put(data: &Path, base: &Base) {
    let (from, to) = (date(2026, 11, 1), date(2026, 11, 10));
    let mut plan = measured(from, to, 1.0, "small");
    std::fs::create_dir_all(data.join("runs")).expect("a folder");
    write(&data.join("runs/wet"), &plan);
    plan.plan = Some(answer());
    plan.series
        .push(saltern_base::schedule::frame(&schedule(), base));
    write(&data.join("runs/plan"), &plan);
}

#[test]
fn a_plan_is_told_with_what_binds_and_what_is_left_undone() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("operator", "operator", None).await;
        hall.add("engineer.a", "engineer", Some("a")).await;
        put(hall.data(), &base());
        let told = hall.get("operator", "/api/runs/plan/production").await;
        assert_eq!(told.status, StatusCode::OK, "{told:?}");
        let body = &told.body;
        assert_eq!(
            (&body["worth"], &body["by_rules"], &body["step_days"]),
            (&json!(5.0), &json!(4.0), &json!(2))
        );
        assert_eq!(body["bars"][0]["amount"], 30.0);
        assert_eq!(body["products"][0]["gap"], Value::Null);
        let row = json!(["choices.csv, row 2"]);
        assert_eq!(body["bindings"][0]["places"], row);
        assert_eq!(
            (&body["undone"][0]["because"], &body["undone"][0]["places"]),
            (&json!("undone.salt"), &row)
        );
        assert_eq!(body["undone"][0]["why"]["zh"], "its salt。");
        assert!(
            body["harvests"]
                .as_array()
                .is_some_and(|all| !all.is_empty()),
            "{body}"
        );
        for (who, way, code) in [
            ("operator", "wet", "job.no_schedule"),
            ("operator", "none", "run.unknown"),
            ("engineer.a", "plan", "access.not_yours"),
        ] {
            let refused = hall.get(who, &format!("/api/runs/{way}/production")).await;
            assert_eq!(refused.code(), code, "{who} {way}");
        }
    });
}

/// A job that keeps what it was told to follow beside its run, and is done.
fn make() -> MakeCommand {
    Box::new(|order: &JobOrder| {
        let mut command = std::process::Command::new("sh");
        let work = "mkdir -p \"$OUT\" && cp \"$SCHEDULE\" \"$OUT/followed.csv\"";
        let schedule = order.schedule.clone().unwrap_or_default();
        command.args(["-c", work]).env("OUT", &order.out);
        command.env("SCHEDULE", schedule);
        command
    })
}

#[test]
fn a_harvest_of_a_plan_is_simulated_on_other_days() {
    run(async {
        let base = base();
        let hall = Hall::with_jobs_on(Files::with_ponds(base.clone()), make()).await;
        put(hall.data(), &base);
        let id = base.harvests[0].id.clone();
        let wish = |name: &str, days: i32, to: &str| {
            json!({"kind": "simulate", "name": name, "schedule": "plan", "weathers": 2, "shifts":
                [{"id": id, "from": "2026-11-03", "to": to, "days": days}]})
        };
        for (wrong, code) in [
            (wish("a", 6, "2026-11-05"), "request.wrong"),
            (wish("a", 1, "2026-11-02"), "request.wrong"),
            (wish("a", 1, "soon"), "request.wrong"),
            (
                json!({"kind": "simulate", "name": "a", "schedule": "wet"}),
                "job.no_schedule",
            ),
            (
                json!({"kind": "dispatch", "name": "a", "weathers": 2}),
                "request.wrong",
            ),
            (
                json!({"kind": "simulate", "name": "a", "weathers": 101}),
                "request.wrong",
            ),
        ] {
            let refused = hall.post("admin", "/api/jobs", wrong.clone()).await;
            assert_eq!(refused.code(), code, "{wrong}");
        }
        let begun = hall
            .post("admin", "/api/jobs", wish("moved", 5, "2026-11-04"))
            .await;
        assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
        assert_eq!(
            (&begun.body["shifts"][0]["days"], &begun.body["weathers"]),
            (&json!(5), &json!(2))
        );
        until("done", || async {
            let jobs = hall.get("admin", "/api/jobs").await;
            jobs.body[0]["phase"] == "done"
        })
        .await;
        let run = hall.data().join("runs/moved");
        let followed = std::fs::read_to_string(run.join("followed.csv")).expect("a schedule");
        let rows: Vec<&str> = followed.lines().skip(1).collect();
        assert!(
            rows.len() == 2 && rows[0].contains("2026-11-05"),
            "{followed}"
        );
        assert!(rows[1].contains("2026-11-08"), "{followed}");
        // The run keeps what it followed, so that it can be moved again; nothing is left beside it.
        let kept = std::fs::read_to_string(run.join("schedule.csv")).expect("a schedule");
        assert_eq!(kept, followed);
        let beside = std::fs::read_dir(hall.data().join("runs"))
            .expect("runs")
            .flatten();
        let hidden = beside.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0);
        let about = std::fs::read_to_string(run.join("about.json")).expect("about");
        assert!(
            about.contains("2026-11-03") && about.contains(&id),
            "{about}"
        );
    });
}
