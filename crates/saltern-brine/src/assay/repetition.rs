//! What looks wrong about analyses side by side: figures that were copied from one brine to another.

use std::collections::HashMap;

use super::{Analyte, Assay, Notice};

/// Difference in dissolved matter at which two brines cannot well have one density, g/kg: a density rises by 0.7 to 0.9
/// kg/m³ a g/kg, so this is 2 %, twice what [`super::plausibility::DENSITY_LIMIT_PERCENT`] lets pass.
pub const SAME_DENSITY_SALTS_G_KG: f64 = 30.0;
/// A density rounded to this, kg/m³, agrees with another by chance.
const ROUNDED_DENSITY_KG_M3: f64 = 10.0;
/// Analyses of fewer components agree by chance.
const LEAST_ANALYSED: usize = 4;

/// Remarks on each of some analyses, in their order.
pub fn remarks(assays: &[Assay]) -> Vec<Vec<Notice>> {
    let mut all = vec![Vec::new(); assays.len()];
    same_analyses(assays, &mut all);
    same_densities(assays, &mut all);
    all
}

/// Each analysis that stood under another id before, at the same temperature.
fn same_analyses(assays: &[Assay], all: &mut [Vec<Notice>]) {
    let mut first: HashMap<Vec<(Analyte, u64, &str)>, &Assay> = HashMap::new();
    for (assay, remarks) in assays.iter().zip(all) {
        let figures = assay.analysed.iter().filter(|x| x.value != 0.0);
        let mut key: Vec<_> = figures
            .map(|x| (x.analyte, x.value.to_bits(), x.unit.symbol))
            .collect();
        key.sort_unstable();
        if key.len() < LEAST_ANALYSED {
            continue;
        }
        let other = *first.entry(key).or_insert(assay);
        if other.id != assay.id && other.temperature_k == assay.temperature_k {
            remarks.push(Notice::SameAnalysis {
                id: other.id.clone(),
            });
        }
    }
}

/// Each density that another brine has to the last digit, where the two hold very different amounts of salt.
fn same_densities(assays: &[Assay], all: &mut [Vec<Notice>]) {
    let mut groups: HashMap<u64, Vec<(usize, f64)>> = HashMap::new();
    for (row, assay) in assays.iter().enumerate() {
        let Some(density) = assay.density_kg_m3 else {
            continue;
        };
        let tens = density / ROUNDED_DENSITY_KG_M3;
        let rounded = (tens - tens.round()).abs() < 1e-9;
        if let (false, Ok(composition)) = (rounded, assay.per_kg_water(density)) {
            let salts_g_kg = 1e3 * (1.0 - composition.water_kg_kg);
            let group = groups.entry(density.to_bits()).or_default();
            group.push((row, salts_g_kg));
        }
    }
    for (bits, group) in groups {
        let by_salts = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
        let ends = [group.iter().min_by(by_salts), group.iter().max_by(by_salts)];
        for &(row, salts_g_kg) in &group {
            let far = |end: &&(usize, f64)| (end.1 - salts_g_kg).abs() > SAME_DENSITY_SALTS_G_KG;
            if let Some(&(other, other_salts_g_kg)) = ends.into_iter().flatten().find(far) {
                all[row].push(Notice::SameDensity {
                    id: assays[other].id.clone(),
                    density_kg_m3: f64::from_bits(bits),
                    salts_g_kg,
                    other_salts_g_kg,
                });
            }
        }
    }
}
