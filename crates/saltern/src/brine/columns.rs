//! The columns of brine tables, as the contract spells them: which apply, their header, their cells.

use std::f64::consts::LN_10;

use saltern_brine::assay::Analyte;
use saltern_brine::database::{ComponentId, Database, HYDROGEN, MineralId, SpeciesId, WATER};
use saltern_brine::equilibrium::{Equilibrium, State};

use super::physical::{self, Physical};
use crate::line::Line;

/// The columns of one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// `step`.
    pub(crate) step: bool,
    /// Columns that the command itself fills, after the step: what was added, how much of a brine.
    pub(crate) own: Vec<String>,
    /// `charge_error [%]`.
    pub(crate) charge_error: bool,
    /// The columns of [`physical::HEADER`].
    pub(crate) physical: bool,
    /// `total NAME [mol/kgw]`.
    pub(crate) totals: Vec<ComponentId>,
    /// `molality SPECIES [mol/kgw]`.
    pub(crate) molalities: Vec<SpeciesId>,
    /// `log10_gamma SPECIES`.
    pub(crate) gammas: Vec<SpeciesId>,
    /// `si MINERAL`.
    pub(crate) indices: Vec<MineralId>,
    /// `solid MINERAL [mol]`.
    pub(crate) solids: Vec<MineralId>,
    /// `removed MINERAL [mol]`.
    pub(crate) removed: Vec<MineralId>,
}

/// One row.
pub(crate) struct Cells<'a> {
    pub(crate) id: &'a str,
    pub(crate) step: usize,
    /// Values of [`Columns::own`].
    pub(crate) own: &'a [f64],
    /// `None` where no equilibrium was found.
    pub(crate) equilibrium: Option<&'a Equilibrium>,
    pub(crate) temperature_k: f64,
    pub(crate) charge_error_percent: f64,
    /// Solids taken out so far, mol, in mineral order.
    pub(crate) removed_mol: &'a [f64],
    /// Physical properties, where the table has them and the brine is wet.
    pub(crate) physical: Option<&'a Physical>,
    /// State to write instead of the equilibrium's.
    pub(crate) state: Option<&'a str>,
    pub(crate) notices: &'a str,
}

/// Everything that can exist where the given components do.
pub(crate) struct Reachable {
    pub(crate) components: Vec<ComponentId>,
    pub(crate) species: Vec<SpeciesId>,
    pub(crate) minerals: Vec<MineralId>,
}

impl Reachable {
    pub(crate) fn from(database: &Database, components: Vec<ComponentId>) -> Reachable {
        let there = |c: ComponentId| c == WATER || c == HYDROGEN || components.contains(&c);
        let all = |reaction: &[(ComponentId, f64)]| reaction.iter().all(|(c, _)| there(*c));
        let species = (0..database.species.len())
            .filter(|&s| all(&database.species[s].formation))
            .collect();
        let minerals = (0..database.minerals.len())
            .filter(|&m| all(&database.minerals[m].dissolution))
            .collect();
        Reachable {
            components,
            species,
            minerals,
        }
    }
}

/// Name of a component in `total NAME`: as assays name it, else its element.
pub(crate) fn total_name(database: &Database, component: ComponentId) -> &str {
    let whole = |a: &&Analyte| matches!(a, Analyte::C | Analyte::B) || a.charge() != 0.0;
    Analyte::ALL
        .iter()
        .filter(whole)
        .filter(|a| !matches!(a, Analyte::Hco3 | Analyte::Co3 | Analyte::Alkalinity))
        .find(|a| a.component(database) == Some(component))
        .map_or(database.components[component].element.as_str(), |a| {
            a.name()
        })
}

