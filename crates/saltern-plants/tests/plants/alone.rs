//! One unit run by itself: whatever it does, each element goes out as it came in and every number is a number.

use saltern_plants::kinds;
use saltern_plants::matter::Matter;
use saltern_plants::operation::{Outcome, UnitError};
use saltern_plants::room::Room;
use saltern_plants::settings::{Setting, Settings};
use saltern_plants::stream::Stream;
use saltern_units::place::Place;

/// Runs a unit and holds it to its balance.
pub(crate) fn run(
    kind: &str,
    settings: &[(&str, Setting)],
    inlets: &[Stream],
    room: &mut Room<'_>,
) -> Result<Outcome, UnitError> {
    let matter = room.matter;
    let kind = kinds::find(kind).expect("a kind");
    let settings = Settings::new(kind.name, Place::entry("test", "unit".to_owned()), settings);
    let settings = settings.unwrap_or_else(|error| panic!("{error}"));
    let operation = (kind.build)(&settings, matter).unwrap_or_else(|error| panic!("{error}"));
    let outcome = operation.run(inlets, room)?;
    balanced(kind.name, inlets, &outcome, matter);
    Ok(outcome)
}

fn balanced(what: &str, inlets: &[Stream], outcome: &Outcome, matter: &Matter<'_>) {
    let mut net = vec![0.0; matter.elements.len()];
    let mut passing = vec![1e-12; matter.elements.len()];
    for (port, stream) in inlets.iter().enumerate() {
        let taken = outcome.taken.iter().find(|(p, _)| *p == port);
        let stream = stream.times(taken.map_or(1.0, |(_, factor)| *factor));
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] += n;
            passing[e] += n.abs();
        }
    }
    for stream in &outcome.outlets {
        assert!(
            stream.temperature_k.is_finite() && stream.amounts().all(f64::is_finite),
            "{what}"
        );
        for (c, n) in stream.brine_mol_s.iter().enumerate() {
            let total: f64 = stream.brine_mol_s.iter().map(|n| n.abs()).sum();
            assert!(
                *n >= -1e-9 * total || matter.may_be_negative(c),
                "{what}: {n} of {c}"
            );
        }
        assert!(
            stream
                .solids_mol_s
                .iter()
                .chain(&stream.others_mol_s)
                .all(|n| *n >= -1e-12),
            "{what}"
        );
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] -= n;
        }
    }
    for ((net, passing), element) in net.iter().zip(&passing).zip(&matter.elements) {
        assert!(
            net.abs() <= 1e-9 * passing + 1e-14,
            "{what}: {element} {net} of {passing}"
        );
    }
}
