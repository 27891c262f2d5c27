//! Solid solutions: crystals in which ions take each other's places, K+ and Rb+ in sylvite or carnallite.
//!
//! A formula unit has s mixing sites; member e has the fraction x_e of them. A regular solution of the sites
//! (Glynn 2000, Rev. Mineral. Geochem. 40, 481; Prieto 2009, Rev. Mineral. Geochem. 70, 47):
//!
//! ln a_e = s (ln x_e + ln λ_e), ln λ_e = Σ_j w_ej x_j − Σ_{i<j} w_ij x_i x_j, w = W/(R T).
//!
//! Against a brine with Ω_e = IAP_e/K_e the most stable composition satisfies ln Ω_e − ln a_e = μ for every
//! member; the solid solution is supersaturated where μ > 0. By Gibbs–Duhem ∂μ/∂ln Ω_e = x_e, so to the solver a
//! solid solution is a solid whose formula is the mean of its members'. With |w| < 2 there is one such composition.

use saltern_numerics::lu::Lu;

/// The members of a solid solution and how they mix, at one temperature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixing {
    /// Minerals of the network.
    pub(crate) members: Vec<usize>,
    /// Mixing sites in a formula unit.
    pub(crate) sites: f64,
    /// w_ij, row-major.
    pub(crate) w: Vec<f64>,
    /// dw_ij/dT, 1/K.
    pub(crate) w_slope: Vec<f64>,
}

/// The composition of a solid solution that is most stable against a brine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mixture {
    /// x_e.
    pub(crate) fractions: Vec<f64>,
    /// μ: the common ln Ω − ln a of the members.
    pub(crate) ln_saturation: f64,
    /// ∂x_e/∂ln Ω_f, row-major.
    pub(crate) slopes: Vec<f64>,
    ln_lambda: Vec<f64>,
}

/// Rounds of successive substitution (halved steps, so that strong interactions do not oscillate).
const ROUNDS: usize = 12;
/// Rounds of Newton's method after that.
const NEWTON_ROUNDS: usize = 60;
/// Relative change of a fraction at which the composition is found.
const SETTLED: f64 = 1e-14;
/// A member whose ln Ω is below this is absent.
const LN_ABSENT: f64 = -600.0;

impl Mixing {
    /// ln λ of each member at a composition.
    fn ln_lambda(&self, x: &[f64], out: &mut Vec<f64>) {
        regular(&self.w, x, out);
    }

    /// d ln λ/dT of each member at a composition, 1/K.
    pub(crate) fn ln_lambda_slope(&self, x: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        regular(&self.w_slope, x, &mut out);
        out
    }

    /// The most stable composition against the given ln Ω of the members; `out` may hold a nearby one.
    pub(crate) fn settle(&self, ln_omega: &[f64], lu: &mut Lu, out: &mut Mixture) {
        let n = ln_omega.len();
        let mut lambda = std::mem::take(&mut out.ln_lambda);
        if out.fractions.len() != n {
            out.fractions.clear();
            out.fractions.resize(n, 1.0 / n as f64);
        }
        let ideal = self.w.iter().all(|w| *w == 0.0);
        for _ in 0..if ideal { 1 } else { ROUNDS } {
            self.ln_lambda(&out.fractions, &mut lambda);
            let drive = |e: usize| ln_omega[e].max(LN_ABSENT) / self.sites - lambda[e];
            let top = (0..n).map(drive).fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = (0..n).map(|e| (drive(e) - top).exp()).sum();
            out.ln_saturation = self.sites * (top + sum.ln());
            for e in 0..n {
                let target = (drive(e) - top).exp() / sum;
                out.fractions[e] += if ideal { 1.0 } else { 0.5 } * (target - out.fractions[e]);
            }
        }
        self.set_slopes(lu, out);
        if !ideal {
            for _ in 0..NEWTON_ROUNDS {
                if self.correct(ln_omega, &mut lambda, out) < SETTLED {
                    break;
                }
                self.set_slopes(lu, out);
            }
        }
        out.ln_lambda = lambda;
    }

    /// One Newton step of the composition: the slopes times what each member lacks. Returns the largest relative
    /// change.
    fn correct(&self, ln_omega: &[f64], lambda: &mut Vec<f64>, out: &mut Mixture) -> f64 {
        let n = ln_omega.len();
        self.ln_lambda(&out.fractions, lambda);
        let lacking: Vec<f64> = (0..n)
            .map(|e| ln_omega[e].max(LN_ABSENT) - self.sites * (out.fractions[e].ln() + lambda[e]))
            .collect();
        let mean = lacking.iter().zip(&out.fractions).map(|(r, x)| r * x);
        out.ln_saturation = mean.sum();
        let step = |e: usize| -> f64 {
            let row = &out.slopes[e * n..(e + 1) * n];
            let change: f64 = row.iter().zip(&lacking).map(|(s, r)| s * r).sum();
            change / out.fractions[e]
        };
        let steps: Vec<f64> = (0..n).map(step).collect();
        let largest = steps.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let taken = if largest > 1.0 { 1.0 / largest } else { 1.0 };
        for (x, step) in out.fractions.iter_mut().zip(&steps) {
            // In the logarithm, so that a fraction stays above zero.
            *x *= (taken * step).exp();
        }
        let sum: f64 = out.fractions.iter().sum();
        out.fractions.iter_mut().for_each(|x| *x /= sum);
        largest
    }

