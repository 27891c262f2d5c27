//! What a database holds and what it lacks, as data for people.

use std::collections::HashSet;

use crate::assembly::kind_name;
use crate::database::{
    Database, HYDROGEN, InteractionKind, Provenance, REFERENCE_TEMPERATURE_K, Species,
};
use crate::gaps::{Gap, gaps};

/// Contents of a database.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Name of the database.
    pub name: String,
    /// Names of the components, water first.
    pub components: Vec<String>,
    /// Names of the aqueous species.
    pub species: Vec<String>,
    /// Interaction parameters by kind.
    pub parameters: Vec<ParameterCount>,
    /// Minerals in database order.
    pub minerals: Vec<MineralSummary>,
    /// Sources with the number of values that rest on each.
    pub sources: Vec<SourceSummary>,
    /// Interactions between ions that the database has no parameter for; the model takes them as zero.
    pub missing: Vec<MissingParameter>,
    /// Properties of species that the database does not hold.
    pub without: Vec<PropertyGap>,
    /// What the reader left out and why.
    pub left_out: Vec<String>,
}

/// How many parameters of a kind there are.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterCount {
    /// `B0`, `THETA`, …
    pub kind: &'static str,
    /// All of them.
    pub count: usize,
    /// Those that change with temperature.
    pub temperature_dependent: usize,
}

/// One mineral.
#[derive(Clone, Debug, PartialEq)]
pub struct MineralSummary {
    /// Name.
    pub name: String,
    /// Formula as written.
    pub formula: String,
    /// log10 K of dissolution at 25 °C.
    pub log10_k_25c: f64,
    /// Whether log K changes with temperature.
    pub temperature_dependent: bool,
    /// Range of the fit, °C, if known.
    pub range_degc: Option<(f64, f64)>,
    /// Key of the source, if known.
    pub source: Option<String>,
    /// Remark of the database.
    pub note: String,
}

/// One source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSummary {
    /// Key.
    pub key: String,
    /// Full reference.
    pub reference: String,
    /// Log K values, interaction parameters, volumes, viscosities and heat capacities taken from it.
    pub uses: usize,
}

/// An interaction without a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingParameter {
    /// `B0` (a cation and an anion without any β), `THETA` (two like ions), `PSI` (two like ions and another) or
    /// `LAMBDA` (a neutral species and an ion).
    pub kind: &'static str,
    /// The ions.
    pub species: Vec<String>,
    /// Whether all of them are master species, so that the gap matters in ordinary brines.
    pub between_components: bool,
}

/// A property that the database does not hold for some master species.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyGap {
    /// Which: `volume`, `viscosity` or `heat_capacity`; `solid` for components that no solid holds.
    pub property: &'static str,
    /// Names of the master species without it.
    pub species: Vec<String>,
}

/// Describes a database.
pub fn describe(database: &Database) -> Description {
    Description {
        name: database.name.clone(),
        components: database.components.iter().map(|c| c.name.clone()).collect(),
        species: database.species.iter().map(|s| s.name.clone()).collect(),
        parameters: parameter_counts(database),
        minerals: mineral_summaries(database),
        sources: source_summaries(database),
        missing: missing_parameters(database),
        without: property_gaps(database),
        left_out: database.left_out.clone(),
    }
}

fn parameter_counts(database: &Database) -> Vec<ParameterCount> {
    use InteractionKind::*;
    let kinds = [
        Beta0, Beta1, Beta2, CPhi, Theta, Psi, Lambda, Zeta, Mu, Eta, Alphas,
    ];
    let count = |kind| {
        let of_kind = || database.interactions.iter().filter(move |i| i.kind == kind);
        // The terms of ALPHAS are two constants, not a temperature function.
        let changes = |terms: &[f64; 6]| kind != Alphas && terms[1..].iter().any(|&a| a != 0.0);
        ParameterCount {
            kind: kind_name(kind),
            count: of_kind().count(),
            temperature_dependent: of_kind().filter(|i| changes(&i.terms)).count(),
        }
    };
    kinds
        .into_iter()
        .map(count)
        .filter(|c| c.count > 0)
        .collect()
}

fn mineral_summaries(database: &Database) -> Vec<MineralSummary> {
    let summary = |mineral: &crate::database::Mineral| MineralSummary {
        name: mineral.name.clone(),
        formula: mineral.formula_text.clone(),
        log10_k_25c: mineral.log_k.at(REFERENCE_TEMPERATURE_K),
        // The van 't Hoff form of a constant has a slope of exactly zero.
        temperature_dependent: mineral.log_k.0[1..].iter().any(|&a| a != 0.0),
        range_degc: range_degc(&mineral.provenance),
        source: mineral
            .provenance
            .source
            .and_then(|i| database.sources.get(i))
            .map(|s| s.key.clone()),
        note: mineral.provenance.note.clone(),
    };
    database.minerals.iter().map(summary).collect()
}

fn range_degc(provenance: &Provenance) -> Option<(f64, f64)> {
    Some((
        provenance.temperature_k_min? - 273.15,
        provenance.temperature_k_max? - 273.15,
    ))
}

fn source_summaries(database: &Database) -> Vec<SourceSummary> {
    let provenances = || {
        let species = database.species.iter().map(|s| &s.provenance);
        let minerals = database.minerals.iter().map(|m| &m.provenance);
        species
            .chain(minerals)
            .chain(database.interactions.iter().map(|i| &i.provenance))
            .chain(database.solid_solutions.iter().map(|s| &s.provenance))
    };
    let properties = || database.species.iter().flat_map(|s| s.property_sources);
    let summary = |(i, source): (usize, &crate::database::Source)| SourceSummary {
        key: source.key.clone(),
        reference: source.reference.clone(),
        uses: provenances().filter(|p| p.source == Some(i)).count()
            + properties().filter(|&s| s == Some(i)).count(),
    };
    database.sources.iter().enumerate().map(summary).collect()
}

