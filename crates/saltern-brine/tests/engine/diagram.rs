//! Phase diagrams: their points against PHREEQC's co-saturation points on the same database, their curves against
//! measurements, their fields against each other.

use crate::reference::pitzer_dat;
use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::{
    Map, Polytherm, Projection, Section, System, map, polytherm, section,
};
use saltern_brine::equilibrium::Equilibrium;
use saltern_brine::phases;
use saltern_brine::thermo::default_database;

fn projection(database: &Database, system: &str, over: &str, allowed: &[MineralId]) -> Projection {
    let system = System::parse(system, database).unwrap();
    let over = (!over.is_empty()).then(|| database.mineral(over).unwrap());
    Projection::new(system, over, allowed, database).unwrap()
}

fn map_of(
    database: &Database,
    system: &str,
    over: &str,
    allowed: &[MineralId],
    celsius: f64,
) -> Map {
    let projection = projection(database, system, over, allowed);
    map::draw(
        database,
        &projection,
        allowed,
        celsius + 273.15,
        map::FINENESS,
    )
}

fn section_of(database: &Database, system: &str, celsius: f64) -> Section {
    let allowed = phases::stable(database);
    let projection = projection(database, system, "", &allowed);
    section::draw(
        database,
        &projection,
        &allowed,
        celsius + 273.15,
        section::FINENESS,
    )
}

fn polytherm_of(database: &Database, system: &str) -> Polytherm {
    let allowed = phases::stable(database);
    let projection = projection(database, system, "", &allowed);
    polytherm::draw(database, &projection, &allowed, (233.15, 373.15))
}

fn total(database: &Database, brine: &Equilibrium, element: &str) -> f64 {
    let component = database.component_of_element(element).unwrap();
    brine.total_molality_mol_kgw(database, component)
}

fn ids<const N: usize>(database: &Database, names: &str) -> [MineralId; N] {
    let mut ids: Vec<_> = names
        .split('+')
        .map(|n| database.mineral(n).unwrap())
        .collect();
    ids.sort_unstable();
    ids.try_into().unwrap()
}

/// Solids beside halite, then Na, K, Mg, Cl, SO4 in mol/kgw and the activity of water: PHREEQC 3.8.6 with
/// pitzer.dat, 25 °C, only the named solids allowed (`facts/brine.md` §8).
const QUINARY_25C: [(&str, [f64; 6]); 8] = [
    (
        "Bloedite+Glaserite+Thenardite",
        [5.1357, 1.0103, 0.9378, 5.6054, 1.2081, 0.7130],
    ),
    (
        "Glaserite+Schoenite+Sylvite",
        [2.6464, 1.5571, 2.0211, 6.7437, 0.7509, 0.6726],
    ),
    (
        "Bloedite+Glaserite+Schoenite",
        [3.0874, 1.2665, 1.9351, 6.2043, 1.0099, 0.6833],
    ),
    (
        "Bloedite+Epsomite+Leonite",
        [1.2888, 0.7636, 3.3715, 6.7885, 1.0035, 0.6144],
    ),
    (
        "Epsomite+Kainite+Leonite",
        [1.1915, 0.7633, 3.4489, 6.924, 0.9643, 0.6071],
    ),
    (
        "Kainite+Leonite+Sylvite",
        [1.1923, 0.9696, 3.3101, 7.2751, 0.7535, 0.6071],
    ),
    (
        "Carnallite+Kainite+Sylvite",
        [0.4356, 0.5095, 4.2524, 8.9694, 0.2403, 0.5074],
    ),
    (
        "Carnallite+Kainite+Kieserite",
        [0.3319, 0.2832, 4.5643, 9.1897, 0.277, 0.4787],
    ),
];

