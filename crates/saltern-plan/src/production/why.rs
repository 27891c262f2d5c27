//! Why not? What stands in the way of a plan of production whose contracts cannot all be kept, and the cheapest way out.
//!
//! The programme without a box around the base's own rules: what grows, what a tonne of ore gives and what share of an
//! element it holds are those of the simulated rules, all else is the user's. A proof of its infeasibility (see
//! [`crate::why`]) names bounds, and each leads to a row of the folder. The cheapest way out is the elastic programme: what
//! was decided (contracts, grades, wagons, stores) gives way before what was built (plants, dredges), 1 to 3 a tonne, and
//! a tonne over the room of a store counts a 52nd for each week of it. These weights are assumed.

mod text;

use std::ops::Range;

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_units::place::Place;

use super::logistics::months_of;
use super::name::Name;
use super::step::Step;
use crate::programme::Programme;
use crate::solver::{Options, Solver, SolverError};
use crate::why::Bound;
use crate::why::bound::{At, Part, Side};
use crate::why::cause::ranges;
use crate::why::find::{self, Found};
use crate::why::give;
use crate::why::whole;

/// Weight of what was decided, per t.
const DECIDED: f64 = 1.0;
/// Weight of what was built, per t.
const BUILT: f64 = 3.0;
/// Weight of a tonne that lies too much for a week.
const A_WEEK: f64 = 1.0 / 52.0;

/// What stands in the way, as the folder knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A contract; index into the demands.
    Contract(usize),
    /// A grade; index into the grades.
    Grade(usize),
    /// What the market takes at most; index into the products.
    Market(usize),
    /// Wagons; index into the routes.
    Wagons(usize),
    /// A far warehouse; index into the routes.
    Warehouse(usize),
    /// Room at the base; index into the products.
    Stock(usize),
    /// Capacity and season of a plant; index into the base's plants.
    Plant(usize),
    /// Rate and season of a harvest; index into the choices of harvests.
    Harvest(usize),
    /// A crew is in one pond at a time; index of the first choice that has it.
    Crew(usize),
    /// What forms in a pond, simulated; index into the choices of harvests.
    Salt(usize),
    /// What comes to a heap and goes from it; index into the base's stockpiles.
    Heap(usize),
}

impl What {
    /// Id or name by which the folder knows it.
    pub fn id(self, base: &Base, production: &Production) -> String {
        match self {
            What::Contract(d) => production.products[production.demands[d].product]
                .name
                .clone(),
            What::Grade(g) => {
                let grade = &production.grades[g];
                format!("{} ({})", base.plants[grade.plant].id, grade.element)
            }
            What::Market(i) | What::Stock(i) => production.products[i].name.clone(),
            What::Wagons(r) | What::Warehouse(r) => production.routes[r].id.clone(),
            What::Plant(p) => base.plants[p].id.clone(),
            What::Harvest(c) | What::Salt(c) => {
                base.harvests[production.harvests[c].harvest].id.clone()
            }
            What::Crew(c) => production.harvests[c].crew.clone().unwrap_or_default(),
            What::Heap(k) => base.stockpiles[k].id.clone(),
        }
    }

    /// Rows of the folder that say it.
    pub fn places(self, base: &Base, production: &Production) -> Vec<Place> {
        match self {
            What::Contract(d) => vec![production.demands[d].place.clone()],
            What::Grade(g) => vec![production.grades[g].place.clone()],
            What::Market(i) => {
                let rows = production.demands.iter().filter(|d| d.product == i);
                rows.map(|demand| demand.place.clone()).collect()
            }
            What::Stock(i) => vec![production.products[i].place.clone()],
            What::Wagons(r) | What::Warehouse(r) => vec![production.routes[r].place.clone()],
            What::Plant(p) => vec![base.plants[p].place.clone()],
            What::Harvest(c) | What::Salt(c) => vec![production.harvests[c].place.clone()],
            What::Crew(c) => {
                let crew = &production.harvests[c].crew;
                let rows = production.harvests.iter().filter(|h| h.crew == *crew);
                rows.map(|choice| choice.place.clone()).collect()
            }
            What::Heap(k) => {
                // The base does not keep the rows of its stockpiles: those of what comes to them are told.
                let rows = production.harvests.iter().filter(|choice| {
                    base.harvests[choice.harvest].stockpile == base.stockpiles[k].id
                });
                rows.map(|choice| choice.place.clone()).collect()
            }
        }
    }

    /// What a limit of the programme is, if its dual can be told of.
    pub(super) fn of_limit(name: Name) -> Option<What> {
        Some(match name {
            Name::Feed(p) => What::Plant(p),
            Name::Take(c) => What::Harvest(c),
            Name::Sold(i) => What::Market(i),
            Name::Store(i) => What::Stock(i),
            Name::Wagons(r) => What::Wagons(r),
            Name::Warehouse(r) => What::Warehouse(r),
            Name::Crew(c) => What::Crew(c),
            _ => return None,
        })
    }
}

