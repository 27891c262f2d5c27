//! Why not? What stands in the way of an expansion that cannot be had, in rows of the folder, and the cheapest way out.
//!
//! The elastic programme (see [`crate::why`]): budgets, caps of carbon, most and least that is built, demand, arriving work
//! and what grids sell may give way at a price, and the least is paid. Weights are assumed, as an order of what people
//! would rather change: a MWh bought 1, a tonne of a cap as much as the MWh that emits it, a million of a budget 100, a MW built beyond
//! its limit 1000, a MWh not served 10. Bounds with a price there conflict; a proof within them (Farkas) names the rows.

mod text;

use super::build::Expanding;
use super::name::{Name, Part};
use crate::dispatch;
use crate::solver::{Method, Options, Solver, SolverError};
use crate::why::bound::{At, Bound, Part as Extract, Side};
use crate::why::certificate::Certificate;
use crate::why::find;
use crate::why::give;
use saltern_base::energy::{Energy, UnitRef};
use saltern_base::model::Label;
use saltern_units::place::Place;

/// What stands in the way, in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The budget.
    Budget,
    /// The cap of carbon dioxide.
    Carbon,
    /// Most that is built of a part.
    Most(Part),
    /// Least that is built of a part.
    Least(Part),
    /// Demand of a node.
    Demand(usize),
    /// Arriving work of a class.
    Work(usize),
    /// What a grid sells at most.
    Grid(usize),
    /// What a unit that isn't built can do.
    Unit(UnitRef),
    /// Shortage of a node that may be.
    Shortage(usize),
}

/// One of the things that cannot all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Hindrance {
    /// What it is.
    pub what: What,
    /// Year of its stage.
    pub year: i64,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// Greatest value: money, t, MW or MWh.
    pub value: f64,
    /// Rows of the folder that say it.
    pub places: Vec<Place>,
}

/// A change that would help.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// What gives way.
    pub what: What,
    /// Year of its stage.
    pub year: i64,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// By how much: money, t a year, MW or MWh built; MWh a year of demand, work and what is bought.
    pub by: f64,
    /// Rows of the folder that say how it is now.
    pub places: Vec<Place>,
}

/// Why nothing can be planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Impossible {
    /// What cannot all hold.
    pub conflict: Vec<Hindrance>,
    /// The cheapest changes after which there is a plan.
    pub relaxation: Vec<Relief>,
}

/// Why an expansion cannot be had; `None` if it can, or if time ran out.
///
/// # Errors
/// The solver refused a programme.
pub fn impossible(
    energy: &Energy,
    expanding: &Expanding,
    options: &Options,
) -> Result<Option<Impossible>, SolverError> {
    let asked = Asked { energy, expanding };
    let programme = &expanding.programme;
    let mut elastic = programme.bare();
    elastic.cost.fill(0.0);
    let slacks = give::way(programme, &mut elastic, |bound| asked.weight(bound));
    // Without costs of its own the programme is degenerate, which the simplex is slow on.
    let by_points = Options {
        method: Method::InteriorPoint,
        ..*options
    };
    let solution = Solver::new(&elastic, &by_points)?.solve()?;
    let crossed = find::crossed(programme);
    if crossed.is_none() && (!solution.feasible || solution.objective <= 1e-6) {
        return Ok(None);
    }
    let certificate = match crossed {
        Some(found) => Some(found.certificate),
        None => smaller(programme, &solution.duals, options)?,
    };
    let bounds: Vec<Bound> = certificate.iter().flat_map(|c| c.bounds()).collect();
    let giving: Vec<(Bound, f64)> = slacks
        .into_iter()
        .map(|(bound, own)| (bound, solution.columns.get(own).copied().unwrap_or(0.0)))
        .filter(|(_, by)| *by > 1e-6)
        .collect();
    Ok(Some(Impossible {
        conflict: asked.hindrances(&bounds),
        relaxation: asked.reliefs(&giving),
    }))
}

/// A proof from the prices of the elastic programme, and a smaller one within it where the simplex finds one in time.
fn smaller(
    programme: &crate::programme::Programme<Name>,
    duals: &[f64],
    options: &Options,
) -> Result<Option<Certificate>, SolverError> {
    let Some(wide) = Certificate::of(programme, duals) else {
        return Ok(None);
    };
    let part = Extract::of(programme, wide.bounds());
    // Beyond this the simplex is slow without costs; the wide proof is one as well.
    if part.programme.row_count() > 2000 {
        return Ok(Some(wide));
    }
    let small = find::of_ray(&part.programme, options)?;
    Ok(Some(small.map_or(wide, |mut small| {
        for held in &mut small.certificate.held {
            held.bound = part.whole(held.bound);
        }
        small.certificate
    })))
}

