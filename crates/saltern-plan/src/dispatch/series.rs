//! What is given from step to step: available power, demand, prices, PUE, arriving and due work.

use super::{MW, MWH};
use saltern_base::energy::{Demand, Energy, Grid, Job, Price, Quota, QuotaLimit, UnitRef, Window};

/// What is known about the outside, beyond the profiles of the base.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Outdoor temperature of each step, K; empty where it isn't known.
    pub temperature_k: Vec<f64>,
    /// Available power of generators whose profile comes from weather, as a share of the capacity, by generator.
    pub available: Vec<Option<Vec<f64>>>,
}

/// Series of a window in the units of the programme, a value for each step.
#[derive(Clone, Debug)]
pub struct Series {
    /// The steps.
    pub window: Window,
    /// Least and most power of each generator, MW.
    pub generation: Vec<Bounds>,
    /// Least and most power taken by each store, MW.
    pub charge: Vec<Bounds>,
    /// Least and most power given by each store, MW.
    pub discharge: Vec<Bounds>,
    /// Least and most power taken by each converter, MW.
    pub conversion: Vec<Bounds>,
    /// Most power of each line, MW.
    pub line: Vec<Bounds>,
    /// Least and most power bought from each grid, MW.
    pub import: Vec<Bounds>,
    /// Price of what is bought from each grid, money per MWh.
    pub import_price: Vec<Vec<f64>>,
    /// Direct carbon dioxide of what is bought from each grid, t/MWh; 0 where it isn't counted.
    pub import_carbon: Vec<Vec<f64>>,
    /// Share of what is bought from each grid that is carbon-free.
    pub import_clean: Vec<Vec<f64>>,
    /// Least and most computing power of each hall, MW.
    pub hall: Vec<Bounds>,
    /// Most computing power of each hall for work that may wait, MW; infinite where none was published.
    pub flexible: Vec<Vec<f64>>,
    /// PUE of each hall.
    pub pue: Vec<Vec<f64>>,
    /// Demand of each node, MW.
    pub demand: Vec<Vec<f64>>,
    /// Class of each queue of work; the first queues are the classes' own in their order, the rest is of jobs that overtake.
    pub class_of: Vec<usize>,
    /// Work of each queue that arrives, MWh.
    pub arriving: Vec<Vec<f64>>,
    /// Work of each queue that must be done by the end of the step, MWh.
    pub due: Vec<Vec<f64>>,
    /// Limit of each quota: t of carbon dioxide or MWh.
    pub quota: Vec<f64>,
}

/// Bounds of a power, MW.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// Least.
    pub low: Vec<f64>,
    /// Most.
    pub high: Vec<f64>,
}

impl Bounds {
    fn up_to(high: f64, steps: usize) -> Bounds {
        Bounds {
            low: vec![0.0; steps],
            high: vec![high; steps],
        }
    }
}

impl Series {
    /// The series of a base over its whole window.
    pub fn of(energy: &Energy, outside: &Outside) -> Series {
        let steps = energy.window.steps;
        let mut series = Series {
            window: energy.window,
            generation: generation(energy, outside),
            charge: energy
                .stores
                .iter()
                .map(|s| Bounds::up_to(s.charge_w / MW, steps))
                .collect(),
            discharge: energy
                .stores
                .iter()
                .map(|s| Bounds::up_to(s.discharge_w / MW, steps))
                .collect(),
            conversion: energy
                .converters
                .iter()
                .map(|c| Bounds::up_to(c.capacity_w / MW, steps))
                .collect(),
            line: energy
                .lines
                .iter()
                .map(|l| Bounds::up_to(l.capacity_w / MW, steps))
                .collect(),
            import: energy
                .grids
                .iter()
                .map(|g| Bounds::up_to(g.import_w / MW, steps))
                .collect(),
            import_price: prices(energy),
            hall: energy
                .halls
                .iter()
                .map(|h| Bounds::up_to(h.power_w / MW, steps))
                .collect(),
            import_carbon: by_step(energy, |grid| {
                (grid.carbon_profile, grid.carbon_kg_j.unwrap_or(0.0))
            })
            .into_iter()
            .map(|factors| factors.iter().map(|kg_j| tonnes_mwh(*kg_j)).collect())
            .collect(),
            import_clean: by_step(energy, |grid| (grid.carbon_free_profile, grid.carbon_free)),
            flexible: flexible(energy),
            pue: pue(energy, outside),
            demand: demand(energy),
            class_of: Vec::new(),
            arriving: Vec::new(),
            due: Vec::new(),
            quota: energy.quotas.iter().map(limit).collect(),
        };
        let queues = work(energy);
        series.class_of = queues.iter().map(|queue| queue.class).collect();
        for queue in queues {
            series.arriving.push(queue.arriving);
            series.due.push(queue.due);
        }
        order(energy, &mut series);
        series
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.window.steps
    }

