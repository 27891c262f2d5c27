//! The network of links: which flows run in a step, and in which order ponds are worked through.

use saltern_base::model::{Base, End, GradeQuantity, Link, PondId, Rule};

use crate::matter::Matter;
use crate::pond::Pond;

/// The graph of links, resolved once.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) links: Vec<Link>,
    /// Links that end in each pond.
    pub(crate) into: Vec<Vec<usize>>,
    /// Links that start in each pond.
    pub(crate) out_of: Vec<Vec<usize>>,
    /// Ponds, upstream before downstream; rings (recirculation by pump) are cut at their first pond.
    pub(crate) downstream: Vec<PondId>,
}

/// What is decided for a link today, whatever its rule says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Order {
    /// Its rule holds.
    Rule,
    /// Does not run: out of season, or into a pond that is being harvested dry.
    Closed,
    /// A person set its flow, m³/s.
    Set(f64),
    /// Drains its pond for a dry harvest within this many days, counted from this morning.
    Drain(f64),
}

/// What the network needs to know of the day.
pub(crate) struct Day<'a> {
    /// Time since the morning at the start of the step, s.
    pub(crate) elapsed_s: f64,
    /// Order for each link.
    pub(crate) orders: &'a [Order],
    /// Rate each source can give, m³/s.
    pub(crate) source_m3_s: &'a [f64],
    /// Net loss of each pond to sky and ground, m³/s.
    pub(crate) loss_m3_s: &'a [f64],
}

impl Network {
    pub(crate) fn new(base: &Base) -> Self {
        let ponds = base.ponds.len();
        let (mut into, mut out_of) = (vec![Vec::new(); ponds], vec![Vec::new(); ponds]);
        for (l, link) in base.links.iter().enumerate() {
            if let End::Pond(p) = link.to {
                into[p].push(l);
            }
            if let End::Pond(p) = link.from {
                out_of[p].push(l);
            }
        }
        let downstream = upstream_first(ponds, &base.links);
        Network {
            links: base.links.clone(),
            into,
            out_of,
            downstream,
        }
    }
}

/// Ponds in an order in which each comes after those that feed it. Where ponds feed each other in a
/// ring the one that is first in the base goes first.
fn upstream_first(ponds: usize, links: &[Link]) -> Vec<PondId> {
    let edges: Vec<(PondId, PondId)> = (links.iter())
        .filter_map(|l| match (l.from, l.to) {
            (End::Pond(a), End::Pond(b)) if a != b => Some((a, b)),
            _ => None,
        })
        .collect();
    let mut order = Vec::with_capacity(ponds);
    let mut placed = vec![false; ponds];
    while order.len() < ponds {
        let fed = |p: PondId| edges.iter().any(|&(a, b)| b == p && !placed[a]);
        let waiting = || (0..ponds).filter(|&p| !placed[p]);
        let Some(next) = waiting().find(|&p| !fed(p)).or_else(|| waiting().next()) else {
            break;
        };
        placed[next] = true;
        order.push(next);
    }
    order
}

/// Flows of one step, decided from the state at its start.
#[derive(Clone, Debug)]
pub(crate) struct Flows {
    /// Volume of each link in the step, m³.
    pub(crate) link_m3: Vec<f64>,
    into_m3: Vec<f64>,
    out_m3: Vec<f64>,
    free_m3: Vec<f64>,
    source_left_m3: Vec<f64>,
}

impl Flows {
    pub(crate) fn new(network: &Network, sources: usize) -> Self {
        let ponds = network.into.len();
        Flows {
            link_m3: vec![0.0; network.links.len()],
            into_m3: vec![0.0; ponds],
            out_m3: vec![0.0; ponds],
            free_m3: vec![0.0; ponds],
            source_left_m3: vec![0.0; sources],
        }
    }

    /// Decides all flows of a step of `dt_s`.
    ///
    /// Flows set by people and drains come first, then links at capacity (constant, grade), then
    /// those that keep a level, from the last pond up so that each asks for what it passes on, then
    /// what runs over the crests, from the first pond down. Nobody draws more than there is.
    pub(crate) fn decide(
        &mut self,
        network: &Network,
        ponds: &[Pond],
        matter: &Matter,
        day: &Day,
        dt_s: f64,
    ) {
        self.start(ponds, day, dt_s);
        self.run_ordered(network, ponds, day, dt_s);
        self.run_at_capacity(network, ponds, matter, day, dt_s);
        for &p in network.downstream.iter().rev() {
            self.keep_level(network, ponds, p, day, dt_s);
        }
        for &p in &network.downstream {
            self.run_over(network, ponds, p, day, dt_s);
        }
    }

