//! Packets of MQTT 3.1.1 and 5.0 (OASIS standards of 2014 and 2019), as many of them as a client at quality of service 0 and
//! 1 sends and gets, and a small broker too.

use bytes::{Buf, BufMut};

use crate::reason::Malformed;

/// Longest packet that is taken, bytes. The standard allows 268 MB, which nobody sends who means well.
pub(crate) const LONGEST: usize = 16 << 20;

/// Version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// 3.1.1, level 4.
    V3,
    /// 5.0, level 5.
    V5,
}

/// A message on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Publish {
    pub(crate) topic: String,
    pub(crate) payload: Vec<u8>,
    /// 0 or 1 where we send.
    pub(crate) qos: u8,
    pub(crate) retain: bool,
    pub(crate) again: bool,
    /// 0 where the quality of service is 0.
    pub(crate) id: u16,
}

/// What a client says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Connect {
    pub(crate) version: Version,
    pub(crate) client: String,
    pub(crate) clean: bool,
    pub(crate) keep_alive_s: u16,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Vec<u8>>,
    /// What the broker says for us when we are gone.
    pub(crate) will: Option<Publish>,
}

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Packet {
    Connect(Connect),
    ConnAck {
        code: u8,
        /// Messages of quality 1 that the broker takes at a time.
        receive_maximum: u16,
        /// Longest packet that it takes.
        maximum_packet: u32,
    },
    Publish(Publish),
    PubAck {
        id: u16,
        code: u8,
    },
    Subscribe {
        id: u16,
        filters: Vec<(String, u8)>,
    },
    SubAck {
        id: u16,
        codes: Vec<u8>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<String>,
    },
    UnsubAck {
        id: u16,
        codes: usize,
    },
    PingReq,
    PingResp,
    Disconnect {
        code: u8,
    },
}

type Read<T> = Result<T, Malformed>;

/// Length of the first packet in a buffer, its head and all; `None` until that can be told.
pub(crate) fn length(buffer: &[u8]) -> Read<Option<(usize, usize)>> {
    let mut body = 0usize;
    for (place, byte) in buffer.iter().skip(1).take(4).enumerate() {
        body |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            if body > LONGEST {
                return Err(Malformed::TooLong);
            }
            return Ok(Some((2 + place, body)));
        }
    }
    match buffer.len() {
        5.. => Err(Malformed::Length),
        _ => Ok(None),
    }
}

/// Reads a packet from its first byte and its body.
pub(crate) fn decode(first: u8, body: &[u8], version: Version) -> Read<Packet> {
    let mut rest = body;
    let rest = &mut rest;
    let packet = match first >> 4 {
        1 => connect(rest)?,
        2 => connack(rest, version)?,
        3 => publish(first, rest, version)?,
        4 => {
            let (id, code) = (u16(rest)?, code(rest, version)?);
            Packet::PubAck { id, code }
        }
        8 => {
            let id = head(rest, version)?;
            let mut filters = Vec::new();
            while !rest.is_empty() {
                filters.push((text(rest)?, u8(rest)? & 3));
            }
            Packet::Subscribe { id, filters }
        }
        9 => {
            let id = head(rest, version)?;
            let codes = std::mem::take(rest).to_vec();
            Packet::SubAck { id, codes }
        }
        10 => {
            let id = head(rest, version)?;
            let mut filters = Vec::new();
            while !rest.is_empty() {
                filters.push(text(rest)?);
            }
            Packet::Unsubscribe { id, filters }
        }
        11 => {
            let id = head(rest, version)?;
            let codes = std::mem::take(rest).len();
            Packet::UnsubAck { id, codes }
        }
        12 => Packet::PingReq,
        13 => Packet::PingResp,
        14 => Packet::Disconnect {
            code: code(rest, version)?,
        },
        _ => return Err(Malformed::Kind),
    };
    match rest.is_empty() {
        true => Ok(packet),
        false => Err(Malformed::Rest),
    }
}

/// Packet identifier, and in version 5 properties that are not needed.
fn head(rest: &mut &[u8], version: Version) -> Read<u16> {
    let id = u16(rest)?;
    properties(rest, version, |_, _| Ok(()))?;
    Ok(id)
}

