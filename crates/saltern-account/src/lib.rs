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
//! - [`frames`]: all of it as tables with units in their headers.
//!
//! A heat exchanger with a bypass (Narasimhan & Jordache 2000): six flow meters, four balances.
//!
//! ```
//! use saltern_account::reconcile::tables::{Network, Texts};
//! use saltern_account::reconcile::{Settings, reconcile};
//!
//! let streams = "id,from,to,flow [t/h],flow_sigma [t/h]\n\
//!     feed,,split,101.91,1\n\
//!     hot,split,exchanger,64.45,1\n\
//!     bypass,split,valve,34.65,1\n\
//!     heated,exchanger,mixer,64.20,1\n\
//!     cold,valve,mixer,36.44,1\n\
//!     out,mixer,,98.88,1\n";
//! let network = Network::read(&Texts { streams: ("streams.csv", streams), ..Texts::default() })?;
//! let result = reconcile(&network.problem, &Settings::default())?;
//! assert!((result.estimates[0].value.unwrap_or_default() - 100.22).abs() < 1e-9);
//! assert!(result.global.passes()); // J 6.41, four degrees of freedom, limit 9.49
//! # Ok::<(), saltern_account::AccountError>(())
//! ```

pub mod carbon;
pub mod error;
pub mod frames;
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
