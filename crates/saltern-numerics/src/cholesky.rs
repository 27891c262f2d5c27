//! Roots of symmetric matrices, L Lᵀ = A (Cholesky), row-major, zero above the diagonal: draws with a covariance or with a
//! precision.

/// L of a positive definite matrix; `None` where it is not, or not finite.
pub fn definite(a: &[f64], n: usize) -> Option<Vec<f64>> {
    let root = root(a, n, 0.0);
    let is_root = root.dependent == 0 && root.lower.iter().all(|l| l.is_finite());
    is_root.then_some(root.lower)
}

/// L of a covariance: what does not vary, or only with those before it, has a column of zeros.
pub fn semidefinite(a: &[f64], n: usize) -> Vec<f64> {
    // What is left of a variance beside rounding is none.
    root(a, n, 1e-14).lower
}

struct Root {
    lower: Vec<f64>,
    /// Columns that were left zero.
    dependent: usize,
}

/// Columns whose pivot is at most `least` of their diagonal are left zero.
fn root(a: &[f64], n: usize, least: f64) -> Root {
    let mut l = vec![0.0; n * n];
    let mut dependent = 0;
    for j in 0..n {
        let before: f64 = (0..j).map(|k| f64::powi(l[j * n + k], 2)).sum();
        let pivot = a[j * n + j] - before;
        if pivot <= least * a[j * n + j].abs() {
            dependent += 1;
            continue;
        }
        l[j * n + j] = pivot.sqrt();
        for i in j + 1..n {
            let before: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            l[i * n + j] = (a[i * n + j] - before) / l[j * n + j];
        }
    }
    Root {
        lower: l,
        dependent,
    }
}

/// The x with Lᵀ x = z: from standard normals z a draw whose covariance is (L Lᵀ)⁻¹.
pub fn back(l: &[f64], z: &[f64]) -> Vec<f64> {
    let n = z.len();
    let mut x = z.to_vec();
    for i in (0..n).rev() {
        for k in i + 1..n {
            x[i] -= l[k * n + i] * x[k];
        }
        x[i] /= l[i * n + i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_gives_its_matrix_back_and_draws_have_its_inverse() {
        let a = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let l = definite(&a, 3).unwrap();
        for i in 0..3 {
            for j in 0..=i {
                let sum: f64 = (0..=j).map(|k| l[i * 3 + k] * l[j * 3 + k]).sum();
                assert!((sum - a[i * 3 + j]).abs() < 1e-12);
            }
        }
        // Σ over unit vectors of x xᵀ is A⁻¹.
        let mut inverse = [0.0; 9];
        for unit in 0..3 {
            let mut z = [0.0; 3];
            z[unit] = 1.0;
            let x = back(&l, &z);
            for i in 0..3 {
                for j in 0..3 {
                    inverse[i * 3 + j] += x[i] * x[j];
                }
            }
        }
        for i in 0..3 {
            for j in 0..3 {
                let one: f64 = (0..3).map(|k| a[i * 3 + k] * inverse[k * 3 + j]).sum();
                let exact = if i == j { 1.0 } else { 0.0 };
                assert!((one - exact).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn what_is_not_definite_has_no_factor() {
        for a in [
            [1.0, 2.0, 2.0, 1.0],
            [0.0, 0.0, 0.0, 1.0],
            [1.0, 1.0, 1.0, 1.0],
            [1.0, f64::NAN, f64::NAN, 1.0],
            [f64::INFINITY, 0.0, 0.0, 1.0],
        ] {
            assert!(definite(&a, 2).is_none(), "{a:?}");
        }
    }

    #[test]
    fn a_root_gives_its_covariance_back_and_a_known_parameter_stays() {
        let c = [4.0, 2.0, 0.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0];
        let root = semidefinite(&c, 3);
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..3).map(|k| root[i * 3 + k] * root[j * 3 + k]).sum();
                assert!((sum - c[i * 3 + j]).abs() < 1e-14);
            }
        }
    }
}
