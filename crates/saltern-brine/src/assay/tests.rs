use super::*;
use crate::equilibrium::Solver;
use crate::thermo::default_database;
use proptest::prelude::*;
use saltern_units::message::{Lang, Message};

fn table(text: &str) -> Table {
    Table::read("a.csv", text).expect("a table")
}

fn one(header: &str, row: &str) -> Assay {
    let text = format!("id,temperature [degC],{header}\na,{row}\n");
    read(&table(&text)).expect("an assay").remove(0)
}

fn refused(header: &str, row: &str) -> AssayError {
    read(&table(&format!("{header}\n{row}\n"))).expect_err("an error")
}

fn dissolved(assay: &Assay, balance: Balance) -> Result<Brine, AssayError> {
    let database = default_database();
    let mut solver = Solver::new(&database, &[]);
    assay.dissolve(&mut solver, balance)
}

#[test]
fn every_mistake_has_its_code_and_its_place() {
    let cases = [
        (
            "id,temperature [degC],Na [furlong]",
            "a,25,1",
            "assay.unknown_unit",
            "Na [furlong]",
        ),
        (
            "id,temperature [degC],Na",
            "a,25,1",
            "assay.unknown_unit",
            "column Na",
        ),
        (
            "id,temperature [degC],Xx [g/L]",
            "a,25,1",
            "assay.unknown_column",
            "Xx",
        ),
        (
            "id,temperature [degC],na [g/L]",
            "a,25,1",
            "assay.unknown_column",
            "did you mean Na",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,25,ten",
            "table.not_a_number",
            "row 2, column Na [g/L]",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,25,NaN",
            "table.not_finite",
            "row 2",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,25,-3",
            "table.negative",
            "row 2",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,2500,3",
            "assay.out_of_range",
            "2500",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,,3",
            "table.blank",
            "temperature",
        ),
        (
            "id,temperature [degC],Na [g/L]",
            "a,25,",
            "assay.nothing_analysed",
            "row 2",
        ),
        ("id,Na [g/L]", "a,3", "table.missing_column", "temperature"),
        (
            "id,temperature [degC],pH,B [g/L],H3BO3 [g/L]",
            "a,25,7,1,2",
            "assay.given_twice",
            "H3BO3",
        ),
        (
            "id,temperature [degC],density [g/cm3],Na [g/L]",
            "a,25,1200,3",
            "assay.out_of_range",
            "density",
        ),
    ];
    for (header, row, code, words) in cases {
        let error = refused(header, row);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(
            error.text(Lang::Zh).contains("a.csv"),
            "{}",
            error.text(Lang::Zh)
        );
        assert!(error.is_input());
    }
}

#[test]
fn every_code_has_its_sentence_and_hint_in_both_languages() {
    for entry in catalogue().entries() {
        assert!(
            !entry.en.is_empty() && !entry.zh.is_empty(),
            "{}",
            entry.code
        );
    }
    let place = Place::row("a.csv", 2);
    let errors = [
        AssayError::NoWater {
            place: place.clone(),
            salts_kg_kg: 1.0,
        },
        AssayError::NoDensity {
            place: place.clone(),
            density_kg_m3: 1.0,
        },
        AssayError::CannotBalance {
            place: place.clone(),
            ion: "Cl-".into(),
            needed_mol_kgw: -1.0,
        },
        AssayError::PhNeeded {
            place: place.clone(),
            name: "B",
        },
        AssayError::NothingAnalysed { place },
    ];
    let known = |code: &str| catalogue().entries().iter().any(|e| e.code == code);
    for error in errors {
        assert!(
            known(error.code()) && known(&format!("{}.hint", error.code())),
            "{}",
            error.code()
        );
        assert!(!error.to_string().contains('{'), "{error}");
    }
}

#[test]
fn what_the_database_or_the_acidity_lacks_is_refused_before_solving() {
    let database = default_database();
    let check = |assay: &Assay, balance| {
        assay
            .check_against(&database, balance)
            .map_err(|e| e.code())
    };
    let boron = one("Na [g/L],Cl [g/L],B [g/L]", "25,50,80,1");
    assert_eq!(check(&boron, Balance::None), Err("assay.ph_needed"));
    assert_eq!(check(&boron, Balance::Ph), Ok(()));
    let given = one("Na [g/L],Cl [g/L],B [g/L],pH", "25,50,80,1,7");
    assert_eq!(check(&given, Balance::None), Ok(()));
    let nitrate = one("Na [g/L],NO3 [g/L]", "25,50,80");
    let known = Analyte::No3.component(&database).is_some();
    assert_eq!(check(&nitrate, Balance::None).is_ok(), known);
    let none = one("Na [g/L],Cl [g/L],NO3 [g/L]", "25,50,80,0");
    assert_eq!(check(&none, Balance::None), Ok(()));
}

