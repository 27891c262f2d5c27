//! `brine fit`, and layers on a database.

use crate::harness::{Room, Table};

/// Pabalan & Pitzer 1987, Geochim. Cosmochim. Acta 51, 2429.
const HALITE: &str = "source,temperature [degC],Na [mol/kgw],Cl [mol/kgw],quantity,of\n\
    one,0.5,6.097,6.097,saturation,Halite\ntwo,10,6.106,6.106,saturation,Halite\n\
    one,25,6.146,6.146,saturation,Halite\ntwo,40,6.216,6.216,saturation,Halite\n\
    one,60,6.341,6.341,saturation,Halite\ntwo,80,6.498,6.498,saturation,Halite\n\
    one,100,6.680,6.680,saturation,Halite\n";
const LOG_K: &str =
    "kind,species1,terms,t_min [degC],t_max [degC],note\nLOG_K,Halite,A1 A2 A3 A4,0,110,a test\n";

#[test]
fn a_fit_layers_on_the_database_and_meets_its_data() {
    let room = Room::new();
    room.file("d.csv", HALITE);
    room.file("p.csv", LOG_K);
    let fit = "brine fit d.csv --parameters p.csv --validate -o out";
    let said = room.line(fit).done();
    assert!(
        said.stdout.starts_with("7 residuals, 4 unknowns"),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("without one (4)"), "{}", said.stdout);
    assert_eq!(
        crate::harness::names(&room.path("out")),
        [
            "covariance.csv",
            "minerals.csv",
            "parameters.csv",
            "report.html",
            "residuals.csv",
            "validation.csv"
        ]
    );
    let base = room.line("brine solubility --salts Halite --temperature '40 degC' --only-named");
    let layered = room.line("brine solubility --salts Halite --temperature '40 degC' --only-named --database default+out/parameters.csv");
    let of = |said: crate::harness::Said| said.done().table().number(0, "total Na [mol/kgw]");
    let (base, layered) = (of(base), of(layered));
    assert!(
        (layered / 6.216 - 1.0).abs() < 2e-3 && layered != base,
        "{layered} {base}"
    );
    let report = std::fs::read_to_string(room.path("out/report.html")).expect("a report");
    assert!(report.contains("<svg") && report.contains("lang=\"en\""));
    // The same bytes again, and in Chinese other words for the same numbers.
    let again = room.line(fit).done();
    assert_eq!(again.stdout, said.stdout);
    let chinese = room
        .line("--lang zh brine fit d.csv --parameters p.csv")
        .done();
    assert!(chinese.stderr.contains("7 个残差"), "{}", chinese.stderr);
    let layer = Table::read(&chinese.stdout);
    assert_eq!(layer.text(0, "species1"), "Halite");
    assert_eq!(
        chinese.stdout,
        std::fs::read_to_string(room.path("out/parameters.csv")).expect("a layer")
    );
}

#[test]
fn shipped_values_that_do_not_follow_are_told() {
    let room = Room::new();
    room.file("d.csv", HALITE);
    room.file("p.csv", LOG_K);
    let said = room.line("brine fit d.csv --parameters p.csv --check --tolerance 0.5 -o out");
    assert_eq!(said.code, 0, "{}", said.stderr);
    room.file("d.csv", &HALITE.replace(",6.", ",5."));
    let said = room.line("brine fit d.csv --parameters p.csv --check -o out");
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert!(
        said.stderr.starts_with("error[fit.differs]: p.csv: 1 of 1"),
        "{}",
        said.stderr
    );
    assert!(
        said.stdout.contains("differs: LOG_K Halite at "),
        "{}",
        said.stdout
    );
}

#[test]
fn wrong_input_is_refused_with_its_place() {
    let room = Room::new();
    room.file("d.csv", HALITE);
    room.file("p.csv", &LOG_K.replace("A1 A2 A3 A4", "A1 B2"));
    let fit = "brine fit d.csv --parameters p.csv";
    room.line(fit).refused(
        "fit.bad_terms",
        &["p.csv, row 2, column terms", "A1 B2", "hint"],
    );
    room.file("p.csv", LOG_K);
    room.file("d.csv", &HALITE.replace("two,40,6.216", "two,40,salty"));
    room.line(fit)
        .refused("table.not_a_number", &["d.csv, row 5, column Na [mol/kgw]"]);
    room.file(
        "l.csv",
        "kind,species1,species2,a0 [*],source\nB0,Na+,Xx-,1,me\n",
    );
    room.line("brine database default+l.csv")
        .refused("database.unknown_species", &["l.csv, row 2", "Xx-"]);
    room.line("brine database default+absent.csv")
        .refused("file.not_found", &["absent.csv"]);
}
