//! What looks wrong about an analysis: charge, density against the model, supersaturation, odd ratios.

use super::{Analyte, Assay, Brine, Composition, Notice};
use crate::database::{Database, HYDROGEN, Mineral, MineralId};
use crate::equilibrium::Equilibrium;
use crate::phases;

/// Charge error above which an analysis is doubtful, %: the acceptance limit of Standard Methods for
/// the Examination of Water and Wastewater, 1030 E, for anion sums of 10–800 meq/L.
pub const CHARGE_ERROR_LIMIT_PERCENT: f64 = 5.0;
/// Difference between given and model density above which one of them is wrong, %. Densities of the
/// measured brines that are marked suspect differ by 1.4 % and more; a densimeter is good for 0.1 %.
pub const DENSITY_LIMIT_PERCENT: f64 = 1.0;
/// Saturation index above which a brine would not have stayed clear (assumed: carbonates and double
/// sulfates are met at +0.3 in the field, evaporite chlorides are not).
pub const SATURATION_INDEX_LIMIT: f64 = 0.3;
/// The same for carbonates. Surface seawater stays clear at +0.75 with calcite, and magnesium holds calcite back in
/// brines as well (assumed: a little more than seawater).
pub const CARBONATE_SATURATION_INDEX_LIMIT: f64 = 1.0;
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
/// Charge error above which an ion that was not analysed is named, and a residual charge is no longer taken for acidity,
/// % (assumed: half of what is acceptable; complete analyses of lake brines close within 1.5 %).
pub const MISSING_ION_CHARGE_ERROR_PERCENT: f64 = 2.5;
/// Equivalents of magnesium, calcium and lithium, whose carbonates settle, per equivalent of sodium and potassium above
/// which a brine keeps no carbonate worth analysing (assumed: carbonate lakes have some hundredths).
const CARBONATE_LAKE_RATIO: f64 = 0.2;
/// Solids within this of saturation, log10, are in equilibrium with the brine to the last digit of an analysis: 1 % of
/// one ion moves halite by 0.004, carnallite by 0.01.
const EXACT_SATURATION_INDEX: f64 = 0.01;
/// So many solids at once in exact equilibrium are a computation's, not a laboratory's (assumed).
const EXACT_SOLIDS: usize = 4;
/// Charge error above which a slip of a factor of 1000 in one component is looked for, %.
const SLIP_CHARGE_ERROR_PERCENT: f64 = 30.0;
/// At most so many supersaturated minerals are named, the worst first.
const NAMED_MINERALS: usize = 3;

/// Everything about an assay that a person should look at again. `speciated` is the brine without
/// solids; `minerals` are those that could form.
///
/// Where neither pH nor alkalinity was measured the pH of `speciated` is a guess, or all errors of the analysis put into
/// one number; what hangs on it is then passed over.
pub fn remarks(
    assay: &Assay,
    brine: &Brine,
    speciated: &Equilibrium,
    database: &Database,
    minerals: &[MineralId],
) -> Vec<Notice> {
    let composition = &brine.composition;
    let mut notices = brine.notices.clone();
    let acidity_known = is_acidity_known(assay);
    notices.extend(charge(brine));
    notices.extend(slip(brine).or_else(|| not_analysed(assay, brine)));
    notices.extend(hydroxide(
        speciated,
        database,
        acidity_known,
        brine.charge_error_percent,
    ));
    notices.extend(density(assay, speciated.density_kg_m3(database)));
    notices.extend(strength(composition, speciated));
    notices.extend(
        USUAL_RATIOS
            .iter()
            .filter_map(|&(much, of, usual)| ratio(composition, much, of, usual)),
    );
    let brine_at = Saturation {
        indices: speciated.saturation_index(database),
        temperature_k: speciated.temperature_k,
        database,
        minerals,
    };
    notices.extend(brine_at.supersaturated(acidity_known));
    notices.extend(brine_at.exactly_saturated());
    notices
}

