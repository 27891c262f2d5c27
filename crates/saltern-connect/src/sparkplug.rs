//! Sparkplug B (Eclipse Sparkplug 3.0.0): the payload, and the host that listens to edge nodes. Our own
//! edge node is [`forward`](crate::forward).

pub(crate) mod host;
pub(crate) mod payload;
