//! Addresses of tags in the words of the protocols, read here so that a base can be checked without speaking them.

/// What an OPC UA address may be.
pub const ACCEPTED_OPC_UA: &str = "ns=2;s=NAME, ns=2;i=NUMBER, nsu=URI;s=NAME";
/// What an MQTT address may be.
pub const ACCEPTED_MQTT: &str = "a/topic, a/topic#field.of.json, spBv1.0/GROUP/DDATA/NODE/DEVICE#METRIC, spBv1.0/GROUP/NDATA/NODE#METRIC";
/// What a Modbus address may be.
pub const ACCEPTED_MODBUS: &str = "UNIT/holding/REGISTER, UNIT/input/REGISTER, UNIT/coil/NUMBER, UNIT/discrete/NUMBER with \
UNIT 0 to 255 and REGISTER from 0 to 65535; registers may go on with :u16, :i16, :u32, :i32, :u64, :i64, :f32 or :f64, and *FACTOR";

/// A node of an OPC UA server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its namespace.
    pub namespace: Namespace,
    /// What it is called there.
    pub identifier: Identifier,
}

/// A namespace of an OPC UA server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// By its place in the server's table, which may change when the server starts again.
    Index(u16),
    /// By its name.
    Uri(String),
}

/// What a node is called (OPC 10000-6, 5.3.1.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// `i=`.
    Numeric(u32),
    /// `s=`.
    Text(String),
    /// `g=`.
    Guid(String),
    /// `b=`, in base 64.
    Opaque(String),
}

impl Node {
    /// Reads `ns=2;s=NAME`.
    pub fn read(text: &str) -> Option<Node> {
        let (namespace, rest) = match text.split_once(';') {
            Some((head, rest)) if head.starts_with("ns=") => {
                (Namespace::Index(head[3..].parse().ok()?), rest)
            }
            Some((head, rest)) if head.starts_with("nsu=") && head.len() > 4 => {
                (Namespace::Uri(head[4..].into()), rest)
            }
            _ => (Namespace::Index(0), text),
        };
        let (kind, name) = rest.split_once('=')?;
        let name = Some(name).filter(|name| !name.is_empty())?;
        let identifier = match kind {
            "i" => Identifier::Numeric(name.parse().ok()?),
            "s" => Identifier::Text(name.into()),
            "g" => Identifier::Guid(name.into()),
            "b" => Identifier::Opaque(name.into()),
            _ => return None,
        };
        Some(Node {
            namespace,
            identifier,
        })
    }
}

/// Something that a broker passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A plain topic.
    Plain {
        /// The topic, without wildcards.
        topic: String,
        /// Where the value stands in a JSON message: names of fields and places in lists; empty for a bare value.
        path: Vec<String>,
    },
    /// A metric of Sparkplug B.
    Metric {
        /// Group of the edge node.
        group: String,
        /// Edge node.
        node: String,
        /// Device behind it; `None` for the node's own metrics.
        device: Option<String>,
        /// Name of the metric.
        metric: String,
    },
}

impl Topic {
    /// Reads `a/topic#field` or `spBv1.0/GROUP/DDATA/NODE/DEVICE#METRIC`.
    pub fn read(text: &str) -> Option<Topic> {
        let (topic, rest) = match text.split_once('#') {
            Some((topic, rest)) => (topic, Some(rest)),
            None => (text, None),
        };
        let is_name = |name: &str| !name.is_empty() && !name.contains(['+', '#', '\0']);
        if !is_name(topic) || rest == Some("") {
            return None;
        }
        let Some(sparkplug) = topic.strip_prefix("spBv1.0/") else {
            let path = rest.map(|rest| rest.split('.').map(String::from).collect());
            return Some(Topic::Plain {
                topic: topic.into(),
                path: path.unwrap_or_default(),
            });
        };
        let parts: Vec<&str> = sparkplug.split('/').collect();
        let (group, node, device) = match parts[..] {
            [group, "NDATA", node] => (group, node, None),
            [group, "DDATA", node, device] => (group, node, Some(device)),
            _ => return None,
        };
        let names = [group, node, device.unwrap_or("-")];
        names.iter().all(|name| is_name(name)).then_some(())?;
        Some(Topic::Metric {
            group: group.into(),
            node: node.into(),
            device: device.map(String::from),
            metric: rest?.into(),
        })
    }
}

/// The four tables of a Modbus unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RegisterTable {
    /// Bits that may be written.
    Coil,
    /// Bits that may be read.
    Discrete,
    /// Registers that may be read.
    Input,
    /// Registers that may be written.
    Holding,
}

/// How registers make a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterType {
    /// A bit of a coil or discrete input.
    Bit,
    /// One register, 0 to 65535.
    U16,
    /// One register with a sign.
    I16,
    /// Two registers.
    U32,
    /// Two registers with a sign.
    I32,
    /// Four registers.
    U64,
    /// Four registers with a sign.
    I64,
    /// Two registers, IEEE 754.
    F32,
    /// Four registers, IEEE 754.
    F64,
}

