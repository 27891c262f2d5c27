//! `brine mix`: brines in all proportions, the solids that form and the heat of it.

use std::fmt::Debug;

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::blending::{Part, adiabatic, heat_of_mixing_j, mass_kg, mix};
use saltern_brine::cautions::{Caution, Property, property_cautions};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{BrineError, Equilibrium, Solver};
use saltern_brine::properties::heat::HeatModel;
use saltern_units::Lang;
use saltern_units::message::Message;

use super::add::volume_m3;
use super::columns::{Cells, Columns, Reachable};
use super::session::{Brines, Model, refused, temperature_k};
use crate::args::{By, MixArgs};
use crate::failure::{self, Failure};
use crate::output::Output;

/// A brine to be mixed.
struct Source<'a> {
    assay: &'a Assay,
    brine: Brine,
    /// How much brine, in what the proportions count, holds a kilogram of water.
    per_kgw: f64,
    mass_kg: f64,
}

/// How much of each brine.
type Recipe = Vec<f64>;

/// At what temperature brines are mixed.
#[derive(Clone, Copy)]
enum At {
    /// The mean of the brines by mass.
    Mean,
    /// This one, K.
    Fixed(f64),
    /// The one that conserves enthalpy.
    Adiabatic,
}

/// A mixture and its heat.
struct Mixed {
    state: Equilibrium,
    /// J for the mixture, taken up at its temperature.
    heat_j: f64,
}

/// What brines are mixed with.
struct Vessel<'db> {
    solver: Solver<'db>,
    /// For the brines as they stand: nothing precipitates.
    clear: Solver<'db>,
    heat: HeatModel<'db>,
}

/// Runs the command.
pub(crate) fn run(args: &MixArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let at = match (&args.temperature, args.adiabatic) {
        (Some(text), _) => At::Fixed(temperature_k(text, lang)?),
        (None, true) => At::Adiabatic,
        (None, false) => At::Mean,
    };
    let brines = Brines::read(&args.assays, &model)?;
    let (ids, recipes) = recipes(args, lang)?;
    let mut vessel = Vessel {
        solver: Solver::new(&model.database, &model.allowed),
        clear: Solver::new(&model.database, &[]),
        heat: HeatModel::new(&model.database),
    };
    let mut sources = Vec::new();
    for id in &ids {
        let assay = brines.by_id(id)?;
        sources.push(source(assay, args.by, &brines, &mut vessel.solver)?);
    }
    if let At::Adiabatic = at {
        vessel.knows_heat_of(&sources)?;
    }
    let mut rows: Vec<Mixed> = Vec::new();
    for recipe in &recipes {
        let warm = rows.last().map(|row| &row.state);
        let mixed = vessel.mix(&sources, recipe, at, warm);
        rows.push(mixed.map_err(|message| at_row(&sources[0], message))?);
    }
    let lines = lines(&model, &brines, &sources, &recipes, &rows, lang);
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&lines)?;
    output.finish()
}

/// Ids, and what is mixed of each in every row.
fn recipes(args: &MixArgs, lang: Lang) -> Result<(Vec<String>, Vec<Recipe>), Failure> {
    if let Some(text) = &args.ids {
        let ids: Vec<String> = text.split(',').map(|id| id.trim().to_string()).collect();
        if ids.len() != 2 || ids.iter().any(String::is_empty) {
            return Err(refused(
                "--ids",
                text,
                lang.pick("two ids joined by a comma", "以逗号分隔的两个 id"),
            ));
        }
        let n = args.steps;
        let sweep =
            (0..=n).map(|k| vec![f64::from(n - k) / f64::from(n), f64::from(k) / f64::from(n)]);
        return Ok((ids, sweep.collect()));
    }
    let text = args.parts.as_deref().unwrap_or_default();
    let accepted = lang.pick(
        "ids with positive amounts: \"A=3,B=1\"",
        "id 与正的用量：\"A=3,B=1\"",
    );
    let (mut ids, mut recipe) = (Vec::new(), Vec::new());
    for part in text.split(',') {
        let (id, amount) = part
            .split_once('=')
            .ok_or_else(|| refused("--parts", text, accepted))?;
        let amount: f64 = amount.trim().parse().unwrap_or(f64::NAN);
        if !(amount > 0.0 && amount.is_finite()) {
            return Err(refused("--parts", text, accepted));
        }
        ids.push(id.trim().to_string());
        recipe.push(amount);
    }
    Ok((ids, vec![recipe]))
}

fn source<'a>(
    assay: &'a Assay,
    by: By,
    brines: &Brines,
    solver: &mut Solver<'_>,
) -> Result<Source<'a>, Failure> {
    let brine = assay.dissolve(solver, brines.balance)?;
    let mass_kg = mass_kg(solver.database(), &brine.amounts_mol);
    let per_kgw = match by {
        By::Mass => mass_kg,
        By::Water => 1.0,
        By::Volume => volume_m3(&brine, solver).unwrap_or(f64::NAN),
    };
    Ok(Source {
        assay,
        brine,
        per_kgw,
        mass_kg,
    })
}

