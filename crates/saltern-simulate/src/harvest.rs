//! Harvest campaigns: when they run, and what they take.

use std::convert::Infallible;

use jiff::civil::Date;
use saltern_base::model::{Base, HarvestMethod, Schedule};
use saltern_numerics::root::{Bracket, Sharpness};

use crate::calendar::{campaign_day, days_between};
use crate::cell::Cell;
use crate::ledger::Ledger;
use crate::matter::Matter;
use crate::pond::Pond;

/// Share of a dry campaign in which the pond is drained before scraping starts (assumed).
const DRAIN_SHARE: f64 = 1.0 / 3.0;

const DAY_S: f64 = 86_400.0;

/// What a campaign does on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Work {
    /// Index into [`Base::harvests`].
    pub(crate) harvest: usize,
    /// Days left for draining, at least 1, if the pond is to lie dry; inflow by rules stops too.
    pub(crate) drain_days: Option<f64>,
    /// Share of the salt above what is left that is taken today.
    pub(crate) take_share: f64,
    /// Dry salt that is taken today instead of a share, kg, as far as it is there.
    pub(crate) take_kg: Option<f64>,
}

/// The work in each pond on a day. Campaigns of the schedule replace the yearly ones of their pond.
pub(crate) fn work_of_day(
    base: &Base,
    schedule: Option<&Schedule>,
    day: Date,
    work: &mut [Option<Work>],
) {
    work.fill(None);
    let scheduled = schedule.map_or(&[][..], |s| &s.harvests[..]);
    for campaign in scheduled {
        let ago = days_between(campaign.from, day);
        if (0..i64::from(campaign.days)).contains(&ago)
            && let Some(harvest) = base.harvests.get(campaign.harvest)
        {
            let mut today = Work::of(campaign.harvest, harvest.method, ago as u32, campaign.days);
            if today.take_share > 0.0 {
                today.take_kg = campaign.rate_kg_s.map(|rate| rate * DAY_S);
            }
            work[harvest.pond] = Some(today);
        }
    }
    for (h, harvest) in base.harvests.iter().enumerate() {
        let replaced = (scheduled.iter()).any(|s| {
            base.harvests
                .get(s.harvest)
                .is_some_and(|x| x.pond == harvest.pond)
        });
        if !replaced && let Some(ago) = campaign_day(day, harvest.start, harvest.days) {
            work[harvest.pond] = Some(Work::of(h, harvest.method, ago, harvest.days));
        }
    }
}

impl Work {
    /// The work on the day `ago` of a campaign of `days`.
    fn of(harvest: usize, method: HarvestMethod, ago: u32, days: u32) -> Self {
        let dry = method == HarvestMethod::Dry;
        let drain = if dry {
            ((f64::from(days) * DRAIN_SHARE) as u32).max(1)
        } else {
            0
        };
        let taking = ago >= drain.min(days - 1);
        Work {
            harvest,
            drain_days: dry.then(|| f64::from(drain.saturating_sub(ago).max(1))),
            take_share: if taking {
                1.0 / f64::from(days - ago)
            } else {
                0.0
            },
            take_kg: None,
        }
    }
}

/// Takes today's salt out of a pond.
pub(crate) fn take(
    base: &Base,
    work: &Work,
    pond: &mut Pond,
    matter: &Matter,
    ledger: &mut Ledger,
    scratch_mol: &mut [f64],
) {
    let harvest = &base.harvests[work.harvest];
    let (salt_stream, brine_stream) = ledger.harvests[work.harvest];
    let take_share = match work.take_kg {
        Some(take_kg) => share_of(take_kg, pond, harvest.leave_m, matter),
        None => work.take_share,
    };
    for cell in &mut pond.cells {
        let leave_m3 = harvest.leave_m * cell.area_m2;
        let bulk_m3 = (cell.floor.bulk_m3() - leave_m3) * take_share;
        if bulk_m3 <= 0.0 {
            continue;
        }
        let salt = cell.floor.cut(matter, bulk_m3);
        ledger.note_salt(salt_stream, &salt.minerals_mol);
        // Pore brine of buried salt runs back into the cell, and what clings to the salt is taken
        // from the mixture.
        cell.pour(&salt.pore_mol, salt.pore_m3, cell.mean_k);
        let wanted_kg = harvest.entrainment_kg_kg * matter.salt_kg(&salt.minerals_mol);
        let clinging_m3 = clinging_m3(cell, matter, wanted_kg);
        let taken_m3 = cell.draw(clinging_m3, scratch_mol);
        ledger.note(brine_stream, scratch_mol, taken_m3);
    }
}

/// Share of the bulk above a floor that is left, the same in every cell, with which a mass of dry salt goes; 1 where
/// there is no more than that.
fn share_of(take_kg: f64, pond: &Pond, leave_m: f64, matter: &Matter) -> f64 {
    let lacking_kg = |share| take_kg - above_kg(pond, leave_m, share, matter);
    let (none, all) = ((0.0, take_kg), (1.0, lacking_kg(1.0)));
    if all.1 >= 0.0 {
        return 1.0;
    }
    // A mass that grows layer by layer: a broken line, whose bracket closes to the last bits.
    let sharp = Sharpness {
        relative: 1e-14,
        absolute: 0.0,
        value: 1e-12 * take_kg,
    };
    let closed = Bracket::between(none, all)
        .closed::<Infallible>(&sharp, &mut |share| Ok(lacking_kg(share)));
    match closed {
        Ok(bracket) => bracket.nearer().0,
    }
}

/// Dry salt above a floor that is left, kg.
pub(crate) fn harvestable_kg(pond: &Pond, leave_m: f64, matter: &Matter) -> f64 {
    above_kg(pond, leave_m, 1.0, matter)
}

/// Dry salt in a share of the bulk above a floor that is left, from the top of each cell, kg.
fn above_kg(pond: &Pond, leave_m: f64, share: f64, matter: &Matter) -> f64 {
    let of_cell = |cell: &Cell| {
        let above_m3 = cell.floor.bulk_m3() - leave_m * cell.area_m2;
        cell.floor.salt_above_kg(matter, share * above_m3)
    };
    pond.cells.iter().map(of_cell).sum()
}

/// Volume of a mass of the cell's brine, at most half of what is there, m³.
fn clinging_m3(cell: &Cell, matter: &Matter, wanted_kg: f64) -> f64 {
    let mass_kg = matter.mass_kg(&cell.brine_mol);
    if mass_kg > 0.0 {
        (wanted_kg / mass_kg).min(0.5) * cell.volume_m3
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_drains_first_and_ends_with_all_taken() {
        let works: Vec<Work> = (0..9)
            .map(|ago| Work::of(0, HarvestMethod::Dry, ago, 9))
            .collect();
        let drains: Vec<f64> = works.iter().filter_map(|w| w.drain_days).collect();
        assert_eq!(drains, [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        let left = works
            .iter()
            .fold(1.0, |left, w| left * (1.0 - w.take_share));
        assert_eq!((works[2].take_share, left), (0.0, 0.0));
        assert_eq!(Work::of(0, HarvestMethod::Dry, 0, 1).take_share, 1.0);
        assert_eq!(Work::of(0, HarvestMethod::Dredge, 0, 4).take_share, 0.25);
    }
}
