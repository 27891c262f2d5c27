//! Locked periods and restatements.

use jiff::civil::date;
use saltern_account::Lang;
use saltern_account::periods::{Closing, Figure, Period, Texts};

#[test]
fn a_locked_figure_changes_only_with_a_reason_and_keeps_what_it_was() {
    let april = Period::new(date(2026, 4, 1), date(2026, 4, 30)).unwrap();
    let may = Period::new(date(2026, 5, 1), date(2026, 5, 31)).unwrap();
    let mut closing = Closing::default();
    closing
        .record(
            &Figure::new("element_recovery K", 61.2, "%"),
            april,
            date(2026, 5, 2),
        )
        .unwrap();
    closing
        .record(
            &Figure::new("element_recovery K", 60.9, "%"),
            april,
            date(2026, 5, 3),
        )
        .unwrap();
    closing.lock(april, date(2026, 5, 10), "audit").unwrap();
    let refused = closing
        .record(
            &Figure::new("element_recovery K", 65.0, "%"),
            april,
            date(2026, 5, 11),
        )
        .unwrap_err();
    assert_eq!(
        refused.text(Lang::Zh),
        "2026-04-01 至 2026-04-30 已于 2026-05-10 锁定；更改须以重述方式进行并说明理由"
    );
    closing
        .record(
            &Figure::new("element_recovery K", 62.0, "%"),
            may,
            date(2026, 6, 2),
        )
        .unwrap();
    let on = date(2026, 6, 15);
    let code = |r: Result<(), saltern_account::AccountError>| r.unwrap_err().code();
    let unreasoned = closing
        .restate(
            &Figure::new("element_recovery K", 59.8, "%"),
            april,
            on,
            "audit",
            "  ",
        )
        .map(|_| ());
    assert_eq!(code(unreasoned), "period.no_reason");
    let figure = closing
        .restate(
            &Figure::new("element_recovery K", 59.8, "%"),
            april,
            on,
            "audit",
            "flow meter FT-3 read 2 % high",
        )
        .unwrap();
    assert_eq!((figure.value, figure.current()), (Some(60.9), 59.8));
    assert_eq!(figure.restatements[0].old, Some(60.9));
    // Every day sees the figure of that day.
    let seen = |day| closing.as_of("element_recovery K", april, day);
    assert_eq!(seen(date(2026, 5, 1)), None);
    assert_eq!(seen(date(2026, 6, 14)), Some(60.9));
    assert_eq!(seen(date(2026, 6, 15)), Some(59.8));
    let mut later = closing.clone();
    let back = later
        .restate(
            &Figure::new("element_recovery K", 59.9, "%"),
            april,
            date(2026, 6, 1),
            "audit",
            "typing error",
        )
        .map(|_| ());
    assert_eq!(code(back), "period.reversed");
    let none = later
        .restate(
            &Figure::new("element_recovery Li", 1.0, "%"),
            april,
            on,
            "audit",
            "x",
        )
        .map(|_| ());
    assert_eq!(code(none), "period.no_figure");
    let half = Period::new(date(2026, 4, 15), date(2026, 5, 15)).unwrap();
    assert_eq!(code(later.lock(half, on, "audit")), "period.overlap");
    assert_eq!(code(later.lock(april, on, "audit")), "period.locked");
    assert_eq!(
        Period::new(date(2026, 4, 2), date(2026, 4, 1))
            .unwrap_err()
            .code(),
        "period.reversed"
    );
}

#[test]
fn a_closing_is_written_and_read_back_and_its_history_cannot_be_bent() {
    let april = Period::new(date(2026, 4, 1), date(2026, 4, 30)).unwrap();
    let mut closing = Closing::default();
    closing
        .record(
            &Figure::new("water_per_t_kcl", 2.5, "m3/t"),
            april,
            date(2026, 5, 2),
        )
        .unwrap();
    closing.lock(april, date(2026, 5, 10), "audit").unwrap();
    closing
        .restate(
            &Figure::new("water_per_t_kcl", 2.75, "%"),
            april,
            date(2026, 6, 1),
            "audit",
            "a well, forgotten",
        )
        .unwrap();
    let [figures, locks, restatements] = closing.frames().map(|frame| csv(&frame));
    let read = |restatements: &str| {
        Closing::read(&Texts {
            figures: Some(("figures.csv", &figures)),
            locks: Some(("locks.csv", &locks)),
            restatements: Some(("restatements.csv", restatements)),
        })
    };
    assert_eq!(read(&restatements).unwrap(), closing);
    let bent = read(&restatements.replace("2.5,", "2.6,")).unwrap_err();
    assert_eq!(
        bent.to_string(),
        "restatements.csv, row 2, column old: the restatement says that “water_per_t_kcl” was 2.6; recorded is 2.5"
    );
}