impl Vessel<'_> {
    /// Refuses brines whose enthalpy the database doesn't tell.
    fn knows_heat_of(&mut self, sources: &[Source<'_>]) -> Result<(), Failure> {
        for source in sources {
            let (brine, t) = (&source.brine, source.assay.temperature_k);
            let state = self.clear.equilibrate(&brine.amounts_mol, t, None);
            let state = state.map_err(|message| at_row(source, message))?;
            let unknown = |caution: &Caution| {
                matches!(
                    caution,
                    Caution::MissingProperty {
                        property: Property::HeatCapacity,
                        ..
                    }
                )
            };
            let cautions = property_cautions(&state, self.clear.database());
            if let Some(caution) = cautions.into_iter().find(unknown) {
                return Err(at_row(source, caution));
            }
        }
        Ok(())
    }

    /// The mixture of a recipe that brings a kilogram of water.
    fn mix(
        &mut self,
        sources: &[Source<'_>],
        recipe: &[f64],
        at: At,
        warm: Option<&Equilibrium>,
    ) -> Result<Mixed, BrineError> {
        let parts = parts(sources, recipe);
        let (amounts, mean_k) = (mix(&parts), mean_temperature_k(sources, &parts));
        let state = match at {
            At::Mean => self.solver.equilibrate(&amounts, mean_k, warm)?,
            At::Fixed(t) => self.solver.equilibrate(&amounts, t, warm)?,
            At::Adiabatic => {
                let own = |k: usize| sources[k].assay.temperature_k;
                let brought = self.brought(&parts, own)?;
                let enthalpy_j = brought
                    .iter()
                    .map(|(share, brine)| share * self.heat.enthalpy_j(brine))
                    .sum();
                adiabatic(
                    &mut self.solver,
                    &mut self.heat,
                    &amounts,
                    enthalpy_j,
                    mean_k,
                )?
            }
        };
        let brought = self.brought(&parts, |_| state.temperature_k)?;
        let brought: Vec<(f64, &Equilibrium)> = brought.iter().map(|(w, e)| (*w, e)).collect();
        let heat_j = heat_of_mixing_j(&mut self.heat, &brought, &state);
        Ok(Mixed { state, heat_j })
    }

    /// The brines of a mixture as they stand, each at a temperature (K), with their shares of its water.
    fn brought(
        &mut self,
        parts: &[Part<'_>],
        temperature_k: impl Fn(usize) -> f64,
    ) -> Result<Vec<(f64, Equilibrium)>, BrineError> {
        let water_kg: f64 = parts.iter().map(|p| p.water_kg).sum();
        let there = |(_, part): &(usize, &Part<'_>)| part.water_kg > 0.0;
        parts
            .iter()
            .enumerate()
            .filter(there)
            .map(|(k, part)| {
                let brine = self
                    .clear
                    .equilibrate(part.amounts_mol, temperature_k(k), None)?;
                Ok((part.water_kg / water_kg, brine))
            })
            .collect()
    }
}

fn parts<'a>(sources: &'a [Source<'_>], recipe: &[f64]) -> Vec<Part<'a>> {
    let part = |(s, amount): (&'a Source<'_>, &f64)| Part {
        amounts_mol: &s.brine.amounts_mol,
        water_kg: amount / s.per_kgw,
    };
    sources.iter().zip(recipe).map(part).collect()
}

/// By mass, K.
fn mean_temperature_k(sources: &[Source<'_>], parts: &[Part<'_>]) -> f64 {
    let (mut mass, mut sum) = (0.0, 0.0);
    for (part, source) in parts.iter().zip(sources) {
        let kg = part.water_kg * source.mass_kg;
        mass += kg;
        sum += kg * source.assay.temperature_k;
    }
    sum / mass
}

fn at_row(source: &Source<'_>, message: impl Message + Debug + Send + Sync + 'static) -> Failure {
    let place = source.assay.place.clone();
    Failure::job(failure::At { place, message })
}

fn lines(
    model: &Model,
    brines: &Brines,
    sources: &[Source<'_>],
    recipes: &[Recipe],
    rows: &[Mixed],
    lang: Lang,
) -> Vec<u8> {
    let database: &Database = &model.database;
    let components = brines.components(sources.iter().map(|s| s.assay), database);
    let reachable = Reachable::from(database, components);
    let forms = |m: &usize| rows.iter().any(|row| row.state.solids_mol[*m] > 0.0);
    let columns = Columns {
        step: true,
        own: sources
            .iter()
            .map(|s| format!("share {} [%]", s.assay.id))
            .chain(["heat of mixing [kJ]".to_string()])
            .collect(),
        totals: reachable.components,
        molalities: reachable.species,
        solids: reachable.minerals.into_iter().filter(forms).collect(),
        ..Columns::default()
    };
    let ids: Vec<&str> = sources.iter().map(|s| s.assay.id.as_str()).collect();
    let mut lines = columns.header(database);
    for (number, (recipe, Mixed { state, heat_j })) in recipes.iter().zip(rows).enumerate() {
        let whole: f64 = recipe.iter().sum();
        let mut own: Vec<f64> = recipe.iter().map(|r| 100.0 * r / whole).collect();
        own.push(1e-3 * heat_j);
        let mut notices = String::new();
        model.caution(state, lang, &mut notices);
        let cells = Cells {
            id: &ids.join("+"),
            step: number,
            own: &own,
            equilibrium: Some(state),
            temperature_k: state.temperature_k,
            charge_error_percent: f64::NAN,
            removed_mol: &[],
            physical: None,
            state: None,
            notices: &notices,
        };
        columns.write(database, &cells, &mut lines);
    }
    lines
}
