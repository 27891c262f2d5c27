//! Reads the table of connections, and which of them a tag comes over.

use super::read::{Reader, choice_or, given, identity, rows};
use super::{Connection, Protocol, Source, WordOrder};
use crate::error::BaseError;
use crate::sheet::Record;

pub(super) fn connections(reader: &mut Reader<'_>) -> Vec<Connection> {
    let sheet = reader.sheet("connections");
    reader.ids(sheet.as_ref(), "connections.csv");
    rows(sheet.as_ref(), reader, |row, errors| {
        connection(&row, errors)
    })
}

fn connection(row: &Record<'_>, errors: &mut Vec<BaseError>) -> Option<Connection> {
    let who = identity(row, errors);
    let word = row.choice("protocol", errors);
    let protocol = word.and_then(|word| {
        let found = Protocol::ALL.iter().find(|(_, name)| *name == word);
        found.map(|(protocol, _)| *protocol)
    });
    let endpoint = row.text("endpoint", errors);
    if let (Some(protocol), Some(written)) = (protocol, &endpoint)
        && !protocol.is_endpoint(written)
    {
        errors.push(BaseError::WrongType {
            place: row.place_of("endpoint"),
            value: written.clone(),
            accepted: protocol.endpoints().into(),
        });
    }
    let version = choice_or(row, "version", "5", errors);
    let word_order = choice_or(row, "word_order", "upper_first", errors);
    let timeout_s = row.quantity("timeout", errors);
    let silence_s = row.quantity("silence", errors);
    Some(Connection {
        who: who?,
        protocol: protocol?,
        version: version?,
        endpoint: endpoint?,
        security: given(row, "security"),
        user: given(row, "user"),
        secret: given(row, "secret"),
        word_order: match word_order? {
            "lower_first" => WordOrder::LowerFirst,
            _ => WordOrder::UpperFirst,
        },
        timeout_s: timeout_s?,
        silence_s: silence_s?,
    })
}

/// The connection that a tag names, or the only one of its protocol. A base without connections has tags all the same; a
/// source without a protocol of its own has no connection. The outer `None` is an error on the list.
pub(super) fn of_tag(
    row: &Record<'_>,
    source: &Source,
    connections: &[Connection],
    errors: &mut Vec<BaseError>,
) -> Option<Option<usize>> {
    let named = given(row, "connection");
    let protocol = source.protocol();
    let fitting: Vec<usize> = (0..connections.len())
        .filter(|i| Some(connections[*i].protocol) == protocol)
        .collect();
    let known = || {
        fitting
            .iter()
            .map(|i| connections[*i].who.id.clone())
            .collect()
    };
    match named {
        Some(id) => {
            let found = fitting.iter().find(|i| connections[**i].who.id == id);
            if found.is_none() {
                errors.push(BaseError::UnknownId {
                    place: row.place_of("connection"),
                    id,
                    known: known(),
                });
            }
            found.map(|found| Some(*found))
        }
        None => match (protocol, &fitting[..]) {
            (None, _) => Some(None),
            (Some(_), [only]) => Some(Some(*only)),
            (Some(_), []) if connections.is_empty() => Some(None),
            (Some(protocol), _) => {
                errors.push(BaseError::WhichConnection {
                    place: row.place_of("connection"),
                    protocol: protocol.name(),
                    known: known(),
                });
                None
            }
        },
    }
}
