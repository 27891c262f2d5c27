//! A simulated year as a plan sees it: by step, in t and m³.

use saltern_base::book::StreamKind;
use saltern_base::model::{Base, Schedule};
use saltern_base::production::{Grade, Production};
use saltern_simulate::Simulation;
use std::collections::HashMap;

use super::logistics::T;
use super::step::{Step, is_in};

/// By step.
type Series = Vec<f64>;

/// What a simulation did, by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trajectory {
    /// Leading feed of each plant, t.
    pub feed_t: Vec<Series>,
    /// What each plant was told to take at most, t.
    pub ordered_t: Vec<Series>,
    /// What each joint of each plant moved, t: `[plant][joint][step]`.
    pub moved_t: Vec<Vec<Series>>,
    /// Electricity of each plant, MWh.
    pub electricity_mwh: Vec<Series>,
    /// What each choice of a harvest could take at the end of each step, t.
    pub floor_t: Vec<Series>,
    /// The same before the first step, t.
    pub floor_first_t: Vec<f64>,
    /// Dry salt taken from the pond of each choice, t.
    pub taken_t: Vec<Series>,
    /// Brine that went with it, t.
    pub clinging_t: Vec<Series>,
    /// What other harvests brought to each stockpile, t.
    pub brought_t: Vec<Series>,
    /// Flow of each link, m³.
    pub flow_m3: Vec<Series>,
    /// Of each grade and choice of a harvest, the element's share of what was taken with its brine over the period; not a
    /// number where nothing was.
    pub share: Vec<Vec<f64>>,
    /// Of each grade, the element's share of the plant's leading feed; not a number where it had none.
    pub fed_share: Vec<Series>,
}

