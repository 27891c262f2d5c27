//! The measured flows and shares of each run made to close over the plant's units.

mod network;
mod notice;
mod table;

use saltern_account::AccountError;
use saltern_account::reconcile::Settings;
use saltern_account::reconcile::gross::Elimination;
use saltern_base::frame::Frame;
use saltern_plants::fit::model::Model;
use saltern_plants::matter::Matter;
use saltern_units::place::Place;

use crate::args::PilotArgs;
use crate::failure::{At, Failure};
use crate::reconcile::{account_failure, search};
use network::{Network, Source, network};
pub(crate) use notice::Notice;
use notice::notices;
use table::Rows;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Balance {
    /// Degrees of freedom that it took.
    pub(crate) freedom: usize,
    /// Sum of squared adjustments.
    pub(crate) objective: f64,
    /// What does not balance, what was taken out.
    pub(crate) notices: Vec<Notice>,
    /// Measured beside reconciled.
    pub(crate) frame: Option<Frame>,
}

/// Reconciles every run and writes what came of it into the model.
pub(crate) fn reconcile_runs(
    model: &mut Model<'_>,
    matter: &Matter<'_>,
    args: &PilotArgs,
) -> Result<Balance, Failure> {
    let runs = model.pilot.runs.len();
    let settings = Settings {
        // Shared out over the runs, so that the chance holds for the table.
        significance: 1.0 - (1.0 - args.significance).powf(1.0 / runs.max(1) as f64),
        ..Settings::default()
    };
    let mut balance = Balance::default();
    let mut rows = Rows::default();
    for run in 0..runs {
        let Some(network) = network(model, matter, run) else {
            continue;
        };
        let found = search(&network.problem, &settings, args.eliminate)
            .map_err(|error| failed(model, run, error))?;
        balance.freedom += found.reconciliation.global.freedom;
        balance.objective += found.reconciliation.global.objective;
        notices(model, run, &network, &found, &mut balance.notices);
        rows.add(model, run, &network, &found);
        take(model, &network, &found);
    }
    balance.frame = Some(rows.frame());
    Ok(balance)
}

fn failed(model: &Model<'_>, run: usize, error: AccountError) -> Failure {
    let first = model.pilot.measurements.iter().find(|m| m.run == run);
    let place = first.map_or_else(Place::default, |m| m.place.clone());
    match error {
        AccountError::NotConverged { .. } => Failure::job(At {
            place,
            message: error,
        }),
        error => account_failure(error),
    }
}

/// Reconciled values into the model: the fit is to meet them with the standard deviations of the measurements.
fn take(model: &mut Model<'_>, network: &Network, found: &Elimination) {
    for &(quantity, source) in &network.sources {
        let removed = found.removed.iter().any(|r| r.quantity == quantity);
        let value = found.reconciliation.estimates[quantity].value;
        match source {
            Source::Measurement(k) => {
                let m = &mut model.pilot.measurements[k];
                m.counted = !removed;
                m.value = value.unwrap_or(m.measured);
            }
            Source::Stated(k) => {
                let unknown = &mut model.unknowns[k];
                match (&mut unknown.prior, value) {
                    // A rate that is wrong is as good as not stated: it keeps a start, not a say.
                    (Some((mean, sigma)), Some(value)) if removed => {
                        (*mean, *sigma) = (value, value.abs());
                        unknown.first = value;
                    }
                    (Some((mean, _)), Some(value)) => {
                        *mean = value;
                        unknown.first = value;
                    }
                    _ => {}
                }
            }
        }
    }
}
