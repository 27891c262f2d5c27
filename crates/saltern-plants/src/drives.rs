//! What motors a unit has beside its process, and the electricity they take: pumps, agitators, blowers and vacuum pumps,
//! machines known by their specific energy. Any unit may have them; their settings stand in `attributes.csv` under
//! `drive`.
//!
//! ```text
//! pump       P = ṁ g H / η                                        ṁ: all liquid and slurry that comes in
//! agitation  P = p V,   p given or  n_p ρ N³ D⁵ / (V_tank η_m)    V = Q τ / (1 − ε)
//! air        P = p₀ V̇₀ k/(k−1) [(p₂/p₁)^((k−1)/k) − 1] / η        `air.rs`; of gas that comes in p₀ V̇₀ = n R T
//! machine    P = w_s ṁ_solids + w_f ṁ_feed                        specific energy of filters, screens, centrifuges …
//! ```
//!
//! with H the head (static height and friction), n_p the power number of the impeller, N its speed, D its diameter, τ the
//! time that what flows stays in the unit, ε the share of the volume that is gas, Q the volume of liquid and solids that
//! come in. The power number is that of Rushton, Costich and Everett (1950, recalled); the pump's work is Bernoulli's.
//! A stirred tank of another size is so many tanks of the one described, by volume.
//!
//! **Range.** Newtonian slurries in turbulent flow for the power number; constant efficiencies, so a plant at low load
//! takes less here than its motors would.
//!
//! **Heat.** All of this power ends as heat in what flows through and leaves with it, to the air or into the cooling of
//! the unit: heat = ΔH − power, process and drives together. What passes a unit unheated keeps its temperature, which is
//! short of the truth by up to 0.3 K for a flotation cell (5 min at 2 kW/m³) and 0.1 K for a pump of 30 m.
//!
//! **What is not given is not nothing.** A unit of a kind that has motors but of which none is described counts as unknown
//! ([`Drives::known`]), and the plant says so. `motors = "none"` says that there are none.

use saltern_units::message::Lang;

use crate::kinds::{Kind, Motors};
use crate::message::catalogue;
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

mod air;
mod contents;

use air::Air;
use contents::Contents;

/// Standard gravity, m/s² (CGPM 1901, exact).
const GRAVITY_M_S2: f64 = 9.806_65;

/// Table of the settings in `attributes.csv`.
pub const TABLE: &str = "drive";

/// What takes electricity beside the process of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    /// Pumps of what comes in.
    Pump,
    /// Agitators and rotors.
    Agitation,
    /// Blowers, vacuum pumps, fans.
    Air,
    /// Machines by their specific energy.
    Machine,
}

impl Drive {
    /// Its name in `messages.csv`.
    pub fn code(self) -> &'static str {
        match self {
            Drive::Pump => "plants.drive.pump",
            Drive::Agitation => "plants.drive.agitation",
            Drive::Air => "plants.drive.air",
            Drive::Machine => "plants.drive.machine",
        }
    }

    /// Its name for people.
    pub fn text(self, lang: Lang) -> String {
        catalogue().render(self.code(), lang, &[])
    }
}

/// The motors of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Drives {
    /// Head over efficiency, m.
    head_m: f64,
    stirring: Option<Stirring>,
    /// Time that what flows stays in the unit over the share of the volume that it fills, s.
    stay_s: f64,
    air: Air,
    per_solids_j_kg: f64,
    per_feed_j_kg: f64,
    known: bool,
}

/// How what is in a unit is kept moving.
#[derive(Clone, Debug, PartialEq)]
enum Stirring {
    /// So much power per volume, W/m³.
    Given(f64),
    /// n_p N³ D⁵ / (V_tank η_m), m²/s³: times the density.
    Impeller(f64),
}

