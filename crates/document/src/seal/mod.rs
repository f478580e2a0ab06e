//! Seals on paper and screens: visible digital seals (Doc 9303-13, BSI
//! TR-03137), the ICAO Datastructure for Barcode, and visible digital seals for
//! non-constrained environments (VDS-NC).

pub(crate) mod barcode;
mod c40;
mod idb;
mod json;
mod signer;
mod vds;
mod vdsnc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;

use crate::document::{Details, SealData, VerifiedDocument};
use crate::finding::{Finding, verdict_of};
use crate::mrz::{Mrz, MrzOrigin};
use crate::policy::Policy;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crl::Crl;
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;
use rowcall_words::document::{Authenticity, Kind};
use rowcall_words::finding::code::Code;

/// What a seal says, whoever signed it.
pub(crate) struct Seal {
    pub kind: Kind,
    /// The lines of the MRZ in it, if there are any.
    pub mrz: Option<Vec<String>>,
    /// The state that issued it, by its header.
    pub state: String,
    pub contents: SealData,
    pub authenticity: Authenticity,
}

/// What every seal's reader gets.
pub(crate) struct Context<'a> {
    pub file: &'a str,
    pub trust: &'a TrustStore,
    pub policy: &'a Policy,
    pub at: Date,
    /// Certificates that came along, trusted for nothing.
    pub certificates: &'a [Certificate],
    /// Revocation lists that came along.
    pub crls: &'a [Crl],
}

impl<'a> Context<'a> {
    /// Certificates that may be the signer's.
    fn candidates(&self) -> impl Iterator<Item = &'a Certificate> {
        let known = self.trust.all().chain(self.trust.listed());
        known.chain(self.certificates)
    }
}

/// A seal's bytes without the byte order mark that editors put before text.
fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The kind of seal that the bytes begin like.
pub(crate) fn kind_of(bytes: &[u8]) -> Option<Kind> {
    let text = unmarked(bytes).trim_ascii_start();
    if bytes.first() == Some(&vds::MAGIC) || in_text(text).is_some() {
        Some(Kind::Vds)
    } else if text.starts_with(b"NDB1") || text.starts_with(b"RDB1") {
        Some(Kind::Idb)
    } else if text.starts_with(b"{") {
        Some(Kind::VdsNc)
    } else {
        None
    }
}

/// A visible digital seal's bytes where they stand in hexadecimal digits or Base64, as
/// collections and readers' logs have them, and which of the two.
fn in_text(bytes: &[u8]) -> Option<(Vec<u8>, &'static str)> {
    const SHORTEST: usize = 64;
    let compact: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    if compact.len() < SHORTEST || !compact.is_ascii() {
        return None;
    }
    let hexadecimal = || base16ct::mixed::decode_vec(&compact).ok();
    let base64 = || STANDARD.decode(&compact).ok();
    [(hexadecimal(), "hexadecimal digits"), (base64(), "Base64")]
        .into_iter()
        .find_map(|(bytes, how)| {
            let bytes = bytes.filter(|b| b.first() == Some(&vds::MAGIC) && vds::is_whole(b))?;
            Some((bytes, how))
        })
}

/// The kind that a file's name promises, where its bytes are of none.
fn kind_by_name(name: &str) -> Kind {
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    match (stem, extension) {
        (_, "idb") | ("idb", _) => Kind::Idb,
        (_, "vdsnc") | ("vdsnc", _) => Kind::VdsNc,
        _ => Kind::Vds,
    }
}

/// Whether the bytes are a seal from beginning to end, whoever signed it.
fn is_whole(bytes: &[u8]) -> bool {
    let bytes = unmarked(bytes);
    match kind_of(bytes) {
        Some(Kind::Vds) => vds::is_whole(bytes),
        Some(Kind::Idb) => idb::is_whole(bytes),
        Some(Kind::VdsNc) => vdsnc::is_whole(bytes),
        _ => false,
    }
}

