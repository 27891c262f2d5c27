//! Weather, sun geometry, and the energy balance of a brine surface.
//!
//! ```text
//! text of a file ──► weather::read ──┐
//! normals + seed ──► generator ──────┴─► Weather ──► Forcing (one an hour, shared by all cells)
//!                                                        │
//!                        albedo, heat capacity, a_w ──► Surface::step ──► evaporation, temperature, fluxes
//!
//! Weather ──► resource::intervals ──► photovoltaic, wind, solar field, cooling: profiles per unit of nominal
//! ```
//!
//! Pure: no file is opened, no clock read, nothing printed. Chemistry enters only as the water
//! activity, a number between 0 and 1. Every physical coefficient lives in [`coefficients`] with its
//! unit, source and grade.
//!
//! ```
//! use saltern_climate::{air, Forcing, Hour, Surface};
//! let noon = Hour {
//!     air_temperature_k: 291.65,
//!     vapour_pressure_pa: 0.35 * air::saturation_vapour_pressure_pa(291.65),
//!     wind_m_s: 4.2,
//!     global_w_m2: 290.0,
//!     pressure_pa: 73_000.0,
//!     rain_m_s: 0.0,
//!     long_wave_down_w_m2: None,
//!     diffuse_w_m2: None,
//!     direct_normal_w_m2: None,
//! };
//! let forcing = Forcing::new(&noon, 2.0);
//! let fresh = Surface::default().steady(&forcing, 1.0, 0.0);
//! let brine = Surface::default().steady(&forcing, 0.75, 0.0);
//! assert!((brine.evaporation_kg_m2_s / fresh.evaporation_kg_m2_s - 0.81).abs() < 0.01);
//! ```

pub mod air;
pub mod coefficients;
pub mod forcing;
pub mod generator;
pub mod penman;
pub mod resource;
pub mod sun;
pub mod surface;
pub mod weather;

pub use forcing::Forcing;
pub use surface::{Fluxes, Surface, SurfaceStep};
pub use weather::{Hour, Notice, Site, Weather, WeatherError};
