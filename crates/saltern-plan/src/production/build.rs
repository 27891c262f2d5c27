//! The programme: a year's weeks linearised around a simulated one.
//!
//! | row, each step | equation |
//! |---|---|
//! | floor of a pond | `floor' = floor + grown + Σ ∂grown/∂factor · (factor − factor₀) − taken` |
//! | stockpile | `pile' = pile + Σ taken · (1 + brine per salt) + Σ outlets per feed · feed − Σ inlets per feed · feed + what others bring` |
//! | product | `store' = store + Σ outlet per feed · feed + feed₀ · Σ ∂(outlet per feed)/∂factor · (factor − factor₀) − …` |
//!
//! and the market of [`super::logistics`]. `grown`, what flows per feed and the brine that clings come from the
//! simulation; the derivatives from simulations that were disturbed. Feeds that ponds or shared tanks give are held to
//! what the simulation could draw, where that was less than it was told.

use saltern_base::model::{Base, PlantNode};
use saltern_base::production::Production;

use super::campaigns;
use super::energy::{CUTS, EnergyCosts};
use super::grades;
use super::logistics::{self, LYING, T, balance};
use super::name::Name;
use super::step::Step;
use super::trajectory::{Trajectory, capacity_t_d};
use crate::programme::Programme;

/// What a factor on a flow changes per unit of the factor, by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slope {
    /// Growth of each choice of a harvest, t.
    pub(super) grown_t: Vec<Vec<f64>>,
    /// What is made of each product at the feeds of the simulation, t.
    pub(super) made_t: Vec<Vec<f64>>,
}

/// Around what is linearised, and how far it may be left.
pub(super) struct Around<'a> {
    pub(super) base: &'a Base,
    pub(super) production: &'a Production,
    pub(super) steps: &'a [Step],
    pub(super) trajectory: &'a Trajectory,
    /// Factors that the simulation had.
    pub(super) factors: &'a [f64],
    /// By choice of a flow; empty as long as unknown.
    pub(super) slopes: &'a [Slope],
    /// Most change of a factor.
    pub(super) factor_box: f64,
    /// Most change of a step's harvest or feed, as a share of the most there is.
    pub(super) amount_box: f64,
    /// Money per t that lies on each stockpile at the end.
    pub(super) pile_values: &'a [f64],
    /// What the plants' electricity costs.
    pub(super) energy_costs: &'a EnergyCosts,
    /// Least and most of each factor.
    pub(super) factor_ends: &'a [(f64, f64)],
}

impl Around<'_> {
    /// t moved by a joint per t of leading feed. A pond gives what it is in that week. A stockpile is all mixed: its mean
    /// over the year counts, since what was poor in one week would not be rich for being fed in another.
    pub(super) fn per_feed(&self, plant: usize, joint: usize, step: usize) -> f64 {
        let spec = &self.base.plants[plant];
        let lead = spec.streams.iter().find(|s| s.stream == spec.lead);
        if matches!(lead.map(|s| s.node), Some(PlantNode::Stockpile(_))) {
            self.trajectory.mean_per_feed(plant, joint)
        } else {
            self.trajectory.per_feed(plant, joint, step)
        }
    }
}

/// Plants that a plan decides: those that make a product and have a capacity.
pub(super) fn decided_plants(base: &Base, production: &Production) -> Vec<usize> {
    let sells = |p: usize| {
        let streams = production.products.iter().flat_map(|i| &i.streams);
        streams.clone().any(|(plant, _)| *plant == p)
    };
    (0..base.plants.len())
        .filter(|&p| sells(p) && capacity_t_d(base, p) > 0.0)
        .collect()
}

/// Stockpiles that a plan keeps the balance of: some decided plant draws from them, and none that is not decided.
pub(super) fn decided_piles(base: &Base, decided: &[usize]) -> Vec<usize> {
    let takes = |p: usize, k: usize| {
        let streams = base.plants[p].streams.iter();
        let inlets = streams.filter(|s| s.node == PlantNode::Stockpile(k));
        inlets.clone().any(|s| is_inlet(base, p, &s.stream))
    };
    (0..base.stockpiles.len())
        .filter(|&k| {
            let mut takers = (0..base.plants.len()).filter(|&p| takes(p, k)).peekable();
            takers.peek().is_some() && takers.all(|p| decided.contains(&p))
        })
        .collect()
}

