//! Electrodialysis: ions cross from the diluate to the concentrate, by current.
//!
//! ```text
//! n_i/n_i,0 = (1 − d)^s_i          (cations; s_i = flux of i over that of the reference at equal concentration)
//! P = U F Σ z_i Δn_i / ξ           (Faraday; U volts a cell pair, ξ current efficiency)
//! water carried: h mol a mol of charge
//! ```
//!
//! The first is dn_i/dn_ref = s_i n_i/n_ref integrated. Anions keep what crosses neutral. U, ξ and h are the user's; their
//! defaults (0.5 V, 0.9, 8) are assumed.

use saltern_brine::database::{ComponentId, HYDROGEN, WATER};

use crate::ions::{charge_of, neutralise};
use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Figure, Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "electrodialysis",
    inlets: &["diluate", "concentrate"],
    outlets: &["diluate", "concentrate"],
    open_to_air: true,
    motors: Motors::Modelled,
    build,
};

/// Faraday's constant, C/mol (SI 2019, exact).
const FARADAY_C_MOL: f64 = 96_485.332_12;
/// No more of the diluate's water is carried over than this.
const MOST_WATER: f64 = 0.9;

#[derive(Debug)]
struct Electrodialysis {
    removal: f64,
    selectivity: Vec<(ComponentId, f64)>,
    current_efficiency: f64,
    volts: f64,
    water_mol_mol: f64,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Electrodialysis {
        removal: settings.number("removal"),
        selectivity: settings.component_shares("selectivity", matter)?,
        current_efficiency: settings.number("current_efficiency"),
        volts: settings.number("voltage"),
        water_mol_mol: settings.number("water_transport"),
    }))
}

impl Operation for Electrodialysis {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let feed = &inlets[0];
        let mut crossing = Stream::nothing(matter);
        crossing.temperature_k = feed.temperature_k;
        for (c, &n) in feed.brine_mol_s.iter().enumerate() {
            if c == WATER || c == HYDROGEN || charge_of(matter, c) == 0.0 {
                continue;
            }
            let single = self.selectivity.iter().find(|(s, _)| *s == c);
            let s = single.map_or(1.0, |(_, s)| *s);
            crossing.brine_mol_s[c] = n * (1.0 - (1.0 - self.removal).powf(s));
        }
        neutralise(matter, &mut crossing.brine_mol_s, &feed.brine_mol_s);
        let cations = crossing.brine_mol_s.iter().enumerate();
        let charge_mol_s: f64 = cations
            .map(|(c, n)| n * charge_of(matter, c).max(0.0))
            .sum();
        crossing.brine_mol_s[WATER] =
            (self.water_mol_mol * charge_mol_s).min(MOST_WATER * feed.brine_mol_s[WATER]);
        let diluate = feed.less(&crossing);
        let concentrate = room.blend(1, &[inlets[1].clone(), crossing])?;
        let current_a = FARADAY_C_MOL * charge_mol_s / self.current_efficiency;
        Ok(Outcome {
            outlets: vec![diluate, concentrate],
            power_w: self.volts * current_a,
            figures: vec![Figure {
                code: "plants.figure.cell_current",
                value: current_a,
                unit: "A",
            }],
            ..Outcome::default()
        })
    }
}
