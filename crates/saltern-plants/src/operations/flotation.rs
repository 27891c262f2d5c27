//! Flotation bank: minerals that take the collector rise with the froth, water carries fines of the others along.
//!
//! Direct flotation lifts sylvite out of decomposed carnallite, reverse flotation lifts halite out of carnallite; which
//! mineral floats is what the settings say. A bank of N equal, perfectly mixed cells with first-order kinetics
//! (García-Zúñiga 1935, recalled):
//!
//! ```text
//! R_m = 1 − (1 + k_m τ)^−N            or a recovery that is given
//! R_m,froth = R_m + (1 − R_m) e_m R_w
//! R_w = c S₀ / (L − c S₁),   c = (1 − x)/x
//! ```
//!
//! with rate constant k, residence time τ a cell, entrainment factor e (recovery of fines over recovery of water: the
//! share of the mineral that is fine), R_w the recovery of water that leaves the froth with the mass fraction x of
//! solids; S₀ = Σ m R, S₁ = Σ m (1 − R) e, L the mass of liquor. A froth that would take more liquor than there is takes
//! it all, and a remark says so.
//!
//! Plants fall short of what laboratories find: designed for 85–90 %, one reached 20 % in its first year
//! (`facts/plants.md` §5.3). Recoveries are to be fitted, and their bands carried to the result.

use saltern_brine::database::MineralId;

use crate::kinds::{Kind, Motors};
use crate::matter::{Matter, Phase};
use crate::operation::{Figure, Operation, Outcome, Remark, UnitError};
use crate::parting::{self, ByMineral};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "flotation",
    inlets: &["in"],
    outlets: &["froth", "sink"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Bank {
    floats: ByMineral,
    entrained: ByMineral,
    froth_solids: f64,
    reagent_kg_kg: Option<f64>,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let (residence_s, cells) = (settings.number("residence"), settings.number("cells"));
    let mut single = settings.mineral_shares("recovery", matter)?;
    for (mineral, per_minute) in settings.mineral_shares("rate", matter)? {
        if single.iter().all(|(m, _)| *m != mineral) {
            let risen = 1.0 - (1.0 + per_minute / 60.0 * residence_s).powf(-cells);
            single.push((mineral, risen));
        }
    }
    Ok(Box::new(Bank {
        floats: ByMineral { single, rest: 0.0 },
        entrained: ByMineral {
            single: settings.mineral_shares("entrainment", matter)?,
            rest: settings.number("entrainment_rest"),
        },
        froth_solids: settings.number("froth_solids"),
        reagent_kg_kg: settings.optional_number("reagent"),
    }))
}

impl Operation for Bank {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (slurry, matter) = (&inlets[0], room.matter);
        let (floating_kg_s, fines_kg_s) = self.rising(slurry, matter);
        let liquor_kg_s = slurry.liquid_kg_s(matter);
        let per_solids = (1.0 - self.froth_solids) / self.froth_solids;
        let needed = per_solids * floating_kg_s;
        let left = liquor_kg_s - per_solids * fines_kg_s;
        let dry = needed > 0.0 && needed >= left;
        let water = if dry {
            1.0
        } else if needed > 0.0 {
            needed / left
        } else {
            0.0
        };
        let mut remarks = Vec::new();
        if dry {
            remarks.push(Remark::NothingToDo {
                what: "liquor left to the sink",
            });
        }
        let share = |m| with_fines(self.floats.of(m), self.entrained.of(m), water);
        let others = with_fines(0.0, self.entrained.rest, water);
        let mut froth = parting::solids(slurry, matter, share, others);
        let sink = parting::with_liquor(&mut froth, slurry, water * liquor_kg_s, matter);
        let mut figures = vec![Figure {
            code: "plants.figure.froth_water",
            value: water,
            unit: "1",
        }];
        if let Some(reagent) = self.reagent_kg_kg {
            figures.push(Figure {
                code: "plants.figure.reagent",
                value: reagent * parting::solids_kg_s(slurry, matter),
                unit: "kg/s",
            });
        }
        Ok(Outcome {
            outlets: vec![froth, sink],
            figures,
            remarks,
            ..Outcome::default()
        })
    }
}

/// Share that rises by itself, and with the water.
fn with_fines(floats: f64, entrained: f64, water: f64) -> f64 {
    floats + (1.0 - floats) * entrained * water
}

impl Bank {
    /// Solids that float, and solids that would rise with all the water, kg/s.
    fn rising(&self, slurry: &Stream, matter: &Matter<'_>) -> (f64, f64) {
        let (mut floating, mut fines) = (0.0, 0.0);
        for (m, &n) in slurry.solids_mol_s.iter().enumerate() {
            if n != 0.0 {
                let mass = n * matter.mineral_kg_mol(m as MineralId);
                floating += mass * self.floats.of(m);
                fines += mass * (1.0 - self.floats.of(m)) * self.entrained.of(m);
            }
        }
        for (s, n) in matter.substances.iter().zip(&slurry.others_mol_s) {
            if s.phase == Phase::Solid {
                fines += n * s.molar_mass_kg_mol * self.entrained.rest;
            }
        }
        (floating, fines)
    }
}
