//! Keys, all P-256, from a seed: the same seed gives the same bytes.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

use crate::der::{bits, octets, oid, seq, small, uint};

/// A signing key of the test issuer. Worthless by intention: anybody who has
/// the seed has the key.
pub(crate) struct Key(SigningKey);

const PRIME: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const A: &str = "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc";
const B: &str = "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";
const GENERATOR: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                         4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// A constant of the curve.
fn hex(digits: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(digits).expect("hexadecimal digits")
}

impl Key {
    /// The key for `role` under `seed`.
    pub(crate) fn derive(seed: u64, role: &str) -> Self {
        let mut round = 0_u8;
        loop {
            let secret = Sha256::new()
                .chain_update(b"rowcall specimen issuer")
                .chain_update(seed.to_be_bytes())
                .chain_update(role)
                .chain_update([round])
                .finalize();
            // All but one in 2^32 digests are a scalar of the curve.
            if let Ok(key) = SigningKey::from_slice(&secret) {
                return Self(key);
            }
            round = round.wrapping_add(1);
        }
    }

    /// The public point, uncompressed.
    fn point(&self) -> Vec<u8> {
        self.0
            .verifying_key()
            .to_sec1_point(false)
            .as_bytes()
            .to_vec()
    }

    /// SubjectPublicKeyInfo with explicit curve parameters, as Doc 9303-12,
    /// 4.1.6.3 demands of passports.
    pub(crate) fn spki(&self) -> Vec<u8> {
        let field = seq(&[&oid(&[1, 2, 840, 10045, 1, 1]), &uint(&hex(PRIME))]);
        let curve = seq(&[&octets(&hex(A)), &octets(&hex(B))]);
        let parameters = seq(&[
            &small(1),
            &field,
            &curve,
            &octets(&hex(GENERATOR)),
            &uint(&hex(ORDER)),
            &small(1),
        ]);
        let algorithm = seq(&[&oid(&[1, 2, 840, 10045, 2, 1]), &parameters]);
        seq(&[&algorithm, &bits(&self.point())])
    }

    /// The key's identifier (RFC 5280, 4.2.1.2, method 1, with SHA-256 cut to
    /// 20 bytes: no SHA-1 is needed here).
    pub(crate) fn identifier(&self) -> Vec<u8> {
        Sha256::digest(self.point())[..20].to_vec()
    }

    /// ECDSA with SHA-256, deterministic (RFC 6979), as DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        signature.to_der().as_bytes().to_vec()
    }

    /// The same as r and s in 32 bytes each, as seals have it (Doc 9303-13, 2.4).
    pub(crate) fn sign_plain(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().to_vec()
    }
}
