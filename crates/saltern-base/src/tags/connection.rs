//! The ways to other systems, as `connections.csv` names them.

use crate::energy::Identity;

/// A protocol that connections speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OPC UA, we are the client.
    OpcUa,
    /// MQTT, plain topics and Sparkplug B; we subscribe.
    Mqtt,
    /// Modbus TCP, we ask.
    Modbus,
    /// Files dropped into a folder.
    File,
    /// MQTT again, but we are a Sparkplug B edge node and tell of our tags.
    Forward,
}

impl Protocol {
    /// All, with their words in tables.
    pub const ALL: [(Protocol, &'static str); 5] = [
        (Protocol::OpcUa, "opcua"),
        (Protocol::Mqtt, "mqtt"),
        (Protocol::Modbus, "modbus"),
        (Protocol::File, "file"),
        (Protocol::Forward, "forward"),
    ];

    /// Its word in tables.
    pub fn name(self) -> &'static str {
        let found = Protocol::ALL.iter().find(|(protocol, _)| *protocol == self);
        found.map_or("file", |(_, name)| name)
    }
}

/// Order of the 16-bit registers of a number that takes several, after Modbus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WordOrder {
    /// The upper register first.
    #[default]
    UpperFirst,
    /// The lower register first.
    LowerFirst,
}

/// A way to another system.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Who it is.
    pub who: Identity,
    /// What it speaks.
    pub protocol: Protocol,
    /// Where the other is: `opc.tcp://host:port/path`, `mqtt://host:port`, `mqtts://host:port`, `host:port`, or a folder.
    pub endpoint: String,
    /// How messages are protected, in the protocol's own words; `None` for its usual way.
    pub security: Option<String>,
    /// Who we say we are; `None` for no one.
    pub user: Option<String>,
    /// The environment variable that holds the password. Secrets are never in the folder.
    pub secret: Option<String>,
    /// Order of registers.
    pub word_order: WordOrder,
    /// How long one answer may take, s.
    pub timeout_s: f64,
    /// How long the other may say nothing before it counts as lost, s.
    pub silence_s: f64,
}
