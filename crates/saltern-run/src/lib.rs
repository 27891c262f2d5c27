//! The run folder: everything that leaves the program as a file.
//!
//! A run is a base, its meta data, a book, series and notices ([`RunContents`]). It is written whole
//! or not at all ([`folder::write`]), read back ([`folder::read`]), exported to spreadsheets
//! ([`export`]), set beside other runs ([`compare`]) and told as a page ([`report`]).
//!
//! ```text
//! RUN/
//!   run.json                 what was run, from which inputs, and how well it closed
//!   base.json                the base as far as the report draws it: ponds, outlines, links, labels
//!   notices.json             warnings with their code and text
//!   book/nodes.parquet       nodes of the book
//!   book/streams.parquet     streams between them
//!   book/postings.parquet    one row a stream and day; one column an element or mineral
//!   book/stocks.parquet      opening, month-end and closing stocks
//!   book/substances.parquet  molar mass of each element and mineral
//!   plan.json                a plan's status, costs and units, see [`plan`]; only for plans
//!   schedule.csv             what a plan says to do, step by step; only for plans
//!   forecast.csv, scores.csv what was forecast, and how good it was, see [`forecast`]; only for forecasts
//!   scenarios.csv, decisions.csv what may come, and what is decided for all of it, see [`scenarios`]; only where asked
//!   expansion.csv            what is built in which stage, see [`expansion`]; only for plans of expansion
//!   series/NAME.parquet      the frames handed in, see [`columns`]
//!   tables/NAME.csv          tables of the base that accounts read, see [`accounts::TABLES`]
//!   report.html
//! ```
//! The names and units of the columns that the report reads are in [`columns`], and nowhere else.

pub mod accounts;
pub mod book_frames;
mod columnar;
pub mod columns;
pub mod compare;
pub mod contents;
pub mod digest;
pub mod error;
pub mod expansion;
pub mod export;
pub mod figures;
pub mod folder;
pub mod forecast;
pub mod plan;
pub mod report;
pub mod scenarios;
pub mod spreadsheet;
mod table;

pub use contents::{Notice, RunContents, RunMeta, WeatherOrigin};
pub use error::RunError;
