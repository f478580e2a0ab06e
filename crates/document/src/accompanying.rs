//! Certificates and revocation lists that came with a document: trusted for
//! nothing by themselves.

use crate::file::{Part, Role};
use crate::finding::Finding;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::collection::{Collection, Item, Limits};
use rowcall_pki::crl::Crl;
use rowcall_words::finding::code::Code;

/// What came along.
#[derive(Default)]
pub(crate) struct Accompanying {
    pub certificates: Vec<Certificate>,
    pub crls: Vec<Crl>,
}

impl Accompanying {
    /// Reads `DSC.der`, `untrusted*.der` and `*.crl`: DER, PEM or PKCS#7, whatever
    /// of the two they hold.
    pub(crate) fn read(parts: &[Part], findings: &mut Vec<Finding>) -> Self {
        let mut all = Self::default();
        let along = parts
            .iter()
            .filter(|part| matches!(part.role, Role::Dsc | Role::Crl));
        for part in along {
            let found = Collection::read(&part.name, &part.bytes, Limits::DOCUMENT);
            for (_, item) in found.items {
                match item {
                    Item::Certificate(certificate) | Item::Listed(certificate) => {
                        all.certificates.push(certificate);
                    }
                    Item::Crl(list) => all.crls.push(list),
                    Item::MasterList(_) => {}
                }
            }
            findings.extend(found.unusable.into_iter().map(|file| {
                Finding::warning(
                    Code::AccompanyingFileUnreadable,
                    format!("{}: {}", file.name, file.why),
                )
            }));
        }
        all
    }
}
