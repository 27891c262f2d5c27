//! Nanofiltration and reverse osmosis, by rejection of each ion and recovery of water, within the osmotic limit.
//!
//! ```text
//! n_i,p = n_i,f · r · (1 − R_i)      then anions scaled so that the permeate is neutral
//! Π = −R T ln a_w / V_w              p ≥ Π_c − Π_p + Δp
//! P = Q_f p / η − Q_c p η_r
//! ```
//!
//! with r the recovery of water, R the rejection on water, Δp what drives the flux at the end of the membrane. Water
//! activities are those of the brine model, so the limit holds for concentrated mixtures where van 't Hoff does not.
//! Where the pressure is given and too low for the recovery asked, the recovery falls until it suffices (a remark says
//! so); where none is given, it is what is needed. Pumps warm the streams: with `heat_w` the solver shows that.
//! Rejections of one membrane do not carry over to another brine; those of Bi 2014 (Water Sci. Technol. 70:1690) hold at
//! Mg/Li 40 and 0.8 MPa. Defaults are assumed.

use saltern_brine::database::{ComponentId, GAS_CONSTANT_J_MOL_K, HYDROGEN, WATER};

use crate::ions::{MOST, charge_of, neutralise};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "membrane",
    inlets: &["in"],
    outlets: &["permeate", "concentrate"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

/// Molar volume of water, m³/mol (18.07 cm³ at 25 °C, 0.5 % more at 45 °C).
const WATER_M3_MOL: f64 = 18.07e-6;

/// Share of the charge of its cations that a permeate's alkalinity may have.
const MOST_ALKALINITY: f64 = 0.9;

/// Osmotic pressure of a liquor, Pa, from its water activity.
pub fn osmotic_pressure_pa(water_activity: f64, temperature_k: f64) -> f64 {
    -GAS_CONSTANT_J_MOL_K * temperature_k * water_activity.ln() / WATER_M3_MOL
}

#[derive(Debug)]
struct Membrane {
    recovery: f64,
    monovalent: f64,
    divalent: f64,
    neutral: f64,
    single: Vec<(ComponentId, f64)>,
    pressure_pa: Option<f64>,
    driving_pa: f64,
    pump_efficiency: f64,
    recovered: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Membrane {
        recovery: settings.number("recovery"),
        monovalent: settings.number("rejection_monovalent"),
        divalent: settings.number("rejection_divalent"),
        neutral: settings.number("rejection_neutral"),
        single: settings.component_shares("rejection", matter)?,
        pressure_pa: settings.optional_number("pressure"),
        driving_pa: settings.number("driving_pressure"),
        pump_efficiency: settings.number("pump_efficiency"),
        recovered: settings.number("energy_recovery"),
    }))
}

/// What leaves at a recovery, and the pressure that takes.
struct Split {
    permeate: Stream,
    concentrate: Stream,
    osmotic_pa: f64,
    concentrate_m3_s: f64,
}

impl Membrane {
    fn rejection(&self, matter: &Matter<'_>, component: ComponentId) -> f64 {
        let single = self.single.iter().find(|(c, _)| *c == component);
        let z = charge_of(matter, component).abs();
        let by_charge = if z == 0.0 {
            self.neutral
        } else if z < 1.5 {
            self.monovalent
        } else {
            self.divalent
        };
        single.map_or(by_charge, |(_, r)| *r)
    }

    fn split(&self, feed: &Stream, recovery: f64, room: &mut Room<'_>) -> Result<Split, UnitError> {
        let matter = room.matter;
        let mut permeate = Stream::nothing(matter);
        permeate.temperature_k = feed.temperature_k;
        for (c, &n) in feed.brine_mol_s.iter().enumerate() {
            let passes = if c == WATER {
                1.0
            } else {
                1.0 - self.rejection(matter, c)
            };
            permeate.brine_mol_s[c] = n * (recovery * passes).min(MOST);
        }
        // No more alkalinity passes than the cations that pass can carry; a charge that the assay left in the feed stays.
        let cations = permeate.brine_mol_s.iter().enumerate();
        let carried: f64 = cations
            .filter(|(c, _)| *c != HYDROGEN)
            .map(|(c, n)| n * charge_of(matter, c).max(0.0))
            .sum();
        let protons = &mut permeate.brine_mol_s[HYDROGEN];
        *protons = protons.max(-MOST_ALKALINITY * carried);
        neutralise(matter, &mut permeate.brine_mol_s, &feed.brine_mol_s);
        let concentrate = feed.less(&permeate);
        let (mut osmotic_pa, mut concentrate_m3_s) = (0.0, 0.0);
        for (slot, stream, sign) in [(1, &concentrate, 1.0), (2, &permeate, -1.0)] {
            if let Some(state) = room.speciate(slot, stream)? {
                osmotic_pa += sign * osmotic_pressure_pa(state.water_activity, state.temperature_k);
                if slot == 1 {
                    let density = state.density_kg_m3(matter.database);
                    concentrate_m3_s = stream.liquid_kg_s(matter) / density;
                }
            }
        }
        Ok(Split {
            permeate,
            concentrate,
            osmotic_pa,
            concentrate_m3_s,
        })
    }
}

impl Operation for Membrane {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let feed = &inlets[0];
        let matter = room.matter;
        let Some(state) = room.speciate(0, feed)? else {
            return Ok(Outcome::of(vec![Stream::nothing(matter), feed.clone()]));
        };
        let feed_m3_s = feed.liquid_kg_s(matter) / state.density_kg_m3(matter.database);
        let mut remarks = Vec::new();
        let mut recovery = self.recovery;
        let mut split = self.split(feed, recovery, room)?;
        if let Some(pressure_pa) = self.pressure_pa
            && split.osmotic_pa + self.driving_pa > pressure_pa
        {
            let (mut low, mut high) = (0.0, recovery);
            for _ in 0..50 {
                recovery = 0.5 * (low + high);
                split = self.split(feed, recovery, room)?;
                if split.osmotic_pa + self.driving_pa > pressure_pa {
                    high = recovery;
                } else {
                    low = recovery;
                }
                if high - low < 1e-12 {
                    break;
                }
            }
            remarks.push(Remark::Limited {
                what: "recovery of water through the membrane",
                asked: self.recovery,
                reached: recovery,
            });
        }
        let needed_pa = (split.osmotic_pa + self.driving_pa).max(self.driving_pa);
        let pressure_pa = self.pressure_pa.unwrap_or(needed_pa);
        let back_w = split.concentrate_m3_s * pressure_pa * self.recovered;
        let power_w = (feed_m3_s * pressure_pa / self.pump_efficiency - back_w).max(0.0);
        let figure = |code, value, unit| Figure { code, value, unit };
        Ok(Outcome {
            outlets: vec![split.permeate, split.concentrate],
            taken: Vec::new(),
            power_w,
            figures: vec![
                figure("plants.figure.pressure", 1e-5 * pressure_pa, "bar"),
                figure(
                    "plants.figure.osmotic_pressure",
                    1e-5 * split.osmotic_pa,
                    "bar",
                ),
                figure("plants.figure.water_recovery", recovery, "1"),
            ],
            remarks,
            ..Outcome::default()
        })
    }
}
