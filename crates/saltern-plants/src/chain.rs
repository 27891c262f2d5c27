//! What the chain from brine to magnesium, alkali and chlorine is made of, by id, and the drying of a liquor to it.

use saltern_brine::database::{ComponentId, HYDROGEN, MineralId, WATER};

use crate::matter::{Matter, SubstanceId};
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// Faraday's constant, C/mol (exact in SI of 2019).
pub(crate) const FARADAY_C_MOL: f64 = 96_485.332_123_310_01;

/// Ids of the matter in the chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub(crate) sodium: ComponentId,
    pub(crate) potassium: ComponentId,
    pub(crate) calcium: ComponentId,
    pub(crate) magnesium: ComponentId,
    pub(crate) chloride: ComponentId,
    pub(crate) sulfate: ComponentId,
    pub(crate) halite: MineralId,
    pub(crate) sylvite: MineralId,
    pub(crate) anhydrite: MineralId,
    pub(crate) brucite: MineralId,
    pub(crate) portlandite: MineralId,
    pub(crate) bischofite: MineralId,
    pub(crate) steam: SubstanceId,
    pub(crate) mg_cl2: SubstanceId,
    pub(crate) dihydrate: SubstanceId,
    pub(crate) tetrahydrate: SubstanceId,
    pub(crate) mg_oh_cl: SubstanceId,
    pub(crate) mg_o: SubstanceId,
    pub(crate) ca_o: SubstanceId,
    pub(crate) ca_cl2: SubstanceId,
    pub(crate) na_oh: SubstanceId,
    pub(crate) h_cl: SubstanceId,
    pub(crate) mg: SubstanceId,
    pub(crate) cl2: SubstanceId,
    pub(crate) h2: SubstanceId,
    pub(crate) o2: SubstanceId,
}

impl Chain {
    /// Looks the ids up.
    pub(crate) fn new(settings: &Settings, matter: &Matter<'_>) -> Result<Chain, SettingError> {
        let component = |name: &str| settings.component_named("kind", name, matter);
        let mineral = |name: &str| settings.mineral_named("kind", name, matter);
        let substance = |name: &str| settings.substance_named("kind", name, matter);
        Ok(Chain {
            sodium: component("Na+")?,
            potassium: component("K+")?,
            calcium: component("Ca+2")?,
            magnesium: component("Mg+2")?,
            chloride: component("Cl-")?,
            sulfate: component("SO4-2")?,
            halite: mineral("Halite")?,
            sylvite: mineral("Sylvite")?,
            anhydrite: mineral("Anhydrite")?,
            brucite: mineral("Brucite")?,
            portlandite: mineral("Portlandite")?,
            bischofite: mineral("Bischofite")?,
            steam: substance("Steam")?,
            mg_cl2: substance("MgCl2")?,
            dihydrate: substance("MgCl2_dihydrate")?,
            tetrahydrate: substance("MgCl2_tetrahydrate")?,
            mg_oh_cl: substance("MgOHCl")?,
            mg_o: substance("MgO")?,
            ca_o: substance("CaO")?,
            ca_cl2: substance("CaCl2_anhydrous")?,
            na_oh: substance("NaOH")?,
            h_cl: substance("HCl")?,
            mg: substance("Mg")?,
            cl2: substance("Cl2")?,
            h2: substance("H2")?,
            o2: substance("O2")?,
        })
    }

    /// The liquor of a stream dried where it is: water to steam, solutes to anhydrous salts. In the order of what
    /// binds first: hydroxide to magnesium, calcium, sodium; sulfate to calcium; chloride to sodium, potassium,
    /// calcium, magnesium; acid leaves as HCl. Solutes that find no partner stay a dry rest of the brine.
    pub(crate) fn dry(&self, stream: &mut Stream) {
        let mut left = std::mem::take(&mut stream.brine_mol_s);
        stream.brine_mol_s = vec![0.0; left.len()];
        let free = left[WATER] + left[HYDROGEN].min(0.0);
        stream.others_mol_s[self.steam] += free.max(0.0);
        left[WATER] -= free.max(0.0);
        if left[HYDROGEN] > 0.0 {
            let n = left[HYDROGEN].min(left[self.chloride].max(0.0));
            left[HYDROGEN] -= n;
            left[self.chloride] -= n;
            stream.others_mol_s[self.h_cl] += n;
        }
        let hydroxide = |left: &mut Vec<f64>, cation: usize, each: f64| -> f64 {
            let n = left[cation].min(-left[HYDROGEN] / each).max(0.0);
            left[cation] -= n;
            left[HYDROGEN] += each * n;
            left[WATER] -= each * n;
            n
        };
        stream.solids_mol_s[self.brucite] += hydroxide(&mut left, self.magnesium, 2.0);
        stream.solids_mol_s[self.portlandite] += hydroxide(&mut left, self.calcium, 2.0);
        stream.others_mol_s[self.na_oh] += hydroxide(&mut left, self.sodium, 1.0);
        let mut salt = |cation: usize, anion: usize, anions: f64| -> f64 {
            let n = left[cation].min(left[anion] / anions).max(0.0);
            left[cation] -= n;
            left[anion] -= anions * n;
            n
        };
        stream.solids_mol_s[self.anhydrite] += salt(self.calcium, self.sulfate, 1.0);
        stream.solids_mol_s[self.halite] += salt(self.sodium, self.chloride, 1.0);
        stream.solids_mol_s[self.sylvite] += salt(self.potassium, self.chloride, 1.0);
        stream.others_mol_s[self.ca_cl2] += salt(self.calcium, self.chloride, 2.0);
        stream.others_mol_s[self.mg_cl2] += salt(self.magnesium, self.chloride, 2.0);
        // What rounding left of the hydroxide is none, and its water neither.
        if left[HYDROGEN].abs() < 1e-13 * free {
            left[HYDROGEN] = 0.0;
            left[WATER] = 0.0;
        }
        stream.brine_mol_s = left;
    }

    /// What a stream holds of magnesium chloride in every dry form, laid open as (MgCl2, MgOHCl, water bound), mol/s,
    /// and taken from it.
    pub(crate) fn take_magnesium_chloride(&self, stream: &mut Stream) -> (f64, f64, f64) {
        let bischofite = std::mem::take(&mut stream.solids_mol_s[self.bischofite]);
        let mut take = |s: SubstanceId| std::mem::take(&mut stream.others_mol_s[s]);
        let (four, two, none) = (
            take(self.tetrahydrate),
            take(self.dihydrate),
            take(self.mg_cl2),
        );
        let chloride = bischofite + four + two + none;
        let water = 6.0 * bischofite + 4.0 * four + 2.0 * two;
        (chloride, take(self.mg_oh_cl), water)
    }
}

/// Gases of a stream go one way, all else the other: (gas, rest).
pub(crate) fn apart(stream: &Stream, matter: &Matter<'_>) -> (Stream, Stream) {
    let mut gas = Stream::nothing(matter);
    gas.temperature_k = stream.temperature_k;
    for (s, substance) in matter.substances.iter().enumerate() {
        if substance.phase == crate::matter::Phase::Gas {
            gas.others_mol_s[s] = stream.others_mol_s[s];
        }
    }
    let rest = stream.less(&gas);
    (gas, rest)
}
