//! Demands that a simulated run tells: what plants took of a carrier, day by day.

use super::{Carrier, Demand, Energy, Profile, ProfileValue};
use crate::book::{Book, NodeId, NodeKind, StreamKind};
use crate::error::BaseError;
use jiff::Unit;
use jiff::civil::Date;

/// Length of a day, s.
const DAY_S: f64 = 86_400.0;

/// Demands of plants that a run alone can tell, each as an error that says what to do.
pub fn run_asked_for(energy: &Energy) -> Vec<BaseError> {
    let untold = energy.demands.iter().filter(|d| d.profile.is_none());
    let plants = untold.filter_map(|demand| {
        Some(BaseError::PlantWithoutRun {
            place: demand.who.place.clone(),
            plant: demand.plant.clone()?,
        })
    });
    plants.collect()
}

/// Gives each demand of a plant the profile that the book of a run tells, for the first `steps` steps.
///
/// A run posts what a plant takes once a day; the power is that energy spread evenly over the day, which is an assumption.
/// What is taken in all is what the run posts. Steps behind `steps` ask for nothing.
///
/// # Errors
/// A plant that the run hasn't or that takes none of the node's carrier, a run that doesn't hold all days.
pub fn from_run(energy: &mut Energy, book: &Book, steps: usize) -> Result<(), Vec<BaseError>> {
    let mut errors = Vec::new();
    let mut made = Vec::new();
    for (d, demand) in energy.demands.iter().enumerate() {
        let Some(plant) = &demand.plant else { continue };
        match powers(energy, demand, plant, book, steps) {
            Ok(values) => made.push((
                d,
                Profile {
                    name: plant.clone(),
                    value: ProfileValue::Power,
                    values,
                    place: demand.who.place.clone(),
                },
            )),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for (d, profile) in made {
        energy.demands[d].profile = Some(energy.profiles.len());
        energy.profiles.push(profile);
    }
    Ok(())
}

/// Power of a plant by step, W.
fn powers(
    energy: &Energy,
    demand: &Demand,
    plant: &str,
    book: &Book,
    steps: usize,
) -> Result<Vec<f64>, BaseError> {
    let place = || demand.who.place.clone();
    let Some(node) = book.nodes.iter().position(|node| is(node, plant)) else {
        return Err(BaseError::UnknownId {
            place: place(),
            id: plant.into(),
            known: plants(book),
        });
    };
    let carrier = energy.nodes[demand.node].carrier;
    let window = energy.window;
    let steps = steps.min(window.steps);
    let days = (
        window.start.date(),
        window.moment(steps.saturating_sub(1)).date(),
    );
    let first = days_between(book.from, days.0);
    let last = days_between(book.from, days.1);
    if first < 0 || last >= i64::from(book.days) {
        let ahead = jiff::SignedDuration::from_hours(24 * (i64::from(book.days) - 1));
        return Err(BaseError::RunTooShort {
            place: place(),
            run: (book.from, book.from.saturating_add(ahead)),
            plan: days,
        });
    }
    let Some(taken_j) = taken(book, node, kind(carrier)) else {
        return Err(BaseError::PlantTakesNone {
            place: place(),
            plant: plant.into(),
            carrier: kind(carrier).name(),
        });
    };
    let power = |step: usize| {
        let day = days_between(book.from, window.moment(step).date());
        taken_j
            .get(day as usize)
            .map_or(0.0, |energy| energy / DAY_S)
    };
    Ok((0..window.steps)
        .map(|step| if step < steps { power(step) } else { 0.0 })
        .collect())
}

/// Energy that a node takes of a kind each day of a book, J; `None` where it never takes any.
fn taken(book: &Book, node: NodeId, kind: StreamKind) -> Option<Vec<f64>> {
    let mut days = vec![0.0; book.days as usize];
    let mut any = false;
    for posting in &book.postings {
        let stream = &book.streams[posting.stream];
        if stream.kind == kind && stream.to == node {
            days[posting.day as usize] += posting.energy_j;
            any = true;
        }
    }
    any.then_some(days)
}

fn is(node: &crate::book::Node, plant: &str) -> bool {
    node.kind == NodeKind::Plant && node.id == plant
}

fn plants(book: &Book) -> Vec<String> {
    let plants = book.nodes.iter().filter(|n| n.kind == NodeKind::Plant);
    plants.map(|node| node.id.clone()).collect()
}

fn kind(carrier: Carrier) -> StreamKind {
    match carrier {
        Carrier::Electricity => StreamKind::Electricity,
        Carrier::Heat => StreamKind::Heat,
        Carrier::Hydrogen => StreamKind::Hydrogen,
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to))
        .map_or(0, |span| i64::from(span.get_days()))
}
