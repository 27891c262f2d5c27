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
    let (weather, origin, notices) = chosen(folder, &base.weather, &base.site)?;
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

/// The weather that a base chooses, where it is from, and what there is to say about it.
pub(crate) fn chosen(
    folder: &Folder,
    choice: &WeatherChoice,
    site: &saltern_base::model::Site,
) -> Result<(Weather, WeatherOrigin, Vec<Notice>), Failure> {
    Ok(match choice {
        WeatherChoice::File { path } => {
            let (weather, notices) = measured(folder, path)?;
            let origin = WeatherOrigin::File { name: path.clone() };
            (weather, origin, notices)
        }
        WeatherChoice::Normals { path, seed } => {
            let (weather, notices) =
                generated(&folder.text(path)?, path, *seed, &climate_site(site))?;
            (
                weather,
                WeatherOrigin::Synthetic {
                    name: path.clone(),
                    seed: *seed,
                },
                notices,
            )
        }
    })
}

/// The site of a base as the climate knows it.
pub(crate) fn climate_site(site: &saltern_base::model::Site) -> Site {
    Site {
        latitude_deg: site.latitude_deg,
        longitude_deg: site.longitude_deg,
        elevation_m: site.elevation_m,
        utc_offset_h: site.utc_offset_h,
    }
}

/// Weather of a file, and what there is to say about it.
pub(super) fn measured(folder: &Folder, path: &str) -> Result<(Weather, Vec<Notice>), Failure> {
    let (weather, notices) = weather::read(&folder.text(path)?, path).map_err(Failure::input)?;
    Ok((weather, said(&notices, path)))
}

/// A year of weather from the text of normals, and what there is to say about it.
pub(super) fn generated(
    text: &str,
    path: &str,
    seed: u64,
    site: &Site,
) -> Result<(Weather, Vec<Notice>), Failure> {
    let (normals, mut notices) = Normals::read(text, path, site).map_err(Failure::input)?;
    let (weather, more) = generate(&normals, site, seed).map_err(Failure::input)?;
    notices.extend(more);
    Ok((weather, said(&notices, path)))
}

fn said(notices: &[impl Message], path: &str) -> Vec<Notice> {
    notices
        .iter()
        .map(|notice| run_notice(notice, path, 1))
        .collect()
}