#[test]
fn salts_heavier_than_their_brine_are_refused() {
    let slip = one("density [g/cm3],Na [g/L],Cl [g/L]", "25,1.2,90000,140000");
    assert_eq!(
        dissolved(&slip, Balance::None).map_err(|e| e.code()).err(),
        Some("assay.no_water")
    );
    let slip = one("Na [g/L],Cl [g/L]", "25,90000,140000");
    assert_eq!(
        dissolved(&slip, Balance::None).map_err(|e| e.code()).err(),
        Some("assay.no_water")
    );
}

/// Reference composition of seawater, Millero et al. 2008 (Deep-Sea Res. I 55, 50), tables 3 and 4:
/// mass fractions in g/kg of the solution and molalities in mol/kg of water.
#[test]
fn seawater_mass_fractions_give_its_molalities() {
    let seawater = one(
        "Na [g/kg],Mg [g/kg],Ca [g/kg],K [g/kg],Cl [g/kg],SO4 [g/kg],Br [g/kg]",
        "25,10.78145,1.28372,0.41208,0.39910,19.35271,2.71235,0.06728",
    );
    let composition = seawater.per_kg_water(1024.0).expect("a composition");
    assert_eq!(composition.density_kg_m3, None);
    for (analyte, molality) in [
        (Analyte::Na, 0.4860597),
        (Analyte::Mg, 0.0547421),
        (Analyte::Ca, 0.0106568),
        (Analyte::K, 0.0105797),
        (Analyte::Cl, 0.5657647),
        (Analyte::So4, 0.0292643),
        (Analyte::Br, 0.0008728),
    ] {
        // The minor constituents left out weigh 0.016 %.
        assert!(
            (composition.of(analyte) / molality - 1.0).abs() < 3e-4,
            "{analyte:?}"
        );
    }
}

/// CRC Handbook, concentrative properties of aqueous solutions, NaCl at 20 °C: 20 mass % is
/// 4.278 mol/kg of water, 3.928 mol/L and 1.1478 g/mL.
#[test]
fn volumetric_units_find_the_density_of_the_model() {
    let halite = one("Na [mol/L],Cl [mol/L]", "20,3.928,3.928");
    let brine = dissolved(&halite, Balance::None).expect("a brine");
    let density = brine
        .composition
        .density_kg_m3
        .expect("a density was needed");
    assert!((density / 1147.8 - 1.0).abs() < 2e-3, "{density}");
    assert!(
        (brine.composition.of(Analyte::Na) / 4.278 - 1.0).abs() < 3e-3,
        "{:?}",
        brine.composition
    );
    // With the iterated density given, nothing changes.
    let given = Assay {
        density_kg_m3: Some(density),
        ..halite
    };
    let again = dissolved(&given, Balance::None).expect("a brine");
    assert!(
        (again.composition.of(Analyte::Na) / brine.composition.of(Analyte::Na) - 1.0).abs() < 1e-9
    );
}

#[test]
fn alkalinity_ph_and_carbon_each_follow_from_the_other_two() {
    let salts = "Na [mol/kgw],Mg [mol/kgw],Cl [mol/kgw]";
    let from_ph = one(
        &format!("{salts},C [mol/kgw],B [mol/kgw],pH"),
        "25,0.486,0.054,0.59,0.0021,0.0004,8.1",
    );
    let brine = dissolved(&from_ph, Balance::None).expect("a brine");
    let speciated = brine.speciated.as_ref().expect("solved");
    assert!((speciated.ph() - 8.1).abs() < 1e-9 && (speciated.water_kg - 1.0).abs() < 1e-11);
    let database = default_database();
    let equivalents = alkalinity(&database, &brine.amounts_mol);
    // Seawater of this carbon and pH has an alkalinity of 2.2 to 2.5 meq/kg.
    assert!((0.0022..0.0026).contains(&equivalents), "{equivalents}");

    let row = format!("25,0.486,0.054,0.59,0.0021,0.0004,{equivalents}");
    let from_alkalinity = one(
        &format!("{salts},C [mol/kgw],B [mol/kgw],alkalinity [mol/kgw]"),
        &row,
    );
    let again = dissolved(&from_alkalinity, Balance::None).expect("a brine");
    let ph = again.speciated.as_ref().expect("solved").ph();
    assert!((ph - 8.1).abs() < 1e-6, "{ph}");

    let row = format!("25,0.486,0.054,0.59,{equivalents},0.0004,8.1");
    let both = one(
        &format!("{salts},alkalinity [mol/kgw],B [mol/kgw],pH"),
        &row,
    );
    let carbon = Analyte::C.component(&database).expect("carbon");
    let found = dissolved(&both, Balance::None)
        .expect("a brine")
        .amounts_mol[carbon];
    assert!((found / 0.0021 - 1.0).abs() < 1e-6, "{found}");
}

