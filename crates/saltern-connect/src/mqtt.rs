//! MQTT: plain topics and the host of Sparkplug B.

pub(crate) mod broker;
pub(crate) mod packet;
mod plain;
mod session;
pub(crate) mod wire;

pub(crate) use session::{Plan, client, session};