/// Reason code and what follows it in version 5, where both may be left out.
fn code(rest: &mut &[u8], version: Version) -> Read<u8> {
    if version == Version::V3 || rest.is_empty() {
        return Ok(0);
    }
    let code = u8(rest)?;
    if !rest.is_empty() {
        properties(rest, version, |_, _| Ok(()))?;
    }
    Ok(code)
}

fn connack(rest: &mut &[u8], version: Version) -> Read<Packet> {
    let (_present, code) = (u8(rest)?, u8(rest)?);
    let (mut receive_maximum, mut maximum_packet) = (u16::MAX, u32::MAX);
    // A broker that does not speak version 5 answers without properties.
    if !rest.is_empty() {
        properties(rest, version, |key, value| {
            match key {
                0x21 => receive_maximum = u16(value)?.max(1),
                0x27 => maximum_packet = u32(value)?,
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(Packet::ConnAck {
        code,
        receive_maximum,
        maximum_packet,
    })
}

fn publish(first: u8, rest: &mut &[u8], version: Version) -> Read<Packet> {
    let qos = (first >> 1) & 3;
    if qos == 3 {
        return Err(Malformed::Quality);
    }
    let topic = text(rest)?;
    let id = if qos > 0 { u16(rest)? } else { 0 };
    properties(rest, version, |_, _| Ok(()))?;
    Ok(Packet::Publish(Publish {
        topic,
        payload: std::mem::take(rest).to_vec(),
        qos,
        retain: first & 1 != 0,
        again: first & 8 != 0,
        id,
    }))
}

fn connect(rest: &mut &[u8]) -> Read<Packet> {
    if text(rest)? != "MQTT" {
        return Err(Malformed::Protocol);
    }
    let version = match u8(rest)? {
        4 => Version::V3,
        5 => Version::V5,
        _ => return Err(Malformed::Version),
    };
    let flags = u8(rest)?;
    let keep_alive_s = u16(rest)?;
    properties(rest, version, |_, _| Ok(()))?;
    let client = text(rest)?;
    let will = match flags & 4 != 0 {
        true => {
            properties(rest, version, |_, _| Ok(()))?;
            Some(Publish {
                topic: text(rest)?,
                payload: binary(rest)?.to_vec(),
                qos: (flags >> 3) & 3,
                retain: flags & 0x20 != 0,
                ..Publish::default()
            })
        }
        false => None,
    };
    let user = (flags & 0x80 != 0).then(|| text(rest)).transpose()?;
    let password = (flags & 0x40 != 0).then(|| binary(rest)).transpose()?;
    Ok(Packet::Connect(Connect {
        version,
        client,
        clean: flags & 2 != 0,
        keep_alive_s,
        user,
        password: password.map(<[u8]>::to_vec),
        will,
    }))
}

/// Properties of version 5 (2.2.2.2); every one is told to `tell`, by whom it may be read or not.
fn properties(
    rest: &mut &[u8],
    version: Version,
    mut tell: impl FnMut(u32, &mut &[u8]) -> Read<()>,
) -> Read<()> {
    if version == Version::V3 {
        return Ok(());
    }
    let length = varint(rest)? as usize;
    let mut inside = bytes(rest, length)?;
    let inside = &mut inside;
    while !inside.is_empty() {
        let key = varint(inside)?;
        let mut value = *inside;
        tell(key, &mut value)?;
        match key {
            0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28 | 0x29 | 0x2A => drop(bytes(inside, 1)?),
            0x13 | 0x21 | 0x22 | 0x23 => drop(bytes(inside, 2)?),
            0x02 | 0x11 | 0x18 | 0x27 => drop(bytes(inside, 4)?),
            0x0B => drop(varint(inside)?),
            0x03 | 0x08 | 0x09 | 0x12 | 0x15 | 0x16 | 0x1A | 0x1C | 0x1F => {
                binary(inside)?;
            }
            0x26 => {
                binary(inside)?;
                binary(inside)?;
            }
            _ => return Err(Malformed::Property),
        }
    }
    Ok(())
}

fn varint(rest: &mut &[u8]) -> Read<u32> {
    let mut number = 0;
    for place in 0..4 {
        let byte = u8(rest)?;
        number |= u32::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Malformed::Length)
}

fn bytes<'b>(rest: &mut &'b [u8], length: usize) -> Read<&'b [u8]> {
    if rest.len() < length {
        return Err(Malformed::TooShort);
    }
    let (taken, left) = rest.split_at(length);
    *rest = left;
    Ok(taken)
}

fn u8(rest: &mut &[u8]) -> Read<u8> {
    bytes(rest, 1).map(|mut taken| taken.get_u8())
}

fn u16(rest: &mut &[u8]) -> Read<u16> {
    bytes(rest, 2).map(|mut taken| taken.get_u16())
}

fn u32(rest: &mut &[u8]) -> Read<u32> {
    bytes(rest, 4).map(|mut taken| taken.get_u32())
}

fn binary<'b>(rest: &mut &'b [u8]) -> Read<&'b [u8]> {
    let length = u16(rest)?;
    bytes(rest, length.into())
}

