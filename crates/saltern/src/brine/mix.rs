//! `brine mix`: brines in all proportions, and the solids that form.

use saltern_brine::assay::{Assay, Brine};
use saltern_brine::blending::{Part, mass_kg, mix};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{Equilibrium, Solver};
use saltern_units::Lang;

use super::add::volume_m3;
use super::columns::{Cells, Columns, Reachable};
use super::session::{Brines, Model, refused, temperature_k};
use crate::args::{By, MixArgs};
use crate::failure::{At, Failure};
use crate::output::Output;

/// A brine to be mixed.
struct Source<'a> {
    assay: &'a Assay,
    brine: Brine,
    /// How much brine, in what the proportions count, holds a kilogram of water.
    per_kgw: f64,
    mass_kg: f64,
}

/// A mixture: its name and how much of each brine.
type Recipe = Vec<f64>;

/// Runs the command.
pub(crate) fn run(args: &MixArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let fixed_k = args
        .temperature
        .as_ref()
        .map(|t| temperature_k(t, lang))
        .transpose()?;
    let brines = Brines::read(&args.assays, &model)?;
    let (ids, recipes) = recipes(args, lang)?;
    let mut solver = Solver::new(&model.database, &model.allowed);
    let mut sources = Vec::new();
    for id in &ids {
        sources.push(source(brines.by_id(id)?, args.by, &brines, &mut solver)?);
    }
    let mut rows = Vec::new();
    for recipe in &recipes {
        let (amounts, mean_k) = mixture(&sources, recipe);
        let warm: Option<&Equilibrium> = rows.last();
        let state = solver
            .equilibrate(&amounts, fixed_k.unwrap_or(mean_k), warm)
            .map_err(|message| {
                let place = sources[0].assay.place.clone();
                Failure::job(At { place, message })
            })?;
        rows.push(state);
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

/// Component amounts for a kilogram of water, and the mean temperature by mass.
fn mixture(sources: &[Source<'_>], recipe: &[f64]) -> (Vec<f64>, f64) {
    let parts: Vec<Part<'_>> = sources
        .iter()
        .zip(recipe)
        .map(|(s, amount)| Part {
            amounts_mol: &s.brine.amounts_mol,
            water_kg: amount / s.per_kgw,
        })
        .collect();
    let mass = |(p, s): (&Part<'_>, &Source<'_>)| p.water_kg * s.mass_kg;
    let total: f64 = parts.iter().zip(sources).map(mass).sum();
    let heat: f64 = parts
        .iter()
        .zip(sources)
        .map(|(p, s)| p.water_kg * s.mass_kg * s.assay.temperature_k)
        .sum();
    (mix(&parts), heat / total)
}

fn lines(
    model: &Model,
    brines: &Brines,
    sources: &[Source<'_>],
    recipes: &[Recipe],
    rows: &[Equilibrium],
    lang: Lang,
) -> Vec<u8> {
    let database: &Database = &model.database;
    let components = brines.components(sources.iter().map(|s| s.assay), database);
    let reachable = Reachable::from(database, components);
    let forms = |m: &usize| rows.iter().any(|row| row.solids_mol[*m] > 0.0);
    let columns = Columns {
        step: true,
        own: sources
            .iter()
            .map(|s| format!("share {} [%]", s.assay.id))
            .collect(),
        totals: reachable.components,
        molalities: reachable.species,
        solids: reachable.minerals.into_iter().filter(forms).collect(),
        ..Columns::default()
    };
    let ids: Vec<&str> = sources.iter().map(|s| s.assay.id.as_str()).collect();
    let mut lines = columns.header(database);
    for (number, (recipe, state)) in recipes.iter().zip(rows).enumerate() {
        let whole: f64 = recipe.iter().sum();
        let shares: Vec<f64> = recipe.iter().map(|r| 100.0 * r / whole).collect();
        let mut notices = String::new();
        model.caution(state, lang, &mut notices);
        let cells = Cells {
            id: &ids.join("+"),
            step: number,
            own: &shares,
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
