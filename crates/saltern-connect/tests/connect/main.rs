//! Connections against peers that no one here wrote, on this machine alone.

mod modbus;
mod opcua;
mod peer;
