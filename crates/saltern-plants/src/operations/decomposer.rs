//! Decomposer: a double salt and just so much water that none of it is left.
//!
//! Cold decomposition of carnallite, KMgCl3·6H2O → KCl(s) + Mg²⁺ + 2 Cl⁻ + 6 H2O, in one of two ways:
//!
//! - **by equilibrium**: the least water w at which the saturation index of the salt falls to nothing while all other
//!   solids that may form are at equilibrium, SI(w) = log10(IAP/K) = 0. Below it some salt stays, above it sylvite
//!   dissolves (`saltern_brine::decomposition`);
//! - **by hand balance** on a liquor that is given, as plants reckon (the worked balance of `facts/plants.md` §5.1,
//!   fixture A): the first salt of the liquor goes wholly into solution and sets the liquor's water, the others dissolve
//!   up to their share of it.
//!
//! ```text
//! W = m_first / s_first,   water added = f (W − water of the feed),   m_salt dissolved = min(m_salt, s_salt W)
//! ```
//!
//! f is `excess`. The water of the feed is its free and its crystal water. What comes in at `water` is taken in the
//! amount that is needed, so its stream must be a feed on demand; it need not be pure.

use saltern_brine::database::{ComponentId, MineralId, WATER};
use saltern_brine::equilibrium::State;
use saltern_brine::formula::Formula;
use saltern_brine::substance::component_amounts_mol;
use saltern_numerics::root::{Bracket, Sharpness, falling};

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "decomposer",
    inlets: &["in", "water"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

/// Relative precision of the water: sharper than a recycle is closed to.
const SHARP: Sharpness = Sharpness {
    relative: 1e-13,
    absolute: 0.0,
    value: 0.0,
};
/// Most water, kg a kg of feed: more than any chloride or sulfate needs.
const MOST_KG_KG: f64 = 1e3;
/// Water first tried where none is remembered, kg a kg of feed.
const FIRST_KG_KG: f64 = 0.5;

#[derive(Debug)]
struct Decomposer {
    temperature_k: f64,
    salt: MineralId,
    /// Solids that may form beside the salt.
    others: Vec<MineralId>,
    /// The others and the salt.
    all: Vec<MineralId>,
    excess: f64,
    liquor: Vec<LiquorSalt>,
}

/// A salt of a given liquor.
#[derive(Debug)]
struct LiquorSalt {
    amounts_mol: Vec<f64>,
    /// Component that counts the salt: the first that carries a positive charge.
    key: ComponentId,
    kg_mol: f64,
    kg_kg_water: f64,
    /// What it is as a solid; the first salt needs none.
    mineral: Option<MineralId>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let salt = settings.mineral("salt", matter)?;
    let mut others = settings.minerals("phases", matter)?;
    others.retain(|m| *m != salt);
    let mut all = others.clone();
    all.push(salt);
    all.sort_unstable();
    Ok(Box::new(Decomposer {
        temperature_k: settings.number("temperature"),
        salt,
        others,
        all,
        excess: settings.number("excess"),
        liquor: liquor(settings, matter)?,
    }))
}

fn liquor(settings: &Settings, matter: &Matter<'_>) -> Result<Vec<LiquorSalt>, SettingError> {
    let database = matter.database;
    let shares = settings.shares("liquor").iter().enumerate();
    shares
        .map(|(k, (name, kg_kg_water))| {
            let unknown = || SettingError::UnknownMatter {
                place: settings.place.clone(),
                setting: "liquor".to_owned(),
                value: name.clone(),
                accepted: "ions",
            };
            let formula = Formula::parse(name).map_err(|_| unknown())?;
            let amounts_mol = component_amounts_mol(database, &formula).ok_or_else(unknown)?;
            let mineral = (0..database.minerals.len()).find(|m| is(matter, *m, &amounts_mol));
            if k > 0 && mineral.is_none() {
                return Err(unknown());
            }
            let masses = amounts_mol.iter().zip(&database.components);
            let key = (0..amounts_mol.len())
                .find(|&c| amounts_mol[c] > 0.0 && database.components[c].formula.charge > 0.0);
            Ok(LiquorSalt {
                key: key.ok_or_else(unknown)?,
                kg_mol: masses.map(|(n, c)| n * c.molar_mass_kg_mol).sum(),
                amounts_mol,
                kg_kg_water: *kg_kg_water,
                mineral,
            })
        })
        .collect()
}

/// Whether a mineral is just this salt.
fn is(matter: &Matter<'_>, mineral: MineralId, amounts_mol: &[f64]) -> bool {
    let mut left = amounts_mol.to_vec();
    for &(c, nu) in matter.mineral_components(mineral) {
        left[c] -= nu;
    }
    left.iter().all(|n| n.abs() < 1e-9)
}

impl Operation for Decomposer {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let [feed, water] = inlets else {
            return Ok(Outcome::default());
        };
        if feed.is_nothing() {
            return Ok(Outcome {
                outlets: vec![feed.clone()],
                taken: vec![(1, 0.0)],
                ..Outcome::default()
            });
        }
        let (out, factor) = if self.liquor.is_empty() {
            self.by_equilibrium(feed, water, room)?
        } else {
            self.by_hand(feed, water, room)?
        };
        let matter = room.matter;
        let mut remarks = Vec::new();
        if factor == 0.0 {
            remarks.push(Remark::NothingToDo {
                what: "decomposition",
            });
        }
        let added = factor * water.mass_kg_s(matter) / feed.mass_kg_s(matter);
        Ok(Outcome {
            outlets: vec![out],
            taken: vec![(1, factor)],
            figures: vec![Figure {
                code: "plants.figure.water_added",
                value: added,
                unit: "kg/kg",
            }],
            remarks,
            ..Outcome::default()
        })
    }
}