/// Whether a stream of a plant is one of its feeds.
pub(super) fn is_inlet(base: &Base, plant: usize, stream: &str) -> bool {
    let streams = &base.plants[plant].file.streams;
    (streams.iter()).any(|s| s.id == stream && s.entries.iter().all(|e| e.name != "from"))
}

/// The programme. Its columns, rows and places of entries depend on base, production and steps alone, so that one around
/// another simulation is passed on as changes.
pub(super) fn build(around: &Around<'_>) -> Programme<Name> {
    let mut programme = Programme::default();
    logistics::add(&mut programme, around.production, around.steps);
    keep_contracts(&mut programme, around);
    let decided = decided_plants(around.base, around.production);
    let factors = add_factors(&mut programme, around);
    add_harvests(&mut programme, around, &factors);
    campaigns::add(&mut programme, around);
    grades::add(&mut programme, around);
    for &p in &decided {
        add_plant(&mut programme, around, p);
    }
    add_energy(&mut programme, around, &decided);
    add_piles(&mut programme, around, &decided);
    add_made(&mut programme, around, &decided, &factors);
    programme
}

/// Bounds of a quantity within its box around what it was.
fn boxed(around: &Around<'_>, was: f64, most: f64) -> (f64, f64) {
    let reach = around.amount_box * most;
    ((was - reach).clamp(0.0, most), (was + reach).min(most))
}

fn add_factors(programme: &mut Programme<Name>, around: &Around<'_>) -> Vec<usize> {
    let add = |(f, (low, high)): (usize, &(f64, f64))| {
        let was = around.factors[f];
        let reach = if around.slopes.is_empty() {
            0.0
        } else {
            around.factor_box
        };
        let bounds = (
            (was - reach).max(*low).min(was),
            (was + reach).min(*high).max(was),
        );
        programme.add_columns(Name::Factor(f), 1, bounds, 0.0)
    };
    around.factor_ends.iter().enumerate().map(add).collect()
}

/// Enters `−slope` of a row and adds `−slope · factor₀` to what the row must be.
fn enter_slopes(
    programme: &mut Programme<Name>,
    around: &Around<'_>,
    factors: &[usize],
    row: usize,
    of: &dyn Fn(&Slope) -> f64,
) {
    for (f, column) in factors.iter().enumerate() {
        let slope = around.slopes.get(f).map_or(0.0, of);
        programme.enter(row, *column, -slope);
        programme.row_lower[row] -= slope * around.factors[f];
        programme.row_upper[row] -= slope * around.factors[f];
    }
}

fn add_harvests(programme: &mut Programme<Name>, around: &Around<'_>, factors: &[usize]) {
    let (n, trajectory) = (around.steps.len(), around.trajectory);
    for (c, choice) in around.production.harvests.iter().enumerate() {
        let take = programme.add_columns(Name::Take(c), n, (0.0, 0.0), 0.0);
        let floor = programme.add_columns(Name::Floor(c), n, (0.0, f64::INFINITY), 0.0);
        let rows = programme.add_rows(Name::Floor(c), n, (0.0, 0.0));
        for (s, step) in around.steps.iter().enumerate() {
            let days = f64::from(step.days_in(Some(choice.season)));
            let most = choice.rate_kg_s * 86_400.0 * days / T;
            let bounds = boxed(around, trajectory.taken_t[c][s].min(most), most);
            (programme.lower[take + s], programme.upper[take + s]) = bounds;
            let first = if s == 0 {
                trajectory.floor_first_t[c]
            } else {
                0.0
            };
            balance(programme, rows, floor, s);
            programme.enter(rows + s, take + s, 1.0);
            programme.fix_row(rows + s, first + trajectory.grown_t(c, s));
            enter_slopes(programme, around, factors, rows + s, &|slope| {
                slope.grown_t[c][s]
            });
        }
        keep_floors(programme, around, c, floor);
    }
}

/// Nothing is taken that is not there: the floor stays above zero, or above where it would be with nothing taken.
fn keep_floors(programme: &mut Programme<Name>, around: &Around<'_>, c: usize, floor: usize) {
    let mut untouched = around.trajectory.floor_first_t[c];
    for s in 0..around.steps.len() {
        untouched += around.trajectory.grown_t(c, s);
        programme.lower[floor + s] = untouched.min(0.0);
    }
}

