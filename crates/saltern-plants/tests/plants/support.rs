//! Small flowsheets without a file.

use saltern_base::model::Label;
use saltern_brine::formula::Formula;
use saltern_brine::substance::component_amounts_mol;
use saltern_plants::flowsheet::{Flowsheet, FlowsheetError, StreamDraft, UnitDraft};
use saltern_plants::matter::Matter;
use saltern_plants::operation::Outcome;
use saltern_plants::settings::Setting;
use saltern_plants::stream::Stream;
use saltern_units::place::Place;

pub(crate) fn unit(id: &str, kind: &str, settings: &[(&str, Setting)]) -> UnitDraft {
    UnitDraft {
        id: id.to_owned(),
        name: Label::default(),
        kind: kind.to_owned(),
        settings: settings
            .iter()
            .map(|(n, s)| ((*n).to_owned(), s.clone()))
            .collect(),
        place: Place::entry("plant.toml", format!("units.{id}")),
    }
}

pub(crate) fn number(value: f64) -> Setting {
    Setting::Number(value)
}

/// `from -> to`, either of them `-` for outside.
pub(crate) fn stream(id: &str, way: &str, feed: Option<Stream>) -> StreamDraft {
    let (from, to) = way.split_once(" -> ").expect("an arrow");
    let end = |text: &str| (text != "-").then(|| text.to_owned());
    StreamDraft {
        id: id.to_owned(),
        name: Label::default(),
        role: None,
        from: end(from),
        to: end(to),
        feed,
        on_demand: false,
        place: Place::entry("plant.toml", format!("streams.{id}")),
    }
}

pub(crate) fn flowsheet(
    matter: &Matter<'_>,
    units: &[UnitDraft],
    streams: &[StreamDraft],
) -> Result<Flowsheet, Vec<FlowsheetError>> {
    Flowsheet::new(units, streams, matter)
}

/// A feed that its unit takes as much of as it needs.
pub(crate) fn on_demand(id: &str, to: &str, feed: Stream) -> StreamDraft {
    StreamDraft {
        on_demand: true,
        ..stream(id, &format!("- -> {to}"), Some(feed))
    }
}

/// A stream of dissolved salts (formulas, `H2O` among them), solids and other substances, in kg/s.
pub(crate) fn feed(
    matter: &Matter<'_>,
    temperature_c: f64,
    dissolved: &[(&str, f64)],
    solids: &[(&str, f64)],
) -> Stream {
    let database = matter.database;
    let mut stream = Stream::nothing(matter);
    stream.temperature_k = temperature_c + 273.15;
    for &(formula, kg_s) in dissolved {
        let formula = Formula::parse(formula).expect("a formula");
        let amounts = component_amounts_mol(database, &formula).expect("components");
        let masses = amounts.iter().zip(&database.components);
        let kg_mol: f64 = masses.map(|(n, c)| n * c.molar_mass_kg_mol).sum();
        for (n, nu) in stream.brine_mol_s.iter_mut().zip(&amounts) {
            *n += nu * kg_s / kg_mol;
        }
    }
    for &(name, kg_s) in solids {
        match (database.mineral(name), matter.substance(name)) {
            (Some(m), _) => stream.solids_mol_s[m] += kg_s / matter.mineral_kg_mol(m),
            (_, Some(s)) => {
                stream.others_mol_s[s] += kg_s / matter.substances[s].molar_mass_kg_mol;
            }
            _ => panic!("no {name}"),
        }
    }
    stream
}

/// kg/s of an element in a stream.
pub(crate) fn element_kg_s(stream: &Stream, symbol: &str, matter: &Matter<'_>) -> f64 {
    let e = matter.element(symbol).expect("an element");
    stream.elements_mol_s(matter)[e] * matter.element_kg_mol[e]
}

/// kg/s of a mineral in a stream.
pub(crate) fn mineral_kg_s(stream: &Stream, name: &str, matter: &Matter<'_>) -> f64 {
    let m = matter.database.mineral(name).expect("a mineral");
    stream.solids_mol_s[m] * matter.mineral_kg_mol(m)
}

pub(crate) fn text(value: &str) -> Setting {
    Setting::Text(value.to_owned())
}

pub(crate) fn shares(values: &[(&str, f64)]) -> Setting {
    let named = values.iter().map(|(name, n)| ((*name).to_owned(), *n));
    Setting::Shares(named.collect())
}

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

/// A figure by the end of its code.
pub(crate) fn figure(outcome: &Outcome, name: &str) -> f64 {
    let found = outcome.figures.iter().find(|f| f.code.ends_with(name));
    found.unwrap_or_else(|| panic!("no {name}")).value
}

/// Moles of a component in a stream.
pub(crate) fn moles(matter: &Matter<'_>, stream: &Stream, ion: &str) -> f64 {
    stream.component_mol_s(matter, matter.database.component(ion).expect(ion))
}
