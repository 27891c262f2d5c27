//! `fit`: a bank whose streams are reckoned by hand, a table that does not balance, what is refused, the shipped example.

use crate::base::base;
use crate::harness::{Room, Said, Table, names};

const PLANT: &str = r#"[plant]
name = "Bank"
name_zh = "浮选"

[units.bank]
kind = "flotation"
recovery = { Sylvite = "70 %" }
entrainment = { Halite = "20 %" }
froth_solids = "30 %"

[streams.slurry]
to = "bank"
rate = "100 t/h"
solids = { Sylvite = "15 %", Halite = "20 %" }
brine = "water"

[streams.froth]
from = "bank.froth"

[streams.sink]
from = "bank.sink"

[measures.recovery]
name = "Recovery of potassium"
name_zh = "钾回收率"
measure = "mass(froth, K) / mass(slurry, K)"
"#;

/// 100 t/h with 15 KCl, 20 NaCl, 65 water; of KCl 80 % floats, NaCl is entrained with factor 0.1, froth is 30 % solids. With
/// c = 0.7/0.3 the froth takes c·12/(65 − c·2) = 0.464088 of the water: 30.165746, and 0.928177 NaCl with it. The second run
/// has 80 t/h: all streams are four fifths, all shares the same.
fn data() -> String {
    let mut text =
        "run,place,mass [t/h],mass_sd [%],KCl [wt%],KCl_sd [%],NaCl [wt%],NaCl_sd [%]\n".to_owned();
    for (run, rate) in [("a", 1.0), ("b", 0.8)] {
        for (place, mass, kcl, nacl) in [
            ("slurry", 100.0, 15.0, 20.0),
            ("froth", 43.093923, 12.0, 0.928177),
            ("sink", 56.906077, 3.0, 19.071823),
        ] {
            let (k, na) = (100.0 * kcl / mass, 100.0 * nacl / mass);
            text += &format!("{run},{place},{:.6},1,{k:.6},1,{na:.6},2\n", rate * mass);
        }
    }
    text
}

const RUNS: &str = "run,slurry [t/h],slurry_sd [%]\na,100,2\nb,80,2\n";
const PARAMETERS: &str = "parameter,unit,first,lower,upper\nbank.recovery.Sylvite,%,60,10,100\n\
                          bank.entrainment.Halite,1,0.3,0,1\n";

fn room(data: &str) -> Room {
    let room = Room::new();
    base(&room);
    room.file("lake/plants/bank.toml", PLANT);
    room.file("d.csv", data);
    room.file("r.csv", RUNS);
    room.file("p.csv", PARAMETERS);
    room
}

const FIT: &str = "fit lake bank d.csv --runs r.csv --parameters p.csv -o out";

fn table(room: &Room, name: &str) -> Table {
    let text = std::fs::read_to_string(room.path("out").join(name)).expect(name);
    Table::read(text.trim_start_matches('\u{feff}'))
}

#[test]
fn what_was_reckoned_by_hand_is_found_again() {
    let room = room(&data());
    let said = room.line(FIT).done();
    for word in [
        "2 parameters from 18 of 18",
        "6 degrees of freedom",
        "narrower",
    ] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    let parameters = table(&room, "parameters.csv");
    for (row, truth) in [(0, 80.0), (1, 0.1)] {
        let found = parameters.number(row, "estimate");
        assert!((found / truth - 1.0).abs() < 1e-5, "{found}");
    }
    assert_eq!(
        names(&room.path("out")),
        [
            "agreement.csv",
            "bands.csv",
            "correlation.csv",
            "fit.json",
            "fitted.toml",
            "identifiability.csv",
            "next.csv",
            "parameters.csv",
            "profile.csv",
            "reconciliation.csv",
            "residuals.csv",
            "residuals.svg",
            "run_settings.csv",
            "summary.txt"
        ]
    );
    let json = std::fs::read_to_string(room.path("out/fit.json")).expect("json");
    assert!(json.contains("\"estimate\""), "{json}");
    // Recovery of potassium is the recovery of sylvite here.
    assert!((table(&room, "bands.csv").number(0, "value") - 0.8).abs() < 1e-6);
    let said = room.line(&format!("--lang zh {FIT}")).done();
    assert!(said.stdout.contains("钾回收率：80"), "{}", said.stdout);
}

