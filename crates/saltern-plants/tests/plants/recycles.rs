//! Recycles: those that broke other simulators, and what is wrong with a flowsheet.

use saltern_brine::thermo::default_database;
use saltern_plants::flowsheet::Spec;
use saltern_plants::matter::Matter;
use saltern_plants::measure::{Measure, Of};
use saltern_plants::room::Room;
use saltern_plants::settings::Setting;
use saltern_plants::solve::{SolveError, solve};
use saltern_plants::stream::Stream;
use saltern_plants::target::Target;

use crate::support::{flowsheet, number, stream, unit};

fn water(matter: &Matter<'_>, kg_s: f64) -> Stream {
    Stream::water(matter, kg_s, 298.15)
}

/// g(x) = 2 + 0.5 x as a plant: 2 kg/s come in, half of what leaves the mixer goes back.
#[test]
fn half_of_it_goes_back_and_four_flow() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let units = [
        unit("mix", "mixer", &[]),
        unit("split", "splitter", &[("share", number(0.5))]),
    ];
    let streams = [
        stream("feed", "- -> mix", Some(water(&matter, 2.0))),
        stream("mixed", "mix -> split", None),
        stream("back", "split.first -> mix", None),
        stream("out", "split.second -> -", None),
    ];
    let mut plant = flowsheet(&matter, &units, &streams).unwrap();
    let mut room = Room::new(&matter);
    let solution = solve(&mut plant, &mut room, None).unwrap();
    let flow = |id: &str| solution.streams[plant.stream(id).unwrap()].mass_kg_s(&matter);
    assert!((flow("mixed") - 4.0).abs() < 1e-9 && (flow("out") - 2.0).abs() < 1e-9);
    assert_eq!(solution.loops.len(), 1);
    assert!(
        solution.closure < 1e-10 && solution.loops[0].passes < 10,
        "{:?}",
        solution.loops
    );
}

/// Two loops that share nothing, solved side by side, and one within another.
#[test]
fn independent_and_nested_loops_close() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let half = |id| unit(id, "splitter", &[("share", number(0.9))]);
    let units = [
        unit("a", "mixer", &[]),
        half("sa"),
        unit("b", "mixer", &[]),
        half("sb"),
        unit("inner", "mixer", &[]),
        half("si"),
        unit("outer", "mixer", &[]),
        half("so"),
    ];
    let streams = [
        stream("fa", "- -> a", Some(water(&matter, 1.0))),
        stream("a1", "a -> sa", None),
        stream("a2", "sa.first -> a", None),
        stream("a3", "sa.second -> -", None),
        stream("fb", "- -> b", Some(water(&matter, 3.0))),
        stream("b1", "b -> sb", None),
        stream("b2", "sb.first -> b", None),
        stream("b3", "sb.second -> -", None),
        stream("fo", "- -> outer", Some(water(&matter, 5.0))),
        stream("o1", "outer -> inner", None),
        stream("i1", "inner -> si", None),
        stream("i2", "si.first -> inner", None),
        stream("i3", "si.second -> so", None),
        stream("o2", "so.first -> outer", None),
        stream("o3", "so.second -> -", None),
    ];
    let mut plant = flowsheet(&matter, &units, &streams).unwrap();
    let mut room = Room::new(&matter);
    let solution = solve(&mut plant, &mut room, None).unwrap();
    let flow = |id: &str| solution.streams[plant.stream(id).unwrap()].mass_kg_s(&matter);
    assert!(
        (flow("a1") - 10.0).abs() < 1e-7,
        "{} {:?}",
        flow("a1"),
        solution.loops
    );
    assert!((flow("b1") - 30.0).abs() < 1e-7);
    assert!((flow("o1") - 50.0).abs() < 1e-6 && (flow("i1") - 500.0).abs() < 1e-5);
    assert_eq!(solution.loops.len(), 3);
}

/// A plant that piles up is told before it is run; so is a stream from nowhere and an outlet to nowhere.
#[test]
fn what_is_not_connected_is_told_with_its_place() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let units = [
        unit("mix", "mixer", &[]),
        unit("split", "splitter", &[("share", number(0.5))]),
    ];
    let streams = [
        stream("feed", "- -> mix", None),
        stream("mixed", "mix -> splitt", None),
        stream("back", "split.first -> mix", None),
    ];
    let errors = flowsheet(&matter, &units, &streams).unwrap_err();
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "plant.toml, streams.feed: the stream comes from no unit and is no feed; give it `from` or a feed",
            "plant.toml, streams.mixed: no unit and port “splitt”; accepted: mix.in, split.in",
            "plant.toml, units.split: nothing takes what leaves by split.second; connect a stream to it",
        ]
    );
    let streams = [
        stream("feed", "- -> mix", Some(water(&matter, 1.0))),
        stream("mixed", "mix -> split", None),
        stream("back", "split.first -> mix", None),
        stream("too", "split.second -> mix", None),
    ];
    let errors = flowsheet(&matter, &units, &streams).unwrap_err();
    assert!(
        errors[0].to_string().contains("no way out"),
        "{}",
        errors[0]
    );
    let wrong = flowsheet(
        &matter,
        &[unit("s", "splitter", &[("share", number(1.5))])],
        &[],
    )
    .unwrap_err();
    assert_eq!(
        wrong[0].to_string(),
        "plant.toml, units.s: share is 1.5 1; accepted: 0 … 1"
    );
}

/// The split that leaves 3 kg/s in the loop's product of 2 kg/s fed: 4 kg/s in the loop need a half.
#[test]
fn a_design_spec_is_met_or_told_as_out_of_reach() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let units = [
        unit("mix", "mixer", &[]),
        unit("split", "splitter", &[("share", Setting::Number(0.2))]),
    ];
    let streams = [
        stream("feed", "- -> mix", Some(water(&matter, 2.0))),
        stream("mixed", "mix -> split", None),
        stream("back", "split.first -> mix", None),
        stream("out", "split.second -> -", None),
    ];
    let mut plant = flowsheet(&matter, &units, &streams).unwrap();
    let mut room = Room::new(&matter);
    plant.specs.push(Spec {
        id: "circulation".to_owned(),
        measure: Measure::Mass(plant.stream("mixed").unwrap(), Of::All),
        target: 4.0,
        varies: "split.share".to_owned(),
        vary: Target::named("split.share", &plant, &matter).unwrap(),
        lowest: 0.0,
        highest: 0.95,
    });
    let solution = solve(&mut plant, &mut room, None).unwrap();
    assert!(
        (solution.specs[0].value - 0.5).abs() < 1e-8,
        "{:?}",
        solution.specs
    );
    plant.specs[0].target = 1.0;
    let error = solve(&mut plant, &mut room, None).unwrap_err();
    assert!(matches!(error, SolveError::SpecNotReached { reached, .. } if reached.0 > 1.99));
}
