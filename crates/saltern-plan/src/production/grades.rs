//! Grades of what is harvested for plants.

use saltern_base::model::{Base, PlantNode};

use super::build::{Around, pile_of};
use super::name::Name;
use crate::programme::Programme;

/// What is harvested for a plant in a step has its grade: `Σ taken · (1 + brine per salt) · (share − least) ≥ 0`. The heap
/// that the plant draws from is a mixture of such steps. What was never taken counts like the mean of the rest.
pub(super) fn add(programme: &mut Programme<Name>, around: &Around<'_>) {
    let (base, production, trajectory) = (around.base, around.production, around.trajectory);
    let n = around.steps.len();
    for (g, grade) in production.grades.iter().enumerate() {
        let rows = programme.add_rows(Name::Grade(g), n, (0.0, f64::INFINITY));
        let known = trajectory.share[g].iter().filter(|share| share.is_finite());
        let mean = known.clone().sum::<f64>() / known.count().max(1) as f64;
        for c in 0..production.harvests.len() {
            let pile = pile_of(base, production, c);
            let take = programme.columns_of(Name::Take(c));
            let (Some(take), true) = (take, feeds(base, grade.plant, pile)) else {
                continue;
            };
            let share = trajectory.share[g][c];
            let share = if share.is_finite() { share } else { mean };
            let brings = 1.0 + trajectory.clinging(base, production, c);
            for (s, step) in around.steps.iter().enumerate() {
                let asked = step.days_in(Some(grade.season)) > 0;
                let per_t = if asked {
                    brings * (share - grade.least)
                } else {
                    0.0
                };
                programme.enter(rows + s, take.start + s, per_t);
            }
        }
    }
}

/// Whether a plant's leading feed comes from a stockpile.
fn feeds(base: &Base, plant: usize, pile: Option<usize>) -> bool {
    let plant = &base.plants[plant];
    let lead = plant.streams.iter().find(|s| s.stream == plant.lead);
    match (lead.map(|s| s.node), pile) {
        (Some(PlantNode::Stockpile(k)), Some(pile)) => k == pile,
        _ => false,
    }
}
