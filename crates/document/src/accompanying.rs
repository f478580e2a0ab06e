//! Certificates and revocation lists that came with a document: trusted for
//! nothing by themselves.

use crate::file::{Part, Role};
use crate::finding::Finding;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crl::Crl;
use rowcall_pki::trust::pem_blocks;

/// What came along.
#[derive(Default)]
pub(crate) struct Accompanying {
    pub certificates: Vec<Certificate>,
    pub crls: Vec<Crl>,
}

impl Accompanying {
    /// Reads `DSC.der`, `untrusted*.der` and `*.crl`, DER or PEM.
    pub(crate) fn read(parts: &[Part], findings: &mut Vec<Finding>) -> Self {
        let mut all = Self::default();
        for part in parts {
            if let Err(why) = all.add(part) {
                findings.push(Finding::warning(
                    "accompanying-file-unreadable",
                    "Doc 9303-12, 7.1",
                    format!("{}: {why}", part.name),
                ));
            }
        }
        all
    }

    fn add(&mut self, part: &Part) -> Result<(), String> {
        if !matches!(part.role, Role::Dsc | Role::Crl) {
            return Ok(());
        }
        let blocks = pem_blocks(&part.bytes).unwrap_or_else(|| Ok(vec![part.bytes.to_vec()]))?;
        for der in blocks {
            if part.role == Role::Dsc {
                let certificate = Certificate::read(&der).map_err(|e| e.to_string())?;
                self.certificates.push(certificate);
            } else {
                let list = Crl::read(&part.name, &der).map_err(|e| e.to_string())?;
                self.crls.push(list);
            }
        }
        Ok(())
    }
}