/// One of the things that cannot all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    /// What it is.
    pub what: What,
    /// Its id or name.
    pub id: String,
    /// Least and greatest value over the steps, t; the share of a grade.
    pub value: (f64, f64),
    /// When: consecutive steps together, first and last day.
    pub times: Vec<(jiff::civil::Date, jiff::civil::Date)>,
    /// Rows of the base that say it.
    pub places: Vec<Place>,
    bounds: Vec<Bound>,
}

/// A change that would help.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// What gives way.
    pub what: What,
    /// Its id or name.
    pub id: String,
    /// By how much in all, t: of product, ore or salt, of the element for a grade, t·week of what lies in a store.
    pub by_t: f64,
    /// When.
    pub times: Vec<(jiff::civil::Date, jiff::civil::Date)>,
    /// Rows of the base that say how it is now.
    pub places: Vec<Place>,
}

/// Why contracts and grades cannot all be kept.
#[derive(Clone, Debug)]
pub struct Impossible {
    /// What cannot all hold.
    pub conflict: Vec<Obstacle>,
    /// Whether none of it can be left out.
    pub irreducible: bool,
    /// The cheapest changes after which there is a plan.
    pub relaxation: Vec<Relief>,
    programme: Programme<Name>,
    unsaid: Vec<Bound>,
    giving: Vec<(Bound, f64)>,
}

impl Impossible {
    /// The conflict as a programme of its own, without one obstacle if its number is given: it cannot be met, and can be
    /// met without any one.
    pub fn conflicting(&self, without: Option<usize>) -> Programme<()> {
        let told = self.conflict.iter().enumerate();
        let told = told.filter(|(o, _)| Some(*o) != without);
        let bounds = told.flat_map(|(_, obstacle)| &obstacle.bounds);
        Part::of(&self.programme, bounds.chain(&self.unsaid).copied()).programme
    }

    /// The programme with the changes of the relaxation, and a little more, so that rounding doesn't hold it up.
    pub fn relaxed(&self) -> Programme<()> {
        let mut programme = self.programme.bare();
        for (bound, by) in &self.giving {
            bound.widen(&mut programme, by + 1e-6 * (1.0 + by));
        }
        programme
    }
}

/// What a programme is of.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) base: &'a Base,
    pub(super) production: &'a Production,
    pub(super) steps: &'a [Step],
    /// Without a box.
    pub(super) programme: &'a Programme<Name>,
}

/// Why a programme has no solution; `None` where it has one, or time ran out.
pub(super) fn impossible(
    question: &Question<'_>,
    options: &Options,
) -> Result<Option<Impossible>, SolverError> {
    let Some(found) = conflict(question.programme, options)? else {
        return Ok(None);
    };
    let giving = relaxation(question, options)?;
    let (conflict, mut unsaid) = question.obstacles(found.certificate.bounds());
    unsaid.extend(found.always);
    Ok(Some(Impossible {
        conflict,
        irreducible: found.irreducible,
        relaxation: question.reliefs(&giving),
        programme: question.programme.clone(),
        unsaid,
        giving,
    }))
}

/// A conflict from a proof; where crews alone make it, by halves.
fn conflict(programme: &Programme<Name>, options: &Options) -> Result<Option<Found>, SolverError> {
    if let Some(crossed) = find::crossed(programme) {
        return Ok(Some(crossed));
    }
    if let Some(wide) = find::of_ray(programme, options)? {
        let part = Part::of(programme, wide.certificate.bounds());
        let small = find::of_ray(&part.programme, options)?;
        return Ok(Some(match small {
            Some(mut small) => {
                for held in &mut small.certificate.held {
                    held.bound = part.whole(held.bound);
                }
                small
            }
            None => Found {
                irreducible: false,
                ..wide
            },
        }));
    }
    if programme.whole.is_empty() {
        return Ok(None);
    }
    let sides = |at: At| [Side::Lower, Side::Upper].map(|side| Bound { at, side });
    let columns = (0..programme.column_count()).map(At::Column);
    let all = columns.chain((0..programme.row_count()).map(At::Row));
    let given = all.flat_map(sides);
    let given = given.filter(|bound| bound.value(programme).is_finite());
    let (bounds, always): (Vec<Bound>, Vec<Bound>) =
        given.partition(|bound| what(programme, *bound).is_some());
    let split = whole::split(programme, &always, bounds, options)?;
    Ok(Some(Found::unproven(split, always)))
}

