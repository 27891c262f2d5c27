//! The composition of all places of a step: each is the mean of what enters it.
//!
//! Places whose feeders are all known are settled one after another; what is left runs in circles and is solved together.
//! A place that nothing from a source reaches stays at zero.

use super::LEAST_MWH;
use super::flows::Flows;
use saltern_numerics::lu::Lu;

/// What is drawn along a way from one place to the next.
#[derive(Clone, Copy)]
pub(super) enum Pull<'a> {
    /// Energy that arrives.
    Energy,
    /// Energy that leaves, so that losses leave their carbon behind; only between places from which something reaches
    /// a consumer.
    Carbon(&'a [bool]),
}

/// Work space.
#[derive(Default)]
pub(super) struct Settling {
    lu: Lu,
    matrix: Vec<f64>,
    right: Vec<f64>,
}

impl Settling {
    /// Values of all places, `width` each; `own` is what sources bring, in value times energy.
    pub(super) fn settle(
        &mut self,
        flows: &Flows,
        pull: Pull<'_>,
        width: usize,
        own: &[f64],
    ) -> Vec<f64> {
        let places = flows.gets.len();
        let asked = |p: usize| match pull {
            Pull::Energy => flows.reached[p],
            Pull::Carbon(alive) => flows.reached[p] && alive[p],
        };
        let mut values = own.to_vec();
        let mut open: Vec<bool> = (0..places).map(asked).collect();
        let mut waits = vec![0_usize; places];
        for way in &flows.ways {
            waits[way.to] += usize::from(open[way.from]);
        }
        let mut ready: Vec<usize> = (0..places).filter(|p| open[*p] && waits[*p] == 0).collect();
        while let Some(place) = ready.pop() {
            open[place] = false;
            scale(&mut values[place * width..][..width], flows.gets[place]);
            for way in flows.ways.iter().filter(|way| way.from == place) {
                let drawn = drawn(way, pull);
                for s in 0..width {
                    values[way.to * width + s] += drawn * values[place * width + s];
                }
                waits[way.to] -= 1;
                if waits[way.to] == 0 && open[way.to] {
                    ready.push(way.to);
                }
            }
        }
        self.circles(flows, pull, width, &open, &mut values);
        for (place, value) in values.chunks_exact_mut(width.max(1)).enumerate() {
            if !asked(place) {
                value.fill(0.0);
            }
        }
        values
    }

    /// Solves what is still open together.
    fn circles(
        &mut self,
        flows: &Flows,
        pull: Pull<'_>,
        width: usize,
        open: &[bool],
        values: &mut [f64],
    ) {
        let list: Vec<usize> = (0..open.len()).filter(|p| open[*p]).collect();
        if list.is_empty() {
            return;
        }
        let n = list.len();
        let mut index = vec![usize::MAX; open.len()];
        for (i, place) in list.iter().enumerate() {
            index[*place] = i;
        }
        self.matrix.clear();
        self.matrix.resize(n * n, 0.0);
        self.right.clear();
        for (i, place) in list.iter().enumerate() {
            self.matrix[i * n + i] = flows.gets[*place];
            self.right
                .extend_from_slice(&values[place * width..][..width]);
        }
        for way in &flows.ways {
            if open[way.from] && open[way.to] {
                self.matrix[index[way.to] * n + index[way.from]] -= drawn(way, pull);
            }
        }
        let solved = self
            .lu
            .solve_columns(&self.matrix, &mut self.right, width)
            .is_ok();
        for (i, place) in list.iter().enumerate() {
            let own = &mut values[place * width..][..width];
            if solved {
                own.copy_from_slice(&self.right[i * width..][..width]);
            } else {
                own.fill(0.0);
            }
        }
    }
}

fn drawn(way: &super::flows::Way, pull: Pull<'_>) -> f64 {
    match pull {
        Pull::Energy => way.arrives,
        Pull::Carbon(_) => way.taken,
    }
}

fn scale(values: &mut [f64], gets: f64) {
    for value in values {
        *value /= gets.max(LEAST_MWH);
    }
}
