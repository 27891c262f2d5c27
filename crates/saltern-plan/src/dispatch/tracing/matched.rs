//! How much of what is used is clean, hour by hour.
//!
//! The score is the hourly one of 24/7 carbon-free energy (Google, *24/7 Carbon-Free Energy: Methodologies and Metrics*,
//! February 2021): in each hour what is used is matched with the carbon-free energy of that hour, own and in the mix
//! of what is bought, and never more than is used; the score is the matched energy over the energy used. Here own
//! energy reaches a consumer as it is traced, so that stores carry it from hour to hour with their losses. *Annual matching*
//! lets carbon-free energy that is sold in one hour stand for use in another: what of the energy delivered to all, sold
//! energy included, is carbon-free, over the energy used, at most all of it.

use super::{DirectIntensity, Tracing, User};

/// Energy used and what of it is clean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Matched {
    /// Energy used, MWh.
    pub used_mwh: f64,
    /// Carbon-free energy among it, matched in each step, MWh.
    pub clean_mwh: f64,
    /// Direct carbon dioxide that stands behind it, kg.
    pub direct_kg: f64,
    /// Steps in which something is used, and those of them in which at least 99.9 % of it is clean.
    pub steps: usize,
    /// See `steps`.
    pub clean_steps: usize,
}

impl Matched {
    /// The hourly score, 0 … 1; not a number where nothing is used.
    pub fn score(&self) -> f64 {
        self.clean_mwh / self.used_mwh
    }

    /// Direct carbon dioxide per MWh used; not a number where nothing is used.
    pub fn intensity(&self) -> DirectIntensity {
        DirectIntensity(self.direct_kg / self.used_mwh)
    }

    fn add(&mut self, mwh: f64, clean: f64, intensity: DirectIntensity) {
        if mwh > super::LEAST_MWH {
            self.used_mwh += mwh;
            self.clean_mwh += mwh * clean;
            self.direct_kg += mwh * intensity.0;
            self.steps += 1;
            self.clean_steps += usize::from(clean >= 0.999);
        }
    }
}

impl Tracing {
    /// Matching of a consumer.
    pub fn matched(&self, consumer: usize) -> Matched {
        let consumer = &self.consumers[consumer];
        let mut matched = Matched::default();
        for (t, power) in consumer.power.iter().enumerate() {
            let clean = self.clean_share(consumer.node, t);
            matched.add(power * self.step_h, clean, self.intensity(consumer.node, t));
        }
        matched
    }

    /// Matching of all that is used in the base: of all consumers but what is sold.
    pub fn matched_base(&self) -> Matched {
        let steps = self.consumers.first().map_or(0, |c| c.power.len());
        let mut matched = Matched::default();
        let own = |c: &&super::Consumer| !matches!(c.user, User::Export(_));
        for t in 0..steps {
            let (mut mwh, mut clean, mut kg) = (0.0, 0.0, 0.0);
            for consumer in self.consumers.iter().filter(own) {
                let used = consumer.power[t] * self.step_h;
                mwh += used;
                clean += used * self.clean_share(consumer.node, t);
                kg += used * self.intensity(consumer.node, t).0;
            }
            if mwh > 0.0 {
                matched.add(mwh, clean / mwh, DirectIntensity(kg / mwh));
            }
        }
        matched
    }

    /// Annual matching of the base, 0 … 1: carbon-free energy delivered, sold energy included, over energy used.
    pub fn annual_share(&self) -> f64 {
        let (mut clean, mut used) = (0.0, 0.0);
        for (c, consumer) in self.consumers.iter().enumerate() {
            let matched = self.matched(c);
            clean += matched.clean_mwh;
            if !matches!(consumer.user, User::Export(_)) {
                used += matched.used_mwh;
            }
        }
        (clean / used).min(1.0)
    }
}