#[test]
fn the_plant_takes_what_was_fitted_and_tells_its_band() {
    // Errors as stated: of measurements without error the residuals would say that there is none.
    let room = room(&data());
    room.line(&format!("{FIT} --errors stated")).done();
    let band = table(&room, "bands.csv");
    let fitted = std::fs::read_to_string(room.path("out/fitted.toml")).expect("fitted");
    room.file("lake/plants/bank.toml", &format!("{PLANT}\n{fitted}"));
    let said = room.line("plant lake bank").done();
    let (low, high) = (
        100.0 * band.number(0, "low"),
        100.0 * band.number(0, "high"),
    );
    let band = format!("Recovery of potassium: 80.00 % ({low:.2} … {high:.2} %)");
    assert!(said.stderr.contains(&band), "{band}: {}", said.stderr);
    assert!(
        said.stderr.contains("fitted bank.recovery.Sylvite"),
        "{}",
        said.stderr
    );
    room.file(
        "lake/plants/bank.toml",
        &format!(
            "{PLANT}\n{}",
            fitted.replace("recovery.Sylvite\"]", "recovery\"]")
        ),
    );
    room.line("plant lake bank")
        .refused("plants.wrong_entry", &["line", "bank.recovery"]);
}

#[test]
fn a_table_that_does_not_balance_is_told_with_its_cell() {
    let wrong = data().replace("b,froth,34.475138", "b,froth,44.475138");
    let room = room(&wrong);
    let said = room.line(FIT).done();
    for word in [
        "warning[pilot.does_not_balance]",
        "d.csv, row 6, column mass [t/h]: run b does not balance",
        "froth mass",
    ] {
        assert!(said.stderr.contains(word), "{word}: {}", said.stderr);
    }
    let said = room.line(&format!("{FIT} --eliminate")).done();
    assert!(
        said.stderr.contains("warning[pilot.taken_out"),
        "{}",
        said.stderr
    );
    assert!(said.stdout.contains("17 of 18"), "{}", said.stdout);
    let found = table(&room, "parameters.csv").number(0, "estimate");
    assert!((found / 80.0 - 1.0).abs() < 1e-5, "{found}");
}

#[test]
fn what_the_data_cannot_tell_is_named() {
    // One assay that both parameters move.
    let text = "run,place,NaCl [wt%],NaCl_sd [%]\na,froth,2.15385,2\na,froth,2.15,2\n";
    let room = room(text);
    let said = room.line(FIT).done();
    assert!(
        said.stdout.contains("not determined by the data"),
        "{}",
        said.stdout
    );
}

#[test]
fn mistakes_are_refused_with_their_place() {
    let refused = |data: &str, runs: &str, parameters: &str, code: &str, words: &[&str]| -> Said {
        let room = room(data);
        room.file("r.csv", runs);
        room.file("p.csv", parameters);
        room.line(FIT).refused(code, words)
    };
    let with = |old: &str, new: &str| data().replacen(old, new, 1);
    let d = &data();
    refused(
        &with("a,froth", "a,frot"),
        RUNS,
        PARAMETERS,
        "pilot.unknown_place",
        &["d.csv, row 3", "“frot”", "slurry"],
    );
    refused(
        &with("a,froth", "c,froth"),
        RUNS,
        PARAMETERS,
        "table.not_allowed",
        &["d.csv, row 3", "run"],
    );
    refused(
        &with("KCl [wt%]", "Kcl [wt%]"),
        RUNS,
        PARAMETERS,
        "pilot.unknown_column",
        &["row 1", "Kcl"],
    );
    refused(
        &with("mass [t/h]", "mass"),
        RUNS,
        PARAMETERS,
        "units.missing_unit",
        &["row 1", "mass"],
    );
    refused(
        &with("15.000000,1,", "15.000000,,"),
        RUNS,
        PARAMETERS,
        "pilot.no_deviation",
        &["d.csv, row 2", "KCl_sd"],
    );
    refused(
        &with("15.000000", "fifteen"),
        RUNS,
        PARAMETERS,
        "table.not_a_number",
        &["d.csv, row 2", "fifteen"],
    );
    refused(
        d,
        "run,mill [t/h]\na,1\nb,1\n",
        PARAMETERS,
        "pilot.unknown_path",
        &["r.csv, row 1", "mill"],
    );
    refused(
        d,
        "run,bank.froth_solids [%]\na,99\nb,30\n",
        PARAMETERS,
        "pilot.setting",
        &["r.csv, row 2", "froth_solids"],
    );
    refused(
        d,
        RUNS,
        "parameter\nbank.recovery\n",
        "pilot.unknown_path",
        &["p.csv, row 2", "bank.recovery.Sylvite"],
    );
    refused(
        d,
        RUNS,
        "parameter,first\nbank.recovery.Sylvite,1.4\n",
        "pilot.out_of_bounds",
        &["p.csv, row 2, column first"],
    );
    refused(
        d,
        RUNS,
        "parameter\nbank.recovery.Halite\n",
        "pilot.no_first",
        &["p.csv, row 2"],
    );
    let one = "run,place,mass [t/h],mass_sd [%]\na,froth,43,1\n";
    refused(one, RUNS, PARAMETERS, "pilot.too_few", &["2 parameters"]);
}

