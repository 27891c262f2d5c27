//! The reference plants, as the files of the Qarhan example have them.

use saltern_base::plant::{self, PlantFile};
use saltern_brine::assay::{Analyte, Assay, Balance};
use saltern_brine::blending::mass_kg;
use saltern_brine::equilibrium::Solver;
use saltern_plants::flowsheet::Flowsheet;
use saltern_plants::matter::Matter;
use saltern_plants::reading::{self, NamedBrine};
use saltern_plants::room::Room;
use saltern_plants::settings::Setting;
use saltern_plants::solve::{Solution, solve};
use saltern_plants::stream::Stream;
use saltern_units::place::Place;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/qarhan/");

fn text(file: &str) -> Option<String> {
    std::fs::read_to_string(format!("{FOLDER}{file}")).ok()
}

/// The file of a plant, those that it holds laid open.
pub(crate) fn file(id: &str) -> PlantFile {
    plant::read_whole(id, &text).unwrap_or_else(|errors| panic!("{id}: {}", errors[0]))
}

/// The brines of the base, balanced on chloride.
pub(crate) fn brines(matter: &Matter<'_>) -> Vec<NamedBrine> {
    let (base, _) = saltern_base::folder::read("qarhan", &text).expect("the example");
    let database = matter.database;
    let chloride = Analyte::Cl.component(database).expect("chloride");
    let mut solver = Solver::new(database, &[]);
    let brines = base.brines.iter().map(|brine| {
        let place = Place::row("brines.csv", brine.row);
        let assay = Assay::from_cells(&place, &brine.id, &brine.cells, 298.15).expect(&brine.id);
        let dissolved = assay.dissolve(&mut solver, Balance::Ion(chloride));
        let amounts = dissolved.expect(&brine.id).amounts_mol;
        let kg = mass_kg(database, &amounts);
        NamedBrine {
            id: brine.id.clone(),
            amounts_mol_kg: amounts.iter().map(|n| n / kg).collect(),
        }
    });
    brines.collect()
}

/// A reference plant as it stands.
pub(crate) fn plant(id: &str, matter: &Matter<'_>) -> Flowsheet {
    built(&file(id), matter)
}

/// A reference plant and its steady state as it stands, which closes.
pub(crate) fn solved(id: &str, matter: &Matter<'_>) -> (Flowsheet, Solution) {
    let mut plant = plant(id, matter);
    let solution = solve(&mut plant, &mut Room::new(matter), None);
    let solution = solution.unwrap_or_else(|error| panic!("{id}: {error}"));
    assert!(solution.closure < 1e-9, "{id}: {}", solution.closure);
    (plant, solution)
}

/// The flowsheet of a file.
pub(crate) fn built(file: &PlantFile, matter: &Matter<'_>) -> Flowsheet {
    let sheet = reading::flowsheet(file, &brines(matter), matter);
    sheet.unwrap_or_else(|errors| panic!("{}: {}", file.id, errors[0]))
}

/// Sets `unit.setting`, SI.
pub(crate) fn set(plant: &mut Flowsheet, what: &str, value: f64, matter: &Matter<'_>) {
    set_to(plant, what, Setting::Number(value), matter);
}

/// Sets `unit.setting`.
pub(crate) fn set_to(plant: &mut Flowsheet, what: &str, setting: Setting, matter: &Matter<'_>) {
    let (unit, name) = what.split_once('.').expect("unit.setting");
    let unit = plant.unit(unit).expect(what);
    let done = plant.set(unit, name, setting, matter);
    done.unwrap_or_else(|error| panic!("{error}"));
}

/// Gives a feed another content.
pub(crate) fn give(plant: &mut Flowsheet, id: &str, stream: Stream) {
    let s = plant.stream(id).expect(id);
    assert!(plant.streams[s].feed.is_some(), "{id} is no feed");
    plant.streams[s].feed = Some(stream);
}

/// A stream of a solution by its id.
pub(crate) fn at<'s>(plant: &Flowsheet, solution: &'s Solution, id: &str) -> &'s Stream {
    &solution.streams[plant.stream(id).expect(id)]
}
