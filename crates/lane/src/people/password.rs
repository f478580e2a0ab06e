//! Passwords, by argon2id (RFC 9106).

use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use zeroize::Zeroizing;

use crate::{Error, random_id::random_id};

/// The second recommended option of RFC 9106, section 4, as OWASP scales it down:
/// 19 MiB, two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Longest that is taken in.
const LONGEST: usize = 256;
/// Shortest that is set.
const SHORTEST: usize = 12;

/// What is kept of a password.
pub(super) fn made(password: &str) -> Result<String, Error> {
    let salt = random_id();
    let hash = derived(password, &salt)?;
    Ok(format!("argon2id${salt}${}", STANDARD_NO_PAD.encode(*hash)))
}

/// Whether this is the password. Where nothing is kept, as much work is done.
pub(super) fn is_right(kept: Option<&str>, password: &str) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = NOBODY.get_or_init(|| made("nobody's password").unwrap_or_default());
    let kept_or_nobody = kept.unwrap_or(nobody);
    let mut parts = kept_or_nobody.split('$');
    let (Some("argon2id"), Some(salt), Some(hash)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(wanted), Ok(got)) = (STANDARD_NO_PAD.decode(hash), derived(password, salt)) else {
        return false;
    };
    // In time that says nothing of where they differ.
    let differ = wanted
        .iter()
        .zip(got.iter())
        .fold(wanted.len() ^ got.len(), |all, (a, b)| {
            all | usize::from(a ^ b)
        });
    differ == 0 && kept.is_some()
}

/// Whether a password is good enough to be set (NIST SP 800-63B: length, and none of
/// the commonest).
pub(super) fn check(name: &str, password: &str) -> Result<(), Error> {
    let refuse = |why: &str| Err(Error::request(format_args!("password: {why}")));
    if password.len() > LONGEST {
        return refuse("at most 256 bytes");
    }
    if password.chars().count() < SHORTEST {
        return refuse("at least 12 characters");
    }
    let lower = password.to_lowercase();
    let common = [
        "password",
        "rowcall",
        "123456789",
        "qwertyuiop",
        "letmein",
        "admin",
    ];
    if common.iter().any(|c| lower.contains(c)) || lower.contains(name) {
        return refuse("it has the name or a word in it that is tried first");
    }
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    match letters.len() < 5 {
        true => refuse("at least five different characters"),
        false => Ok(()),
    }
}

fn derived(password: &str, salt: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    let failed = |e: argon2::Error| Error::us(format_args!("argon2: {e}"));
    if password.len() > LONGEST {
        return Err(Error::request("password: at most 256 bytes"));
    }
    let parameters = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(failed)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut hash = Zeroizing::new([0; 32]);
    argon
        .hash_password_into(password.as_bytes(), salt.as_bytes(), &mut *hash)
        .map_err(failed)?;
    Ok(hash)
}
