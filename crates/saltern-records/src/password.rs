//! Passwords, hashed by argon2id (RFC 9106) with the parameters that OWASP's cheat sheet on password storage gives first:
//! 19 MiB, two passes, one lane.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// Fewest characters.
pub(crate) const FEWEST: usize = 12;

/// The hash as text, with its salt and parameters.
pub(crate) fn hash(password: &str) -> String {
    // Fails for parameters out of range only, and these are not.
    match method().hash_password(password.as_bytes()) {
        Ok(hash) => hash.to_string(),
        Err(error) => panic!("a password cannot be hashed: {error}"),
    }
}

/// Whether a password is the one hashed.
pub(crate) fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| method().verify_password(password.as_bytes(), &hash).is_ok())
}

fn method() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash that a stranger's password is compared with, so that an unknown name takes as long as a known one.
pub(crate) fn of_nobody() -> &'static str {
    static HASH: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| hash("nobody at all"));
    &HASH
}
