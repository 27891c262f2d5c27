//! The `brine` commands.

use crate::harness::{Room, Table};

const SEA: &str = "id,temperature [degC],pH,Na [mol/kgw],K [mol/kgw],Mg [mol/kgw],Ca [mol/kgw],Cl [mol/kgw],SO4 [mol/kgw]\n\
    sea,25,7,0.4861,0.01058,0.05475,0.01065,0.5658,0.02927\n";

fn properties(header: &str, row: &str) -> (Room, crate::harness::Said) {
    let room = Room::new();
    room.file("a.csv", &format!("{header}\n{row}\n"));
    let said = room.line("brine properties a.csv -o out.csv");
    assert_eq!(
        room.names(),
        ["a.csv"],
        "something was left behind: {}",
        said.stderr
    );
    (room, said)
}

#[test]
fn wrong_tables_are_refused_with_their_place() {
    let cases = [
        (
            "id,temperature [degC],Na [furlong]",
            "a,25,1",
            "assay.unknown_unit",
            ["Na", "furlong"],
        ),
        (
            "id,temperature [degC],Xx [g/L]",
            "a,25,1",
            "assay.unknown_column",
            ["Xx", "row 1"],
        ),
        (
            "id,temperature [degC],Na [g/L],Cl [g/L]",
            "a,25,ten,20",
            "table.not_a_number",
            ["ten", "row 2"],
        ),
        (
            "id,temperature [degC],Na [g/L],Cl [g/L]",
            "a,25,NaN,20",
            "table.not_finite",
            ["NaN", "Na [g/L]"],
        ),
        (
            "id,temperature [degC],Na [g/L],Cl [g/L]",
            "a,25,-3,20",
            "table.negative",
            ["-3", "row 2"],
        ),
        ("", "", "table.empty", ["a.csv", "empty"]),
        (
            "id,temperature [degC],Na [g/L]",
            "",
            "table.no_rows",
            ["a.csv", "row"],
        ),
        (
            "id,temperature [degC],Na [g/L],B [g/L]",
            "a,25,30,1",
            "assay.ph_needed",
            ["--balance pH", "B"],
        ),
        (
            "id,temperature [warm],Na [g/L]",
            "a,25,30",
            "units.unknown_unit",
            ["warm", "degC"],
        ),
        (
            "id,temperature [degC],Na [g/L],Na [mg/L]",
            "a,25,30,1",
            "table.duplicate_column",
            ["Na", "row 1"],
        ),
        (
            "id,temperature [degC],Na [g/L],Cl [g/L]",
            "a,25,90000,140000",
            "assay.no_water",
            ["row 2", "mg/L"],
        ),
    ];
    for (header, row, code, words) in cases {
        properties(header, row).1.refused(code, &words);
    }
}

#[test]
fn wrong_options_and_files_are_refused() {
    let room = Room::new();
    room.file("a.csv", SEA);
    let run = |args: &[&str]| room.run(args);
    run(&["brine", "properties", "nowhere.csv"]).refused("file.not_found", &["nowhere.csv"]);
    run(&["brine", "properties", "a.csv", "--database", "none.dat"])
        .refused("file.not_found", &["none.dat"]);
    run(&["brine", "properties", "a.csv", "--balance", "Xx"])
        .refused("option.bad_value", &["--balance", "Xx", "Cl"]);
    run(&["brine", "equilibrate", "a.csv", "--phases", "Hallite"])
        .refused("phases.unknown_mineral", &["Hallite", "Halite"]);
    run(&["brine", "equilibrate", "a.csv", "--suppress", "Nothing"])
        .refused("phases.unknown_mineral", &["Nothing"]);
    run(&[
        "brine",
        "equilibrate",
        "a.csv",
        "--remove-water",
        "-1 kg/kgw",
    ])
    .refused("option.bad_value", &["-1 kg/kgw"]);
    run(&["brine", "evaporate", "a.csv", "--id", "lake"])
        .refused("option.unknown_id", &["lake", "sea"]);
    run(&[
        "brine",
        "evaporate",
        "a.csv",
        "--id",
        "sea",
        "--until",
        "wet",
    ])
    .refused("option.bad_value", &["wet"]);
    run(&[
        "brine",
        "solubility",
        "--salts",
        "Salt",
        "--temperature",
        "25 degC",
    ])
    .refused("phases.unknown_mineral", &["Salt"]);
    run(&[
        "brine",
        "solubility",
        "--salts",
        "Halite",
        "--temperature",
        "25",
    ])
    .refused("option.bad_value", &["--temperature", "degC"]);
    room.file("bytes.csv", "");
    std::fs::write(room.path("bytes.csv"), b"id\n\xff\n").expect("a file");
    run(&["brine", "properties", "bytes.csv"]).refused("file.not_utf8", &["line 2"]);
    assert_eq!(
        run(&["brine", "fit", "a.csv"]).code,
        2,
        "verbs of later issues are absent"
    );
    assert_eq!(room.names(), ["a.csv", "bytes.csv"]);
}

