//! SplitMix64 (Steele, Lea & Flood 2014): a small stream of random numbers that is the same for ever, since what is drawn is
//! part of a result.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Random { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1 with 53 bits, never 0 or 1: fit for a quantile.
    pub fn open(&mut self) -> f64 {
        ((self.next_u64() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Standard normal (Box and Muller 1958, Ann. Math. Statist. 29, 610).
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (self.open(), self.open());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn published_test_vector() {
        let mut random = Random::new(1_234_567);
        let first = random.next_u64();
        assert_eq!(first, 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn uniforms_are_even_and_open() {
        let mut random = Random::new(7);
        let draws: Vec<f64> = (0..100_000).map(|_| random.open()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 3e-3 && draws.iter().all(|u| *u > 0.0 && *u < 1.0));
    }

    #[test]
    fn normals_have_their_moments() {
        let mut random = Random::new(7);
        let draws: Vec<f64> = (0..100_000).map(|_| random.normal()).collect();
        let moment = |n: i32| draws.iter().map(|z| z.powi(n)).sum::<f64>() / 1e5;
        assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.015);
        assert!(moment(3).abs() < 0.04 && (moment(4) - 3.0).abs() < 0.1);
    }
}
