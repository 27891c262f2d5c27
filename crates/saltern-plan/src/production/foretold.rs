//! What a programme foretold of each product, beside what the simulation made.

use saltern_base::production::Product;

use super::answer::ProductFigures;
use super::build::Around;
use super::name::Name;
use super::search::{Candidate, Fixed, Planner};
use super::trajectory::Trajectory;
use crate::programme::Programme;
use crate::solution::Solution;

impl Planner<'_> {
    /// What the programme makes of each product, t.
    pub(super) fn planned_t(
        &self,
        programme: &Programme<Name>,
        solution: &Solution,
        around: &Around<'_>,
    ) -> Vec<f64> {
        let of = |(i, product): (usize, &Product)| {
            let mut made = 0.0;
            for (p, id) in &product.streams {
                let mut joints = self.base.plants[*p].streams.iter();
                let Some(j) = joints.position(|s| s.stream == *id) else {
                    continue;
                };
                let feed = programme.columns_of(Name::Feed(*p));
                for s in 0..self.steps.len() {
                    made += match &feed {
                        Some(feed) => around.per_feed(*p, j, s) * solution.columns[feed.start + s],
                        None => around.trajectory.moved_t[*p][j][s],
                    };
                }
            }
            for (f, slope) in around.slopes.iter().enumerate() {
                let change = column_sum(programme, solution, Name::Factor(f)) - around.factors[f];
                made += change * slope.made_t[i].iter().sum::<f64>();
            }
            made
        };
        self.production
            .products
            .iter()
            .enumerate()
            .map(of)
            .collect()
    }

    pub(super) fn figures(&self, candidate: &Candidate, fixed: &Fixed) -> Vec<ProductFigures> {
        let sums = |trajectory: &Trajectory| -> Vec<f64> {
            let made = trajectory.made_t(self.base, self.production);
            made.iter().map(|made| made.iter().sum()).collect()
        };
        let (simulated, by_rules) = (sums(&candidate.trajectory), sums(&fixed.reference));
        (0..self.production.products.len())
            .map(|i| ProductFigures {
                product: i,
                planned_t: candidate.planned_t[i],
                simulated_t: simulated[i],
                by_rules_t: by_rules[i],
            })
            .collect()
    }
}

/// The worst of the gaps.
pub(super) fn worst_gap(figures: &[ProductFigures]) -> f64 {
    figures.iter().map(ProductFigures::gap).fold(0.0, f64::max)
}

/// Sum of a block of columns; zero where there is none.
pub(super) fn column_sum(programme: &Programme<Name>, solution: &Solution, name: Name) -> f64 {
    let block = programme.columns_of(name);
    block.map_or(0.0, |block| solution.columns[block].iter().sum())
}
