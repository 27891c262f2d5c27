//! Closings: when they are drafted, what they follow, who locks them, and what happens to what is locked.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::http::{Request, StatusCode, header};
use jiff::civil::{Date, date, time};
use saltern_base::book::{Book, Node, NodeKind, Posting, Stock, Stream, StreamKind};
use saltern_base::model::Base;
use saltern_run::folder::WriteOptions;
use saltern_run::{RunContents, RunMeta, WeatherOrigin};
use saltern_server::{Night, Nights};
use serde_json::{Value, json};

use super::hall::{Answer, Files, Hall, NOW_US, TAGS, run, try_planned, until};

const HOUR_MS: i64 = 3_600_000;
const HOUR_S: i64 = 3_600;
/// The shift that begins with the hall's clock: eight in the morning at the site.
const SHIFT: &str = "/api/closings/2026-11-22T0800";

/// The saltworks of the examples with two shifts and one pond that is enterprise A's asset.
pub(crate) fn base() -> Base {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seawater");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let (mut base, _) = saltern_base::folder::read("seawater", &text).expect("the example");
    base.ponds[1].id = "a".into();
    base.shifts = vec![time(8, 0, 0, 0), time(20, 0, 0, 0)];
    base
}

/// The tags of the hall and a flow of each enterprise.
fn files() -> Files {
    let files = Files::with_ponds(base());
    let flow =
        |of: &str| format!("{of}.flow,{of},Flow,流量,m3/s,flow,,0,10,0.01,manual,,60,,,,,,\n");
    files.edit("tags.csv", format!("{TAGS}{}{}", flow("a"), flow("b")));
    files
}

/// Sends values of a flow at hours of the shift; no value begins a gap.
async fn send(hall: &Hall, tag: &str, values: &[(i64, Option<f64>)]) {
    let sample = |(hour, value): &(i64, Option<f64>)| {
        let quality = if value.is_some() { 0xC0 } else { 0x18 };
        json!({"tag": tag, "time": NOW_US / 1000 + hour * HOUR_MS, "value": value, "quality": quality})
    };
    let samples: Vec<Value> = values.iter().map(sample).collect();
    let sent = hall
        .post("admin", "/api/samples", json!({ "samples": samples }))
        .await;
    assert_eq!(sent.body["stored"], values.len(), "{sent:?}");
}

fn figure<'a>(answer: &'a Answer, id: &str) -> Option<&'a Value> {
    let mut all = answer.body["values"].as_array()?.iter();
    all.find(|figure| figure["id"] == id)
}

fn number(answer: &Answer, id: &str, name: &str) -> Option<f64> {
    figure(answer, id)?[name].as_f64()
}

fn near(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-9 * expected.abs().max(1.0))
}