#[test]
fn errors_are_told_in_chinese_too() {
    let room = Room::new();
    room.file("a.csv", "id,temperature [degC],Na [furlong]\na,25,1\n");
    let said = room.line("brine properties a.csv --lang zh");
    said.refused("assay.unknown_unit", &["单位", "furlong", "hint:"]);
}

#[test]
fn properties_has_the_columns_of_the_contract() {
    let room = Room::new();
    room.file("a.csv", SEA);
    let table = room.line("brine properties a.csv").done().table();
    for column in [
        "id",
        "temperature [degC]",
        "pH [-]",
        "state",
        "water [kg]",
        "water_activity [-]",
        "osmotic_coefficient [-]",
        "ionic_strength [mol/kgw]",
        "density [kg/m3]",
        "charge_error [%]",
        "total SO4 [mol/kgw]",
        "molality Na+ [mol/kgw]",
        "log10_gamma Mg+2",
        "si Halite",
        "notices",
    ] {
        table.text(0, column);
    }
    assert_eq!(
        (table.text(0, "id"), table.text(0, "state")),
        ("sea", "wet")
    );
    // Seawater at 25 °C: water activity 0.981 to 0.982 (Robinson 1954), density 1.023 g/cm³ (salinity 35).
    assert!((table.number(0, "water_activity [-]") - 0.9815).abs() < 1e-3);
    assert!((table.number(0, "density [kg/m3]") - 1023.3).abs() < 1.0);
    assert!((table.number(0, "pH [-]") - 7.0).abs() < 1e-9);
    assert!((table.number(0, "total SO4 [mol/kgw]") - 0.02927).abs() < 1e-12);
    assert!(table.number(0, "si Halite") < -2.0);
}