    /// Some of its steps, with what is left of each quota for them.
    pub(crate) fn part(&self, steps: &std::ops::Range<usize>, quota: Vec<f64>) -> Series {
        let cut = |all: &Vec<Vec<f64>>| all.iter().map(|one| one[steps.clone()].to_vec()).collect();
        let bounds = |all: &Vec<Bounds>| {
            let one = |b: &Bounds| Bounds {
                low: b.low[steps.clone()].to_vec(),
                high: b.high[steps.clone()].to_vec(),
            };
            all.iter().map(one).collect()
        };
        let mut window = self.window;
        window.start = self.window.moment(steps.start);
        window.steps = steps.len();
        Series {
            window,
            generation: bounds(&self.generation),
            charge: bounds(&self.charge),
            discharge: bounds(&self.discharge),
            conversion: bounds(&self.conversion),
            line: bounds(&self.line),
            import: bounds(&self.import),
            import_price: cut(&self.import_price),
            import_carbon: cut(&self.import_carbon),
            import_clean: cut(&self.import_clean),
            flexible: cut(&self.flexible),
            hall: bounds(&self.hall),
            pue: cut(&self.pue),
            demand: cut(&self.demand),
            class_of: self.class_of.clone(),
            arriving: cut(&self.arriving),
            due: cut(&self.due),
            quota,
        }
    }

    /// The same with other available power of some generators from a step on, MW. The dispatcher's orders hold as before,
    /// but less is expected where less is available than is ordered.
    pub fn with_generation<'a>(
        mut self,
        energy: &Energy,
        from: usize,
        available: impl Iterator<Item = (usize, &'a [f64])>,
    ) -> Series {
        for (g, powers) in available {
            let high = self.generation[g].high.iter_mut().skip(from);
            for (high, power) in high.zip(powers) {
                *high = *power;
            }
        }
        order(energy, &mut self);
        for bounds in &mut self.generation {
            for (low, high) in bounds.low.iter_mut().zip(&bounds.high).skip(from) {
                *low = low.min(*high);
            }
        }
        self
    }

    /// Leaves off all steps behind the first so many; what has arrived by then and would be due later is due at the new end.
    pub fn truncate(&mut self, steps: usize) {
        if steps >= self.window.steps {
            return;
        }
        self.window.steps = steps;
        let powers = [
            &mut self.generation,
            &mut self.charge,
            &mut self.discharge,
            &mut self.conversion,
            &mut self.line,
            &mut self.import,
            &mut self.hall,
        ];
        for bounds in powers.into_iter().flatten() {
            bounds.low.truncate(steps);
            bounds.high.truncate(steps);
        }
        let others = [
            &mut self.import_price,
            &mut self.import_carbon,
            &mut self.import_clean,
            &mut self.flexible,
            &mut self.pue,
            &mut self.demand,
            &mut self.arriving,
            &mut self.due,
        ];
        for series in others.into_iter().flatten() {
            series.truncate(steps);
        }
        for (arriving, due) in self.arriving.iter().zip(&mut self.due) {
            let open = arriving.iter().sum::<f64>() - due.iter().sum::<f64>();
            if let Some(last) = due.last_mut() {
                *last += open;
            }
        }
    }
}

fn generation(energy: &Energy, outside: &Outside) -> Vec<Bounds> {
    let steps = energy.window.steps;
    let available = |(g, generator): (usize, &saltern_base::energy::Generator)| {
        let capacity = generator.capacity_w / MW;
        let from_weather = outside.available.get(g).and_then(Option::as_ref);
        let high = match (generator.profile, from_weather) {
            (Some(p), _) => amounts(energy, Some(generator.capacity_w), p),
            (None, Some(shares)) => shares.iter().map(|share| capacity * share).collect(),
            (None, None) => vec![capacity; steps],
        };
        let high = high.iter().map(|power| power.min(capacity)).collect();
        Bounds {
            low: vec![0.0; steps],
            high,
        }
    };
    energy
        .generators
        .iter()
        .enumerate()
        .map(available)
        .collect()
}

