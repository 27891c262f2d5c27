//! What was measured of a pond, on which evening, and how well.

use saltern_base::model::PondId;

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
