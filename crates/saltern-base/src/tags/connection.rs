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

    /// What an endpoint of it looks like.
    pub fn endpoints(self) -> &'static str {
        match self {
            Protocol::OpcUa => "opc.tcp://HOST:PORT/PATH",
            Protocol::Mqtt => "mqtt://HOST:PORT, mqtts://HOST:PORT",
            Protocol::Modbus => "HOST:PORT",
            Protocol::File => "a folder",
            Protocol::Forward => "mqtt://HOST:PORT/GROUP/NODE, mqtts://HOST:PORT/GROUP/NODE",
        }
    }

    /// Whether an endpoint is one of it.
    pub fn is_endpoint(self, endpoint: &str) -> bool {
        match self {
            Protocol::OpcUa => {
                let rest = endpoint.strip_prefix("opc.tcp://");
                let host = rest.and_then(|rest| rest.split('/').next());
                host.is_some_and(|host| !host.is_empty())
            }
            Protocol::Mqtt => Broker::read(endpoint).is_some_and(|broker| broker.path.is_empty()),
            Protocol::Modbus => host_and_port(endpoint, 502).is_some(),
            Protocol::File => !endpoint.is_empty(),
            Protocol::Forward => {
                Broker::read(endpoint).is_some_and(|broker| broker.path.len() == 2)
            }
        }
    }
}

/// Where an MQTT broker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Whether it is spoken to through TLS.
    pub tls: bool,
    /// Its name or address.
    pub host: String,
    /// Its port; 1883, or 8883 with TLS, where none is given.
    pub port: u16,
    /// What follows: group and node of an edge node.
    pub path: Vec<String>,
}

impl Broker {
    /// Reads `mqtt://HOST:PORT/PATH`.
    pub fn read(endpoint: &str) -> Option<Broker> {
        let (scheme, rest) = endpoint.split_once("://")?;
        let (tls, usual) = match scheme {
            "mqtt" => (false, 1883),
            "mqtts" => (true, 8883),
            _ => return None,
        };
        let mut parts = rest.trim_end_matches('/').split('/');
        let (host, port) = host_and_port(parts.next()?, usual)?;
        let path: Vec<String> = parts.map(String::from).collect();
        let named = |part: &String| !part.is_empty() && !part.contains(['+', '#']);
        path.iter().all(named).then_some(Broker {
            tls,
            host,
            port,
            path,
        })
    }
}

/// Reads `HOST:PORT`, also `[IPv6]:PORT`; the usual port where none is given.
pub fn host_and_port(text: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = match text.rsplit_once(':') {
        // A colon within brackets belongs to the address.
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
        _ => (text, usual),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let sound = !host.is_empty() && !host.contains(['/', ' ']) && port > 0;
    sound.then(|| (host.to_string(), port))
}

/// Order of the 16-bit registers of a number that takes several.
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
    /// Version of MQTT, `5` or `3.1.1`.
    pub version: &'static str,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_those_of_their_protocol() {
        for (protocol, right, wrong) in [
            (Protocol::OpcUa, "opc.tcp://127.0.0.1:48400/", "opc.tcp:///"),
            (Protocol::Mqtt, "mqtts://[::1]:8883", "http://a"),
            (Protocol::Modbus, "10.0.0.1", "a:b"),
            (Protocol::File, "drop", ""),
            (Protocol::Forward, "mqtt://up/group/node", "mqtt://up/group"),
        ] {
            assert!(protocol.is_endpoint(right), "{right}");
            assert!(!protocol.is_endpoint(wrong), "{wrong}");
        }
        assert_eq!(host_and_port("[::1]", 502), Some(("::1".into(), 502)));
        assert_eq!(
            Broker::read("mqtts://b").map(|broker| broker.port),
            Some(8883)
        );
    }
}