/// Stockpile that a choice brings its salt to.
pub(super) fn pile_of(base: &Base, production: &Production, choice: usize) -> Option<usize> {
    let id = &base.harvests[production.harvests[choice].harvest].stockpile;
    base.stockpiles.iter().position(|pile| pile.id == *id)
}

/// A contract is kept by a plan; what a simulation fails of it costs money.
fn keep_contracts(programme: &mut Programme<Name>, around: &Around<'_>) {
    for d in 0..around.production.demands.len() {
        if let Some(failed) = programme.columns_of(Name::Contract(d)) {
            programme.upper[failed].fill(0.0);
        }
    }
}

fn add_plant(programme: &mut Programme<Name>, around: &Around<'_>, p: usize) {
    let (n, trajectory) = (around.steps.len(), around.trajectory);
    let feed = programme.add_columns(Name::Feed(p), n, (0.0, 0.0), 0.0);
    let full_t_d = capacity_t_d(around.base, p);
    let from_outside = feeds_from_outside(around, p);
    for (s, step) in around.steps.iter().enumerate() {
        let days = f64::from(step.days_in(around.base.plants[p].season));
        let most = full_t_d * days;
        let (was, told) = (trajectory.feed_t[p][s], trajectory.ordered_t[p][s]);
        let (low, mut high) = boxed(around, was.min(most), most);
        if from_outside && was < 0.98 * told {
            high = high.min(1.02 * was);
        }
        programme.lower[feed + s] = low.min(high);
        programme.upper[feed + s] = high;
    }
}

/// `energy ≥ cost + price · Σ MWh per feed · feed` for every cut of a step; one price is a cost of the feeds.
fn add_energy(programme: &mut Programme<Name>, around: &Around<'_>, decided: &[usize]) {
    let (n, any) = (around.steps.len(), f64::INFINITY);
    if let Some(price) = around.energy_costs.one_price() {
        for &p in decided {
            let feed = programme.columns_of(Name::Feed(p)).into_iter().flatten();
            for (s, column) in feed.enumerate() {
                programme.cost[column] = price * around.trajectory.mwh_per_feed(p, s);
            }
        }
        return;
    }
    let energy = programme.add_columns(Name::Energy, n, (f64::NEG_INFINITY, any), 1.0);
    let given = programme.add_rows(Name::Energy, n, (f64::NEG_INFINITY, any));
    let feeds: Vec<(usize, usize)> = decided
        .iter()
        .filter_map(|&p| Some((p, programme.columns_of(Name::Feed(p))?.start)))
        .collect();
    for s in 0..n {
        programme.row_upper[given + s] = around.energy_costs.most_mwh[s];
        for (p, feed) in &feeds {
            programme.enter(given + s, feed + s, around.trajectory.mwh_per_feed(*p, s));
        }
    }
    for k in 0..CUTS {
        let rows = programme.add_rows(Name::EnergyCut(k), n, (0.0, any));
        for s in 0..n {
            let cut = around.energy_costs.cuts[s][k];
            programme.row_lower[rows + s] = cut.cost;
            programme.enter(rows + s, energy + s, 1.0);
            for (p, feed) in &feeds {
                let per_t = cut.price * around.trajectory.mwh_per_feed(*p, s);
                programme.enter(rows + s, feed + s, -per_t);
            }
        }
    }
}

/// Whether a plant draws from a pond, or from a stockpile whose balance the plan does not keep.
fn feeds_from_outside(around: &Around<'_>, p: usize) -> bool {
    let base = around.base;
    let kept = decided_piles(base, &decided_plants(base, around.production));
    let streams = base.plants[p].streams.iter();
    streams
        .filter(|s| is_inlet(base, p, &s.stream))
        .any(|s| match s.node {
            PlantNode::Pond(_) => true,
            PlantNode::Stockpile(k) => !kept.contains(&k),
            _ => false,
        })
}

