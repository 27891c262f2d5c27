//! Times as weather files write them.

use jiff::civil::{Date, DateTime, Time};

use super::series::typical_day;

/// Any year without a leap day, to place days of a typical year.
const PLAIN_YEAR: i16 = 2001;

/// Beginning of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// In a real year.
    Dated(DateTime),
    /// In a typical year: hour from its beginning, 0..8760.
    Typical(usize),
    /// 29 February in a typical year: passed over.
    LeapDay,
}

/// Beginning of an hour in a typical year; `None` if there is no such day or hour.
pub(super) fn typical(month: i8, day: i8, hour: u8) -> Option<Stamp> {
    if (month, day) == (2, 29) {
        return Some(Stamp::LeapDay);
    }
    let date = Date::new(PLAIN_YEAR, month, day).ok()?;
    (hour < 24).then(|| Stamp::Typical(typical_day(date) * 24 + usize::from(hour)))
}

/// `2024-01-31T05:00`, also with a blank, slashes or seconds; without a year (`01-31T05:00`) an hour
/// of a typical year. Full hours of local standard time, no zone.
pub(super) fn parse(text: &str) -> Option<Stamp> {
    let (date, clock) = text.split_once(['T', ' '])?;
    let hour = full_hour(clock.trim())?;
    let parts: Vec<i16> = date
        .split(['-', '/'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let small = |value: i16| i8::try_from(value).ok();
    match parts[..] {
        [year, month, day] => {
            let date = Date::new(year, small(month)?, small(day)?).ok()?;
            Some(Stamp::Dated(date.to_datetime(
                Time::new(small(i16::from(hour))?, 0, 0, 0).ok()?,
            )))
        }
        [month, day] => typical(small(month)?, small(day)?, hour),
        _ => None,
    }
}

/// Hour of `05:00` or `05:00:00`; `None` if minutes or seconds are not 0, or anything follows.
fn full_hour(clock: &str) -> Option<u8> {
    let mut parts = clock.split(':');
    let hour: u8 = parts.next()?.parse().ok()?;
    let rest: Vec<&str> = parts.collect();
    let full = matches!(rest.len(), 1 | 2) && rest.iter().all(|part| *part == "00");
    (full && hour < 24).then_some(hour)
}

/// Date and hour of a stamp in a typical year, for messages: `02-28 13:00`.
pub(super) fn typical_text(hour: usize) -> String {
    let day = i32::try_from(hour / 24).unwrap_or(0);
    let date = Date::new(PLAIN_YEAR, 1, 1)
        .and_then(|first| first.checked_add(jiff::Span::new().days(day)));
    date.map_or_else(
        |_| hour.to_string(),
        |date| format!("{:02}-{:02} {:02}:00", date.month(), date.day(), hour % 24),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn times_of_our_csv() {
        let expected = Some(Stamp::Dated(date(2024, 1, 31).at(5, 0, 0, 0)));
        for text in ["2024-01-31T05:00", "2024-01-31 05:00:00", "2024/1/31 5:00"] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("01-01T00:00"), Some(Stamp::Typical(0)));
        assert_eq!(parse("12-31T23:00"), Some(Stamp::Typical(8759)));
        assert_eq!(parse("02-29T10:00"), Some(Stamp::LeapDay));
        for text in [
            "2024-01-31",
            "2024-01-31T05:30",
            "2024-01-31T24:00",
            "2024-02-30T01:00",
            "2024-01-31T05:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(typical_text(59 * 24 + 1), "03-01 01:00");
    }
}
