//! `reconcile`: the shipped example, gross errors, and what is refused.

use crate::harness::{Room, Table};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/reconciliation");

#[test]
fn the_shipped_example_gives_the_published_answer() {
    let room = Room::new();
    let file = |name: &str| format!("{EXAMPLE}/{name}.csv");
    let (streams, parameters, equations) = (file("streams"), file("parameters"), file("equations"));
    let args = |lang| {
        [
            "--lang",
            lang,
            "reconcile",
            &streams,
            "--parameters",
            &parameters,
            "--equations",
            &equations,
            "-o",
            "out",
        ]
    };
    let said = room.run(&args("en")).done();
    assert!(
        said.stdout.contains("the measurements agree"),
        "{}",
        said.stdout
    );
    assert!(said.stderr.contains("warning[reconcile.unobservable]"));
    let text = std::fs::read_to_string(room.path("out/reconciled.csv")).expect("a table");
    let table = Table::read(text.trim_start_matches('\u{feff}'));
    // Cencic 2016.
    for (row, value, sigma) in [
        (0, 102.425960, 7.882792),
        (2, 149.990270, 21.2133),
        (3, 302.416229, 22.608614),
        (4, 152.425960, 7.882792),
        (7, 0.495973, 0.037681),
    ] {
        let (got, got_sigma) = (table.number(row, "value"), table.number(row, "sigma"));
        assert!((got / value - 1.0).abs() < 5e-6, "{got} for {value}");
        assert!((got_sigma / sigma - 1.0).abs() < 2e-5, "{got_sigma}");
    }
    assert_eq!(table.text(5, "value"), "");
    for name in ["tests", "leaks", "removed"] {
        assert!(room.path(&format!("out/{name}.csv")).is_file(), "{name}");
    }
    let said = room.run(&args("zh")).done();
    assert!(
        said.stdout.contains("χ² 检验：测量值相互一致"),
        "{}",
        said.stdout
    );
}

/// Narasimhan & Jordache's exchanger with 10 t/h too much on one meter.
const EXCHANGER: &str = "id,from,to,flow [t/h],flow_sigma [t/h]\n\
    feed,,split,101.91,1\nhot,split,exchanger,64.45,1\nbypass,split,valve,34.65,1\n\
    heated,exchanger,mixer,64.20,1\ncold,valve,mixer,46.44,1\nout,mixer,,98.88,1\n";

#[test]
fn a_gross_error_is_told_and_taken_out_when_asked() {
    let room = Room::new();
    room.file("s.csv", EXCHANGER);
    let said = room.line("reconcile s.csv").done();
    assert!(
        said.stdout.contains("at least one measurement is wrong"),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("leaks (in − out)"), "{}", said.stdout);
    let said = room.line("reconcile s.csv --eliminate").done();
    assert!(said.stdout.contains("taken out: cold"), "{}", said.stdout);
    assert!(
        said.stderr.contains("warning[reconcile.gross_error]"),
        "{}",
        said.stderr
    );
    let said = room.line("reconcile s.csv --loss hampel").done();
    assert!(said.stdout.contains("cold"), "{}", said.stdout);
}

#[test]
fn mistakes_are_refused_with_their_place() {
    let room = Room::new();
    room.file("s.csv", EXCHANGER);
    room.file("no-unit.csv", "id,from,to,flow,flow_sigma\na,x,y,1,0.1\n");
    room.file("e.csv", "id,equation\nq,cold = 2 * warm\n");
    room.line("reconcile no-unit.csv")
        .refused("units.missing_unit", &["no-unit.csv, row 1, column flow"]);
    room.line("reconcile s.csv --equations e.csv").refused(
        "account.unknown_name",
        &["e.csv, row 2, column equation", "“warm”"],
    );
    room.line("reconcile s.csv --significance 2")
        .refused("option.bad_value", &["--significance"]);
    room.line("reconcile none.csv")
        .refused("file.not_found", &["none.csv"]);
}
