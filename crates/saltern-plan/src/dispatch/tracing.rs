//! Where the energy of each consumer comes from, step by step: proportional sharing through lines, stores and converters.
//!
//! At every node what leaves has the composition of what enters (Bialek, IEE Proc. Gener. Transm. Distrib. 143 (1996) 313;
//! Kirschen, Allan, Strbac, IEEE Trans. Power Syst. 12 (1997) 312, recalled). The rule can neither be proved nor disproved; it is the one that
//! a Shapley value and maximum entropy lead to as well (Bialek, Kattuman, IEE Proc. 151 (2004) 526). For a place i (a node, or
//! what a store holds) that gets E_i in a step, with f_ji arriving from place j and g_si from source s:
//!
//! ```text
//! energy   E_i·c_is = Σ_j f_ji·c_js + g_si            c_is share of source s
//! carbon   E_i·k_i  = Σ_j (f_ji + lost_ji)·k_j + K_i  k_i kg/MWh, K_i kg emitted by what feeds i
//! ```
//!
//! Losses take energy of every source with them and leave the carbon behind, so that all carbon ends at consumers (carbon
//! emission flow: Kang et al., IEEE Trans. Smart Grid 6 (2015) 2366; recalled). A store is well mixed: what it gives and keeps
//! has the composition of what it held and took in. A cyclic store begins with the composition that it ends with. A converter of two outlets
//! shares its carbon by energy. Heat that a pump takes from its surroundings is a source of its own.
//!
//! The system has one solution wherever energy comes from a source (Achayuthakan, Dent, Bialek, Ongsakul, IEEE Trans. Power
//! Syst. 25 (2010) 1078). A flow that runs in a ring of lossless lines serves nobody; it is taken out before
//! (`tracing/ring.rs`), since it would mix what it passes by.

mod flows;
mod held;
mod matched;
mod ring;
mod settle;

use super::outcome::Outcome;
use super::series::Series;
use flows::{Flows, Network};
use held::Held;
pub use matched::Matched;
use saltern_base::energy::{Energy, GeneratorKind};
use settle::{Pull, Settling};

/// Least energy in a step that counts, MWh: below it is the solver's rounding.
const LEAST_MWH: f64 = 1e-7;

/// Where energy comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A generator.
    Generator(usize),
    /// Bought from a grid.
    Grid(usize),
    /// Held by a store at the start, of unknown origin.
    Start(usize),
    /// Taken by a heat pump from its surroundings.
    Surroundings(usize),
    /// Shortage of a node beyond its own demand: energy that there isn't.
    Short(usize),
}

/// Who uses energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum User {
    /// A demand.
    Demand(usize),
    /// A hall of computers, cooling included.
    Hall(usize),
    /// Sold to a grid.
    Export(usize),
}

/// A consumer at its node.
#[derive(Clone, Debug, PartialEq)]
pub struct Consumer {
    /// Who it is.
    pub user: User,
    /// Its node.
    pub node: usize,
    /// What it uses in each step, MW.
    pub power: Vec<f64>,
}

/// Direct carbon dioxide per MWh used, kg/MWh: of fuel and of bought power by direct factors. Never add a life-cycle factor to it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct DirectIntensity(pub f64);

/// A traced dispatch.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracing {
    /// Sources.
    pub origins: Vec<Origin>,
    /// Consumers.
    pub consumers: Vec<Consumer>,
    /// Share of each source that is carbon-free, by step.
    pub clean: Vec<Vec<f64>>,
    /// Energy of each source, MWh.
    pub given_mwh: Vec<f64>,
    /// Energy of each source lost in lines, stores and converters, MWh.
    pub lost_mwh: Vec<f64>,
    /// Energy of each source in stores at the start, MWh.
    pub opening_mwh: Vec<f64>,
    /// Energy of each source in stores at the end, MWh.
    pub closing_mwh: Vec<f64>,
    /// Direct carbon dioxide held in stores at the start, kg.
    pub opening_kg: f64,
    /// Direct carbon dioxide held in stores at the end, kg.
    pub closing_kg: f64,
    /// Direct carbon dioxide that no consumer has: of energy of which nothing reaches one, kg.
    pub stranded_kg: f64,
    step_h: f64,
    /// Shares by node: step after step, a value for each source.
    shares: Vec<Vec<f64>>,
    /// kg/MWh by node and step.
    carbon: Vec<Vec<f64>>,
}

impl Tracing {
    /// Shares of all sources in what a node gives in a step; they sum to 1, or to 0 where nothing passes.
    pub fn shares(&self, node: usize, step: usize) -> &[f64] {
        let width = self.origins.len();
        &self.shares[node][step * width..][..width]
    }

