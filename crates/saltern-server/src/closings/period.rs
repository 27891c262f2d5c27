//! Periods that are closed: shifts, days and months, each with a name that sorts by time.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use saltern_account::periods;
use saltern_base::model::{Base, DAY_US};

/// A period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// The shift that begins on a day at an hour.
    Shift(Date, Time),
    /// A day.
    Day(Date),
    /// The month of a first day.
    Month(Date),
}

impl Period {
    /// `2027-06`, `2027-06-01`, `2027-06-01T0800`.
    pub(crate) fn id(self) -> String {
        match self {
            Period::Shift(day, begin) => format!("{day}T{:02}{:02}", begin.hour(), begin.minute()),
            Period::Day(day) => day.to_string(),
            Period::Month(first) => first.strftime("%Y-%m").to_string(),
        }
    }

    /// What [`Period::id`] gives.
    pub(crate) fn by_id(id: &str) -> Option<Period> {
        let period = match id.split_once('T') {
            Some((day, hour)) => {
                Period::Shift(day.parse().ok()?, Time::strptime("%H%M", hour).ok()?)
            }
            None if id.len() == 7 => Period::Month(format!("{id}-01").parse().ok()?),
            None => Period::Day(id.parse().ok()?),
        };
        // Other spellings of the same would be other folders.
        (period.id() == id).then_some(period)
    }

    /// `shift`, `day` or `month`.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Period::Shift(..) => "shift",
            Period::Day(_) => "day",
            Period::Month(_) => "month",
        }
    }

    /// The days that it belongs to: a shift to the one on which it begins.
    pub(crate) fn days(self) -> periods::Period {
        let (from, to) = match self {
            Period::Shift(day, _) | Period::Day(day) => (day, day),
            Period::Month(first) => (first, first.last_of_month()),
        };
        periods::Period { from, to }
    }

    /// The month of a day.
    pub(crate) fn month_of(day: Date) -> Period {
        Period::Month(day.first_of_month())
    }
}

/// From when to when a shift is, µs since 1970; `None` where the base has none that begins at that hour.
pub(crate) fn span_us(base: &Base, day: Date, begin: Time) -> Option<(i64, i64)> {
    let at = base.shifts.iter().position(|hour| *hour == begin)?;
    let midnight_us = base.site.midnight_us(day);
    let end_us = match base.shifts.get(at + 1) {
        Some(next) => midnight_us + since_midnight_us(*next),
        None => midnight_us + DAY_US + since_midnight_us(base.shifts[0]),
    };
    Some((midnight_us + since_midnight_us(begin), end_us))
}

/// The shifts that end between two instants, the end included, the first first.
pub(crate) fn shifts_ended(base: &Base, after_us: i64, until_us: i64) -> Vec<Period> {
    let mut shifts = Vec::new();
    let (mut day, _) = base.site.local_day(after_us - DAY_US);
    let (last, _) = base.site.local_day(until_us);
    while day <= last {
        for begin in &base.shifts {
            let ended = span_us(base, day, *begin)
                .is_some_and(|(_, end_us)| after_us < end_us && end_us <= until_us);
            if ended {
                shifts.push(Period::Shift(day, *begin));
            }
        }
        let Ok(next) = day.checked_add(1.day()) else {
            break;
        };
        day = next;
    }
    shifts
}

fn since_midnight_us(hour: Time) -> i64 {
    (i64::from(hour.hour()) * 60 + i64::from(hour.minute())) * 60_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_name_leads_back_to_its_period() {
        for (id, kind, last) in [
            ("2027-06", "month", date(2027, 6, 30)),
            ("2027-06-01", "day", date(2027, 6, 1)),
            ("2027-06-01T2000", "shift", date(2027, 6, 1)),
        ] {
            let period = Period::by_id(id).expect(id);
            assert_eq!((period.id().as_str(), period.kind()), (id, kind));
            assert_eq!(period.days().to, last);
        }
        for wrong in [
            "",
            "999",
            "2027-13",
            "2027-6-01",
            "2027-06-01T8",
            "2027-06-01T2500",
            "../x",
        ] {
            assert_eq!(Period::by_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_last_shift_of_a_day_ends_when_the_first_of_the_next_begins() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seawater");
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        let (mut base, _) = saltern_base::folder::read("seawater", &text).expect("the example");
        base.shifts = vec![time(8, 0, 0, 0), time(20, 0, 0, 0)];
        let day = date(2027, 6, 1);
        let midnight_us = base.site.midnight_us(day);
        let hour_us = DAY_US / 24;
        let night = span_us(&base, day, time(20, 0, 0, 0)).expect("a shift");
        assert_eq!(
            night,
            (midnight_us + 20 * hour_us, midnight_us + 32 * hour_us)
        );
        assert_eq!(span_us(&base, day, time(9, 0, 0, 0)), None);
        let ended = |from_h: i64, to_h: i64| {
            let shifts = shifts_ended(
                &base,
                midnight_us + from_h * hour_us,
                midnight_us + to_h * hour_us,
            );
            shifts.iter().map(|shift| shift.id()).collect::<Vec<_>>()
        };
        assert_eq!(ended(8, 20), ["2027-06-01T0800"]);
        assert_eq!(
            ended(7, 32),
            ["2027-05-31T2000", "2027-06-01T0800", "2027-06-01T2000"]
        );
        assert!(ended(8, 19).is_empty());
        base.shifts.clear();
        assert!(shifts_ended(&base, 0, midnight_us).is_empty());
    }
}