fn text(rest: &mut &[u8]) -> Read<String> {
    let text = std::str::from_utf8(binary(rest)?);
    text.map(String::from).map_err(|_| Malformed::Text)
}

/// Writes a packet behind what is in a buffer.
pub(crate) fn encode(packet: &Packet, version: Version, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    let b = &mut body;
    let none = |b: &mut Vec<u8>| {
        if version == Version::V5 {
            b.put_u8(0);
        }
    };
    let first = match packet {
        Packet::Connect(connect) => {
            put_connect(connect, b);
            0x10
        }
        Packet::ConnAck {
            code,
            receive_maximum,
            maximum_packet,
        } => {
            b.put_slice(&[0, *code]);
            if version == Version::V5 {
                b.put_u8(8);
                b.put_u8(0x21);
                b.put_u16(*receive_maximum);
                b.put_u8(0x27);
                b.put_u32(*maximum_packet);
            }
            0x20
        }
        Packet::Publish(publish) => {
            put_text(&publish.topic, b);
            if publish.qos > 0 {
                b.put_u16(publish.id);
            }
            none(b);
            b.put_slice(&publish.payload);
            0x30 | u8::from(publish.again) << 3 | publish.qos << 1 | u8::from(publish.retain)
        }
        Packet::PubAck { id, code } => {
            b.put_u16(*id);
            if version == Version::V5 && *code != 0 {
                b.put_u8(*code);
            }
            0x40
        }
        Packet::Subscribe { id, filters } => {
            b.put_u16(*id);
            none(b);
            for (filter, qos) in filters {
                put_text(filter, b);
                b.put_u8(*qos);
            }
            0x82
        }
        Packet::SubAck { id, codes } => {
            b.put_u16(*id);
            none(b);
            b.put_slice(codes);
            0x90
        }
        Packet::Unsubscribe { id, filters } => {
            b.put_u16(*id);
            none(b);
            filters.iter().for_each(|filter| put_text(filter, b));
            0xA2
        }
        Packet::UnsubAck { id, codes } => {
            b.put_u16(*id);
            none(b);
            if version == Version::V5 {
                b.put_bytes(0, *codes);
            }
            0xB0
        }
        Packet::PingReq => 0xC0,
        Packet::PingResp => 0xD0,
        Packet::Disconnect { code } => {
            if version == Version::V5 && *code != 0 {
                b.put_u8(*code);
            }
            0xE0
        }
    };
    out.put_u8(first);
    put_length(body.len(), out);
    out.extend_from_slice(&body);
}

fn put_connect(connect: &Connect, b: &mut Vec<u8>) {
    put_text("MQTT", b);
    let is_5 = connect.version == Version::V5;
    b.put_u8(if is_5 { 5 } else { 4 });
    let mut flags = u8::from(connect.clean) << 1;
    if let Some(will) = &connect.will {
        flags |= 4 | will.qos << 3 | u8::from(will.retain) << 5;
    }
    flags |= u8::from(connect.user.is_some()) << 7 | u8::from(connect.password.is_some()) << 6;
    b.put_u8(flags);
    b.put_u16(connect.keep_alive_s);
    if is_5 {
        // Longest packet that we take.
        b.put_u8(5);
        b.put_u8(0x27);
        b.put_u32(LONGEST as u32);
    }
    put_text(&connect.client, b);
    if let Some(will) = &connect.will {
        if is_5 {
            b.put_u8(0);
        }
        put_text(&will.topic, b);
        put_binary(&will.payload, b);
    }
    if let Some(user) = &connect.user {
        put_text(user, b);
    }
    if let Some(password) = &connect.password {
        put_binary(password, b);
    }
}