    /// Share of what a node gives in a step that is carbon-free.
    pub fn clean_share(&self, node: usize, step: usize) -> f64 {
        let shares = self.shares(node, step).iter().zip(&self.clean);
        shares.map(|(share, clean)| share * clean[step]).sum()
    }

    /// Direct carbon of what a node gives in a step.
    pub fn intensity(&self, node: usize, step: usize) -> DirectIntensity {
        DirectIntensity(self.carbon[node][step])
    }

    /// Energy of each source that a consumer used, MWh.
    pub fn used_mwh(&self, consumer: usize) -> Vec<f64> {
        let consumer = &self.consumers[consumer];
        let mut sums = vec![0.0; self.origins.len()];
        for (t, power) in consumer.power.iter().enumerate() {
            for (sum, share) in sums.iter_mut().zip(self.shares(consumer.node, t)) {
                *sum += share * power * self.step_h;
            }
        }
        sums
    }
}

/// Traces a dispatch.
pub fn trace(energy: &Energy, series: &Series, outcome: &Outcome) -> Tracing {
    let network = Network::of(energy, series, outcome);
    let held = Held::at_start(&network, energy, outcome);
    let first = pass(&network, &held);
    match held.closed(&first.held, &network) {
        Some(closed) => pass(&network, &closed).tracing,
        None => first.tracing,
    }
}

/// A march through all steps, and what stores hold at its end.
struct Pass {
    tracing: Tracing,
    held: Held,
}

fn pass(network: &Network<'_>, opening: &Held) -> Pass {
    let steps = network.outcome.steps;
    let mut held = opening.clone();
    let mut tracing = network.blank();
    tracing.opening_mwh = held.by_source();
    tracing.opening_kg = held.kg();
    let mut settling = Settling::default();
    for t in 0..steps {
        let flows = network.flows(t, &held);
        let shares = settling.settle(&flows, Pull::Energy, network.origins.len(), &flows.own);
        let alive = flows.alive();
        let tracers = held.tracers();
        let carbon = settling.settle(&flows, Pull::Carbon(&alive), tracers, &flows.carbon);
        let settled = Settled {
            flows,
            shares,
            carbon,
            alive,
            tracers,
        };
        tracing.note(network, &settled);
        held.step(network, t, &settled);
    }
    tracing.closing_mwh = held.by_source();
    tracing.closing_kg = held.kg();
    Pass { tracing, held }
}

/// A step with the composition of all places.
struct Settled {
    flows: Flows,
    /// Shares of all sources, place after place.
    shares: Vec<f64>,
    /// kg/MWh of all tracers, place after place.
    carbon: Vec<f64>,
    alive: Vec<bool>,
    tracers: usize,
}

impl Tracing {
    fn note(&mut self, network: &Network<'_>, settled: &Settled) {
        let Settled {
            flows,
            shares,
            carbon,
            alive,
            tracers,
        } = settled;
        let width = self.origins.len();
        let nodes = network.energy.nodes.len();
        for node in 0..nodes {
            self.shares[node].extend_from_slice(&shares[node * width..][..width]);
            self.carbon[node].push(carbon[node * tracers]);
        }
        for flow in &flows.ways {
            let lost = flow.taken - flow.arrives;
            for s in 0..width {
                self.lost_mwh[s] += lost * shares[flow.from * width + s];
            }
            if alive[flow.from] && !alive[flow.to] {
                self.stranded_kg += flow.taken * carbon[flow.from * tracers];
            }
        }
        for (lost, held) in self.lost_mwh.iter_mut().zip(&flows.lost_held) {
            *lost += held;
        }
        for (given, own) in self.given_mwh.iter_mut().zip(&flows.given) {
            *given += own;
        }
        for (place, alive) in alive.iter().enumerate() {
            if !alive {
                self.stranded_kg += flows.carbon[place * tracers];
            }
        }
    }
}

/// Share of a source that is carbon-free in each step.
fn clean(energy: &Energy, series: &Series, origin: Origin) -> Vec<f64> {
    let steps = series.steps();
    match origin {
        Origin::Generator(g) if energy.generators[g].kind == GeneratorKind::Fuel => {
            vec![0.0; steps]
        }
        Origin::Generator(_) | Origin::Surroundings(_) => vec![1.0; steps],
        Origin::Grid(g) => series.import_clean[g].clone(),
        Origin::Start(_) | Origin::Short(_) => vec![0.0; steps],
    }
}
