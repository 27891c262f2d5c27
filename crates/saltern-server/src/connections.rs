//! What the server asks of connections to other systems. It doesn't know protocols.

use saltern_samples::TagId;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A session is being made.
    Connecting,
    /// The other is heard.
    Live,
    /// The last session failed; the next begins after a while.
    Waiting,
    /// It was told to stop.
    Stopped,
}

impl Phase {
    /// Its number, as the tag of a connection has it.
    pub(crate) fn number(self) -> u8 {
        match self {
            Phase::Connecting => 0,
            Phase::Live => 1,
            Phase::Waiting => 2,
            Phase::Stopped => 3,
        }
    }
}

/// How a connection does. Counts are since the start.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Health {
    /// Id of the connection.
    pub id: String,
    /// Where it stands.
    pub phase: Phase,
    /// Since when, µs since 1970.
    pub since_us: i64,
    /// When the other was last heard, µs since 1970.
    pub last_heard_us: Option<i64>,
    /// Sessions that were begun.
    pub attempts: u64,
    /// Sessions that became live after one had been lost.
    pub reconnects: u64,
    /// Readings that were handed on.
    pub readings: u64,
    /// Values and messages that could not be used.
    pub refused: u64,
    /// Outages that were marked as gaps.
    pub gaps: u64,
    /// What is wrong.
    pub trouble: Option<Problem>,
}

/// What becomes of a write.
pub type Written<'c> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'c>>;

/// Connections of a base: real ones, those of a simulated plant, or none.
pub trait Connections: Send + Sync {
    /// How each does, in the order of the base.
    fn health(&self) -> Vec<Health>;
    /// Writes a value, in the tag's unit, to the plant.
    fn write(&self, tag: TagId, value: f64) -> Option<Written<'_>>;
    /// Messages for others that were dropped.
    fn dropped(&self) -> u64;
}

/// No connections: values come over HTTP alone.
pub struct Alone;

impl Connections for Alone {
    fn health(&self) -> Vec<Health> {
        Vec::new()
    }

    fn write(&self, _tag: TagId, _value: f64) -> Option<Written<'_>> {
        None
    }

    fn dropped(&self) -> u64 {
        0
    }
}
