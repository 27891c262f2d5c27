//! `brine decompose`: how much water decomposes a double salt, and what is left.

use saltern_brine::blending::mass_kg;
use saltern_brine::database::{ComponentId, Database, HYDROGEN, MineralId};
use saltern_brine::decomposition::{Decomposition, least_water, solids_mol};
use saltern_brine::equilibrium::Solver;
use saltern_brine::phases;
use saltern_units::Lang;
use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use super::columns::total_name;
use super::session::{Model, refused, temperature_k};
use crate::args::DecomposeArgs;
use crate::failure::{At, Failure};
use crate::line::Line;
use crate::output::Output;

/// Runs the command.
pub(crate) fn run(args: &DecomposeArgs, lang: Lang) -> Result<(), Failure> {
    let mut model = Model::open(&args.chemistry)?;
    let solids = solids(&args.solids, &model.database, lang)?;
    let of = match &args.of {
        Some(name) => find(name, "--of", &model.database)?,
        None => solids[0].0,
    };
    if !solids.iter().any(|(m, _)| *m == of) {
        let accepted = lang.pick("one of the solids", "所给固相之一");
        return Err(refused(
            "--of",
            args.of.as_deref().unwrap_or_default(),
            accepted,
        ));
    }
    // What is to be decomposed must be able to stay.
    model.allowed.extend(solids.iter().map(|(m, _)| *m));
    model.allowed.sort_unstable();
    model.allowed.dedup();
    let mut rows = Vec::new();
    for text in &args.temperature {
        let t = temperature_k(text, lang)?;
        let mut solver = Solver::new(&model.database, &model.allowed);
        let done = least_water(&mut solver, &solids, of, t).map_err(|message| {
            let place = Place::file(&args.solids);
            Failure::job(At { place, message })
        })?;
        rows.push((t, done));
    }
    let table = Answer {
        database: &model.database,
        solids: &solids,
        text: &args.solids,
    };
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(&table.lines(&rows))?;
    output.finish()
}

fn find(name: &str, option: &'static str, database: &Database) -> Result<MineralId, Failure> {
    phases::find(database, name).map_err(|message| {
        let place = Place::file(option);
        Failure::input(At { place, message })
    })
}

/// `Carnallite=0.8 kg,Halite=2 mol` as moles.
fn solids(text: &str, database: &Database, lang: Lang) -> Result<Vec<(MineralId, f64)>, Failure> {
    let accepted = lang.pick(
        "minerals with masses or moles: \"Carnallite=0.8 kg,Halite=2 mol\"",
        "矿物及其质量或物质的量：\"Carnallite=0.8 kg,Halite=2 mol\"",
    );
    let bad = || refused("--solids", text, accepted);
    let mut list = Vec::new();
    for part in text.split(',') {
        let (name, amount) = part.split_once('=').ok_or_else(bad)?;
        let mineral = find(name.trim(), "--solids", database)?;
        let molar_kg = database.reaction_mass_kg_mol(&database.minerals[mineral].dissolution);
        let moles = match amount.trim().strip_suffix("mol") {
            Some(number) => number.trim().parse().map_err(|_| bad())?,
            None => quantity::parse(amount, Dimension::Mass).map_err(|_| bad())? / molar_kg,
        };
        if !(moles > 0.0 && f64::is_finite(moles)) {
            return Err(bad());
        }
        list.push((mineral, moles));
    }
    Ok(list)
}

struct Answer<'a> {
    database: &'a Database,
    solids: &'a [(MineralId, f64)],
    text: &'a str,
}

impl Answer<'_> {
    fn lines(&self, rows: &[(f64, Option<Decomposition>)]) -> Vec<u8> {
        let database = self.database;
        let done = || rows.iter().filter_map(|(_, d)| d.as_ref());
        let left = |m: &MineralId| done().any(|d| d.state.solids_mol[*m] > 0.0);
        let left: Vec<MineralId> = (0..database.minerals.len()).filter(left).collect();
        let dry = solids_mol(database, self.solids);
        let there = |c: &ComponentId| dry[*c] > 0.0;
        let components: Vec<ComponentId> = (HYDROGEN + 1..dry.len()).filter(there).collect();
        let mut bytes = Vec::new();
        let mut line = Line::new(&mut bytes);
        for fixed in [
            "id",
            "temperature [degC]",
            "state",
            "water_added [kg]",
            "water_added [kg/kg]",
        ] {
            line.text(fixed);
        }
        for &c in &components {
            line.text(&format!("{} kept by solids [%]", total_name(database, c)));
        }
        for &m in &left {
            line.text(&format!("solid {} [mol]", database.minerals[m].name));
            line.text(&format!("solid {} [kg]", database.minerals[m].name));
        }
        for fixed in [
            "brine [kg]",
            "water [kg]",
            "water_activity [-]",
            "density [kg/m3]",
        ] {
            line.text(fixed);
        }
        for &c in &components {
            line.text(&format!("total {} [mol/kgw]", total_name(database, c)));
        }
        line.end();
        for (t, answer) in rows {
            let mut line = Line::new(&mut bytes);
            line.text(self.text);
            line.number(((t - 273.15) * 1e9).round() / 1e9);
            match answer {
                Some(d) => self.row(d, &components, &left, &mut line),
                None => {
                    line.text("incompatible");
                    (0..6 + 2 * (components.len() + left.len())).for_each(|_| line.blank());
                }
            }
            line.end();
        }
        bytes
    }

    fn row(
        &self,
        d: &Decomposition,
        components: &[ComponentId],
        left: &[MineralId],
        line: &mut Line<'_>,
    ) {
        let database = self.database;
        let solids_kg = mass_kg(database, &solids_mol(database, self.solids));
        line.text("wet");
        line.number(d.water_kg);
        line.number(d.water_kg / solids_kg);
        for &c in components {
            line.number(100.0 * d.share_in_solids(database, c));
        }
        for &m in left {
            let moles = d.state.solids_mol[m];
            line.number(moles);
            line.number(moles * database.reaction_mass_kg_mol(&database.minerals[m].dissolution));
        }
        line.number(mass_kg(
            database,
            &d.state.liquid_amounts_mol(database, &d.amounts_mol),
        ));
        line.number(d.state.water_kg);
        line.number(d.state.water_activity);
        line.number(d.state.density_kg_m3(database));
        for &c in components {
            line.number(d.state.total_molality_mol_kgw(database, c));
        }
    }
}
