//! The base at work: the tags in force, the thread that every reading passes, and what the streams are told.

mod flash;
pub(crate) mod keeper;
mod live;
mod system;

pub(crate) use flash::Flash;
pub(crate) use keeper::Word;
pub use live::{Lake, PowerPlace};
pub(crate) use live::{Live, rule};
pub(crate) use system::Condition;