impl Columns {
    /// The header line.
    pub(crate) fn header(&self, database: &Database) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut line = Line::new(&mut bytes);
        let species = |s: &SpeciesId| database.species[*s].name.as_str();
        let mineral = |m: &MineralId| database.minerals[*m].name.as_str();
        line.text("id");
        if self.step {
            line.text("step");
        }
        self.own.iter().for_each(|header| line.text(header));
        for fixed in [
            "temperature [degC]",
            "pH [-]",
            "state",
            "water [kg]",
            "water_activity [-]",
        ] {
            line.text(fixed);
        }
        for fixed in [
            "osmotic_coefficient [-]",
            "ionic_strength [mol/kgw]",
            "density [kg/m3]",
        ] {
            line.text(fixed);
        }
        if self.charge_error {
            line.text("charge_error [%]");
        }
        if self.physical {
            physical::HEADER.iter().for_each(|header| line.text(header));
        }
        self.totals
            .iter()
            .for_each(|&c| line.text(&format!("total {} [mol/kgw]", total_name(database, c))));
        self.molalities
            .iter()
            .for_each(|s| line.text(&format!("molality {} [mol/kgw]", species(s))));
        self.gammas
            .iter()
            .for_each(|s| line.text(&format!("log10_gamma {}", species(s))));
        self.indices
            .iter()
            .for_each(|m| line.text(&format!("si {}", mineral(m))));
        self.solids
            .iter()
            .for_each(|m| line.text(&format!("solid {} [mol]", mineral(m))));
        self.removed
            .iter()
            .for_each(|m| line.text(&format!("removed {} [mol]", mineral(m))));
        line.text("notices");
        line.end();
        bytes
    }

    /// One row.
    pub(crate) fn write(&self, database: &Database, cells: &Cells<'_>, bytes: &mut Vec<u8>) {
        let mut line = Line::new(bytes);
        line.text(cells.id);
        if self.step {
            line.integer(cells.step);
        }
        cells.own.iter().for_each(|value| line.number(*value));
        // Nine decimals undo the rounding of °C → K → °C.
        line.number(((cells.temperature_k - 273.15) * 1e9).round() / 1e9);
        match cells.equilibrium {
            Some(equilibrium) => self.solved(database, cells, equilibrium, &mut line),
            None => self.unsolved(cells, &mut line),
        }
        line.text(cells.notices);
        line.end();
    }

    fn unsolved(&self, cells: &Cells<'_>, line: &mut Line<'_>) {
        line.blank();
        line.text(cells.state.unwrap_or(""));
        let blanks = 5 + usize::from(self.charge_error) + self.totals.len() + self.molalities.len();
        let more = self.gammas.len() + self.indices.len() + self.solids.len() + self.removed.len();
        let physical = if self.physical {
            physical::HEADER.len()
        } else {
            0
        };
        (0..blanks + physical + more).for_each(|_| line.blank());
    }

    fn solved(&self, database: &Database, cells: &Cells<'_>, e: &Equilibrium, line: &mut Line<'_>) {
        let wet = e.state == State::Wet;
        let if_wet = |value: f64| if wet { value } else { f64::NAN };
        line.number(if_wet(e.ph()));
        line.text(cells.state.unwrap_or(if wet { "wet" } else { "dry" }));
        line.number(e.water_kg);
        line.number(e.water_activity);
        line.number(if_wet(e.osmotic_coefficient));
        line.number(if_wet(e.ionic_strength_mol_kgw));
        line.number(if wet {
            e.density_kg_m3(database)
        } else {
            f64::NAN
        });
        if self.charge_error {
            line.number(cells.charge_error_percent);
        }
        if self.physical {
            match cells.physical {
                Some(physical) => physical.write(database, line),
                None => physical::HEADER.iter().for_each(|_| line.blank()),
            }
        }
        self.totals
            .iter()
            .for_each(|&c| line.number(if_wet(e.total_molality_mol_kgw(database, c))));
        self.molalities
            .iter()
            .for_each(|&s| line.number(if_wet(e.molality_mol_kgw[s])));
        for &s in &self.gammas {
            let there = wet && e.molality_mol_kgw[s] > 0.0;
            line.number(if there {
                e.ln_gamma[s] / LN_10
            } else {
                f64::NAN
            });
        }
        self.indices
            .iter()
            .for_each(|&m| line.number(e.saturation_index_of(database, m)));
        self.solids
            .iter()
            .for_each(|&m| line.number(e.solids_mol[m]));
        self.removed
            .iter()
            .for_each(|&m| line.number(cells.removed_mol.get(m).copied().unwrap_or(0.0)));
    }
}
