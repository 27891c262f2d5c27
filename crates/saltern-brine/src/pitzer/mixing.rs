//! Electrostatic unsymmetrical mixing: Eθ(I) for ions of like sign and different charge.
//!
//! Eθ_ij = z_i z_j / (4 I) · [J(x_ij) − J(x_ii)/2 − J(x_jj)/2], x_ij = 6 z_i z_j A_φ √I
//! (Pitzer 1975, J. Sol. Chem. 4, 249), with J(x) from Harvie's Chebyshev fit (Harvie 1981, thesis, as
//! printed in Pitzer 1991, Activity Coefficients in Electrolyte Solutions, table 3 of chapter 3).

/// Chebyshev coefficients for 0 < x ≤ 1.
const LOW: [f64; 21] = [
    1.925154014814667,
    -0.060076477753119,
    -0.029779077456514,
    -0.007299499690937,
    0.000388260636404,
    0.000636874599598,
    0.000036583601823,
    -0.000045036975204,
    -0.000004537895710,
    0.000002937706971,
    0.000000396566462,
    -0.000000202099617,
    -0.000000025267769,
    0.000000013522610,
    0.000000001229405,
    -0.000000000821969,
    -0.000000000050847,
    0.000000000046333,
    0.000000000001943,
    -0.000000000002563,
    -0.000000000010991,
];

/// Chebyshev coefficients for x > 1.
const HIGH: [f64; 21] = [
    0.628023320520852,
    0.462762985338493,
    0.150044637187895,
    -0.028796057604906,
    -0.036552745910311,
    -0.001668087945272,
    0.006519840398744,
    0.001130378079086,
    -0.000887171310131,
    -0.000242107641309,
    0.000087294451594,
    0.000034682122751,
    -0.000004583768938,
    -0.000003548684306,
    -0.000000250453880,
    0.000000216991779,
    0.000000080779570,
    0.000000004558555,
    -0.000000006944757,
    -0.000000002849257,
    0.000000000237816,
];

/// A value with its first and second derivative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Jet {
    pub(crate) value: f64,
    pub(crate) first: f64,
    pub(crate) second: f64,
}

/// J(x), dJ/dx and d²J/dx².
fn j_of(x: f64) -> Jet {
    // z(x) maps onto the Chebyshev variable; dz and ddz are its derivatives.
    let (coefficients, z, dz, ddz) = if x <= 1.0 {
        let root = x.powf(0.2);
        (
            &LOW,
            4.0 * root - 2.0,
            0.8 * root / x,
            -0.64 * root / (x * x),
        )
    } else {
        let root = x.powf(-0.1);
        (
            &HIGH,
            40.0 / 9.0 * root - 22.0 / 9.0,
            -4.0 / 9.0 * root / x,
            4.4 / 9.0 * root / (x * x),
        )
    };
    let (mut b1, mut b2) = (0.0, 0.0);
    let (mut d1, mut d2) = (0.0, 0.0);
    let (mut e1, mut e2) = (0.0, 0.0);
    let (mut b0, mut d0, mut e0) = (0.0, 0.0, 0.0);
    for (k, &a) in coefficients.iter().enumerate().rev() {
        (b0, d0, e0) = (z * b1 - b2 + a, b1 + z * d1 - d2, 2.0 * d1 + z * e1 - e2);
        if k > 0 {
            (b2, b1, d2, d1, e2, e1) = (b1, b0, d1, d0, e1, e0);
        }
    }
    let (half, dhalf, ddhalf) = (0.5 * (b0 - b2), 0.5 * (d0 - d2), 0.5 * (e0 - e2));
    Jet {
        value: 0.25 * x - 1.0 + half,
        first: 0.25 + dz * dhalf,
        second: ddz * dhalf + dz * dz * ddhalf,
    }
}

/// Eθ between charges of magnitude `z_i` and `z_j`, with its derivatives by ionic strength.
pub(crate) fn e_theta(z_i: f64, z_j: f64, a_phi: f64, ionic_strength: f64) -> Jet {
    let ij = term(z_i * z_j, a_phi, ionic_strength);
    let ii = term(z_i * z_i, a_phi, ionic_strength);
    let jj = term(z_j * z_j, a_phi, ionic_strength);
    // bracket s(I) and its derivatives, then Eθ = c·s/I.
    let s = ij.value - 0.5 * (ii.value + jj.value);
    let ds = ij.first - 0.5 * (ii.first + jj.first);
    let dds = ij.second - 0.5 * (ii.second + jj.second);
    let c = z_i * z_j / 4.0;
    let i = ionic_strength;
    Jet {
        value: c * s / i,
        first: c * (ds - s / i) / i,
        second: c * (dds - 2.0 * (ds - s / i) / i) / i,
    }
}

/// J(k√I) with k = 6 z A_φ, and its derivatives by I.
fn term(charge_product: f64, a_phi: f64, ionic_strength: f64) -> Jet {
    let x = 6.0 * charge_product * a_phi * ionic_strength.sqrt();
    let j = j_of(x);
    // dx/dI = x/(2I), d²x/dI² = −x/(4I²).
    let slope = x / (2.0 * ionic_strength);
    Jet {
        value: j.value,
        first: j.first * slope,
        second: j.second * slope * slope - j.first * slope / (2.0 * ionic_strength),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J(x) = x/4 − 1 + (1/x)∫₀^∞ [1 − exp(−(x/y) e^(−y))] y² dy (Pitzer 1975, eq. A14), integrated numerically.
    fn integral(x: f64) -> f64 {
        let f = |y: f64| (1.0 - (-(x / y) * (-y).exp()).exp()) * y * y;
        let (n, top) = (200_000, 60.0);
        let h = top / n as f64;
        let sum: f64 = (1..n)
            .map(|k| f(k as f64 * h) * if k % 2 == 0 { 2.0 } else { 4.0 })
            .sum();
        x / 4.0 - 1.0 + sum * h / 3.0 / x
    }

    #[test]
    fn harvies_fit_follows_the_integral() {
        for x in [0.05, 0.3, 0.99, 1.01, 3.0, 10.0, 40.0] {
            let (fit, exact) = (j_of(x).value, integral(x));
            assert!(
                (fit - exact).abs() < 2e-6 * (1.0 + exact),
                "J({x}) = {fit}, integral {exact}"
            );
        }
    }

    #[test]
    fn derivatives_follow_finite_differences() {
        for i in [0.01, 0.3, 2.0, 9.0, 30.0] {
            let at = |i: f64| e_theta(1.0, 2.0, 0.3915, i);
            let h = 1e-5 * i;
            let jet = at(i);
            let first = (at(i + h).value - at(i - h).value) / (2.0 * h);
            let second = (at(i + h).first - at(i - h).first) / (2.0 * h);
            assert!(
                (jet.first - first).abs() < 1e-6 * first.abs(),
                "I = {i}: {} not {first}",
                jet.first
            );
            assert!(
                (jet.second - second).abs() < 1e-5 * second.abs(),
                "I = {i}: {} not {second}",
                jet.second
            );
        }
    }
}
