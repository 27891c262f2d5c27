//! Ways to other systems. Every connection of a base is one supervised task: it runs a session of its protocol from
//! nothing, watches that the other is heard, marks gaps, and begins anew. Readings leave through one bounded inlet.

mod asked;
mod batch;
mod connections;
#[cfg(test)]
mod damage;
mod error;
mod files;
mod forward;
mod health;
mod line;
mod message;
mod modbus;
mod mqtt;
pub mod opcua;
mod reason;
mod sparkplug;
#[cfg(test)]
mod stage;
mod supervisor;
mod treatment;

pub use asked::{Accepted, Asked};
pub use batch::{Batch, Command};
pub use connections::{Connections, Settings, start};
pub use error::ConnectError;
pub use files::Workbook;
pub use health::{Health, Phase};
pub use line::Clock;
pub use message::catalogue;
pub use modbus::ModbusServer;
pub use mqtt::broker::Broker;
pub use reason::{Malformed, Reason};