#[test]
fn bands_and_plans_are_kept_beside_the_figures_that_have_them() {
    let june = Period::new(date(2027, 6, 1), date(2027, 6, 30)).unwrap();
    let leak = |value: f64, deviation: f64| Figure {
        deviation: Some(deviation),
        planned: Some(80.0),
        ..Figure::new("c1.leakage", value, "t")
    };
    let mut closing = Closing::default();
    closing
        .record(&leak(100.0, 5.0), june, date(2027, 7, 1))
        .unwrap();
    closing.lock(june, date(2027, 7, 2), "ann").unwrap();
    let other = [leak(120.0, 4.0), Figure::new("c2.leakage", 1.0, "t")];
    // What was never recorded has not changed.
    let changed = closing.changed(june, &other);
    assert_eq!(changed.len(), 1);
    let on = date(2027, 7, 3);
    let restated = closing
        .restate(changed[0], june, on, "ann", "a late assay")
        .unwrap();
    assert_eq!(
        (restated.deviation, restated.current_deviation()),
        (Some(5.0), Some(4.0))
    );
    assert_eq!(restated.planned, Some(80.0));
    assert!(closing.changed(june, &other[..1]).is_empty());
    let [figures, locks, restatements] = closing.frames().map(|frame| csv(&frame));
    let read = Closing::read(&Texts {
        figures: Some(("figures.csv", &figures)),
        locks: Some(("locks.csv", &locks)),
        restatements: Some(("restatements.csv", &restatements)),
    });
    assert_eq!(read.unwrap(), closing);
}

#[test]
fn a_figure_that_appears_after_the_lock_is_told_as_such() {
    let june = Period::new(date(2027, 6, 1), date(2027, 6, 30)).unwrap();
    let mut closing = Closing::default();
    let on = date(2027, 7, 3);
    let late = Figure {
        deviation: Some(0.5),
        planned: Some(9.0),
        ..Figure::new("c2.leakage", 8.0, "t")
    };
    let told = |closing: &mut Closing, why: &str| {
        let told = closing.take_over(&late, june, on, "ann", why);
        told.cloned().map_err(|error| error.code())
    };
    let known = Figure::new("c1.leakage", 100.0, "t");
    closing.record(&known, june, date(2027, 7, 1)).unwrap();
    // An open period records it; nothing appears in it.
    assert!(
        closing
            .appeared(june, std::slice::from_ref(&late))
            .is_empty()
    );
    assert_eq!(told(&mut closing, "x").unwrap_err(), "period.no_figure");
    closing.lock(june, date(2027, 7, 2), "ann").unwrap();
    let both = [known, late.clone()];
    assert_eq!(closing.appeared(june, &both), [&late]);
    assert_eq!(told(&mut closing, " ").unwrap_err(), "period.no_reason");
    let new = told(&mut closing, "a meter that was forgotten").unwrap();
    assert_eq!(
        (new.value, new.current(), new.unit.as_str()),
        (None, 8.0, "t")
    );
    assert_eq!(new.restatements[0].old, None);
    // Before that day nobody knew of it.
    assert_eq!(closing.as_of("c2.leakage", june, date(2027, 7, 2)), None);
    assert_eq!(closing.as_of("c2.leakage", june, on), Some(8.0));
    assert!(closing.appeared(june, &both).is_empty() && closing.changed(june, &both).is_empty());
    let again = Figure::new("c2.leakage", 7.0, "t");
    closing
        .take_over(&again, june, on, "ann", "read again")
        .unwrap();
    let [figures, locks, restatements] = closing.frames().map(|frame| csv(&frame));
    assert!(!figures.contains("c2.leakage"), "{figures}");
    let read = |restatements: &str| {
        Closing::read(&Texts {
            figures: Some(("figures.csv", &figures)),
            locks: Some(("locks.csv", &locks)),
            restatements: Some(("restatements.csv", restatements)),
        })
    };
    let blank = restatements.replace("NaN", "");
    assert_eq!(read(&blank).unwrap(), closing);
    // What it was cannot be left out of a later one.
    let bent = read(&blank.replace(",8,7,", ",,7,")).unwrap_err();
    assert_eq!(bent.code(), "table.blank");
}

/// A frame as CSV, texts in quotation marks.
fn csv(frame: &saltern_base::frame::Frame) -> String {
    use saltern_base::frame::Values;
    let rows = match &frame.columns[0].values {
        Values::Text(v) => v.len(),
        Values::Date(v) => v.len(),
        _ => 0,
    };
    let mut lines = vec![
        frame
            .columns
            .iter()
            .map(|c| c.header())
            .collect::<Vec<_>>()
            .join(","),
    ];
    for i in 0..rows {
        let cell = |values: &Values| match values {
            Values::Text(v) => format!("\"{}\"", v[i]),
            Values::Date(v) => v[i].to_string(),
            Values::Number(v) => v[i].to_string(),
            Values::Integer(v) => v[i].to_string(),
        };
        lines.push(
            frame
                .columns
                .iter()
                .map(|c| cell(&c.values))
                .collect::<Vec<_>>()
                .join(","),
        );
    }
    lines.join("\n")
}
