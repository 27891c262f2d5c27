//! How an equilibrium is reached: from a start at hand, straight from what is dissolved, in stages from a dilute brine, or
//! walked down from one; each is tried where the one before it found no hold.

use crate::active_set::{Effort, Outcome, Unsettled, settle};
use crate::guess::dissolved;
use crate::network::Network;
use crate::newton::{Imposed, Iterate, Newton, Traces};
use crate::walk::{self, FOLD_STRENGTH};
use crate::water::MOLES_PER_KG;

/// Sum of solute molalities up to which Newton's method is started from everything dissolved.
const DIRECT_START_MOLALITY: f64 = 14.0;
/// Sum of solute molalities at which stages begin.
const DILUTE_START_MOLALITY: f64 = 4.0;

/// Smallest share of the liquid water taken away in one stage.
const SMALLEST_SHARE: f64 = 2e-3;
/// Largest share of the liquid in one stage whose end is believed to be dry.
const DRYING_SHARE: f64 = 0.05;
/// Stages at most: 0.65 to this power is beyond any liquid that matters.
const MAX_STAGES: u32 = 120;

/// What was reached.
pub(crate) struct Reached {
    pub(crate) outcome: Outcome,
    /// The brine; where there is none, the last there was.
    pub(crate) x: Iterate,
    /// Whether the way led by a dilute brine.
    pub(crate) from_dilute: bool,
}

impl Reached {
    fn brine(x: Iterate) -> Self {
        Reached {
            outcome: Outcome::Wet,
            x,
            from_dilute: false,
        }
    }
}

/// The equilibrium of what a network's components amount to, mol.
pub(crate) fn reach(
    network: &Network,
    totals: &[f64],
    start: Option<Iterate>,
    imposed: Imposed,
    newton: &mut Newton,
    effort: &mut Effort,
) -> Result<Reached, Unsettled> {
    if totals[0] <= 0.0 {
        return Ok(Reached {
            outcome: Outcome::Dry,
            x: Iterate::default(),
            from_dilute: false,
        });
    }
    if let Some(x) = start
        && let Ok(x) = settle_wet(network, totals, x, newton, effort)
    {
        return Ok(Reached::brine(x));
    }
    let solutes: f64 = totals[2..].iter().sum();
    if solutes <= DIRECT_START_MOLALITY * totals[0] / MOLES_PER_KG {
        let x = dissolved(network, totals, imposed, newton);
        if let Ok(x) = settle_wet(network, totals, x, newton, effort) {
            return Ok(Reached::brine(x));
        }
    }
    let (outcome, x) = match in_stages(network, totals, imposed, newton, effort) {
        Ok(reached) => reached,
        Err(_) => walk::down(network, totals, imposed, newton, effort)?,
    };
    Ok(Reached {
        outcome,
        x,
        from_dilute: true,
    })
}

/// Settles from a start that may lose its way and its liquid: only a way down from more water tells of dryness.
fn settle_wet(
    network: &Network,
    totals: &[f64],
    mut x: Iterate,
    newton: &mut Newton,
    effort: &mut Effort,
) -> Result<Iterate, Unsettled> {
    match settle(Traces::Eliminated, network, totals, &mut x, newton, effort)? {
        Outcome::Wet => Ok(x),
        Outcome::Dry => Err(Unsettled {
            residual: newton.residual,
        }),
    }
}

/// Evaporates down from a dilute brine, where nothing can go wrong, the active set settling after each stage.
fn in_stages(
    network: &Network,
    totals: &[f64],
    imposed: Imposed,
    newton: &mut Newton,
    effort: &mut Effort,
) -> Result<(Outcome, Iterate), Unsettled> {
    let mut b = totals.to_vec();
    let solutes: f64 = totals[2..].iter().sum();
    b[0] = totals[0].max(solutes / DILUTE_START_MOLALITY * MOLES_PER_KG);
    let mut x = dissolved(network, &b, imposed, newton);
    let mut outcome = settle(Traces::Kept, network, &b, &mut x, newton, effort)?;
    let mut share: f64 = 0.35;
    let mut highest = newton.strength();
    let mut stages = 0;
    while outcome == Outcome::Wet && b[0] > totals[0] {
        let mut next = b.clone();
        next[0] = (b[0] - share * x.ln_water.exp() * MOLES_PER_KG).max(totals[0]);
        stages += 1;
        if stages > MAX_STAGES || next[0] >= b[0] {
            // The liquid dwindles at a fixed composition: there is none left where the totals are.
            return Ok((Outcome::Dry, x));
        }
        let mut trial = x.clone();
        let quick = Traces::Eliminated;
        let mut reached = settle(quick, network, &next, &mut trial, newton, effort);
        let last = match reached {
            Ok(Outcome::Wet) => false,
            Ok(Outcome::Dry) => share <= DRYING_SHARE,
            Err(_) => 0.25 * share < SMALLEST_SHARE,
        };
        if last {
            // Nothing ends but on the whole slopes.
            trial = x.clone();
            reached = settle(Traces::Kept, network, &next, &mut trial, newton, effort);
        }
        match reached {
            // A long stage may lose the liquid on the way to its end.
            Ok(Outcome::Dry) if share > DRYING_SHARE => share *= 0.25,
            Ok(reached) => {
                (b, x, outcome) = (next, trial, reached);
                highest = newton.strength();
                share = (1.5 * share).min(0.35);
            }
            Err(unsettled) => {
                share *= 0.25;
                if share < SMALLEST_SHARE {
                    // The branch of brines ends in a fold: past it the parameters describe no brine at all,
                    // so the solids (and a residue that none of them holds) are the answer.
                    let last_brine =
                        highest > FOLD_STRENGTH || x.ln_water.exp() < 1e-3 * b[0] / MOLES_PER_KG;
                    return if last_brine {
                        Ok((Outcome::Dry, x))
                    } else {
                        Err(unsettled)
                    };
                }
            }
        }
    }
    Ok((outcome, x))
}
