//! Hourly weather: the series, and readers that turn the text of a file into one.

mod cells;
mod clock;
mod epw;
mod error;
mod notice;
mod own;
mod pvgis;
mod record;
mod series;
mod time;
mod tmy3;

pub use error::WeatherError;
pub use notice::Notice;
pub use series::{Calendar, Format, Hour, Site, Weather};

use saltern_units::message::Catalogue;
use saltern_units::place::Place;
use saltern_units::table::TableError;
use std::sync::LazyLock;

/// Weather with what a reader should know about it.
pub type WithNotices = (Weather, Vec<Notice>);

/// Reads weather from the text of a file; the format is found from the content.
///
/// `file_name` is only named in errors. Accepted: EPW, TMY3, PVGIS CSV with humidity, and our CSV:
/// `time` (local standard time at the *beginning* of the hour; with a year a dated series, without
/// one, `01-31T05:00`, a typical year), `air_temperature [degC]`, `relative_humidity [%]`,
/// `wind [m/s]` (at 10 m) or `wind_2m [m/s]`, `global [W/m2]`, `pressure [kPa]`, `rain [mm/h]`,
/// optional `long_wave_down [W/m2]`, `diffuse [W/m2]` (on the horizontal) and `direct_normal [W/m2]`.
pub fn read(text: &str, file_name: &str) -> Result<WithNotices, WeatherError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (weather, mut notices) = match detect(text, file_name)? {
        Format::Epw => epw::read(text, file_name),
        Format::Tmy3 => tmy3::read(text, file_name),
        Format::Pvgis => pvgis::read(text, file_name),
        Format::Own => own::read(text, file_name),
    }?;
    notices.extend(clock::check(&weather));
    Ok((weather, notices))
}

fn detect(text: &str, file: &str) -> Result<Format, WeatherError> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().ok_or_else(|| TableError::Empty {
        place: Place::file(file),
    })?;
    let second = lines.next().unwrap_or_default();
    let head: Vec<&str> = text.lines().take(40).collect();
    if first.starts_with("LOCATION,") {
        Ok(Format::Epw)
    } else if second
        .trim_start_matches('"')
        .starts_with("Date (MM/DD/YYYY)")
    {
        Ok(Format::Tmy3)
    } else if head
        .iter()
        .any(|line| line.starts_with("time(UTC)") || line.starts_with("Latitude (decimal degrees)"))
    {
        Ok(Format::Pvgis)
    } else if head
        .iter()
        .find(|line| !line.starts_with('#'))
        .is_some_and(|line| line.starts_with("time"))
    {
        Ok(Format::Own)
    } else {
        let value = first.chars().take(60).collect();
        Err(WeatherError::UnknownFormat {
            place: Place::row(file, 1),
            value,
        })
    }
}

pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("../messages.csv")));
    &CATALOGUE
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may end in a panic")]
mod tests;