/// Reconciled values lie on the balances, where the model lies, too: to first order the estimates are those of the raw
/// table, and of the degrees of freedom some have gone to the balances.
#[test]
fn reconciling_first_gives_the_same_estimates() {
    let off = [0.7, -1.1, 0.3, 1.4, -0.6, -0.2, 0.9, -1.3, 0.5, 1.0, -0.8];
    let noisy = |text: String| -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (row, line) in lines.iter_mut().enumerate().skip(1) {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            for column in [2, 4, 6] {
                let value: f64 = cells[column].parse().expect("a number");
                let percent: f64 = cells[column + 1].parse().expect("a number");
                let by = 0.01 * percent * off[(5 * row + column) % off.len()];
                cells[column] = format!("{:.6}", value * (1.0 + by));
            }
            *line = cells.join(",");
        }
        lines.join("\n") + "\n"
    };
    let room = room(&noisy(data()));
    let mut found = Vec::new();
    for more in ["", " --no-reconcile"] {
        room.line(&format!("{FIT} --errors stated --samples 0{more}"))
            .done();
        let parameters = table(&room, "parameters.csv");
        let agreement = table(&room, "agreement.csv");
        let of = |row, column| parameters.number(row, column);
        found.push((
            [of(0, "estimate"), of(1, "estimate")],
            [of(0, "standard_error"), of(1, "standard_error")],
            (
                agreement.number(0, "freedom"),
                agreement.number(0, "chi_squared"),
            ),
        ));
    }
    let (reconciled, raw) = (&found[0], &found[1]);
    for k in 0..2 {
        let apart = (reconciled.0[k] - raw.0[k]).abs() / raw.1[k];
        assert!(apart < 0.05, "{apart} standard errors apart");
        assert!((reconciled.1[k] / raw.1[k] - 1.0).abs() < 0.02);
        assert!((raw.0[k] / [80.0, 0.1][k] - 1.0).abs() < 3.0 * raw.1[k] / raw.0[k]);
    }
    // Mass, K and Na of two runs.
    assert_eq!(raw.2.0 - reconciled.2.0, 6.0);
    assert!(reconciled.2.1 < raw.2.1);
}

/// The truth that the shipped table was made with lies within what the fit says of it.
#[test]
fn the_shipped_example_finds_its_truth_again() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let file = |name: &str| format!("{examples}/pilot/{name}.csv");
    let (qarhan, data) = (format!("{examples}/qarhan"), file("measurements"));
    let (runs, parameters) = (file("runs"), file("parameters"));
    let room = Room::new();
    let said = room.run(&[
        "fit",
        &qarhan,
        "kcl",
        &data,
        "--runs",
        &runs,
        "--parameters",
        &parameters,
        "--samples",
        "0",
        "-o",
        "out",
    ]);
    let said = said.done();
    assert!(
        said.stdout
            .contains("the model agrees with the stated errors"),
        "{}",
        said.stdout
    );
    assert!(!said.stderr.contains("warning[pilot"), "{}", said.stderr);
    let table = table(&room, "parameters.csv");
    for (row, truth) in [0.78, 0.17, 0.93, 0.975].into_iter().enumerate() {
        let (low, high) = (
            table.number(row, "profile_low"),
            table.number(row, "profile_high"),
        );
        assert!(low < truth && truth < high, "{truth}: {low} … {high}");
    }
}
