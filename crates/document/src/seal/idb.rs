//! The ICAO Datastructure for Barcode (ICAO Technical Report "ICAO
//! Datastructure for Barcode", 2023): `NDB1`, a flag, Base32 text.

use std::io::Read;

use jiff::civil::Date;
use sha1::{Digest, Sha1};

use super::signer::{self, Reference, Signed};
use super::{Context, Seal, c40, mrz_lines, three_byte_date};
use crate::document::SealData;
use crate::finding::Finding;
use rowcall_pki::ber::Reader;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crypto::Hash;
use rowcall_words::document::Verdict;
use rowcall_words::document::{Authenticity, Kind};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// A barcode holds at most about 3 kB; zlib could make it endless.
const MOST_BYTES: usize = 64 << 10;
const SIGNED: u8 = 1;
const ZIPPED: u8 = 2;
const MESSAGE_GROUP: u8 = 0x61;
/// Lengths of a signed barcode's header: the day of the signature has four bytes in
/// most that are published, and three in the report's Table 2.
const HEADERS: [usize; 2] = [12, 11];

pub(super) fn read(
    bytes: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Seal> {
    match parse(bytes, context, findings) {
        Ok(seal) => Some(seal),
        Err(what) => {
            findings.push(
                Finding::invalid(Code::SealMalformed, format!("{}: {what}", context.file))
                    .under(Clause::Idb),
            );
            None
        }
    }
}

/// Whether header, message group and, where its flag says so, signature are there.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    unpack(bytes).is_ok_and(|payload| Parts::of(&payload).is_ok())
}

/// The bytes behind the flag.
struct Payload {
    bytes: Vec<u8>,
    signed: bool,
}

fn unpack(bytes: &[u8]) -> Result<Payload, String> {
    let text = bytes.trim_ascii();
    let flag = text
        .get(4)
        .and_then(|f| f.checked_sub(b'A'))
        .filter(|f| *f < 4)
        .ok_or("no flag of a barcode after its identifier")?;
    let plain = base32(text.get(5..).unwrap_or_default()).ok_or("not Base32")?;
    let zipped = flag & ZIPPED != 0;
    Ok(Payload {
        bytes: if zipped { unzip(&plain)? } else { plain },
        signed: flag & SIGNED != 0,
    })
}

/// What the payload consists of.
struct Parts<'a> {
    header: &'a [u8],
    country: String,
    /// Contents of the message group.
    messages: &'a [u8],
    /// Header and message group.
    signed: &'a [u8],
    certificate: Option<Certificate>,
    signature: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(payload: &'a Payload) -> Result<Self, String> {
        let bytes = payload.bytes.as_slice();
        let group_at = |len: &usize| bytes.get(*len) == Some(&MESSAGE_GROUP);
        let header_len = match payload.signed {
            true => HEADERS.into_iter().find(group_at).unwrap_or(HEADERS[0]),
            false => 2,
        };
        let header = bytes.get(..header_len).ok_or("shorter than its header")?;
        let country = c40::decode(&header[..2]).ok_or("no country in the header")?;
        let group = Reader::new(&bytes[header_len..], header_len)
            .expect(u32::from(MESSAGE_GROUP), "no message group")
            .map_err(|e| e.to_string())?;
        let signed_len = group.offset + group.raw.len();
        let mut certificate = None;
        let signature = tail_signature(bytes, signed_len, &mut certificate);
        if signature.is_none() && payload.signed {
            return Err("the signature is missing or cut".to_owned());
        }
        Ok(Self {
            header,
            country,
            messages: group.value,
            signed: &bytes[..signed_len],
            certificate,
            signature,
        })
    }
}

