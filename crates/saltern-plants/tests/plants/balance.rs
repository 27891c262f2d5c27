//! One unit alone, with what every unit must keep: each element, no negative amount, numbers throughout.

use saltern_brine::database::HYDROGEN;
use saltern_plants::kinds;
use saltern_plants::matter::Matter;
use saltern_plants::operation::{Outcome, UnitError};
use saltern_plants::room::Room;
use saltern_plants::settings::{Setting, Settings};
use saltern_plants::stream::Stream;
use saltern_units::place::Place;

/// A brine, mol/s of ions in 1 kg/s of water; neutral by chloride where `Cl-` is not named.
pub(crate) fn brine(matter: &Matter<'_>, celsius: f64, ions: &[(&str, f64)]) -> Stream {
    let mut stream = Stream::water(matter, 1.0, 273.15 + celsius);
    let mut charge = 0.0;
    for (ion, n) in ions {
        let c = matter.database.component(ion).expect(ion);
        stream.brine_mol_s[c] += n;
        charge += n * matter.database.components[c].formula.charge;
    }
    if !ions.iter().any(|(ion, _)| *ion == "Cl-") {
        stream.brine_mol_s[matter.database.component("Cl-").unwrap()] = charge;
    }
    stream
}

/// A reagent in 1 kg/s of water, charge as it comes.
pub(crate) fn reagent(matter: &Matter<'_>, ions: &[(&str, f64)]) -> Stream {
    let mut named = ions.to_vec();
    named.push(("Cl-", 0.0));
    brine(matter, 25.0, &named)
}

pub(crate) fn water(matter: &Matter<'_>) -> Stream {
    Stream::water(matter, 1.0, 298.15)
}

pub(crate) fn text(word: &str) -> Setting {
    Setting::Text(word.to_owned())
}

pub(crate) fn shares(list: &[(&str, f64)]) -> Setting {
    Setting::Shares(list.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect())
}

/// Runs a unit and holds its outcome against what came in.
pub(crate) fn run(
    kind: &str,
    settings: &[(&str, Setting)],
    inlets: &[Stream],
    room: &mut Room<'_>,
) -> Result<Outcome, UnitError> {
    let matter = room.matter;
    let kind = kinds::find(kind).expect("a kind");
    let settings = Settings::new(kind.name, Place::file("plant.toml"), settings).expect("settings");
    let unit = (kind.build)(&settings, matter).expect("a unit");
    let outcome = unit.run(inlets, room)?;
    assert_eq!(outcome.outlets.len(), kind.outlets.len(), "{}", kind.name);
    let mut net = vec![0.0; matter.elements.len()];
    let mut passing = vec![0.0; matter.elements.len()];
    for (port, stream) in inlets.iter().enumerate() {
        let taken = outcome.taken.iter().find(|(p, _)| *p == port);
        let stream = stream.times(taken.map_or(1.0, |(_, f)| *f));
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] += n;
            passing[e] += n.abs();
        }
    }
    for stream in &outcome.outlets {
        for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
            net[e] -= n;
        }
        let least = 1e-12 * passing.iter().sum::<f64>();
        for (k, n) in stream.amounts().enumerate() {
            assert!(n.is_finite(), "{}: amount {k} is {n}", kind.name);
            assert!(k == HYDROGEN || n >= -least, "{}: {k} is {n}", kind.name);
        }
        assert!(stream.temperature_k > 200.0 && stream.temperature_k < 600.0);
    }
    for (e, n) in net.iter().enumerate() {
        let name = &matter.elements[e];
        assert!(
            n.abs() <= 1e-12 * passing[e].max(1e-9),
            "{}: {name} {n}",
            kind.name
        );
    }
    assert!(outcome.power_w.is_finite() && outcome.power_w >= 0.0);
    assert!(outcome.figures.iter().all(|f| f.value.is_finite()));
    Ok(outcome)
}

/// A figure by the end of its code.
pub(crate) fn figure(outcome: &Outcome, name: &str) -> f64 {
    let found = outcome.figures.iter().find(|f| f.code.ends_with(name));
    found.unwrap_or_else(|| panic!("no {name}")).value
}

/// Moles of a component in a stream.
pub(crate) fn moles(matter: &Matter<'_>, stream: &Stream, ion: &str) -> f64 {
    stream.component_mol_s(matter, matter.database.component(ion).expect(ion))
}
