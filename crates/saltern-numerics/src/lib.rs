//! Small dense linear algebra and linear programming for the inner loops of brine chemistry.
//!
//! Systems here have 5–40 unknowns and are solved millions of times, so everything works in place on
//! caller-owned storage: no allocation, no generic matrix type.

pub mod cholesky;
pub mod distributions;
pub mod fixed_point;
pub mod least_squares;
pub mod lu;
#[cfg(test)]
mod nist;
pub mod profile;
pub mod qr;
pub mod quantile;
pub mod random;
pub mod root;
pub mod simplex;
pub mod singular;