async fn until_there(hall: &Hall, ids: &[&str]) {
    until("the closings", || async {
        let list = hall.get("admin", "/api/closings?from=2026-11-01").await;
        let all = list.body["closings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        ids.iter()
            .all(|id| all.iter().any(|closing| closing["id"] == *id))
    })
    .await;
}

#[test]
fn a_shift_is_drafted_followed_locked_and_restated() {
    run(async {
        let mut hall = Hall::with_files(files()).await;
        hall.add("engineer", "engineer", None).await;
        hall.add("engineer.a", "engineer", Some("a")).await;
        hall.add("viewer.b", "viewer", Some("b")).await;
        hall.pass(11 * HOUR_S);
        let constant = [(0, Some(2.0)), (6, None), (9, Some(2.0))];
        send(&hall, "a.flow", &constant).await;
        send(&hall, "b.flow", &[(0, Some(1.0))]).await;
        hall.send(&[("a.level", 2.5)]).await;
        // The shift is over, and not yet due.
        hall.pass(HOUR_S + HOUR_S / 2);
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        assert_eq!(hall.get("admin", SHIFT).await.code(), "closing.unknown");
        hall.pass(HOUR_S / 2);
        until_there(&hall, &["2026-11-22T0800"]).await;
        let draft = hall.get("admin", SHIFT).await;
        assert_eq!(
            (&draft.body["kind"], &draft.body["locked"]),
            (&json!("shift"), &Value::Null)
        );
        // Three of twelve hours of 2 m3/s are missing.
        assert!(
            near(number(&draft, "a.flow.volume", "value"), 64_800.0),
            "{draft:?}"
        );
        assert!(near(number(&draft, "a.flow.good", "value"), 75.0));
        assert!(near(number(&draft, "b.flow.volume", "value"), 43_200.0));
        assert!(near(number(&draft, "a.level.level_at_end", "value"), 2.5));
        assert_eq!(number(&draft, "alarms[a]", "value"), Some(1.0));
        assert_eq!(number(&draft, "alarms[b]", "value"), Some(0.0));

        // What comes late is in the draft, and in what is locked.
        send(&hall, "a.flow", &[(6, Some(2.0))]).await;
        let refused = hall
            .post(
                "engineer",
                &format!("{SHIFT}/restatement"),
                json!({"why": "x"}),
            )
            .await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::CONFLICT, "closing.not_locked")
        );
        let others = hall
            .post("engineer.a", &format!("{SHIFT}/lock"), Value::Null)
            .await;
        assert_eq!(others.code(), "access.not_yours");
        let locked = hall
            .post("engineer", &format!("{SHIFT}/lock"), Value::Null)
            .await;
        assert_eq!(locked.status, StatusCode::OK, "{locked:?}");
        assert_eq!(locked.body["locked"]["by"], "engineer");
        // 2 m3/s over twelve hours.
        assert!(
            near(number(&locked, "a.flow.volume", "value"), 86_400.0),
            "{locked:?}"
        );

        // From now on it stays as it is, and tells what it would be.
        send(&hall, "a.flow", &[(11, Some(3.0))]).await;
        let seen = hall.get("admin", SHIFT).await;
        assert!(near(number(&seen, "a.flow.volume", "value"), 86_400.0));
        assert!(
            near(number(&seen, "a.flow.volume", "now"), 90_000.0),
            "{seen:?}"
        );
        let again = hall
            .post("engineer", &format!("{SHIFT}/lock"), Value::Null)
            .await;
        assert_eq!(
            (again.status, again.code()),
            (StatusCode::CONFLICT, "period.locked")
        );
        let restate = format!("{SHIFT}/restatement");
        let silent = hall.post("engineer", &restate, json!({"why": " "})).await;
        assert_eq!(
            (silent.status, silent.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "period.no_reason")
        );
        let said = json!({"why": "meter read again"});
        let restated = hall.post("engineer", &restate, said).await;
        assert_eq!(restated.status, StatusCode::OK, "{restated:?}");
        let whole = |answer: &Answer| {
            let figure = figure(answer, "a.flow.volume").expect("the volume").clone();
            let change = figure["restatements"][0].clone();
            assert!(near(figure["value"].as_f64(), 90_000.0), "{figure}");
            assert!(
                near(change["old"].as_f64(), 86_400.0) && near(change["new"].as_f64(), 90_000.0)
            );
            assert_eq!(
                (&change["by"], &change["why"]),
                (&json!("engineer"), &json!("meter read again"))
            );
            assert_eq!(figure["now"], Value::Null);
        };
        whole(&restated);

        // Another enterprise sees its own, and not a word of the other.
        let other = hall.get("viewer.b", SHIFT).await;
        assert!(figure(&other, "b.flow.volume").is_some() && figure(&other, "hours").is_some());
        assert!(
            !other.text.contains("a.flow") && !other.text.contains("alarms[a]"),
            "{other:?}"
        );
        let csv = Request::get(SHIFT)
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", hall.token("admin")),
            )
            .header(header::ACCEPT, "text/csv");
        let csv = hall.raw(csv, Value::Null).await;
        assert!(
            csv.text
                .lines()
                .any(|line| line.starts_with("a.flow.volume,90000,m3,,,,,,1")),
            "{}",
            csv.text
        );

        let audit = hall.get("admin", "/api/audit?most=20").await;
        let acts = audit.body.as_array().expect("acts").iter();
        let acts: Vec<_> = acts
            .filter(|act| act["object"] == "2026-11-22T0800")
            .collect();
        let actions: Vec<_> = acts.iter().map(|act| act["action"].as_str()).collect();
        assert_eq!(actions, [Some("closing.restated"), Some("closing.locked")]);
        assert!(
            acts[0]["detail"]
                .as_str()
                .is_some_and(|d| d.contains("meter read again"))
        );

        // A copy has it, and so has the next start.
        let copied = hall
            .post("admin", "/api/backup", json!({"name": "monday"}))
            .await;
        assert_eq!(copied.status, StatusCode::OK);
        let kept = hall
            .data()
            .join("backups/monday/closings/2026-11-22T0800/locks.csv");
        assert!(kept.is_file(), "{kept:?}");
        let hall = hall.again().await;
        whole(&hall.get("admin", SHIFT).await);
        let list = hall.get("admin", "/api/closings?kind=shift").await;
        assert_eq!(list.body["closings"][0]["restated"], 1, "{list:?}");
    });
}

