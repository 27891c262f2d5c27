//! When a leak is called one.
//!
//! Every so often the estimate of each pond is compared with what the base says of its leak: z = L̂/σ. Were there no new leak, z
//! would be a standard normal, so calling it at z > z₀ is wrong with probability 1 − Φ(z₀) at each look. Looks at overlapping
//! windows are not independent, so the number of false calls a year is at most looks × (1 − Φ(z₀)) (Boole's inequality):
//! z₀ follows from the rate that is allowed.

use saltern_numerics::distributions::normal_quantile;

/// False alarms that are allowed, a pond and year. A third of the one in ten pond-years that issue 6 asks for, so that more than
/// one in ten is unlikely too (chosen here).
pub const FALSE_ALARMS_PER_POND_YEAR: f64 = 0.03;

/// The z₀ at which a leak is called one, for so many looks a year and false alarms allowed a pond and year.
pub fn threshold(looks_per_year: f64, false_alarms_per_pond_year: f64) -> f64 {
    -normal_quantile((false_alarms_per_pond_year / looks_per_year).clamp(1e-300, 0.5))
}

/// The smallest leak that one look finds with a probability, m/d: z₀ σ plus the quantile of what is left to chance.
pub fn detectable_m_d(leak_sigma_m_d: f64, threshold: f64, probability: f64) -> f64 {
    leak_sigma_m_d * (threshold + normal_quantile(probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tail of the normal beyond 3.25: 5.77e-4 (Abramowitz & Stegun 1964, table 26.1).
    #[test]
    fn weekly_looks_ask_for_three_and_a_quarter_deviations() {
        let z = threshold(52.0, FALSE_ALARMS_PER_POND_YEAR);
        assert!((z - 3.25).abs() < 0.01, "{z}");
    }
}
