//! What can be wrong with weather.

use jiff::civil::Date;
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::table::TableError;

/// What is wrong with a weather file, with normals, or with a question asked of a series.
#[derive(Clone, Debug, PartialEq)]
pub enum WeatherError {
    /// `table.…`: a cell, a header or the table itself.
    Table(TableError),
    /// `weather.unknown_format`: none of the formats that are read.
    UnknownFormat {
        /// First row.
        place: Place,
        /// How it begins.
        value: String,
    },
    /// `weather.missing_value`: the format's mark for a missing value where one is needed.
    MissingValue {
        /// The cell.
        place: Place,
        /// The mark, `-9900`.
        value: String,
    },
    /// `weather.bad_time`: no full hour of the calendar.
    BadTime {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `weather.gap`: hours are missing before this row.
    Gap {
        /// The row after the gap.
        place: Place,
        /// How many.
        missing_h: usize,
        /// The hour that should follow.
        expected: String,
        /// The hour that does.
        found: String,
    },
    /// `weather.not_rising`: an hour twice, or back in time.
    NotRising {
        /// The row.
        place: Place,
        /// Its hour.
        time: String,
        /// The hour before it.
        previous: String,
    },
    /// `weather.too_short`.
    TooShort {
        /// The file.
        place: Place,
        /// Hours in it.
        hours: usize,
        /// Hours needed.
        needed: usize,
    },
    /// `weather.not_hourly`: more than one record an hour.
    NotHourly {
        /// The cell that says so.
        place: Place,
        /// What it says.
        value: String,
    },
    /// `weather.tilted`: radiation on a tilted plane instead of the horizontal.
    Tilted {
        /// The cell that says so.
        place: Place,
        /// What it says.
        value: String,
    },
    /// `weather.date_outside`: a dated series does not reach this day.
    DateOutside {
        /// Day asked for.
        date: Date,
        /// First whole day of the series.
        first: Date,
        /// Its last.
        last: Date,
    },
    /// `weather.no_whole_day`: a dated series without a single whole day.
    NoWholeDay {
        /// Day asked for.
        date: Date,
    },
    /// `weather.hour_outside`: an hour of the day beyond 23.
    HourOutside {
        /// Hour asked for.
        hour: u8,
    },
    /// `weather.missing_normal`: a normal that can be had neither from its month nor from the year.
    MissingNormal {
        /// The column, and the month if one is concerned.
        place: Place,
        /// Which rows would do.
        month: u8,
    },
    /// `weather.duplicate_month`: two rows for one month.
    DuplicateMonth {
        /// The second of them.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `weather.too_sunny`: more radiation in a month than a clear sky lets through.
    TooSunny {
        /// Month, 1..=12.
        month: u8,
        /// Given, W/m².
        global_w_m2: f64,
        /// Highest that is accepted at this latitude and elevation, W/m².
        clear_w_m2: f64,
    },
    /// `weather.unreachable_normal`: no year with this normal could be generated.
    UnreachableNormal {
        /// Which one.
        quantity: &'static str,
        /// Month, 1..=12.
        month: u8,
        /// Wanted, in the unit of `unit`.
        wanted: f64,
        /// Nearest that could be reached.
        reached: f64,
        /// Unit of both.
        unit: &'static str,
    },
}

impl From<TableError> for WeatherError {
    fn from(error: TableError) -> Self {
        WeatherError::Table(error)
    }
}

impl WeatherError {
    /// Where in a file the trouble is, if it is in one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            WeatherError::Table(error) => Some(error.place()),
            WeatherError::UnknownFormat { place, .. }
            | WeatherError::MissingValue { place, .. }
            | WeatherError::BadTime { place, .. }
            | WeatherError::Gap { place, .. }
            | WeatherError::NotRising { place, .. }
            | WeatherError::TooShort { place, .. }
            | WeatherError::NotHourly { place, .. }
            | WeatherError::Tilted { place, .. }
            | WeatherError::MissingNormal { place, .. }
            | WeatherError::DuplicateMonth { place, .. } => Some(place),
            WeatherError::DateOutside { .. }
            | WeatherError::NoWholeDay { .. }
            | WeatherError::HourOutside { .. }
            | WeatherError::TooSunny { .. }
            | WeatherError::UnreachableNormal { .. } => None,
        }
    }
}

