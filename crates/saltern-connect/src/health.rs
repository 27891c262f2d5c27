//! What is known of a connection.

use saltern_units::Lang;

use crate::error::ConnectError;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A session is being made; nothing was heard in it yet.
    Connecting,
    /// The other is heard.
    Live,
    /// The last session failed; the next begins after a while.
    Waiting,
    /// It was told to stop.
    Stopped,
}

impl Phase {
    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Phase::Connecting => lang.pick("connecting", "连接中"),
            Phase::Live => lang.pick("live", "在线"),
            Phase::Waiting => lang.pick("waiting to try again", "等待重试"),
            Phase::Stopped => lang.pick("stopped", "已停止"),
        }
    }
}

/// What a supervisor knows of its connection. Counts are since the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
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
    /// What ended the last session, or is wrong within this one; `None` once all is well.
    pub trouble: Option<ConnectError>,
}
