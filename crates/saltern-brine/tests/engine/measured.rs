//! Agreement with nature: measured solubilities up to 110 °C, the default set beside PHREEQC's pitzer.dat.
//! Only the named solid may form. `--nocapture` shows every row.

use crate::brines::amounts;
use crate::reference::{number, pitzer_dat, table};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::solubility::{Saturation, saturated_brine};
use saltern_brine::thermo::default_database;

/// A measured solubility: mol of the element per kg of water, over the solids in contact.
struct Point {
    minerals: Vec<String>,
    celsius: f64,
    element: &'static str,
    total: f64,
    table: &'static str,
}

/// Tables of one salt: file, column of its molality, element counted, atoms of it per formula.
const TABLES: [(&str, &str, &str, f64); 4] = [
    (
        "solubility_bischofite.csv",
        "mgcl2_mol_per_kg_water",
        "Mg",
        1.0,
    ),
    (
        "solubility_mgso4_hydrates.csv",
        "mgso4_mol_per_kg_water",
        "Mg",
        1.0,
    ),
    (
        "solubility_na2so4_hydrates.csv",
        "na2so4_mol_per_kg_water",
        "Na",
        2.0,
    ),
    ("solubility_k2so4.csv", "k2so4_mol_per_kg_water", "K", 2.0),
];

/// Pabalan & Pitzer 1987 as tabulated in phreeqc3 mytest (USGS): °C and mol/kg of water.
const HALITE: [(f64, f64); 16] = [
    (0.5, 6.097),
    (5.0, 6.099),
    (10.0, 6.106),
    (15.0, 6.117),
    (20.0, 6.131),
    (25.0, 6.146),
    (30.0, 6.168),
    (40.0, 6.216),
    (50.0, 6.275),
    (60.0, 6.341),
    (70.0, 6.416),
    (75.0, 6.460),
    (80.0, 6.498),
    (90.0, 6.587),
    (100.0, 6.680),
    (110.0, 6.778),
];
const SYLVITE: [(f64, f64); 11] = [
    (10.0, 4.15),
    (20.0, 4.544),
    (25.0, 4.79),
    (30.0, 4.963),
    (40.0, 5.358),
    (50.0, 5.727),
    (60.0, 6.122),
    (70.0, 6.491),
    (80.0, 6.862),
    (90.0, 7.207),
    (100.0, 7.503),
];

/// The highest temperature of the set, °C.
const TOP_CELSIUS: f64 = 110.0;
/// Mirabilite turns into thenardite at 32.4 °C; the table calls its 33 °C point mirabilite.
const MIRABILITE_TOP_CELSIUS: f64 = 32.5;

#[test]
fn measured_solubilities_are_met_to_a_per_cent() {
    let Some(public) = pitzer_dat() else { return };
    let default = default_database();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    println!("solid, degC, element: measured mol/kg, default set and pitzer.dat off by, table");
    for point in points() {
        let (here, there) = (misfit(&default, &point), misfit(&public, &point));
        println!(
            "{:16} {:>5} {:2}: {:>7.4} {:+6.2} % {:+7.2} %  {}",
            point.minerals.join("+"),
            point.celsius,
            point.element,
            point.total,
            100.0 * here,
            100.0 * there,
            point.table
        );
        ours.push(here.abs());
        theirs.push(there.abs());
    }
    let [here, there] = [&mut ours, &mut theirs].map(|all| (share(all, 0.5), share(all, 0.95)));
    println!(
        "{} measured solubilities, 0-110 degC: median {:.2} %, 95th percentile {:.2} %; pitzer.dat {:.2} %, {:.2} %",
        ours.len(),
        100.0 * here.0,
        100.0 * here.1,
        100.0 * there.0,
        100.0 * there.1
    );
    assert!(ours.len() >= 80 && here.0 <= 0.01 && here.1 <= 0.04);
}

/// Saturation index of carnallite where it was measured to be saturated, pH from electroneutrality. Below
/// 0.07 mol/kg of potassium the analyses are doubtful.
#[test]
fn carnallite_is_saturated_where_it_was_measured() {
    if crate::reference::folder().is_none() {
        return;
    }
    let db = default_database();
    let carnallite = db.mineral("Carnallite").unwrap();
    let mut squares = Vec::new();
    for row in table("measured/solubility_carnallite.csv") {
        let value = |key: &str| number(&row, key).unwrap();
        let (mg, k) = (
            value("mgcl2_mol_per_kg_water"),
            value("kcl_mol_per_kg_water"),
        );
        let salts = [("Mg", mg), ("K", k), ("Cl", 2.0 * mg + k)];
        let mut amounts = amounts(&db, &salts, 1.0);
        let brine = Solver::new(&db, &[])
            .speciate(
                &mut amounts,
                value("temperature_c") + 273.15,
                Protons::Electroneutral,
            )
            .unwrap();
        let si = brine.saturation_index(&db)[carnallite];
        println!(
            "carnallite {:>3} degC, MgCl2 {mg}, KCl {k}: SI {si:+.3}",
            row["temperature_c"]
        );
        if k >= 0.07 {
            squares.push(si * si);
        }
    }
    let rms = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    println!("carnallite, K from 0.07 mol/kg: SI rms {rms:.3}");
    assert!(squares.len() >= 9 && rms <= 0.05);
}

fn points() -> Vec<Point> {
    let mut points = Vec::new();
    let mut add = |minerals: &[&str], celsius: f64, element, total, table| {
        if celsius <= TOP_CELSIUS {
            points.push(Point {
                minerals: minerals.iter().map(|m| (*m).to_owned()).collect(),
                celsius,
                element,
                total,
                table,
            });
        }
    };
    for (curve, mineral, element) in [
        (&HALITE[..], "Halite", "Na"),
        (&SYLVITE[..], "Sylvite", "K"),
    ] {
        for &(celsius, total) in curve {
            add(&[mineral], celsius, element, total, "Pabalan & Pitzer 1987");
        }
    }
    for (file, column, element, atoms) in TABLES {
        for row in table(&format!("measured/{file}")) {
            let celsius = number(&row, "temperature_c").unwrap();
            let mut mineral = row["solid"].clone();
            mineral[..1].make_ascii_uppercase();
            if mineral == "Mirabilite" && celsius > MIRABILITE_TOP_CELSIUS {
                mineral = "Thenardite".to_owned();
            }
            let total = atoms * number(&row, column).unwrap();
            add(&[&mineral], celsius, element, total, file);
        }
    }
    for row in table("measured/solubility_halite_sylvite.csv") {
        let celsius = number(&row, "temperature_c_inferred").unwrap();
        for (element, column) in [
            ("Na", "nacl_mol_per_kg_water"),
            ("K", "kcl_mol_per_kg_water"),
        ] {
            add(
                &["Halite", "Sylvite"],
                celsius,
                element,
                number(&row, column).unwrap(),
                "solubility_halite_sylvite.csv",
            );
        }
    }
    points
}

/// Relative misfit of a set's saturation with the named solids alone.
fn misfit(database: &Database, point: &Point) -> f64 {
    let salts: Vec<_> = point
        .minerals
        .iter()
        .map(|name| database.mineral(name).unwrap())
        .collect();
    let component = database.component_of_element(point.element).unwrap();
    match saturated_brine(database, &salts, &salts, point.celsius + 273.15).unwrap() {
        Saturation::Saturated(brine) => {
            brine.total_molality_mol_kgw(database, component) / point.total - 1.0
        }
        Saturation::Incompatible => f64::INFINITY,
    }
}

/// The value below which a share of all lies.
fn share(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
