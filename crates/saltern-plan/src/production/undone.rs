//! Why not more? What a plan does less of than the folder lets it, and what stands against more of it.
//!
//! A tonne more of a decision `j` costs `c_j − Σ y_i a_ij`, the dual `y_i` of each row being what a unit of it is worth. A row
//! whose part `−y_i a_ij` is positive is what that tonne would be taken from; the largest of them is the answer. Where the
//! programme itself was not let further (a box around a simulation, what ponds gave in it) that is said instead.

mod text;

use std::collections::HashMap;

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_units::place::Place;

use super::build::{Around, decided_plants};
use super::name::Name;
use super::trajectory::capacity_t_d;
use super::why::What;
use crate::programme::Programme;
use crate::solution::Solution;

pub use text::Told;

/// Money per unit that counts as none.
const NOTHING: f64 = 1e-2;
/// Share of what could be done that counts as none.
const LITTLE: f64 = 0.01;

/// What could be done more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doable {
    /// A harvest; index into the choices of harvests.
    Harvest(usize),
    /// The leading feed of a plant; index into the base's plants.
    Plant(usize),
    /// A flow; index into the choices of flows.
    Flow(usize),
}

/// What stands against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// It is out of its season.
    Season,
    /// Salt of a pond would be missing elsewhere; index into the choices of harvests.
    Salt(usize),
    /// What lies on a heap: it would be missing elsewhere, or lie there for nothing; index into the base's stockpiles.
    Heap(usize),
    /// A crew is elsewhere, or a campaign would be too short; index into the choices of harvests.
    Crew(usize),
    /// A grade; index into the grades.
    Grade(usize),
    /// A product would lie without a buyer, or less of it would be made; index into the products.
    Product(usize),
    /// Electricity.
    Energy,
    /// Ponds gave no more in the simulation.
    Drawn,
    /// The last turn was not let further.
    Box,
    /// More would earn nothing.
    Nothing,
}

/// What a plan does less of than the folder lets it, over consecutive steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Undone {
    /// What.
    pub of: Doable,
    /// First step.
    pub from: usize,
    /// Last step, included.
    pub to: usize,
    /// Share of the most there is that is not done, mean of the steps.
    pub left: f64,
    /// What stands against more.
    pub because: Because,
    /// What that is worth, money per t more (per factor 1 of a flow), mean of the steps; zero where it has no price.
    pub worth: f64,
}

/// All that is left undone; `wide` is the same programme without a box, `solution` has prices.
pub(super) fn undone(
    around: &Around<'_>,
    programme: &Programme<Name>,
    wide: &Programme<Name>,
    solution: &Solution,
) -> Vec<Undone> {
    let asked = Asked {
        around,
        programme,
        wide,
        solution,
        parts: by_column(programme),
    };
    let harvests = (0..around.production.harvests.len()).map(Doable::Harvest);
    let plants = decided_plants(around.base, around.production).into_iter();
    let flows = (0..around.production.flows.len()).filter_map(|flow| asked.flow(flow));
    let steps = harvests
        .chain(plants.map(Doable::Plant))
        .flat_map(|of| (0..around.steps.len()).map(move |step| (of, step)))
        .filter_map(|(of, step)| asked.step(of, step));
    let mut all = merged(steps);
    all.extend(flows);
    all
}

/// Entries of each column: row and value.
fn by_column(programme: &Programme<Name>) -> Vec<Vec<(usize, f64)>> {
    let mut parts = vec![Vec::new(); programme.column_count()];
    for entry in &programme.entries {
        parts[entry.column as usize].push((entry.row as usize, entry.value));
    }
    parts
}

struct Asked<'a> {
    around: &'a Around<'a>,
    programme: &'a Programme<Name>,
    wide: &'a Programme<Name>,
    solution: &'a Solution,
    parts: Vec<Vec<(usize, f64)>>,
}

