//! The samples that an estimate is made from: a long table, by the hour where there are many.

use std::fmt::Write as _;

use jiff::Timestamp;
use saltern_base::tags::{Quantity, Tag};
use saltern_history::HistoryError;
use saltern_samples::{TagId, Trust};

use crate::house::House;
use crate::operation::Live;

const HOUR_US: i64 = 3_600_000_000;

/// Levels, densities and flows by the hour, analyses as they are.
pub(super) fn table(
    house: &House,
    live: &Live,
    from_us: i64,
    to_us: i64,
) -> Result<String, HistoryError> {
    let mut table = String::from("time,tag,value\n");
    for (tag, stored) in live.lake.tags.tags.iter().zip(&live.stored) {
        // What a night said is nothing that the next is made from.
        if live.soft.is_one(&tag.who.id) {
            continue;
        }
        let rows = match tag.quantity {
            Quantity::Assay => analyses(house, *stored, from_us, to_us)?,
            Quantity::Level | Quantity::Density => hours(house, *stored, from_us, to_us)?,
            Quantity::Flow if tag.writing.is_none() => hours(house, *stored, from_us, to_us)?,
            _ => continue,
        };
        write(&mut table, tag, &rows);
    }
    Ok(table)
}

fn write(table: &mut String, tag: &Tag, rows: &[(i64, f64)]) {
    for (time_us, value) in rows {
        let time = Timestamp::from_microsecond(*time_us).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{time},{},{value}", tag.who.id);
    }
}

fn analyses(
    house: &House,
    stored: TagId,
    from_us: i64,
    to_us: i64,
) -> Result<Vec<(i64, f64)>, HistoryError> {
    let series = house.history.series(stored, from_us, to_us)?;
    // What the assay desk doubts is for people to decide on.
    let believed = series
        .iter()
        .filter(|sample| sample.quality.trust() == Trust::Good);
    Ok(believed
        .map(|sample| (sample.time_us, sample.value))
        .collect())
}

/// Means of hours, told at their middle.
fn hours(
    house: &House,
    stored: TagId,
    from_us: i64,
    to_us: i64,
) -> Result<Vec<(i64, f64)>, HistoryError> {
    let count = ((to_us - from_us) / HOUR_US).max(1) as usize;
    let buckets = house.history.buckets(stored, from_us, to_us, count + 1)?;
    let told = buckets.iter().filter(|bucket| bucket.count > 0);
    Ok(told
        .map(|bucket| (bucket.start_us + HOUR_US / 2, bucket.mean()))
        .filter(|(time_us, _)| (from_us..to_us).contains(time_us))
        .collect())
}