impl Trajectory {
    /// Reads a simulation of a base that was ordered a schedule.
    pub fn of(
        simulation: &Simulation,
        base: &Base,
        production: &Production,
        schedule: Option<&Schedule>,
        steps: &[Step],
    ) -> Self {
        let book = &simulation.book;
        let n = steps.len();
        let mut of_stream: HashMap<&str, usize> = HashMap::new();
        for (s, stream) in book.streams.iter().enumerate() {
            // Energy streams have ids of their own; matter comes first.
            of_stream.entry(stream.id.as_str()).or_insert(s);
        }
        let mut mass_t = vec![Vec::new(); book.streams.len()];
        let mut volume_m3 = vec![Vec::new(); book.streams.len()];
        let mut energy_mwh = vec![Vec::new(); book.streams.len()];
        for posting in &book.postings {
            let step = steps.partition_point(|s| s.before <= posting.day);
            let step = step.saturating_sub(1);
            let add = |series: &mut Vec<Series>, value: f64| {
                let series = &mut series[posting.stream];
                series.resize(n, 0.0);
                series[step] += value;
            };
            add(&mut mass_t, posting.mass_kg / T);
            add(&mut volume_m3, posting.volume_m3);
            if book.streams[posting.stream].kind == StreamKind::Electricity {
                add(&mut energy_mwh, posting.energy_j / crate::dispatch::MWH);
            }
        }
        let series = |all: &[Series], id: &str| -> Series {
            let found = of_stream.get(id).map(|&s| all[s].clone());
            found.filter(|s| s.len() == n).unwrap_or(vec![0.0; n])
        };
        let mass = |id: &str| series(&mass_t, id);
        let harvested = |id: &str| {
            let mut both = mass(id);
            let brine = mass(&format!("{id}.entrainment"));
            both.iter_mut().zip(brine).for_each(|(a, b)| *a += b);
            both
        };
        let sum_of_pond = |choice: usize, of: &dyn Fn(&str) -> Series| {
            let pond = base.harvests[production.harvests[choice].harvest].pond;
            let all = base.harvests.iter().filter(|h| h.pond == pond);
            total(n, all.map(|h| of(&h.id)))
        };
        let choices = 0..production.harvests.len();
        let decided = |pond| {
            let ponds = production.harvests.iter();
            ponds.clone().any(|c| base.harvests[c.harvest].pond == pond)
        };
        let floor = |choice: usize| &simulation.harvestable_kg[production.harvests[choice].harvest];
        let end_day = |step: &Step| (step.before + step.days) as usize - 1;
        let element_t = |element: &str, id: &str| element_t(simulation, steps, element, id);
        let share = |grade: &Grade, choice: usize| {
            let of = |id: &str| {
                let brine = format!("{id}.entrainment");
                total(
                    n,
                    [id, &brine]
                        .into_iter()
                        .map(|id| element_t(&grade.element, id)),
                )
            };
            let element: f64 = sum_of_pond(choice, &of).iter().sum();
            element / sum_of_pond(choice, &harvested).iter().sum::<f64>()
        };
        let share: Vec<Vec<f64>> = (production.grades.iter())
            .map(|grade| choices.clone().map(|choice| share(grade, choice)).collect())
            .collect();
        let fed_share = |grade: &Grade| -> Series {
            let plant = &base.plants[grade.plant];
            let id = format!("{}.{}", plant.id, plant.lead);
            let element = element_t(&grade.element, &id);
            element
                .iter()
                .zip(mass(&id))
                .map(|(e, all)| e / all)
                .collect()
        };
        let fed_share = production.grades.iter().map(fed_share).collect();
        let taken_t: Vec<Series> = choices.clone().map(|c| sum_of_pond(c, &mass)).collect();
        Trajectory {
            feed_t: (base.plants.iter())
                .map(|p| mass(&format!("{}.{}", p.id, p.lead)))
                .collect(),
            ordered_t: ordered(base, schedule, steps),
            moved_t: (base.plants.iter())
                .map(|p| {
                    let joints = p.streams.iter();
                    joints
                        .map(|s| mass(&format!("{}.{}", p.id, s.stream)))
                        .collect()
                })
                .collect(),
            electricity_mwh: (base.plants.iter())
                .map(|p| series(&energy_mwh, &format!("{}.electricity", p.id)))
                .collect(),
            floor_t: (choices.clone())
                .map(|c| steps.iter().map(|s| floor(c)[end_day(s)] / T).collect())
                .collect(),
            floor_first_t: (choices.clone())
                .map(|c| first_floor_t(simulation, base, production, c))
                .collect(),
            clinging_t: choices
                .map(|c| sum_of_pond(c, &|id| mass(&format!("{id}.entrainment"))))
                .collect(),
            taken_t,
            share,
            fed_share,
            brought_t: (base.stockpiles.iter())
                .map(|pile| {
                    let others = base.harvests.iter();
                    let others = others.filter(|h| h.stockpile == pile.id && !decided(h.pond));
                    total(n, others.map(|h| harvested(&h.id)))
                })
                .collect(),
            flow_m3: (base.links.iter())
                .map(|l| series(&volume_m3, &l.id))
                .collect(),
        }
    }

    /// Salt that came to lie above the floor of a choice in a step, t; negative where it dissolved.
    pub fn grown_t(&self, choice: usize, step: usize) -> f64 {
        let before = match step.checked_sub(1) {
            Some(before) => self.floor_t[choice][before],
            None => self.floor_first_t[choice],
        };
        self.floor_t[choice][step] + self.taken_t[choice][step] - before
    }

    /// t moved by a joint per t of leading feed in a step; that of the whole period where the plant stood.
    pub fn per_feed(&self, plant: usize, joint: usize, step: usize) -> f64 {
        let (moved, fed) = (&self.moved_t[plant][joint], &self.feed_t[plant]);
        ratio(moved, fed, step)
    }

    /// t moved by a joint per t of leading feed over all steps.
    pub fn mean_per_feed(&self, plant: usize, joint: usize) -> f64 {
        mean(&self.moved_t[plant][joint], &self.feed_t[plant])
    }

    /// MWh per t of leading feed.
    pub fn mwh_per_feed(&self, plant: usize, step: usize) -> f64 {
        ratio(&self.electricity_mwh[plant], &self.feed_t[plant], step)
    }

    /// Brine per dry salt of a choice, t/t.
    pub fn clinging(&self, base: &Base, production: &Production, choice: usize) -> f64 {
        let taken: f64 = self.taken_t[choice].iter().sum();
        if taken > 0.0 {
            self.clinging_t[choice].iter().sum::<f64>() / taken
        } else {
            base.harvests[production.harvests[choice].harvest].entrainment_kg_kg
        }
    }

