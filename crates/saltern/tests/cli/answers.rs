//! The commands that answer a process engineer: paths over temperature, mixtures, reagents, decomposition, diagrams.

use crate::harness::{Room, Table};

const BRINES: &str = "id,temperature [degC],Na [mol/kgw],K [mol/kgw],Mg [mol/kgw],Cl [mol/kgw],SO4 [mol/kgw]\n\
    salty,25,5.5,0.5,0.2,6.4,\nbitter,25,0.4,0.3,4.2,9.1,\nmirabilite,25,1.909,,,,0.9545\nmagnesium,25,,,1,2,\n";

fn room() -> Room {
    let room = Room::new();
    room.file("a.csv", BRINES);
    room
}

#[test]
fn species_have_a_row_each_and_share_their_element() {
    let said = room().line("brine speciate a.csv").done();
    let table = said.table();
    let share: f64 = (0..table.rows.len())
        .filter(|&k| table.text(k, "id") == "magnesium" && table.text(k, "of") == "Mg")
        .map(|k| table.number(k, "share [%]"))
        .sum();
    assert!((share - 100.0).abs() < 1e-6, "{share}");
}

#[test]
fn cooling_ends_at_the_first_solid() {
    let room = room();
    let args = "brine temperature a.csv --id mirabilite --to '0 degC' --until solid";
    let said = room.line(args).done();
    let table = said.table();
    let last = table.rows.len() - 1;
    let celsius = table.number(last, "temperature [degC]");
    // 15 °C by the solubility of mirabilite, 0.924 to 0.955 mol/kgw there (measured, PHREEQC).
    assert!((celsius - 15.0).abs() < 0.6, "{celsius}");
    assert!(
        said.stderr.contains("Mirabilite appears at"),
        "{}",
        said.stderr
    );
    room.line("brine temperature a.csv --id mirabilite --to cold")
        .refused("option.bad_value", &["--to", "cold"]);
}

#[test]
fn a_mixture_of_brines_salts_out() {
    let said = room()
        .line("brine mix a.csv --ids salty,bitter --steps 4")
        .done();
    let table = said.table();
    assert_eq!(table.rows.len(), 5);
    assert_eq!(table.number(2, "share bitter [%]"), 50.0);
    assert!(table.number(2, "solid Halite [mol]") > 0.1);
    let heat = |row: usize| table.number(row, "heat of mixing [kJ]");
    assert!(heat(4).abs() < 1e-9 && heat(2).abs() > 0.1, "{}", heat(2));
    let room = room();
    let warmed = room
        .line("brine mix a.csv --parts salty=1,bitter=1 --adiabatic")
        .done()
        .table();
    // Where mixing gives off heat, the mixture that keeps it is warmer.
    let rise = warmed.number(0, "temperature [degC]") - 25.0;
    assert!(rise * heat(2) < 0.0, "{rise} K, {} kJ", heat(2));
    room.line("brine mix a.csv --parts salty=2,nobody=1")
        .refused("option.unknown_id", &["nobody", "bitter"]);
    room.line("brine mix a.csv --parts salty")
        .refused("option.bad_value", &["--parts"]);
}

#[test]
fn salt_dissolves_until_it_stays() {
    let said = room()
        .line("brine dissolve a.csv --id salty --salt Sylvite")
        .done();
    assert!(said.stderr.contains("Sylvite:"), "{}", said.stderr);
    let table = said.table();
    let last = table.rows.len() - 1;
    assert_eq!(last, 20);
    assert!(table.number(last, "added Sylvite [mol]") > 1.0);
}

#[test]
fn lime_makes_brucite_and_needs_no_phases() {
    let room = room();
    let args = "brine add a.csv --id magnesium --reagent Ca(OH)2 --amount '0.5 mol/kgw' --steps 5";
    let table = room.line(args).done().table();
    assert!((table.number(5, "solid Brucite [mol]") - 0.5).abs() < 0.01);
    assert!((table.number(5, "added Ca(OH)2 [g]") - 37.05).abs() < 0.05);
    for (reagent, amount) in [
        ("FeCl3", "1 mol/kgw"),
        ("HCl", "1 furlong"),
        ("HCl", "-1 mol/kgw"),
    ] {
        let args = [
            "brine",
            "add",
            "a.csv",
            "--id",
            "magnesium",
            "--reagent",
            reagent,
            "--amount",
            amount,
        ];
        room.run(&args).refused("option.bad_value", &[]);
    }
}

#[test]
fn carnallite_is_decomposed_by_little_water() {
    let room = room();
    let args =
        "brine decompose --solids 'Carnallite=1 kg,Halite=0.2 kg' --temperature '25 degC' -o d.csv";
    room.line(args).done();
    let text = std::fs::read_to_string(room.path("d.csv")).expect("written");
    // The id holds a comma, so it is quoted.
    let table = Table::read(&text.replace("\"Carnallite=1 kg,Halite=0.2 kg\"", "ore"));
    let water = table.number(0, "water_added [kg]");
    assert!(water > 0.4 && water < 0.6, "{water}");
    assert!(table.number(0, "K kept by solids [%]") > 80.0);
    assert!(table.number(0, "Mg kept by solids [%]").abs() < 1e-6);
}

#[test]
fn a_path_stops_at_a_water_activity() {
    let args = "brine evaporate a.csv --id salty --until 'water_activity 0.6'";
    let table = room().line(args).done().table();
    let last = table.rows.len() - 1;
    assert!((table.number(last, "water_activity [-]") - 0.6).abs() < 1e-6);
}

#[test]
fn points_and_drawings_of_a_system() {
    let room = room();
    let system = ["--system", "Na,K//Cl,SO4", "--temperature", "25 degC"];
    let table = room
        .run(&[&["brine", "invariant"], &system[..]].concat())
        .done()
        .table();
    assert!(
        (0..table.rows.len()).any(|k| table.text(k, "solids") == "Glaserite + Halite + Sylvite")
    );
    for lang in ["en", "zh"] {
        let args = [
            &["--lang", lang, "brine", "diagram"],
            &system[..],
            &["-o", lang],
        ]
        .concat();
        room.run(&args).done();
        let svg =
            std::fs::read_to_string(room.path(&format!("{lang}/diagram.svg"))).expect("written");
        assert!(svg.contains(if lang == "en" { ">halite<" } else { ">石盐<" }));
        assert!(!svg.contains("NaN") && svg.ends_with("</svg>\n"));
    }
    let path = ["--path", "a.csv", "--id", "salty"];
    room.run(&[&["brine", "diagram"], &system[..], &path, &["-o", "p"]].concat())
        .done();
    assert!(room.path("p/path.csv").exists());
    room.line("brine diagram --system NaCl-H2O -o b").done();
    room.line(
        "brine diagram --system NaCl-KCl-H2O --temperature '0 degC' --temperature '25 degC' -o t",
    )
    .done();
    assert!(room.path("t/diagram_25degC.svg").exists() && room.path("t/curves.csv").exists());
    room.line("brine diagram --system Fe//Cl -o x")
        .refused("diagram.unknown_ion", &["Fe"]);
    room.line("brine diagram --system NaCl-KCl-H2O -o x")
        .refused("option.bad_value", &["--temperature"]);
}
