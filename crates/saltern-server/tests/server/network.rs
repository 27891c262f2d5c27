//! The server on real sockets: encrypted ways, and addresses that others reach.

use std::sync::Arc;

use saltern_server::{Identity, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::hall::{Files, run, served};

#[test]
fn nothing_is_said_in_the_open_to_other_machines() {
    run(async {
        let open = listen("0.0.0.0:0".parse().expect("an address"), false).await;
        assert_eq!(
            open.map_err(|error| error.code()).err(),
            Some("server.not_alone")
        );
        let own = listen("127.0.0.1:0".parse().expect("an address"), false)
            .await
            .expect("a listener");
        let taken = listen(own.local_addr().expect("an address"), false).await;
        assert_eq!(
            taken.map_err(|error| error.code()).err(),
            Some("server.listen")
        );
    });
}

#[test]
fn an_encrypted_server_answers_those_who_know_its_certificate() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_string()]).expect("a certificate");
        let identity = Identity {
            certificate: folder.path().join("certificate.pem"),
            key: folder.path().join("key.pem"),
        };
        std::fs::write(&identity.certificate, made.cert.pem()).expect("written");
        std::fs::write(&identity.key, made.signing_key.serialize_pem()).expect("written");
        let serving = served(&Files::new(), &folder.path().join("data"), Some(identity));
        let listener = listen("127.0.0.1:0".parse().expect("an address"), true)
            .await
            .expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let stop = async {
            let _ = ended.await;
        };
        let server = tokio::spawn(serving.serve(listener, stop));
        // Someone who says nothing keeps nobody out.
        let silent = TcpStream::connect(address).await.expect("connected");
        let ask = async |roots: RootCertStore| {
            let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_root_certificates(roots)
                .with_no_client_auth();
            let connector = TlsConnector::from(Arc::new(config));
            let stream = TcpStream::connect(address).await?;
            let name = ServerName::try_from("localhost").expect("a name");
            let mut stream = connector.connect(name, stream).await?;
            let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(request).await?;
            let mut answer = String::new();
            // Whether the end is said properly is not what is asked here.
            let _ = stream.read_to_string(&mut answer).await;
            std::io::Result::Ok(answer)
        };
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).expect("a root");
        let answer = ask(roots).await.expect("an answer");
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("\"ok\""),
            "{answer}"
        );
        assert!(
            ask(RootCertStore::empty()).await.is_err(),
            "a stranger's certificate is not believed"
        );
        drop(silent);
        end.send(()).expect("it serves still");
        server.await.expect("no panic").expect("a good end");
    });
}