fn put_length(mut length: usize, out: &mut Vec<u8>) {
    loop {
        let byte = (length & 0x7F) as u8;
        length >>= 7;
        out.put_u8(byte | if length > 0 { 0x80 } else { 0 });
        if length == 0 {
            break;
        }
    }
}

fn put_text(text: &str, b: &mut Vec<u8>) {
    put_binary(text.as_bytes(), b);
}

/// What is longer than the format allows is cut; nothing of ours is.
fn put_binary(bytes: &[u8], b: &mut Vec<u8>) {
    let bytes = &bytes[..bytes.len().min(u16::MAX.into())];
    b.put_u16(bytes.len() as u16);
    b.put_slice(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads back what was written.
    fn again(packet: &Packet, version: Version) -> Read<Packet> {
        let mut out = Vec::new();
        encode(packet, version, &mut out);
        let (head, body) = length(&out)?.ok_or(Malformed::Length)?;
        assert_eq!(out.len(), head + body);
        decode(out[0], &out[head..], version)
    }

    /// The bytes that the standard of 3.1.1 gives for CONNECT's variable header (figure 3.6) around an empty client.
    #[test]
    fn connect_is_as_the_standard_has_it() {
        let connect = Connect {
            version: Version::V3,
            client: String::new(),
            clean: true,
            keep_alive_s: 10,
            user: None,
            password: None,
            will: None,
        };
        let mut out = Vec::new();
        encode(&Packet::Connect(connect), Version::V3, &mut out);
        assert_eq!(
            out,
            [0x10, 12, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 10, 0, 0]
        );
    }

    fn packets() -> impl Strategy<Value = Packet> {
        let publish = (
            "[a-z/]{1,12}",
            prop::collection::vec(any::<u8>(), 0..300),
            0u8..2,
            any::<bool>(),
            any::<bool>(),
            1u16..,
        )
            .prop_map(|(topic, payload, qos, retain, again, id)| Publish {
                topic,
                payload,
                qos,
                retain,
                again,
                id: if qos == 0 { 0 } else { id },
            });
        let will = publish.clone().prop_map(|will| Publish {
            again: false,
            id: 0,
            ..will
        });
        let connect = (
            any::<bool>(),
            "[a-z]{0,8}",
            any::<u16>(),
            prop::option::of("[a-z]{1,8}"),
            prop::option::of(will),
        )
            .prop_map(|(is_5, client, keep_alive_s, user, will)| Connect {
                version: if is_5 { Version::V5 } else { Version::V3 },
                client,
                clean: true,
                keep_alive_s,
                will,
                password: user.clone().map(String::into_bytes),
                user,
            });
        let filters = prop::collection::vec(("[a-z+#/]{1,9}", 0u8..2), 0..5);
        prop_oneof![
            connect.prop_map(Packet::Connect),
            publish.prop_map(Packet::Publish),
            (any::<u16>(), any::<u16>()).prop_map(|(a, b)| Packet::SubAck {
                id: a,
                codes: vec![b as u8 & 1]
            }),
            any::<u16>().prop_map(|id| Packet::PubAck { id, code: 0 }),
            (any::<u16>(), filters).prop_map(|(id, filters)| Packet::Subscribe { id, filters }),
            Just(Packet::PingReq),
            Just(Packet::PingResp),
            Just(Packet::Disconnect { code: 0 }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(packet in packets()) {
            for version in [Version::V3, Version::V5] {
                prop_assert_eq!(again(&packet, version), Ok(packet.clone()));
            }
        }

        #[test]
        fn damaged_packets_are_survived(packet in packets(), edits in crate::damage::edits()) {
            for version in [Version::V3, Version::V5] {
                let mut out = Vec::new();
                encode(&packet, version, &mut out);
                let out = crate::damage::damaged(&out, &edits);
                if let Ok(Some((head, body))) = length(&out)
                    && let Some(body) = out.get(head..head + body)
                {
                    let _ = decode(out[0], body, version);
                }
            }
        }

        #[test]
        fn any_bytes_are_a_packet_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = length(&bytes);
            for version in [Version::V3, Version::V5] {
                if let Some((first, body)) = bytes.split_first() {
                    let _ = decode(*first, body, version);
                }
            }
        }
    }
}