fn parse(bytes: &[u8], context: &Context<'_>, findings: &mut Vec<Finding>) -> Result<Seal, String> {
    let payload = unpack(bytes)?;
    let parts = Parts::of(&payload)?;
    findings.push(
        Finding::info(
            Code::SealContents,
            format!(
                "{}: a barcode of {}",
                context.file,
                parts.country.trim_end()
            ),
        )
        .under(Clause::Idb),
    );
    let authenticity = match parts.signature {
        None => {
            findings.push(Finding::new(
                Code::SealNotSigned,
                Verdict::Unsigned,
                format!("{}: the barcode is not signed", context.file),
            ));
            Authenticity::NotSigned
        }
        Some(signature) => check(&parts, signature, context, findings),
    };
    Ok(Seal {
        kind: Kind::Idb,
        mrz: message_mrz(parts.messages),
        state: parts.country.trim_end().to_owned(),
        contents: SealData {
            kind: "an ICAO barcode".to_owned(),
            state: parts.country.trim_end().to_owned(),
            signed_on: signed_on(parts.header),
            fields: Vec::new(),
        },
        authenticity,
    })
}

/// Elements after the message group: an optional certificate (7E) and the
/// signature (7F). Their tags have one byte although the low five bits are set.
fn tail_signature<'a>(
    payload: &'a [u8],
    from: usize,
    certificate: &mut Option<Certificate>,
) -> Option<&'a [u8]> {
    let mut at = from;
    loop {
        let tag = *payload.get(at)?;
        let (len, header) = match usize::from(*payload.get(at + 1)?) {
            n @ 0..=0x7f => (n, 2),
            0x81 => (usize::from(*payload.get(at + 2)?), 3),
            0x82 => (
                usize::from(*payload.get(at + 2)?) << 8 | usize::from(*payload.get(at + 3)?),
                4,
            ),
            _ => return None,
        };
        let value = payload.get(at + header..at + header + len)?;
        match tag {
            0x7f => return Some(value),
            0x7e => *certificate = Certificate::read(value).ok(),
            _ => return None,
        }
        at += header + len;
    }
}

fn check(
    parts: &Parts<'_>,
    signature: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let header = parts.header;
    let signed = Signed {
        bytes: parts.signed,
        signature,
        state: parts.country.trim_end(),
        of_other_state: Verdict::Untrusted,
        date: signed_on(header),
    };
    // The header's algorithm: 1 SHA-256, 2 SHA-384, 3 SHA-512, all with ECDSA.
    let hash = match header.get(2) {
        Some(1) => Hash::Sha256,
        Some(2) => Hash::Sha384,
        Some(3) => Hash::Sha512,
        _ => {
            findings.push(
                Finding::new(
                    Code::AlgorithmNotSupported,
                    Verdict::Unsupported,
                    format!("{}: a signature algorithm not known", context.file),
                )
                .under(Clause::Idb),
            );
            return Authenticity::NotChecked;
        }
    };
    let reference = header.get(3..8).unwrap_or_default();
    // The last five bytes of the certificate's SHA-1.
    let names = |c: &Certificate| Sha1::digest(&c.der).ends_with(reference);
    let brought = parts.certificate.as_ref();
    if let Some(certificate) = brought.or_else(|| context.candidates().find(|c| names(c))) {
        return signer::check_with(certificate, hash, &signed, context, findings);
    }
    let shown = base16ct::lower::encode_string(reference);
    signer::check(
        &signed,
        &Reference {
            shown,
            names: &names,
        },
        context,
        findings,
    )
}

/// The day of the signature: the last three bytes of a signed barcode's header.
fn signed_on(header: &[u8]) -> Option<Date> {
    let start = header.len().checked_sub(3).filter(|start| *start > 2)?;
    three_byte_date(&header[start..])
}

/// The MRZ in the message group's contents, by its length.
fn message_mrz(group: &[u8]) -> Option<Vec<String>> {
    Reader::new(group, 0)
        .map_while(Result::ok)
        .map(|m| match m.value {
            // Wrapped once more, as some barcodes have it.
            [2, len, inner @ ..] if usize::from(*len) == inner.len() => inner,
            plain => plain,
        })
        .filter(|value| matches!(value.len(), 44 | 48 | 60))
        .find_map(|value| mrz_lines(&c40::decode(value)?))
}

/// RFC 4648, 6, without padding, in either case.
fn base32(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.iter().take(MOST_BYTES) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a',
            b'2'..=b'7' => byte - b'2' + 26,
            b'=' => continue,
            _ => return None,
        };
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

fn unzip(payload: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(payload)
        .take(MOST_BYTES as u64)
        .read_to_end(&mut out)
        .map_err(|e| format!("the compressed barcode is damaged: {e}"))?;
    Ok(out)
}