fn property_gaps(database: &Database) -> Vec<PropertyGap> {
    let gap = |property, held: fn(&Species) -> bool| {
        let masters = database.components.iter().filter_map(|c| c.species);
        let species: Vec<String> = masters
            .map(|id| &database.species[id])
            .filter(|species| !held(species))
            .map(|species| species.name.clone())
            .collect();
        (!species.is_empty()).then_some(PropertyGap { property, species })
    };
    // H+ has no volume by convention.
    let gaps = [
        gap("volume", |s| s.volume.is_some() || s.name == "H+"),
        gap("viscosity", |s| s.viscosity.is_some()),
        gap("heat_capacity", |s| s.heat_capacity.is_some()),
    ];
    gaps.into_iter()
        .flatten()
        .chain(without_solid(database))
        .collect()
}

/// Components, hydrogen aside, that no solid holds: a path to dryness leaves them over.
fn without_solid(database: &Database) -> Option<PropertyGap> {
    let held = |c: usize| {
        let mut reactions = database.minerals.iter().map(|m| &m.dissolution);
        reactions.any(|reaction| reaction.iter().any(|&(held, _)| held == c))
    };
    let species: Vec<String> = (HYDROGEN + 1..database.components.len())
        .filter(|&c| !held(c))
        .map(|c| database.components[c].name.clone())
        .collect();
    (!species.is_empty()).then_some(PropertyGap {
        property: "solid",
        species,
    })
}

fn missing_parameters(database: &Database) -> Vec<MissingParameter> {
    let masters: HashSet<_> = database
        .components
        .iter()
        .filter_map(|c| c.species)
        .collect();
    let missing = |gap: Gap| {
        let (a, b, c) = gap.species;
        let ids = || [Some(a), Some(b), c].into_iter().flatten();
        MissingParameter {
            kind: kind_name(gap.kind),
            species: ids().map(|id| database.species[id].name.clone()).collect(),
            between_components: ids().all(|id| masters.contains(&id)),
        }
    };
    gaps(database).into_iter().map(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::tests::reference;

    fn is_missing(description: &Description, kind: &str, species: &[&str]) -> bool {
        description
            .missing
            .iter()
            .any(|m| m.kind == kind && m.species == species)
    }

    /// facts: pitzer.dat has no lithium mixing term and no Li–CO3 pair; 25 of 54 β0 and 7 of 59 ψ
    /// change with temperature.
    #[test]
    fn gaps_of_pitzer_dat_are_found() {
        let Some(db) = reference("pitzer.dat") else {
            return;
        };
        let described = describe(&db);
        assert!(is_missing(&described, "THETA", &["K+", "Li+"]));
        assert!(is_missing(&described, "B0", &["Li+", "CO3-2"]));
        assert!(!is_missing(&described, "THETA", &["K+", "Na+"]));
        assert!(!is_missing(&described, "PSI", &["K+", "Mg+2", "Cl-"]));
        let count = |kind: &str| {
            described
                .parameters
                .iter()
                .find(|c| c.kind == kind)
                .map(|c| c.temperature_dependent)
        };
        assert_eq!(
            (count("B0"), count("THETA"), count("PSI")),
            (Some(25), Some(2), Some(7))
        );
        let constant = described
            .minerals
            .iter()
            .filter(|m| !m.temperature_dependent)
            .count();
        assert!(
            described
                .minerals
                .iter()
                .any(|m| m.name == "Schoenite" && !m.temperature_dependent)
        );
        assert!(constant > 20, "{constant}");
    }

    /// What the README of the default set says it lacks is what the description says.
    #[test]
    fn the_default_set_says_what_it_lacks() {
        let described = describe(&crate::thermo::default_database());
        assert!(is_missing(&described, "THETA", &["Ca+2", "Li+"]));
        assert!(is_missing(&described, "PSI", &["Ca+2", "Li+", "Cl-"]));
        assert!(!is_missing(&described, "PSI", &["Na+", "Li+", "Cl-"]));
        assert!(!is_missing(&described, "THETA", &["Na+", "Li+"]));
        let constant: Vec<&str> = described
            .minerals
            .iter()
            .filter(|m| !m.temperature_dependent)
            .map(|m| m.name.as_str())
            .collect();
        let expected = [
            "Cs2CaCl4:2H2O",
            "Cs2Mg(SO4)2:6H2O",
            "Cs5CaCl7",
            "CsMgCl3:6H2O",
            "Hungchaoite",
            "Misenite",
            "Nesquehonite",
            "Pirssonite",
            "RbMgCl3:6H2O",
            "Teepleite",
            "Ulexite",
        ];
        assert_eq!(constant, expected);
        assert!(described.sources.iter().all(|s| s.uses > 0));
    }

    #[test]
    fn nothing_given_is_called_missing() {
        let Some(db) = reference("frezchem.dat") else {
            return;
        };
        let described = describe(&db);
        for interaction in &db.interactions {
            let (i, j, k) = interaction.species;
            let names: Vec<&str> = [Some(i), Some(j), k]
                .into_iter()
                .flatten()
                .map(|id| db.species[id].name.as_str())
                .collect();
            assert!(
                !is_missing(&described, kind_name(interaction.kind), &names),
                "{names:?}"
            );
        }
    }
}