#[test]
fn halite_dissolves_to_six_molal() {
    let room = Room::new();
    let args = "brine solubility --salts Halite --salts Halite+Bischofite+Sylvite \
                --temperature '25 degC' --only-named";
    let said = room.line(args).done();
    let table = said.table();
    // CRC Handbook: 26.45 mass %, 6.15 mol/kg.
    assert!((table.number(0, "total Na [mol/kgw]") - 6.15).abs() < 0.05);
    assert!(table.number(0, "solid Halite [mol]") > 0.0);
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn evaporation_starts_at_equilibrium_and_ends_dry() {
    let room = Room::new();
    room.file(
        "a.csv",
        "id,temperature [degC],Na [mol/kgw],K [mol/kgw],Cl [mol/kgw]\na,25,2,1,3\n",
    );
    let args = "brine evaporate a.csv --id a --steps 40";
    let table = room.line(args).done().table();
    assert_eq!(
        (table.text(0, "step"), table.text(0, "state")),
        ("0", "wet")
    );
    assert!((table.number(0, "water [kg]") - 1.0).abs() < 1e-6);
    let last = table.rows.len() - 1;
    assert_eq!(table.text(last, "state"), "dry");
    assert!((table.number(last, "solid Halite [mol]") - 2.0).abs() < 1e-9);
    assert!((table.number(last, "solid Sylvite [mol]") - 1.0).abs() < 1e-9);

    let until = format!("{args} --mode fractional --until 'water 5 %'");
    let table = room.line(&until).done().table();
    let last = table.rows.len() - 1;
    assert!(
        (table.number(last, "water [kg]") - 0.05).abs() < 1e-6,
        "no hydrate takes water here"
    );
    assert!(table.number(last, "removed Halite [mol]") > 1.5);
    assert!(table.header.iter().all(|h| !h.starts_with("solid ")));

    let until = format!("{args} --until Sylvite");
    let table = room.line(&until).done().table();
    let last = table.rows.len() - 1;
    assert!(table.number(last, "solid Sylvite [mol]") > 0.0);
    assert_eq!(table.number(last - 1, "solid Sylvite [mol]"), 0.0);
}

#[test]
fn removing_all_water_leaves_a_dry_row() {
    let room = Room::new();
    room.file(
        "a.csv",
        "id,temperature [degC],Na [mol/kgw],Cl [mol/kgw]\na,25,2,2\n",
    );
    let table = room
        .line("brine equilibrate a.csv --remove-water '1 kg/kgw'")
        .done()
        .table();
    assert_eq!(
        (table.text(0, "state"), table.text(0, "pH [-]")),
        ("dry", "")
    );
    assert!((table.number(0, "solid Halite [mol]") - 2.0).abs() < 1e-6);
}

#[test]
fn check_names_what_is_suspect() {
    let room = Room::new();
    room.file(
        "a.csv",
        "id,temperature [degC],density [g/cm3],Na [g/L],Cl [g/L]\ngood,25,1.19,120,185\nodd,25,1.4,120,150\n",
    );
    let said = room.line("brine check a.csv").done();
    let table = said.table();
    assert_eq!(table.text(0, "notices"), "");
    assert!(
        table.text(1, "notices").contains("charge error"),
        "{}",
        said.stdout
    );
    assert!(said.stderr.contains("1 of 2"), "{}", said.stderr);
}

#[test]
fn the_table_is_the_same_whatever_the_threads() {
    let room = Room::new();
    let mut text =
        String::from("id,temperature [degC],Na [g/L],K [g/L],Mg [g/L],Cl [g/L],SO4 [g/L]\n");
    for i in 0..300 {
        let x = f64::from(i) / 300.0;
        text += &format!(
            "{i},{},{},{},{},{},{}\n",
            5 + i % 30,
            20.0 + 60.0 * x,
            10.0 * x,
            40.0 * (1.0 - x),
            180,
            5
        );
    }
    room.file("a.csv", &text);
    let run = |threads: &str| {
        let name = format!("{threads}.csv");
        room.run(&[
            "brine",
            "equilibrate",
            "a.csv",
            "--threads",
            threads,
            "-o",
            &name,
        ])
        .done();
        std::fs::read_to_string(room.path(&name)).expect("a table")
    };
    let (one, three) = (run("1"), run("3"));
    assert_eq!(one, three);
    let table = Table::read(&one);
    let ids: Vec<&str> = (0..table.rows.len()).map(|r| table.text(r, "id")).collect();
    assert_eq!(ids, (0..300).map(|i| i.to_string()).collect::<Vec<_>>());
    assert_eq!(room.names(), ["1.csv", "3.csv", "a.csv"]);
}

#[test]
fn spreadsheets_and_byte_order_marks_are_read() {
    let room = Room::new();
    room.file("bom.csv", &format!("\u{feff}{SEA}"));
    let from_csv = room.line("brine properties bom.csv").done().stdout;
    let frame = saltern_base::frame::Frame {
        name: "assays".into(),
        columns: SEA
            .lines()
            .next()
            .unwrap_or_default()
            .split(',')
            .zip(SEA.lines().nth(1).unwrap_or_default().split(','))
            .map(|(header, cell)| column(header, cell))
            .collect(),
    };
    let bytes = saltern_run::export::xlsx_bytes(&[frame]).expect("a workbook");
    std::fs::write(room.path("a.xlsx"), bytes).expect("a file");
    let from_xlsx = room.line("brine properties a.xlsx").done().stdout;
    assert_eq!(from_csv, from_xlsx);
}

fn column(header: &str, cell: &str) -> saltern_base::frame::Column {
    use saltern_base::frame::{Column, Values};
    let (name, unit) = header
        .trim_end_matches(']')
        .split_once(" [")
        .unwrap_or((header, ""));
    let values = match cell.parse() {
        Ok(number) => Values::Number(vec![number]),
        Err(_) => Values::Text(vec![cell.into()]),
    };
    Column {
        name: name.into(),
        unit: unit.into(),
        values,
    }
}

/// A result told to go to `/dev/null` was renamed onto it: done by root, every program on the machine then read what
/// others had thrown away. A pipe stands for the device here.
#[cfg(unix)]
#[test]
fn a_pipe_is_written_into_and_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;

    let room = Room::new();
    room.file("sea.csv", SEA);
    let pipe = room.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let from = pipe.clone();
    let reader = std::thread::spawn(move || std::fs::read_to_string(from).expect("the pipe"));
    room.line("brine properties sea.csv -o pipe").done();
    let to_stdout = room.line("brine properties sea.csv").done().stdout;
    assert_eq!(reader.join().expect("a reader"), to_stdout);
    let there = std::fs::metadata(&pipe).expect("the pipe is there");
    assert!(there.file_type().is_fifo());
}

