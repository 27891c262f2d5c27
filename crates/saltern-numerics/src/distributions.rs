//! The normal, χ², t and F distributions: probabilities and quantiles for tests of hypotheses.

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

/// P(T ≤ t) of Student's t with so many degrees of freedom (Abramowitz & Stegun 26.7.1): for t ≤ 0 it is
/// ½ I_x(ν/2, ½) with x = ν/(ν + t²).
pub fn student_probability(t: f64, freedom: usize) -> f64 {
    let n = freedom as f64;
    let tail = 0.5 * beta_regularised(0.5 * n, 0.5, n / (n + t * t));
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// The t with P(T ≤ t) = `probability`; infinite without degrees of freedom.
pub fn student_quantile(probability: f64, freedom: usize) -> f64 {
    if freedom == 0 {
        return f64::INFINITY;
    }
    if probability > 0.5 {
        return -student_quantile(1.0 - probability, freedom);
    }
    // The lower tail: bracket it by doubling, then halve.
    let (mut low, mut high) = (-1.0, 0.0);
    while student_probability(low, freedom) > probability {
        (low, high) = (2.0 * low, low);
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle == low || middle == high {
            break;
        }
        if student_probability(middle, freedom) > probability {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

/// P(F > f) of the variance ratio with so many degrees of freedom above and below (Abramowitz & Stegun 26.6.2).
pub fn variance_ratio_tail(f: f64, above: usize, below: usize) -> f64 {
    let (m, n) = (above as f64, below as f64);
    if above == 0 || below == 0 {
        return 1.0;
    }
    beta_regularised(0.5 * n, 0.5 * m, n / (n + m * f.max(0.0)))
}

/// I_x(a, b), the regularised incomplete beta function, by its continued fraction (Abramowitz & Stegun 26.5.8), on the
/// side of the mean where that converges fast.
fn beta_regularised(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_regularised(b, a, 1.0 - x);
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln();
    let tiny = 1e-300;
    let nonzero = |v: f64| if v == 0.0 { tiny } else { v };
    // Lentz's method, two terms a turn.
    let mut c = 1.0;
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let mut f = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut last = 1.0;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            last = c * d;
            f *= last;
        }
        if (last - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front.exp() * f / a
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

    /// Abramowitz & Stegun 1964, tables 26.10 (t, two-sided 95 %) and 26.9 (F, upper 5 %).
    #[test]
    fn printed_tables_of_t_and_f_are_met() {
        let two_sided = [
            (1, 12.706),
            (2, 4.303),
            (5, 2.571),
            (10, 2.228),
            (30, 2.042),
        ];
        for (freedom, t) in two_sided {
            assert!(
                (student_quantile(0.975, freedom) - t).abs() < 6e-4,
                "{freedom}"
            );
        }
        for (above, below, f) in [(2, 7, 4.74), (5, 10, 3.33), (1, 1, 161.4), (10, 30, 2.16)] {
            let tail = variance_ratio_tail(f, above, below);
            assert!((tail - 0.05).abs() < 6e-4, "{above} {below} {tail}");
        }
        assert_eq!(student_quantile(0.975, 0), f64::INFINITY);
    }

    #[test]
    fn one_degree_of_freedom_is_cauchy_and_a_squared_t_is_an_f() {
        for t in [-30.0f64, -1.0, 0.0, 0.3, 2.0, 12.0] {
            let exact = 0.5 + t.atan() / PI;
            assert!((student_probability(t, 1) - exact).abs() < 1e-14, "{t}");
            let both = 2.0 * student_probability(-t.abs(), 7);
            assert!(
                (variance_ratio_tail(t * t, 1, 7) - both).abs() < 1e-14,
                "{t}"
            );
        }
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
