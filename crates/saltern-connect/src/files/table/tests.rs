//! Tables as people send them.

use proptest::prelude::*;
use saltern_base::tags::read;

use super::*;

pub(super) fn columns() -> Columns {
    let files = [
        ("assets.csv", "id,level\nn1,site\n"),
        (
            "tags.csv",
            "id,asset,unit,quantity,component,source\n\
             heap,n1,t,mass,,file:stock/heap\n\
             n1.K,n1,g/L,assay,K,lab\n\
             n1.density,n1,g/cm3,density,,lab\n",
        ),
    ];
    let text = |name: &str| {
        files
            .iter()
            .find(|(file, _)| *file == name)
            .map(|(_, text)| text.to_string())
    };
    let live = read(&text).expect("a good base");
    let slots: Vec<Slot> = live
        .tags
        .iter()
        .enumerate()
        .map(|(i, tag)| Slot::new(i, tag))
        .collect();
    Columns::new(&live, &slots, 8.0 * 3600.0)
}

fn values(text: &str) -> Vec<(usize, i64, f64)> {
    let entries = columns().read("drop.csv", text);
    let entries = entries.map_err(|e| e.iter().map(|e| e.to_string()).collect::<Vec<_>>());
    let entries = entries.expect("a good file");
    entries
        .iter()
        .map(|e| (e.slot, e.time_us / 1_000_000, e.value))
        .collect()
}

fn said(text: &str) -> String {
    let errors = columns().read("drop.csv", text).expect_err("an error");
    errors
        .iter()
        .map(|e| e.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600;

#[test]
fn three_forms_are_read_with_their_units() {
    let long =
        "time,tag,value,quality\n2026-01-01T00:00:00Z,heap,5,\n2026-01-01 08:01,stock/heap,,bad\n";
    let read = values(long);
    assert_eq!(read[0], (0, NEW_YEAR, 5.0));
    assert_eq!((read[1].1, read[1].2.is_nan()), (NEW_YEAR + 60, true));
    let wide = "time,stock/heap [kg],n1.K\n2026-01-01T08:00:00+08:00,2500,\n2026-01-01,,9.5\n";
    assert_eq!(
        values(wide),
        [(0, NEW_YEAR, 2.5), (1, NEW_YEAR - 8 * 3600, 9.5)]
    );
    let laboratory =
        "pond,time,sample,K [mg/L],density [kg/m3]\nn1,2026-01-01T00:00Z,a7,1500,1250\n";
    assert_eq!(
        values(laboratory),
        [(1, NEW_YEAR, 1.5), (2, NEW_YEAR, 1.25)]
    );
}

#[test]
fn mistakes_are_told_with_file_row_and_column() {
    let text = said("time,tag,value\nyesterday,heap,1\n2026-01-01,hep,1\n2026-01-01,heap,much\n");
    for part in [
        "drop.csv, row 2, column time: “yesterday”",
        "drop.csv, row 3, column tag: there is no tag “hep” (did you mean “heap”?)",
        "drop.csv, row 4, column value",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let text = said("time,heap [m]\n2026-01-01,1\n2026-01-02,1\n");
    assert!(
        text.contains("row 1, column heap [m]") && text.lines().count() == 1,
        "{text}"
    );
    let text = said("pond,time,Xx [g/L]\nn1,2026-01-01,1\n");
    assert!(text.contains("Xx"), "{text}");
    assert!(said("tag,value\nheap,1\n").contains("time"));
    assert!(said("").contains("empty"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_not(text in "(time|tag|value|pond|heap|K \\[g/L\\]|2026-01-01|[0-9.,;\"\n\\[\\] -]){0,40}|\\PC{0,60}") {
        let _ = columns().read("drop.csv", &text);
    }
}
