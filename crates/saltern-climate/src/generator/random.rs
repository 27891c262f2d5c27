//! SplitMix64: a small, well-known stream of random numbers.
//!
//! Our own twenty lines rather than a crate, because the stream is part of the result: the same seed
//! must give the same weather for ever, whatever a crate's next version does. SplitMix64 (Steele, Lea,
//! Flood 2014) has a published test vector and passes the usual batteries, which is far more than
//! weather asks. Only sums and products are used on the way to a normal deviate, so that no
//! platform's logarithm enters. `saltern-numerics` draws from the same stream; this crate knows units only, and what is
//! the same for ever need not be kept in step.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random { state: seed }
    }

    pub(super) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1, 53 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Near enough normal, mean 0, variance 1: the sum of twelve uniforms. Never beyond ±6, which
    /// suits weather.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// A whole number below `bound` (small, so that the bias of the remainder does not matter).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.uniform() * bound as f64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn published_test_vector() {
        let mut random = Random::new(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for value in expected {
            assert_eq!(random.next_u64(), value);
        }
    }

    #[test]
    fn deviates_have_the_moments_they_claim() {
        let mut random = Random::new(7);
        let draws: Vec<f64> = (0..100_000).map(|_| random.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(
            mean.abs() < 0.015 && (variance - 1.0).abs() < 0.02,
            "{mean} {variance}"
        );
    }
}
