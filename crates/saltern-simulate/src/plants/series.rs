//! The series of plants: a row a plant and day.

use jiff::civil::Date;
use saltern_base::frame::{Column, Frame};

use super::day::PlantDay;

const NUMBERS: [(&str, &str); 5] = [
    ("load", "-"),
    ("lead_feed", "t"),
    ("electricity", "MWh"),
    ("heat", "MWh"),
    ("cooling", "MWh"),
];

const T_KG: f64 = 1e-3;
const MWH_J: f64 = 1.0 / 3.6e9;

/// Collects the rows of the frame `plants`.
#[derive(Debug, Default)]
pub(crate) struct PlantSeries {
    dates: Vec<Date>,
    plants: Vec<String>,
    numbers: [Vec<f64>; 5],
    stands: Vec<String>,
}

impl PlantSeries {
    pub(crate) fn record(&mut self, date: Date, id: &str, day: &PlantDay) {
        let row = [
            day.load,
            day.lead_kg * T_KG,
            day.electricity_j * MWH_J,
            day.heat_j * MWH_J,
            day.cooling_j * MWH_J,
        ];
        self.dates.push(date);
        self.plants.push(id.to_owned());
        for (column, value) in self.numbers.iter_mut().zip(row) {
            column.push(value);
        }
        self.stands.push(day.stands.map_or("", |s| s.name()).into());
    }

    /// The frame; `None` where no plant runs with the ponds.
    pub(crate) fn finish(self) -> Option<Frame> {
        if self.dates.is_empty() {
            return None;
        }
        let mut columns = vec![
            Column::dates("date", self.dates),
            Column::texts("plant", self.plants),
        ];
        for ((name, unit), values) in NUMBERS.iter().zip(self.numbers) {
            columns.push(Column::numbers(*name, unit, values));
        }
        columns.push(Column::texts("stands", self.stands));
        Some(Frame::new("plants", columns))
    }
}
