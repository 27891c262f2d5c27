//! OPC UA both ways: our client against asyncua's server, asyncua's client against our server.

mod both;
mod client;
mod server;

use std::path::Path;
use std::process::Command;

use crate::peer::python;

/// Makes a certificate and key of a peer in a folder.
fn certificate(folder: &Path, uri: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/opcua_certificate.py");
    let made = Command::new(python())
        .arg(script)
        .arg(folder)
        .arg(uri)
        .status();
    assert!(made.expect("python").success());
}
