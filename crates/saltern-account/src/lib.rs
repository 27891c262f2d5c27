//! Accounts of a book: where every tonne, cubic metre, kilowatt-hour and kilogram of CO₂ went, and how good that was.
//!
//! Pure functions: of a [`statement::Statement`] (a book summed over a period), of tables handed in as texts, and of
//! what is measured. Nothing here opens a file, reads a clock or knows who wrote the book.
//!
//! - [`mod@reconcile`]: measured flows made to close, with tests for gross errors, and what each meter can see.
//! - [`statement`]: the book of a period as flows; [`recovery`], [`sankey`] and [`grades`] read it.
//! - [`indicators`]: definitions kept in tables, evaluated over a statement.
//! - [`carbon`]: life-cycle inventories, emission factors and footprints.
//! - [`periods`]: closed periods, and restatements that keep the old figure and the reason.

pub mod carbon;
pub mod error;
pub mod expression;
pub mod grades;
pub mod indicators;
pub mod measure;
mod message;
pub mod periods;
pub mod reconcile;
pub mod recovery;
pub mod sankey;
pub mod statement;

pub use error::AccountError;
pub use message::catalogue;
pub use saltern_units::Lang;