#[test]
fn the_quinary_over_halite_has_phreeqcs_invariant_points() {
    let Some(database) = pitzer_dat() else { return };
    let map = map_of(
        &database,
        "Na,K,Mg//Cl,SO4",
        "Halite",
        &phases::stable(&database),
        25.0,
    );
    for (names, expected) in QUINARY_25C {
        let solids: [MineralId; 3] = ids(&database, names);
        let point = map.invariants.iter().find(|i| i.minerals == solids);
        let brine = &point
            .unwrap_or_else(|| panic!("{names} is not on the map"))
            .brine;
        let got = ["Na", "K", "Mg", "Cl", "S"].map(|e| total(&database, brine, e));
        for (got, want) in got.iter().chain([&brine.water_activity]).zip(expected) {
            assert!((got / want - 1.0).abs() < 2e-4, "{names}: {got} not {want}");
        }
    }
    let bischofite: [MineralId; 3] = ids(&database, "Bischofite+Carnallite+Kieserite");
    assert!(map.invariants.iter().any(|i| i.minerals == bischofite));
    assert_eq!(map.invariants.len(), 12);
}

/// A planar net: fields, lines and points are counted by Euler, and the fields fill the paper.
fn holds_together(database: &Database, map: &Map) {
    let covered: f64 = map.fields.iter().map(|f| f.area).sum();
    assert!((covered - 1.0).abs() < 2e-3, "fields cover {covered}");
    let unresolved: Vec<_> = map
        .unresolved
        .iter()
        .map(|m| &database.minerals[*m].name)
        .collect();
    assert!(
        unresolved.is_empty(),
        "{unresolved:?} at {} K",
        map.temperature_k
    );
    assert!(map.blank.is_empty());
    // Every invariant point ends three lines, each line ends in a point or on the border.
    // (A field narrower than the lattice may show a point without all of its lines.)
    let wide = |m: &MineralId| map.fields.iter().any(|f| f.mineral == *m && f.area > 1e-3);
    for point in map
        .invariants
        .iter()
        .filter(|p| p.minerals.iter().all(wide))
    {
        let meets = |l: &&saltern_brine::diagram::Line| {
            l.minerals.iter().all(|m| point.minerals.contains(m))
                && [l.points.first(), l.points.last()]
                    .iter()
                    .flatten()
                    .any(|p| p.place == point.place)
        };
        let names = point.minerals.map(|m| database.minerals[m].name.clone());
        assert!(map.lines.iter().filter(meets).count() >= 3, "{names:?}");
    }
    for line in &map.lines {
        for point in line.points.iter().filter(|p| p.both) {
            for m in line.minerals {
                let si = point.brine.saturation_index_of(database, m);
                assert!(si.abs() < 1e-6, "{}: {si}", database.minerals[m].name);
            }
        }
    }
}

#[test]
fn fields_fill_the_paper_and_lines_end_in_points() {
    let database = default_database();
    for (system, over, celsius) in [
        ("Na,K,Mg//Cl,SO4", "Halite", 25.0),
        ("Na,K,Mg//Cl,SO4", "Halite", 0.0),
        ("Na,K//Cl,SO4", "", 25.0),
        ("Na,Mg//Cl,SO4", "", 15.0),
        ("Na,K,Mg//Cl", "", 35.0),
    ] {
        let allowed = phases::metastable(&database);
        let projection = projection(&database, system, over, &allowed);
        let map = map::draw(&database, &projection, &allowed, celsius + 273.15, 32);
        holds_together(&database, &map);
    }
}

#[test]
fn the_reciprocal_pair_has_phreeqcs_invariant_points() {
    let Some(database) = pitzer_dat() else { return };
    let map = map_of(
        &database,
        "Na,K//Cl,SO4",
        "",
        &phases::stable(&database),
        25.0,
    );
    for (names, expected) in [
        ("Halite+Glaserite+Sylvite", [5.3503, 2.1795, 6.9619, 0.2839]),
        (
            "Halite+Glaserite+Thenardite",
            [6.4982, 1.1013, 5.8973, 0.8511],
        ),
    ] {
        let solids: [MineralId; 3] = ids(&database, names);
        let brine = &map
            .invariants
            .iter()
            .find(|i| i.minerals == solids)
            .unwrap()
            .brine;
        let got = ["Na", "K", "Cl", "S"].map(|e| total(&database, brine, e));
        for (got, want) in got.iter().zip(expected) {
            assert!((got / want - 1.0).abs() < 2e-4, "{names}: {got} not {want}");
        }
    }
}