    /// What was made of each product, t: `[product][step]`.
    pub fn made_t(&self, base: &Base, production: &Production) -> Vec<Series> {
        let n = self.feed_t.first().map_or(0, Vec::len);
        let of = |product: &saltern_base::production::Product| {
            let streams = product.streams.iter();
            let moved = streams.filter_map(|(p, id)| {
                let joint = base.plants[*p]
                    .streams
                    .iter()
                    .position(|s| s.stream == *id)?;
                Some(self.moved_t[*p][joint].clone())
            });
            total(n, moved)
        };
        production.products.iter().map(of).collect()
    }
}

/// What could be taken before the first day, t: nothing is recorded of that evening, so the first day's is put back.
fn first_floor_t(
    simulation: &Simulation,
    base: &Base,
    production: &Production,
    choice: usize,
) -> f64 {
    let harvest = production.harvests[choice].harvest;
    let pond = base.harvests[harvest].pond;
    let of_pond = |id: &str| base.harvests.iter().any(|h| h.pond == pond && h.id == id);
    let first = simulation.book.postings.iter().filter(|p| p.day == 0);
    let taken_kg: f64 = first
        .filter(|p| of_pond(&simulation.book.streams[p.stream].id))
        .map(|p| p.mass_kg)
        .sum();
    let evening_kg = simulation.harvestable_kg[harvest].first();
    (evening_kg.copied().unwrap_or(0.0) + taken_kg) / T
}

/// Mass of an element that a stream moved, t.
fn element_t(simulation: &Simulation, steps: &[Step], element: &str, id: &str) -> Series {
    let book = &simulation.book;
    let mut series = vec![0.0; steps.len()];
    let (Some(e), Some(stream)) = (
        book.elements.iter().position(|known| known == element),
        book.streams.iter().position(|stream| stream.id == id),
    ) else {
        return series;
    };
    for posting in book.postings.iter().filter(|p| p.stream == stream) {
        let step = steps.partition_point(|s| s.before <= posting.day);
        let moved_mol = posting.elements_mol.get(e).copied().unwrap_or(0.0);
        series[step.saturating_sub(1)] += moved_mol * book.element_kg_mol[e] / T;
    }
    series
}

fn ratio(moved: &[f64], fed: &[f64], step: usize) -> f64 {
    if fed[step] > 0.0 {
        return moved[step] / fed[step];
    }
    mean(moved, fed)
}

fn mean(moved: &[f64], fed: &[f64]) -> f64 {
    let all: f64 = fed.iter().sum();
    if all > 0.0 {
        moved.iter().sum::<f64>() / all
    } else {
        0.0
    }
}

fn total(n: usize, all: impl Iterator<Item = Series>) -> Series {
    let mut sum = vec![0.0; n];
    for series in all {
        sum.iter_mut().zip(series).for_each(|(a, b)| *a += b);
    }
    sum
}

/// Leading feed at full load in a day, t; zero where no capacity is given.
pub(super) fn capacity_t_d(base: &Base, plant: usize) -> f64 {
    base.plants[plant]
        .capacity_kg_s
        .map_or(0.0, |kg_s| kg_s * 86_400.0 / T)
}

/// What plants are told to take at most: their season and what the schedule says.
fn ordered(base: &Base, schedule: Option<&Schedule>, steps: &[Step]) -> Vec<Series> {
    let loads = schedule.map_or(&[][..], |s| &s.loads[..]);
    let of_plant = |(p, plant): (usize, &saltern_base::model::Plant)| {
        let of_day = |day| {
            let set = (loads.iter()).find(|l| l.plant == p && l.from <= day && day <= l.to);
            match set {
                Some(set) => set.load,
                None => f64::from(u8::from(is_in(day, plant.season))),
            }
        };
        let full_t = capacity_t_d(base, p);
        let of_step = |step: &Step| step.dates().map(of_day).sum::<f64>() * full_t;
        steps.iter().map(of_step).collect()
    };
    base.plants.iter().enumerate().map(of_plant).collect()
}
