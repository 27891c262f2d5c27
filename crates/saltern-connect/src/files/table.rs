//! Tables of samples in three forms, told apart by their columns:
//!
//! - long: `time`, `tag`, `value`, and `quality` (`good`, `uncertain`, `bad`) where it is known;
//! - laboratory: `time`, `asset` (or `pond`), and a column with its unit for every component or quantity;
//! - wide: `time` and a column for every tag, by its id or by the key of its `file:` source.
//!
//! A header's unit is converted to the tag's; without one the tag's own is meant. A blank cell says nothing.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use saltern_base::tags::{Source, Tags};
use saltern_samples::Quality;
use saltern_units::table::{Cell, Header, Table, TableError};
use saltern_units::unit::{self, Unit};

use crate::asked::Accepted;
use crate::error::ConnectError;
use crate::treatment::{Arrival, Slot, Value};

/// A value in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) slot: usize,
    time_us: i64,
    value: f64,
    quality: Quality,
}

impl Entry {
    pub(super) fn arrival(&self) -> Arrival<'static> {
        Arrival {
            value: match self.value.is_nan() {
                true => Value::Nothing,
                false => Value::Number(self.value),
            },
            quality: self.quality,
            time_us: Some(self.time_us),
        }
    }
}

/// What columns and cells may name.
pub(super) struct Columns {
    /// Slots by the tag's id and by the key of its source.
    names: HashMap<String, usize>,
    /// Slots by asset and component or quantity.
    assays: HashMap<(String, String), usize>,
    /// Units of the tags, by slot.
    units: Vec<&'static Unit>,
    offset: Offset,
}

/// Instants as people write them, with a zone or without.
const ACCEPTED_TIME: &str =
    "2026-11-22T06:00:00+08:00, 2026-11-22T06:00Z, 2026-11-22 06:00, 2026-11-22";

impl Columns {
    pub(super) fn new(live: &Tags, slots: &[Slot], offset_s: f64) -> Columns {
        let offset = Offset::from_seconds(offset_s.round() as i32);
        let mut columns = Columns {
            names: HashMap::new(),
            assays: HashMap::new(),
            units: Vec::new(),
            offset: offset.unwrap_or(Offset::UTC),
        };
        for (i, slot) in slots.iter().enumerate() {
            let tag = &live.tags[slot.tag.0 as usize];
            columns.units.push(tag.unit);
            columns.names.insert(slot.id.clone(), i);
            if let Source::File(key) = &slot.source {
                columns.names.insert(key.clone(), i);
            }
            let asset = live.assets[tag.asset].who.id.clone();
            let what = tag.component.clone().unwrap_or(tag.quantity.name().into());
            if slot.source == Source::Lab {
                columns.assays.insert((asset, what), i);
            }
        }
        columns
    }

    /// All values of a file, or all that is wrong with it.
    pub(super) fn read(&self, file: &str, text: &str) -> Result<Vec<Entry>, Vec<ConnectError>> {
        let table = Table::read(file, text).map_err(|e| vec![e.into()])?;
        let time = table.column("time").map_err(|e| vec![e.into()])?;
        let asset = table.find("asset").or_else(|| table.find("pond"));
        let mut reading = Reading {
            columns: self,
            table: &table,
            time,
            entries: Vec::new(),
            errors: Vec::new(),
        };
        match (table.find("tag"), table.find("value"), asset) {
            (Some(tag), Some(value), _) => reading.long(tag, value),
            (_, _, Some(asset)) => reading.laboratory(asset),
            _ => reading.wide(),
        }
        match reading.errors.is_empty() {
            true => Ok(reading.entries),
            false => Err(reading.errors),
        }
    }

    fn instant(&self, text: &str) -> Option<i64> {
        let zoned = text.parse::<Timestamp>().ok();
        let local = || {
            let civil = text.parse::<DateTime>().ok()?;
            self.offset.to_timestamp(civil).ok()
        };
        zoned.or_else(local).map(Timestamp::as_microsecond)
    }
}

struct Reading<'t> {
    columns: &'t Columns,
    table: &'t Table,
    time: usize,
    entries: Vec<Entry>,
    errors: Vec<ConnectError>,
}