impl Asked<'_> {
    /// What is left undone in a step, if anything is.
    fn step(&self, of: Doable, step: usize) -> Option<Undone> {
        let name = match of {
            Doable::Harvest(choice) => Name::Take(choice),
            Doable::Plant(plant) => Name::Feed(plant),
            Doable::Flow(_) => return None,
        };
        let column = self.programme.columns_of(name)?.start + step;
        let (most, full) = (self.most(of, step), self.full(of, step));
        let value = self.solution.columns[column];
        let (left, (because, worth)) = if most <= 0.0 {
            (1.0, (Because::Season, 0.0))
        } else {
            let left = 1.0 - value / most;
            if left * most < LITTLE * full {
                return None;
            }
            (left, self.reason(column, most))
        };
        Some(Undone {
            of,
            from: step,
            to: step,
            left,
            because,
            worth,
        })
    }

    /// Most of a step, t, within its season.
    fn most(&self, of: Doable, step: usize) -> f64 {
        let span = &self.around.steps[step];
        self.full(of, step) / f64::from(span.days.max(1))
            * match of {
                Doable::Harvest(choice) => {
                    let season = self.around.production.harvests[choice].season;
                    f64::from(span.days_in(Some(season)))
                }
                Doable::Plant(plant) => {
                    f64::from(span.days_in(self.around.base.plants[plant].season))
                }
                Doable::Flow(_) => 0.0,
            }
    }

    /// Most of a step, t, were it all within the season.
    fn full(&self, of: Doable, step: usize) -> f64 {
        let days = f64::from(self.around.steps[step].days);
        match of {
            Doable::Harvest(choice) => {
                self.around.production.harvests[choice].rate_kg_s * 86.4 * days
            }
            Doable::Plant(plant) => capacity_t_d(self.around.base, plant) * days,
            Doable::Flow(_) => 0.0,
        }
    }

    /// What stands against more of a column, and its worth.
    fn reason(&self, column: usize, most: f64) -> (Because, f64) {
        let held_at = self.programme.upper[column];
        let is_held = self.solution.columns[column] >= held_at - LITTLE * most;
        if is_held && self.solution.reduced_costs[column] < -NOTHING {
            let is_own = self.wide.upper[column] <= held_at + LITTLE * most;
            return match is_own {
                true => (Because::Drawn, -self.solution.reduced_costs[column]),
                false => (Because::Box, -self.solution.reduced_costs[column]),
            };
        }
        self.dearest(column).unwrap_or((Because::Nothing, 0.0))
    }

    /// What more of a column would be taken from, that of the greatest worth.
    fn dearest(&self, column: usize) -> Option<(Because, f64)> {
        let mut parts: HashMap<Because, f64> = HashMap::new();
        *parts.entry(Because::Energy).or_default() += self.programme.cost[column];
        for (row, value) in &self.parts[column] {
            let name = self.programme.row_name(*row).map(|(name, _)| name);
            if let Some(because) = name.and_then(of_row) {
                *parts.entry(because).or_default() -= self.solution.duals[*row] * value;
            }
        }
        let against = parts.into_iter().filter(|(_, worth)| *worth > NOTHING);
        // Two of one worth are told apart by their numbers, so that the answer is always the same.
        against.max_by(|a, b| (a.1.total_cmp(&b.1)).then_with(|| order(a.0).cmp(&order(b.0))))
    }

    /// A flow has one factor over its season.
    fn flow(&self, flow: usize) -> Option<Undone> {
        let column = self.programme.columns_of(Name::Factor(flow))?.start;
        let most = self.around.factor_ends.get(flow)?.1;
        let value = self.solution.columns[column];
        let season = Some(self.around.production.flows[flow].season);
        let open = |step: &usize| self.around.steps[*step].days_in(season) > 0;
        let mut open = (0..self.around.steps.len()).filter(open);
        let from = open.next()?;
        let left = 1.0 - value / most;
        if left < LITTLE {
            return None;
        }
        let is_held = value >= self.programme.upper[column] - LITTLE;
        let is_free = self.programme.upper[column] > self.programme.lower[column];
        let (because, worth) = match self.dearest(column) {
            _ if !is_free => (Because::Box, 0.0),
            _ if is_held && self.solution.reduced_costs[column] < -NOTHING => {
                (Because::Box, -self.solution.reduced_costs[column])
            }
            found => found.unwrap_or((Because::Nothing, 0.0)),
        };
        Some(Undone {
            of: Doable::Flow(flow),
            from,
            to: open.next_back().unwrap_or(from),
            left,
            because,
            worth,
        })
    }
}

/// What a row stands for.
fn of_row(name: Name) -> Option<Because> {
    Some(match name {
        Name::Floor(c) => Because::Salt(c),
        Name::Pile(k) => Because::Heap(k),
        Name::Crew(c) | Name::TakeWorks(c) | Name::TakeLeast(c) => Because::Crew(c),
        Name::Grade(g) => Because::Grade(g),
        Name::Store(i) => Because::Product(i),
        Name::Energy | Name::EnergyCut(_) => Because::Energy,
        _ => return None,
    })
}

fn order(because: Because) -> (u8, usize) {
    match because {
        Because::Season => (0, 0),
        Because::Salt(c) => (1, c),
        Because::Heap(k) => (2, k),
        Because::Crew(c) => (3, c),
        Because::Grade(g) => (4, g),
        Because::Product(i) => (5, i),
        Because::Energy => (6, 0),
        Because::Drawn => (7, 0),
        Because::Box => (8, 0),
        Because::Nothing => (9, 0),
    }
}

