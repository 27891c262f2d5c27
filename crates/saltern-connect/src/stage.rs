//! A base and a line without a supervisor, for tests of what a session makes of what it hears.

use std::io::Cursor;
use std::sync::Arc;

use saltern_base::tags::{Tags, read};
use tokio::io::{Join, Sink, join, sink};
use tokio::sync::mpsc;

use crate::batch::{Batch, Command};
use crate::line::{Line, Shared};
use crate::mqtt::packet::{Packet, Version, encode};
use crate::treatment::Slot;

/// The live side of a base of one site `a`.
pub(crate) fn live(connections: &str, tags: &str) -> Tags {
    let files = [
        ("assets.csv", "id,level\na,site\n"),
        ("connections.csv", connections),
        ("tags.csv", tags),
    ];
    let text = |name: &str| {
        let found = files.iter().find(|(file, _)| *file == name);
        found.map(|(_, text)| text.to_string())
    };
    read(&text).expect("a good base")
}

/// All tags of a base, whatever brings them.
pub(crate) fn slots(live: &Tags) -> Arc<[Slot]> {
    let tags = live.tags.iter().enumerate();
    tags.map(|(row, tag)| Slot::new(row, tag)).collect()
}

/// A line and its other end, with the clock at noon of a day in 2026.
pub(crate) struct Stage {
    pub(crate) line: Line,
    /// What was handed on.
    pub(crate) outlet: mpsc::Receiver<Batch>,
    /// As long as this lives the connection is not told to stop.
    pub(crate) _commands: mpsc::Sender<Command>,
}

impl Stage {
    pub(crate) fn of(slots: &Arc<[Slot]>) -> Stage {
        let noon = Arc::new(|| 1_795_262_400_000_000);
        let shared = Arc::new(Shared::new(0, slots.clone(), noon, 60_000_000));
        let (inlet, outlet) = mpsc::channel(1000);
        let (commands, receiver) = mpsc::channel(1);
        Stage {
            line: shared.line(&inlet, receiver),
            outlet,
            _commands: commands,
        }
    }
}

/// Another that says what it has to say whatever it is told, and then is gone.
pub(crate) fn monologue(words: &[u8]) -> Join<Cursor<Vec<u8>>, Sink> {
    join(Cursor::new(words.to_vec()), sink())
}

/// Packets on their way.
pub(crate) fn said(packets: &[Packet], version: Version) -> Vec<u8> {
    let bytes = |packet| {
        let mut bytes = Vec::new();
        encode(packet, version, &mut bytes);
        bytes
    };
    packets.iter().flat_map(bytes).collect()
}

/// What sessions run in where they are alone.
pub(crate) fn alone() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}
