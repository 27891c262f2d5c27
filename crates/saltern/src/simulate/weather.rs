//! The weather of a base over a period, as the ponds take it.

use jiff::civil::Date;
use saltern_base::model::{Base, WeatherChoice};
use saltern_climate::generator::{Normals, generate};
use saltern_climate::{Forcing, Site, Weather, weather};
use saltern_run::{Notice, WeatherOrigin};
use saltern_units::message::Message;

use super::folder::Folder;
use super::run_notice;
use crate::failure::Failure;

/// Weather over a period.
pub(crate) struct Period {
    pub(crate) hours: Vec<Forcing>,
    pub(crate) origin: WeatherOrigin,
    pub(crate) notices: Vec<Notice>,
}

/// Reads or generates the weather of a base.
pub(crate) fn read(
    folder: &Folder,
    base: &Base,
    (from, to): (Date, Date),
) -> Result<Period, Failure> {
    let (weather, origin, notices) = match &base.weather {
        WeatherChoice::File { path } => {
            let (weather, notices) =
                weather::read(&folder.text(path)?, path).map_err(Failure::input)?;
            (
                weather,
                WeatherOrigin::File { name: path.clone() },
                said(&notices, path),
            )
        }
        WeatherChoice::Normals { path, seed } => {
            let (weather, notices) = generated(&folder.text(path)?, path, *seed, base)?;
            (
                weather,
                WeatherOrigin::Synthetic {
                    name: path.clone(),
                    seed: *seed,
                },
                notices,
            )
        }
    };
    let mut hours = Vec::new();
    for day in from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
    {
        hours.extend(weather.forcing(day).map_err(Failure::input)?);
    }
    Ok(Period {
        hours,
        origin,
        notices,
    })
}

fn generated(
    text: &str,
    path: &str,
    seed: u64,
    base: &Base,
) -> Result<(Weather, Vec<Notice>), Failure> {
    let site = Site {
        latitude_deg: base.site.latitude_deg,
        longitude_deg: base.site.longitude_deg,
        elevation_m: base.site.elevation_m,
        utc_offset_h: base.site.utc_offset_h,
    };
    let (normals, mut notices) = Normals::read(text, path, &site).map_err(Failure::input)?;
    let (weather, more) = generate(&normals, &site, seed).map_err(Failure::input)?;
    notices.extend(more);
    Ok((weather, said(&notices, path)))
}

fn said(notices: &[impl Message], path: &str) -> Vec<Notice> {
    notices
        .iter()
        .map(|notice| run_notice(notice, path, 1))
        .collect()
}
