//! A connection to a broker: bytes to packets and back, through TLS where that is asked for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saltern_base::tags::{Broker, Connection};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::packet::{Connect, Packet, Publish, Version, decode, encode, length};
use crate::asked::{Accepted, Asked};
use crate::error::ConnectError;
use crate::reason::Reason;

/// Where a broker is and who we are there.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) connection: String,
    pub(crate) endpoint: String,
    pub(crate) broker: Broker,
    pub(crate) version: Version,
    pub(crate) timeout: Duration,
    pub(crate) silence: Duration,
    user: Option<String>,
    secret: Option<String>,
    /// Who may vouch for the broker; the system's where none is named.
    vouchers: Option<PathBuf>,
}

impl Site {
    pub(crate) fn new(connection: &Connection) -> Result<Site, ConnectError> {
        let broker = Broker::read(&connection.endpoint).ok_or_else(|| ConnectError::Setting {
            connection: connection.who.id.clone(),
            column: "endpoint",
            value: connection.endpoint.clone(),
            accepted: Accepted::Words(connection.protocol.endpoints()),
        })?;
        let secret = connection.secret.as_ref().map(|variable| {
            std::env::var(variable).map_err(|_| ConnectError::Secret {
                connection: connection.who.id.clone(),
                variable: variable.clone(),
            })
        });
        Ok(Site {
            connection: connection.who.id.clone(),
            endpoint: connection.endpoint.clone(),
            broker,
            version: match connection.version {
                "3.1.1" => Version::V3,
                _ => Version::V5,
            },
            timeout: Duration::from_secs_f64(connection.timeout_s),
            silence: Duration::from_secs_f64(connection.silence_s),
            user: connection.user.clone(),
            secret: secret.transpose()?,
            vouchers: connection.security.as_ref().map(PathBuf::from),
        })
    }

    /// Comes to a broker and is let in. `client` is our name there; of two with one name the broker keeps the later.
    pub(crate) async fn enter(
        &self,
        client: String,
        will: Option<Publish>,
    ) -> Result<Wire, ConnectError> {
        let entering = async {
            let stream = self.reach().await.map_err(|e| ConnectError::Unreachable {
                endpoint: self.endpoint.clone(),
                reason: e.to_string(),
            })?;
            let mut wire = Wire::new(self.endpoint.clone(), self.version, stream);
            let hello = Connect {
                version: self.version,
                client,
                clean: true,
                // The broker takes us for gone after one and a half of it.
                keep_alive_s: self.silence.as_secs_f64().ceil().clamp(1.0, 65535.0) as u16,
                user: self.user.clone(),
                password: self.secret.clone().map(String::into_bytes),
                will,
            };
            wire.send(&Packet::Connect(hello)).await?;
            wire.welcome().await?;
            Ok(wire)
        };
        timeout(self.timeout, entering)
            .await
            .unwrap_or_else(|_| Err(self.late(Asked::Connect)))
    }

    pub(crate) fn late(&self, asked: Asked) -> ConnectError {
        ConnectError::Timeout {
            endpoint: self.endpoint.clone(),
            asked,
            seconds: self.timeout.as_secs_f64(),
        }
    }

    async fn reach(&self) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((self.broker.host.as_str(), self.broker.port)).await?;
        stream.set_nodelay(true)?;
        if !self.broker.tls {
            return Ok(Box::new(stream));
        }
        let roots = roots(self.vouchers.as_deref())?;
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(self.broker.host.clone()).map_err(io::Error::other)?;
        let connector = TlsConnector::from(Arc::new(config));
        Ok(Box::new(connector.connect(name, stream).await?))
    }
}

/// Who may vouch for a broker: the certificates in a file, or those that the system trusts.
fn roots(file: Option<&Path>) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(file) => {
            let certificates = CertificateDer::pem_file_iter(file).map_err(io::Error::other)?;
            for certificate in certificates {
                let certificate = certificate.map_err(io::Error::other)?;
                roots.add(certificate).map_err(io::Error::other)?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(roots)
}

/// A stream of bytes, plain or through TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Packets to and from a broker that has let us in.
pub(crate) struct Wire {
    endpoint: String,
    version: Version,
    stream: Box<dyn Stream>,
    read: Vec<u8>,
    write: Vec<u8>,
    /// Messages of quality 1 that the broker takes at a time.
    pub(crate) receive_maximum: u16,
    /// Longest packet that the broker takes.
    pub(crate) maximum_packet: u32,
    next_id: u16,
}

impl Wire {
    pub(crate) fn new(endpoint: String, version: Version, stream: Box<dyn Stream>) -> Wire {
        Wire {
            endpoint,
            version,
            stream,
            read: Vec::new(),
            write: Vec::new(),
            receive_maximum: u16::MAX,
            maximum_packet: u32::MAX,
            next_id: 0,
        }
    }

    /// The broker's end: hears who comes, and speaks as they do.
    pub(crate) async fn accept(
        who: String,
        stream: Box<dyn Stream>,
    ) -> Result<(Wire, Connect), ConnectError> {
        let mut wire = Wire::new(who, Version::V5, stream);
        match wire.receive().await? {
            Packet::Connect(connect) => {
                wire.version = connect.version;
                Ok((wire, connect))
            }
            _ => Err(wire.lost(Reason::NoConnect)),
        }
    }

    async fn welcome(&mut self) -> Result<(), ConnectError> {
        match self.receive().await? {
            Packet::ConnAck {
                code: 0,
                receive_maximum,
                maximum_packet,
            } => {
                self.receive_maximum = receive_maximum;
                self.maximum_packet = maximum_packet;
                Ok(())
            }
            Packet::ConnAck { code, .. } => Err(ConnectError::Refused {
                endpoint: self.endpoint.clone(),
                reason: Reason::Broker { code },
            }),
            _ => Err(self.lost(Reason::NoConnAck)),
        }
    }

    /// Sends one packet.
    pub(crate) async fn send(&mut self, packet: &Packet) -> Result<(), ConnectError> {
        self.write.clear();
        encode(packet, self.version, &mut self.write);
        let sent = async {
            self.stream.write_all(&self.write).await?;
            self.stream.flush().await
        };
        sent.await.map_err(|e| self.lost(e.to_string().into()))
    }

    /// The next packet. Nothing is lost where the wait is given up.
    pub(crate) async fn receive(&mut self) -> Result<Packet, ConnectError> {
        loop {
            let found = length(&self.read).map_err(|e| self.lost(e.into()))?;
            if let Some((head, body)) = found
                && self.read.len() >= head + body
            {
                let packet = decode(self.read[0], &self.read[head..head + body], self.version);
                self.read.drain(..head + body);
                return packet.map_err(|e| self.lost(e.into()));
            }
            match self.stream.read_buf(&mut self.read).await {
                Ok(0) => return Err(self.lost(Reason::Closed)),
                Ok(_) => {}
                Err(e) => return Err(self.lost(e.to_string().into())),
            }
        }
    }

    /// A number for a packet that is answered.
    pub(crate) fn id(&mut self) -> u16 {
        self.next_id = self.next_id.checked_add(1).unwrap_or(1);
        self.next_id
    }

    fn lost(&self, reason: Reason) -> ConnectError {
        ConnectError::Lost {
            endpoint: self.endpoint.clone(),
            reason,
        }
    }
}
