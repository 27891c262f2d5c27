//! `brine speciate`: the species of each brine, one a row.

use std::f64::consts::LN_10;

use saltern_brine::assay::Assay;
use saltern_brine::database::{Database, HYDROGEN, SpeciesId, WATER};
use saltern_brine::equilibrium::{Equilibrium, Solver};
use saltern_units::Lang;

use super::columns::total_name;
use super::properties::speciated;
use super::report::Failed;
use super::session::{Brines, Model};
use crate::args::SpeciateArgs;
use crate::failure::Failure;
use crate::line::Line;
use crate::output::Output;
use crate::rows::write_in_order;

const HEADER: [&str; 10] = [
    "id",
    "temperature [degC]",
    "pH [-]",
    "water_activity [-]",
    "species",
    "molality [mol/kgw]",
    "log10_gamma [-]",
    "log10_activity [-]",
    "of",
    "share [%]",
];

/// Runs the command.
pub(crate) fn run(args: &SpeciateArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let brines = Brines::read(&args.assays, &model)?;
    let failed = Failed::default();
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write((HEADER.join(",") + "\n").as_bytes())?;
    write_in_order(brines.assays.len(), model.threads, &mut output, || {
        let mut solver = Solver::new(&model.database, &[]);
        let (brines, failed) = (&brines, &failed);
        move |range, lines| {
            for assay in &brines.assays[range] {
                let mut brine = assay.dissolve(&mut solver, brines.balance)?;
                match speciated(&mut brine, &mut solver) {
                    Ok(state) => rows(assay, &state, solver.database(), lines),
                    Err(error) => {
                        failed.note(&assay.place, error, lang);
                    }
                }
            }
            Ok(())
        }
    })?;
    output.finish()?;
    failed.into_result(brines.assays.len())
}

fn rows(assay: &Assay, state: &Equilibrium, database: &Database, lines: &mut Vec<u8>) {
    let mut there: Vec<SpeciesId> = (0..database.species.len())
        .filter(|&s| state.molality_mol_kgw[s] > 0.0)
        .collect();
    there.sort_by(|a, b| state.molality_mol_kgw[*b].total_cmp(&state.molality_mol_kgw[*a]));
    for s in there {
        let species = &database.species[s];
        let molality = state.molality_mol_kgw[s];
        let mut line = Line::new(lines);
        line.text(&assay.id);
        line.number(((assay.temperature_k - 273.15) * 1e9).round() / 1e9);
        line.number(state.ph());
        line.number(state.water_activity);
        line.text(&species.name);
        line.number(molality);
        line.number(state.ln_gamma[s] / LN_10);
        line.number(molality.log10() + state.ln_gamma[s] / LN_10);
        // Its share of what it is counted under: the first component that is neither water nor hydrogen.
        let carried = species
            .formation
            .iter()
            .find(|(c, nu)| *c != WATER && *c != HYDROGEN && *nu > 0.0);
        match carried {
            Some(&(c, nu)) => {
                line.text(total_name(database, c));
                line.number(100.0 * nu * molality / state.total_molality_mol_kgw(database, c));
            }
            None => {
                line.blank();
                line.blank();
            }
        }
        line.end();
    }
}
