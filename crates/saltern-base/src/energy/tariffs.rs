//! `tariffs.csv`: prices by time of day and month. Rows of a tariff cover every minute of every month once.

use super::Window;
use super::read::Reader;
use crate::error::BaseError;
use saltern_units::place::Place;

/// A tariff.
#[derive(Clone, Debug, PartialEq)]
pub struct Tariff {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: Vec<TariffRow>,
}

/// One row of a tariff.
#[derive(Clone, Debug, PartialEq)]
pub struct TariffRow {
    /// Months from 1 that it holds for.
    pub months: Vec<i8>,
    /// First minute of the day.
    pub from_min: u32,
    /// Minute at which it ends, 1440 for the end of the day.
    pub to_min: u32,
    /// Price, money per J.
    pub price: f64,
    /// Where it stands.
    pub place: Place,
}

impl TariffRow {
    fn holds(&self, month: i8, minute: u32) -> bool {
        let within = if self.from_min < self.to_min {
            (self.from_min..self.to_min).contains(&minute)
        } else {
            // Over midnight: 23:00 to 07:00.
            minute >= self.from_min || minute < self.to_min
        };
        within && self.months.contains(&month)
    }
}

impl Tariff {
    /// Price of each step of a window, taken at its beginning.
    pub fn series(&self, window: &Window) -> Vec<f64> {
        (0..window.steps)
            .map(|step| {
                let moment = window.moment(step);
                let minute = moment.hour() as u32 * 60 + moment.minute() as u32;
                let row = self
                    .rows
                    .iter()
                    .find(|row| row.holds(moment.month(), minute));
                row.map_or(f64::NAN, |row| row.price)
            })
            .collect()
    }
}

/// Reads the tariffs; none where the file isn't there.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Tariff> {
    let Some(sheet) = reader.sheet("tariffs") else {
        return Vec::new();
    };
    reader.money_of(&sheet);
    let mut tariffs: Vec<Tariff> = Vec::new();
    for row in sheet.rows() {
        let errors = &mut reader.errors;
        let name = row.text("tariff", errors);
        let from_min = clock(&row, "from", errors);
        let to_min = clock(&row, "to", errors);
        let months = months(&row, errors);
        let price = row.quantity("price", errors);
        let (Some(name), Some(from_min), Some(to_min), Some(months), Some(price)) =
            (name, from_min, to_min, months, price)
        else {
            continue;
        };
        let row = TariffRow {
            months,
            from_min,
            to_min,
            price,
            place: row.place(),
        };
        match tariffs.iter_mut().find(|tariff| tariff.name == name) {
            Some(tariff) => tariff.rows.push(row),
            None => tariffs.push(Tariff {
                name,
                rows: vec![row],
            }),
        }
    }
    if reader.errors.is_empty() {
        for tariff in &tariffs {
            reader.errors.extend(uncovered(tariff));
        }
    }
    tariffs
}

/// The first minute of the year that no row, or more than one, holds for.
fn uncovered(tariff: &Tariff) -> Option<BaseError> {
    let moments = (1..=12).flat_map(|month| (0..1440).map(move |minute| (month, minute)));
    moments.into_iter().find_map(|(month, minute)| {
        let holding: Vec<&TariffRow> = tariff
            .rows
            .iter()
            .filter(|row| row.holds(month, minute))
            .collect();
        if holding.len() == 1 {
            return None;
        }
        let place = holding
            .last()
            .or(tariff.rows.last().as_ref())?
            .place
            .clone();
        Some(BaseError::TariffCover {
            place,
            tariff: tariff.name.clone(),
            month,
            clock: format!("{:02}:{:02}", minute / 60, minute % 60),
            rows: holding.len(),
        })
    })
}

fn clock(row: &crate::sheet::Record<'_>, name: &str, errors: &mut Vec<BaseError>) -> Option<u32> {
    let text = row.text(name, errors)?;
    let minutes = minutes_of(&text);
    if minutes.is_none() {
        errors.push(BaseError::WrongType {
            place: row.place_of(name),
            value: text,
            accepted: "07:00, 24:00 (local standard time, no zone)".into(),
        });
    }
    minutes
}

fn minutes_of(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= 1440).then_some(whole)
}

/// `6-8`, `11-2`, `1,3`; blank for all.
pub(crate) fn months(
    row: &crate::sheet::Record<'_>,
    errors: &mut Vec<BaseError>,
) -> Option<Vec<i8>> {
    let Some(cell) = row.given("months") else {
        return Some((1..=12).collect());
    };
    let months = months_of(cell.raw());
    if months.is_none() {
        errors.push(BaseError::WrongType {
            place: cell.place(),
            value: cell.raw().into(),
            accepted: "6-8, 11-2, 1;3;5".into(),
        });
    }
    months
}

fn months_of(text: &str) -> Option<Vec<i8>> {
    let mut months = Vec::new();
    for part in text.split([';', ',']) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (i8, i8) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        if !(1..=12).contains(&from) || !(1..=12).contains(&to) {
            return None;
        }
        let mut month = from;
        months.push(month);
        while month != to {
            month = month % 12 + 1;
            months.push(month);
        }
    }
    Some(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_may_go_over_the_new_year() {
        assert_eq!(months_of("11-2"), Some(vec![11, 12, 1, 2]));
        assert_eq!(months_of("6"), Some(vec![6]));
        assert_eq!(months_of("0-3"), None);
    }

    #[test]
    fn a_clock_has_no_zone() {
        assert_eq!(minutes_of("07:30"), Some(450));
        assert_eq!(minutes_of("24:00"), Some(1440));
        assert_eq!(minutes_of("24:01"), None);
        assert_eq!(minutes_of("07:30+08:00"), None);
        assert_eq!(minutes_of("07:30Z"), None);
    }
}