    fn start(&mut self, ponds: &[Pond], day: &Day, dt_s: f64) {
        self.link_m3.fill(0.0);
        self.into_m3.fill(0.0);
        self.out_m3.fill(0.0);
        for (free, pond) in self.free_m3.iter_mut().zip(ponds) {
            *free = pond.free_m3();
        }
        for (left, rate) in self.source_left_m3.iter_mut().zip(day.source_m3_s) {
            *left = rate * dt_s;
        }
    }

    /// Runs a link with up to the wanted volume; `keep_m3` stays in the pond it draws from.
    fn run(&mut self, network: &Network, l: usize, wanted_m3: f64, keep_m3: f64, dt_s: f64) {
        let link = &network.links[l];
        let room_m3 = link.capacity_m3_s * dt_s - self.link_m3[l];
        let there_m3 = match link.from {
            End::Source(s) => self.source_left_m3[s],
            End::Pond(p) => self.free_m3[p] - self.out_m3[p] - keep_m3,
            End::Outlet(_) => 0.0,
        };
        let volume_m3 = wanted_m3.min(room_m3).min(there_m3);
        if volume_m3 > 0.0 {
            self.link_m3[l] += volume_m3;
            match link.from {
                End::Source(s) => self.source_left_m3[s] -= volume_m3,
                End::Pond(p) => self.out_m3[p] += volume_m3,
                End::Outlet(_) => {}
            }
            if let End::Pond(p) = link.to {
                self.into_m3[p] += volume_m3;
            }
        }
    }

    fn run_ordered(&mut self, network: &Network, ponds: &[Pond], day: &Day, dt_s: f64) {
        for (l, order) in day.orders.iter().enumerate() {
            match *order {
                Order::Set(flow_m3_s) => {
                    let keep_m3 = least_m3(network, ponds, l);
                    self.run(network, l, flow_m3_s * dt_s, keep_m3, dt_s);
                }
                Order::Drain(days) => {
                    if let End::Pond(p) = network.links[l].from {
                        let film_m3 = ponds[p].film_m3();
                        let share = dt_s / (days * 86_400.0 - day.elapsed_s).max(dt_s);
                        let drains = &network.out_of[p];
                        let split = drains.iter().filter(|&&k| is_drain(&day.orders[k])).count();
                        let wanted_m3 = (self.free_m3[p] - film_m3) * share / split.max(1) as f64;
                        self.run(network, l, wanted_m3, film_m3, dt_s);
                    }
                }
                Order::Rule | Order::Closed => {}
            }
        }
    }

    fn run_at_capacity(
        &mut self,
        network: &Network,
        ponds: &[Pond],
        matter: &Matter,
        day: &Day,
        dt_s: f64,
    ) {
        for (l, link) in network.links.iter().enumerate() {
            if day.orders[l] != Order::Rule {
                continue;
            }
            let keep_m3 = least_m3(network, ponds, l);
            match &link.rule {
                Rule::Constant => self.run(network, l, f64::INFINITY, keep_m3, dt_s),
                Rule::Grade {
                    quantity,
                    above,
                    limit,
                } => {
                    if let End::Pond(p) = link.from
                        && holds(grade(&ponds[p], matter, quantity), *above, *limit)
                    {
                        let room_m3 = self.room_m3(ponds, link.to);
                        self.run(network, l, room_m3, keep_m3, dt_s);
                    }
                }
                Rule::Overflow | Rule::KeepLevel => {}
            }
        }
    }

    /// Room below the crest at the end of a link, m³.
    fn room_m3(&self, ponds: &[Pond], end: End) -> f64 {
        match end {
            End::Pond(p) => {
                ponds[p].brine_at_crest_m3() - self.free_m3[p] - self.into_m3[p] + self.out_m3[p]
            }
            _ => f64::INFINITY,
        }
    }

    /// Brine in a pond at the end of the step as far as decided, m³.
    fn expected_m3(&self, p: PondId, day: &Day, dt_s: f64) -> f64 {
        self.free_m3[p] + self.into_m3[p] - self.out_m3[p] - day.loss_m3_s[p] * dt_s
    }

