//! From a solved programme to a schedule that the simulation obeys.

use saltern_base::model::{Schedule, ScheduledFlow, ScheduledHarvest, ScheduledLoad};

use super::build::{Around, decided_piles, decided_plants};
use super::logistics::T;
use super::name::Name;
use super::trajectory::{Trajectory, capacity_t_d};
use crate::programme::Programme;

const DAY_S: f64 = 86_400.0;

/// Factors this near to 1 leave the flow to its rule.
const AS_BY_RULE: f64 = 1e-6;

/// A stockpile with less than so many days of full load in it is used up.
const USED_UP_DAYS: f64 = 0.01;

/// The schedule of a programme's solution; `reference` is what the rules did.
pub(super) fn schedule(
    programme: &Programme<Name>,
    columns: &[f64],
    around: &Around<'_>,
    reference: &Trajectory,
) -> Schedule {
    let mut schedule = Schedule::default();
    let value = |name: Name, step: usize| {
        let block = programme.columns_of(name);
        block.map_or(0.0, |block| columns[block.start + step])
    };
    let factors: Vec<f64> = (0..around.production.flows.len())
        .map(|f| value(Name::Factor(f), 0))
        .collect();
    schedule.flows = flows(around, &factors, reference);
    for (c, choice) in around.production.harvests.iter().enumerate() {
        let before = schedule.harvests.len();
        for (s, step) in around.steps.iter().enumerate() {
            let taken_t = value(Name::Take(c), s);
            let days = step.days_in(Some(choice.season));
            let first = (step.dates()).find(|day| super::step::is_in(*day, Some(choice.season)));
            if let (true, Some(from)) = (taken_t > 1e-6, first) {
                schedule.harvests.push(ScheduledHarvest {
                    harvest: choice.harvest,
                    from,
                    days,
                    rate_kg_s: Some(taken_t * T / (f64::from(days) * DAY_S)),
                });
            }
        }
        if let (true, Some(step)) = (schedule.harvests.len() == before, around.steps.first()) {
            // Nothing taken all along: said in the schedule, since the yearly campaigns would run otherwise.
            schedule.harvests.push(ScheduledHarvest {
                harvest: choice.harvest,
                from: step.first,
                days: 1,
                rate_kg_s: Some(0.0),
            });
        }
    }
    for p in decided_plants(around.base, around.production) {
        loads(p, around, &value, &mut schedule.loads);
    }
    schedule
}

/// Flows of the schedule for factors on what the rules did.
pub(super) fn flows(
    around: &Around<'_>,
    factors: &[f64],
    reference: &Trajectory,
) -> Vec<ScheduledFlow> {
    let mut flows = Vec::new();
    for (choice, factor) in around.production.flows.iter().zip(factors) {
        if (factor - 1.0).abs() < AS_BY_RULE {
            continue;
        }
        for (s, step) in around.steps.iter().enumerate() {
            let days: Vec<_> = (step.dates())
                .filter(|day| super::step::is_in(*day, Some(choice.season)))
                .collect();
            let open = step.days_in(around.base.links[choice.link].season);
            let was_m3_s = reference.flow_m3[choice.link][s] / (f64::from(open.max(1)) * DAY_S);
            if let (Some(from), Some(to)) = (days.first(), days.last()) {
                flows.push(ScheduledFlow {
                    link: choice.link,
                    from: *from,
                    to: *to,
                    flow_m3_s: (factor * was_m3_s).clamp(choice.low_m3_s, choice.high_m3_s),
                });
            }
        }
    }
    flows
}

/// Loads below full. A plant that has used up what it draws from is told to run full: it takes what comes.
fn loads(
    p: usize,
    around: &Around<'_>,
    value: &dyn Fn(Name, usize) -> f64,
    loads: &mut Vec<ScheduledLoad>,
) {
    let (base, plant) = (around.base, &around.base.plants[p]);
    let full_t_d = capacity_t_d(base, p);
    let kept = decided_piles(base, &decided_plants(base, around.production));
    let drawn: Vec<usize> = (kept.into_iter())
        .filter(|k| {
            let node = saltern_base::model::PlantNode::Stockpile(*k);
            let mut streams = plant.streams.iter();
            streams.any(|s| s.node == node && super::build::is_inlet(base, p, &s.stream))
        })
        .collect();
    for (s, step) in around.steps.iter().enumerate() {
        let days: Vec<_> = (step.dates())
            .filter(|day| super::step::is_in(*day, plant.season))
            .collect();
        let Some(first) = days.first() else { continue };
        let count = days.len() as f64;
        let load = value(Name::Feed(p), s) / (full_t_d * count);
        let used_up = |k: &usize| value(Name::Pile(*k), s) < USED_UP_DAYS * full_t_d;
        let limited_by_pond = drawn.is_empty()
            && around.trajectory.feed_t[p][s] < 0.98 * around.trajectory.ordered_t[p][s]
            && value(Name::Feed(p), s) >= 0.98 * around.trajectory.feed_t[p][s];
        if load > 0.995 || drawn.iter().any(used_up) || limited_by_pond {
            continue;
        }
        // Below its least load a plant runs for some of the days.
        let running = if load >= plant.load_min || plant.load_min <= 0.0 {
            count
        } else {
            (load * count / plant.load_min).floor()
        };
        let load = if running > 0.0 {
            load * count / running
        } else {
            0.0
        };
        let set = |from, to, load: f64| ScheduledLoad {
            plant: p,
            from,
            to,
            load: load.clamp(0.0, 1.0),
        };
        let last = days[days.len() - 1];
        let running = running as usize;
        if running > 0 {
            loads.push(set(*first, days[running - 1], load));
        }
        if running < days.len() {
            loads.push(set(days[running], last, 0.0));
        }
    }
}
