//! Why something failed: what the system or the other says, as it says it, or what we find, in both languages.

use saltern_base::model::Label;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};

use crate::message::catalogue;

/// Why.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The words of the system, of the other, or of a standard.
    Said(String),
    /// What a reader of files finds, in both languages.
    Found(Label),
    /// `connect.reason.closed`: the other closed the connection.
    Closed,
    /// `connect.reason.no_connect`: a client of our broker did not begin with CONNECT.
    NoConnect,
    /// `connect.reason.no_connack`: a broker did not answer CONNECT.
    NoConnAck,
    /// `connect.reason.packet_…`: a packet breaks the rules of MQTT.
    Packet(Malformed),
    /// `connect.reason.broker_…`: a broker does not let us in (3.1.1, table 3.1; 5.0, table 3.1).
    Broker {
        /// Its code.
        code: u8,
    },
    /// `connect.reason.ended`: a broker ends the session.
    Ended {
        /// Its code.
        code: u8,
    },
    /// `connect.reason.not_taken`: a broker does not take what we tell.
    NotTaken {
        /// Its code.
        code: u8,
    },
    /// `connect.reason.not_subscribed`: a broker does not let us hear a topic.
    NotSubscribed,
    /// `connect.reason.not_sparkplug`: a message that is no payload of Sparkplug B.
    NotSparkplug,
    /// `connect.reason.plain_topic`: a write to a topic that is only listened to.
    PlainTopic,
    /// `connect.reason.only_read`: a write to a file.
    OnlyRead,
    /// `connect.reason.too_large`: a file beyond what is read.
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What is read.
        most: u64,
    },
    /// `connect.reason.not_a_table`: a file that is neither a text nor a workbook.
    NotATable,
    /// `connect.reason.number`: a notification was missed.
    Number {
        /// The number that came.
        number: u32,
        /// The one that was due.
        due: u32,
    },
    /// `connect.reason.beside_the_point`: a device answers what was not asked.
    BesideThePoint,
    /// `connect.reason.exception_…`: a device's word on what was asked of it (Modbus Application Protocol 1.1b3, section 7).
    Exception {
        /// Its code.
        code: u8,
    },
    /// `connect.reason.no_address`: a tag has no address here.
    NoAddress,
    /// `connect.reason.does_not_fit`: a value that a register can't hold.
    DoesNotFit {
        /// The value.
        value: f64,
    },
}

/// How a packet breaks the rules of MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It is longer than is taken.
    TooLong,
    /// It ends before what it says to hold.
    TooShort,
    /// It goes on behind what it says to hold.
    Rest,
    /// A length that is none.
    Length,
    /// A kind of packet that nobody asked for.
    Kind,
    /// Quality of service 3.
    Quality,
    /// Another protocol.
    Protocol,
    /// Another version.
    Version,
    /// A property that is none.
    Property,
    /// A text that is none.
    Text,
}

