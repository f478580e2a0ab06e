//! Certificates and revocation lists that are slow to verify with: each is tried where
//! it may be the signer's, a link, or the issuer's list.

use rowcall_specimen::{Issuer, tlv};

use super::exchanges::{BRAINPOOL_512, P_521, unhex};
use super::{Add, all};

/// As many as are read of one file.
const CERTIFICATES: u8 = 64;
const LISTS: u8 = 8;

const ECDSA_SHA512: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04";
const RSA_SHA256: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
const SHA256: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";

/// A kind of key, and a signature that has its size.
struct Slow {
    algorithm: &'static [u8],
    spki: Vec<u8>,
    signature: Vec<u8>,
}

impl Slow {
    fn curve(oid: &[u8], point: &str, bytes: usize) -> Self {
        const EC_PUBLIC_KEY: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
        let algorithm = tlv(0x30, &all(&[EC_PUBLIC_KEY, &tlv(0x06, oid)]));
        let bits = tlv(0x03, &all(&[&[0], &unhex(point)]));
        let number = tlv(0x02, &vec![0x5a; bytes]);
        Self {
            algorithm: ECDSA_SHA512,
            spki: tlv(0x30, &all(&[&algorithm, &bits])),
            signature: tlv(0x30, &all(&[&number, &number])),
        }
    }

    fn rsa() -> Self {
        const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
        // The longest that are tried.
        let modulus = tlv(0x02, &all(&[&[0], &[0xff; 1_024]]));
        let exponent = tlv(0x02, b"\x00\xff\xff\xff\xff");
        let key = tlv(0x30, &all(&[&modulus, &exponent]));
        Self {
            algorithm: RSA_SHA256,
            spki: tlv(0x30, &all(&[RSA, &tlv(0x03, &all(&[&[0], &key]))])),
            signature: vec![0x5a; 1_024],
        }
    }

    /// One of many under one name, which is its issuer's too.
    fn certificate(&self, serial: u8) -> Vec<u8> {
        let tbs = tlv(
            0x30,
            &all(&[
                b"\xa0\x03\x02\x01\x02",
                &tlv(0x02, &[serial]),
                self.algorithm,
                &name(),
                &tlv(
                    0x30,
                    &all(&[&tlv(0x17, b"200101000000Z"), &tlv(0x17, b"490101000000Z")]),
                ),
                &name(),
                &self.spki,
            ]),
        );
        let signature = tlv(0x03, &all(&[&[0], &self.signature]));
        tlv(0x30, &all(&[&tbs, self.algorithm, &signature]))
    }

    /// EF.SOD with as many certificates as are read, the first of which is named.
    fn sod(&self) -> Vec<u8> {
        const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
        const LDS: &[u8] = b"\x06\x06\x67\x81\x08\x01\x01\x01";
        let hash = tlv(0x30, &all(&[b"\x02\x01\x01", &tlv(0x04, &[0; 32])]));
        let list = tlv(0x30, &all(&[b"\x02\x01\x00", SHA256, &tlv(0x30, &hash)]));
        let certificates: Vec<u8> = (0..CERTIFICATES)
            .flat_map(|i| self.certificate(i))
            .collect();
        // Out of order and with a length in BER, so that they are tried in three ways.
        let digest = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
        let attributes = all(&[
            &tlv(0x30, &all(&[digest, &tlv(0x31, &tlv(0x04, &[0; 32]))])),
            b"\x30\x81\x05\x06\x01\x2a\x31\x00",
        ]);
        let named = tlv(0x30, &all(&[&name(), &tlv(0x02, &[0])]));
        let signer = tlv(
            0x30,
            &all(&[
                b"\x02\x01\x01",
                &named,
                SHA256,
                &tlv(0xa0, &attributes),
                self.algorithm,
                &tlv(0x04, &self.signature),
            ]),
        );
        let signed = tlv(
            0x30,
            &all(&[
                b"\x02\x01\x03",
                &tlv(0x31, SHA256),
                &tlv(0x30, &all(&[LDS, &tlv(0xa0, &tlv(0x04, &list))])),
                &tlv(0xa0, &certificates),
                &tlv(0x31, &signer),
            ]),
        );
        tlv(0x77, &tlv(0x30, &all(&[SIGNED, &tlv(0xa0, &signed)])))
    }
}

/// Of country UT.
fn name() -> Vec<u8> {
    let country = tlv(0x30, b"\x06\x03\x55\x04\x06\x13\x02UT");
    tlv(0x30, &tlv(0x31, &country))
}

pub(super) fn kinds(add: &mut Add<'_>) {
    const BRAINPOOL_P512R1: &[u8] = b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0d";
    const NIST_P521: &[u8] = b"\x2b\x81\x04\x00\x23";
    for (what, slow) in [
        ("64 certificates, RSA 8,192 bits", Slow::rsa()),
        ("64 certificates, P-521", Slow::curve(NIST_P521, P_521, 65)),
        (
            "64 certificates, brainpoolP512r1",
            Slow::curve(BRAINPOOL_P512R1, BRAINPOOL_512, 64),
        ),
    ] {
        add("sod", what, slow.sod());
    }
    // Lists of the issuer's name by other keys; the store trusts many of that name.
    let serials: Vec<u64> = (0x10_0000..0x10_0000 + 5_000).collect();
    let lists: Vec<Vec<u8>> = (0..u64::from(LISTS))
        .map(|i| Issuer::new(100 + i).revocation_list(&serials))
        .collect();
    let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
    let sod = Issuer::new(5).security_object_with_lists(&[(1, vec![0x61, 0])], &lists);
    add(
        "trusted sod",
        "revocation lists by nobody, under 40 issuers of one name",
        sod,
    );
}