#[test]
fn a_level_that_comes_after_the_lock_is_restated_from_nothing() {
    run(async {
        let hall = Hall::with_files(files()).await;
        hall.pass(14 * HOUR_S);
        send(&hall, "a.flow", &[(0, Some(2.0))]).await;
        until_there(&hall, &["2026-11-22T0800"]).await;
        hall.post("admin", &format!("{SHIFT}/lock"), Value::Null)
            .await;
        let end = "b.level.level_at_end";
        assert!(figure(&hall.get("admin", SHIFT).await, end).is_none());
        send(&hall, "b.level", &[(3, Some(1.25))]).await;
        let seen = hall.get("admin", SHIFT).await;
        let of = |answer: &Answer, name| number(answer, end, name);
        assert_eq!(
            (of(&seen, "value"), of(&seen, "now")),
            (None, Some(1.25)),
            "{seen:?}"
        );
        let said = json!({"why": "the book of the shift was found"});
        hall.post("admin", &format!("{SHIFT}/restatement"), said)
            .await;
        // As it is read from what is kept.
        let hall = hall.again().await;
        let restated = hall.get("admin", SHIFT).await;
        assert_eq!(
            (of(&restated, "value"), of(&restated, "now")),
            (Some(1.25), None)
        );
        let change = &figure(&restated, end).expect("a level")["restatements"][0];
        assert_eq!(
            (&change["old"], &change["new"]),
            (&Value::Null, &json!(1.25))
        );
    });
}

#[test]
fn a_draft_keeps_its_figures_when_its_samples_are_past_their_time() {
    run(async {
        let files = files();
        let flow = |of: &str, days: &str| {
            format!("{of}.flow,{of},Flow,流量,m3/s,flow,,0,10,0.01,manual,,60,,{days},,,,\n")
        };
        let tags = format!("{TAGS}{}{}", flow("a", "1"), flow("b", ""));
        files.edit("tags.csv", tags);
        let hall = Hall::with_files(files).await;
        hall.pass(14 * HOUR_S);
        send(&hall, "a.flow", &[(0, Some(2.0))]).await;
        send(&hall, "b.flow", &[(0, Some(1.0))]).await;
        until_there(&hall, &["2026-11-22T0800"]).await;
        let are = |answer: &Answer, a_m3: f64, b_m3: f64| {
            for (id, value) in [("a.flow.volume", a_m3), ("b.flow.volume", b_m3)] {
                assert!(near(number(answer, id, "value"), value), "{answer:?}");
            }
            assert!(near(number(answer, "a.flow.good", "value"), 100.0));
        };
        are(&hall.get("admin", SHIFT).await, 86_400.0, 43_200.0);

        // A day later: what is left of the shift is less than half of it, and nothing of the past is.
        let copy = json!({"name": "bare"});
        let copied = hall.post("admin", "/api/backup", copy).await;
        assert_eq!(copied.status, StatusCode::OK, "{copied:?}");
        let bare = hall.data().join("backups/bare");
        std::fs::remove_dir_all(bare.join("history")).expect("a history");
        hall.pass(16 * HOUR_S);
        let hall = hall.on(&bare).await;
        are(&hall.get("admin", SHIFT).await, 86_400.0, 43_200.0);
        send(&hall, "a.flow", &[(10, Some(3.0))]).await;
        are(&hall.get("admin", SHIFT).await, 86_400.0, 43_200.0);
        // The samples of the other are kept for good: what comes late is followed.
        send(&hall, "b.flow", &[(0, Some(3.0))]).await;
        are(&hall.get("admin", SHIFT).await, 86_400.0, 129_600.0);
        let locked = hall
            .post("admin", &format!("{SHIFT}/lock"), Value::Null)
            .await;
        are(&locked, 86_400.0, 129_600.0);
        let now = number(&hall.get("admin", SHIFT).await, "a.flow.volume", "now");
        assert_eq!(now, None);
    });
}

