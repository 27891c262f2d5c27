//! Use of the model outside what its numbers were made for, told with each result.
//!
//! A set of parameters lacks hundreds of interactions, nearly all between ions that a brine has traces of. So each
//! gap is weighed in the state at hand: by the **share** of the ionic strength that its scarcest species carries
//! (what the gap touches), and by the **effect** on that species' ln γ if the parameter were of the size usual for
//! its kind in the database (the median). Told are those with a share of at least [`LEAST_SHARE`] and an effect of at
//! least [`LEAST_EFFECT`]; the few with the largest product, which is what they add to G^ex, are named, the rest counted.
//! A parameter outside its temperature range is weighed in the same way, its effect being the drift usual in the
//! database over the kelvins beyond the range.

mod missing;
mod range;
mod weight;

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::assay::plausibility::IONIC_STRENGTH_LIMIT_MOL_KGW;
use crate::database::{Database, Species};
use crate::equilibrium::{Equilibrium, State};
use crate::message::catalogue;
use crate::properties::heat::without_heat_capacity;
use missing::Gaps;
use range::Ranges;
use weight::Shares;

/// Species below this share of the ionic strength are traces: whatever their coefficient, the water activity and the
/// coefficients of the others feel less than a hundredth of its error, which is below what any set is good for.
pub const LEAST_SHARE: f64 = 0.005;
/// Effect on ln γ below which nothing is told: 1 %, the accuracy of the measurements that sets are fitted to.
pub const LEAST_EFFECT: f64 = 0.01;
/// So many are named of a kind.
const NAMED: usize = 3;
/// Species above this molality, mol/kgw, should have what a property is made of.
pub(crate) const PLENTIFUL_MOL_KGW: f64 = 0.05;
/// Residues below this are rounding, mol.
const RESIDUE_MOL: f64 = 1e-6;

/// What to bear in mind with one result.
#[derive(Clone, Debug, PartialEq)]
pub enum Caution {
    /// `caution.parameters_outside_range`: interaction parameters used at a temperature that they
    /// were not fitted at, and that may have drifted far enough to matter.
    ParametersOutsideRange {
        /// Those that weigh most.
        largest: Vec<Outside>,
        /// How many others.
        more: usize,
        /// Temperature, K.
        temperature_k: f64,
    },
    /// `caution.log_k_outside_range`: solids that are there, or within 0.1 of saturation, with a log K fitted at other
    /// temperatures.
    LogKOutsideRange {
        /// The most plentiful.
        largest: Vec<Outside>,
        /// How many others.
        more: usize,
        /// Temperature, K.
        temperature_k: f64,
    },
    /// `caution.missing_parameters`: interactions taken as zero that would matter if they were of usual size.
    MissingParameters {
        /// Those that weigh most.
        largest: Vec<Missing>,
        /// How many others.
        more: usize,
        /// Share of the ionic strength of all species whose coefficients they touch, 0…1.
        share: f64,
    },
    /// `caution.ionic_strength`: a brine more concentrated than the model is meant for.
    IonicStrengthBeyond {
        /// Ionic strength, mol/kgw.
        value: f64,
        /// Where the model ends, mol/kgw.
        limit: f64,
    },
    /// `caution.no_volume`, `caution.no_viscosity`, `caution.no_heat_capacity`: plentiful species without what a
    /// property is made of.
    MissingProperty {
        /// Which.
        property: Property,
        /// Their names.
        species: Vec<String>,
    },
    /// `caution.residue`: dry, with amounts that no allowed solid holds.
    Residue {
        /// Component and amount, mol.
        components: Vec<(String, f64)>,
    },
}

/// A number outside its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Outside {
    /// `B0 Na+–Cl-`, or a solid.
    pub what: String,
    /// Where it begins to hold, °C; −∞ where that is not known.
    pub from_degc: f64,
    /// Where it ends, °C; +∞ where that is not known.
    pub to_degc: f64,
}

/// An interaction without a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// `B0`, `THETA`, `PSI` or `LAMBDA`.
    pub kind: &'static str,
    /// Between what.
    pub species: Vec<String>,
    /// Share of the ionic strength that the scarcest of them carries (of the dissolved moles for a neutral), 0…1.
    pub share: f64,
}

/// A property that is made up of terms of the species.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// Molar volume: density.
    Volume,
    /// Viscosity.
    Viscosity,
    /// Heat capacity: enthalpy and heat capacity.
    HeatCapacity,
}

/// What to bear in mind with density, viscosity, enthalpy and heat capacity of a state.
pub fn property_cautions(state: &Equilibrium, database: &Database) -> Vec<Caution> {
    if state.state == State::Dry {
        return Vec::new();
    }
    let plentiful = || {
        let molalities = database.species.iter().zip(&state.molality_mol_kgw);
        molalities
            .filter(|&(_, &m)| m > PLENTIFUL_MOL_KGW)
            .map(|(species, _)| species)
    };
    let missing = |property, held: &dyn Fn(&Species) -> bool| {
        let species: Vec<String> = plentiful()
            .filter(|s| !held(s))
            .map(|s| s.name.clone())
            .collect();
        (!species.is_empty()).then_some(Caution::MissingProperty { property, species })
    };
    let without = without_heat_capacity(state, database);
    let names = without.iter().map(|&s| database.species[s].name.clone());
    let heat = (!without.is_empty()).then(|| Caution::MissingProperty {
        property: Property::HeatCapacity,
        species: names.collect(),
    });
    // H+ has no volume by convention.
    let found = [
        missing(Property::Volume, &|s| s.volume.is_some() || s.name == "H+"),
        missing(Property::Viscosity, &|s| s.viscosity.is_some()),
        heat,
    ];
    found.into_iter().flatten().collect()
}