/// Whether the pH of a brine was measured, or follows from what was.
fn is_acidity_known(assay: &Assay) -> bool {
    assay.ph.is_some() || assay.has(Analyte::Alkalinity)
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

/// The plentiful ion that nobody looked for and that would close the charge.
fn not_analysed(assay: &Assay, brine: &Brine) -> Option<Notice> {
    use Analyte::{C, Ca, Cl, Co3, Hco3, K, Li, Mg, Na, So4};
    let percent = brine.charge_error_percent;
    let one_sided = percent.abs() == 100.0;
    if percent.abs() < MISSING_ION_CHARGE_ERROR_PERCENT || one_sided {
        return None;
    }
    let composition = &brine.composition;
    let equivalents = |of: &[Analyte]| -> f64 {
        let one = |a: &Analyte| a.charge() * composition.of(*a);
        of.iter().map(one).sum()
    };
    let carbon = [Analyte::Alkalinity, C, Hco3, Co3];
    let holds_carbonate = !carbon.iter().any(|a| assay.has(*a))
        && equivalents(&[Mg, Ca, Li]) < CARBONATE_LAKE_RATIO * equivalents(&[Na, K]);
    let ions: &[Analyte] = if percent < 0.0 {
        &[Na, K, Mg, Ca]
    } else if holds_carbonate {
        &[Cl, So4, Co3]
    } else {
        &[Cl, So4]
    };
    let ion = ions.iter().find(|ion| !assay.has(**ion))?;
    let net: f64 = composition
        .molality_mol_kgw
        .iter()
        .map(|(a, m)| a.charge() * m)
        .sum();
    let closing_kg_kgw = -net / ion.charge() * ion.molar_mass_kg_mol();
    (closing_kg_kgw > 0.0).then(|| Notice::NotAnalysed {
        name: ion.name(),
        closing_g_kg: 1e3 * closing_kg_kgw * composition.water_kg_kg,
        percent,
    })
}

/// The metal of which the largest share is in hydroxide complexes, where that is beyond belief.
fn hydroxide(
    speciated: &Equilibrium,
    database: &Database,
    acidity_known: bool,
    charge_error_percent: f64,
) -> Option<Notice> {
    // A small residual charge that goes into a pH nobody measured says nothing about the analysis.
    if !acidity_known && charge_error_percent.abs() < MISSING_ION_CHARGE_ERROR_PERCENT {
        return None;
    }
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
        measured: acidity_known,
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

/// How far a brine is from the minerals that could form.
struct Saturation<'a> {
    /// log10(IAP/K) of every mineral of the database.
    indices: Vec<f64>,
    temperature_k: f64,
    database: &'a Database,
    minerals: &'a [MineralId],
}

impl Saturation<'_> {
    /// The minerals that are beyond saturation by more than a brine stays clear at, the worst first. Sluggish minerals
    /// are supersaturated in many a pond.
    fn supersaturated(&self, acidity_known: bool) -> Vec<Notice> {
        let hangs_on_acidity = |mineral: &Mineral| {
            let hydrogen = |&(c, _): &(usize, f64)| c == HYDROGEN;
            ["C", "B"].iter().any(|e| self.holds(mineral, e))
                || mineral.dissolution.iter().any(hydrogen)
        };
        let limit = |mineral: &Mineral| match self.holds(mineral, "C") {
            true => CARBONATE_SATURATION_INDEX_LIMIT,
            false => SATURATION_INDEX_LIMIT,
        };
        let mut worst: Vec<(&Mineral, f64)> = self
            .minerals
            .iter()
            .map(|&m| (&self.database.minerals[m], self.indices[m]))
            .filter(|(mineral, si)| {
                mineral.is_candidate_at(self.temperature_k)
                    && !phases::is_sluggish(mineral)
                    && (acidity_known || !hangs_on_acidity(mineral))
                    && *si > limit(mineral)
            })
            .collect();
        worst.sort_by(|a, b| b.1.total_cmp(&a.1));
        worst
            .into_iter()
            .take(NAMED_MINERALS)
            .map(|(mineral, saturation_index)| Notice::Supersaturated {
                mineral: mineral.name.clone(),
                saturation_index,
            })
            .collect()
    }

    /// Whether a mineral has a component of an element.
    fn holds(&self, mineral: &Mineral, element: &str) -> bool {
        mineral
            .dissolution
            .iter()
            .any(|&(c, _)| self.database.components[c].element == element)
    }

    /// Solids that the brine is in exact equilibrium with, where they are too many for a measurement.
    fn exactly_saturated(&self) -> Option<Notice> {
        let exact: Vec<String> = self
            .minerals
            .iter()
            .filter(|&&m| self.indices[m].abs() < EXACT_SATURATION_INDEX)
            .map(|&m| self.database.minerals[m].name.clone())
            .collect();
        (exact.len() >= EXACT_SOLIDS).then_some(Notice::ExactlySaturated { minerals: exact })
    }
}
