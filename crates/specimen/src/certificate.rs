//! Certificates, revocation lists (Doc 9303-12, 7).

use crate::der::{bits, nest, octets, oid, seq, set_of, small, tlv, uint};
use crate::key::Key;

/// AlgorithmIdentifier ecdsa-with-SHA256.
pub(crate) fn ecdsa_sha256() -> Vec<u8> {
    seq(&[&oid(&[1, 2, 840, 10045, 4, 3, 2])])
}

/// AlgorithmIdentifier SHA-256.
pub(crate) fn sha256() -> Vec<u8> {
    seq(&[&oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1])])
}

/// A name of the fictional state (country code UT, Doc 9303-3 has UTO).
pub(crate) fn name(common_name: &str) -> Vec<u8> {
    let part = |arc: u64, tag: u32, text: &str| {
        let attribute = seq(&[&oid(&[2, 5, 4, arc]), &tlv(tag, text.as_bytes())]);
        set_of(vec![attribute])
    };
    seq(&[
        &part(6, 0x13, "UT"),
        &part(10, 0x0c, "Rowcall specimen"),
        &part(3, 0x0c, common_name),
    ])
}

fn utc(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

fn extension(arcs: &[u64], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[0x01, 0x01, 0xff] } else { &[] };
    seq(&[&oid(arcs), flag, &octets(value)])
}

/// What a certificate is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Csca,
    Dsc,
    MasterListSigner,
    SealSigner,
    /// A document signer with a critical extension that nobody knows.
    Demanding,
}

/// What goes into a certificate.
pub(crate) struct Request<'a> {
    pub serial: u64,
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    pub key: &'a Key,
    pub signer: &'a Key,
    pub purpose: Use,
    pub not_before: &'a str,
    pub not_after: &'a str,
}

/// A signed certificate, X.509 version 3.
pub(crate) fn certificate(r: &Request<'_>) -> Vec<u8> {
    let mut extensions = vec![
        extension(
            &[2, 5, 29, 35],
            false,
            &seq(&[&tlv(0x80, &r.signer.identifier())]),
        ),
        extension(&[2, 5, 29, 14], false, &octets(&r.key.identifier())),
    ];
    // KeyUsage bits: keyCertSign and cRLSign, or digitalSignature.
    let usage: &[u8] = if r.purpose == Use::Csca {
        &[0x03, 0x02, 0x01, 0x06]
    } else {
        &[0x03, 0x02, 0x07, 0x80]
    };
    extensions.push(extension(&[2, 5, 29, 15], true, usage));
    match r.purpose {
        Use::Csca => extensions.push(extension(
            &[2, 5, 29, 19],
            true,
            &seq(&[&[0x01, 0x01, 0xff], &small(0)]),
        )),
        // Document types for which the signer may sign (Doc 9303-12, 7.1.1.6).
        Use::Dsc => extensions.push(extension(
            &[2, 23, 136, 1, 1, 6, 2],
            false,
            &seq(&[&small(0), &set_of(vec![tlv(0x13, b"P"), tlv(0x13, b"ID")])]),
        )),
        Use::MasterListSigner => extensions.push(extension(
            &[2, 5, 29, 37],
            true,
            &seq(&[&oid(&[2, 23, 136, 1, 1, 3])]),
        )),
        Use::SealSigner => {}
        // An arc of the fictional state's own (ITU-T X.660, 2.999: examples).
        Use::Demanding => extensions.push(extension(&[2, 999, 9303], true, &octets(b"?"))),
    }
    let parts: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
    let tbs = seq(&[
        &nest(0xa0, &[&small(2)]),
        &small(r.serial),
        &ecdsa_sha256(),
        r.issuer,
        &seq(&[&utc(r.not_before), &utc(r.not_after)]),
        r.subject,
        &r.key.spki(),
        &nest(0xa3, &[&seq(&parts)]),
    ]);
    let signature = r.signer.sign(&tbs);
    seq(&[&tbs, &ecdsa_sha256(), &bits(&signature)])
}

/// A revocation list (RFC 5280, 5) of these serial numbers.
pub(crate) fn revocation_list(issuer: &[u8], signer: &Key, serials: &[u64]) -> Vec<u8> {
    list(issuer, signer, serials, &[])
}

/// A list of changes to list number 1 (RFC 5280, 5.2.4).
pub(crate) fn revocation_list_of_changes(issuer: &[u8], signer: &Key, serials: &[u64]) -> Vec<u8> {
    let base = extension(&[2, 5, 29, 27], true, &uint(&[1]));
    list(issuer, signer, serials, &base)
}

fn list(issuer: &[u8], signer: &Key, serials: &[u64], more: &[u8]) -> Vec<u8> {
    let entries: Vec<Vec<u8>> = serials
        .iter()
        .map(|s| seq(&[&small(*s), &utc("240601000000Z")]))
        .collect();
    let parts: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let revoked = if parts.is_empty() {
        Vec::new()
    } else {
        seq(&parts)
    };
    let identifier = extension(
        &[2, 5, 29, 35],
        false,
        &seq(&[&tlv(0x80, &signer.identifier())]),
    );
    let number = extension(&[2, 5, 29, 20], false, &uint(&[1]));
    let tbs = seq(&[
        &small(1),
        &ecdsa_sha256(),
        issuer,
        &utc("240601000000Z"),
        &utc("491231235959Z"),
        &revoked,
        &nest(0xa0, &[&seq(&[&identifier, &number, more])]),
    ]);
    let signature = signer.sign(&tbs);
    seq(&[&tbs, &ecdsa_sha256(), &bits(&signature)])
}
