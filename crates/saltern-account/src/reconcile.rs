//! Reconciliation: measured quantities moved as little as their standard deviations allow, so that every balance holds.
//!
//! ```text
//! minimise Σ ((x̂ − x)/σ)²   subject to   g(x̂, u) = 0
//! ```
//! x measured, u unmeasured, constants held. Constraints are sums of products of at most two quantities (flow balances,
//! component balances, transfer coefficients) or written equations. Each step linearises them, takes the unmeasured
//! quantities out by an orthogonal transformation (Crowe, García Campos & Hrymak 1983, AIChE J. 29, 881; by QR as Sánchez
//! & Romagnoli 1996, Comput. Chem. Eng. 20, S449) and projects the measurements onto what is left. The projection gives
//! the covariance, what is redundant, and every test without further work.
//!
//! Start at [`Problem`] and [`reconcile`]; people's tables become problems in [`tables`]; [`gross`] takes wrong meters
//! out; [`book`] makes a book of the result.

pub mod book;
pub mod gross;
mod linear;
pub mod loss;
pub mod notice;
mod problem;
mod reconciliation;
mod solve;
pub mod tables;

pub use loss::Loss;
pub use problem::{Constraint, Knowledge, Problem, Product, Quantity, Relation};
pub use reconciliation::{Class, Estimate, GlobalTest, LeakTest, Reconciliation};
pub use solve::{Settings, reconcile};
