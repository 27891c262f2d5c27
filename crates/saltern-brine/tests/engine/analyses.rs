//! What is said about real analyses: the faults that their compilers noted, and nothing about the sound ones.

use crate::reference;
use saltern_brine::assay::{Assay, Balance, Notice, plausibility, repetition};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::phases;
use saltern_brine::thermo::default_database;
use saltern_units::message::Message;
use saltern_units::place::Place;

/// An assay of cells with one unit; a temperature that was not noted is taken as 25 °C, which moves a density by less
/// than 1 %.
fn assay(id: &str, unit: &str, density_g_cm3: &str, ph: &str, ions: &[(&str, &str)]) -> Assay {
    let mut cells = vec![
        ("density [g/cm3]".to_string(), density_g_cm3.to_string()),
        ("pH".into(), ph.into()),
    ];
    cells.extend(
        ions.iter()
            .map(|(ion, value)| (format!("{ion} [{unit}]"), value.to_string())),
    );
    Assay::from_cells(&Place::file("brines.csv"), id, &cells, 298.15).expect(id)
}

/// What `brine check --balance pH` says of one analysis: a pH that was measured stays.
fn remarks(assay: &Assay, database: &Database) -> Vec<Notice> {
    let balance = match assay.ph {
        Some(_) => Balance::None,
        None => Balance::Ph,
    };
    let mut solver = Solver::new(database, &[]);
    let brine = assay.dissolve(&mut solver, balance).expect("a brine");
    let state = solver
        .speciate(
            &mut brine.amounts_mol.clone(),
            assay.temperature_k,
            Protons::AsGiven,
        )
        .expect("a speciation");
    plausibility::remarks(assay, &brine, &state, database, &phases::stable(database))
}

fn codes(notices: &[Notice]) -> Vec<&'static str> {
    notices.iter().map(|n| n.code()).collect()
}

