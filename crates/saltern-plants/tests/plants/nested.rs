//! Plants within plants give what they give apart.

use saltern_base::plant;
use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::reading::flowsheet;
use saltern_plants::room::Room;
use saltern_plants::solve::{Solution, solve};

use crate::leach::{self, LEACH};
use crate::reference::{self, at, give};

const OUTER: &str = r#"
[units.split]
kind = "splitter"
share = "50 %"

[units.leach]
plant = "leach"

[streams.back]
from = "split.first"
to = "leach.back"

[streams.liquor]
from = "leach.liquor"
to = "split"

[streams.bleed]
from = "split.second"
"#;

fn solved(text: &str, matter: &Matter<'_>) -> (saltern_plants::flowsheet::Flowsheet, Solution) {
    let files = |name: &str| match name {
        "plants/outer.toml" => Some(text.to_owned()),
        "plants/leach.toml" => Some(LEACH.to_owned()),
        _ => None,
    };
    let file = plant::read_whole("outer", &files).unwrap();
    let mut sheet = flowsheet(&file, &[], matter).unwrap();
    let solution = solve(&mut sheet, &mut Room::new(matter), None).unwrap();
    (sheet, solution)
}

/// A recycle that leaves the inner plant and comes back, a spec inside it: the same written flat.
#[test]
fn a_recycle_through_the_wall_and_a_spec_within_give_the_flat_answer() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (flat_sheet, flat) = solved(&leach::recycled(), &matter);
    let (sheet, nested) = solved(OUTER, &matter);
    assert_eq!(sheet.units.len(), flat_sheet.units.len());
    assert!((nested.specs[0].value / flat.specs[0].value - 1.0).abs() < 1e-8);
    let pairs = [("bleed", "bleed"), ("leach/cake", "cake"), ("back", "back")];
    for (inner, outer) in pairs {
        let (a, b) = (at(&sheet, &nested, inner), at(&flat_sheet, &flat, outer));
        let (a, b) = (a.mass_kg_s(&matter), b.mass_kg_s(&matter));
        assert!(b > 0.0 && (a / b - 1.0).abs() < 1e-7, "{inner}: {a} {b}");
    }
}

/// The magnesium park against its plants one after the other.
#[test]
fn a_park_gives_what_its_plants_give() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let mut park = reference::plant("magnesium", &matter);
    let whole = solve(&mut park, &mut room, None).unwrap();
    assert!(whole.closure < 1e-9, "{}", whole.closure);
    let mut bischofite = reference::plant("magnesium_bischofite", &matter);
    let brine = at(&park, &whole, "to_bischofite").clone();
    give(&mut bischofite, "brine", brine);
    let mut room = Room::new(&matter);
    let first = solve(&mut bischofite, &mut room, None).unwrap();
    let mut metal = reference::plant("magnesium_metal", &matter);
    let salt = at(&bischofite, &first, "bischofite").clone();
    give(&mut metal, "bischofite", salt);
    let mut room = Room::new(&matter);
    let second = solve(&mut metal, &mut room, None).unwrap();
    for id in ["magnesium", "chlorine_to_pvc"] {
        let alone = at(&metal, &second, id).mass_kg_s(&matter);
        let inside = at(&park, &whole, id).mass_kg_s(&matter);
        println!("{id}: {:.4} t/h", 3.6 * inside);
        assert!(
            (inside / alone - 1.0).abs() < 1e-9,
            "{id}: {inside} {alone}"
        );
    }
    // What nobody joined is of the park: acid, sludge, gases, lime, air.
    assert!(park.stream("metal/acid").is_some() && park.stream("hydroxide/lime").is_some());
}

/// A mistake inside is told with the inner file and line.
#[test]
fn a_mistake_within_is_told_with_its_own_place() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let files = |name: &str| match name {
        "plants/outer.toml" => Some(OUTER.to_owned()),
        "plants/leach.toml" => Some(LEACH.replace("moisture", "moister")),
        _ => None,
    };
    let file = plant::read_whole("outer", &files).unwrap();
    let errors = flowsheet(&file, &[], &matter).unwrap_err();
    let told = errors[0].to_string();
    assert!(
        told.starts_with("plants/leach.toml, line 6, units.filter"),
        "{told}"
    );
    assert!(told.contains("moister"), "{told}");
}
