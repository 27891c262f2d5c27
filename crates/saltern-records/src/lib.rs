//! What an operating base must not forget beside its samples: who may do what, who is here, what was ordered, what was done,
//! and the journal of alarms. One SQLite file, every change synced before it is answered.
//!
//! ```
//! use saltern_records::{NewUser, Records, Role};
//!
//! let folder = tempfile::tempdir()?;
//! let records = Records::open(&folder.path().join("records.sqlite"))?;
//! records.add_user(&NewUser {
//!     name: "lan".into(),
//!     password: "brine and patience".into(),
//!     role: Role::Operator,
//!     tenant: None,
//! }, 0)?;
//! assert!(records.check_password("lan", "brine and patience")?.is_some());
//! assert!(records.check_password("lan", "brine")?.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod analysis;
mod audit;
mod error;
mod file;
mod journal;
mod keepsake;
mod message;
mod order;
mod password;
mod people;
mod secret;
mod session;
mod token;

pub use analysis::{Decision, Judged};
pub use audit::{Act, Broken, Link};
pub use error::RecordsError;
pub use file::Records;
pub use journal::{Line, Span};
pub use message::catalogue;
pub use order::{NewOrder, Order, Standing};
pub use people::{NewUser, Role, User};
pub use secret::Secret;
pub use session::Session;
pub use token::{NewToken, Token};