impl Message for Reason {
    fn code(&self) -> &'static str {
        match self {
            Reason::Said(_) | Reason::Found(_) => "connect.reason.said",
            Reason::Closed => "connect.reason.closed",
            Reason::NoConnect => "connect.reason.no_connect",
            Reason::NoConnAck => "connect.reason.no_connack",
            Reason::Packet(malformed) => malformed.code(),
            Reason::Broker { code } => refusal(*code),
            Reason::Ended { .. } => "connect.reason.ended",
            Reason::NotTaken { .. } => "connect.reason.not_taken",
            Reason::NotSubscribed => "connect.reason.not_subscribed",
            Reason::NotSparkplug => "connect.reason.not_sparkplug",
            Reason::PlainTopic => "connect.reason.plain_topic",
            Reason::OnlyRead => "connect.reason.only_read",
            Reason::TooLarge { .. } => "connect.reason.too_large",
            Reason::NotATable => "connect.reason.not_a_table",
            Reason::Number { .. } => "connect.reason.number",
            Reason::BesideThePoint => "connect.reason.beside_the_point",
            Reason::Exception { code } => exception(*code),
            Reason::NoAddress => "connect.reason.no_address",
            Reason::DoesNotFit { .. } => "connect.reason.does_not_fit",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Reason::Said(words) => vec![("words", words.clone())],
            Reason::Found(words) => vec![("words", words.text(lang).into())],
            Reason::Broker { code }
            | Reason::Ended { code }
            | Reason::NotTaken { code }
            | Reason::Exception { code } => vec![("code", format!("0x{code:02X}"))],
            Reason::TooLarge { bytes, most } => {
                vec![("bytes", bytes.to_string()), ("most", most.to_string())]
            }
            Reason::Number { number, due } => {
                vec![("number", number.to_string()), ("due", due.to_string())]
            }
            Reason::DoesNotFit { value } => vec![("value", value.to_string())],
            _ => Vec::new(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            Reason::Said(words) => words.clone(),
            Reason::Found(words) => words.text(lang).into(),
            _ => catalogue().render(self.code(), lang, &self.fields(lang)),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl Malformed {
    fn code(self) -> &'static str {
        match self {
            Malformed::TooLong => "connect.reason.packet_too_long",
            Malformed::TooShort => "connect.reason.packet_too_short",
            Malformed::Rest => "connect.reason.packet_rest",
            Malformed::Length => "connect.reason.packet_length",
            Malformed::Kind => "connect.reason.packet_kind",
            Malformed::Quality => "connect.reason.packet_quality",
            Malformed::Protocol => "connect.reason.packet_protocol",
            Malformed::Version => "connect.reason.packet_version",
            Malformed::Property => "connect.reason.packet_property",
            Malformed::Text => "connect.reason.packet_text",
        }
    }
}

/// What a broker means that does not let us in.
fn refusal(code: u8) -> &'static str {
    match code {
        1 | 0x84 => "connect.reason.broker_version",
        2 | 0x85 => "connect.reason.broker_name",
        3 | 0x88 => "connect.reason.broker_not_available",
        4 | 0x86 => "connect.reason.broker_login",
        5 | 0x87 => "connect.reason.broker_not_authorised",
        _ => "connect.reason.broker_other",
    }
}

/// What a device means that does not do what was asked of it.
fn exception(code: u8) -> &'static str {
    match code {
        1 => "connect.reason.exception_function",
        2 => "connect.reason.exception_address",
        3 => "connect.reason.exception_value",
        4 => "connect.reason.exception_failure",
        5 => "connect.reason.exception_acknowledge",
        6 => "connect.reason.exception_busy",
        8 => "connect.reason.exception_memory",
        0x0A => "connect.reason.exception_path",
        0x0B => "connect.reason.exception_target",
        _ => "connect.reason.exception_other",
    }
}

impl From<String> for Reason {
    fn from(words: String) -> Reason {
        Reason::Said(words)
    }
}

impl From<Malformed> for Reason {
    fn from(malformed: Malformed) -> Reason {
        Reason::Packet(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ConnectError;

    /// A reason that we find is said in the language of its sentence, one that is said to us as it was said.
    #[test]
    fn reasons_speak_the_language_of_their_sentence() {
        let refused = |reason| ConnectError::Refused {
            endpoint: "mqtt://lake".into(),
            reason,
        };
        let login = refused(Reason::Broker { code: 0x86 });
        assert_eq!(
            (login.text(Lang::En), login.text(Lang::Zh)),
            (
                "mqtt://lake refuses the connection: wrong user or password".into(),
                "mqtt://lake 拒绝连接：用户名或密码错误".into()
            )
        );
        let other = refused(Reason::Broker { code: 0x97 });
        assert!(other.text(Lang::Zh).contains("0x97"), "{other}");
        let said = refused(Reason::Said("connection reset {code}".into()));
        assert!(said.text(Lang::Zh).ends_with("：connection reset {code}"));
    }
}
