//! A harvest of a schedule moved in time: what a planner tries.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::{Base, PondId, Schedule, ScheduledHarvest};

/// A harvest's days within a stretch, all moved by so many days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Id of the harvest.
    pub id: String,
    /// First day of the stretch.
    pub from: Date,
    /// Last day of the stretch, included.
    pub to: Date,
    /// Days later; earlier if negative.
    pub days: i32,
}

/// Why a harvest was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmoved {
    /// The schedule has no harvest of that id that begins within the stretch.
    Nothing,
    /// It would begin or end outside of the period.
    Outside,
}

/// The yearly campaigns of a pond within a period, as a schedule has them.
fn campaigns(base: &Base, pond: PondId, (first, last): (Date, Date)) -> Vec<ScheduledHarvest> {
    let mut rows = Vec::new();
    for (h, harvest) in base.harvests.iter().enumerate() {
        if harvest.pond != pond {
            continue;
        }
        let (month, day) = harvest.start;
        for year in first.year()..=last.year() {
            let Ok(from) = Date::new(year, month, day) else {
                continue;
            };
            if (first..=last).contains(&from) {
                let left = (last - from).get_days().unsigned_abs() + 1;
                rows.push(ScheduledHarvest {
                    harvest: h,
                    from,
                    days: harvest.days.min(left),
                    rate_kg_s: None,
                });
            }
        }
    }
    rows
}

/// Moves what begins within the stretch.
///
/// # Errors
/// Where there is nothing to move, or no room for it; the schedule is then as it was.
pub fn shift(
    schedule: &mut Schedule,
    base: &Base,
    shift: &Shift,
    (first, last): (Date, Date),
) -> Result<(), Unmoved> {
    let is_it = |harvest: usize| base.harvests[harvest].id == shift.id;
    let mut moved = schedule.harvests.clone();
    let pond = base.harvests.iter().find(|harvest| harvest.id == shift.id);
    let pond = pond.ok_or(Unmoved::Nothing)?.pond;
    // What no schedule says of a pond its yearly campaigns do.
    if !moved
        .iter()
        .any(|row| base.harvests[row.harvest].pond == pond)
    {
        moved.extend(campaigns(base, pond, (first, last)));
    }
    let mut any = false;
    for row in &mut moved {
        if !is_it(row.harvest) || !(shift.from..=shift.to).contains(&row.from) {
            continue;
        }
        any = true;
        row.from = row.from.saturating_add(i64::from(shift.days).days());
        let end = row.from.saturating_add((i64::from(row.days) - 1).days());
        if row.from < first || end > last {
            return Err(Unmoved::Outside);
        }
    }
    if !any {
        return Err(Unmoved::Nothing);
    }
    schedule.harvests = moved;
    Ok(())
}
