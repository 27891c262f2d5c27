//! The ponds at an instant: to go on from, or to be written as a state.

use jiff::civil::Date;
use saltern_base::model::{PondState, State};
use saltern_brine::database::{Database, HYDROGEN, WATER};
use saltern_plants::solve::Solution;

use crate::cell::Cell;
use crate::matter::Matter;
use crate::pond::Pond;
use crate::stockpile::Stockpile;

/// Everything a simulation goes on from: a run that starts from a snapshot gives the same bits as the
/// run that it was taken from, had that gone on.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The morning on which it holds.
    pub date: Date,
    pub(crate) ponds: Vec<Pond>,
    pub(crate) fresh_k: Vec<f64>,
    pub(crate) minerals: Vec<String>,
    /// What lies in stockpiles, in the order of the book's nodes.
    pub(crate) stockpiles: Vec<Stockpile>,
    /// The last steady state of each plant.
    pub(crate) plants: Vec<Option<Solution>>,
}

impl Snapshot {
    /// The snapshot as rows of a state table.
    pub(crate) fn to_state(&self, database: &Database, matter: &Matter) -> State {
        let row = |(pond, p): (usize, &Pond)| pond_state(pond, p, database, matter);
        State {
            ponds: self.ponds.iter().enumerate().map(row).collect(),
        }
    }
}

fn pond_state(index: usize, pond: &Pond, database: &Database, matter: &Matter) -> PondState {
    let mut brine_mol = vec![0.0; matter.components()];
    let mut minerals_mol = vec![0.0; matter.minerals.len()];
    let (mut heat, mut volume_m3) = (0.0, 0.0);
    for cell in &pond.cells {
        brine_mol
            .iter_mut()
            .zip(&cell.brine_mol)
            .for_each(|(sum, n)| *sum += n);
        cell.floor.add_minerals(&mut minerals_mol);
        heat += cell.volume_m3 * cell.temperature_k;
        volume_m3 += cell.volume_m3;
    }
    let last = pond.last();
    let bulk_m3 =
        |m: usize| minerals_mol[m] * matter.minerals[m].solid_m3_mol / (1.0 - last.floor.porosity);
    PondState {
        pond: index,
        depth_m: pond.depth_m(),
        temperature_k: heat / volume_m3,
        assay: assay(&brine_mol, last, database, matter),
        floor: (0..minerals_mol.len())
            .filter(|&m| minerals_mol[m] > 0.0)
            .map(|m| (matter.minerals[m].name.clone(), bulk_m3(m) / pond.area_m2))
            .collect(),
    }
}

/// Element totals per kg of water, and the pH of the last cell.
fn assay(
    brine_mol: &[f64],
    last: &Cell,
    database: &Database,
    matter: &Matter,
) -> Vec<(String, String)> {
    let water_kg = brine_mol[WATER] * matter.water_kg_mol();
    let mut cells = Vec::new();
    if let Some(ph) = ph(last, database) {
        cells.push(("pH".to_string(), format!("{ph:.4}")));
    }
    for (c, component) in database.components.iter().enumerate().skip(HYDROGEN + 1) {
        if brine_mol[c] > 0.0 {
            let name = match component.element.as_str() {
                "S" => "SO4",
                other => other,
            };
            let molality = brine_mol[c] / water_kg;
            cells.push((format!("{name} [mol/kgw]"), format!("{molality:.10e}")));
        }
    }
    cells
}

fn ph(cell: &Cell, database: &Database) -> Option<f64> {
    let equilibrium = cell.warm.as_ref()?;
    let species = database.components[HYDROGEN].species?;
    let molality = equilibrium.molality_mol_kgw.get(species)?;
    let ln_gamma = equilibrium.ln_gamma.get(species)?;
    (*molality > 0.0).then(|| -(molality.ln() + ln_gamma) / std::f64::consts::LN_10)
}
