//! A client's session with our server: requests in, answers out.
//!
//! The protocol crate (0.17) has a server too, which decodes every request before it asks anybody what to answer; it trusts the
//! counts in multiple writes, and panics on false ones. Nothing is written to here, so nothing of them is decoded.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::face::Face;

/// Transaction, protocol, length and unit (Modbus Messaging on TCP/IP 1.0b, 3.1.3).
const HEAD: usize = 7;
/// The longest request behind its head, bytes (Modbus Application Protocol 1.1b3, 4.1).
const LONGEST: usize = 253;

/// Answers a client until it leaves, or speaks something else.
pub(super) async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    face: &Face,
) -> io::Result<()> {
    loop {
        let mut head = [0; HEAD];
        stream.read_exact(&mut head).await?;
        let [
            transaction,
            transaction_low,
            protocol,
            protocol_low,
            length,
            length_low,
            unit,
        ] = head;
        // The unit is counted as well.
        let length = usize::from(u16::from_be_bytes([length, length_low])).saturating_sub(1);
        if (protocol, protocol_low) != (0, 0) || !(1..=LONGEST).contains(&length) {
            return Ok(());
        }
        let mut asked = vec![0; length];
        stream.read_exact(&mut asked).await?;
        let answer = face.answer(unit, &asked);
        let [length, length_low] = (answer.len() as u16 + 1).to_be_bytes();
        let head = [transaction, transaction_low, 0, 0, length, length_low, unit];
        stream.write_all(&[&head[..], &answer[..]].concat()).await?;
    }
}
