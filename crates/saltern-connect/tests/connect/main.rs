//! Connections against peers that no one here wrote, on this machine alone.

mod files;
mod forward;
mod modbus;
mod mqtt;
mod opcua;
mod peer;
