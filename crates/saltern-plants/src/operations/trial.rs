//! One unit alone, for tests: built from settings, run, and held to its balance of elements.

use crate::kinds;
use crate::matter::Matter;
use crate::operation::{Outcome, UnitError};
use crate::room::Room;
use crate::settings::{Setting, Settings};
use crate::stream::Stream;
use saltern_units::place::Place;

/// Runs a unit and checks that every element that it took comes out, to 1e-12 of what passes, and all is finite.
pub(crate) fn run(
    kind: &str,
    settings: &[(&str, Setting)],
    inlets: &[Stream],
    room: &mut Room<'_>,
) -> Result<Outcome, UnitError> {
    let kind = kinds::find(kind).expect("a kind");
    let settings =
        Settings::new(kind.name, Place::entry("test", kind.name), settings).expect("settings");
    let operation = (kind.build)(&settings, room.matter).expect("a unit");
    let outcome = operation.run(inlets, room)?;
    assert_eq!(outcome.outlets.len(), kind.outlets.len());
    balanced(inlets, &outcome, room.matter);
    Ok(outcome)
}

fn balanced(inlets: &[Stream], outcome: &Outcome, matter: &Matter<'_>) {
    let mut net = vec![0.0; matter.elements.len()];
    let mut passing = vec![0.0; matter.elements.len()];
    for (port, stream) in inlets.iter().enumerate() {
        let taken = outcome.taken.iter().find(|(p, _)| *p == port);
        let share = taken.map_or(1.0, |(_, factor)| *factor);
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] += share * n;
            passing[e] += (share * n).abs();
        }
    }
    for stream in &outcome.outlets {
        assert!(stream.amounts().all(f64::is_finite) && stream.temperature_k.is_finite());
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] -= n;
        }
    }
    for (e, n) in net.iter().enumerate() {
        let name = &matter.elements[e];
        assert!(
            n.abs() <= 1e-12 * passing[e].max(1e-300),
            "{name}: {n} of {}",
            passing[e]
        );
    }
}

/// Heat that a unit takes up at the outcome, W, as the solver has it.
pub(crate) fn heat_w(inlets: &[Stream], outcome: &Outcome, room: &mut Room<'_>) -> f64 {
    let mut heat_w = -outcome.power_w;
    for (port, stream) in inlets.iter().enumerate() {
        let taken = outcome.taken.iter().find(|(p, _)| *p == port);
        let share = taken.map_or(1.0, |(_, factor)| *factor);
        heat_w -= room
            .enthalpy_w(100 + port, &stream.times(share))
            .expect("heat");
    }
    for (port, stream) in outcome.outlets.iter().enumerate() {
        heat_w += room.enthalpy_w(200 + port, stream).expect("heat");
    }
    heat_w
}

/// A stream by names: components (ions), minerals, substances, mol/s.
pub(crate) fn stream(matter: &Matter<'_>, temperature_k: f64, amounts: &[(&str, f64)]) -> Stream {
    let mut stream = Stream::nothing(matter);
    stream.temperature_k = temperature_k;
    for &(name, n) in amounts {
        let database = matter.database;
        if let Some(s) = matter.substance(name) {
            stream.others_mol_s[s] = n;
        } else if let Some(m) = database.mineral(name) {
            stream.solids_mol_s[m] = n;
        } else {
            stream.brine_mol_s[database.component(name).expect(name)] = n;
        }
    }
    stream
}
