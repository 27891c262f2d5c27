//! Separator of solids from liquor (screen, thickener, filter, centrifuge): each solid by its recovery, the liquor
//! that adheres goes with the solids.
//!
//! ```text
//! solids:  n_m r_m,  liquor w_e = e · (mass of the solids)   or   w_e = x/(1 − x) · (mass of the solids)
//! ```
//!
//! with e kg of liquor a kg of solids, or x the share of liquor in the wet cake.

use saltern_brine::database::MineralId;

use crate::kinds::Kind;
use crate::matter::{Matter, Phase};
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "separator",
    inlets: &["in"],
    outlets: &["solids", "liquor"],
    open_to_air: true,
    build,
};

#[derive(Debug)]
struct Separator {
    recovery: f64,
    single: Vec<(MineralId, f64)>,
    liquor_kg_kg: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    let moisture = settings.optional_number("moisture").unwrap_or(0.0);
    let entrained = settings.optional_number("entrained_liquor");
    Ok(Box::new(Separator {
        recovery: settings.number("solids_recovery"),
        single: settings.mineral_shares("recovery", matter)?,
        liquor_kg_kg: entrained.unwrap_or(moisture / (1.0 - moisture)),
    }))
}

impl Operation for Separator {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let slurry = &inlets[0];
        let matter = room.matter;
        let mut cake = Stream::nothing(matter);
        cake.temperature_k = slurry.temperature_k;
        for (m, &n) in slurry.solids_mol_s.iter().enumerate() {
            let single = self.single.iter().find(|(single, _)| *single == m);
            cake.solids_mol_s[m] = n * single.map_or(self.recovery, |(_, r)| *r);
        }
        for (s, &n) in slurry.others_mol_s.iter().enumerate() {
            if matter.substances[s].phase == Phase::Solid {
                cake.others_mol_s[s] = n * self.recovery;
            }
        }
        let solids_kg_s = cake.mass_kg_s(matter);
        let liquor_kg_s = slurry.liquid_kg_s(matter);
        // No more adheres than there is.
        let share = if liquor_kg_s > 0.0 {
            (self.liquor_kg_kg * solids_kg_s / liquor_kg_s).min(1.0)
        } else {
            0.0
        };
        cake.add(&slurry.liquid().times(share));
        let liquor = slurry.less(&cake);
        Ok(Outcome::of(vec![cake, liquor]))
    }
}