    fn keep_level(&mut self, network: &Network, ponds: &[Pond], p: PondId, day: &Day, dt_s: f64) {
        let keeps = |l: usize| {
            day.orders[l] == Order::Rule && matches!(network.links[l].rule, Rule::KeepLevel)
        };
        let target_m3 = ponds[p].brine_at_depth_m3(ponds[p].depth_m_target);
        // A link that keeps the level of an outlet keeps that of the pond it draws from instead.
        for &l in network.out_of[p].iter().filter(|&&l| keeps(l)) {
            if matches!(network.links[l].to, End::Outlet(_)) {
                let above_m3 = self.expected_m3(p, day, dt_s) - target_m3;
                self.run(network, l, above_m3, least_m3(network, ponds, l), dt_s);
            }
        }
        let demand_m3 = target_m3 - self.expected_m3(p, day, dt_s);
        let weight = |l: usize| network.links[l].capacity_m3_s.min(1e9);
        let total: f64 = network.into[p]
            .iter()
            .filter(|&&l| keeps(l))
            .map(|&l| weight(l))
            .sum();
        if demand_m3 <= 0.0 || total <= 0.0 {
            return;
        }
        // Shared by capacity; what one link cannot give the others are asked for in a second round.
        for &l in network.into[p].iter().filter(|&&l| keeps(l)) {
            let keep_m3 = least_m3(network, ponds, l);
            self.run(network, l, demand_m3 * weight(l) / total, keep_m3, dt_s);
        }
        for &l in network.into[p].iter().filter(|&&l| keeps(l)) {
            let lacking_m3 = target_m3 - self.expected_m3(p, day, dt_s);
            let keep_m3 = least_m3(network, ponds, l);
            self.run(network, l, lacking_m3, keep_m3, dt_s);
        }
    }

    fn run_over(&mut self, network: &Network, ponds: &[Pond], p: PondId, day: &Day, dt_s: f64) {
        let crest_m3 = ponds[p].brine_at_crest_m3();
        for &l in &network.out_of[p] {
            let runs = day.orders[l] == Order::Rule && network.links[l].rule == Rule::Overflow;
            let excess_m3 = self.expected_m3(p, day, dt_s) - crest_m3;
            if runs && excess_m3 > 0.0 {
                let room_m3 = network.links[l].capacity_m3_s * dt_s;
                let volume_m3 = excess_m3.min(room_m3);
                self.link_m3[l] += volume_m3;
                self.out_m3[p] += volume_m3;
                if let End::Pond(to) = network.links[l].to {
                    self.into_m3[to] += volume_m3;
                }
            }
        }
    }

    /// The largest share of a cell's brine that this step would replace.
    pub(crate) fn turnover(&self, ponds: &[Pond]) -> f64 {
        (ponds.iter().zip(self.into_m3.iter().zip(&self.out_m3)))
            .map(|(pond, (into, out))| {
                let cell_m3 =
                    pond.cells.iter().map(|c| c.volume_m3).sum::<f64>() / pond.cells.len() as f64;
                into.max(*out) / cell_m3.max(pond.film_m3() / pond.cells.len() as f64)
            })
            .fold(0.0, f64::max)
    }
}

fn is_drain(order: &Order) -> bool {
    matches!(order, Order::Drain(_))
}

/// Brine that a link leaves in the pond it draws from, m³.
fn least_m3(network: &Network, ponds: &[Pond], l: usize) -> f64 {
    match network.links[l].from {
        End::Pond(p) => ponds[p].brine_at_depth_m3(ponds[p].depth_m_min),
        _ => 0.0,
    }
}

fn holds(value: f64, above: bool, limit: f64) -> bool {
    if above {
        value >= limit
    } else {
        value <= limit
    }
}

/// Grade of the brine that is drawn from a pond, SI.
fn grade(pond: &Pond, matter: &Matter, quantity: &GradeQuantity) -> f64 {
    let cell = pond.last();
    match quantity {
        GradeQuantity::Density => cell.density_kg_m3,
        GradeQuantity::WaterActivity => cell.water_activity,
        GradeQuantity::Element(symbol) => {
            matter.element(symbol).map_or(0.0, |e| {
                matter.element_mol(&cell.brine_mol, e) * matter.element_kg_mol[e]
            }) / cell.volume_m3.max(f64::MIN_POSITIVE)
        }
    }
}