fn add_piles(programme: &mut Programme<Name>, around: &Around<'_>, decided: &[usize]) {
    let (n, base, trajectory) = (around.steps.len(), around.base, around.trajectory);
    for k in decided_piles(base, decided) {
        let pile = programme.add_columns(Name::Pile(k), n, (0.0, f64::INFINITY), LYING);
        let rows = programme.add_rows(Name::Pile(k), n, (0.0, 0.0));
        for s in 0..n {
            balance(programme, rows, pile, s);
            let mut given = trajectory.brought_t[k][s];
            for (p, plant) in base.plants.iter().enumerate() {
                // All joints of a plant with this pile in one entry: two at one place would not be changed one by one.
                let mut net = 0.0;
                let mut joined = false;
                for (j, joint) in plant.streams.iter().enumerate() {
                    if joint.node != PlantNode::Stockpile(k) {
                        continue;
                    }
                    let sign = if is_inlet(base, p, &joint.stream) {
                        1.0
                    } else {
                        -1.0
                    };
                    joined = true;
                    if decided.contains(&p) {
                        net += sign * around.per_feed(p, j, s);
                    } else {
                        given -= sign * trajectory.moved_t[p][j][s];
                    }
                }
                if let (true, Some(feed)) = (joined, programme.columns_of(Name::Feed(p))) {
                    programme.enter(rows + s, feed.start + s, net);
                }
            }
            programme.fix_row(rows + s, given);
            for c in 0..around.production.harvests.len() {
                let take = programme.columns_of(Name::Take(c));
                if let (Some(take), true) = (take, pile_of(base, around.production, c) == Some(k)) {
                    let brings = 1.0 + trajectory.clinging(base, around.production, c);
                    programme.enter(rows + s, take.start + s, -brings);
                }
            }
        }
        if let Some(last) = n.checked_sub(1) {
            value_left(programme, around, k, pile + last);
        }
    }
}

/// What is left counts as far as the plants that draw from it could use it up in as long a time again.
fn value_left(programme: &mut Programme<Name>, around: &Around<'_>, k: usize, pile: usize) {
    let most = usable_t(around.base, around.steps, k);
    let left = programme.add_columns(Name::Left(k), 1, (0.0, most), -around.pile_values[k]);
    let row = programme.add_rows(Name::Left(k), 1, (f64::NEG_INFINITY, 0.0));
    programme.enter(row, left, 1.0);
    programme.enter(row, pile, -1.0);
    for c in 0..around.production.harvests.len() {
        let floor = programme.columns_of(Name::Floor(c));
        if let (Some(floor), true) = (floor, pile_of(around.base, around.production, c) == Some(k))
        {
            let brings = 1.0
                + around
                    .trajectory
                    .clinging(around.base, around.production, c);
            programme.enter(row, floor.end - 1, -brings);
        }
    }
}

/// Most that the plants led by a stockpile can take from it over the steps, t.
pub(super) fn usable_t(base: &Base, steps: &[Step], pile: usize) -> f64 {
    let led = |(p, plant): (usize, &saltern_base::model::Plant)| {
        let lead = plant.streams.iter().find(|s| s.stream == plant.lead)?;
        (lead.node == PlantNode::Stockpile(pile)).then_some((p, plant.season))
    };
    let plants = base.plants.iter().enumerate().filter_map(led);
    plants
        .map(|(p, season)| {
            let days: u32 = steps.iter().map(|step| step.days_in(season)).sum();
            capacity_t_d(base, p) * f64::from(days)
        })
        .sum()
}

fn add_made(
    programme: &mut Programme<Name>,
    around: &Around<'_>,
    decided: &[usize],
    factors: &[usize],
) {
    let (base, trajectory) = (around.base, around.trajectory);
    for (i, product) in around.production.products.iter().enumerate() {
        let Some(rows) = programme.rows_of(Name::Store(i)) else {
            continue;
        };
        for s in 0..around.steps.len() {
            let row = rows.start + s;
            let mut given = 0.0;
            for p in 0..base.plants.len() {
                let streams = product.streams.iter().filter(|(plant, _)| *plant == p);
                let joints: Vec<usize> = streams
                    .filter_map(|(_, id)| {
                        let mut joints = base.plants[p].streams.iter();
                        joints.position(|joint| joint.stream == *id)
                    })
                    .collect();
                if joints.is_empty() {
                    continue;
                }
                match programme.columns_of(Name::Feed(p)) {
                    Some(feed) if decided.contains(&p) => {
                        let per = joints.iter().map(|&j| around.per_feed(p, j, s)).sum();
                        let per: f64 = per;
                        programme.enter(row, feed.start + s, -per);
                    }
                    _ => {
                        given += (joints.iter())
                            .map(|&j| trajectory.moved_t[p][j][s])
                            .sum::<f64>();
                    }
                }
            }
            programme.fix_row(row, given);
            enter_slopes(programme, around, factors, row, &|slope| slope.made_t[i][s]);
        }
    }
}