/// Where a turn in a small box says no more than that, what an earlier turn around the same plan said.
pub(super) fn with_earlier(undone: &[Undone], earlier: &[Undone]) -> Vec<Undone> {
    let known = |of: Doable, step: usize| {
        let mut known = earlier.iter();
        known.find(|e| e.of == of && (e.from..=e.to).contains(&step) && e.because != Because::Box)
    };
    let filled = undone.iter().flat_map(|one| {
        let whole = matches!(one.of, Doable::Flow(_));
        let parts = match whole {
            true => vec![(one.from, one.to)],
            false => (one.from..=one.to).map(|step| (step, step)).collect(),
        };
        parts.into_iter().map(|(from, to)| {
            let told = match one.because {
                Because::Box => known(one.of, from).unwrap_or(one),
                _ => one,
            };
            Undone {
                from,
                to,
                because: told.because,
                worth: told.worth,
                ..*one
            }
        })
    });
    merged(filled)
}

/// Consecutive steps of one thing for one reason as one.
fn merged(steps: impl Iterator<Item = Undone>) -> Vec<Undone> {
    let mut merged: Vec<Undone> = Vec::new();
    for one in steps {
        match merged.last_mut() {
            Some(last)
                if last.of == one.of && last.because == one.because && last.to + 1 == one.from =>
            {
                // Either may be of several steps.
                let (before, more) = (last.steps(), one.steps());
                let mean = |old: f64, new: f64| (old * before + new * more) / (before + more);
                last.left = mean(last.left, one.left);
                last.worth = mean(last.worth, one.worth);
                last.to = one.to;
            }
            _ => merged.push(one),
        }
    }
    merged
}

impl Undone {
    fn steps(&self) -> f64 {
        (self.to + 1 - self.from) as f64
    }

    /// Id of what is left undone, as the folder has it.
    pub fn id(&self, base: &Base, production: &Production) -> String {
        match self.of {
            Doable::Harvest(choice) => What::Harvest(choice).id(base, production),
            Doable::Plant(plant) => What::Plant(plant).id(base, production),
            Doable::Flow(flow) => base.links[production.flows[flow].link].id.clone(),
        }
    }

    /// Rows of the folder that the answer leads to.
    pub fn places(&self, base: &Base, production: &Production) -> Vec<Place> {
        let own = match self.of {
            Doable::Harvest(choice) => production.harvests[choice].place.clone(),
            Doable::Plant(plant) => base.plants[plant].place.clone(),
            Doable::Flow(flow) => production.flows[flow].place.clone(),
        };
        let what = self.because.what();
        let places = what.map_or_else(Vec::new, |what| what.places(base, production));
        match places.is_empty() {
            true => vec![own],
            false => places,
        }
    }
}

impl Because {
    /// What of the folder it is.
    fn what(self) -> Option<What> {
        match self {
            Because::Salt(c) => Some(What::Salt(c)),
            Because::Heap(k) => Some(What::Heap(k)),
            Because::Crew(c) => Some(What::Crew(c)),
            Because::Grade(g) => Some(What::Grade(g)),
            Because::Product(i) => Some(What::Stock(i)),
            Because::Season
            | Because::Energy
            | Because::Drawn
            | Because::Box
            | Because::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(of: Doable, (from, to): (usize, usize), because: Because, worth: f64) -> Undone {
        Undone {
            of,
            from,
            to,
            left: 0.5,
            because,
            worth,
        }
    }

    #[test]
    fn what_a_small_box_hides_is_told_by_the_turn_before() {
        let (harvest, flow) = (Doable::Harvest(0), Doable::Flow(0));
        let last = [
            of(harvest, (0, 5), Because::Box, 0.0),
            of(harvest, (6, 7), Because::Season, 0.0),
            of(flow, (0, 7), Because::Box, 0.0),
        ];
        let before = [
            of(harvest, (1, 2), Because::Salt(0), 3.0),
            of(harvest, (3, 3), Because::Box, 9.0),
            of(harvest, (6, 6), Because::Crew(0), 4.0),
            of(flow, (0, 6), Because::Product(1), 7.0),
        ];
        let told = with_earlier(&last, &before);
        let expected = [
            of(harvest, (0, 0), Because::Box, 0.0),
            of(harvest, (1, 2), Because::Salt(0), 3.0),
            of(harvest, (3, 5), Because::Box, 0.0),
            of(harvest, (6, 7), Because::Season, 0.0),
            of(flow, (0, 7), Because::Product(1), 7.0),
        ];
        assert_eq!(told, expected);
    }
}
