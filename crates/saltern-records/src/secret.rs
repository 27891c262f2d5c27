//! Secrets that are handed out once and kept as hashes.

use sha2::{Digest, Sha256};
use std::fmt;

/// 256 random bits as hexadecimal digits: long enough that a fast hash of them can't be searched.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one from the system's generator.
    pub fn new() -> Secret {
        let mut bits = [0u8; 32];
        // Without randomness nothing here is safe, and no system that runs this lacks it.
        if let Err(error) = getrandom::fill(&mut bits) {
            panic!("the system gives no random numbers: {error}");
        }
        Secret(hex(&bits))
    }

    /// What is to be handed over.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of a secret.
    pub(crate) fn hash_of(text: &str) -> [u8; 32] {
        Sha256::digest(text.as_bytes()).into()
    }
}

impl Default for Secret {
    fn default() -> Self {
        Secret::new()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