impl Decomposer {
    fn by_equilibrium(
        &self,
        feed: &Stream,
        water: &Stream,
        room: &mut Room<'_>,
    ) -> Result<(Stream, f64), UnitError> {
        // The salt goes into solution first, so that its saturation can be asked for.
        let mut open = feed.clone();
        let held = std::mem::take(&mut open.solids_mol_s[self.salt]);
        for &(c, nu) in room.matter.mineral_components(self.salt) {
            open.brine_mol_s[c] += nu * held;
        }
        let least = self.least(&open, water, room)?;
        let factor = self.excess * least;
        let wetted = wetted(&open, water, factor);
        let allowed = match self.excess < 1.0 {
            true => &self.all,
            false => &self.others,
        };
        let (out, _) = room.settle(1, allowed, &wetted, self.temperature_k)?;
        Ok((out, factor))
    }

    /// The least multiple of what is offered at `water` that leaves none of the salt.
    fn least(&self, open: &Stream, water: &Stream, room: &mut Room<'_>) -> Result<f64, UnitError> {
        let matter = room.matter;
        let feed_kg_s = open.mass_kg_s(matter);
        let offered_kg_s = water.mass_kg_s(matter);
        let most = MOST_KG_KG * feed_kg_s / offered_kg_s;
        let recalled = room.recall(0);
        let there = open.components_mol_s(matter);
        let salt = matter.mineral_components(self.salt);
        if salt
            .iter()
            .any(|&(c, nu)| nu > 0.0 && c != WATER && there[c] <= 0.0)
        {
            return Ok(0.0); // none of it can be there
        }
        // Whether it stays where nothing is added, asked with the salt allowed: a liquor that holds it all in too little
        // water is far beyond saturation, and an index there means nothing.
        let (settled, _) = room.settle(2, &self.all, open, self.temperature_k)?;
        if offered_kg_s == 0.0 || settled.solids_mol_s[self.salt] <= 0.0 {
            return Ok(0.0);
        }
        let mut supersaturation = |factor: f64| self.supersaturation(open, water, factor, room);
        let unit = feed_kg_s / offered_kg_s;
        let start = unit * recalled.unwrap_or(FIRST_KG_KG);
        let found = falling(start, (0.0, most), &SHARP, &mut supersaturation)?;
        let Some(Bracket { high, .. }) = found else {
            return Err(UnitError::Cannot {
                what: "decomposition, log10(IAP/K)",
                reached: supersaturation(most)?,
                asked: 0.0,
            });
        };
        // The upper end leaves none of the salt.
        room.keep(0, high.0 / unit);
        Ok(high.0)
    }

