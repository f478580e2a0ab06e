//! Certificates and revocation lists that came along with a document: trusted for
//! nothing, but the one may be who signed it, and the other revoke it.

use crate::file::{Part, Role};
use crate::finding::Finding;
use crate::pki::Certificate;
use crate::pki::crl::Crl;

#[derive(Default)]
pub(crate) struct Beside {
    pub certificates: Vec<Certificate>,
    pub crls: Vec<Crl>,
}

impl Beside {
    /// Those among `parts`; what can't be read is a finding.
    pub(crate) fn read(parts: &[Part], findings: &mut Vec<Finding>) -> Self {
        let mut beside = Self::default();
        for part in parts {
            let problem = match part.role {
                Role::Dsc => Certificate::read(&part.bytes)
                    .map(|c| beside.certificates.push(c))
                    .err(),
                Role::Crl => Crl::read(&part.name, &part.bytes)
                    .map(|c| beside.crls.push(c))
                    .err(),
                _ => None,
            };
            if let Some(e) = problem {
                findings.push(Finding::warning(
                    "accompanying-file-unreadable",
                    "Doc 9303-12, 7.1",
                    format!("{}: {e}", part.name),
                ));
            }
        }
        beside
    }
}
