//! One unit alone, for tests: built from settings, run, and held to its balance of elements.

use crate::drives::Drives;
use crate::kinds;
use crate::matter::Matter;
use crate::operation::{Outcome, UnitError};
use crate::room::Room;
use crate::settings::{Setting, Settings};
use crate::stream::Stream;
use saltern_units::place::Place;

/// Runs a unit and checks that every element that it took comes out, to 1e-12 of what passes, that nothing is negative
/// but the proton excess, and that all is finite.
pub(crate) fn run(
    kind: &str,
    settings: &[(&str, Setting)],
    inlets: &[Stream],
    room: &mut Room<'_>,
) -> Result<Outcome, UnitError> {
    let kind = kinds::find(kind).expect("a kind");
    let settings = Settings::new(kind.name, Place::entry("test", kind.name), settings);
    let settings = settings.unwrap_or_else(|error| panic!("{error}"));
    let drives = Drives::new(kind, &settings).unwrap_or_else(|error| panic!("{error}"));
    let operation = (kind.build)(&settings, room.matter).unwrap_or_else(|error| panic!("{error}"));
    let outcome = operation.run(inlets, room)?;
    assert_eq!(outcome.outlets.len(), kind.outlets.len(), "{}", kind.name);
    balanced(kind.name, inlets, &outcome, room.matter);
    driven(&drives, inlets, room);
    let power_w = outcome.power_w;
    assert!(
        power_w.is_finite() && power_w >= 0.0,
        "{}: {power_w} W",
        kind.name
    );
    for figure in &outcome.figures {
        assert!(figure.value.is_finite(), "{}: {figure:?}", kind.name);
    }
    if let Some(u) = outcome.utilities {
        assert!(
            u.heating_w >= 0.0 && u.cooling_w >= 0.0,
            "{}: {u:?}",
            kind.name
        );
    }
    Ok(outcome)
}

/// What motors take is finite, above zero where it is told, and in proportion to what flows.
fn driven(drives: &Drives, inlets: &[Stream], room: &mut Room<'_>) {
    let twice: Vec<Stream> = inlets.iter().map(|stream| stream.times(2.0)).collect();
    let mut powers_w = |streams: &[Stream]| {
        let slotted = streams.iter().enumerate();
        let slotted: Vec<(usize, &Stream)> = slotted.map(|(k, s)| (3000 + k, s)).collect();
        drives.powers_w(&slotted, room)
    };
    let (once, twice) = (powers_w(inlets), powers_w(&twice));
    assert_eq!(once.len(), twice.len());
    for ((drive, w), (_, double_w)) in once.iter().zip(&twice) {
        assert!(w.is_finite() && *w > 0.0, "{drive:?}: {w} W");
        let error = double_w / (2.0 * w) - 1.0;
        assert!(error.abs() < 1e-6, "{drive:?}: {w} W, {double_w} W");
    }
}

fn balanced(kind: &str, inlets: &[Stream], outcome: &Outcome, matter: &Matter<'_>) {
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
    let least = 1e-12 * passing.iter().sum::<f64>();
    for stream in &outcome.outlets {
        let t = stream.temperature_k;
        assert!(t > 200.0 && t < 2000.0, "{kind}: {t} K");
        for (k, n) in stream.amounts().enumerate() {
            assert!(n.is_finite(), "{kind}: amount {k} is {n}");
            let may = k < stream.brine_mol_s.len() && matter.may_be_negative(k);
            assert!(may || n >= -least, "{kind}: amount {k} is {n}");
        }
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] -= n;
        }
    }
    for (e, n) in net.iter().enumerate() {
        let (name, of) = (&matter.elements[e], passing[e]);
        // Traces below 1e-15 of all are rounding of the rest.
        assert!(
            n.abs() <= 1e-12 * of.max(1e-3 * least),
            "{kind}: {name}: {n} of {of}"
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
