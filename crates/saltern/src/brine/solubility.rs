//! `brine solubility`: water saturated with salts.

use saltern_brine::database::{Database, MineralId};
use saltern_brine::phases;
use saltern_brine::solubility::{Saturation, saturated_brine};
use saltern_units::Lang;
use saltern_units::place::Place;

use super::columns::{Cells, Columns, Reachable};
use super::session::{Model, temperature_k};
use crate::args::SolubilityArgs;
use crate::failure::{At, Failure};
use crate::output::Output;
use crate::rows::write_in_order;

/// One saturation point that is asked for.
struct Point {
    id: String,
    salts: Vec<MineralId>,
    temperature_k: f64,
}

/// Runs the command.
pub(crate) fn run(args: &SolubilityArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let points = points(args, &model.database, lang)?;
    let columns = columns(&points, args.only_named, &model);
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&columns.header(&model.database))?;
    write_in_order(points.len(), model.threads, &mut output, || {
        let (points, columns, model) = (&points, &columns, &model);
        move |range, lines| {
            points[range]
                .iter()
                .try_for_each(|point| row(point, args.only_named, columns, model, lang, lines))
        }
    })?;
    output.finish()
}

fn points(args: &SolubilityArgs, database: &Database, lang: Lang) -> Result<Vec<Point>, Failure> {
    let mut points = Vec::new();
    for combination in &args.salts {
        let salts = salts(combination, database)?;
        for text in &args.temperature {
            let temperature_k = temperature_k(text, lang)?;
            points.push(Point {
                id: combination.clone(),
                salts: salts.clone(),
                temperature_k,
            });
        }
    }
    Ok(points)
}

/// `Halite+Sylvite`; a name that holds a plus sign or a comma is quoted.
fn salts(combination: &str, database: &Database) -> Result<Vec<MineralId>, Failure> {
    combination
        .split('+')
        .map(|name| phases::find(database, name.trim().trim_matches(['"', '\''])))
        .collect::<Result<_, _>>()
        .map_err(|message| {
            let place = Place::file("--salts");
            Failure::input(At { place, message })
        })
}

fn columns(points: &[Point], only_named: bool, model: &Model) -> Columns {
    let database = &model.database;
    let mut components: Vec<_> = points
        .iter()
        .flat_map(|p| &p.salts)
        .flat_map(|&m| database.minerals[m].dissolution.iter().map(|(c, _)| *c))
        .filter(|&c| c > saltern_brine::database::HYDROGEN)
        .collect();
    components.sort_unstable();
    components.dedup();
    let reachable = Reachable::from(database, components);
    let named = |m: &MineralId| points.iter().any(|p| p.salts.contains(m));
    let may_form = |m: &MineralId| named(m) || (!only_named && model.allowed.contains(m));
    Columns {
        totals: reachable.components,
        molalities: reachable.species,
        solids: reachable.minerals.into_iter().filter(may_form).collect(),
        ..Columns::default()
    }
}

fn row(
    point: &Point,
    only_named: bool,
    columns: &Columns,
    model: &Model,
    lang: Lang,
    lines: &mut Vec<u8>,
) -> Result<(), Failure> {
    let mut allowed = point.salts.clone();
    if !only_named {
        allowed.extend(&model.allowed);
        allowed.sort_unstable();
        allowed.dedup();
    }
    let database = &model.database;
    let saturation = saturated_brine(database, &point.salts, &allowed, point.temperature_k)
        .map_err(|message| {
            let place = Place::file(&point.id);
            Failure::job(At { place, message })
        })?;
    let state = match &saturation {
        Saturation::Saturated(state) => Some(state.as_ref()),
        Saturation::Incompatible => None,
    };
    let mut notices = String::new();
    if let Some(state) = state {
        model.caution(state, lang, &mut notices);
    }
    let cells = Cells {
        id: &point.id,
        step: 0,
        own: &[],
        equilibrium: state,
        temperature_k: point.temperature_k,
        charge_error_percent: f64::NAN,
        removed_mol: &[],
        physical: None,
        state: if state.is_none() {
            Some("incompatible")
        } else {
            None
        },
        notices: &notices,
    };
    columns.write(database, &cells, lines);
    Ok(())
}