const KG_MOL: f64 = 0.04;

/// A run of the pond `a` over some days, in which 10 t come in and so much leaks every day.
pub(crate) fn measured(from: Date, to: Date, leak_t: f64, base_id: &str) -> RunContents {
    let days = (to - from).get_days().unsigned_abs() + 1;
    let mut book = Book::empty(from, days, vec!["K".into()], vec![KG_MOL]);
    let node = |id: &str, kind| Node {
        id: id.into(),
        kind,
    };
    book.nodes = vec![
        node("sea", NodeKind::Source),
        node("a", NodeKind::Pond),
        node("ground", NodeKind::Ground),
    ];
    let stream = |id: &str, from, to, kind| Stream {
        id: id.into(),
        from,
        to,
        kind,
    };
    book.streams = vec![
        stream("sea_a", 0, 1, StreamKind::Feed),
        stream("a.leakage", 1, 2, StreamKind::Leakage),
    ];
    for day in 0..days {
        for (stream, mass_t) in [(0, 10.0), (1, leak_t)] {
            book.postings.push(Posting {
                stream,
                day,
                elements_mol: vec![mass_t * 1e3 / KG_MOL],
                minerals_mol: Vec::new(),
                mass_kg: mass_t * 1e3,
                volume_m3: mass_t,
                water_kg: 0.0,
                energy_j: 0.0,
            });
        }
    }
    let stock = |brine_t: f64| Stock {
        node: 1,
        brine_elements_mol: vec![brine_t * 1e3 / KG_MOL],
        solid_elements_mol: vec![0.0],
        minerals_mol: Vec::new(),
    };
    book.opening = vec![stock(100.0)];
    book.closing = vec![stock(100.0 + f64::from(days) * (10.0 - leak_t))];
    let meta = RunMeta {
        saltern: "test".into(),
        base: base_id.into(),
        inputs: Default::default(),
        from,
        to,
        days,
        elapsed_s: 0.0,
        equilibria: 0,
        failures: 0,
        closure: Default::default(),
        weather: WeatherOrigin::None,
        weathers: None,
        database: "none".into(),
        caveats: Vec::new(),
    };
    RunContents::new(&base(), meta, book, Vec::new(), Vec::new())
}

pub(crate) fn write(path: &Path, run: &RunContents) {
    let options = WriteOptions {
        overwrite: true,
        ..WriteOptions::default()
    };
    saltern_run::folder::write(path, run, &options).expect("a run");
}

/// Nights whose windows begin on 2026-11-19, with a leak that may be told anew.
fn nights(leak_t: &Arc<Mutex<f64>>) -> Nights {
    let leak_t = Arc::clone(leak_t);
    let make = move |night: &Night<'_>| {
        let evening: Date = night
            .out
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok())
            .expect("an evening");
        let leak_t = *leak_t.lock().expect("the leak");
        write(
            &night.out.join("book"),
            &measured(date(2026, 11, 19), evening, leak_t, "small"),
        );
        let table =
            |name: &str, text: &str| std::fs::write(night.out.join(name), text).expect("a table");
        table(
            "streams.csv",
            "stream,kind,from,to,mass [t],mass_deviation [t],volume [m3],volume_deviation [m3]\n\
             sea_a,feed,sea,a,30,0.3,30,0.3\na.leakage,leakage,a,ground,3,0.3,3,0.3\n",
        );
        table(
            "estimates.csv",
            "pond,quantity,unit,value,standard_deviation,low_95,high_95\na,level,m,1.25,0.01,1.23,1.27\na,K,g/L,5,0.5,4,6\n",
        );
        Ok(())
    };
    Nights {
        make: Box::new(make),
        days: 30,
    }
}

/// A plan of 2026-11-20 to 2026-12-31 in a folder that lives as long as what is handed back.
fn plan(leak_t: f64, base_id: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plan");
    write(
        &path,
        &measured(date(2026, 11, 20), date(2026, 12, 31), leak_t, base_id),
    );
    (folder, path)
}

