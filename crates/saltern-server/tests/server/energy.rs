//! Energy: a dispatch that is solved while somebody waits, one at a time, and the dispatch that a run planned.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::civil::date;
use saltern_base::frame::{Column, Frame, Values};
use saltern_base::model::Label;
use saltern_run::contents::Name;
use saltern_run::plan::{
    ColumnKind, ConsumerAnswer, DISPATCH, MatchingAnswer, PlanAnswer, PlanUnit, TIME, TRACING,
};
use saltern_server::{Dispatch, DispatchWish, Dispatched, Lever, Problem, ServerError};
use serde_json::{Value, json};

use super::closings::{measured, write};
use super::hall::{Hall, run, until};

fn numbers(name: &str, unit: &str, values: &[f64]) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
        values: Values::Number(values.to_vec()),
    }
}

fn texts(name: &str, values: Vec<String>) -> Column {
    Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values),
    }
}

/// Noon of each of three days.
fn times() -> Vec<String> {
    let days = 1..4;
    days.map(|day| format!("2026-11-0{day}T12:00")).collect()
}

fn unit(column: &str, kind: ColumnKind, sign: f64) -> PlanUnit {
    PlanUnit {
        column: column.into(),
        unit: "sun".into(),
        name: Name {
            en: "Sun".into(),
            zh: "光伏".into(),
        },
        node: "bus".into(),
        kind,
        sign,
        capacity: Some(10.0),
    }
}

fn consumer(unit: &str, kind: ColumnKind) -> ConsumerAnswer {
    ConsumerAnswer {
        unit: unit.into(),
        name: Name::default(),
        kind,
        node: "bus".into(),
        used_mwh: 1.0,
        score: Some(0.5),
        direct_kg_mwh: None,
        clean_steps: 0.0,
        shares: Vec::new(),
    }
}

/// Two consumers of 3 and 1 MW, clean to 100 and 20 % on the first day, and what is sold.
fn tracing() -> Frame {
    let who = ["mill", "town", "grid.export"];
    let consumers = who.iter().flat_map(|who| vec![who.to_string(); 3]);
    let same = |each: [f64; 3]| each.iter().flat_map(|v| [*v; 3]).collect::<Vec<_>>();
    Frame {
        name: TRACING.into(),
        columns: vec![
            texts(TIME, who.iter().flat_map(|_| times()).collect()),
            texts("consumer", consumers.collect()),
            numbers("power", "MW", &same([3.0, 1.0, 50.0])),
            numbers("clean", "%", &same([100.0, 20.0, 0.0])),
            numbers("direct_carbon", "kg/MWh", &same([0.0, 400.0, 900.0])),
        ],
    }
}

fn dispatch() -> Frame {
    Frame {
        name: DISPATCH.into(),
        columns: vec![
            texts(TIME, times()),
            numbers("sun", "MW", &[5.0, f64::NAN, 7.0]),
        ],
    }
}

fn plan(objective: f64) -> PlanAnswer {
    PlanAnswer {
        status: "optimal".into(),
        what: "dispatch".into(),
        currency: "CNY".into(),
        step_min: 60,
        objective: Some(objective),
        units: vec![
            unit("sun", ColumnKind::Pv, 1.0),
            unit("gone", ColumnKind::Wind, 1.0),
        ],
        matching: Some(MatchingAnswer {
            used_mwh: 12.0,
            score: Some(0.8),
            annual_share: None,
            direct_kg_mwh: Some(100.0),
            clean_steps: 0.0,
            consumers: vec![
                consumer("mill", ColumnKind::Demand),
                consumer("town", ColumnKind::Hall),
                consumer("grid", ColumnKind::Export),
            ],
            sources: Vec::new(),
        }),
        ..PlanAnswer::default()
    }
}

/// Costs 100, less ten for each time that the sun is scaled; refuses the moon.
fn solved(wish: &DispatchWish) -> Result<Dispatched, Vec<Problem>> {
    if wish.scales.contains_key("moon") {
        return Err(vec![Problem::wrong(&ServerError::NoEnergy)]);
    }
    let sun = wish.scales.get("sun").unwrap_or(&1.0);
    let label = |text: &str| Label {
        en: text.into(),
        zh: text.into(),
    };
    Ok(Dispatched {
        period: (date(2026, 1, 1), date(2026, 12, 31)),
        plan: plan(110.0 - 10.0 * sun),
        dispatch: dispatch(),
        tracing: tracing(),
        caveats: vec![label("assumed")],
        levers: vec![Lever {
            id: "sun".into(),
            name: label("Sun"),
            kind: "pv",
            value: 10.0,
            unit: "MW".into(),
        }],
    })
}