impl Drives {
    /// The motors that a unit's settings describe.
    ///
    /// # Errors
    /// [`SettingError`] where one setting lacks another: a power per volume without a time of stay, air without a
    /// pressure.
    pub fn new(kind: &Kind, settings: &Settings) -> Result<Drives, SettingError> {
        let number = |name: &str| settings.optional_number(name);
        let head_m = number("pump_head").map(|h| h / settings.number("pump_efficiency"));
        let stirring = stirring(settings)?;
        let air = Air::new(settings)?;
        let in_cells = || Some(number("residence")? * number("cells")?);
        let stay_s = number("residence_time").or_else(in_cells);
        if stay_s.is_none() && (stirring.is_some() || air.per_volume_1_s > 0.0) {
            return Err(settings.missing("residence_time"));
        }
        let (per_solids, per_feed) = (
            number("electricity_per_solids"),
            number("electricity_per_feed"),
        );
        let told = head_m.is_some()
            || stirring.is_some()
            || air.is_given()
            || per_solids.is_some()
            || per_feed.is_some()
            || settings.text("motors") == "none";
        // A compressor or an electric boiler has its power from its own equations.
        let electric = ["compressor", "electricity"].contains(&settings.text("drive"));
        Ok(Drives {
            head_m: head_m.unwrap_or(0.0),
            stirring,
            stay_s: stay_s.unwrap_or(0.0) / (1.0 - number("gas_holdup").unwrap_or(0.0)),
            air,
            per_solids_j_kg: per_solids.unwrap_or(0.0),
            per_feed_j_kg: per_feed.unwrap_or(0.0),
            known: told || electric || kind.motors != Motors::Driven,
        })
    }

    /// Whether the electricity of the unit is known: its motors are described, or it has none, or its own equations say.
    pub fn known(&self) -> bool {
        self.known
    }

    /// The power of each that is described, W, for what comes in; each stream with the slot of the room in which its
    /// state is remembered. Nothing for what takes nothing.
    pub fn powers_w(&self, inlets: &[(usize, &Stream)], room: &mut Room<'_>) -> Vec<(Drive, f64)> {
        let by_volume = self.stirring.is_some() || self.air.per_volume_1_s > 0.0;
        let contents = Contents::of(inlets, by_volume, room);
        let volume_m3 = contents.m3_s * self.stay_s;
        let stirred_w = match &self.stirring {
            None => 0.0,
            Some(Stirring::Given(w_m3)) => w_m3 * volume_m3,
            Some(Stirring::Impeller(m2_s3)) => m2_s3 * contents.density_kg_m3() * volume_m3,
        };
        let all = [
            (
                Drive::Pump,
                self.head_m * GRAVITY_M_S2 * contents.slurry_kg_s,
            ),
            (Drive::Agitation, stirred_w),
            (
                Drive::Air,
                self.air
                    .power_w(volume_m3, contents.solids_kg_s, contents.gas_w),
            ),
            (
                Drive::Machine,
                self.per_solids_j_kg * contents.solids_kg_s
                    + self.per_feed_j_kg * contents.total_kg_s,
            ),
        ];
        all.into_iter().filter(|(_, w)| *w > 0.0).collect()
    }
}

/// The stirring that the settings describe.
fn stirring(settings: &Settings) -> Result<Option<Stirring>, SettingError> {
    let number = |name: &str| settings.optional_number(name);
    if let Some(w_m3) = number("agitation") {
        return Ok(Some(Stirring::Given(w_m3)));
    }
    let impeller = [
        "power_number",
        "impeller_speed",
        "impeller_diameter",
        "tank_volume",
    ];
    if impeller.iter().all(|name| number(name).is_none()) {
        return Ok(None);
    }
    let wanted = |name: &str| number(name).ok_or_else(|| settings.missing(name));
    let [power_number, speed_1_s, diameter_m, tank_m3] = [
        wanted(impeller[0])?,
        wanted(impeller[1])?,
        wanted(impeller[2])?,
        wanted(impeller[3])?,
    ];
    let motor = settings.number("motor_efficiency");
    let m2_s3 = power_number * speed_1_s.powi(3) * diameter_m.powi(5) / (tank_m3 * motor);
    Ok(Some(Stirring::Impeller(m2_s3)))
}