    /// ∂x_e/∂ln Ω_f from Σ_f A_ef dx_f = d ln Ω_e − dμ, Σ dx = 0, A = ∂ln a_e/∂x_f.
    fn set_slopes(&self, lu: &mut Lu, out: &mut Mixture) {
        let n = out.fractions.len();
        let x = &out.fractions;
        let size = n + 1;
        let mut matrix = vec![0.0; size * size];
        let pull: Vec<f64> = (0..n)
            .map(|i| (0..n).map(|j| self.w[i * n + j] * x[j]).sum())
            .collect();
        for e in 0..n {
            for f in 0..n {
                // Rows times x_e, so that a member that is nearly absent does no harm.
                let own = if e == f { 1.0 } else { 0.0 };
                let lambda = x[e] * (self.w[e * n + f] - pull[f]);
                matrix[e * size + f] = self.sites * (own + lambda);
            }
            matrix[e * size + n] = x[e];
            matrix[n * size + e] = 1.0;
        }
        out.slopes.clear();
        out.slopes.resize(n * n, 0.0);
        for f in 0..n {
            let mut rhs = vec![0.0; size];
            rhs[f] = x[f];
            if lu.solve(&matrix, &mut rhs).is_ok() {
                for e in 0..n {
                    out.slopes[e * n + f] = rhs[e];
                }
            }
        }
    }
}

/// Σ_j w_ej x_j − Σ_{i<j} w_ij x_i x_j for each e.
fn regular(w: &[f64], x: &[f64], out: &mut Vec<f64>) {
    let n = x.len();
    out.clear();
    let mut pairs = 0.0;
    for i in 0..n {
        let row = &w[i * n..(i + 1) * n];
        let pull: f64 = row.iter().zip(x).map(|(w, x)| w * x).sum();
        pairs += 0.5 * x[i] * pull;
        out.push(pull);
    }
    out.iter_mut().for_each(|v| *v -= pairs);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixing(sites: f64, w: f64) -> Mixing {
        Mixing {
            members: vec![0, 1],
            sites,
            w: vec![0.0, w, w, 0.0],
            w_slope: vec![0.0; 4],
        }
    }

    fn settled(mixing: &Mixing, ln_omega: &[f64]) -> Mixture {
        let mut out = Mixture::default();
        mixing.settle(ln_omega, &mut Lu::default(), &mut out);
        out
    }

    #[test]
    fn an_ideal_solution_adds_the_saturations() {
        // Σ Ω = 1 is the solidus of an ideal solution (Prieto 2009, eq. 12).
        let mixture = settled(&mixing(1.0, 0.0), &[0.7_f64.ln(), 0.3_f64.ln()]);
        assert!(mixture.ln_saturation.abs() < 1e-14);
        assert!((mixture.fractions[0] - 0.7).abs() < 1e-14);
    }

    #[test]
    fn a_trace_follows_henrys_law() {
        // x_2 → Ω_2 e^−w for a trace in a host at Ω_1 = 1.
        let mixture = settled(&mixing(1.0, 1.2), &[0.0, -20.0]);
        let henry = (-20.0_f64 - 1.2).exp();
        assert!((mixture.fractions[1] / henry - 1.0).abs() < 1e-6);
    }

    #[test]
    fn every_member_is_equally_supersaturated() {
        for (sites, w, omega) in [
            (1.0, 1.5, [0.3, -0.4]),
            (2.0, -3.0, [0.1, 0.5]),
            (2.0, 1.9, [-4.0, -3.9]),
        ] {
            let mixing = mixing(sites, w);
            let mixture = settled(&mixing, &omega);
            let mut lambda = Vec::new();
            mixing.ln_lambda(&mixture.fractions, &mut lambda);
            for e in 0..2 {
                let ln_a = sites * (mixture.fractions[e].ln() + lambda[e]);
                let left = omega[e] - ln_a - mixture.ln_saturation;
                assert!(left.abs() < 1e-10, "s {sites} w {w} member {e}: {left}");
            }
        }
    }

    #[test]
    fn slopes_follow_finite_differences() {
        let mixing = Mixing {
            members: vec![0, 1, 2],
            sites: 2.0,
            w: vec![0.0, 0.8, -0.5, 0.8, 0.0, 1.1, -0.5, 1.1, 0.0],
            w_slope: vec![0.0; 9],
        };
        let omega = [0.2, -0.7, 0.4];
        let here = settled(&mixing, &omega);
        for f in 0..3 {
            let h = 1e-5;
            let (mut up, mut down) = (omega, omega);
            up[f] += h;
            down[f] -= h;
            let (up, down) = (settled(&mixing, &up), settled(&mixing, &down));
            let slope = (up.ln_saturation - down.ln_saturation) / (2.0 * h);
            assert!((slope - here.fractions[f]).abs() < 1e-8, "∂μ/∂ln Ω is x");
            for e in 0..3 {
                let slope = (up.fractions[e] - down.fractions[e]) / (2.0 * h);
                let got = here.slopes[e * 3 + f];
                assert!((got - slope).abs() < 1e-8, "{e} {f}: {got} not {slope}");
            }
        }
    }
}