/// A hall whose planner notes what it was asked.
async fn noting() -> (Hall, Arc<Mutex<Vec<DispatchWish>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let dispatch: Dispatch = Box::new(move |wish| {
        noted.lock().expect("notes").push(wish.clone());
        solved(wish)
    });
    (Hall::with_dispatch(dispatch).await, asked)
}

const WAY: &str = "/api/energy/dispatch";

#[test]
fn what_is_asked_reaches_the_planner_and_its_answer_comes_back() {
    run(async {
        let (mut hall, asked) = noting().await;
        hall.add("viewer", "viewer", None).await;
        hall.add("engineer.a", "engineer", Some("a")).await;
        let wish = json!({"from": "2026-11-01", "days": 2, "scales": {"sun": 2.0}, "deadlines_h": {"batch": 6.0},
            "carbon_price": 80.0});
        let found = hall.post("viewer", WAY, wish).await;
        assert_eq!(found.status, StatusCode::OK, "{found:?}");
        let body = &found.body;
        assert_eq!(body["objective"], 90.0);
        assert_eq!(body["times"], json!(times()));
        assert_eq!(body["units"][0]["values"], json!([5.0, null, 7.0]));
        assert_eq!(body["units"].as_array().map(Vec::len), Some(1), "{body}");
        assert_eq!(
            (&body["units"][0]["kind"], &body["units"][0]["written_in"]),
            (&json!("pv"), &json!("MW"))
        );
        // (3 MW · 100 % + 1 MW · 20 %) / 4 MW; what is sold counts nowhere.
        assert_eq!(body["clean_percent"], json!([80.0, 80.0, 80.0]));
        assert_eq!(body["carbon_kg_mwh"], json!([100.0, 100.0, 100.0]));
        assert_eq!(body["levers"][0]["value"], 10.0);
        assert_eq!(body["caveats"][0]["en"], "assumed");
        let empty = hall.post("viewer", WAY, json!({})).await;
        assert_eq!(empty.body["objective"], 100.0);
        let noted = asked.lock().expect("notes").clone();
        assert_eq!(
            noted[0],
            DispatchWish {
                from: Some(date(2026, 11, 1)),
                today: date(2026, 11, 22),
                days: 2,
                scales: BTreeMap::from([("sun".to_string(), 2.0)]),
                deadlines_h: BTreeMap::from([("batch".to_string(), 6.0)]),
                carbon_price: Some(80.0),
            }
        );
        assert_eq!((noted[1].from, noted[1].days), (None, 3));
        for (who, wish, code) in [
            ("engineer.a", json!({}), "access.not_yours"),
            ("viewer", json!({"days": 15}), "request.wrong"),
            ("viewer", json!({"days": 0}), "request.wrong"),
            ("viewer", json!({"scales": {"sun": -1}}), "request.wrong"),
            ("viewer", json!({"scales": {"sun": 11}}), "request.wrong"),
            (
                "viewer",
                json!({"deadlines_h": {"x": 500}}),
                "request.wrong",
            ),
            ("viewer", json!({"carbon_price": 1e9}), "request.wrong"),
            ("viewer", json!({"from": "soon"}), "request.wrong"),
            ("viewer", json!({"scales": {"moon": 1}}), "energy.none"),
        ] {
            let refused = hall.post(who, WAY, wish.clone()).await;
            assert_eq!(refused.code(), code, "{wish}");
        }
    });
}

#[test]
fn a_server_without_a_planner_says_so() {
    run(async {
        let hall = Hall::open().await;
        let none = hall.post("admin", WAY, json!({})).await;
        assert_eq!(
            (none.status, none.code()),
            (StatusCode::NOT_FOUND, "energy.none")
        );
    });
}

