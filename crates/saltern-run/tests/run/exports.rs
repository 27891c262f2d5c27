//! Exports and comparisons.

use std::fs;

use saltern_base::frame::Values;
use saltern_run::figures::{self, Count};
use saltern_run::{compare, export, spreadsheet};
use saltern_units::Lang;
use saltern_units::message::Message;

use crate::fixture;

#[test]
fn csv_opens_in_a_spreadsheet() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("csv");
    export::csv(&fixture::run(3), &folder).unwrap();
    let text = fs::read_to_string(folder.join("ponds.csv")).unwrap();
    assert!(
        text.starts_with("\u{feff}date,pond,depth [m],volume [m3],temperature [degC],"),
        "{}",
        &text[..80]
    );
    assert_eq!(text.lines().count(), 1 + 3 * 12);
    for name in [
        "postings",
        "stocks",
        "nodes",
        "streams",
        "floor",
        "months_ahead",
        "energy",
    ] {
        assert!(folder.join(format!("{name}.csv")).is_file(), "{name}");
    }
}

#[test]
fn a_workbook_reads_back_as_the_same_csv() {
    let run = fixture::run(3);
    let frames = export::frames(&run);
    let bytes = export::xlsx_bytes(&frames).unwrap();
    assert!(spreadsheet::is_xlsx(&bytes));
    for frame in &frames {
        let from_sheet =
            spreadsheet::read_xlsx_as_csv("run.xlsx", &bytes, Some(&frame.name)).unwrap();
        let direct = String::from_utf8(export::csv_bytes(frame).unwrap()).unwrap();
        let direct = direct.trim_start_matches('\u{feff}');
        let cells = |text: &str| -> Vec<Vec<String>> {
            csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes())
                .records()
                .map(|r| r.unwrap().iter().map(str::to_owned).collect())
                .collect()
        };
        for (a, b) in cells(&from_sheet)
            .iter()
            .flatten()
            .zip(cells(direct).iter().flatten())
        {
            match (a.parse::<f64>(), b.parse::<f64>()) {
                // A workbook keeps 17 significant digits, so numbers agree to the last bit or two.
                (Ok(x), Ok(y)) => {
                    assert!((x - y).abs() <= 1e-15 * y.abs(), "{}: {a} {b}", frame.name)
                }
                _ => assert_eq!(a, b, "{}", frame.name),
            }
        }
        assert_eq!(
            cells(&from_sheet).len(),
            cells(direct).len(),
            "{}",
            frame.name
        );
    }
}

#[test]
fn workbooks_that_are_none_are_refused() {
    let error =
        spreadsheet::read_xlsx_as_csv("a.xlsx", b"PK\x03\x04 and then nonsense", None).unwrap_err();
    assert_eq!(error.code(), "run.spreadsheet");
    let zh = error.text(Lang::Zh);
    assert!(zh.starts_with("a.xlsx 无法作为 XLSX 工作簿读取"), "{zh}");
    let bytes = export::xlsx_bytes(&export::frames(&fixture::run(1))).unwrap();
    let error = spreadsheet::read_xlsx_as_csv("a.xlsx", &bytes, Some("assays")).unwrap_err();
    assert_eq!(error.code(), "run.no_sheet");
    assert!(error.to_string().contains("`ponds`"), "{error}");
}

#[test]
fn every_pond_ledger_closes() {
    let run = fixture::run(366);
    let totals = figures::stream_totals(&run.book);
    for pond in 0..12 {
        for count in [Count::Mass, Count::Element(3), Count::Element(5)] {
            let ledger = figures::ledger(&run.book, &totals, pond, count);
            assert!(
                ledger.residual_ratio() < 1e-9,
                "{pond} {count:?} {ledger:?}"
            );
        }
    }
}

#[test]
fn a_ledger_that_does_not_close_says_so() {
    let mut run = fixture::run(30);
    let leak = run
        .book
        .postings
        .iter()
        .position(|p| run.book.streams[p.stream].id == "P0.leakage")
        .unwrap();
    let lost = figures::mass_kg(
        &run.book,
        Count::Mass,
        &run.book.postings[leak].elements_mol,
    );
    run.book.postings.remove(leak);
    let totals = figures::stream_totals(&run.book);
    let ledger = figures::ledger(&run.book, &totals, 0, Count::Mass);
    assert!(
        (ledger.residual_kg() / lost - 1.0).abs() < 1e-3,
        "{} {lost}",
        ledger.residual_kg()
    );
}

#[test]
fn fates_add_up() {
    let run = fixture::run(366);
    let totals = figures::stream_totals(&run.book);
    for count in [Count::Mass, Count::Element(3), Count::Element(5)] {
        let f = figures::fate(&run.book, &totals, count);
        let gone = f.harvested_kg + f.entrained_kg + f.leaked_kg + f.sold_kg + f.evaporated_kg;
        let kept = f.closing_brine_kg + f.closing_salt_kg;
        assert!(
            ((gone + kept) / f.available_kg() - 1.0).abs() < 1e-9,
            "{count:?} {f:?}"
        );
    }
}

#[test]
fn runs_are_compared_figure_by_figure() {
    let (short, long) = (fixture::run(30), fixture::run(366));
    let frame = compare::compare(
        &[("short".into(), &short), ("long".into(), &long)],
        Lang::En,
    )
    .unwrap();
    let row = |name: &str| match (
        &frame.columns[0].values,
        &frame.columns[2].values,
        &frame.columns[3].values,
    ) {
        (Values::Text(names), Values::Number(a), Values::Number(b)) => {
            let i = names.iter().position(|n| n == name).unwrap();
            (a[i], b[i])
        }
        _ => panic!("figure, unit, numbers"),
    };
    assert_eq!(row("days"), (30.0, 366.0));
    let (none, some) = row("harvest Carnallite");
    assert!(none.is_nan() && some > 0.0);
    let (_, end) = row("feed ahead of the harvest, at the end");
    let (_, least) = row("feed ahead of the harvest, at its least");
    assert!(0.0 < least && least <= end, "{least} {end}");
    let text = compare::text_table(&frame);
    assert!(text.lines().next().unwrap().contains("short"), "{text}");
    let error = compare::compare(&[("one".into(), &short)], Lang::En).unwrap_err();
    assert_eq!(error.code(), "run.too_few");
}

#[test]
fn a_comparison_reads_the_same_in_chinese() {
    let run = fixture::run(366);
    let pair = [("a".to_owned(), &run), ("b".to_owned(), &run)];
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| compare::compare(&pair, lang).unwrap());
    assert_eq!(en.columns[2], zh.columns[2]);
    let names = |frame: &saltern_base::frame::Frame| match &frame.columns[0].values {
        Values::Text(names) => names.clone(),
        _ => panic!("names"),
    };
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    assert!(names(&zh).iter().all(|n| n.chars().any(is_chinese)));
    assert!(
        names(&zh).contains(&"采收 光卤石".to_owned()),
        "{:?}",
        names(&zh)
    );
    assert!(names(&en).contains(&"harvest Carnallite".to_owned()));
}
