//! SignedData (RFC 5652) with signed attributes.

use sha2::{Digest, Sha256};

use crate::certificate::{ecdsa_sha256, sha256};
use crate::der::{nest, octets, oid, seq, set_of, small, tlv};
use crate::key::Key;

/// ContentInfo with SignedData over `content` of the type with these arcs, one
/// signer, named by issuer and serial number.
pub(crate) fn signed_data(
    content_type: &[u64],
    content: &[u8],
    certificates: &[&[u8]],
    issuer: &[u8],
    serial: u64,
    key: &Key,
) -> Vec<u8> {
    let attribute = |arcs: &[u64], value: Vec<u8>| seq(&[&oid(arcs), &set_of(vec![value])]);
    let attributes = set_of(vec![
        attribute(&[1, 2, 840, 113549, 1, 9, 3], oid(content_type)),
        attribute(
            &[1, 2, 840, 113549, 1, 9, 4],
            octets(&Sha256::digest(content)),
        ),
        attribute(&[1, 2, 840, 113549, 1, 9, 5], tlv(0x17, b"240101000000Z")),
    ]);
    let signature = key.sign(&attributes);
    // The same contents, tagged [0] where they stand (RFC 5652, 5.4).
    let mut implicit = attributes;
    implicit[0] = 0xa0;
    let signer = seq(&[
        &small(1),
        &seq(&[issuer, &small(serial)]),
        &sha256(),
        &implicit,
        &ecdsa_sha256(),
        &octets(&signature),
    ]);
    let signed = seq(&[
        &small(3),
        &set_of(vec![sha256()]),
        &seq(&[&oid(content_type), &nest(0xa0, &[&octets(content)])]),
        &nest(0xa0, certificates),
        &set_of(vec![signer]),
    ]);
    seq(&[&oid(&[1, 2, 840, 113549, 1, 7, 2]), &nest(0xa0, &[&signed])])
}