/// Reads a seal's bytes, whichever kind they are; `None` if of none, which is
/// then a finding.
pub(crate) fn read(
    bytes: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Seal> {
    let pictured = barcode::find(bytes);
    read_bytes(pictured.as_deref().unwrap_or(bytes), context, findings)
}

fn read_bytes(bytes: &[u8], context: &Context<'_>, findings: &mut Vec<Finding>) -> Option<Seal> {
    let bytes = unmarked(bytes);
    if let Some((bytes, how)) = in_text(bytes) {
        findings.push(Finding::warning(
            Code::SealInText,
            format!("{}: the seal's bytes are written as {how}", context.file),
        ));
        return read_bytes(&bytes, context, findings);
    }
    match kind_of(bytes) {
        Some(Kind::Vds) => vds::read(bytes, context, findings),
        Some(Kind::Idb) => idb::read(bytes, context, findings),
        Some(Kind::VdsNc) => vdsnc::read(bytes, context, findings),
        _ => {
            findings.push(Finding::invalid(
                Code::SealUnreadable,
                format!("{}: no seal of a kind that is known", context.file),
            ));
            None
        }
    }
}

/// A seal that was presented by itself.
pub(crate) fn document(
    bytes: &[u8],
    context: &Context<'_>,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let pictured = barcode::find(bytes);
    let bytes = pictured.as_deref().unwrap_or(bytes);
    let seal = read_bytes(bytes, context, &mut findings);
    let mrz = seal.as_ref().and_then(|s| mrz(s, context, &mut findings));
    VerifiedDocument {
        kind: seal
            .as_ref()
            .map(|s| s.kind)
            .or_else(|| kind_of(bytes))
            .unwrap_or_else(|| kind_by_name(context.file)),
        verdict: verdict_of(Verdict::Valid, &findings),
        authenticity: seal
            .as_ref()
            .map_or(Authenticity::Broken, |s| s.authenticity),
        findings,
        mrz: mrz.map(Box::new),
        portrait: None,
        details: Details {
            seal: seal.map(|s| s.contents),
            ..Details::default()
        },
    }
}

/// The MRZ that a seal repeats.
pub(crate) fn mrz(seal: &Seal, context: &Context<'_>, findings: &mut Vec<Finding>) -> Option<Mrz> {
    let lines = seal.mrz.as_ref()?;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    match Mrz::parse(&lines, context.at) {
        Ok(mrz) => {
            findings.extend(mrz.findings(
                context.file,
                MrzOrigin::Signed,
                context.policy,
                context.at,
            ));
            if mrz.issuing_state() != seal.state.trim_end_matches('<') {
                findings.push(Finding::warning(
                    Code::SealStatesDiffer,
                    format!(
                        "{}: the header says that {} issued it, and the zone in it that {} did",
                        context.file,
                        seal.state,
                        mrz.issuing_state()
                    ),
                ));
            }
            Some(mrz)
        }
        Err(defect) => {
            findings.push(defect.finding(context.file));
            None
        }
    }
}

/// Lines of an MRZ that a seal has in one run, with spaces for fillers. A
/// seal leaves out the end of a visa's second line (Doc 9303-13, 3.1.1).
fn mrz_lines(run: &str) -> Option<Vec<String>> {
    let run: String = run
        .trim_end_matches('\0')
        .chars()
        .map(|c| if c == ' ' { '<' } else { c })
        .collect();
    if !run.is_ascii() {
        return None;
    }
    let visa = run.starts_with('V');
    let (width, lines) = match run.len() {
        90 => (30, 3),
        88 => (44, 2),
        72 if visa => (44, 2),
        72 => (36, 2),
        64 | 66 if visa => (36, 2),
        _ => return None,
    };
    let padded = format!("{run:<<width$}", width = width * lines);
    Some(
        (0..lines)
            .map(|i| padded[i * width..(i + 1) * width].to_owned())
            .collect(),
    )
}

/// A date in three bytes, MMDDYYYY as a number (Doc 9303-13, 2.3).
fn three_byte_date(bytes: &[u8]) -> Option<Date> {
    let [a, b, c] = bytes.try_into().ok()?;
    let number = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
    Date::new(
        i16::try_from(number % 10_000).ok()?,
        i8::try_from(number / 1_000_000).ok()?,
        i8::try_from(number / 10_000 % 100).ok()?,
    )
    .ok()
}