/// A profile as MW: its own, or shares of a power.
fn amounts(energy: &Energy, power_w: Option<f64>, profile: usize) -> Vec<f64> {
    use saltern_base::energy::ProfileValue;
    let profile = &energy.profiles[profile];
    let factor = match profile.value {
        ProfileValue::Share => power_w.unwrap_or(0.0) / MW,
        _ => 1.0 / MW,
    };
    // A whole number of MW times a share, so that 800 MW · 0.5 is 400 and not 399.99….
    profile.values.iter().map(|value| value * factor).collect()
}

fn demand(energy: &Energy) -> Vec<Vec<f64>> {
    let steps = energy.window.steps;
    let mut nodes = vec![vec![0.0; steps]; energy.nodes.len()];
    for demand in &energy.demands {
        for (total, own) in nodes[demand.node].iter_mut().zip(asked(energy, demand)) {
            *total += own;
        }
    }
    nodes
}

/// Power that a demand asks for in each step of the base, MW.
pub(super) fn asked(energy: &Energy, demand: &Demand) -> Vec<f64> {
    match demand.profile {
        Some(profile) => amounts(energy, demand.power_w, profile),
        None => vec![demand.power_w.unwrap_or(0.0) / MW; energy.window.steps],
    }
}

/// t/MWh of kg/J.
pub(super) fn tonnes_mwh(kg_j: f64) -> f64 {
    kg_j * MWH / 1e3
}

/// What each grid's profile says in each step, or its constant.
fn by_step(energy: &Energy, of: impl Fn(&Grid) -> (Option<usize>, f64)) -> Vec<Vec<f64>> {
    let series = |grid: &Grid| match of(grid) {
        (Some(profile), _) => energy.profiles[profile].values.clone(),
        (None, constant) => vec![constant; energy.window.steps],
    };
    energy.grids.iter().map(series).collect()
}

/// Published limits of flexible work; of two for a step the lower counts.
fn flexible(energy: &Energy) -> Vec<Vec<f64>> {
    let window = energy.window;
    let mut limits = vec![vec![f64::INFINITY; window.steps]; energy.halls.len()];
    for limit in &energy.hall_limits {
        let first = window.steps_before(limit.from).unwrap_or(0);
        let end = window.steps_before(limit.to).unwrap_or(0).min(window.steps);
        for own in &mut limits[limit.hall][first.min(end)..end] {
            *own = own.min(limit.flexible_w / MW);
        }
    }
    limits
}

fn prices(energy: &Energy) -> Vec<Vec<f64>> {
    let steps = energy.window.steps;
    let price = |grid: &saltern_base::energy::Grid| match grid.import_price {
        Price::Constant(price) => vec![price * MWH; steps],
        Price::Tariff(t) => {
            let tariff = energy.tariffs[t].series(&energy.window);
            tariff.iter().map(|price| price * MWH).collect()
        }
        Price::Profile(p) => energy.profiles[p]
            .values
            .iter()
            .map(|price| price * MWH)
            .collect(),
    };
    energy.grids.iter().map(price).collect()
}

fn pue(energy: &Energy, outside: &Outside) -> Vec<Vec<f64>> {
    use saltern_base::energy::Pue;
    let steps = energy.window.steps;
    let of = |hall: &saltern_base::energy::Hall| match &hall.pue {
        Pue::Constant(pue) => vec![*pue; steps],
        curve => outside
            .temperature_k
            .iter()
            .map(|temperature| curve.at(*temperature))
            .collect(),
    };
    energy.halls.iter().map(of).collect()
}

/// Work of a class in which whoever comes later is due no earlier.
struct Queue {
    class: usize,
    arriving: Vec<f64>,
    due: Vec<f64>,
    /// Last step in which any of it is due.
    last_due: usize,
    /// Jobs of the trace in it.
    jobs: Vec<usize>,
}

