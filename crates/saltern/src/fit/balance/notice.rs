//! What a reader should know of how a run balances.

use saltern_account::reconcile::gross::Elimination;
use saltern_plants::fit::model::Model;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::quantity::significant;

use super::network::{Network, origin};
use crate::failure::catalogue;

/// What a reader should know.
#[derive(Debug)]
pub(crate) enum Notice {
    /// `pilot.does_not_balance`: a run whose measurements disagree.
    DoesNotBalance {
        /// Cell of the likeliest culprit.
        place: Place,
        /// The run.
        run: String,
        /// J, what it may be, its degrees of freedom.
        objective: f64,
        limit: f64,
        freedom: usize,
        /// The likeliest culprit and its z.
        worst: String,
        z: f64,
    },
    /// `pilot.taken_out`
    TakenOut {
        place: Place,
        run: String,
        what: String,
        z: f64,
        limit: f64,
        /// Those whose errors would look the same.
        others: Vec<String>,
    },
}

/// What was taken out of a run, and whether the rest agrees.
pub(super) fn notices(
    model: &Model<'_>,
    run: usize,
    network: &Network,
    found: &Elimination,
    out: &mut Vec<Notice>,
) {
    let name = || model.pilot.runs[run].id.clone();
    for removed in &found.removed {
        let (place, what) = origin(model, run, network, removed.quantity);
        let others = removed.indistinguishable.iter();
        out.push(Notice::TakenOut {
            place,
            run: name(),
            what,
            z: removed.z,
            limit: removed.limit,
            others: others.map(|q| origin(model, run, network, *q).1).collect(),
        });
    }
    let (result, test) = (&found.reconciliation, &found.reconciliation.global);
    if test.passes() && result.worst().is_none() {
        return;
    }
    let z = |q: usize| result.estimates[q].z.unwrap_or(0.0);
    let sources = network.sources.iter().map(|(q, _)| *q);
    let Some(worst) = sources.max_by(|a, b| z(*a).total_cmp(&z(*b))) else {
        return;
    };
    let (place, what) = origin(model, run, network, worst);
    out.push(Notice::DoesNotBalance {
        place,
        run: name(),
        objective: test.objective,
        limit: test.limit,
        freedom: test.freedom,
        worst: what,
        z: z(worst),
    });
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::DoesNotBalance { .. } => "pilot.does_not_balance",
            Notice::TakenOut { others, .. } if others.is_empty() => "pilot.taken_out",
            Notice::TakenOut { .. } => "pilot.taken_out_unclear",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Notice::DoesNotBalance {
                place,
                run,
                objective,
                limit,
                freedom,
                worst,
                z,
            } => vec![
                ("place", place.text(lang)),
                ("run", run.clone()),
                ("objective", significant(*objective, 3)),
                ("limit", significant(*limit, 3)),
                ("freedom", freedom.to_string()),
                ("worst", worst.clone()),
                ("z", significant(*z, 3)),
            ],
            Notice::TakenOut {
                place,
                run,
                what,
                z,
                limit,
                others,
            } => vec![
                ("place", place.text(lang)),
                ("run", run.clone()),
                ("what", what.clone()),
                ("z", significant(*z, 3)),
                ("limit", significant(*limit, 3)),
                ("others", lang.list(others)),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
