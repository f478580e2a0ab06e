//! What a verification costs on each curve that has a crate of its own.
//! `cargo bench -p rowcall-pki --bench signatures`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ecdsa::elliptic_curve::FieldBytes;
use ecdsa::hazmat::sign_prehashed;
use ecdsa::signature::hazmat::PrehashVerifier as _;
use ecdsa::{Signature, SigningKey, VerifyingKey};
use rowcall_pki::ber::Reader;
use rowcall_pki::crypto::{Algorithm, Hash, PublicKey, verify};
use sha2::Digest as _;

const MESSAGE: &[u8] = b"the hashes of the data groups";

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length: &[u8] = match contents.len() {
        0..128 => &[contents.len() as u8],
        _ => &[0x81, contents.len() as u8],
    };
    [&[tag], length, contents].concat()
}

/// SubjectPublicKeyInfo with a named curve.
fn key(curve: &[u8], point: &[u8]) -> Vec<u8> {
    const EC_PUBLIC_KEY: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
    let algorithm = tlv(0x30, &[EC_PUBLIC_KEY, &tlv(0x06, curve)].concat());
    let bits = tlv(0x03, &[&[0], point].concat());
    tlv(0x30, &[algorithm, bits].concat())
}

fn read(spki: &[u8]) -> PublicKey {
    let spki = Reader::new(spki, 0).read().expect("a sequence");
    PublicKey::read(&spki).expect("a key")
}

macro_rules! curve {
    ($c:ident, $curve:ty, $name:literal, $oid:literal) => {
        let number = |last: u8| {
            let mut bytes = FieldBytes::<$curve>::default();
            let at = bytes.len() - 30;
            bytes[at..].fill(0x5a);
            bytes[at + 29] = last;
            SigningKey::<$curve>::from_bytes(&bytes).expect("a key")
        };
        let (secret, nonce) = (number(1), number(2));
        let digest = sha2::Sha512::digest(MESSAGE);
        let (signature, _) = sign_prehashed(
            secret.as_nonzero_scalar(),
            nonce.as_nonzero_scalar(),
            &digest,
        )
        .expect("signs");
        let plain = signature.to_bytes().to_vec();
        let point = secret.verifying_key().to_sec1_point(false);
        let spki = key($oid, point.as_bytes());
        let algorithm = Algorithm::EcdsaPlain(Hash::Sha512);
        let mut group = $c.benchmark_group($name);
        let known = read(&spki);
        let check = |key: &PublicKey| {
            verify(key, algorithm, None, &[MESSAGE], black_box(&plain)).expect("right")
        };
        group.bench_function("rowcall", |b| b.iter(|| check(&known)));
        group.bench_function("the curve's crate", |b| {
            b.iter(|| {
                let key = VerifyingKey::<$curve>::from_sec1_bytes(black_box(point.as_bytes()))
                    .expect("a key");
                let signature = Signature::<$curve>::from_slice(black_box(&plain)).expect("whole");
                let digest = sha2::Sha512::digest(MESSAGE);
                key.verify_prehash(&digest, &signature).expect("right");
            });
        });
        group.finish();
    };
}

fn signatures(c: &mut Criterion) {
    curve!(
        c,
        p256::NistP256,
        "P-256",
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07"
    );
    curve!(c, p384::NistP384, "P-384", b"\x2b\x81\x04\x00\x22");
    curve!(c, p521::NistP521, "P-521", b"\x2b\x81\x04\x00\x23");
    curve!(
        c,
        bp256::BrainpoolP256r1,
        "brainpoolP256r1",
        b"\x2b\x24\x03\x03\x02\x08\x01\x01\x07"
    );
    curve!(
        c,
        bp384::BrainpoolP384r1,
        "brainpoolP384r1",
        b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0b"
    );
}

criterion_group!(benches, signatures);
criterion_main!(benches);