impl Queue {
    fn new(class: usize, steps: usize) -> Queue {
        Queue {
            class,
            arriving: vec![0.0; steps],
            due: vec![0.0; steps],
            last_due: 0,
            jobs: Vec::new(),
        }
    }

    fn add(&mut self, arrives: usize, due: usize, mwh: f64) {
        self.arriving[arrives] += mwh;
        self.due[due] += mwh;
        self.last_due = self.last_due.max(due);
    }
}

/// Arriving and due work.
///
/// Work that arrives in step t with a deadline of d steps is done by the end of step t + d, so that without a deadline it
/// is done as it arrives; what would be due after the last step is due at its end. A queue served in the order of arrival
/// keeps all deadlines if and only if as much was served by t as was due by t, provided that nobody overtakes: jobs of a
/// trace that come later and are due earlier stand in a queue of their own (as few as there can be: each job goes to the
/// first queue that ends no later than it is due).
fn work(energy: &Energy) -> Vec<Queue> {
    let window = &energy.window;
    let (steps, step_h) = (window.steps, window.step_h());
    let due = |arrives: usize, deadline_s: f64| {
        let within = (deadline_s / 3600.0 / step_h).floor() as usize;
        (arrives + within).min(steps - 1)
    };
    let mut queues: Vec<Queue> = Vec::new();
    for (c, class) in energy.classes.iter().enumerate() {
        let mut queue = Queue::new(c, steps);
        let power = match class.profile {
            Some(profile) => amounts(energy, class.power_w, profile),
            None => vec![class.power_w.unwrap_or(0.0) / MW; steps],
        };
        for (t, power) in power.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            queue.add(t, due(t, class.deadline_s), power * step_h);
        }
        queues.push(queue);
    }
    let jobs = energy.jobs.iter().enumerate();
    let mut jobs: Vec<(usize, usize, usize, &Job)> = jobs
        .map(|(j, job)| (job.step, due(job.step, job.deadline_s), j, job))
        .collect();
    jobs.sort_by_key(|(arrives, due, ..)| (*arrives, *due));
    for (arrives, due, j, job) in jobs {
        let fits = |queue: &&mut Queue| queue.class == job.class && queue.last_due <= due;
        match queues.iter_mut().find(fits) {
            Some(queue) => {
                queue.add(arrives, due, job.energy_j / MWH);
                queue.jobs.push(j);
            }
            None => {
                let mut queue = Queue::new(job.class, steps);
                queue.add(arrives, due, job.energy_j / MWH);
                queue.jobs.push(j);
                queues.push(queue);
            }
        }
    }
    queues
}

/// Queue of each job of the trace.
pub(crate) fn queues_of_jobs(energy: &Energy) -> Vec<usize> {
    let mut queues = vec![0; energy.jobs.len()];
    for (q, queue) in work(energy).iter().enumerate() {
        for &job in &queue.jobs {
            queues[job] = q;
        }
    }
    queues
}

fn limit(quota: &Quota) -> f64 {
    match quota.limit {
        QuotaLimit::Carbon(kg) => kg / 1e3,
        QuotaLimit::Energy(joule) => joule / MWH,
    }
}

/// Bounds that the dispatcher's orders set. A least power above what there is is left as it stands: the programme is then
/// infeasible, and told to be so by the row of the order.
pub(super) fn order(energy: &Energy, series: &mut Series) {
    let window = series.window;
    for order in &energy.orders {
        let bounds = match order.unit {
            UnitRef::Generator(i) => &mut series.generation[i],
            UnitRef::Store(i) => &mut series.discharge[i],
            UnitRef::Charge(i) => &mut series.charge[i],
            UnitRef::Converter(i) => &mut series.conversion[i],
            UnitRef::Line(i) => &mut series.line[i],
            UnitRef::Grid(i) => &mut series.import[i],
            UnitRef::Hall(i) => &mut series.hall[i],
        };
        let first = window.steps_before(order.from).unwrap_or(0);
        let end = window.steps_before(order.to).unwrap_or(0).min(window.steps);
        for step in first.min(end)..end {
            if let Some(low) = order.low_w {
                bounds.low[step] = bounds.low[step].max(low / MW);
            }
            if let Some(high) = order.high_w {
                bounds.high[step] = bounds.high[step].min(high / MW);
            }
        }
    }
}
