//! Sound messages made unsound, for tests: bytes changed, left out, doubled. Long runs have `PROPTEST_CASES` set.

use proptest::prelude::*;

/// Changes to a message: where (as a share of its length), what kind, and a byte.
pub(crate) fn edits() -> impl Strategy<Value = Vec<(f64, u8, u8)>> {
    prop::collection::vec((0.0f64..1.0, 0u8..5, any::<u8>()), 1..6)
}

/// The message after the changes.
pub(crate) fn damaged(message: &[u8], edits: &[(f64, u8, u8)]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for (share, kind, byte) in edits {
        if bytes.is_empty() {
            break;
        }
        let place = (share * bytes.len() as f64) as usize;
        match kind {
            0 => bytes[place] = *byte,
            1 => bytes[place] ^= 1 << (byte % 8),
            2 => drop(bytes.remove(place)),
            3 => bytes.insert(place, *byte),
            _ => {
                let tail = bytes[place..].to_vec();
                bytes.extend_from_slice(&tail[..tail.len().min(usize::from(*byte))]);
            }
        }
    }
    bytes
}
