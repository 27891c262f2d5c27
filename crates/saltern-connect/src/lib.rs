//! Ways to other systems. Every connection of a base is one supervised task: it runs a session of its protocol from
//! nothing, watches that the other is heard, marks gaps, and begins anew. Readings leave through one bounded inlet.

mod batch;
mod error;
mod health;
mod message;

pub use batch::{Batch, Command};
pub use error::ConnectError;
pub use health::{Health, Phase};
pub use message::catalogue;
