//! What is decided here in the words of the audit log.

use rowcall_audit::entry::Leniencies;
use rowcall_custody::{Fact, log_seat};
use rowcall_document::VerifiedDocument;
use rowcall_rollcall::SeatResult;
use rowcall_words::document::{Kind, Severity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::log::{DocumentKind, DocumentVerdict};

/// A document as the log says it.
pub(crate) fn document(document: &VerifiedDocument) -> Fact<'static> {
    let code = document.mrz().map(|m| m.document_code().chars().next());
    let kind = match (document.kind(), code.flatten()) {
        (Kind::Dtc, _) => DocumentKind::DigitalCredential,
        (_, Some('P')) => DocumentKind::Passport,
        (_, Some('V')) => DocumentKind::Visa,
        (_, Some('A' | 'C' | 'I')) => DocumentKind::IdentityCard,
        (Kind::Vds | Kind::Idb | Kind::VdsNc, _) => DocumentKind::Seal,
        _ => DocumentKind::Other,
    };
    let nothing = document.mrz().is_none() && document.portrait().is_none();
    let verdict = match document.verdict() {
        Verdict::Valid | Verdict::ValidWithWarning if document.portrait().is_none() => {
            DocumentVerdict::NoPortrait
        }
        Verdict::Valid | Verdict::ValidWithWarning => DocumentVerdict::Trusted,
        Verdict::Unsigned | Verdict::Untrusted | Verdict::Unsupported => {
            DocumentVerdict::NotTrusted
        }
        Verdict::Invalid if nothing => DocumentVerdict::Unreadable,
        Verdict::Invalid => DocumentVerdict::Invalid,
    };
    Fact::Document {
        kind,
        verdict,
        leniencies: leniencies(document),
    }
}

/// A document whose holder opted out.
pub(crate) fn document_opted_out() -> Fact<'static> {
    Fact::Document {
        kind: DocumentKind::Other,
        verdict: DocumentVerdict::OptedOut,
        leniencies: bits(0),
    }
}

/// A seat as the log says it; none for somebody on no known one.
pub(crate) fn seat(result: &SeatResult) -> Option<Fact<'static>> {
    let (row, side) = log_seat(result.seat?)?;
    Some(Fact::Seat {
        row,
        side,
        outcome: result.outcome.word(),
        stage: result.stage,
    })
}

/// Defects that were let pass, each a bit: what the document reader's policy names,
/// in its order, by its findings. A finding that is only a warning was let pass.
const TOLERATED: [&[Code]; 15] = [
    &[Code::MrzSexNotAllowed],
    &[Code::DocumentExpired],
    &[Code::WeakHash],
    &[Code::WeakKey],
    &[Code::SignerExpired],
    &[Code::IssuerExpired],
    &[Code::ContentType],
    &[Code::NoSignedAttributes],
    &[Code::SignedAttributesUnsorted],
    &[Code::TrailingBytes],
    &[Code::FacialBlockLength],
    &[Code::SignerIdentifierDiffers],
    &[Code::SignatureOdd],
    &[Code::EncodingNotDer],
    &[Code::IssuerNameDiffers, Code::IssuerKeyIdDiffers],
];

fn leniencies(document: &VerifiedDocument) -> Leniencies {
    let passed = document
        .findings()
        .iter()
        .filter(|f| f.severity == Severity::Warning);
    let bit = |code: Code| TOLERATED.iter().position(|known| known.contains(&code));
    bits(
        passed
            .filter_map(|f| bit(f.code))
            .fold(0, |all, bit| all | 1 << bit),
    )
}

fn bits(all: u16) -> Leniencies {
    Leniencies::from_bits(all)
}
