//! How much comes into a unit: what its pumps move, what fills it.

use saltern_brine::database::GAS_CONSTANT_J_MOL_K;

use crate::matter::{Matter, Phase, Substance};
use crate::parting;
use crate::room::Room;
use crate::stream::Stream;

/// Density where the state of a liquid is not found, kg/m³ (assumed; saturated brines have 1200 to 1350).
const LIQUID_KG_M3: f64 = 1200.0;
/// Density of a mineral whose molar volume the database does not have, kg/m³ (assumed, that of salts).
const SALT_KG_M3: f64 = 2000.0;
/// Density of other solids and melts, kg/m³ (assumed: clay and quartz).
const ROCK_KG_M3: f64 = 2650.0;

/// What comes into a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Contents {
    /// All, gas too, kg/s.
    pub(super) total_kg_s: f64,
    /// Liquid and solids, kg/s.
    pub(super) slurry_kg_s: f64,
    /// Solids, kg/s.
    pub(super) solids_kg_s: f64,
    /// Gas: n R T, W.
    pub(super) gas_w: f64,
    /// Volume of liquid and solids, m³/s; zero where it is not asked for.
    pub(super) m3_s: f64,
}

impl Contents {
    /// What streams bring, each with the slot of its state; `volume` says whether that is wanted.
    pub(super) fn of(inlets: &[(usize, &Stream)], volume: bool, room: &mut Room<'_>) -> Contents {
        let mut sum = Contents::default();
        for (slot, stream) in inlets {
            let matter = room.matter;
            let total_kg_s = stream.mass_kg_s(matter);
            sum.total_kg_s += total_kg_s;
            sum.slurry_kg_s += total_kg_s - gas_kg_s(stream, matter);
            sum.solids_kg_s += parting::solids_kg_s(stream, matter);
            sum.gas_w += gas_mol_s(stream, matter) * GAS_CONSTANT_J_MOL_K * stream.temperature_k;
            if volume {
                sum.m3_s += solids_m3_s(stream, matter) + liquid_m3_s(*slot, stream, room);
            }
        }
        sum
    }

    /// Density of liquid and solids together, kg/m³.
    pub(super) fn density_kg_m3(&self) -> f64 {
        if self.m3_s > 0.0 {
            self.slurry_kg_s / self.m3_s
        } else {
            0.0
        }
    }
}

fn gases<'a>(
    stream: &'a Stream,
    matter: &'a Matter<'_>,
) -> impl Iterator<Item = (f64, &'a Substance)> {
    let others = stream.others_mol_s.iter().copied().zip(&matter.substances);
    others.filter(|(_, s)| s.phase == Phase::Gas)
}

fn gas_kg_s(stream: &Stream, matter: &Matter<'_>) -> f64 {
    gases(stream, matter)
        .map(|(n, s)| n * s.molar_mass_kg_mol)
        .sum()
}

fn gas_mol_s(stream: &Stream, matter: &Matter<'_>) -> f64 {
    gases(stream, matter).map(|(n, _)| n).sum()
}

fn solids_m3_s(stream: &Stream, matter: &Matter<'_>) -> f64 {
    let minerals = stream.solids_mol_s.iter().enumerate();
    let minerals: f64 = minerals
        .filter(|(_, n)| **n != 0.0)
        .map(|(m, n)| {
            let known = matter.database.minerals[m].molar_volume_m3_mol;
            n * known.unwrap_or_else(|| matter.mineral_kg_mol(m) / SALT_KG_M3)
        })
        .sum();
    let others = stream.others_kg_s(matter) - gas_kg_s(stream, matter);
    minerals + others / ROCK_KG_M3
}

fn liquid_m3_s(slot: usize, stream: &Stream, room: &mut Room<'_>) -> f64 {
    let liquid_kg_s = stream.liquid_kg_s(room.matter);
    if liquid_kg_s <= 0.0 {
        return 0.0;
    }
    let state = room.speciate(slot, stream).ok().flatten();
    let density = state.map(|state| state.density_kg_m3(room.matter.database));
    liquid_kg_s / density.filter(|d| *d > 0.0).unwrap_or(LIQUID_KG_M3)
}
