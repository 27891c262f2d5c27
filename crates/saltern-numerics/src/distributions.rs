//! The normal and the χ² distribution: probabilities and quantiles for tests of hypotheses.

use std::f64::consts::{PI, SQRT_2};

/// P(Z ≤ z) of a standard normal.
///
/// Φ(z) = ½ (1 + sgn(z) P(½, z²/2)) with the regularised incomplete gamma function P (Abramowitz & Stegun 1964,
/// 26.2.29 and 26.4.19); beyond zero from the complement, so that small tails keep their digits.
pub fn normal_probability(z: f64) -> f64 {
    let tail = 0.5 * gamma_upper(0.5, 0.5 * z * z);
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The z with P(Z ≤ z) = `probability`, which lies between 0 and 1.
pub fn normal_quantile(probability: f64) -> f64 {
    if probability > 0.5 {
        return -normal_quantile(1.0 - probability);
    }
    // Newton on the logarithm of the lower tail, which is concave, from a bound of the tail.
    let mut z = -(-2.0 * (2.0 * probability).ln()).max(0.0).sqrt();
    for _ in 0..60 {
        let value = normal_probability(z);
        let density = (-0.5 * z * z).exp() / (SQRT_2 * PI.sqrt());
        let step = (value / probability).ln() * value / density;
        z -= step;
        if step.abs() < 1e-15 * (1.0 + z.abs()) {
            break;
        }
    }
    z
}

/// P(χ² ≤ x) with so many degrees of freedom (Abramowitz & Stegun 26.4.19).
pub fn chi_squared_probability(x: f64, freedom: usize) -> f64 {
    if freedom == 0 {
        return 1.0;
    }
    1.0 - gamma_upper(0.5 * freedom as f64, 0.5 * x.max(0.0))
}

/// The x with P(χ² ≤ x) = `probability`; zero without degrees of freedom.
pub fn chi_squared_quantile(probability: f64, freedom: usize) -> f64 {
    if freedom == 0 {
        return 0.0;
    }
    let n = freedom as f64;
    // Newton from the cube-root approximation of Wilson & Hilferty (Abramowitz & Stegun 26.4.17), kept between bounds.
    let cube = 1.0 - 2.0 / (9.0 * n) + normal_quantile(probability) * (2.0 / (9.0 * n)).sqrt();
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut x = (n * cube.powi(3)).max(1e-3 * n);
    for _ in 0..100 {
        let off = chi_squared_probability(x, freedom) - probability;
        if off > 0.0 {
            high = x
        } else {
            low = x
        }
        let ln_density = (0.5 * n - 1.0) * (0.5 * x).ln() - 0.5 * x - ln_gamma(0.5 * n);
        let newton = x - off / (0.5 * ln_density.exp());
        let next = match (newton > low && newton < high, high.is_finite()) {
            (true, _) => newton,
            (false, true) => 0.5 * (low + high),
            (false, false) => 2.0 * x,
        };
        let settled = (next - x).abs() <= 1e-14 * x;
        x = next;
        if settled {
            break;
        }
    }
    x
}

/// Q(a, x) = Γ(a, x)/Γ(a): by its series below a + 1, by its continued fraction above (Abramowitz & Stegun 6.5.29,
/// 6.5.31).
fn gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > 1e-17 * sum {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        1.0 - front * sum
    } else {
        front / fraction(a, x)
    }
}

/// The continued fraction x + 1 − a − 1(1 − a)/(x + 3 − a − …), by Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let mut f = if b == 0.0 { tiny } else { b };
    let (mut c, mut d) = (f, 0.0);
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = b + an * d;
        c = b + an / c;
        d = 1.0 / if d == 0.0 { tiny } else { d };
        c = if c == 0.0 { tiny } else { c };
        f *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    f
}

/// ln Γ of a positive half-integer or integer: by its recurrence up to 20, then Stirling's series (Abramowitz &
/// Stegun 6.1.41).
fn ln_gamma(a: f64) -> f64 {
    let (mut a, mut product) = (a, 1.0);
    while a < 20.0 {
        product *= a;
        a += 1.0;
    }
    let series = 1.0 / (12.0 * a) - 1.0 / (360.0 * a.powi(3)) + 1.0 / (1260.0 * a.powi(5))
        - 1.0 / (1680.0 * a.powi(7));
    (a - 0.5) * a.ln() - a + 0.5 * (2.0 * PI).ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles to the last place printed in Abramowitz & Stegun 1964, tables 26.1 and 26.8.
    #[test]
    fn printed_tables_are_met() {
        assert!((normal_probability(1.96) - 0.975002).abs() < 1e-6);
        assert!((normal_quantile(0.975) - 1.959964).abs() < 1e-6);
        assert!((normal_quantile(0.9) - 1.281552).abs() < 1e-6);
        assert!((normal_quantile(0.001) + 3.090232).abs() < 1e-6);
        for (freedom, x) in [
            (1, 3.84146),
            (2, 5.99146),
            (7, 14.0671),
            (11, 19.6751),
            (30, 43.7729),
        ] {
            assert!(
                (chi_squared_quantile(0.95, freedom) - x).abs() < 1e-4,
                "{freedom}"
            );
        }
        assert!((chi_squared_quantile(0.995, 100) - 140.169).abs() < 6e-4);
    }

    #[test]
    fn two_degrees_of_freedom_are_an_exponential() {
        for x in [0.01, 0.5, 3.0, 20.0, 60.0] {
            let exact = 1.0 - (-0.5_f64 * x).exp();
            assert!((chi_squared_probability(x, 2) - exact).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn quantiles_invert_probabilities_into_the_tails() {
        for p in [1e-12, 1e-6, 0.01, 0.3, 0.5, 0.7, 0.999] {
            let back = normal_probability(normal_quantile(p));
            assert!((back / p - 1.0).abs() < 1e-9, "{p} {back}");
        }
    }
}
