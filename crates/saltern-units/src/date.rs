//! Calendar days as people type them.

use jiff::civil::Date;

/// What a day must look like, for error messages.
pub const ACCEPTED: &str = "YYYY-MM-DD, 2025-04-01";
/// What a day of the year must look like, for error messages.
pub const ACCEPTED_MONTH_DAY: &str = "MM-DD, 04-01";

/// A day, year first: `2025-04-01`. Spreadsheets rewrite days as `2025/4/1`, so that is taken too.
/// `None` if it is no day of the calendar.
pub fn parse(text: &str) -> Option<Date> {
    let parts = numbers(text)?;
    let [(4, year), (1..=2, month), (1..=2, day)] = parts[..] else {
        return None;
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of every year, (month, day): `04-01`. 29 February is refused, since most years lack it.
pub fn parse_month_day(text: &str) -> Option<(i8, i8)> {
    let parts = numbers(text)?;
    let [(1..=2, month), (1..=2, day)] = parts[..] else {
        return None;
    };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // 2001 is any year without a leap day.
    Date::new(2001, month, day).ok().map(|_| (month, day))
}

/// Numbers between `-` or `/`, each with its count of digits.
fn numbers(text: &str) -> Option<Vec<(usize, i16)>> {
    let separator = if text.contains('/') { '/' } else { '-' };
    text.trim()
        .split(separator)
        .map(|part| {
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            if digits {
                part.parse().ok().map(|n| (part.len(), n))
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_of_the_calendar_are_read_year_first() {
        assert_eq!(parse("2025-04-01"), Some(date(2025, 4, 1)));
        assert_eq!(parse(" 2025/4/1 "), Some(date(2025, 4, 1)));
        for bad in [
            "2025-13-40",
            "2025-02-29",
            "01-04-2025",
            "2025-04",
            "2025-04-01T00",
            "+025-04-01",
            "",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_of_the_year_are_read_month_first() {
        assert_eq!(parse_month_day("04-01"), Some((4, 1)));
        assert_eq!(parse_month_day("12/31"), Some((12, 31)));
        for bad in ["13-01", "02-29", "04", "2025-04-01"] {
            assert_eq!(parse_month_day(bad), None, "{bad}");
        }
    }
}
