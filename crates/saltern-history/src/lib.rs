//! Where samples of tags are kept: durable before they are acknowledged, small once their period is closed, one series to read.
//!
//! ```
//! use saltern_history::{Embedded, Options, Rule};
//! use saltern_samples::{Reading, Sample};
//!
//! let folder = tempfile::tempdir()?;
//! let store = Embedded::open(folder.path(), Options::default())?;
//! let level = store.register(&[("pond3/level", Rule { resolution: Some(0.001), ..Rule::KEEP_ALL })])?[0];
//! let minute = 60_000_000;
//! let readings = (0..60).map(|i| Reading { tag: level, sample: Sample::good(i * minute, 0.4 + 1e-4 * i as f64) });
//! let accepted = store.append(readings.collect())?; // on disk when this returns
//! assert_eq!(accepted.stored, 60);
//! let hour = store.buckets(level, 0, 60 * minute, 10)?;
//! assert_eq!(hour.iter().map(|b| b.count).sum::<u64>(), 60);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod acceptance;
mod commit;
mod compact;
mod embedded;
mod error;
#[cfg(test)]
mod fuzz;
mod history;
mod journal;
mod message;
mod outbox;
mod part;
mod recent;
mod server;
mod sqlite;
mod state;
mod tally;

pub use acceptance::{Accepted, Refusal, Rule};
pub use embedded::{Embedded, Options};
pub use error::HistoryError;
pub use history::History;
pub use message::catalogue;
pub use outbox::{Message, Outbox, Waiting};
pub use server::Server;
pub use tally::Counts;
