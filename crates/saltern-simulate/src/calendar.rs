//! Yearly windows.

use jiff::civil::Date;

/// Whether a day lies in a yearly window (month, day)–(month, day), both included; a window that ends
/// before it starts runs over the turn of the year.
pub(crate) fn in_season(day: Date, (first, last): ((i8, i8), (i8, i8))) -> bool {
    let today = (day.month(), day.day());
    if first <= last {
        first <= today && today <= last
    } else {
        today >= first || today <= last
    }
}

/// Days from `from` to `to`; negative if `to` is earlier.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// How many days ago a yearly campaign started that lasts `days` and covers this day, if one does.
pub(crate) fn campaign_day(day: Date, start: (i8, i8), days: u32) -> Option<u32> {
    [day.year() - 1, day.year()].into_iter().find_map(|year| {
        // A start on 29 February begins on the 28th in common years.
        let first = Date::new(year, start.0, start.1)
            .or_else(|_| Date::new(year, start.0, start.1 - 1))
            .ok()?;
        let ago = days_between(first, day);
        (0..i64::from(days)).contains(&ago).then_some(ago as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_winter_season_runs_over_the_turn_of_the_year() {
        let winter = ((11, 1), (2, 28));
        assert!(in_season(date(2023, 12, 31), winter) && in_season(date(2024, 2, 28), winter));
        assert!(!in_season(date(2024, 3, 1), winter));
        assert!(in_season(date(2024, 7, 1), ((7, 1), (7, 1))));
    }

    #[test]
    fn a_campaign_is_counted_from_its_start() {
        assert_eq!(campaign_day(date(2024, 1, 5), (12, 25), 20), Some(11));
        assert_eq!(campaign_day(date(2024, 12, 25), (12, 25), 20), Some(0));
        assert_eq!(campaign_day(date(2024, 1, 14), (12, 25), 20), None);
        assert_eq!(campaign_day(date(2023, 3, 1), (2, 29), 10), Some(1));
        assert_eq!(days_between(date(2023, 1, 1), date(2024, 1, 1)), 365);
    }
}
