//! How large a residual counts: least squares, and seven losses that gross errors pull less.
//!
//! ξ = (x̂ − x)/σ. Each loss is used through its weight w(ξ) = ρ′(ξ)/ξ, scaled to w(0) = 1, by iteratively reweighted
//! least squares. The forms are *recalled* from Özyurt & Pike 2004, Comput. Chem. Eng. 28, 381 (Cauchy, Fair, Hampel,
//! logistic, Lorentzian; contaminated normal of Tjoa & Biegler 1991, Comput. Chem. Eng. 15, 679) and the quasi-weighted
//! least squares of Zhang et al. 2010. The constants of [`Loss::standard`] are *fitted here* so that the
//! asymptotic efficiency on normal errors, E(ψ′)²/E(ψ²), is 95 %; a test holds it.

/// A loss with its constant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Loss {
    /// ξ²: least squares.
    #[default]
    Squares,
    /// c² ln(1 + ξ²/c²).
    Cauchy {
        /// Where the weight has fallen to a half.
        c: f64,
    },
    /// 2c² (|ξ|/c − ln(1 + |ξ|/c)); convex.
    Fair {
        /// Where the weight has fallen to a half.
        c: f64,
    },
    /// Squares to a, straight to b, flattening to c, nothing beyond.
    Hampel {
        /// End of the squares.
        a: f64,
        /// Begin of the fall.
        b: f64,
        /// From here on a measurement doesn't count.
        c: f64,
    },
    /// 4c² ln cosh(ξ/2c), up to a constant; convex.
    Logistic {
        /// Scale.
        c: f64,
    },
    /// −2c²/(1 + ξ²/(2c²)), up to a constant.
    Lorentzian {
        /// Scale.
        c: f64,
    },
    /// 2ξ²/(2 + c|ξ|), quasi-weighted least squares.
    QuasiWeighted {
        /// How fast the weight falls.
        c: f64,
    },
    /// −2 ln((1 − p) exp(−ξ²/2) + (p/b) exp(−ξ²/(2b²))): a share p of the errors is b times as wide.
    ContaminatedNormal {
        /// Share of wide errors.
        p: f64,
        /// How many times as wide they are.
        b: f64,
    },
}

impl Loss {
    /// Names of all losses as commands and tables spell them.
    pub const NAMES: [&'static str; 8] = [
        "squares",
        "cauchy",
        "fair",
        "hampel",
        "logistic",
        "lorentzian",
        "quasi-weighted",
        "contaminated-normal",
    ];

    /// A loss by name, with the constant that gives 95 % efficiency on normal errors. Of the contaminated normal, 5 % of
    /// the errors are taken to be ten times as wide (*assumed*; efficiency 99 %).
    pub fn standard(name: &str) -> Option<Loss> {
        Some(match name {
            "squares" => Loss::Squares,
            "cauchy" => Loss::Cauchy { c: 2.3849 },
            "fair" => Loss::Fair { c: 1.3998 },
            "hampel" => Loss::Hampel {
                a: 1.382,
                b: 2.764,
                c: 5.528,
            },
            "logistic" => Loss::Logistic { c: 0.6024 },
            "lorentzian" => Loss::Lorentzian { c: 2.678 },
            "quasi-weighted" => Loss::QuasiWeighted { c: 0.815 },
            "contaminated-normal" => Loss::ContaminatedNormal { p: 0.05, b: 10.0 },
            _ => return None,
        })
    }

    /// ρ′(ξ)/ξ, one at zero.
    pub fn weight(self, xi: f64) -> f64 {
        let size = xi.abs();
        match self {
            Loss::Squares => 1.0,
            Loss::Cauchy { c } => 1.0 / (1.0 + (xi / c).powi(2)),
            Loss::Fair { c } => 1.0 / (1.0 + size / c),
            Loss::Hampel { a, b, c } => match size {
                s if s <= a => 1.0,
                s if s <= b => a / s,
                s if s <= c => a * (c - s) / ((c - b) * s),
                _ => 0.0,
            },
            Loss::Logistic { c } => {
                let half = 0.5 * size / c;
                if half < 1e-8 { 1.0 } else { half.tanh() / half }
            }
            Loss::Lorentzian { c } => (1.0 + 0.5 * (xi / c).powi(2)).powi(-2),
            Loss::QuasiWeighted { c } => (4.0 + c * size) / (2.0 + c * size).powi(2),
            Loss::ContaminatedNormal { p, b } => {
                let at = |xi: f64| {
                    // Both densities over the wide one, which never vanishes before the other.
                    let narrow = (1.0 - p) * (-0.5 * xi * xi * (1.0 - 1.0 / (b * b))).exp();
                    (narrow + p / b.powi(3)) / (narrow + p / b)
                };
                at(xi) / at(0.0)
            }
        }
    }

    /// Whether the least value is the only one, whatever the start.
    pub fn is_convex(self) -> bool {
        matches!(
            self,
            Loss::Squares | Loss::Fair { .. } | Loss::Logistic { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E(ψ′)²/E(ψ²) on a standard normal, by the trapezoidal rule.
    fn efficiency(loss: Loss) -> f64 {
        let psi = |x: f64| x * loss.weight(x);
        let (h, mut slope, mut square) = (1e-3, 0.0, 0.0);
        let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
        for i in -9000..9000 {
            let x = h * (f64::from(i) + 0.5);
            slope += h * density(x) * (psi(x + 0.5 * h) - psi(x - 0.5 * h)) / h;
            square += h * density(x) * psi(x).powi(2);
        }
        slope.powi(2) / square
    }

    #[test]
    fn standard_constants_keep_95_per_cent_of_the_efficiency_on_normal_errors() {
        for name in Loss::NAMES {
            let loss = Loss::standard(name).unwrap();
            let efficiency = efficiency(loss);
            let expected = match loss {
                Loss::Squares => 1.0,
                Loss::ContaminatedNormal { .. } => 0.989,
                _ => 0.95,
            };
            println!("{name}: {efficiency:.4}");
            assert!(
                (efficiency - expected).abs() < 0.002,
                "{name}: {efficiency}"
            );
            assert!((loss.weight(0.0) - 1.0).abs() < 1e-12, "{name}");
            assert!(loss.weight(30.0) <= 1.0 && loss.weight(-30.0) == loss.weight(30.0));
        }
    }
}
