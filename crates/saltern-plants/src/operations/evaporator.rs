//! Evaporator: several effects heated by steam, or one with its vapour compressed (MVR).
//!
//! Effects, feed forward, effect i boiling under vapour that condenses at T_i, its liquor hotter by the rise b_i:
//!
//! ```text
//! a_w(liquor) p_sat(T_i + b_i) = p_sat(T_i)              boiling-point rise, from the brine's water activity
//! T_{i−1} − (T_i + b_i) = (T_steam − T_last − Σ b)/N     equal driving differences
//! V_i λ(T_i) = V_{i−1} λ(T_{i−1}) + H_{i−1}(in) − H_{i−1}(at T_i + b_i),   V_0 λ(T_0) = S λ(T_steam),   Σ V_i = V
//! ```
//!
//! so economy V/S falls out of the vapour and liquor enthalpies. Compressed vapour (ideal gas, k = 1.33):
//!
//! ```text
//! w = k/(k−1) · R T/M · [(p₂/p₁)^((k−1)/k) − 1]/η,   p₁ = p_sat(T),   p₂ = p_sat(T + b + ΔT)
//! ```
//!
//! The solids named may form. Steam and the last condenser, which takes away what the last vapour holds, are utilities;
//! the unit's heat in a solution is the difference of both. Liquors above 110 °C lie
//! beyond the default set and are remarked.

use saltern_brine::database::{GAS_CONSTANT_J_MOL_K, MineralId, WATER};
use saltern_brine::properties::heat::vapour_enthalpy_j_kg;
use saltern_brine::properties::phase_change::boiling_point_of_water_k;
use saltern_brine::properties::pure_water::{enthalpy_j_kg, saturation_pressure_pa};

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError, Utilities};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "evaporator",
    inlets: &["in"],
    outlets: &["out", "condensate"],
    open_to_air: false,
    motors: Motors::Driven,
    build,
};

/// Ratio of heat capacities of steam: cp = 33.6 J/(mol K) as in `substances.csv`.
const HEAT_RATIO: f64 = 33.6 / (33.6 - GAS_CONSTANT_J_MOL_K);
/// Rounds in which rises and shares of the effects settle.
const ROUNDS: usize = 4;
/// Water activity beyond 1 that is rounding; what is more comes of a liquor far beyond saturation.
const WETTER_THAN_WATER: f64 = 1e-9;
/// Hottest liquor that the default set knows, K.
const HOTTEST_K: f64 = 383.15;

#[derive(Debug)]
struct Evaporator {
    evaporated: f64,
    effects: usize,
    steam_k: f64,
    last_k: f64,
    compressed: bool,
    lift_k: f64,
    efficiency: f64,
    phases: Vec<MineralId>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let compressed = settings.text("drive") == "compressor";
    Ok(Box::new(Evaporator {
        evaporated: settings.number("evaporated"),
        effects: match compressed {
            true => 1,
            false => settings.number("effects").max(1.0) as usize,
        },
        steam_k: settings.number("steam_temperature"),
        last_k: settings.number("temperature"),
        compressed,
        lift_k: settings.number("lift"),
        efficiency: settings.number("compressor_efficiency"),
        phases: match settings.text("phases") {
            "none" => Vec::new(),
            _ => settings.minerals("phases", matter)?,
        },
    }))
}

/// Latent heat of water that condenses at a temperature, J/kg.
fn latent_j_kg(temperature_k: f64) -> f64 {
    vapour_enthalpy_j_kg(temperature_k) - enthalpy_j_kg(temperature_k)
}

/// Temperature at which a liquor of a water activity boils where water boils at `vapour_k`.
fn boils_k(water_activity: f64, vapour_k: f64) -> Result<f64, UnitError> {
    let pressure_pa = saturation_pressure_pa(vapour_k) / water_activity;
    boiling_point_of_water_k(pressure_pa).ok_or(UnitError::OutOfRange {
        what: "water activity of the boiling liquor",
        value: water_activity,
        accepted: "that of a liquor which boils; solids that may form (phases) keep it so"
            .to_owned(),
    })
}

