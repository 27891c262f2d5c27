//! `account`: a run of ten days with and without tables, in both languages, and what is refused.

use crate::base::base;
use crate::harness::{Room, Table};

const ROLES: &str = "stream,role,product\nl1,resource,\nl3,product,KCl\n";
const UTILITIES: &str = "id,carrier,from,to,amount,unit\npumps,electricity,grid,p1,12,MWh\n\
                         ash,soda_ash,market,p2,3,t\n";
const FACTORS: &str = "id,value,unit,gas,kind,scopes,region,year,source\n\
                       ours,1.2,kgCO2e/kg,CO2e,life-cycle,3,,2020,our supplier\n";
const CARBON: &str = "what,factor\nelectricity,grid-cn-2022\nsoda_ash,ours\n";

/// As in the little lake, but brine is drawn off every day.
const LINKS: &str = "id,from,to,capacity [m3/h],rule\n\
                     l1,wells,p1,100,keep_level\nl2,p1,p2,50,keep_level\nl3,p2,lake,20,constant\n";

/// A run of the little lake in `run`.
fn simulated() -> Room {
    let room = Room::new();
    base(&room);
    room.file("lake/links.csv", LINKS);
    room.line("simulate lake -o run").done();
    room
}

fn read(room: &Room, name: &str) -> String {
    std::fs::read_to_string(room.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn a_book_alone_gives_recoveries_and_says_what_is_missing() {
    let room = simulated();
    let said = room.line("account run").done();
    for word in [
        "Recovery, stage by stage",
        "K →",
        "without a value",
        "Carbon: nothing is known",
    ] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    assert!(
        said.stderr.contains("note: no roles.csv"),
        "{}",
        said.stderr
    );
    let recovery = read(&room, "run/account/recovery.csv");
    let table = Table::read(recovery.trim_start_matches('\u{feff}'));
    // What came in went on, elsewhere or stayed: the book closes, so the account does.
    assert!(!table.rows.is_empty());
    for row in 0..table.rows.len() {
        if table.text(row, "stage") == "lake" {
            continue; // The end: what arrived is won.
        }
        let [input, on, elsewhere, stayed] = [
            "input [kg]",
            "onward [kg]",
            "elsewhere [kg]",
            "stock_change [kg]",
        ]
        .map(|column| table.number(row, column));
        let off = (input - on - elsewhere - stayed).abs() / input;
        assert!(off < 1e-9, "row {row}: {off}");
    }
    let json = read(&room, "run/account.json");
    for key in [
        "\"recovery\"",
        "\"sankey\"",
        "\"indicators\"",
        "\"carbon\": null",
    ] {
        assert!(json.contains(key), "{key}");
    }
    let said = room.line("--lang zh account run -o elsewhere").done();
    assert!(said.stdout.contains("逐段回收率"), "{}", said.stdout);
    assert!(room.path("elsewhere/account.json").is_file());
}

#[test]
fn tables_bring_indicators_carbon_and_grades_and_stay_with_the_run() {
    let room = simulated();
    for (name, text) in [
        ("roles", ROLES),
        ("utilities", UTILITIES),
        ("factors", FACTORS),
        ("carbon", CARBON),
    ] {
        room.file(&format!("own/{name}.csv"), text);
    }
    let said = room.line("account run --with own --xlsx out/a.xlsx").done();
    // 12 MWh at 0.5366 kg/kWh are 6.4392 t; 3 t of soda ash at 1.2 are 3.6 t.
    for word in [
        "mixed sum of direct and life-cycle factors: no footprint",
        "10.04 t",
        "scope 2: 6.439 t",
        "scope 3: 3.6 t",
        "recovery from resource to product (K)",
        "GB 6549",
        "soda ash",
    ] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    assert!(
        said.stderr.contains("warning[carbon.mixed]"),
        "{}",
        said.stderr
    );
    assert!(room.path("out/a.xlsx").is_file());
    // The report, and a second look, know the tables without being told.
    let report = read(&room, "run/report.html");
    assert!(
        report.contains("mixed sum of direct"),
        "the report tells of carbon"
    );
    let again = room.line("account run").done();
    assert_eq!(again.stdout, said.stdout);
    let page = room.line("report run --lang zh -o zh.html").done();
    assert_eq!(page.code, 0);
    assert!(read(&room, "zh.html").contains("不是碳足迹"));
}

#[test]
fn mistakes_in_tables_are_told_with_their_place() {
    let room = simulated();
    let refused = |files: &[(&str, &str)], code: &str, words: &[&str]| {
        let _ = std::fs::remove_dir_all(room.path("own"));
        for (name, text) in files {
            room.file(&format!("own/{name}.csv"), text);
        }
        room.line("account run --with own").refused(code, words);
        assert!(!room.path("run/account.json").exists());
    };
    refused(
        &[("roles", "stream,role\nl9,product\n")],
        "account.unknown_name",
        &["roles.csv, row 2, column stream", "l9"],
    );
    refused(
        &[(
            "factors",
            "id,value,unit,gas,kind,scopes,region,year,source\nx,1,,CO2,direct,2,,,us\n",
        )],
        "account.needed",
        &["factors.csv, row 2, column unit"],
    );
    refused(
        &[
            ("utilities", UTILITIES),
            ("carbon", "what,factor\nelectricity,grid-of-mars\n"),
        ],
        "account.unknown_name",
        &["carbon.csv, row 2, column factor", "grid-of-mars"],
    );
    refused(
        &[("sets", "set,member\ntargets,Kx\n")],
        "account.unknown_name",
        &["sets.csv, row 2, column member", "Kx"],
    );
    refused(
        &[("stages", "element,stage,node\nXx,ponds,p1\n")],
        "account.unknown_name",
        &["stages.csv, row 2, column element", "Xx"],
    );
    room.line("account nowhere")
        .refused("run.missing", &["nowhere"]);
}

/// What was said of a period stays said: a locked figure changes only with a reason, and the old one is kept.
#[test]
fn a_locked_period_changes_by_restatement_only() {
    let room = simulated();
    room.file("lake/roles.csv", ROLES);
    let with = |more: &str| room.line(&format!("account run --with lake --closing books {more}"));
    let said = with("--on 2025-07-01").done();
    assert!(said.stdout.contains("recorded"), "{}", said.stdout);
    with("--on 2025-07-02 --lock --by Li").done();
    // Nothing has changed, so nothing is asked.
    let same = with("--on 2025-07-03").done();
    assert!(
        same.stdout.contains("those that were closed"),
        "{}",
        same.stdout
    );

    // Another stream is the product now, so the recovery is another.
    room.file(
        "lake/roles.csv",
        "stream,role,product\nl1,resource,\nl2,product,KCl\n",
    );
    with("--on 2025-07-04").refused("period.locked", &["2025-06-01", "2025-07-02"]);
    let reason = "l3 is the overflow";
    let restated = room.run(&[
        "account",
        "run",
        "--with",
        "lake",
        "--closing",
        "books",
        "--restate",
        reason,
        "--by",
        "Wang",
        "--on",
        "2025-07-04",
    ]);
    let restated = restated.done();
    assert!(
        restated.stdout.contains("element_recovery[K]:"),
        "{}",
        restated.stdout
    );
    let table = |name: &str| Table::read(read(&room, name).trim_start_matches('\u{feff}'));
    let kept = table("books/restatements.csv");
    assert_eq!(kept.text(0, "by"), "Wang");
    assert_eq!(kept.text(0, "reason"), reason);
    let first = table("books/figures.csv");
    let row = |table: &Table, id: &str| {
        (0..)
            .find(|&r| table.text(r, "id") == id)
            .expect("a figure")
    };
    let id = "element_recovery[K]";
    let was = first.number(row(&first, id), "value");
    let restated = row(&kept, id);
    assert_eq!(kept.number(restated, "old"), was);
    assert!(kept.number(restated, "new") > 0.0 && kept.number(restated, "new") != was);
}
