//! What the weather has to give: power and heat per unit of nominal, and what it asks of cooling.
//!
//! ```text
//! Weather, Site, period, step ──► intervals ──┬─► Photovoltaic::profile   power over nominal, 0..1
//!                                             ├─► Wind::profile           power over nominal, 0..1
//!                                             ├─► SolarField::profile     heat over nominal, 0..1
//!                                             └─► Cooling::profile        PUE, from 1 on
//! ```
//!
//! A planner calls [`intervals`] once for a period (steps of 3600 or 900 s) and hands the same slice to
//! each resource's `profile`, which checks the settings and answers one number an interval. For single
//! intervals there are [`Photovoltaic::power`], [`Wind::power`], [`SolarField::heat`] and
//! [`Cooling::pue`]. Nothing here reads a file or a clock; series of weather in, series of numbers out.
//!
//! Shading by hills, snow on modules, icing of blades and wakes are not modelled: they are part of the
//! losses that a user states.
//!
//! ```
//! use saltern_climate::resource::{Interval, Mounting, Photovoltaic};
//! use saltern_climate::sun::Direction;
//! let noon = Interval {
//!     sun: Some(Direction::from_elevation_and_azimuth(55.0, 180.0)),
//!     global_w_m2: 850.0,
//!     diffuse_w_m2: 90.0,
//!     direct_normal_w_m2: 928.0,
//!     extraterrestrial_normal_w_m2: 1360.0,
//!     air_temperature_k: 283.15,
//!     vapour_pressure_pa: 400.0,
//!     pressure_pa: 72_500.0,
//!     wind_m_s: 4.0,
//!     wind_height_m: 10.0,
//! };
//! let south = Mounting::Fixed { tilt_deg: 35.0, azimuth_deg: 180.0 };
//! let power = Photovoltaic::new(south).profile(&[noon])?;
//! assert!(power[0] > 0.9);
//! # Ok::<(), saltern_climate::resource::ResourceError>(())
//! ```

mod cell;
mod cooling;
mod curve;
mod error;
#[cfg(test)]
mod fixture;
mod interval;
mod mounting;
mod photovoltaic;
mod plane;
mod solar_field;
mod split;
mod wind;

pub use cell::CellTemperature;
pub use cooling::{Cooling, Thermometer};
pub use error::ResourceError;
pub use interval::{Interval, intervals};
pub use mounting::Mounting;
pub use photovoltaic::Photovoltaic;
pub use plane::{InPlane, Sky, in_plane};
pub use solar_field::{FieldEfficiency, Optics, SolarField};
pub use split::diffuse_share;
pub use wind::{Control, PowerCurve, Shear, Wind};