/// Effects as they are known in a round.
struct Effects {
    /// Condensing temperature of each vapour.
    vapour_k: Vec<f64>,
    /// Temperature of each liquor.
    liquor_k: Vec<f64>,
    /// Vapour of each, kg/s.
    vapour_kg_s: Vec<f64>,
    /// Heat of the steam, W.
    steam_w: f64,
    /// Heat of the last vapour, W.
    condenser_w: f64,
}

impl Evaporator {
    /// The liquor after some of its water is gone, settled, and its water activity.
    fn liquor(
        &self,
        slot: usize,
        feed: &Stream,
        gone_mol_s: f64,
        temperature_k: f64,
        room: &mut Room<'_>,
    ) -> Result<(Stream, f64), UnitError> {
        let mut less = feed.clone();
        less.brine_mol_s[WATER] -= gone_mol_s;
        let (settled, state) = room.settle(slot, &self.phases, &less, temperature_k)?;
        let activity = state.map_or(1.0, |s| s.water_activity);
        if activity > 1.0 + WETTER_THAN_WATER {
            return Err(UnitError::OutOfRange {
                what: "water activity of the liquor",
                value: activity,
                accepted: "up to 1; solids that may form (phases) keep it so".to_owned(),
            });
        }
        if settled.brine_mol_s[WATER] <= 0.0 || activity.is_nan() {
            return Err(UnitError::Cannot {
                what: "evaporation that leaves liquor, as a share of the water",
                reached: 0.0,
                asked: self.evaporated,
            });
        }
        Ok((settled, activity))
    }

    fn temperatures(&self, rises: &[f64]) -> Result<(Vec<f64>, Vec<f64>), UnitError> {
        let n = self.effects as f64;
        let difference = (self.steam_k - self.last_k - rises.iter().sum::<f64>()) / n;
        if difference <= 0.0 {
            return Err(UnitError::Cannot {
                what: "temperature difference left for each effect, K",
                reached: difference,
                asked: 1.0,
            });
        }
        let (mut vapour, mut liquor, mut t) = (Vec::new(), Vec::new(), self.steam_k);
        for rise in rises {
            liquor.push(t - difference);
            t -= difference + rise;
            vapour.push(t);
        }
        Ok((vapour, liquor))
    }

    fn effects(&self, feed: &Stream, room: &mut Room<'_>) -> Result<Effects, UnitError> {
        let water_kg_mol = room.matter.database.components[WATER].molar_mass_kg_mol;
        let total_kg_s = self.evaporated * feed.brine_mol_s[WATER] * water_kg_mol;
        let mut vapour_kg_s = vec![total_kg_s / self.effects as f64; self.effects];
        let mut rises = vec![0.0; self.effects];
        let mut steam_w = 0.0;
        for _ in 0..ROUNDS {
            let (vapour_k, liquor_k) = self.temperatures(&rises)?;
            // Heat that each effect's arriving liquor brings along beyond its boiling point.
            let mut brought = Vec::new();
            let mut arriving = feed.clone();
            let mut gone = 0.0;
            for i in 0..self.effects {
                let mut boiling = arriving.clone();
                boiling.temperature_k = liquor_k[i];
                let slot = 10 + 4 * i;
                let heat_w =
                    room.enthalpy_w(slot, &arriving)? - room.enthalpy_w(slot + 1, &boiling)?;
                // Where a heat capacity is not known, the liquor counts as its water.
                let by_water = arriving.brine_mol_s[WATER]
                    * water_kg_mol
                    * (enthalpy_j_kg(arriving.temperature_k) - enthalpy_j_kg(liquor_k[i]));
                brought.push(if heat_w.is_finite() { heat_w } else { by_water });
                gone += vapour_kg_s[i] / water_kg_mol;
                let (liquor, activity) = self.liquor(slot + 2, feed, gone, liquor_k[i], room)?;
                rises[i] = boils_k(activity, vapour_k[i])? - vapour_k[i];
                arriving = liquor;
            }
            // V_i λ_i = S λ_s + Σ_{j ≤ i} brought_j; the sum of V_i is given.
            let mut sums = Vec::new();
            let mut sum = 0.0;
            for b in &brought {
                sum += b;
                sums.push(sum);
            }
            let latent: Vec<f64> = vapour_k.iter().map(|t| latent_j_kg(*t)).collect();
            let own: f64 = sums.iter().zip(&latent).map(|(s, l)| s / l).sum();
            let per_watt: f64 = latent.iter().map(|l| 1.0 / l).sum();
            steam_w = ((total_kg_s - own) / per_watt).max(0.0);
            let raw = sums.iter().zip(&latent);
            let raw: Vec<f64> = raw.map(|(s, l)| ((steam_w + s) / l).max(0.0)).collect();
            let made: f64 = raw.iter().sum();
            if made > 0.0 {
                vapour_kg_s = raw.iter().map(|v| v * total_kg_s / made).collect();
            }
        }
        let (vapour_k, liquor_k) = self.temperatures(&rises)?;
        let last = self.effects - 1;
        Ok(Effects {
            condenser_w: vapour_kg_s[last] * latent_j_kg(vapour_k[last]),
            vapour_k,
            liquor_k,
            vapour_kg_s,
            steam_w,
        })
    }