/// Schenker & Pfister 2025 (doi 10.1021/acs.est.4c12619), workbook: no potassium, no carbonate, 5.28 g/L of magnesium in
/// a carbonate lake, and a density of 1.40.
#[test]
fn zabuye_without_its_carbonate_is_seen() {
    let zabuye = assay(
        "zabuye",
        "g/L",
        "1.40",
        "",
        &[
            ("Na", "136"),
            ("Mg", "5.28"),
            ("Ca", "0"),
            ("Li", "1.09"),
            ("Cl", "166"),
            ("SO4", "59"),
            ("B", "3.65"),
        ],
    );
    let found = remarks(&zabuye, &default_database());
    let codes = codes(&found);
    for code in ["assay.density_differs", "assay.hydroxide_of_balance"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let closing = found.iter().find_map(|n| match n {
        Notice::NotAnalysed {
            name: "CO3",
            closing_g_kg,
            ..
        } => Some(*closing_g_kg),
        _ => None,
    });
    // Equivalents a litre by hand: (136/22.99 + 2·5.28/24.305 + 1.09/6.94) − (166/35.45 + 2·59/96.06) = 0.596, as CO3
    // 17.9 g/L, over the given 1.40 kg/L.
    assert!((closing.expect("carbonate") / 12.8 - 1.0).abs() < 0.01);
}

/// Same workbook, sheet of Chinese sites; sodium is missing. "5.03 wt% closes the charge" was computed apart.
#[test]
fn sodium_that_nobody_looked_for_is_named_with_its_amount() {
    let taijnar = assay(
        "east_taijnar_conc",
        "wt%",
        "1.24",
        "",
        &[
            ("K", "1.437"),
            ("Mg", "2.923"),
            ("Ca", "0.0161"),
            ("Li", "0.0831"),
            ("Cl", "14.597"),
            ("SO4", "4.673"),
        ],
    );
    let found = remarks(&taijnar, &default_database());
    let Some(Notice::NotAnalysed {
        name: "Na",
        closing_g_kg,
        ..
    }) = found.iter().find(|n| n.code() == "assay.not_analysed")
    else {
        panic!("{found:?}");
    };
    assert!((closing_g_kg / 50.3 - 1.0).abs() < 2e-3, "{closing_g_kg}");
    assert!(codes(&found).contains(&"assay.charge_error"));
}

/// Marcus 1977 as in EQ3/6's input file: the pH of 8.03 assumes equilibrium with air, the density is a spreadsheet's.
#[test]
fn the_dead_sea_with_the_ph_of_air_and_a_wrong_density_is_seen() {
    let dead_sea = assay(
        "dead_sea",
        "mol/kgw",
        "1.18149",
        "8.03",
        &[
            ("Na", "1.7519"),
            ("K", "0.1739"),
            ("Mg", "1.5552"),
            ("Ca", "0.4274"),
            ("Cl", "5.81028"),
            ("SO4", "0.0063"),
            ("HCO3", "0.0039"),
            ("Br", "0.0602"),
        ],
    );
    let found = remarks(&dead_sea, &default_database());
    let codes = codes(&found);
    assert!(codes.contains(&"assay.density_differs"), "{codes:?}");
    let calcite =
        |n: &Notice| matches!(n, Notice::Supersaturated { mineral, .. } if mineral == "Calcite");
    assert!(found.iter().any(calcite), "{found:?}");
}

/// Nordstrom et al. 1979, PHREEQC's test problem: seawater is supersaturated with calcite and nothing is wrong with it.
/// The analyses of Ericksen 1987 and of East Taijnar close within 1.5 %, and no pH was measured.
#[test]
fn sound_analyses_are_left_alone() {
    let sound = [
        assay(
            "seawater",
            "ppm",
            "1.023",
            "8.22",
            &[
                ("Na", "10768"),
                ("K", "399.1"),
                ("Mg", "1291.8"),
                ("Ca", "412.3"),
                ("Cl", "19353"),
                ("SO4", "2712"),
                ("HCO3", "141.682"),
            ],
        ),
        assay(
            "atacama_1",
            "mg/L",
            "",
            "",
            &[
                ("Na", "103000"),
                ("K", "12900"),
                ("Mg", "6130"),
                ("Ca", "520"),
                ("Li", "760"),
                ("Cl", "183100"),
                ("SO4", "16140"),
                ("HCO3", "560"),
                ("B", "1705"),
            ],
        ),
        // The residual charge of 1.4 %, put into the pH, makes it 11.5.
        assay(
            "east_taijnar_raw",
            "mg/L",
            "",
            "",
            &[
                ("Na", "116000"),
                ("Mg", "5600"),
                ("Ca", "400"),
                ("Li", "160"),
                ("Cl", "178000"),
                ("SO4", "17900"),
                ("B", "220"),
            ],
        ),
    ];
    let database = default_database();
    for assay in &sound {
        assert_eq!(codes(&remarks(assay, &database)), [""; 0], "{}", assay.id);
    }
    assert!(repetition::remarks(&sound).iter().all(Vec::is_empty));
}

/// Figures of the same workbook: 1.333 stands there for several sites, and one site's analysis under two names.
#[test]
fn figures_copied_from_one_brine_to_another_are_seen() {
    let end = |id: &str, density: &str| {
        let ions = [
            ("Na", "6.23"),
            ("K", "4.112"),
            ("Mg", "0.0355"),
            ("Li", "1.027"),
            ("Cl", "16.61"),
            ("SO4", "2.677"),
        ];
        assay(id, "wt%", density, "", &ions)
    };
    let atacama = [
        ("Na", "0.071"),
        ("Mg", "1.501"),
        ("Li", "6.001"),
        ("Cl", "33.047"),
        ("SO4", "0.24"),
    ];
    let table = [
        end("hombre_muerto_n_end", "1.333"),
        assay("atacama_sqm_end", "wt%", "1.333", "", &atacama),
        end("fenix_end", "1.231"),
        // Three digits agree by chance.
        end("rounded", "1.23"),
        assay("rounded_too", "wt%", "1.23", "", &atacama[1..]),
    ];
    let found: Vec<_> = repetition::remarks(&table)
        .iter()
        .map(|r| codes(r))
        .collect();
    assert_eq!(found[0], ["assay.same_density"]);
    assert_eq!(found[1], ["assay.same_density"]);
    assert_eq!(found[2], ["assay.same_analysis"]);
    assert_eq!(found[3], ["assay.same_analysis"]);
    assert_eq!(found[4], [""; 0]);
    // The same brine at another temperature is the ordinary way to ask for both.
    let mut warm = end("warm", "");
    warm.temperature_k += 20.0;
    assert!(
        repetition::remarks(&[end("cold", ""), warm])
            .iter()
            .all(Vec::is_empty)
    );
}

fn of_the_collection() -> Option<Vec<(Assay, String)>> {
    reference::folder()?;
    let ions = ["Na", "K", "Mg", "Ca", "Li", "Cl", "SO4", "HCO3", "B", "Br"];
    let read = |row: &std::collections::HashMap<String, String>| {
        let unit = match row["unit"].as_str() {
            "mol/kg water" => "mol/kgw",
            unit => unit,
        };
        let cells: Vec<(&str, &str)> = ions.iter().map(|ion| (*ion, row[*ion].as_str())).collect();
        let (id, density) = (&row["id"], &row["density_g_cm3"]);
        let mut assay = assay(id, unit, density, &row["pH"], &cells);
        if let Some(degc) = reference::number(row, "temperature_c") {
            assay.temperature_k = degc + 273.15;
        }
        (assay, row["note"].clone())
    };
    Some(
        reference::table("measured/brines.csv")
            .iter()
            .map(read)
            .collect(),
    )
}

/// Every analysis of the collection: those whose note suspects what a computation can see are remarked on, and of the
/// others only two: the Canadian brine, whose 1.204 g/cm³ no sodium-calcium chloride brine of 27 % by mass has, and the
/// one without sodium.
#[test]
fn the_collection_of_analyses_is_told_apart() {
    let Some(collection) = of_the_collection() else {
        return;
    };
    let database = default_database();
    let assays: Vec<Assay> = collection.iter().map(|(assay, _)| assay.clone()).collect();
    let repeated = repetition::remarks(&assays);
    // Noted for what another print of the same table says, or for what only another database shows.
    let unseen = ["atacama_3", "hombre_muerto_n_feed"];
    let unnoted = ["canadian_shield", "east_taijnar_conc"];
    for ((assay, note), repeated) in collection.iter().zip(repeated) {
        let mut found = remarks(assay, &database);
        found.extend(repeated);
        let id = assay.id.as_str();
        let suspect = note.starts_with("SUSPECT") && !unseen.contains(&id) || unnoted.contains(&id);
        assert_eq!(!found.is_empty(), suspect, "{id}: {found:?}; {note}");
        let density = |n: &Notice| n.code().contains("density");
        assert_eq!(
            found.iter().any(density),
            note.starts_with("SUSPECT") && note.contains("density") || unnoted.contains(&id),
            "{id}: {found:?}; {note}"
        );
    }
    assert_eq!(collection.len(), 20);
}

/// The brine of the collection that was computed with this database, as its note says.
#[test]
fn a_computed_brine_gives_itself_away() {
    let (Some(database), Some(collection)) = (reference::pitzer_dat(), of_the_collection()) else {
        return;
    };
    for (assay, note) in &collection {
        let found = remarks(assay, &database);
        let exact = found.iter().any(|n| n.code() == "assay.exactly_saturated");
        assert_eq!(
            exact,
            note.starts_with("NOT A MEASUREMENT"),
            "{}: {found:?}",
            assay.id
        );
    }
}