/// Twelve ask at once: one is at work, seven wait, the rest are sent away with a time; whoever waited is served.
#[test]
fn one_is_solved_at_a_time_and_few_wait() {
    run(async {
        let (at_work, most, go) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        let seen = (Arc::clone(&at_work), Arc::clone(&most), Arc::clone(&go));
        let dispatch: Dispatch = Box::new(move |wish| {
            let (at_work, most, go) = &seen;
            most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            while go.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            at_work.fetch_sub(1, Ordering::SeqCst);
            solved(wish)
        });
        let hall = Arc::new(Hall::with_dispatch(dispatch).await);
        let (told, count) = (Arc::new(Mutex::new(Vec::new())), 12);
        let askers: Vec<_> = (0..count)
            .map(|_| {
                let (hall, told) = (Arc::clone(&hall), Arc::clone(&told));
                tokio::spawn(async move {
                    let answer = hall.post("admin", WAY, json!({})).await;
                    told.lock().expect("answers").push(answer);
                })
            })
            .collect();
        until("four are sent away", || async {
            told.lock().expect("answers").len() == 4
        })
        .await;
        for sent_away in told.lock().expect("answers").iter() {
            assert_eq!(sent_away.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(sent_away.code(), "access.too_many");
        }
        go.store(1, Ordering::SeqCst);
        for asker in askers {
            asker.await.expect("an answer");
        }
        let told = told.lock().expect("answers");
        let served = told.iter().filter(|answer| answer.status == StatusCode::OK);
        assert_eq!((served.count(), told.len()), (8, count));
        assert_eq!(most.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn the_dispatch_of_a_run_is_shown_day_by_day() {
    run(async {
        let mut hall = Hall::open().await;
        hall.add("viewer", "viewer", None).await;
        hall.add("engineer.a", "engineer", Some("a")).await;
        let simulated = measured(date(2026, 11, 1), date(2026, 11, 3), 1.0, "small");
        let mut planned = simulated.clone();
        planned.series = vec![dispatch(), tracing()];
        planned.plan = Some(plan(42.0));
        planned
            .plan
            .iter_mut()
            .for_each(|plan| plan.units.truncate(1));
        let runs = hall.data().join("runs");
        std::fs::create_dir_all(&runs).expect("a folder");
        write(&runs.join("simulated"), &simulated);
        write(&runs.join("planned"), &planned);
        let ask = |query: &'static str| {
            let (hall, way) = (&hall, format!("/api/runs/planned/dispatch{query}"));
            async move { hall.get("viewer", &way).await }
        };
        for (query, days) in [
            ("", &[1, 2, 3][..]),
            ("?days=1", &[1]),
            ("?from=2026-11-02&days=1", &[2]),
            ("?from=2026-11-02", &[2, 3]),
            ("?from=2020-01-01&days=2", &[1, 2]),
            ("?from=2030-01-01&days=2", &[3]),
        ] {
            let shown = ask(query).await;
            let expected: Vec<String> = days.iter().map(|d| times()[d - 1].clone()).collect();
            assert_eq!(shown.body["times"], json!(expected), "{query}: {shown:?}");
            let clean = shown.body["clean_percent"].as_array().expect("shares");
            assert_eq!(clean, &vec![Value::from(80.0); days.len()], "{query}");
        }
        let whole = ask("").await.body;
        assert_eq!(
            (&whole["objective"], &whole["period_to"]),
            (&json!(42.0), &json!("2026-11-03"))
        );
        assert_eq!(ask("?days=99").await.code(), "request.wrong");
        let powers = ask("?from=2026-11-02&days=1").await.body["matching"]["consumers"].clone();
        assert_eq!(
            (&powers[0]["power_mw"], &powers[2]["power_mw"]),
            (&json!([3.0]), &json!([50.0]))
        );
        let series = hall
            .get(
                "viewer",
                "/api/runs/planned/series?frame=tracing&of=town&from=2026-11-02",
            )
            .await;
        assert_eq!(
            series.body["columns"][0]["texts"],
            json!(&times()[1..]),
            "{series:?}"
        );
        assert_eq!(series.body["columns"][2]["numbers"], json!([1.0, 1.0]));
        let other = hall.get("viewer", "/api/runs/simulated/dispatch").await;
        assert_eq!(
            (other.status, other.code()),
            (StatusCode::CONFLICT, "run.no_dispatch")
        );
        let foreign = hall.get("engineer.a", "/api/runs/planned/dispatch").await;
        assert_eq!(foreign.code(), "access.not_yours");
    });
}
