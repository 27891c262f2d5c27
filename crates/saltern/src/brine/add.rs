//! `brine add`: a reagent given to a brine step by step.

use std::path::Path;

use saltern_brine::assay::Brine;
use saltern_brine::blending::mass_kg;
use saltern_brine::database::Database;
use saltern_brine::dosing::dose;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::formula::Formula;
use saltern_brine::phases;
use saltern_brine::substance::component_amounts_mol;
use saltern_units::Lang;
use saltern_units::message::Message;

use super::columns::Columns;
use super::path::{Traveller, columns};
use super::session::{Brines, Model, refused};
use crate::args::{AddArgs, Mode};
use crate::failure::Failure;

/// Runs the command.
pub(crate) fn run(args: &AddArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let substance = substance(&args.reagent, &model.database, lang)?;
    let brines = Brines::read(&args.assay.table, &model)?;
    let (traveller, mut solver) = Traveller::start(&model, &brines, &args.assay.id, lang)?;
    let dose = Dose {
        total_mol: moles(
            "--amount",
            &args.amount,
            &substance,
            &traveller.brine,
            &mut solver,
            lang,
        )?,
        substance: &substance,
        name: &args.reagent,
        steps: args.steps as usize,
    };
    dose.write(&traveller, &mut solver, args.chemistry.output.as_deref())
}

/// What is added to a brine.
pub(super) struct Dose<'a> {
    /// Component amounts of one mole of it.
    pub(super) substance: &'a [f64],
    pub(super) name: &'a str,
    /// In all, for the brine of one kilogram of water.
    pub(super) total_mol: f64,
    pub(super) steps: usize,
}

impl Dose<'_> {
    /// Adds it step by step, and writes a row for each.
    pub(super) fn write(
        &self,
        traveller: &Traveller<'_>,
        solver: &mut Solver<'_>,
        output: Option<&Path>,
    ) -> Result<(), Failure> {
        let rows = dose(
            solver,
            &traveller.brine.amounts_mol,
            traveller.assay.temperature_k,
            self.substance,
            self.total_mol,
            self.steps,
        )
        .map_err(|error| traveller.failed(error))?;
        let columns = Columns {
            own: vec![
                format!("added {} [mol]", self.name),
                format!("added {} [g]", self.name),
            ],
            ..columns(
                &rows,
                Mode::Equilibrium,
                traveller.reachable(self.substance),
            )
        };
        let grams = 1e3 * mass_kg(solver.database(), self.substance);
        let own = |number: usize| {
            let mol = self.total_mol * number as f64 / self.steps.max(1) as f64;
            vec![mol, mol * grams]
        };
        traveller.write(&columns, &rows, own, output)
    }
}

/// Component amounts of one mole of a formula, or of a mineral.
fn substance(text: &str, database: &Database, lang: Lang) -> Result<Vec<f64>, Failure> {
    let by_formula = Formula::parse(text)
        .ok()
        .and_then(|f| component_amounts_mol(database, &f));
    if let Some(amounts) = by_formula {
        return Ok(amounts);
    }
    let mineral = phases::find(database, text).map_err(|e| {
        let e = e.text(lang);
        let elements: Vec<&str> = database
            .components
            .iter()
            .skip(2)
            .map(|c| c.element.as_str())
            .collect();
        let elements = elements.join(", ");
        refused(
            "--reagent",
            text,
            &lang.pick(
                format!("a neutral formula of H, O and {elements}, or a mineral ({e})"),
                format!("由 H、O 与 {elements} 组成的中性化学式，或矿物名（{e}）"),
            ),
        )
    })?;
    Ok(mineral_mol(database, mineral))
}

/// Component amounts of one mole of a mineral.
pub(super) fn mineral_mol(database: &Database, mineral: usize) -> Vec<f64> {
    saltern_brine::decomposition::solids_mol(database, &[(mineral, 1.0)])
}

/// Moles of a substance for the kilogram of water that a brine holds: `0.5 mol/kgw`, `20 mmol/kgw`, `50 g/kgw`,
/// `30 g/L` of the brine as it is.
pub(super) fn moles(
    option: &'static str,
    text: &str,
    substance: &[f64],
    brine: &Brine,
    solver: &mut Solver<'_>,
    lang: Lang,
) -> Result<f64, Failure> {
    const UNITS: [&str; 7] = [
        "mmol/kgw", "mol/kgw", "kg/kgw", "g/kgw", "kg/m3", "g/L", "mg/L",
    ];
    let accepted = lang.pick(
        "more than zero, in mol/kgw, mmol/kgw, g/kgw, kg/kgw, g/L, mg/L or kg/m3, such as \"0.5 mol/kgw\"",
        "大于零，单位为 mol/kgw、mmol/kgw、g/kgw、kg/kgw、g/L、mg/L 或 kg/m3，例如 \"0.5 mol/kgw\"",
    );
    let bad = || refused(option, text, accepted);
    let found = UNITS
        .iter()
        .find_map(|unit| Some((unit, text.trim().strip_suffix(unit)?)));
    let (unit, number) = found.ok_or_else(bad)?;
    let value: f64 = number.trim().parse().map_err(|_| bad())?;
    if !(value > 0.0 && value.is_finite()) {
        return Err(bad());
    }
    let molar_kg = mass_kg(solver.database(), substance);
    Ok(match *unit {
        "mol/kgw" => value,
        "mmol/kgw" => 1e-3 * value,
        "kg/kgw" => value / molar_kg,
        "g/kgw" => 1e-3 * value / molar_kg,
        per_volume => {
            let kg_m3 = if per_volume == "mg/L" {
                1e-3 * value
            } else {
                value
            };
            kg_m3 * volume_m3(brine, solver).ok_or_else(bad)? / molar_kg
        }
    })
}

/// Volume of a brine before anything is added.
pub(super) fn volume_m3(brine: &Brine, solver: &mut Solver<'_>) -> Option<f64> {
    let mut amounts = brine.amounts_mol.clone();
    let state = match &brine.speciated {
        Some(state) => state.clone(),
        None => solver
            .speciate(&mut amounts, brine.temperature_k, Protons::AsGiven)
            .ok()?,
    };
    let database = solver.database();
    Some(mass_kg(database, &brine.amounts_mol) / state.density_kg_m3(database))
}
