//! Pilot data to model: settings of units fitted to test runs, with what they are worth.
//!
//! ```text
//! measurements, runs, parameters ──► Pilot ──► Model ──► fit ──► Fit ──► profile, identifiability, agreement
//!          (tables)                    ▲         │ one flowsheet a run, solved at every trial      │
//!            reconciled elsewhere ─────┘         └──────────► bands of measures, the next assay ◄──┘
//! ```
//!
//! **Least squares.** Σ ((model − measured)/σ)² over all measurements, with a term ((x − prior)/σ)² for each prior, is
//! minimised within bounds (`saltern_numerics::least_squares`). A setting that a run states with a standard deviation (a
//! feed rate, an ore's carnallite) is an unknown of that run with what was measured as its prior: its error widens the
//! intervals instead of passing for knowledge.
//!
//! **Reconcile first.** A flowsheet closes, so its predictions lie on the balances. Reconciled values ŷ are the point of
//! the balances nearest to the measured y in the metric of σ; where balances are linear, y − ŷ is at right angles to them
//! and so
//!
//! ```text
//! Σ ((f − y)/σ)² = Σ ((ŷ − y)/σ)² + Σ ((f − ŷ)/σ)²
//! ```
//!
//! The first term is what the measurements disagree among themselves, with the degrees of freedom of the
//! reconciliation; the second is all the model can answer for. Fitting to ŷ with the σ of the measurements thus gives the
//! same estimates and covariance as fitting to y, and a lack of fit that no bad meter can hide in (flows times shares are
//! bilinear: to first order the same).
//!
//! **Intervals** are estimate ± t·se with se² from s² (JᵀJ)⁻¹, s² the reduced sum of squares
//! ([`regression::Errors::Scaled`]), or with the standard deviations as stated ([`regression::Errors::Stated`]). Where the
//! model bends, the profile is the one to believe.

pub mod agreement;
pub mod bands;
pub mod data;
pub mod error;
pub mod identifiability;
pub mod model;
pub mod next;
pub mod parameters;
pub mod plot;
pub mod regression;
pub mod secant;
pub mod study;
pub mod tables;

pub use error::FitError;
