//! The base folder: units, streams, state, schedule, and the book.
//!
//! Nothing here opens a file: [`folder`] reads a base from texts handed in by name.

pub mod book;
pub mod frame;
pub mod model;
