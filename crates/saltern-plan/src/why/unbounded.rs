//! A plan that earns without end: which units grow together, and which limit or price is missing.

use super::{Question, text};
use crate::dispatch::Name;
use crate::message::catalogue;
use crate::solver::{Options, Solver, SolverError};
use saltern_base::energy::{Energy, Identity};
use saltern_base::model::Label;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::quantity::significant;

/// A unit whose power grows without end.
#[derive(Clone, Debug, PartialEq)]
pub struct Endless {
    /// Unit, node or class.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// Its row.
    pub place: Place,
    /// Column of its table that would limit it.
    pub limit: &'static str,
    /// What a MW more earns in a step, by itself; zero or less for a unit that only goes along.
    pub earns: f64,
    /// Currency.
    pub currency: String,
}

impl Message for Endless {
    fn code(&self) -> &'static str {
        if self.earns > 0.0 {
            "why.endless"
        } else {
            "why.endless_part"
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let earns = format!("{} {}", significant(self.earns, 5), self.currency);
        vec![
            ("name", text::named(&self.name, &self.id, lang)),
            ("places", self.place.text(lang)),
            ("limit", self.limit.into()),
            ("earns", earns),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Units along whose powers a plan earns without end, those that earn first; empty if there are none.
///
/// They are the columns of the solver's ray that have no limit of their own.
///
/// # Errors
/// The solver refused the programme.
pub fn unbounded(question: &Question<'_>, options: &Options) -> Result<Vec<Endless>, SolverError> {
    let programme = &question.plan.programme;
    let options = Options {
        presolve: false,
        ..*options
    };
    let mut solver = Solver::new(programme, &options)?;
    solver.solve()?;
    let Some(ray) = solver.primal_ray()? else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Endless> = Vec::new();
    let growing = ray.iter().enumerate().filter(|(_, rate)| **rate > 1e-9);
    for (column, _) in growing {
        let named = programme.column_name(column);
        let Some((who, limit)) = named.and_then(|(name, _)| limited(question.energy, name)) else {
            continue;
        };
        let earns = -programme.cost[column];
        match found
            .iter_mut()
            .find(|known| known.id == who.id && known.limit == limit)
        {
            Some(known) => known.earns = known.earns.max(earns),
            None => found.push(Endless {
                id: who.id.clone(),
                name: who.name.clone(),
                place: who.place.clone(),
                limit,
                earns,
                currency: question.energy.currency.clone(),
            }),
        }
    }
    found.sort_by(|a, b| b.earns.total_cmp(&a.earns));
    Ok(found)
}

/// Who a column without a limit is of, and the column of the table that would limit it.
fn limited(energy: &Energy, name: Name) -> Option<(&Identity, &'static str)> {
    Some(match name {
        Name::Generation(g) => (&energy.generators[g].who, "capacity"),
        Name::Charge(s) => (&energy.stores[s].who, "charge"),
        Name::Discharge(s) => (&energy.stores[s].who, "discharge"),
        Name::Conversion(c) => (&energy.converters[c].who, "capacity"),
        Name::Sent(l) | Name::SentBack(l) => (&energy.lines[l].who, "capacity"),
        Name::Import(g) => (&energy.grids[g].who, "import"),
        Name::Export(g) => (&energy.grids[g].who, "export"),
        Name::Shortage(n) => (&energy.nodes[n].who, "shortage_max"),
        Name::Computed { hall, .. } => (&energy.halls[hall].who, "power"),
        _ => return None,
    })
}
