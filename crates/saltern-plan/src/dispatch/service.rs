//! Service levels of computing: what work of each class is done by its deadline, and how close it came.
//!
//! Work of a queue is served in the order in which it came (`series.rs`), so that what arrived by a step is done when as
//! much has been served as had arrived by then.

use super::outcome::Outcome;
use super::series::{Series, queues_of_jobs};
use saltern_base::energy::Energy;

/// Work of least size that counts, MWh: below it is the solver's rounding.
const LEAST_MWH: f64 = 1e-6;

/// Service of a class over a dispatch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Service {
    /// Work that arrived, MWh.
    pub arrived_mwh: f64,
    /// Work of it that was done by its deadline, MWh.
    pub in_time_mwh: f64,
    /// Work given up, MWh.
    pub dropped_mwh: f64,
    /// Least time between the end of a piece of work and its deadline, h; `None` where nothing was done. Below zero it was late.
    pub worst_slack_h: Option<f64>,
    /// Mean time between arrival and end, weighed by work, h; within a step counts as nothing.
    pub mean_wait_h: f64,
    /// Jobs of the trace.
    pub jobs: usize,
    /// Jobs of the trace done by their deadline.
    pub jobs_in_time: usize,
}

/// Service of each class. Work may be late only where it was given up.
pub fn services(energy: &Energy, series: &Series, outcome: &Outcome) -> Vec<Service> {
    let mut services = vec![Service::default(); energy.classes.len()];
    let mut in_time = Vec::new();
    for (queue, class) in series.class_of.iter().enumerate() {
        let pieces = pieces(series, outcome, queue);
        services[*class].add(series, outcome, queue, &pieces);
        in_time.push(pieces);
    }
    let queues = queues_of_jobs(energy);
    for (job, queue) in energy.jobs.iter().zip(queues) {
        if job.step >= outcome.steps {
            continue;
        }
        let service = &mut services[job.class];
        let pieces = in_time.get(queue);
        let own = pieces.and_then(|pieces| pieces.iter().find(|p| p.arrives == job.step));
        service.jobs += 1;
        service.jobs_in_time += usize::from(own.is_some_and(|piece| piece.done <= piece.due));
    }
    services
}

/// What arrives in one step.
struct Piece {
    arrives: usize,
    due: usize,
    /// Step in which the last of it is served; the number of steps where it never is.
    done: usize,
    mwh: f64,
}

fn pieces(series: &Series, outcome: &Outcome, queue: usize) -> Vec<Piece> {
    let step_h = series.window.step_h();
    let mut served = vec![0.0; outcome.steps];
    for computed in outcome.computed.iter().filter(|c| c.queue == queue) {
        for (total, power) in served.iter_mut().zip(&computed.power) {
            *total += power * step_h;
        }
    }
    let (served, due) = (sums(&served), sums(&series.due[queue]));
    let arrived = sums(&series.arriving[queue]);
    // Tolerances of the solver add up over a long plan.
    let least = LEAST_MWH * (1.0 + arrived.last().copied().unwrap_or(0.0) * 1e-3);
    let when = |sums: &[f64], amount: f64| sums.partition_point(|sum| *sum < amount - least);
    let arriving = series.arriving[queue].iter().enumerate();
    arriving
        .filter(|(_, mwh)| **mwh > LEAST_MWH)
        .map(|(t, mwh)| Piece {
            arrives: t,
            due: when(&due, arrived[t]),
            done: when(&served, arrived[t]),
            mwh: *mwh,
        })
        .collect()
}

fn sums(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let running = values.iter().map(|value| {
        sum += value;
        sum
    });
    running.collect()
}

impl Service {
    fn add(&mut self, series: &Series, outcome: &Outcome, queue: usize, pieces: &[Piece]) {
        let step_h = series.window.step_h();
        let mut waited = self.mean_wait_h * self.in_time_mwh;
        for piece in pieces {
            self.arrived_mwh += piece.mwh;
            if piece.done <= piece.due {
                self.in_time_mwh += piece.mwh;
                waited += piece.mwh * (piece.done - piece.arrives) as f64 * step_h;
            }
            if piece.done < outcome.steps {
                let slack = (piece.due as f64 - piece.done as f64) * step_h;
                let worst = self.worst_slack_h.map_or(slack, |worst| worst.min(slack));
                self.worst_slack_h = Some(worst);
            }
        }
        self.mean_wait_h = if self.in_time_mwh > 0.0 {
            waited / self.in_time_mwh
        } else {
            0.0
        };
        self.dropped_mwh += outcome.dropped[queue].iter().sum::<f64>() * step_h;
    }
}