/// A programme and its base.
struct Asked<'a> {
    energy: &'a Energy,
    expanding: &'a Expanding,
}

impl Asked<'_> {
    /// What a bound is, its stage, and what it counts a year; `None` for what goes without saying.
    fn of(&self, bound: Bound) -> Option<(What, usize, f64)> {
        let programme = &self.expanding.programme;
        let (name, step) = match bound.at {
            At::Column(column) => programme.column_name(column)?,
            At::Row(row) => programme.row_name(row)?,
        };
        let column = matches!(bound.at, At::Column(_));
        let (what, stage) = match (name, bound.side) {
            (Name::Budget(s), Side::Upper) => (What::Budget, s),
            (Name::Carbon(s), Side::Upper) => (What::Carbon, s),
            (Name::Built(part), Side::Upper) => (What::Most(part), step),
            (Name::Built(part), Side::Lower) if bound.value(programme) > 0.0 => {
                (What::Least(part), step)
            }
            (Name::Week { stage, week, name }, side) => {
                let what = self.in_week(name, side, column)?;
                let placed = &self.expanding.placed[stage][week];
                return Some((what, stage, placed.count * placed.series.window.step_h()));
            }
            _ => return None,
        };
        Some((what, stage, 1.0))
    }

    fn in_week(&self, name: dispatch::Name, side: Side, column: bool) -> Option<What> {
        use dispatch::Name as N;
        let class = |queue: usize| {
            let placed = &self.expanding.placed.first()?.first()?;
            Some(placed.series.class_of[queue])
        };
        Some(match (name, side, column) {
            (N::Balance(n), Side::Lower, false) => What::Demand(n),
            (N::Work(q), Side::Lower, false) => What::Work(class(q)?),
            (N::Import(g), Side::Upper, true) => What::Grid(g),
            (N::Shortage(n), Side::Upper, true) => What::Shortage(n),
            // What sun and wind give of a unit to be built is nature's; what stands of it is said by what may be built.
            (N::Generation(g), Side::Upper, true) if self.is_built(UnitRef::Generator(g)) => {
                return None;
            }
            (N::Generation(g), Side::Upper, true) => What::Unit(UnitRef::Generator(g)),
            (N::Conversion(c), Side::Upper, true) => What::Unit(UnitRef::Converter(c)),
            (N::Discharge(s), Side::Upper, true) => What::Unit(UnitRef::Store(s)),
            (N::Charge(s), Side::Upper, true) => What::Unit(UnitRef::Charge(s)),
            (N::Sent(l) | N::SentBack(l), Side::Upper, true) => What::Unit(UnitRef::Line(l)),
            (N::Computed { hall, .. }, Side::Upper, true)
            | (N::HallPower(hall), Side::Upper, _) => What::Unit(UnitRef::Hall(hall)),
            _ => return None,
        })
    }

    fn is_built(&self, unit: UnitRef) -> bool {
        let choices = self.energy.expansion.iter().flat_map(|e| &e.choices);
        choices.into_iter().any(|choice| choice.unit == unit)
    }

    /// Price of giving way, per unit of the bound.
    fn weight(&self, bound: Bound) -> Option<f64> {
        let (what, stage, a_year) = self.of(bound)?;
        let per = match what {
            What::Budget => 100.0,
            What::Carbon => 1000.0 / self.dirtiest(stage),
            What::Most(_) | What::Least(_) => 1000.0,
            What::Demand(_) | What::Work(_) => 10.0,
            What::Grid(_) => 1.0,
            What::Unit(_) | What::Shortage(_) => return None,
        };
        // Rows of work count in MWh, those of nodes in MW.
        Some(per * a_year)
    }

    /// Greatest factor of what is bought or burnt, t/MWh.
    fn dirtiest(&self, stage: usize) -> f64 {
        let weeks = self.expanding.placed[stage].iter();
        let bought = weeks.flat_map(|week| week.series.import_carbon.iter().flatten());
        let burnt = self.energy.generators.iter();
        let burnt = burnt.map(|g| g.carbon_kg_j * dispatch::MWH / 1e3);
        let most = bought.copied().chain(burnt).fold(0.0, f64::max);
        if most > 0.0 { most } else { 1.0 }
    }

    fn hindrances(&self, bounds: &[Bound]) -> Vec<Hindrance> {
        let mut all: Vec<Hindrance> = Vec::new();
        for bound in bounds {
            let Some((what, stage, _)) = self.of(*bound) else {
                continue;
            };
            let value = bound.value(&self.expanding.programme) * scale(what);
            let year = self.year(stage);
            let same = all.iter_mut().find(|h| h.what == what && h.year == year);
            if let Some(same) = same {
                same.value = same.value.max(value);
                continue;
            }
            let (id, name, places) = self.who(what, stage);
            all.push(Hindrance {
                what,
                year,
                id,
                name,
                value,
                places,
            });
        }
        // What was decided first, then what was built, then what must be served.
        all.sort_by_key(|h| (order(h.what), h.year));
        all
    }

    fn reliefs(&self, giving: &[(Bound, f64)]) -> Vec<Relief> {
        let mut all: Vec<Relief> = Vec::new();
        for (bound, by) in giving {
            let Some((what, stage, a_year)) = self.of(*bound) else {
                continue;
            };
            let by = by * a_year * scale(what);
            let year = self.year(stage);
            if let Some(same) = all.iter_mut().find(|r| r.what == what && r.year == year) {
                same.by += by;
                continue;
            }
            let (id, name, places) = self.who(what, stage);
            all.push(Relief {
                what,
                year,
                id,
                name,
                by,
                places,
            });
        }
        all.sort_by_key(|r| (order(r.what), r.year));
        all
    }

    fn year(&self, stage: usize) -> i64 {
        let stages = self.energy.expansion.as_ref();
        stages.map_or(0, |expansion| expansion.stages[stage].year)
    }

    /// Id, name and rows of what stands in the way.
    fn who(&self, what: What, stage: usize) -> (String, Label, Vec<Place>) {
        let energy = self.energy;
        let own = |who: &saltern_base::energy::Identity| {
            (who.id.clone(), who.name.clone(), vec![who.place.clone()])
        };
        let Some(expansion) = &energy.expansion else {
            return (String::new(), Label::default(), Vec::new());
        };
        let its_stage = &expansion.stages[stage];
        match what {
            What::Budget | What::Carbon => {
                let year = its_stage.year.to_string();
                let name = Label {
                    en: year.clone(),
                    zh: year.clone(),
                };
                (year, name, vec![its_stage.place.clone()])
            }
            What::Most(part) | What::Least(part) => {
                let choice = &expansion.choices[part.choice()];
                let (id, name, mut places) = own(identity(energy, choice.unit));
                if let Some(terms) = &choice.terms[stage] {
                    places = vec![terms.place.clone()];
                }
                (id, name, places)
            }
            What::Demand(n) => {
                let (id, name, _) = own(&energy.nodes[n].who);
                let rows = energy.demands.iter().filter(|d| d.node == n);
                let mut places: Vec<Place> = rows.map(|d| d.who.place.clone()).collect();
                places.push(its_stage.place.clone());
                (id, name, places)
            }
            What::Work(c) => {
                let (id, name, mut places) = own(&energy.classes[c].who);
                places.push(its_stage.place.clone());
                (id, name, places)
            }
            What::Grid(g) => own(&energy.grids[g].who),
            What::Unit(unit) => own(identity(energy, unit)),
            What::Shortage(n) => own(&energy.nodes[n].who),
        }
    }
}

/// Money, t, MW or MWh of the unit of a bound.
fn scale(what: What) -> f64 {
    match what {
        What::Budget => super::capacity::MILLION,
        What::Carbon => super::build::KILO,
        _ => 1.0,
    }
}

fn order(what: What) -> usize {
    match what {
        What::Budget => 0,
        What::Carbon => 1,
        What::Most(_) | What::Least(_) => 2,
        What::Grid(_) => 3,
        What::Unit(_) => 4,
        What::Demand(_) | What::Work(_) => 5,
        What::Shortage(_) => 6,
    }
}

fn identity(energy: &Energy, unit: UnitRef) -> &saltern_base::energy::Identity {
    match unit {
        UnitRef::Generator(g) => &energy.generators[g].who,
        UnitRef::Store(s) | UnitRef::Charge(s) => &energy.stores[s].who,
        UnitRef::Converter(c) => &energy.converters[c].who,
        UnitRef::Line(l) => &energy.lines[l].who,
        UnitRef::Grid(g) => &energy.grids[g].who,
        UnitRef::Hall(h) => &energy.halls[h].who,
    }
}
