//! Names that nobody guesses.

use rand_core::Rng as _;
use rowcall_custody::system::system_random;

/// 16 random bytes in hexadecimal: nobody guesses another's.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 16];
    system_random().fill_bytes(&mut bytes);
    base16ct::lower::encode_string(&bytes)
}