#[test]
fn a_database_tells_what_it_holds() {
    let room = Room::new();
    let said = room.line("brine database").done();
    assert!(said.stdout.starts_with("kind,what,value at 25 degC,"));
    assert!(said.stdout.contains("Halite"));
    assert!(said.stderr.contains("minerals"), "{}", said.stderr);
}

#[test]
fn every_verb_helps_with_an_example() {
    let room = Room::new();
    let verbs: [&[&str]; 12] = [
        &[],
        &["brine", "check"],
        &["brine", "properties"],
        &["brine", "equilibrate"],
        &["brine", "evaporate"],
        &["brine", "solubility"],
        &["brine", "database"],
        &["simulate"],
        &["compare"],
        &["report"],
        &["export"],
        &["base", "check"],
    ];
    for verb in verbs {
        let said = room.run(&[verb, &["--help"]].concat()).done();
        assert!(said.stdout.contains("Example"), "{verb:?}");
        assert!(
            said.stdout.contains(&format!("saltern {}", verb.join(" "))),
            "{verb:?}"
        );
    }
}

/// Physical properties of seawater and of a strong magnesium chloride brine, on the coast and at 70 kPa; of a database
/// without heat capacities only what it can know.
#[test]
fn properties_hold_viscosity_heat_and_phase_changes() {
    let room = Room::new();
    room.file(
        "a.csv",
        "id,temperature [degC],Na [mol/kgw],Mg [mol/kgw],Cl [mol/kgw]\nweak,25,0.5,0,0.5\nstrong,5,0,5,10\n",
    );
    let coast = room.line("brine properties a.csv").done().table();
    let plateau = room
        .line("brine properties a.csv --pressure '70 kPa'")
        .done()
        .table();
    let near = |row, column, expected: f64, within: f64| {
        let got = coast.number(row, column);
        assert!((got - expected).abs() < within, "{column}: {got}");
    };
    // Pure water: 0.890 mPa s, 4181 J/kg/K, 3.17 kPa, 99.97 degC.
    near(0, "viscosity [mPa.s]", 0.93, 0.02);
    near(0, "heat_capacity [J/kg/K]", 4030.0, 30.0);
    near(0, "vapour_pressure [kPa]", 3.12, 0.01);
    near(0, "boiling_point [degC]", 100.46, 0.05);
    near(0, "boiling_rise [K]", 0.49, 0.05);
    near(0, "freezing_point [degC]", -1.69, 0.05);
    assert_eq!(coast.text(0, "first_solid"), "Ice");
    assert!(coast.number(1, "boiling_rise [K]") > 15.0);
    // Water boils at 89.93 degC under 70 kPa.
    let lower = coast.number(0, "boiling_point [degC]") - plateau.number(0, "boiling_point [degC]");
    assert!((lower - 10.04).abs() < 0.1, "{lower}");
    assert_eq!(
        coast.text(0, "density [kg/m3]"),
        plateau.text(0, "density [kg/m3]")
    );
    room.line("brine properties a.csv --pressure 70")
        .refused("option.bad_value", &["--pressure", "kPa"]);
}
