//! What a plan needs of the outside beyond its profiles: the weather.

use saltern_base::energy::{Energy, Pue};
use saltern_plan::dispatch::Outside;
use saltern_run::WeatherOrigin;

use super::failure::PlanFailure;
use crate::failure::Failure;
use crate::simulate::Folder;

/// Outdoor temperatures, where a hall's PUE hangs on them, and where they are from.
pub(super) fn read(_folder: &Folder, energy: &Energy) -> Result<(Outside, WeatherOrigin), Failure> {
    let hall = energy
        .halls
        .iter()
        .find(|hall| matches!(hall.pue, Pue::ByTemperature(_)));
    if let Some(hall) = hall {
        return Err(PlanFailure::NoTemperature {
            hall: hall.who.id.clone(),
        }
        .into());
    }
    Ok((Outside::default(), WeatherOrigin::None))
}
