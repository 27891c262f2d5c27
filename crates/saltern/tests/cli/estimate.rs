//! `estimate`: a truth simulated by the program, measured, and found again from its samples alone.

use crate::base::base;
use crate::harness::{Room, Said, Table, names};

const ASSETS: &str = "id,parent,level,name,name_zh,node\n\
                      works,,enterprise,Works,工厂,\np1,works,process_cell,First,一号,p1\n\
                      p2,works,process_cell,Second,二号,p2\nl1,works,unit,Pump one,一号泵,\nl2,works,unit,Pump two,二号泵,\n";

fn tags() -> String {
    let mut text = String::from(
        "id,asset,name,name_zh,unit,quantity,component,low,high,resolution,source,period [s],deadband,retention [d]\n",
    );
    for pond in ["p1", "p2"] {
        text += &format!("{pond}.level,{pond},Level,液位,m,level,,0,3,,manual,60,,\n");
        text += &format!("{pond}.density,{pond},Density,密度,g/cm3,density,,1,1.5,,manual,600,,\n");
        for element in ["Na", "K", "Mg"] {
            text += &format!(
                "{pond}.{element},{pond},{element},{element},g/L,assay,{element},0,,,lab,604800,,\n"
            );
        }
    }
    for link in ["l1", "l2"] {
        text += &format!("{link}.flow,{link},Flow,流量,m3/h,flow,,0,500,,manual,60,,\n");
    }
    text
}

fn read(room: &Room, name: &str) -> Table {
    let text = std::fs::read_to_string(room.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    Table::read(text.trim_start_matches('\u{feff}'))
}

/// A lake that its base knows, a truth whose first pond leaks 2 mm/d more, and what was measured of it in its own evenings.
fn measured() -> Room {
    let room = Room::new();
    base(&room);
    room.file("lake/assets.csv", ASSETS);
    room.file("lake/tags.csv", &tags());
    let known = std::fs::read_to_string(room.path("lake/ponds.csv")).expect("ponds");
    room.file(
        "lake/ponds.csv",
        &known.replacen("2,0.5,feed", "2,2.5,feed", 1),
    );
    room.line("simulate lake -o truth").done();
    room.line("export truth --csv truth-tables").done();
    room.file("lake/ponds.csv", &known);
    let ponds = read(&room, "truth-tables/ponds.csv");
    let mut samples = String::from("time,tag,value\n");
    for row in 0..ponds.rows.len() {
        let (date, pond) = (ponds.text(row, "date"), ponds.text(row, "pond"));
        let mut add = |tag: &str, value: f64| {
            samples += &format!("{date}T20:00,{pond}.{tag},{value}\n");
        };
        add("level", ponds.number(row, "level [m]"));
        add("density", 1e-3 * ponds.number(row, "density [kg/m3]"));
        for element in ["Na", "K", "Mg"] {
            add(element, ponds.number(row, &format!("{element} [g/L]")));
        }
        let inflow_m3 = ponds.number(row, "inflow [m3]");
        let link = if pond == "p1" { "l1" } else { "l2" };
        samples += &format!("{date}T12:00:00+08:00,{link}.flow,{}\n", inflow_m3 / 24.0);
    }
    room.file("june.csv", &samples);
    room
}

fn estimated(room: &Room) -> Said {
    room.line(
        "estimate lake --samples june.csv --opening-error '0.5 %' --members 12 --ahead 5 -o found",
    )
}

#[test]
fn a_leak_is_found_again_from_samples_alone() {
    let room = measured();
    let said = estimated(&room).done();
    for word in ["Little lake", "leak", "more than the base says"] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    let files = [
        "book",
        "departures.csv",
        "estimates.csv",
        "forecast.csv",
        "meters.csv",
        "phases.csv",
        "state.csv",
        "streams.csv",
    ];
    assert_eq!(names(&room.path("found")), files);
    let estimates = read(&room, "found/estimates.csv");
    let leak = |pond: &str| {
        let row = (0..estimates.rows.len()).find(|r| {
            estimates.text(*r, "pond") == pond && estimates.text(*r, "quantity") == "leak"
        });
        let row = row.expect("a leak");
        (
            estimates.number(row, "value"),
            estimates.number(row, "standard_deviation"),
        )
    };
    let (first, first_sigma) = leak("p1");
    let (second, second_sigma) = leak("p2");
    assert!(
        (first - 2.5).abs() < 3.0 * first_sigma,
        "{first} ± {first_sigma}"
    );
    assert!(
        (second - 0.5).abs() < 3.0 * second_sigma,
        "{second} ± {second_sigma}"
    );
    // From the state a simulation goes on, and the book is a run like any other.
    room.line("simulate lake --from 2025-06-11 --to 2025-06-12 --state found/state.csv -o on")
        .done();
    room.line("compare truth found/book").done();
    room.line("account found/book").done();
    let again = estimated(&room);
    again.refused("run.exists", &["found"]);
}

#[test]
fn samples_that_cannot_be_are_told_with_their_cells() {
    let room = measured();
    let refuse = |text: &str, code: &str, words: &[&str]| {
        room.file("june.csv", text);
        estimated(&room).refused(code, words);
    };
    refuse(
        "time,tag,value\n2025-06-01T20:00,p1.levl,1\n",
        "samples.unknown_tag",
        &["june.csv", "p1.levl", "p1.level"],
    );
    refuse(
        "time,tag,value\nyesterday,p1.level,1\n",
        "samples.bad_time",
        &["june.csv", "yesterday"],
    );
    refuse(
        "time,tag,value\n2025-06-01T20:00,l1.flow,1\n2025-06-02T20:00,l1.flow,1\n",
        "samples.nothing",
        &["june.csv"],
    );
}
