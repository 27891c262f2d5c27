//! Solids parted from liquor: what separators, screens, thickeners, washers and flotation cells have in common.

use saltern_brine::database::MineralId;

use crate::matter::{Matter, Phase};
use crate::stream::Stream;

/// Takes shares of the solids out of a slurry: each mineral by its own share, other solid substances by `others`.
/// Gives the solids taken, without liquor.
pub(crate) fn solids(
    slurry: &Stream,
    matter: &Matter<'_>,
    share: impl Fn(MineralId) -> f64,
    others: f64,
) -> Stream {
    let mut taken = Stream::nothing(matter);
    taken.temperature_k = slurry.temperature_k;
    for (m, &n) in slurry.solids_mol_s.iter().enumerate() {
        if n != 0.0 {
            taken.solids_mol_s[m] = n * share(m);
        }
    }
    for (s, &n) in slurry.others_mol_s.iter().enumerate() {
        if matter.substances[s].phase == Phase::Solid {
            taken.others_mol_s[s] = n * others;
        }
    }
    taken
}

/// Lets liquor of the slurry go with solids taken out of it, kg; no more than there is. Gives what is left.
pub(crate) fn with_liquor(
    taken: &mut Stream,
    slurry: &Stream,
    liquor_kg_s: f64,
    matter: &Matter<'_>,
) -> Stream {
    let there_kg_s = slurry.liquid_kg_s(matter);
    let share = if there_kg_s > 0.0 {
        (liquor_kg_s / there_kg_s).clamp(0.0, 1.0)
    } else {
        0.0
    };
    taken.add(&slurry.liquid().times(share));
    slurry.less(taken)
}

/// Solids of a stream, minerals and substances, kg/s.
pub(crate) fn solids_kg_s(stream: &Stream, matter: &Matter<'_>) -> f64 {
    let others = stream.others_mol_s.iter().zip(&matter.substances);
    let others: f64 = others
        .filter(|(_, s)| s.phase == Phase::Solid)
        .map(|(n, s)| n * s.molar_mass_kg_mol)
        .sum();
    stream.minerals_kg_s(matter) + others
}

/// kg of liquor a kg of solids from the share of liquor in the wet cake.
pub(crate) fn liquor_kg_kg(moisture: f64) -> f64 {
    moisture / (1.0 - moisture)
}

/// A number by mineral, with what holds for all others.
#[derive(Clone, Debug)]
pub(crate) struct ByMineral {
    pub(crate) single: Vec<(MineralId, f64)>,
    pub(crate) rest: f64,
}

impl ByMineral {
    pub(crate) fn of(&self, mineral: MineralId) -> f64 {
        let single = self.single.iter().find(|(m, _)| *m == mineral);
        single.map_or(self.rest, |(_, value)| *value)
    }
}
