//! The base folder: units, streams, state, schedule, and the book.
//!
//! Nothing here opens a file: [`folder`] reads a base from texts handed in by name. What may stand
//! in the files, in which unit and with which default is one table, [`attributes`].

pub mod attributes;
pub mod book;
pub mod chemistry;
mod document;
pub mod energy;
pub mod error;
pub mod folder;
pub mod frame;
pub mod glossary;
mod ids;
pub mod message;
pub mod model;
pub mod notice;
pub mod plant;
pub mod production;
pub mod schedule;
mod sheet;
pub mod state;
pub mod tags;

pub use error::BaseError;
pub use notice::Notice;
pub use saltern_units::Lang;
