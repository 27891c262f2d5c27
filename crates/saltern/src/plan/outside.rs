//! What a plan needs of the outside beyond its profiles: what sun and wind give, and how warm it is.

use saltern_base::energy::{Energy, Generator, GeneratorKind, Pue};
use saltern_climate::resource::{
    self, Interval, Mounting, Optics, Photovoltaic, PowerCurve, ResourceError, SolarField, Wind,
};
use saltern_plan::dispatch::Outside;
use saltern_run::WeatherOrigin;

use super::failure::PlanFailure;
use crate::failure::Failure;
use crate::simulate::Folder;
use crate::simulate::weather;

/// Furthest that a tracker turns, deg; usual, assumed.
const ROTATION_MAX_DEG: f64 = 60.0;

/// Available power of generators without a profile and outdoor temperatures, and where the weather is from.
pub(crate) fn read(folder: &Folder, energy: &Energy) -> Result<(Outside, WeatherOrigin), Failure> {
    let asks = |g: &&Generator| g.profile.is_none() && g.kind.is_of_weather();
    let by_temperature = energy
        .halls
        .iter()
        .find(|hall| matches!(hall.pue, Pue::ByTemperature(_)));
    if by_temperature.is_none() && !energy.generators.iter().any(|g| asks(&g)) {
        return Ok((Outside::default(), WeatherOrigin::None));
    }
    let Some(choice) = &energy.weather else {
        let hall = by_temperature.map_or_else(String::new, |hall| hall.who.id.clone());
        return Err(PlanFailure::NoTemperature { hall }.into());
    };
    let (weather, origin, _) = weather::chosen(folder, choice, &energy.site)?;
    let weather = weather.on_clock(energy.site.utc_offset_h);
    let window = energy.window;
    let last = window.moment(window.steps - 1).date();
    let site = weather::climate_site(&energy.site);
    let intervals = resource::intervals(
        &weather,
        &site,
        window.start.date(),
        last,
        window.step_min * 60,
    )
    .map_err(Failure::input)?;
    let available = energy.generators.iter().map(|generator| {
        asks(&generator)
            .then(|| profile(generator, energy.site.latitude_deg, &intervals))
            .transpose()
    });
    let available: Result<_, ResourceError> = available.collect();
    Ok((
        Outside {
            temperature_k: intervals.iter().map(|i| i.air_temperature_k).collect(),
            available: available.map_err(Failure::input)?,
        },
        origin,
    ))
}

/// Available power as a share of the capacity.
fn profile(
    generator: &Generator,
    latitude_deg: f64,
    intervals: &[Interval],
) -> Result<Vec<f64>, ResourceError> {
    let mounting = generator.mounting;
    match generator.kind {
        GeneratorKind::Wind => {
            Wind::new(PowerCurve::generic_assumed(), mounting.hub_height_m).profile(intervals)
        }
        GeneratorKind::SolarField => SolarField::new(Optics::sam_tower()).profile(intervals),
        _ => {
            let equator_deg = if latitude_deg < 0.0 { 0.0 } else { 180.0 };
            let stands = if mounting.tracking {
                Mounting::Tracking {
                    axis_azimuth_deg: 180.0,
                    rotation_max_deg: ROTATION_MAX_DEG,
                    ground_cover: None,
                }
            } else {
                Mounting::Fixed {
                    tilt_deg: mounting.tilt_deg.unwrap_or(latitude_deg.abs()),
                    azimuth_deg: mounting.azimuth_deg.unwrap_or(equator_deg),
                }
            };
            Photovoltaic::new(stands).profile(intervals)
        }
    }
}
