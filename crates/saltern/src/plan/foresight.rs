//! A rolling plan on forecasts, beside knowing and beside persistence.

use saltern_base::energy::Energy;
use saltern_plan::dispatch::{self, Foreseen, Guide, Rolled, Rolling, Series};
use saltern_plan::forecast::{Ahead, Observed, Settings, foreseen};
use saltern_plan::solver::Options;
use saltern_run::scenarios::ForesightAnswer;

use super::no_window;
use crate::failure::Failure;
use crate::progress::Progress;

/// Windows and what guides them.
pub(super) struct Windows<'a> {
    pub(super) window: usize,
    pub(super) execute: usize,
    pub(super) guide: &'a Guide,
    pub(super) start: &'a [f64],
}

impl Windows<'_> {
    /// Rolls with something foreseen, or knowing what comes.
    pub(super) fn roll(
        &self,
        energy: &Energy,
        series: &Series,
        foreseen: Option<Foreseen>,
        options: &Options,
    ) -> Result<Rolled, Failure> {
        let rolling = Rolling {
            window: self.window,
            execute: self.execute,
            foreseen,
            guide: Some(self.guide.clone()),
            start: self.start.to_vec(),
        };
        let mut bar: Option<Progress> = None;
        let rolled = dispatch::roll(energy, series, &rolling, options, &mut |done, all| {
            bar.get_or_insert_with(|| Progress::new(all)).at(done);
        });
        rolled.map_err(|error| no_window(series, error))
    }

    /// Rolls on forecasts, and tells what knowing and what persistence would have cost.
    pub(super) fn on_forecasts(
        &self,
        energy: &Energy,
        series: &Series,
        observed: &[Observed],
        options: &Options,
    ) -> Result<(Rolled, ForesightAnswer), Failure> {
        let settings = Settings::ahead(self.window.saturating_sub(self.execute).max(1));
        let seen = |pick: &dyn Fn(&Ahead) -> f64| {
            let generators = energy.generators.len();
            Some(foreseen(
                observed,
                generators,
                &settings,
                self.execute,
                pick,
            ))
        };
        let net = |rolled: &Rolled| rolled.cost - rolled.left;
        let knowing = self.roll(energy, series, None, options)?;
        let forecast = self.roll(energy, series, seen(&|a| a.expected), options)?;
        let persistence = self.roll(energy, series, seen(&|a| a.persistence), options)?;
        let answer = ForesightAnswer {
            execute: self.execute,
            knowing: net(&knowing),
            forecast: net(&forecast),
            persistence: net(&persistence),
        };
        Ok((forecast, answer))
    }
}
