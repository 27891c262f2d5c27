//! What looks wrong about an analysis: charge, density against the model, supersaturation, odd ratios.

use super::{Analyte, Assay, Brine, Composition, Notice};
use crate::database::{Database, HYDROGEN, MineralId};
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
/// Share of a metal in hydroxide complexes above which the pH is doubtful: of the magnesium of seawater at pH 8.2 they
/// hold some thousandths, and a brine in which they hold a tenth has long precipitated brucite.
pub const HYDROXIDE_SHARE_LIMIT: f64 = 0.1;
/// Charge error above which a slip of a factor of 1000 in one component is looked for, %.
const SLIP_CHARGE_ERROR_PERCENT: f64 = 30.0;
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
    notices.extend(slip(brine));
    notices.extend(hydroxide(speciated, database));
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

/// The component that closes the charge when it is a thousand times more or less: mg/L under g/L, or the reverse.
fn slip(brine: &Brine) -> Option<Notice> {
    if brine.charge_error_percent.abs() < SLIP_CHARGE_ERROR_PERCENT {
        return None;
    }
    let equivalents = |a: Analyte, m: f64| a.charge() * m;
    let all = &brine.composition.molality_mol_kgw;
    let (mut net, mut gross) = (0.0, 0.0);
    for (a, m) in all {
        net += equivalents(*a, *m);
        gross += equivalents(*a, *m).abs();
    }
    let error_with = |a: Analyte, m: f64, factor: f64| {
        let more = equivalents(a, m) * (factor - 1.0);
        let size = gross + more.abs() * (factor - 1.0).signum();
        (a, factor, (100.0 * (net + more) / size).abs())
    };
    let candidates = all.iter().filter(|(a, m)| a.charge() != 0.0 && *m > 0.0);
    candidates
        .flat_map(|(a, m)| [1e3, 1e-3].map(|factor| error_with(*a, *m, factor)))
        .filter(|(_, _, error)| *error < CHARGE_ERROR_LIMIT_PERCENT)
        .min_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(a, factor, _)| Notice::UnitSlip {
            name: a.name(),
            too_small: factor > 1.0,
        })
}

/// The metal of which the largest share is in hydroxide complexes, where that is beyond belief.
fn hydroxide(speciated: &Equilibrium, database: &Database) -> Option<Notice> {
    let mut worst: Option<(usize, f64)> = None;
    for (species, m) in database.species.iter().zip(&speciated.molality_mol_kgw) {
        let gave_hydrogen = species
            .formation
            .iter()
            .any(|&(c, nu)| c == HYDROGEN && nu < 0.0);
        let metal = species
            .formation
            .iter()
            .find(|&&(c, _)| c > HYDROGEN && database.components[c].formula.charge > 0.0);
        let (true, Some(&(component, nu))) = (gave_hydrogen, metal) else {
            continue;
        };
        let total = speciated.total_molality_mol_kgw(database, component);
        let share = nu * m / total;
        if share > worst.map_or(HYDROXIDE_SHARE_LIMIT, |(_, share)| share) {
            worst = Some((component, share));
        }
    }
    worst.map(|(component, share)| Notice::Hydroxide {
        metal: database.components[component].element.clone(),
        percent: 100.0 * share,
        ph: speciated.ph(),
    })
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
        .filter(|&&m| database.minerals[m].is_candidate_at(speciated.temperature_k))
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