#[test]
fn balancing_takes_up_the_whole_charge() {
    let database = default_database();
    let solver = Solver::new(&database, &[]);
    let assay = one(
        "Na [mol/kgw],Mg [mol/kgw],Cl [mol/kgw],B [mol/kgw],pH",
        "25,3,1,4.8,0.05,8",
    );
    let error = dissolved(&assay, Balance::None)
        .expect("a brine")
        .charge_error_percent;
    // (3 + 2 − 4.8)/(3 + 2 + 4.8), less the borate's few meq.
    assert!((error - 2.04).abs() < 0.3, "{error}");
    for name in ["pH", "Cl", "Cl-", "Na"] {
        let balance = Balance::parse(name, &database).expect(name);
        let brine = dissolved(&assay, balance).expect(name);
        assert!(
            solver.charge_mol(&brine.amounts_mol).abs() < 1e-12,
            "{name}"
        );
    }
    let carried = dissolved(&assay, Balance::None).expect("a brine");
    assert!(solver.charge_mol(&carried.amounts_mol) > 0.1);
    let ca = one("Na [mol/kgw],Ca [mol/kgw],Cl [mol/kgw]", "25,3,0.1,1");
    let ion = Balance::parse("Ca", &database).expect("an ion");
    assert_eq!(
        dissolved(&ca, ion).map_err(|e| e.code()).err(),
        Some("assay.cannot_balance")
    );
    for unknown in ["B", "Xx", "H+", ""] {
        assert_eq!(Balance::parse(unknown, &database), None, "{unknown}");
    }
}

#[test]
fn suspect_analyses_are_remarked_on() {
    let database = default_database();
    let stable = crate::phases::stable(&database);
    let codes = |assay: &Assay| -> Vec<&'static str> {
        let mut solver = Solver::new(&database, &[]);
        let brine = assay.dissolve(&mut solver, Balance::None).expect("a brine");
        let mut amounts = brine.amounts_mol.clone();
        let speciated = solver
            .speciate(
                &mut amounts,
                assay.temperature_k,
                crate::equilibrium::Protons::AsGiven,
            )
            .expect("speciated");
        plausibility::remarks(assay, &brine, &speciated, &database, &stable)
            .iter()
            .map(|n| n.code())
            .collect()
    };
    assert_eq!(
        codes(&one("Na [mol/kgw],Cl [mol/kgw]", "25,3,3")),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(&one("Na [mol/kgw],Cl [mol/kgw]", "25,3,2")),
        ["assay.charge_error", "assay.not_analysed"]
    );
    assert_eq!(codes(&one("Na [mol/kgw]", "25,3")), ["assay.no_anions"]);
    assert_eq!(
        codes(&one(
            "Na [mol/kgw],Cl [mol/kgw],density [g/cm3]",
            "25,3,3,1.4"
        )),
        ["assay.density_differs"]
    );
    assert_eq!(
        codes(&one("Na [mol/kgw],Cl [mol/kgw]", "25,8,8")),
        ["assay.supersaturated"]
    );
    assert_eq!(
        codes(&one("Na [mg/L],Cl [mg/L]", "25,90,139")),
        ["assay.dilute"]
    );
    // 20 g/L of magnesium in a column of mg/L.
    assert_eq!(
        codes(&one("Na [g/L],Mg [mg/L],Cl [g/L]", "25,40,20,120")),
        ["assay.charge_error", "assay.unit_slip_small"]
    );
    let bittern = |ph: &str| {
        codes(&one(
            "pH,Mg [mol/kgw],Cl [mol/kgw]",
            &format!("25,{ph},1,2"),
        ))
    };
    assert!(bittern("11.5").contains(&"assay.hydroxide"));
    assert!(!bittern("8").contains(&"assay.hydroxide"));
    assert_eq!(
        codes(&one(
            "Na [mol/kgw],Cl [mol/kgw],Br [mol/kgw]",
            "25,3,2.5,0.5"
        )),
        ["assay.unusual_ratio"]
    );
}

#[test]
fn cells_of_a_base_keep_their_place() {
    let place = Place::row("brines.csv", 7);
    let cells = |unit: &str| {
        vec![
            (format!("Na [{unit}]"), "1".to_string()),
            ("Cl [g/L]".into(), "2".into()),
        ]
    };
    let assay = Assay::from_cells(&place, "feed", &cells("g/L"), 288.15).expect("an assay");
    assert_eq!(
        (assay.id.as_str(), assay.temperature_k, assay.place.row),
        ("feed", 288.15, Some(7))
    );
    let bad = vec![("Na [g/L]".to_string(), "a \"quoted\" number".to_string())];
    let error = Assay::from_cells(&place, "feed", &bad, 288.15).expect_err("no number");
    assert_eq!(
        (error.place().row, error.place().file.as_str()),
        (Some(7), "brines.csv")
    );
}

