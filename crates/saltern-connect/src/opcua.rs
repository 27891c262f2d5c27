//! OPC UA: our tags to others, others' tags to us, certificates.

mod certificates;
pub(crate) mod client;
mod quality;
mod server;
mod units;
mod value;

pub use certificates::{Application, Certificates};
pub use server::{
    Anonymous, Check, Folder, Kind, OpcUaServer, Point, ServerSettings, Space, WriteRefusal,
    WriteRequest,
};
