//! What stores hold, by source, with the carbon that came with it.

use super::flows::Network;
use super::{LEAST_MWH, Origin, Settled};
use crate::dispatch::outcome::Outcome;
use saltern_base::energy::Energy;

/// Times that the way from the start of a period to its end is put behind itself, each time doubling: 2⁶⁰ periods.
const DOUBLINGS: usize = 60;

/// Contents of all stores.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// MWh of each source in each store.
    mwh: Vec<Vec<f64>>,
    /// kg that are held with it; behind the first a tracer of what each cyclic store began with.
    kg: Vec<Vec<f64>>,
    /// Stores that end as they begin.
    cyclic: Vec<usize>,
}

impl Held {
    /// All stores full of what they begin with, of unknown origin, and a tracer of one kg in each that is cyclic.
    pub(super) fn at_start(network: &Network<'_>, energy: &Energy, outcome: &Outcome) -> Held {
        let stores = energy.stores.len();
        let begins = |s: &usize| {
            let start = outcome.start[*s];
            let end = outcome.level[*s].last().copied().unwrap_or(0.0);
            let same = (end - start).abs() <= 1e-6 * start.max(1.0);
            energy.stores[*s].start.is_none() && start > LEAST_MWH && same
        };
        let cyclic: Vec<usize> = (0..stores).filter(begins).collect();
        let mut held = Held {
            mwh: vec![vec![0.0; network.origins.len()]; stores],
            kg: vec![vec![0.0; 1 + cyclic.len()]; stores],
            cyclic,
        };
        for s in 0..stores {
            if let Some(origin) = network.origin(Origin::Start(s)) {
                held.mwh[s][origin] = outcome.start[s];
            }
        }
        for (i, s) in held.cyclic.iter().enumerate() {
            held.kg[*s][1 + i] = 1.0;
        }
        held
    }

    /// MWh of each source in a store.
    pub(super) fn sources(&self, store: usize) -> &[f64] {
        &self.mwh[store]
    }

    /// kg of each tracer in a store.
    pub(super) fn carbon(&self, store: usize) -> &[f64] {
        &self.kg[store]
    }

    /// Tracers of carbon.
    pub(super) fn tracers(&self) -> usize {
        self.kg.first().map_or(1, Vec::len)
    }

    /// Energy of each source in all stores, MWh.
    pub(super) fn by_source(&self) -> Vec<f64> {
        let width = self.mwh.first().map_or(0, Vec::len);
        (0..width)
            .map(|s| self.mwh.iter().map(|store| store[s]).sum())
            .collect()
    }

    /// Carbon in all stores, kg.
    pub(super) fn kg(&self) -> f64 {
        self.kg.iter().map(|store| store[0]).sum()
    }

    /// What is held after a step: the level, of the composition that the store had in it.
    pub(super) fn step(&mut self, network: &Network<'_>, t: usize, settled: &Settled) {
        let (shares, carbon) = (&settled.shares, &settled.carbon);
        let (width, tracers) = (network.origins.len(), self.tracers());
        for s in 0..self.mwh.len() {
            let (place, level) = (network.place(s), network.outcome.level[s][t].max(0.0));
            for (own, share) in self.mwh[s].iter_mut().zip(&shares[place * width..]) {
                *own = share * level;
            }
            for (own, per_mwh) in self.kg[s].iter_mut().zip(&carbon[place * tracers..]) {
                *own = per_mwh * level;
            }
        }
    }

    /// Contents that come back after a period, from what a period makes of `self`; `None` without cyclic stores.
    ///
    /// A period takes the contents x of cyclic stores to b + Φx. Put behind itself, that is (b + Φb) + Φ²x; after sixty
    /// doublings what is left of the first x is what never leaves its store.
    pub(super) fn closed(&self, after: &Held, network: &Network<'_>) -> Option<Held> {
        if self.cyclic.is_empty() {
            return None;
        }
        let starts: Vec<Option<usize>> = self
            .cyclic
            .iter()
            .map(|s| network.origin(Origin::Start(*s)))
            .collect();
        let mut fed = Vec::new();
        let mut kept = Vec::new();
        let (mut fed_kg, mut kept_kg) = (Vec::new(), Vec::new());
        for s in &self.cyclic {
            let all: f64 = after.mwh[*s].iter().sum();
            let mut shares: Vec<f64> = after.mwh[*s].iter().map(|mwh| mwh / all).collect();
            let of_start = |start: &Option<usize>| match start {
                Some(origin) => std::mem::take(&mut shares[*origin]),
                None => 0.0,
            };
            kept.push(starts.iter().map(of_start).collect());
            fed.push(shares);
            fed_kg.push(vec![after.kg[*s][0]]);
            kept_kg.push(after.kg[*s][1..].to_vec());
        }
        repeat(&mut fed, &mut kept);
        repeat(&mut fed_kg, &mut kept_kg);
        let mut closed = self.clone();
        for kg in &mut closed.kg {
            kg.truncate(1);
        }
        for (i, s) in self.cyclic.iter().enumerate() {
            let level: f64 = self.mwh[*s].iter().sum();
            let mut shares = fed[i].clone();
            for (start, share) in starts.iter().zip(&kept[i]) {
                if let Some(origin) = start {
                    shares[*origin] += share;
                }
            }
            let sum: f64 = shares.iter().sum();
            closed.mwh[*s] = shares.iter().map(|share| level * share / sum).collect();
            closed.kg[*s][0] = fed_kg[i][0];
        }
        Some(closed)
    }
}

/// Doubles `x → fed + kept·x` again and again.
fn repeat(fed: &mut [Vec<f64>], kept: &mut Vec<Vec<f64>>) {
    for _ in 0..DOUBLINGS {
        let more = product(kept, fed);
        for (own, more) in fed.iter_mut().flatten().zip(more.iter().flatten()) {
            *own += more;
        }
        *kept = product(kept, kept);
    }
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let width = b.first().map_or(0, Vec::len);
    let row = |row: &Vec<f64>| {
        let cell = |c: usize| row.iter().zip(b).map(|(x, b)| x * b[c]).sum();
        (0..width).map(cell).collect()
    };
    a.iter().map(row).collect()
}
