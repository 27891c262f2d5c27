//! The other sides of a base's connections: servers of OPC UA, brokers with their edge nodes, controllers, and the hand that
//! drops files.

mod dropped;
mod mqtt;
mod opcua;
mod registers;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;

use saltern_base::tags::{Connection, Protocol, Source, Tag, Tags};
use saltern_connect::ConnectError;
use saltern_samples::Sample;

use crate::error::DemoError;
use crate::instrument::Instrument;
use dropped::Dropped;
use mqtt::Mqtt;
use opcua::OpcUa;
use registers::Registers;

/// The other side of one connection.
pub(crate) struct Face {
    connection: String,
    side: Side,
}

enum Side {
    OpcUa(Box<OpcUa>),
    Mqtt(Mqtt),
    Modbus(Registers),
    File(Dropped),
}

/// A client's wish to write, by the tag's row, and where the outcome goes.
pub(crate) type Write = (usize, saltern_connect::opcua::WriteRequest);

/// An instrument with its tag.
pub(crate) struct Played<'t> {
    pub(crate) instrument: &'t Instrument,
    pub(crate) tag: &'t Tag,
}

impl Face {
    /// The sides of all connections, not yet listening. `folder` is the demo's own, `drops` where relative folders of dropped
    /// files are.
    pub(crate) fn all(
        tags: &Tags,
        instruments: &[Instrument],
        folder: &Path,
        drops: &Path,
        clock: &saltern_connect::Clock,
    ) -> Result<Vec<Face>, DemoError> {
        let mut faces = Vec::new();
        let first_file = tags
            .connections
            .iter()
            .position(|c| c.protocol == Protocol::File);
        for (row, connection) in tags.connections.iter().enumerate() {
            let mine = |tag: &Tag| {
                let is_lab = tag.source == Source::Lab && first_file == Some(row);
                tag.connection == Some(row) || is_lab
            };
            let played = instruments.iter().map(|instrument| Played {
                instrument,
                tag: &tags.tags[instrument.tag],
            });
            let played: Vec<Played<'_>> = played.filter(|p| mine(p.tag)).collect();
            let side = match connection.protocol {
                Protocol::OpcUa => {
                    Side::OpcUa(Box::new(OpcUa::new(connection, tags, &played, folder)?))
                }
                Protocol::Mqtt => Side::Mqtt(Mqtt::new(connection, tags, &played, folder, clock)?),
                Protocol::Modbus => Side::Modbus(Registers::new(connection, &played)?),
                Protocol::File => {
                    Side::File(Dropped::new(&drops.join(&connection.endpoint), &played))
                }
                // What is told above is told to somebody else.
                Protocol::Forward => continue,
            };
            faces.push(Face {
                connection: connection.who.id.clone(),
                side,
            });
        }
        Ok(faces)
    }

    /// Id of the connection.
    pub(crate) fn connection(&self) -> &str {
        &self.connection
    }

    /// Begins to listen, or stops as if it had lost its power. Asked for what it is already, it does nothing.
    pub(crate) async fn set_up(&mut self, up: bool) -> Result<(), DemoError> {
        let done = match &mut self.side {
            Side::OpcUa(side) => side.set_up(up).await,
            Side::Mqtt(side) => side.set_up(up).await,
            Side::Modbus(side) => side.set_up(up).await,
            Side::File(_) => Ok(()),
        };
        done.map_err(|error| face_error(&self.connection, error))
    }

    /// Tells what instruments show: rows of tags with their samples.
    pub(crate) async fn tell(&mut self, samples: &[(usize, Sample)]) -> Result<(), DemoError> {
        match &mut self.side {
            Side::OpcUa(side) => side.tell(samples),
            Side::Mqtt(side) => side.tell(samples).await,
            Side::Modbus(side) => side.tell(samples),
            Side::File(side) => side.tell(samples)?,
        }
        Ok(())
    }

    /// What clients want to write.
    pub(crate) fn writes(&mut self) -> Vec<Write> {
        match &mut self.side {
            Side::OpcUa(side) => side.writes(),
            Side::Mqtt(_) | Side::Modbus(_) | Side::File(_) => Vec::new(),
        }
    }
}

fn face_error(connection: &str, error: ConnectError) -> DemoError {
    DemoError::Face {
        connection: connection.into(),
        error,
    }
}

/// The address of an endpoint, which must be of this machine.
fn here(connection: &Connection, host: &str, port: u16) -> Result<SocketAddr, DemoError> {
    let found = (host, port).to_socket_addrs();
    let mut found = found.into_iter().flatten();
    let own = found.find(|address| address.ip().is_loopback());
    own.ok_or_else(|| DemoError::NotHere {
        connection: connection.who.id.clone(),
        endpoint: connection.endpoint.clone(),
    })
}

fn listen_error(address: SocketAddr, error: &std::io::Error) -> ConnectError {
    ConnectError::Listen {
        address: address.to_string(),
        reason: error.to_string(),
    }
}
