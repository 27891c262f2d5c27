//! What a factor on a flow changes, from simulations with one disturbed each.

use saltern_base::model::Schedule;
use saltern_base::production::Product;
use saltern_simulate::SimulateError;

use super::ProductionError;
use super::build::Slope;
use super::orders;
use super::search::{Candidate, Fixed, Planner};
use super::trajectory::Trajectory;

impl Planner<'_> {
    /// Slopes at a candidate, from simulations with one flow disturbed each.
    pub(super) fn slopes(
        &self,
        best: &Candidate,
        fixed: &Fixed,
    ) -> Result<Vec<Slope>, ProductionError> {
        let around = self.around(best, fixed, &[], (0.0, 0.0));
        let disturbed: Vec<(f64, Schedule)> = (0..best.factors.len())
            .map(|f| {
                let mut factors = best.factors.clone();
                // Less rather than more: what the rules give is often the most that there is.
                let change = -self.options.disturbance.min(factors[f]);
                factors[f] += change;
                let mut schedule = best.schedule.clone();
                schedule.flows = orders::flows(&around, &factors, &fixed.reference);
                (change, schedule)
            })
            .collect();
        let one = |(change, schedule): &(f64, Schedule)| -> Result<Slope, SimulateError> {
            let simulation = (self.march)(Some(schedule))?;
            let there = self.trajectory(&simulation, Some(schedule));
            Ok(self.slope(&best.trajectory, &there, *change))
        };
        let mut slopes = Vec::new();
        for batch in disturbed.chunks(self.options.threads.max(1)) {
            let found: Vec<_> = std::thread::scope(|scope| {
                let running: Vec<_> = batch.iter().map(|d| scope.spawn(|| one(d))).collect();
                running.into_iter().map(|thread| thread.join()).collect()
            });
            for slope in found {
                match slope {
                    Ok(slope) => slopes.push(slope?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        }
        Ok(slopes)
    }

    fn slope(&self, here: &Trajectory, there: &Trajectory, change: f64) -> Slope {
        let n = self.steps.len();
        let (base, production) = (self.base, self.production);
        let grown = |c: usize| {
            let per = |s| (there.grown_t(c, s) - here.grown_t(c, s)) / change;
            (0..n).map(per).collect()
        };
        let made = |product: &Product| {
            let mut per = vec![0.0; n];
            for (p, id) in &product.streams {
                let mut joints = base.plants[*p].streams.iter();
                let Some(j) = joints.position(|s| s.stream == *id) else {
                    continue;
                };
                for (s, per) in per.iter_mut().enumerate() {
                    if here.feed_t[*p][s] > 0.0 && there.feed_t[*p][s] > 0.0 {
                        let more = there.per_feed(*p, j, s) - here.per_feed(*p, j, s);
                        *per += here.feed_t[*p][s] * more / change;
                    }
                }
            }
            per
        };
        Slope {
            grown_t: (0..production.harvests.len()).map(grown).collect(),
            made_t: production.products.iter().map(made).collect(),
        }
    }
}