    /// log10(IAP/K) of the salt with all else at equilibrium. What is dry is above any saturation, what lacks a
    /// component of the salt below any.
    fn supersaturation(
        &self,
        open: &Stream,
        water: &Stream,
        factor: f64,
        room: &mut Room<'_>,
    ) -> Result<f64, UnitError> {
        let wetted = wetted(open, water, factor);
        let (_, state) = room.settle(0, &self.others, &wetted, self.temperature_k)?;
        Ok(match state {
            Some(state) if state.state == State::Wet => {
                let si = state.saturation_index_of(room.matter.database, self.salt);
                if si.is_nan() { f64::NEG_INFINITY } else { si }
            }
            Some(_) => f64::INFINITY,
            None => f64::NEG_INFINITY,
        })
    }

    fn by_hand(
        &self,
        feed: &Stream,
        water: &Stream,
        room: &mut Room<'_>,
    ) -> Result<(Stream, f64), UnitError> {
        let matter = room.matter;
        let open = self.opened(feed, matter);
        let liquor_water_kg_s = |brine: &[f64]| {
            let first = &self.liquor[0];
            held(brine, first) * first.kg_mol / first.kg_kg_water
        };
        let water_kg_mol = matter.database.components[WATER].molar_mass_kg_mol;
        // What comes in at `water` may bring the first salt too.
        let lacking = liquor_water_kg_s(&open.brine_mol_s) - open.brine_mol_s[WATER] * water_kg_mol;
        let brings =
            water.brine_mol_s[WATER] * water_kg_mol - liquor_water_kg_s(&water.brine_mol_s);
        let factor = if lacking <= 0.0 {
            0.0
        } else if brings > 0.0 {
            self.excess * lacking / brings
        } else {
            return Err(UnitError::Cannot {
                what: "decomposition, water added (kg/s)",
                reached: 0.0,
                asked: lacking,
            });
        };
        let mut out = wetted(&open, water, factor);
        out.temperature_k = self.temperature_k;
        let water_kg_s = out.brine_mol_s[WATER] * water_kg_mol;
        for salt in &self.liquor[1..] {
            let Some(mineral) = salt.mineral else {
                continue;
            };
            let dissolved = water_kg_s * salt.kg_kg_water / salt.kg_mol;
            let solid = (held(&out.brine_mol_s, salt) - dissolved).max(0.0);
            out.solids_mol_s[mineral] += solid;
            for (n, nu) in out.brine_mol_s.iter_mut().zip(&salt.amounts_mol) {
                *n -= solid * nu;
            }
        }
        Ok((out, factor))
    }

    /// The feed with those of its solids in solution that consist of the liquor's salts and water.
    fn opened(&self, feed: &Stream, matter: &Matter<'_>) -> Stream {
        let mut open = feed.clone();
        for m in 0..open.solids_mol_s.len() {
            let components = matter.mineral_components(m);
            let mut salts = self.liquor.iter();
            let of_liquor = open.solids_mol_s[m] != 0.0
                && components.iter().all(|&(c, _)| {
                    c == WATER || salts.clone().any(|salt| salt.amounts_mol[c] > 0.0)
                })
                && salts.any(|salt| components.iter().any(|&(c, _)| salt.amounts_mol[c] > 0.0));
            if of_liquor {
                let n = std::mem::take(&mut open.solids_mol_s[m]);
                for &(c, nu) in components {
                    open.brine_mol_s[c] += nu * n;
                }
            }
        }
        open
    }
}

fn wetted(open: &Stream, water: &Stream, factor: f64) -> Stream {
    let mut wetted = open.clone();
    wetted.add(&water.times(factor));
    wetted
}

/// Moles of a salt that component amounts make, by its cation.
fn held(brine: &[f64], salt: &LiquorSalt) -> f64 {
    brine[salt.key] / salt.amounts_mol[salt.key]
}
