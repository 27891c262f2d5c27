//! Steps of a plan: weeks of a period, or months.

use jiff::Span;
use jiff::civil::Date;
use saltern_base::production::Season;

/// Consecutive days that are decided as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// First day.
    pub first: Date,
    /// Days.
    pub days: u32,
    /// Days of the period before it.
    pub before: u32,
}

impl Step {
    /// Its days.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.first
            .series(Span::new().days(1))
            .take(self.days as usize)
    }

    /// Last day.
    pub fn last(&self) -> Date {
        self.dates().last().unwrap_or(self.first)
    }

    /// Days in a yearly window; one that ends before it starts runs over the turn of the year.
    pub fn days_in(&self, season: Option<Season>) -> u32 {
        self.dates().filter(|day| is_in(*day, season)).count() as u32
    }
}

/// Whether a day lies in a yearly window.
pub fn is_in(day: Date, season: Option<Season>) -> bool {
    let Some((first, last)) = season else {
        return true;
    };
    let today = (day.month(), day.day());
    if first <= last {
        first <= today && today <= last
    } else {
        today >= first || today <= last
    }
}

/// Weeks of a period from its first day; days that make no whole week belong to the last one.
pub fn weeks(from: Date, to: Date) -> Vec<Step> {
    let days = from.until(to).map_or(0, |span| span.get_days()) as u32 + 1;
    let count = (days / 7).max(1);
    let start = |week: u32| from.saturating_add(Span::new().days(7 * week));
    (0..count)
        .map(|week| Step {
            first: start(week),
            days: if week + 1 == count {
                days - 7 * week
            } else {
                7
            },
            before: 7 * week,
        })
        .collect()
}

/// Calendar months of a period; the first and the last may be parts.
pub fn months(from: Date, to: Date) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let all = from
        .series(Span::new().days(1))
        .take_while(|day| *day <= to);
    for (before, day) in all.enumerate() {
        match steps.last_mut() {
            Some(step) if step.first.month() == day.month() => step.days += 1,
            _ => steps.push(Step {
                first: day,
                days: 1,
                before: before as u32,
            }),
        }
    }
    steps
}
