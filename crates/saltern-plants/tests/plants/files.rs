//! Plants read from their files.

use saltern_base::plant;
use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::reading::flowsheet;
use saltern_plants::role::Role;
use saltern_plants::room::Room;
use saltern_plants::solve::solve;

use crate::bank::BANK;
use crate::leach;

#[test]
fn a_plant_with_a_recycle_and_a_spec_is_read_and_solved() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let file = plant::read("plants/kcl.toml", &leach::recycled()).unwrap();
    let mut sheet = flowsheet(&file, &[], &matter).unwrap();
    let mut room = Room::new(&matter);
    let solution = solve(&mut sheet, &mut room, None).unwrap();
    assert!(
        (solution.specs[0].reached - 0.6).abs() < 1e-8,
        "{:?}",
        solution.specs
    );
    assert!(solution.closure < 1e-9, "{}", solution.closure);
    // Dissolving takes up heat: sylvite dissolves endothermally, carnallite too.
    let heat = solution.units[0].heat_w.unwrap();
    assert!(heat.is_finite() && heat != 0.0);
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_line_and_what_is_accepted() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let said = |text: &str| {
        let file = plant::read("plants/kcl.toml", text).unwrap();
        let errors = flowsheet(&file, &[], &matter).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let of = |from: &str, to: &str| said(&leach::recycled().replace(from, to))[0].clone();
    let unit = of("moisture = \"10 %\"", "moisture = \"10 kg\"");
    assert!(
        unit.starts_with("plants/kcl.toml, line 8, units.filter.moisture"),
        "{unit}"
    );
    let salt = of("Halite = \"20 %\"", "Halit = \"20 %\"");
    assert!(salt.contains("“Halit” is not accepted"), "{salt}");
    let brine = of("brine = \"water\"", "brine = \"sea\"");
    assert!(brine.contains("accepted: water"), "{brine}");
    let setting = of("share = \"50 %\"", "sharp = \"50 %\"");
    assert!(setting.contains("has no setting “sharp”"), "{setting}");
    let spec = of("mass(cake, K) /", "mas(cake, K) /");
    assert!(spec.contains("mas(cake, K)"), "{spec}");
}

const REAGENTS: &str = r#"
[units.mix]
kind = "mixer"

[streams.lye]
to = "mix"
role = "reagent"
name = "Caustic soda"
name_zh = "烧碱液"
rate = "3.6 t/h"
dissolved = { NaOH = "40 %" }
brine = "water"

[streams.gas]
to = "mix"
rate = "3.6 t/h"
gases = { N2 = "75 %", O2 = "25 %" }

[streams.out]
role = "liquor"
from = "mix"
"#;

/// 0.4 kg/s of NaOH are 10.00 mol/s (39.997 g/mol), 0.75 of nitrogen 26.77 (28.014).
#[test]
fn reagents_gases_names_and_roles_are_read() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let file = plant::read("plants/mix.toml", REAGENTS).unwrap();
    let sheet = flowsheet(&file, &[], &matter).unwrap();
    let lye = sheet.streams[0].feed.as_ref().unwrap();
    let of = |name: &str| lye.brine_mol_s[database.component(name).unwrap()];
    assert!((of("Na+") - 0.4 / 0.039_997).abs() < 1e-3, "{}", of("Na+"));
    // Hydroxide is water that lacks a proton.
    assert!((of("H+") + of("Na+")).abs() < 1e-12);
    assert!((lye.mass_kg_s(&matter) - 1.0).abs() < 1e-12);
    let gas = sheet.streams[1].feed.as_ref().unwrap();
    let nitrogen = gas.others_mol_s[matter.substance("N2").unwrap()];
    assert!((nitrogen - 0.75 / 0.028_014).abs() < 1e-3, "{nitrogen}");
    assert_eq!(sheet.streams[0].name.zh, "烧碱液");
    assert_eq!(sheet.streams[1].name.zh, "gas");
    assert_eq!(sheet.streams[2].role, Some(Role::Liquor));

    let said = |from: &str, to: &str| {
        let file = plant::read("plants/mix.toml", &REAGENTS.replace(from, to)).unwrap();
        flowsheet(&file, &[], &matter).unwrap_err()[0].to_string()
    };
    let role = said("role = \"liquor\"", "role = \"raw\"");
    assert!(
        role.contains("line 20") && role.contains("product, tailings, liquor"),
        "{role}"
    );
    let formula = said("NaOH", "NaHO4");
    assert!(
        formula.contains("“NaHO4”") && formula.contains("formula"),
        "{formula}"
    );
    let gas = said("N2 =", "NaOH =");
    assert!(
        gas.contains("“NaOH” is not accepted") && gas.contains("a gas"),
        "{gas}"
    );
    let much = said("40 %", "140 %");
    assert!(much.contains("100 % at most"), "{much}");
}

/// Of 15 t/h of sylvite 55 % are to float: that is the recovery.
#[test]
fn a_spec_may_change_one_share_of_a_setting() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let spec = r#"
[specs.half]
measure = "mass(froth, Sylvite)"
target = "8.25 t/h"
vary = "bank.recovery.Sylvite"
between = ["10 %", "100 %"]
"#;
    let file = plant::read("plants/bank.toml", &format!("{BANK}{spec}")).unwrap();
    let mut sheet = flowsheet(&file, &[], &matter).unwrap();
    let solution = solve(&mut sheet, &mut Room::new(&matter), None).unwrap();
    let found = solution.specs[0].value;
    assert!((found - 0.55).abs() < 1e-9, "{found}");
}