/// `charge_error_pct` of the measured brines was computed apart from this program.
#[test]
fn charge_errors_of_measured_brines_are_the_tabulated_ones() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/measured/brines.csv"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no reference data beside the project");
        return;
    };
    let reference = Table::read("brines.csv", &text).expect("a table");
    let column = |name: &str| reference.column(name).expect("a column");
    let ions = ["Na", "K", "Mg", "Ca", "Li", "Cl", "SO4", "HCO3", "Br"];
    let mut compared = 0;
    for row in &reference.rows {
        let cell = |name: &str| reference.cell(row, column(name)).raw();
        let (Ok(expected), "mg/L" | "g/L" | "wt%" | "ppm") =
            (cell("charge_error_pct").parse::<f64>(), cell("unit"))
        else {
            continue;
        };
        let mut cells: Vec<(String, String)> = ions
            .iter()
            .map(|ion| (format!("{ion} [{}]", cell("unit")), cell(ion).to_string()))
            .collect();
        cells.push(("density [g/cm3]".into(), cell("density_g_cm3").to_string()));
        let assay = Assay::from_cells(&Place::file("brines.csv"), cell("id"), &cells, 298.15)
            .expect("an assay");
        let error = dissolved(&assay, Balance::Ph)
            .expect("a brine")
            .charge_error_percent;
        // The table has one decimal.
        assert!(
            (error - expected).abs() < 0.1,
            "{}: {error} not {expected}",
            cell("id")
        );
        compared += 1;
    }
    assert!(compared >= 12, "{compared}");
}

fn kilograms(analyte: Analyte, mol: f64) -> f64 {
    mol * analyte.molar_mass_kg_mol()
}

proptest! {
    /// From molalities to a unit by its definition, and back through the assay.
    #[test]
    fn concentrations_come_back_from_every_unit(
        na in 0.0..5.0f64, mg in 0.0..4.0f64, b in 0.0..0.5f64, so4 in 0.0..1.0f64,
        density in 1000.0..1400.0f64, unit in 0usize..9,
    ) {
        let units = ["mol/kgw", "mmol/kgw", "g/L", "mg/L", "g/kg", "mg/kg", "wt%", "ppm", "mol/L"];
        let molalities = [(Analyte::Na, na + 0.01), (Analyte::Mg, mg), (Analyte::B, b), (Analyte::So4, so4)];
        // Boron dissolves as B(OH)3, 61.83 g/mol.
        let salts: f64 = molalities
            .iter()
            .map(|(a, m)| if *a == Analyte::B { m * 61.831e-3 } else { kilograms(*a, *m) })
            .sum();
        let brine_kg = 1.0 + salts;
        let cell = |a: Analyte, m: f64| {
            let mass_fraction = kilograms(a, m) / brine_kg;
            match units[unit] {
                "mol/kgw" => m,
                "mmol/kgw" => 1e3 * m,
                "g/L" => mass_fraction * density,
                "mg/L" => 1e3 * mass_fraction * density,
                "g/kg" => 1e3 * mass_fraction,
                "wt%" => 1e2 * mass_fraction,
                "mol/L" => m / brine_kg * density * 1e-3,
                _ => 1e6 * mass_fraction,
            }
        };
        let cells: Vec<(String, String)> = molalities
            .iter()
            .map(|&(a, m)| (format!("{} [{}]", a.name(), units[unit]), cell(a, m).to_string()))
            .collect();
        let assay = Assay::from_cells(&Place::file("a.csv"), "a", &cells, 298.15).expect("an assay");
        let composition = assay.per_kg_water(density).expect("a composition");
        for (a, m) in molalities {
            prop_assert!((composition.of(a) - m).abs() <= 1e-9 * m.max(1e-3), "{a:?} {}", units[unit]);
        }
        prop_assert!((composition.salts_kg_kgw() - salts).abs() < 1e-9 * brine_kg);
    }

    /// Whatever stands in a table, it is read or refused, never a panic.
    #[test]
    fn any_table_is_read_or_refused(text in "\\PC{0,200}", cell in "[-0-9.eNa ,]{0,12}") {
        if let Ok(table) = Table::read("a.csv", &text) {
            let _ = read(&table);
        }
        let with_cell = format!("id,temperature [degC],Na [g/L]\na,25,\"{cell}\"\n");
        if let Ok(table) = Table::read("a.csv", &with_cell) {
            let _ = read(&table);
        }
    }
}