impl Reading<'_> {
    fn long(&mut self, tag: usize, value: usize) {
        let quality = self.table.find("quality");
        for row in &self.table.rows {
            let Some(time_us) = self.time_of(self.table.cell(row, self.time)) else {
                continue;
            };
            let cell = self.table.cell(row, tag);
            let slot = self.columns.names.get(cell.raw()).copied();
            if slot.is_none() {
                self.unknown(cell.place(), cell.raw());
            }
            let quality = quality.and_then(|column| self.quality(self.table.cell(row, column)));
            let Some(slot) = slot else { continue };
            let header = &self.table.columns[value];
            let Some(unit) = self.unit(header, slot, value) else {
                continue;
            };
            let cell = self.table.cell(row, value);
            self.value(cell, slot, unit, time_us, quality.unwrap_or(Quality::GOOD));
        }
    }

    fn wide(&mut self) {
        let mut wanted = Vec::new();
        for (i, header) in self.table.columns.iter().enumerate() {
            if i == self.time {
                continue;
            }
            match self.columns.names.get(&header.name).copied() {
                Some(slot) => wanted.extend(self.unit(header, slot, i).map(|unit| (i, slot, unit))),
                None => self.unknown(self.table.header_place(i), &header.name),
            }
        }
        for row in &self.table.rows {
            let Some(time_us) = self.time_of(self.table.cell(row, self.time)) else {
                continue;
            };
            for (i, slot, unit) in &wanted {
                let cell = self.table.cell(row, *i);
                self.value(cell, *slot, unit, time_us, Quality::GOOD);
            }
        }
    }

    fn laboratory(&mut self, asset: usize) {
        let known: Vec<bool> = self
            .table
            .columns
            .iter()
            .map(|header| {
                let component = |(_, what): &(String, String)| *what == header.name;
                self.columns.assays.keys().any(component)
            })
            .collect();
        // What a laboratory notes beside its figures is its own affair; figures are told by their unit.
        for (i, header) in self.table.columns.iter().enumerate() {
            if !known[i] && !header.unit.is_empty() {
                self.unknown(self.table.header_place(i), &header.name);
            }
        }
        for row in &self.table.rows {
            let Some(time_us) = self.time_of(self.table.cell(row, self.time)) else {
                continue;
            };
            let whose = self.table.cell(row, asset);
            for (i, header) in self
                .table
                .columns
                .iter()
                .enumerate()
                .filter(|(i, _)| known[*i])
            {
                let cell = self.table.cell(row, i);
                if cell.is_blank() {
                    continue;
                }
                let key = (whose.raw().to_string(), header.name.clone());
                match self.columns.assays.get(&key).copied() {
                    Some(slot) => {
                        if let Some(unit) = self.unit(header, slot, i) {
                            self.value(cell, slot, unit, time_us, Quality::GOOD);
                        }
                    }
                    None => self.unknown(cell.place(), &format!("{}.{}", key.0, key.1)),
                }
            }
        }
    }

    fn time_of(&mut self, cell: Cell<'_>) -> Option<i64> {
        let time = self.columns.instant(cell.raw());
        if time.is_none() {
            self.errors.push(ConnectError::Cell {
                place: cell.place(),
                value: cell.raw().into(),
                accepted: Accepted::Words(ACCEPTED_TIME),
            });
        }
        time
    }

    fn quality(&mut self, cell: Cell<'_>) -> Option<Quality> {
        match cell.raw() {
            "" | "good" | "良好" => Some(Quality::GOOD),
            "uncertain" | "可疑" => Some(Quality::UNCERTAIN),
            "bad" | "坏值" => Some(Quality::BAD),
            other => {
                self.errors.push(ConnectError::Cell {
                    place: cell.place(),
                    value: other.into(),
                    accepted: Accepted::Words("good, uncertain, bad, 良好, 可疑, 坏值"),
                });
                None
            }
        }
    }

    /// The unit of a column of a tag; an error once, in the header.
    fn unit(&mut self, header: &Header, slot: usize, column: usize) -> Option<&'static Unit> {
        let own = self.columns.units[slot];
        if header.unit.is_empty() {
            return Some(own);
        }
        match unit::find(Some(&header.unit), own.dimension) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let error: ConnectError = TableError::Unit {
                    place: self.table.header_place(column),
                    error: Box::new(error),
                }
                .into();
                if !self.errors.contains(&error) {
                    self.errors.push(error);
                }
                None
            }
        }
    }

    fn value(
        &mut self,
        cell: Cell<'_>,
        slot: usize,
        unit: &'static Unit,
        time_us: i64,
        quality: Quality,
    ) {
        match cell.optional_number() {
            Ok(Some(number)) => {
                let own = self.columns.units[slot];
                let value = match std::ptr::eq(unit, own) || unit == own {
                    true => number,
                    false => own.from_si(unit.to_si(number)),
                };
                self.entries.push(Entry {
                    slot,
                    time_us,
                    value,
                    quality,
                });
            }
            Ok(None) if !quality.is_usable() => self.entries.push(Entry {
                slot,
                time_us,
                value: f64::NAN,
                quality,
            }),
            Ok(None) => {}
            Err(error) => self.errors.push(error.into()),
        }
    }

    fn unknown(&mut self, place: saltern_units::place::Place, name: &str) {
        let known = self.columns.names.keys().map(String::as_str);
        let near = saltern_units::message::nearest(name, known);
        self.errors.push(ConnectError::NoSuchTag {
            place,
            name: name.into(),
            near: near.map(String::from),
        });
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