impl RegisterType {
    /// How many registers, or bits, it takes.
    pub fn width(self) -> u16 {
        match self {
            RegisterType::Bit | RegisterType::U16 | RegisterType::I16 => 1,
            RegisterType::U32 | RegisterType::I32 | RegisterType::F32 => 2,
            RegisterType::U64 | RegisterType::I64 | RegisterType::F64 => 4,
        }
    }
}

/// A number in the registers of a Modbus unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Register {
    /// The unit behind the endpoint.
    pub unit: u8,
    /// Table.
    pub table: RegisterTable,
    /// First register, counted from 0 as on the wire.
    pub address: u16,
    /// What the registers make.
    pub kind: RegisterType,
    /// What the number is multiplied by to be in the tag's unit.
    pub factor: f64,
}

impl Register {
    /// Reads `UNIT/holding/REGISTER:f32*0.1`.
    pub fn read(text: &str) -> Option<Register> {
        let (text, factor) = match text.split_once('*') {
            Some((text, factor)) => (text, factor.trim().parse().ok()?),
            None => (text, 1.0),
        };
        let (text, kind) = match text.split_once(':') {
            Some((text, kind)) => (text, Some(kind.trim())),
            None => (text, None),
        };
        let mut parts = text.trim().split('/');
        let (unit, table, address) = (parts.next()?, parts.next()?, parts.next()?);
        let table = match table {
            "coil" => RegisterTable::Coil,
            "discrete" => RegisterTable::Discrete,
            "input" => RegisterTable::Input,
            "holding" => RegisterTable::Holding,
            _ => return None,
        };
        let is_bit = matches!(table, RegisterTable::Coil | RegisterTable::Discrete);
        let kind = match kind {
            None if is_bit => RegisterType::Bit,
            Some(_) if is_bit => return None,
            None | Some("u16") => RegisterType::U16,
            Some("i16") => RegisterType::I16,
            Some("u32") => RegisterType::U32,
            Some("i32") => RegisterType::I32,
            Some("u64") => RegisterType::U64,
            Some("i64") => RegisterType::I64,
            Some("f32") => RegisterType::F32,
            Some("f64") => RegisterType::F64,
            Some(_) => return None,
        };
        let address: u16 = address.parse().ok()?;
        address.checked_add(kind.width() - 1)?;
        let sound = parts.next().is_none() && f64::is_normal(factor);
        sound.then_some(Register {
            unit: unit.parse().ok()?,
            table,
            address,
            kind,
            factor,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_and_others_are_not() {
        let node = Node::read("ns=2;s=n0.level").expect("a node");
        assert_eq!(node.namespace, Namespace::Index(2));
        assert_eq!(node.identifier, Identifier::Text("n0.level".into()));
        let node = Node::read("nsu=urn:x;i=7").expect("a node");
        assert_eq!(node.namespace, Namespace::Uri("urn:x".into()));
        assert_eq!(
            Node::read("i=85").map(|n| n.namespace),
            Some(Namespace::Index(0))
        );
        for wrong in [
            "", "n0.level", "ns=x;s=a", "ns=2;s=", "ns=2;i=a", "ns=2;q=a",
        ] {
            assert_eq!(Node::read(wrong), None, "{wrong}");
        }

        let plain = Topic::read("plant/a#data.0.value");
        let path = ["data", "0", "value"].map(String::from).to_vec();
        let topic = "plant/a".to_string();
        assert_eq!(plain, Some(Topic::Plain { topic, path }));
        let metric = Topic::read("spBv1.0/g/DDATA/n/d#Pumps/P1 on");
        assert!(
            matches!(metric, Some(Topic::Metric { device: Some(d), metric, .. }) if d == "d" && metric == "Pumps/P1 on")
        );
        for wrong in [
            "",
            "a/+",
            "a#",
            "spBv1.0/g/DDATA/n/d",
            "spBv1.0/g/NDATA/n/d#m",
            "spBv1.0/g/DBIRTH/n/d#m",
        ] {
            assert_eq!(Topic::read(wrong), None, "{wrong}");
        }

        let register = Register::read("1/holding/100:f32*0.1").expect("a register");
        assert_eq!((register.unit, register.address), (1, 100));
        assert_eq!((register.kind, register.factor), (RegisterType::F32, 0.1));
        assert_eq!(
            Register::read("1/coil/3").map(|r| r.kind),
            Some(RegisterType::Bit)
        );
        for wrong in [
            "",
            "1/holding",
            "256/holding/1",
            "1/holding/65536",
            "1/holding/65535:f32",
            "1/coil/1:u16",
            "1/holding/1:f16",
            "1/holding/1*0",
            "1/holding/1*",
            "1/holding/1/2",
            "plants/1/holding/1",
        ] {
            assert_eq!(Register::read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "[a-zA-Z0-9=;/#:*.+ -]{0,30}|\\PC{0,20}") {
            let _ = (Node::read(&text), Topic::read(&text), Register::read(&text));
        }
    }
}
