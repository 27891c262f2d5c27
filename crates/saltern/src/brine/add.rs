//! `brine add`: a reagent given to a brine step by step.

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::blending::mass_kg;
use saltern_brine::database::{ComponentId, Database, HYDROGEN};
use saltern_brine::dosing::dose;
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::evaporation::Step;
use saltern_brine::formula::Formula;
use saltern_brine::phases;
use saltern_brine::substance::component_amounts_mol;
use saltern_units::Lang;
use saltern_units::message::Message;

use super::columns::{Cells, Columns, Reachable};
use super::each::notices;
use super::session::{Brines, Model, refused};
use crate::args::AddArgs;
use crate::failure::{At, Failure};
use crate::output::Output;

/// Runs the command.
pub(crate) fn run(args: &AddArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let substance = substance(&args.reagent, &model.database, lang)?;
    let brines = Brines::read(&args.assays, &model)?;
    let assay = brines.by_id(&args.id)?;
    let mut solver = Solver::new(&model.database, &model.allowed);
    let brine = assay.dissolve(&mut solver, brines.balance)?;
    let total_mol = moles(
        "--amount",
        &args.amount,
        &substance,
        &brine,
        &mut solver,
        lang,
    )?;
    let steps = args.steps as usize;
    let rows = dose(
        &mut solver,
        &brine.amounts_mol,
        assay.temperature_k,
        &substance,
        total_mol,
        steps,
    )
    .map_err(|message| {
        let place = assay.place.clone();
        Failure::job(At { place, message })
    })?;
    let added: Vec<f64> = (0..rows.len())
        .map(|k| total_mol * k as f64 / steps as f64)
        .collect();
    let table = Dosed {
        model: &model,
        brines: &brines,
        assay,
        brine: &brine,
        substance: &substance,
        name: &args.reagent,
        lang,
    };
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&table.lines(&rows, &added))?;
    output.finish()
}

/// The table of a brine to which something is added.
pub(super) struct Dosed<'a> {
    pub(super) model: &'a Model,
    pub(super) brines: &'a Brines,
    pub(super) assay: &'a Assay,
    pub(super) brine: &'a Brine,
    /// Component amounts of one mole of it.
    pub(super) substance: &'a [f64],
    pub(super) name: &'a str,
    pub(super) lang: Lang,
}

impl Dosed<'_> {
    pub(super) fn lines(&self, rows: &[Step], added_mol: &[f64]) -> Vec<u8> {
        let database = &self.model.database;
        let mut components = self.brines.components([self.assay], database);
        let there = |c: &ComponentId| self.substance[*c] != 0.0;
        components.extend((HYDROGEN + 1..database.components.len()).filter(there));
        components.sort_unstable();
        components.dedup();
        let reachable = Reachable::from(database, components);
        let forms = |m: &usize| rows.iter().any(|row| row.state.solids_mol[*m] > 0.0);
        let columns = Columns {
            step: true,
            own: vec![
                format!("added {} [mol]", self.name),
                format!("added {} [g]", self.name),
            ],
            charge_error: true,
            totals: reachable.components,
            molalities: reachable.species,
            solids: reachable.minerals.into_iter().filter(forms).collect(),
            ..Columns::default()
        };
        let mut lines = columns.header(database);
        let grams = 1e3 * mass_kg(database, self.substance);
        let remarks = notices(self.brine, self.lang);
        for (number, (row, added)) in rows.iter().zip(added_mol).enumerate() {
            let mut notices = remarks.clone();
            self.model.caution(&row.state, self.lang, &mut notices);
            let cells = Cells {
                id: &self.assay.id,
                step: number,
                own: &[*added, added * grams],
                equilibrium: Some(&row.state),
                temperature_k: row.state.temperature_k,
                charge_error_percent: self.brine.charge_error_percent,
                removed_mol: &[],
                physical: None,
                state: None,
                notices: &notices,
            };
            columns.write(database, &cells, &mut lines);
        }
        lines
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
