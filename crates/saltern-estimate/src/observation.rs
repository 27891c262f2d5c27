//! What was measured of a pond, on which evening, and how well.

use crate::error::EstimateError;
use saltern_base::model::{Base, PondId};

/// What an observation is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// Level of the brine above the bare floor, m.
    Level,
    /// Density, kg/m³.
    Density,
    /// Content of an element, kg/m³ (g/L).
    Content(String),
}

/// A measured value. Levels change by millimetres a day, so an observation is of an evening: that of the day on which it was
/// taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The pond.
    pub pond: PondId,
    /// Evening of this day, counted from 0 on the first day of the window.
    pub day: u32,
    /// What.
    pub quantity: Quantity,
    /// The value.
    pub value: f64,
    /// Its standard deviation, in the unit of the value.
    pub sigma: f64,
}

/// Whether observations can be of so many days of a base.
pub(crate) fn check(
    base: &Base,
    days: u32,
    observations: &[Observation],
) -> Result<(), EstimateError> {
    for o in observations {
        let Some(pond) = base.ponds.get(o.pond).filter(|_| o.day < days) else {
            return Err(EstimateError::Outside {
                pond: o.pond,
                day: o.day,
                days,
            });
        };
        let content = matches!(o.quantity, Quantity::Content(_));
        let usable = o.value.is_finite() && (o.value > 0.0 || !content);
        if !usable || !o.sigma.is_finite() || o.sigma <= 0.0 {
            return Err(EstimateError::BadValue {
                pond: pond.id.clone(),
                day: o.day,
                value: o.value,
                sigma: o.sigma,
            });
        }
    }
    Ok(())
}