impl Message for WeatherError {
    fn code(&self) -> &'static str {
        match self {
            WeatherError::Table(error) => error.code(),
            WeatherError::UnknownFormat { .. } => "weather.unknown_format",
            WeatherError::MissingValue { .. } => "weather.missing_value",
            WeatherError::BadTime { .. } => "weather.bad_time",
            WeatherError::Gap { .. } => "weather.gap",
            WeatherError::NotRising { .. } => "weather.not_rising",
            WeatherError::TooShort { .. } => "weather.too_short",
            WeatherError::NotHourly { .. } => "weather.not_hourly",
            WeatherError::Tilted { .. } => "weather.tilted",
            WeatherError::DateOutside { .. } => "weather.date_outside",
            WeatherError::NoWholeDay { .. } => "weather.no_whole_day",
            WeatherError::HourOutside { .. } => "weather.hour_outside",
            WeatherError::MissingNormal { .. } => "weather.missing_normal",
            WeatherError::DuplicateMonth { .. } => "weather.duplicate_month",
            WeatherError::TooSunny { .. } => "weather.too_sunny",
            WeatherError::UnreachableNormal { .. } => "weather.unreachable_normal",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let mut fields: Fields = self
            .place()
            .map(|place| ("place", place.text(lang)))
            .into_iter()
            .collect();
        match self {
            WeatherError::Table(error) => return error.fields(lang),
            WeatherError::UnknownFormat { value, .. }
            | WeatherError::MissingValue { value, .. }
            | WeatherError::BadTime { value, .. }
            | WeatherError::NotHourly { value, .. }
            | WeatherError::Tilted { value, .. }
            | WeatherError::DuplicateMonth { value, .. } => fields.push(("value", value.clone())),
            WeatherError::Gap {
                missing_h,
                expected,
                found,
                ..
            } => fields.extend([
                ("missing", missing_h.to_string()),
                ("expected", expected.clone()),
                ("found", found.clone()),
            ]),
            WeatherError::NotRising { time, previous, .. } => {
                fields.extend([("time", time.clone()), ("previous", previous.clone())]);
            }
            WeatherError::TooShort { hours, needed, .. } => {
                fields.extend([("hours", hours.to_string()), ("needed", needed.to_string())]);
            }
            WeatherError::DateOutside { date, first, last } => fields.extend([
                ("date", date.to_string()),
                ("first", first.to_string()),
                ("last", last.to_string()),
            ]),
            WeatherError::NoWholeDay { date } => fields.push(("date", date.to_string())),
            WeatherError::HourOutside { hour } => fields.push(("hour", hour.to_string())),
            WeatherError::MissingNormal { month, .. } => fields.push(("month", month.to_string())),
            WeatherError::TooSunny {
                month,
                global_w_m2,
                clear_w_m2,
            } => fields.extend([
                ("month", month.to_string()),
                ("global", format!("{global_w_m2:.0}")),
                ("clear", format!("{clear_w_m2:.0}")),
            ]),
            WeatherError::UnreachableNormal {
                quantity,
                month,
                wanted,
                reached,
                unit,
            } => fields.extend([
                ("quantity", (*quantity).to_string()),
                ("month", month.to_string()),
                ("wanted", format!("{wanted:.4}")),
                ("reached", format!("{reached:.4}")),
                ("unit", (*unit).to_string()),
            ]),
        }
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            WeatherError::Table(error) => error.catalogue(),
            _ => super::catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            WeatherError::Table(error) => error.text(lang),
            _ => self
                .catalogue()
                .render(self.code(), lang, &self.fields(lang)),
        }
    }
}

impl std::fmt::Display for WeatherError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for WeatherError {}
