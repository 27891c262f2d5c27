//! What the data determine: singular values of the parameters' Jacobian, and the combinations behind the small ones.
//!
//! Columns are scaled by each parameter's span (the distance of its bounds), and what belongs to single runs is taken out
//! (projected off with its priors), priors of the parameters left aside. A singular value is then by how many standard
//! deviations the predictions move when the combination goes over the span: below about 2 the data do not tell
//! one end of what is allowed from the other.

use saltern_numerics::qr::Qr;
use saltern_numerics::singular::singular_values;

use super::model::Model;
use super::regression::Fit;

/// Below this a combination is not determined by the data.
pub const DETERMINED: f64 = 2.0;
/// Correlations beyond this are told.
pub const CORRELATED: f64 = 0.95;
/// Parts of a combination smaller than this share of its largest are not named.
const NAMED: f64 = 0.15;

/// A combination of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// Standard deviations the predictions move by when it goes over the span.
    pub value: f64,
    /// Unit vector over the parameters, each in its span.
    pub direction: Vec<f64>,
}

impl Combination {
    /// Whether the data determine it.
    pub fn is_determined(&self) -> bool {
        self.value >= DETERMINED
    }

    /// `0.71 filter.moisture − 0.70 wash.efficiency`
    pub fn text(&self, model: &Model<'_>) -> String {
        let largest = self.direction.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let mut order: Vec<usize> = (0..self.direction.len()).collect();
        order.sort_by(|a, b| {
            self.direction[*b]
                .abs()
                .total_cmp(&self.direction[*a].abs())
        });
        let sign = self.direction[order[0]].signum();
        let mut text = String::new();
        for k in order {
            let part = sign * self.direction[k];
            if part.abs() < NAMED * largest {
                break;
            }
            let joint = match (text.is_empty(), part < 0.0) {
                (true, false) => "",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => " − ",
            };
            text += &format!("{joint}{:.2} {}", part.abs(), model.unknowns[k].path);
        }
        text
    }
}

/// All combinations, the best determined first.
pub fn combinations(model: &Model<'_>, fit: &Fit) -> Vec<Combination> {
    let (n, p) = (model.unknowns.len(), model.parameters);
    let at = &fit.minimum.at;
    let data = model.pilot.counted();
    // Rows of priors follow the data in the order of the unknowns; those of the parameters are left aside.
    let own_priors = model.unknowns[..p]
        .iter()
        .filter(|u| u.prior.is_some())
        .count();
    let rows: Vec<usize> = (0..data)
        .chain(data + own_priors..at.residuals.len())
        .collect();
    let column = |j: usize| -> Vec<f64> { rows.iter().map(|i| at.jacobian[i * n + j]).collect() };
    let of_runs: Vec<Vec<f64>> = (p..n).map(column).collect();
    let beside = of_runs.len();
    let matrix: Vec<f64> = (0..rows.len())
        .flat_map(|i| of_runs.iter().map(move |c| c[i]))
        .collect();
    let qr = Qr::factor(&matrix, rows.len(), beside, 1e-12);
    let mut scaled = vec![0.0; rows.len() * p];
    for j in 0..p {
        let mut own = column(j);
        if beside > 0 {
            qr.rotate(&mut own);
            own[..qr.rank()].fill(0.0);
        }
        for (i, v) in own.iter().enumerate() {
            scaled[i * p + j] = v * model.unknowns[j].span();
        }
    }
    let found = singular_values(&scaled, p);
    let pairs = found.values.into_iter().zip(found.directions);
    pairs
        .map(|(value, direction)| Combination { value, direction })
        .collect()
}

/// Pairs of parameters that are hardly told apart, with their correlation.
pub fn correlated(fit: &Fit) -> Vec<(usize, usize, f64)> {
    let mut pairs = Vec::new();
    for a in 0..fit.parameters {
        for b in a + 1..fit.parameters {
            let r = fit.correlation(a, b);
            if r.abs() > CORRELATED {
                pairs.push((a, b, r));
            }
        }
    }
    pairs
}