/// What a bound is, and its step; `None` for what goes without saying.
fn what(programme: &Programme<Name>, bound: Bound) -> Option<(What, usize)> {
    let (name, step) = match bound.at {
        At::Column(column) => programme.column_name(column)?,
        At::Row(row) => programme.row_name(row)?,
    };
    let what = match (name, bound.at, bound.side) {
        (Name::Contract(d), At::Row(_), Side::Lower) => What::Contract(d),
        (Name::Grade(g), At::Row(_), Side::Lower) => What::Grade(g),
        (Name::Sold(i), At::Column(_), Side::Upper) => What::Market(i),
        (Name::Wagons(r), At::Row(_), Side::Upper) => What::Wagons(r),
        (Name::Warehouse(r), At::Row(_), Side::Upper) => What::Warehouse(r),
        (Name::Store(i), At::Column(_), Side::Upper) => What::Stock(i),
        (Name::Feed(p), At::Column(_), Side::Upper) => What::Plant(p),
        (Name::Take(c), At::Column(_), Side::Upper) => What::Harvest(c),
        (Name::Crew(c), At::Row(_), Side::Upper) => What::Crew(c),
        (Name::Floor(c), At::Row(_), _) => What::Salt(c),
        (Name::Pile(k), At::Row(_), _) => What::Heap(k),
        _ => return None,
    };
    Some((what, step))
}

/// Weight of a bound that may give way; `None` where nobody could let it.
fn weight(what: What) -> Option<f64> {
    match what {
        What::Contract(_) | What::Grade(_) | What::Wagons(_) => Some(DECIDED),
        What::Warehouse(_) | What::Stock(_) => Some(A_WEEK * DECIDED),
        What::Plant(_) | What::Harvest(_) => Some(BUILT),
        What::Market(_) | What::Crew(_) | What::Salt(_) | What::Heap(_) => None,
    }
}

/// Bounds that give way in the cheapest way out, and by how much.
fn relaxation(
    question: &Question<'_>,
    options: &Options,
) -> Result<Vec<(Bound, f64)>, SolverError> {
    let plan = question.programme;
    let mut elastic = plan.bare();
    elastic.cost.fill(0.0);
    elastic.whole = plan.whole.clone();
    let price = |bound| what(plan, bound).and_then(|(what, _)| weight(what));
    let slacks = give::way(plan, &mut elastic, price);
    let solution = Solver::new(&elastic, options)?.solve()?;
    if !solution.feasible {
        return Ok(Vec::new());
    }
    let giving = slacks.into_iter();
    let giving = giving.map(|(bound, own)| (bound, solution.columns[own]));
    Ok(giving.filter(|(_, by)| *by > 1e-6).collect())
}

impl Question<'_> {
    /// Bounds by what they are, and those that go without saying.
    fn obstacles(&self, bounds: impl Iterator<Item = Bound>) -> (Vec<Obstacle>, Vec<Bound>) {
        let mut groups: Vec<(What, Vec<usize>, Vec<Bound>)> = Vec::new();
        let mut unsaid = Vec::new();
        for bound in bounds {
            match what(self.programme, bound) {
                None => unsaid.push(bound),
                Some((what, step)) => match groups.iter_mut().find(|(known, ..)| *known == what) {
                    Some((_, steps, bounds)) => {
                        steps.push(step);
                        bounds.push(bound);
                    }
                    None => groups.push((what, vec![step], vec![bound])),
                },
            }
        }
        let obstacle = |(what, steps, bounds): (What, Vec<usize>, Vec<Bound>)| {
            let values = bounds.iter().map(|bound| bound.value(self.programme));
            let value = match what {
                What::Grade(g) => {
                    let least = self.production.grades[g].least;
                    (least, least)
                }
                _ => values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                }),
            };
            Obstacle {
                what,
                id: what.id(self.base, self.production),
                value,
                times: self.times(what, steps),
                places: what.places(self.base, self.production),
                bounds,
            }
        };
        (groups.into_iter().map(obstacle).collect(), unsaid)
    }

    fn reliefs(&self, giving: &[(Bound, f64)]) -> Vec<Relief> {
        let mut groups: Vec<(What, Vec<usize>, f64)> = Vec::new();
        for (bound, by) in giving {
            let Some((what, step)) = what(self.programme, *bound) else {
                continue;
            };
            match groups.iter_mut().find(|(known, ..)| *known == what) {
                Some((_, steps, sum)) => {
                    steps.push(step);
                    *sum += by;
                }
                None => groups.push((what, vec![step], *by)),
            }
        }
        let relief = |(what, steps, by_t): (What, Vec<usize>, f64)| Relief {
            what,
            id: what.id(self.base, self.production),
            by_t,
            times: self.times(what, steps),
            places: what.places(self.base, self.production),
        };
        groups.into_iter().map(relief).collect()
    }

    /// Consecutive steps as their first and last day; a contract counts in months.
    fn times(&self, what: What, steps: Vec<usize>) -> Vec<(jiff::civil::Date, jiff::civil::Date)> {
        let months = match what {
            What::Contract(d) => months_of(&self.production.demands[d], self.steps),
            _ => Vec::new(),
        };
        let days = |range: Range<usize>| match what {
            What::Contract(_) => (
                months[range.start].first_of_month(),
                months[range.end - 1].last_of_month(),
            ),
            _ => (
                self.steps[range.start].first,
                self.steps[range.end - 1].last(),
            ),
        };
        ranges(steps).into_iter().map(days).collect()
    }
}