#[test]
fn days_and_months_are_told_by_the_measured_book_beside_the_plan() {
    run(async {
        let leak_t = Arc::new(Mutex::new(1.0));
        let (_folder, path) = plan(0.4, "small");
        let mut hall = Hall::with_plan(files(), nights(&leak_t), &path).await;
        hall.add("viewer.b", "viewer", Some("b")).await;
        let all = ["2026-11-19", "2026-11-20", "2026-11-21"];
        until_there(&hall, &all).await;
        let day = hall.get("admin", "/api/closings/2026-11-21").await;
        for (id, value) in [
            ("a.inflow", 10.0),
            ("a.leakage[K]", 1.0),
            ("a.stock", 127.0),
            ("a.level", 1.25),
            ("a.content[K]", 5.0),
            ("days", 1.0),
        ] {
            assert!(near(number(&day, id, "value"), value), "{id}: {day:?}");
        }
        // A tenth off is a tenth of every day, and the plan has 0.4 t.
        assert!(near(number(&day, "a.leakage", "low"), 1.0 - 1.96 * 0.1));
        assert!(near(number(&day, "a.leakage", "planned"), 0.4));
        assert!(near(number(&day, "a.leakage", "difference"), 0.6));
        assert_eq!(day.body["problems"], json!([]));
        // The day before the plan begins, and an evening that is no night's own.
        let early = hall.get("admin", "/api/closings/2026-11-19").await;
        assert_eq!(early.body["problems"][0]["code"], "plan.not_covering");
        assert_eq!(number(&early, "a.leakage", "planned"), None);
        assert!(
            near(number(&early, "a.stock", "value"), 109.0) && figure(&early, "a.level").is_none()
        );
        let other = hall.get("viewer.b", "/api/closings/2026-11-21").await;
        assert!(
            !other.text.contains("a.leakage") && figure(&other, "days").is_some(),
            "{other:?}"
        );

        // An assay came late: the night is worked again, and the draft follows; what is locked does not.
        let locked = hall
            .post("admin", "/api/closings/2026-11-20/lock", Value::Null)
            .await;
        assert_eq!(locked.status, StatusCode::OK, "{locked:?}");
        *leak_t.lock().expect("the leak") = 2.0;
        hall.post("admin", "/api/estimates", Value::Null).await;
        let draft = || hall.data().join("closings/2026-11-21/figures.csv");
        until("the draft", || async {
            let text = std::fs::read_to_string(draft()).expect("a draft");
            text.lines()
                .any(|line| line.starts_with("a.leakage,2026-11-21,2026-11-21,2,t"))
        })
        .await;
        let locked = hall.get("admin", "/api/closings/2026-11-20").await;
        assert!(near(number(&locked, "a.leakage", "value"), 1.0));
        assert!(near(number(&locked, "a.leakage", "now"), 2.0));

        // The month, of which the first eighteen days were before the first window.
        hall.pass(9 * 24 * HOUR_S);
        until_there(&hall, &["2026-11", "2026-11-30"]).await;
        let month = hall.get("admin", "/api/closings/2026-11").await;
        assert!(near(number(&month, "days", "value"), 12.0), "{month:?}");
        assert!(near(number(&month, "a.leakage", "value"), 24.0));
        let uncovered = month.body["values"].as_array().expect("figures").iter();
        let uncovered = uncovered.filter(|f| {
            f["id"]
                .as_str()
                .is_some_and(|id| id.starts_with("uncovered["))
        });
        assert_eq!(uncovered.count(), 18);
        assert_eq!(month.body["problems"][0]["code"], "plan.not_covering");

        // The next start knows the plan, and one of another base is refused.
        let hall = hall.again().await;
        let list = hall
            .get(
                "admin",
                "/api/closings?kind=day&from=2026-11-21&to=2026-11-21",
            )
            .await;
        assert_eq!(list.body["plan"]["from"], "2026-11-20");
        assert_eq!(
            list.body["closings"].as_array().map(Vec::len),
            Some(1),
            "{list:?}"
        );
        let (_other, path) = plan(0.4, "elsewhere");
        let data = tempfile::tempdir().expect("a folder");
        let refused = try_planned(&files(), data.path(), &path)
            .err()
            .expect("refused");
        assert_eq!(refused[0].code, "plan.other_base");
        let wrong = hall.get("admin", "/api/closings?kind=week").await;
        assert_eq!(wrong.code(), "request.wrong");
    });
}
