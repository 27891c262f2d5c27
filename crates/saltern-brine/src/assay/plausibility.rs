//! What looks wrong about an analysis: charge, density against the model, supersaturation, odd ratios.

use super::{Analyte, Assay, Brine, Composition, Notice};
use crate::database::{Database, MineralId};
use crate::equilibrium::Equilibrium;

/// Charge error above which an analysis is doubtful, %: the acceptance limit of Standard Methods for
/// the Examination of Water and Wastewater, 1030 E, for anion sums of 10–800 meq/L.
pub const CHARGE_ERROR_LIMIT_PERCENT: f64 = 5.0;
/// Difference between given and model density above which one of them is wrong, %. Densities of the
/// measured brines that are marked suspect differ by 1.4 % and more; a densimeter is good for 0.1 %.
pub const DENSITY_LIMIT_PERCENT: f64 = 1.0;
/// Saturation index above which a brine would not have stayed clear (assumed: carbonates and double
/// sulfates are met at +0.3 in the field, evaporite chlorides are not).
pub const SATURATION_INDEX_LIMIT: f64 = 0.3;
/// Ionic strength up to which the Pitzer databases were fitted, mol/kgw.
pub const IONIC_STRENGTH_LIMIT_MOL_KGW: f64 = 20.0;
/// Dissolved matter below which a table of brines holds a unit slip or a fresh water, g/kg.
pub const DILUTE_LIMIT_G_KG: f64 = 0.5;
/// Mass ratios that natural brines stay below. Br/Cl: the Dead Sea, 0.023, is the richest large brine;
/// B/Cl: Zabuye and the end of the Atacama ponds reach 0.024. Both doubled.
const USUAL_RATIOS: [(Analyte, Analyte, f64); 2] = [
    (Analyte::Br, Analyte::Cl, 0.05),
    (Analyte::B, Analyte::Cl, 0.05),
];
/// At most so many supersaturated minerals are named, the worst first.
const NAMED_MINERALS: usize = 3;

/// Everything about an assay that a person should look at again. `speciated` is the brine without
/// solids; `minerals` are those that could form.
pub fn remarks(
    assay: &Assay,
    brine: &Brine,
    speciated: &Equilibrium,
    database: &Database,
    minerals: &[MineralId],
) -> Vec<Notice> {
    let composition = &brine.composition;
    let mut notices = brine.notices.clone();
    notices.extend(charge(brine));
    notices.extend(density(assay, speciated.density_kg_m3(database)));
    notices.extend(strength(composition, speciated));
    notices.extend(
        USUAL_RATIOS
            .iter()
            .filter_map(|&(much, of, usual)| ratio(composition, much, of, usual)),
    );
    notices.extend(supersaturated(speciated, database, minerals));
    notices
}

fn charge(brine: &Brine) -> Option<Notice> {
    let sum = |sign: f64| -> f64 {
        brine
            .composition
            .molality_mol_kgw
            .iter()
            .map(|(a, m)| (sign * a.charge() * m).max(0.0))
            .sum()
    };
    let percent = brine.charge_error_percent;
    match (sum(1.0) > 0.0, sum(-1.0) > 0.0) {
        (true, false) => Some(Notice::OneSided {
            anions_missing: true,
        }),
        (false, true) => Some(Notice::OneSided {
            anions_missing: false,
        }),
        _ if percent.abs() > CHARGE_ERROR_LIMIT_PERCENT => Some(Notice::ChargeError {
            percent,
            limit_percent: CHARGE_ERROR_LIMIT_PERCENT,
        }),
        _ => None,
    }
}

/// A remark where the given density is not the model's, both in kg/m³.
pub fn density(assay: &Assay, model_kg_m3: f64) -> Option<Notice> {
    let given_kg_m3 = assay.density_kg_m3?;
    let percent = 100.0 * (given_kg_m3 / model_kg_m3 - 1.0);
    (percent.abs() > DENSITY_LIMIT_PERCENT).then_some(Notice::DensityDiffers {
        given_kg_m3,
        model_kg_m3,
    })
}

fn strength(composition: &Composition, speciated: &Equilibrium) -> Option<Notice> {
    let salts_g_kg = 1e3 * (1.0 - composition.water_kg_kg);
    let ionic_strength_mol_kgw = speciated.ionic_strength_mol_kgw;
    if salts_g_kg < DILUTE_LIMIT_G_KG {
        Some(Notice::Dilute { salts_g_kg })
    } else if ionic_strength_mol_kgw > IONIC_STRENGTH_LIMIT_MOL_KGW {
        Some(Notice::Concentrated {
            ionic_strength_mol_kgw,
            limit_mol_kgw: IONIC_STRENGTH_LIMIT_MOL_KGW,
        })
    } else {
        None
    }
}

fn ratio(composition: &Composition, much: Analyte, of: Analyte, usual: f64) -> Option<Notice> {
    let mass = |a: Analyte| composition.of(a) * a.molar_mass_kg_mol();
    let ratio = mass(much) / mass(of);
    (ratio.is_finite() && ratio > usual).then(|| Notice::UnusualRatio {
        much: much.name(),
        of: of.name(),
        ratio,
        usual,
    })
}

fn supersaturated(
    speciated: &Equilibrium,
    database: &Database,
    minerals: &[MineralId],
) -> Vec<Notice> {
    let indices = speciated.saturation_index(database);
    let mut worst: Vec<(MineralId, f64)> = minerals
        .iter()
        .map(|&m| (m, indices[m]))
        .filter(|(_, si)| *si > SATURATION_INDEX_LIMIT)
        .collect();
    worst.sort_by(|a, b| b.1.total_cmp(&a.1));
    worst
        .into_iter()
        .take(NAMED_MINERALS)
        .map(|(m, saturation_index)| Notice::Supersaturated {
            mineral: database.minerals[m].name.clone(),
            saturation_index,
        })
        .collect()
}
