//! DG14 and DG15 with keys that are slow.

use rowcall_specimen::tlv;

use super::{Add, SIZE, all, many};

/// The prime of RFC 5114, 2.3.
const RFC_5114: &str = "\
     87a8e61db4b6663cffbbd19c651959998ceef608660dd0f25d2ceed4435e3b00e00df8f1d61957d4 \
     faf7df4561b2aa3016c3d91134096faa3bf4296d830e9a7c209e0c6497517abd5a8a9d306bcf67ed \
     91f9e6725b4758c022e0b1ef4275bf7b6c5bfc11d45f9088b941f54eb1e59bb8bc39a0bf12307f5c \
     4fdb70c581b23f76b63acae1caa6b7902d52526735488a0ef13c6d9a51bfa4ab3ad8347796524d8e \
     f6a167b5a41825d967e144e5140564251ccacb83e6b486f6b3ca3f7971506026c0b857f689962856 \
     ded4010abd0be621c3a3960a54e710c375f26375d7014103a4b54330c198af126116d2276e11715f \
     693877fad7ef09cadb094ae91e1a1597";
/// The generators of RFC 5639, 3.7, and FIPS 186-4, D.1.2.5.
pub(super) const BRAINPOOL_512: &str = "\
     0481aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d4 \
     8d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f8227dde385d566332ecc0eabfa9cf7822 \
     fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f054 \
     0678cd1e0f3ad80892";
pub(super) const P_521: &str = "\
     0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77ef \
     e75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5f \
     b42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c70 \
     86a272c24088be94769fd16650";

pub(super) fn unhex(text: &str) -> Vec<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16).map(|d| d as u8);
    let digits: Vec<u8> = text.as_bytes().iter().filter_map(digit).collect();
    digits.chunks(2).map(|d| d[0] << 4 | d[1]).collect()
}

pub(super) fn kinds(add: &mut Add<'_>) {
    let integer = |bytes: usize| tlv(0x02, &all(&[&[0x7f], &vec![0xff; bytes - 1]]));
    const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let rsa = |modulus: usize, exponent: usize| {
        let key = tlv(0x30, &all(&[&integer(modulus), &integer(exponent)]));
        tlv(
            0x6f,
            &tlv(0x30, &all(&[RSA, &tlv(0x03, &all(&[&[0], &key]))])),
        )
    };
    add("exchange", "RSA, 8,192 bits", rsa(1_024, 4));
    add(
        "exchange",
        "RSA, exponent as long as the modulus",
        rsa(1_024, 1_024),
    );
    add("exchange", "RSA, 4 million bits", rsa(SIZE / 2, SIZE / 2));
    // A key in id-PK-DH or id-PK-ECDH (Doc 9303-11, 9.2.4).
    let dg14 = |family: u8, algorithm: &[u8], key: &[u8]| {
        let key = tlv(
            0x30,
            &all(&[&tlv(0x30, algorithm), &tlv(0x03, &all(&[&[0], key]))]),
        );
        let protocol = all(&[b"\x06\x09\x04\x00\x7f\x00\x07\x02\x02\x01", &[family]]);
        tlv(0x6e, &tlv(0x31, &tlv(0x30, &all(&[&protocol, &key]))))
    };
    // X9.42's parameters (RFC 3279, 2.3.3), whose order nobody asks for.
    let dh = |prime: &[u8], public: &[u8]| {
        let parameters = tlv(0x30, &all(&[prime, &integer(4), &integer(32)]));
        let algorithm = all(&[b"\x06\x07\x2a\x86\x48\xce\x3e\x02\x01", &parameters]);
        dg14(1, &algorithm, public)
    };
    let prime = unhex(RFC_5114);
    let public = all(&[&[0x12], &prime[1..]]);
    add(
        "exchange",
        "DH, 2,048 bits of RFC 5114",
        dh(&tlv(0x02, &all(&[&[0], &prime])), &tlv(0x02, &public)),
    );
    add(
        "exchange",
        "DH, 4,096 bits",
        dh(&integer(512), &integer(511)),
    );
    add(
        "exchange",
        "DH, 8,192 bits",
        dh(&integer(1_024), &integer(1_023)),
    );
    add(
        "exchange",
        "DH, 2 million bits",
        dh(&integer(SIZE / 4), &integer(SIZE / 4)),
    );
    for (what, curve, point) in [
        (
            "ECDH, brainpoolP512r1",
            &b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0d"[..],
            BRAINPOOL_512,
        ),
        ("ECDH, P-521", b"\x06\x05\x2b\x81\x04\x00\x23", P_521),
    ] {
        let algorithm = all(&[b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", curve]);
        add("exchange", what, dg14(2, &algorithm, &unhex(point)));
    }
    add(
        "exchange",
        "many infos",
        tlv(0x6e, &tlv(0x31, &many(&[0x30, 3, 0x06, 1, 0x2a]))),
    );
}