/// The cautions of one state. For many states of one database, keep its [`Limits`].
pub fn cautions(state: &Equilibrium, database: &Database) -> Vec<Caution> {
    Limits::of(database).cautions(state, database)
}

/// What cautions need of a database, laid out so that a state is looked through in microseconds.
#[derive(Clone, Debug)]
pub struct Limits {
    ranges: Ranges,
    gaps: Gaps,
}

impl Limits {
    /// The limits of a database.
    pub fn of(database: &Database) -> Limits {
        Limits {
            ranges: Ranges::of(database),
            gaps: Gaps::of(database),
        }
    }

    /// What to bear in mind with a state of that database; empty where all is well.
    pub fn cautions(&self, state: &Equilibrium, database: &Database) -> Vec<Caution> {
        let found = match state.state {
            State::Wet => {
                let shares = Shares::of(state, database);
                [
                    self.gaps.caution(state, &shares, database),
                    self.ranges.parameters(state, &shares, database),
                    range::log_k(state, database),
                    beyond(state.ionic_strength_mol_kgw),
                ]
            }
            State::Dry => [
                range::log_k(state, database),
                residue(state, database),
                None,
                None,
            ],
        };
        found.into_iter().flatten().collect()
    }
}

fn beyond(ionic_strength_mol_kgw: f64) -> Option<Caution> {
    (ionic_strength_mol_kgw > IONIC_STRENGTH_LIMIT_MOL_KGW).then_some(
        Caution::IonicStrengthBeyond {
            value: ionic_strength_mol_kgw,
            limit: IONIC_STRENGTH_LIMIT_MOL_KGW,
        },
    )
}

fn residue(state: &Equilibrium, database: &Database) -> Option<Caution> {
    let components: Vec<(String, f64)> = state
        .residue_mol
        .iter()
        .zip(&database.components)
        .filter(|(mol, _)| mol.abs() > RESIDUE_MOL)
        .map(|(mol, component)| (component.name.clone(), *mol))
        .collect();
    (!components.is_empty()).then_some(Caution::Residue { components })
}

impl Outside {
    /// `B0 Na+–Cl- (0…100 degC)`.
    fn text(&self) -> String {
        let degc = |t: f64| format!("{}", (t * 10.0).round() / 10.0);
        let range = match (self.from_degc.is_finite(), self.to_degc.is_finite()) {
            (true, true) if self.from_degc == self.to_degc => degc(self.from_degc),
            (true, true) => format!("{}…{}", degc(self.from_degc), degc(self.to_degc)),
            (true, false) => format!("≥ {}", degc(self.from_degc)),
            _ => format!("≤ {}", degc(self.to_degc)),
        };
        format!("{} ({range} degC)", self.what)
    }
}

/// A list of the largest, with how many more there are.
fn and_more(items: Vec<String>, more: usize, lang: Lang) -> String {
    let list = lang.list(&items);
    match more {
        0 => list,
        n => lang.pick(
            format!("{list} and {n} more"),
            format!("{list}，另有 {n} 个"),
        ),
    }
}

impl Message for Caution {
    fn code(&self) -> &'static str {
        match self {
            Caution::ParametersOutsideRange { .. } => "caution.parameters_outside_range",
            Caution::LogKOutsideRange { .. } => "caution.log_k_outside_range",
            Caution::MissingParameters { .. } => "caution.missing_parameters",
            Caution::IonicStrengthBeyond { .. } => "caution.ionic_strength",
            Caution::MissingProperty { property, .. } => match property {
                Property::Volume => "caution.no_volume",
                Property::Viscosity => "caution.no_viscosity",
                Property::HeatCapacity => "caution.no_heat_capacity",
            },
            Caution::Residue { .. } => "caution.residue",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Caution::ParametersOutsideRange {
                largest,
                more,
                temperature_k,
            }
            | Caution::LogKOutsideRange {
                largest,
                more,
                temperature_k,
            } => {
                let items = largest.iter().map(Outside::text).collect();
                vec![
                    ("list", and_more(items, *more, lang)),
                    ("temperature", format!("{:.1}", temperature_k - 273.15)),
                ]
            }
            Caution::MissingParameters {
                largest,
                more,
                share,
            } => {
                let text = |m: &Missing| {
                    let percent = percent(m.share);
                    format!("{} {} ({percent} %)", m.kind, m.species.join("–"))
                };
                vec![
                    (
                        "list",
                        and_more(largest.iter().map(text).collect(), *more, lang),
                    ),
                    ("share", percent(*share)),
                ]
            }
            Caution::IonicStrengthBeyond { value, limit } => vec![
                ("value", format!("{value:.1}")),
                ("limit", limit.to_string()),
            ],
            Caution::MissingProperty { species, .. } => vec![("species", lang.list(species))],
            Caution::Residue { components } => {
                let amounts: Vec<String> = components
                    .iter()
                    .map(|(name, mol)| format!("{name} {mol:.3e} mol"))
                    .collect();
                vec![("residue", lang.list(&amounts))]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// A share in percent, to two digits.
fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value < 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

impl std::fmt::Display for Caution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

#[cfg(test)]
mod tests;
