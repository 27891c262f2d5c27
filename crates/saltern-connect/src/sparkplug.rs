//! Sparkplug B (Eclipse Sparkplug 3.0.0): the payload, the host that listens to edge nodes, and an edge node of our own.

pub(crate) mod host;
pub(crate) mod payload;
