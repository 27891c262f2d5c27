//! Singular values: along which combinations of unknowns the data say much, little, nothing.
//!
//! A = U Σ Vᵀ by one-sided Jacobi rotations (Hestenes 1958; Golub & Van Loan, Matrix Computations, section 8.6.3): pairs
//! of columns are turned until all are at right angles. Slow for large matrices, exact to rounding for small ones.

/// Singular values, largest first, with the direction of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Singular {
    /// σ_k.
    pub values: Vec<f64>,
    /// Unit vectors of the unknowns that belong to them.
    pub directions: Vec<Vec<f64>>,
}

/// Sweeps over all pairs; six to ten are ordinary.
const SWEEPS: u32 = 60;

/// Decomposes a row-major matrix of so many columns.
pub fn singular_values(matrix: &[f64], columns: usize) -> Singular {
    let rows = matrix.len() / columns.max(1);
    let mut a: Vec<Vec<f64>> = (0..columns)
        .map(|j| (0..rows).map(|i| matrix[i * columns + j]).collect())
        .collect();
    let mut v: Vec<Vec<f64>> = (0..columns)
        .map(|j| (0..columns).map(|i| f64::from(u8::from(i == j))).collect())
        .collect();
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..columns {
            for q in p + 1..columns {
                let (pp, qq, pq) = (dot(&a[p], &a[p]), dot(&a[q], &a[q]), dot(&a[p], &a[q]));
                if pq.abs() <= 1e-15 * (pp * qq).sqrt() {
                    continue;
                }
                turned = true;
                let zeta = (qq - pp) / (2.0 * pq);
                let t = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
                let cosine = 1.0 / (1.0 + t * t).sqrt();
                turn(&mut a, p, q, cosine, cosine * t);
                turn(&mut v, p, q, cosine, cosine * t);
            }
        }
        if !turned {
            break;
        }
    }
    let lengths: Vec<f64> = a.iter().map(|column| dot(column, column).sqrt()).collect();
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_by(|x, y| lengths[*y].total_cmp(&lengths[*x]));
    Singular {
        values: order.iter().map(|&k| lengths[k]).collect(),
        directions: order.iter().map(|&k| v[k].clone()).collect(),
    }
}

/// Turns two columns in their plane.
fn turn(columns: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (left, right) = columns.split_at_mut(q);
    for (x, y) in left[p].iter_mut().zip(&mut right[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_whose_values_are_known() {
        // [[3, 0], [4, 5]]: AᵀA = [[25, 20], [20, 25]] has the eigenvalues 45 and 5.
        let found = singular_values(&[3.0, 0.0, 4.0, 5.0], 2);
        assert!((found.values[0] - 45f64.sqrt()).abs() < 1e-13);
        assert!((found.values[1] - 5f64.sqrt()).abs() < 1e-13);
        let d = &found.directions[1];
        assert!((d[0] + d[1]).abs() < 1e-13 && (d[0].abs() - 0.5f64.sqrt()).abs() < 1e-13);
    }

    #[test]
    fn a_combination_that_nothing_determines_is_named() {
        // Rows know x + y and z only.
        let found = singular_values(&[1.0, 1.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 3.0], 3);
        assert!(found.values[2] < 1e-15);
        let d = &found.directions[2];
        assert!((d[0] + d[1]).abs() < 1e-14 && d[2].abs() < 1e-14);
    }

    #[test]
    fn the_hilbert_matrix_of_five() {
        // Condition number 4.766073e5 (Golub & Van Loan; Todd 1954).
        let h: Vec<f64> = (0..25).map(|k| 1.0 / (1 + k / 5 + k % 5) as f64).collect();
        let found = singular_values(&h, 5);
        let condition = found.values[0] / found.values[4];
        assert!((condition / 4.766073e5 - 1.0).abs() < 1e-6, "{condition}");
    }
}
