//! Listening behind TLS. Handshakes run beside each other and must be over in time, so that one that hangs keeps nobody out.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::error::ServerError;

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes at once.
const AT_ONCE: usize = 256;

/// A certificate with its chain, and its key, as PEM files.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate, then those that sign it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// A listener whose connections are encrypted.
pub(crate) struct Encrypted {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl Encrypted {
    /// Encrypts what comes to a listener.
    pub(crate) fn new(
        listener: TcpListener,
        identity: &Identity,
    ) -> Result<Encrypted, ServerError> {
        let acceptor = TlsAcceptor::from(Arc::new(config(identity)?));
        let address = listener.local_addr().map_err(|_| ServerError::Failed)?;
        let (shaken, ready) = mpsc::channel(AT_ONCE);
        tokio::spawn(shake(listener, acceptor, shaken));
        Ok(Encrypted { address, ready })
    }
}

async fn shake(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    shaken: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    while !shaken.is_closed() {
        // Never closed.
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let (stream, from) = Listener::accept(&mut listener).await;
        let (acceptor, shaken) = (acceptor.clone(), shaken.clone());
        tokio::spawn(async move {
            let _permit = permit;
            // Who can't speak TLS, or not with us, is let go.
            if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                let _ = shaken.send((stream, from)).await;
            }
        });
    }
}

fn config(identity: &Identity) -> Result<ServerConfig, ServerError> {
    let wrong = |path: &Path, reason: String| ServerError::Certificate {
        path: path.to_path_buf(),
        reason,
    };
    let (certificate, key) = (&identity.certificate, &identity.key);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate, error.to_string()))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(key, e.to_string()))?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, secret)
        })
        .map_err(|error| wrong(certificate, error.to_string()))
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            // Whoever shakes hands ends after this listener does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
