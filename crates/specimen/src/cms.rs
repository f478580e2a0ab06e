//! SignedData (RFC 5652) with signed attributes.

use sha2::{Digest, Sha256};

use crate::Deviation;
use crate::certificate::{ecdsa_sha256, name, sha256};
use crate::der::{nest, octets, oid, seq, set_of, small, tlv};
use crate::key::Key;

/// What a SignedData is made of.
pub(crate) struct Request<'a> {
    /// The arcs of the content's type.
    pub content_type: &'a [u64],
    pub content: &'a [u8],
    pub certificates: &'a [&'a [u8]],
    /// Revocation lists that come along.
    pub lists: &'a [&'a [u8]],
    /// The one signer is named by issuer and serial number.
    pub issuer: &'a [u8],
    pub serial: u64,
    pub key: &'a Key,
    /// What is to be wrong or odd with it.
    pub deviation: Option<Deviation>,
}

/// ContentInfo with SignedData.
pub(crate) fn signed_data(r: &Request<'_>) -> Vec<u8> {
    let signers = match r.deviation {
        Some(Deviation::WrongSignerFirst) => vec![signer(r, true), signer(r, false)],
        _ => vec![signer(r, false)],
    };
    let content = match r.deviation {
        Some(Deviation::PiecesOfPieces) => {
            let (first, second) = r.content.split_at(r.content.len() / 2);
            let inner = nest(0x24, &[&octets(first)]);
            nest(0x24, &[&inner, &octets(second)])
        }
        _ => octets(r.content),
    };
    let lists = if r.lists.is_empty() {
        Vec::new()
    } else {
        nest(0xa1, r.lists)
    };
    let signed = seq(&[
        &small(3),
        &set_of(vec![sha256()]),
        &seq(&[&oid(r.content_type), &nest(0xa0, &[&content])]),
        &nest(0xa0, r.certificates),
        &lists,
        // In the order in which they are given.
        &tlv(0x31, &signers.concat()),
    ]);
    seq(&[&oid(&[1, 2, 840, 113549, 1, 7, 2]), &nest(0xa0, &[&signed])])
}

fn signer(r: &Request<'_>, is_wrong: bool) -> Vec<u8> {
    let attributes = attributes(r);
    let mut signature = match r.deviation {
        Some(Deviation::PlainNumbers) => r.key.sign_plain(&attributes),
        _ => r.key.sign(&attributes),
    };
    if is_wrong {
        signature = r.key.sign(b"something else");
    }
    // The same contents, tagged [0] where they stand (RFC 5652, 5.4).
    let mut implicit = attributes;
    implicit[0] = 0xa0;
    if r.deviation == Some(Deviation::AttributesInBer) {
        implicit = in_ber(&implicit);
    }
    let digest = match r.deviation {
        // SHA3-256.
        Some(Deviation::UnknownDigest) => seq(&[&oid(&[2, 16, 840, 1, 101, 3, 4, 2, 8])]),
        _ => sha256(),
    };
    let issuer = match r.deviation {
        Some(Deviation::IssuerReversed) => reversed(r.issuer),
        Some(Deviation::SubjectForIssuer) => name("Specimen document signer"),
        _ => r.issuer.to_vec(),
    };
    let serial = match r.deviation {
        Some(Deviation::OtherSerial) => r.serial + 1,
        _ => r.serial,
    };
    let algorithm = match r.deviation {
        Some(Deviation::KeyForAlgorithm) => seq(&[&oid(&[1, 2, 840, 10045, 2, 1])]),
        _ => ecdsa_sha256(),
    };
    seq(&[
        &small(1),
        &seq(&[&issuer, &small(serial)]),
        &digest,
        &implicit,
        &algorithm,
        &octets(&signature),
    ])
}

fn attributes(r: &Request<'_>) -> Vec<u8> {
    let attribute = |arc: u64, values: Vec<Vec<u8>>| {
        seq(&[&oid(&[1, 2, 840, 113549, 1, 9, arc]), &set_of(values)])
    };
    let kind = attribute(3, vec![oid(r.content_type)]);
    let value = octets(&Sha256::digest(r.content));
    let digest = attribute(4, vec![value.clone()]);
    let mut all = match r.deviation {
        Some(Deviation::TwoDigests) => vec![kind, digest.clone(), digest],
        Some(Deviation::TwoValuesOfDigest) => {
            vec![kind, attribute(4, vec![value, octets(&[7; 32])])]
        }
        Some(Deviation::NoContentType) => vec![digest],
        Some(Deviation::TwoContentTypes) => vec![kind.clone(), kind, digest],
        Some(Deviation::ContradictingContentTypes) => {
            let data = oid(&[1, 2, 840, 113549, 1, 7, 1]);
            vec![kind, attribute(3, vec![data]), digest]
        }
        _ => vec![kind, digest],
    };
    all.push(attribute(5, vec![tlv(0x17, b"240101000000Z")]));
    if r.deviation == Some(Deviation::SignedUnsorted) {
        all.sort();
        all.reverse();
        return tlv(0x31, &all.concat());
    }
    set_of(all)
}

/// A name with its attributes the other way round.
fn reversed(name: &[u8]) -> Vec<u8> {
    let header = 2;
    let mut rest = &name[header..];
    let mut sets = Vec::new();
    while rest.len() > 1 {
        let (set, more) = rest.split_at(2 + usize::from(rest[1]));
        sets.insert(0, set);
        rest = more;
    }
    seq(&sets)
}

/// Certificates and revocation lists that nobody signed (RFC 5652, 5.2).
pub(crate) fn bundle(certificates: &[&[u8]], lists: &[&[u8]]) -> Vec<u8> {
    let content = seq(&[&oid(&[1, 2, 840, 113549, 1, 7, 1])]);
    let lists = match lists {
        [] => Vec::new(),
        lists => nest(0xa1, lists),
    };
    let signed = seq(&[
        &small(1),
        &tlv(0x31, &[]),
        &content,
        &nest(0xa0, certificates),
        &lists,
        &tlv(0x31, &[]),
    ]);
    seq(&[&oid(&[1, 2, 840, 113549, 1, 7, 2]), &nest(0xa0, &[&signed])])
}

/// The attributes with an indefinite length, and the first with a longer one than it
/// needs.
fn in_ber(element: &[u8]) -> Vec<u8> {
    let header = if element[1] < 0x80 {
        2
    } else {
        2 + usize::from(element[1] & 0x7f)
    };
    let inside = &element[header..];
    let (attribute, rest) = inside.split_at(2 + usize::from(inside[1]));
    let long = [&[attribute[0], 0x81, attribute[1]], &attribute[2..]].concat();
    [&[element[0], 0x80], &long[..], rest, &[0, 0]].concat()
}