    /// One effect under its own compressed vapour: temperature of the liquor, power in W.
    fn compressor(
        &self,
        feed: &Stream,
        gone_mol_s: f64,
        room: &mut Room<'_>,
    ) -> Result<(f64, f64), UnitError> {
        let mut liquor_k = self.last_k;
        for _ in 0..ROUNDS {
            let (_, activity) = self.liquor(12, feed, gone_mol_s, liquor_k, room)?;
            liquor_k = boils_k(activity, self.last_k)?;
        }
        let ratio =
            saturation_pressure_pa(liquor_k + self.lift_k) / saturation_pressure_pa(self.last_k);
        let exponent = (HEAT_RATIO - 1.0) / HEAT_RATIO;
        let work_j_mol = GAS_CONSTANT_J_MOL_K * liquor_k / exponent * (ratio.powf(exponent) - 1.0)
            / self.efficiency;
        Ok((liquor_k, work_j_mol * gone_mol_s))
    }
}

impl Operation for Evaporator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let feed = &inlets[0];
        let matter = room.matter;
        let gone_mol_s = self.evaporated * feed.brine_mol_s[WATER];
        if gone_mol_s <= 0.0 {
            return Ok(Outcome::of(vec![feed.clone(), Stream::nothing(matter)]));
        }
        let figure = |code, value, unit| Figure { code, value, unit };
        let mut condensate = Stream::nothing(matter);
        condensate.brine_mol_s[WATER] = gone_mol_s;
        let mut figures = Vec::new();
        let mut utilities = None;
        let (liquor_k, vapour_k, power_w) = if self.compressed {
            let (liquor_k, power_w) = self.compressor(feed, gone_mol_s, room)?;
            condensate.temperature_k = self.last_k;
            (liquor_k, self.last_k, power_w)
        } else {
            let effects = self.effects(feed, room)?;
            let weighed = effects.vapour_k.iter().zip(&effects.vapour_kg_s);
            let total_kg_s: f64 = effects.vapour_kg_s.iter().sum();
            condensate.temperature_k = weighed.map(|(t, v)| t * v).sum::<f64>() / total_kg_s;
            let steam_kg_s = effects.steam_w / latent_j_kg(self.steam_k);
            figures.push(figure("plants.figure.steam_heat", effects.steam_w, "W"));
            utilities = Some(Utilities {
                heating_w: effects.steam_w,
                cooling_w: effects.condenser_w,
            });
            if steam_kg_s > 0.0 {
                let economy = total_kg_s / steam_kg_s;
                figures.push(figure("plants.figure.steam_economy", economy, "kg/kg"));
            }
            let last = self.effects - 1;
            (effects.liquor_k[last], effects.vapour_k[last], 0.0)
        };
        let (out, _) = self.liquor(9, feed, gone_mol_s, liquor_k, room)?;
        let rise_k = liquor_k - vapour_k;
        figures.push(figure("plants.figure.boiling_point_rise", rise_k, "K"));
        let remarks = if liquor_k > HOTTEST_K {
            vec![Remark::Extrapolated {
                what: "temperature of the liquor, °C",
                value: liquor_k - 273.15,
                range: "-20 … 110 °C".to_owned(),
            }]
        } else {
            Vec::new()
        };
        Ok(Outcome {
            outlets: vec![out, condensate],
            taken: Vec::new(),
            power_w,
            utilities,
            figures,
            remarks,
        })
    }
}