#[test]
fn a_ternary_has_the_measured_point_of_both_salts() {
    let database = default_database();
    // NaCl and KCl together (mol/kgw): `solubility_halite_sylvite.csv`, after Pabalan & Pitzer 1987.
    for (celsius, sodium, potassium) in [(0.0, 5.407, 1.349), (40.0, 5.016, 2.581)] {
        let section = section_of(&database, "NaCl-KCl-H2O", celsius);
        let both = ["Halite", "Sylvite"].map(|n| database.mineral(n).unwrap());
        let point = section
            .invariants
            .iter()
            .find(|i| i.minerals == both)
            .unwrap();
        let (na, k) = (
            total(&database, &point.brine, "Na"),
            total(&database, &point.brine, "K"),
        );
        assert!(
            (na / sodium - 1.0).abs() < 0.025,
            "{celsius}: Na {na} not {sodium}"
        );
        assert!(
            (k / potassium - 1.0).abs() < 0.03,
            "{celsius}: K {k} not {potassium}"
        );
    }
}

#[test]
fn carnallite_stands_between_sylvite_and_bischofite() {
    let Some(database) = pitzer_dat() else { return };
    let section = section_of(&database, "KCl-MgCl2-H2O", 25.0);
    let names: Vec<&str> = section
        .pieces
        .iter()
        .map(|p| database.minerals[p.mineral].name.as_str())
        .collect();
    assert_eq!(names, ["Sylvite", "Carnallite", "Bischofite"]);
    // PHREEQC, as above: Sylvite + Carnallite, Carnallite + Bischofite.
    for (point, [k, mg]) in section
        .invariants
        .iter()
        .zip([[0.5061, 4.2573], [0.0162, 5.8418]])
    {
        assert!((total(&database, &point.brine, "K") / k - 1.0).abs() < 3e-3);
        assert!((total(&database, &point.brine, "Mg") / mg - 1.0).abs() < 1e-4);
    }
}

#[test]
fn salt_and_water_meet_ice_at_the_eutectic() {
    let database = default_database();
    let polytherm = polytherm_of(&database, "NaCl-H2O");
    let named = |t: &saltern_brine::diagram::polytherm::Transition| {
        let names = t.minerals.map(|m| database.minerals[m].name.clone());
        (
            names.join("+"),
            t.brine.temperature_k - 273.15,
            total(&database, &t.brine, "Na"),
        )
    };
    let transitions: Vec<_> = polytherm.transitions.iter().map(named).collect();
    // Eutectic −21.2 °C at 23.3 wt%, hydrohalite to halite at 0.1 °C and 26.3 wt% (recalled). The default set's
    // range ends above the eutectic, so half a degree is what can be asked.
    let wt = |m: f64| 100.0 * m * 58.44 / (1000.0 + m * 58.44);
    let [(eutectic, t0, m0), (change, t1, m1)] = &transitions[..] else {
        panic!("{transitions:?}")
    };
    assert_eq!(
        (eutectic.as_str(), change.as_str()),
        ("Ice+Hydrohalite", "Hydrohalite+Halite")
    );
    assert!(
        (t0 + 21.2).abs() < 0.8 && (wt(*m0) - 23.3).abs() < 0.2,
        "{t0} {}",
        wt(*m0)
    );
    assert!(
        (t1 - 0.1).abs() < 0.8 && (wt(*m1) - 26.3).abs() < 0.2,
        "{t1} {}",
        wt(*m1)
    );
}
