//! Workbooks dropped into the folder of a serving base: what they hold arrives, and what is wrong with them is told.

use jiff::civil::Date;
use saltern_base::frame::{Column, Frame};

use crate::demo::{GOOD, Served, base};

/// A workbook as a clerk keeps it: days as cells of days, masses in the clerk's unit.
fn workbook() -> Vec<u8> {
    let day = |day| Date::constant(2025, 6, day);
    let frame = Frame::new(
        "stores",
        vec![
            Column::dates("time", [day(1), day(2)]),
            Column::numbers("kcl_store.mass", "kg", [1_000_000.0, 1_250_000.0]),
            Column::numbers("stock/lithium_store", "", [40.0, f64::NAN]),
        ],
    );
    saltern_run::export::xlsx_bytes(&[frame]).expect("a workbook")
}

#[test]
fn a_workbook_dropped_while_serving_arrives() {
    let room = base();
    let served = Served::bare(&room, &[]);
    let drop = room.path("data/connections/drop");
    served.until("the folder", |_| drop.is_dir());
    let whole = workbook();
    std::fs::write(drop.join("1.xlsx"), &whole[..whole.len() / 2]).expect("a file");
    std::fs::write(drop.join("2.xlsx"), &whole).expect("a file");

    served.until("the last mass", |served| {
        served.value("kcl_store.mass") == Some((1250.0, GOOD))
    });
    // A cell without a number says nothing, so that the day before stands.
    assert_eq!(served.value("lithium_store.mass"), Some((40.0, GOOD)));
    served.until("the workbook put away", |_| {
        drop.join("done/2.xlsx").is_file()
    });
    // What came over a connection is shown at once and durable soon after.
    let path = "/api/tags/kcl_store.mass/series?from=1748700000000&to=1749000000000";
    let rows = |served: &Served| -> Vec<String> {
        let series = served.text(path);
        series.lines().skip(1).map(String::from).collect()
    };
    served.until("both days in the history", |served| rows(served).len() == 2);
    let values = rows(&served);
    // Midnight of the first of June by the clock of the base, which is eight hours ahead.
    assert!(
        values[0].starts_with("2025-05-31T16:00:00") && values[0].contains(",1000"),
        "{values:?}"
    );

    let report = drop.join("failed/1.xlsx.report.txt");
    let read = || std::fs::read_to_string(&report).unwrap_or_default();
    served.until("the whole report", |_| {
        read().ends_with('\n') && read().lines().count() == 2
    });
    let report = read();
    let lines: Vec<&str> = report.lines().collect();
    let [en, zh] = &lines[..] else {
        panic!("{report}")
    };
    assert!(en.starts_with("1.xlsx can’t be read: "), "{en}");
    assert!(
        zh.starts_with("1.xlsx 无法读取：1.xlsx 无法作为 XLSX 工作簿读取"),
        "{zh}"
    );
    served.stop();
}
