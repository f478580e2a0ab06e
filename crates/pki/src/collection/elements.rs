//! DER: one element or several, one after another.

use super::{Collection, Item};
use crate::ber::{Reader, Tlv};
use crate::certificate::Certificate;
use crate::cms::{Bundle, ID_DATA, SignedData};
use crate::crl::Crl;
use crate::master_list::{CSCA_MASTER_LIST, MasterList};

impl Collection {
    /// Elements to the end; nothing but padding may follow the last.
    pub(super) fn elements(&mut self, name: &str, bytes: &[u8]) {
        let mut reader = Reader::new(bytes, 0);
        while !reader.is_empty() {
            let rest = reader.rest();
            if rest.iter().all(|b| *b == 0 || b.is_ascii_whitespace()) {
                return;
            }
            let offset = reader.offset();
            match reader.read() {
                Ok(element) if element.tag == 0x30 => self.element(name, &element),
                Ok(_) if offset > 0 => {
                    let many = rest.len();
                    return self.refuse(
                        name,
                        format!("{many} bytes at offset {offset} that are none of its kind"),
                    );
                }
                Ok(_) => return self.refuse(name, NOTHING),
                Err(e) => return self.refuse(name, format!("damaged or cut: {e}")),
            }
        }
    }

    /// A certificate, a revocation list, or something of CMS.
    pub(super) fn element(&mut self, name: &str, element: &Tlv<'_>) {
        match element.contents().peek() {
            // ContentInfo.
            Some(0x06) => self.content(name, element),
            Some(0x02) => self.integer_first(name, element),
            _ => self.signed_by_issuer(name, element, Item::Certificate),
        }
    }

    /// A certificate, which becomes what `as_item` says, or a revocation list.
    pub(super) fn signed_by_issuer(
        &mut self,
        name: &str,
        element: &Tlv<'_>,
        as_item: impl FnOnce(Certificate) -> Item,
    ) {
        let as_certificate = match Certificate::read(element.raw) {
            Ok(certificate) => return self.take(name, as_item(certificate)),
            Err(e) => e,
        };
        match Crl::read(name, element.raw) {
            Ok(list) => self.take(name, Item::Crl(list)),
            Err(as_list) => self.refuse(
                name,
                format!(
                    "neither a certificate ({as_certificate}) nor a revocation list ({as_list})"
                ),
            ),
        }
    }

    /// A bare master list; key stores begin with a number, too.
    fn integer_first(&mut self, name: &str, element: &Tlv<'_>) {
        let mut parts = element.contents();
        let second = parts.read().ok().and_then(|_| parts.peek());
        match second {
            Some(0x31) => self.master_list(name, element),
            Some(0x30 | 0x04 | 0x02) => {
                self.refuse(name, "a key or a key store, which has no place here")
            }
            _ => self.refuse(name, NOTHING),
        }
    }

    fn content(&mut self, name: &str, info: &Tlv<'_>) {
        match SignedData::read(info) {
            Ok(signed) if signed.content_type == CSCA_MASTER_LIST => self.master_list(name, info),
            Ok(signed) if signed.content_type != ID_DATA => {
                self.refuse(name, "signed data of another kind than a master list")
            }
            _ => self.bundle(name, info),
        }
    }

    fn master_list(&mut self, name: &str, element: &Tlv<'_>) {
        match MasterList::read(element.raw) {
            Ok(list) => {
                for what in list.unreadable() {
                    self.refuse(name, what.clone());
                }
                self.take(name, Item::MasterList(list));
            }
            Err(e) => self.refuse(name, e.to_string()),
        }
    }

    fn bundle(&mut self, name: &str, info: &Tlv<'_>) {
        match Bundle::read(info) {
            Ok(bundle) if bundle.certificates.is_empty() && bundle.crls.is_empty() => {
                self.refuse(
                    name,
                    "signed data with neither certificates nor revocation lists",
                );
            }
            Ok(bundle) => {
                for element in bundle.certificates.iter().chain(&bundle.crls) {
                    self.signed_by_issuer(name, element, Item::Certificate);
                }
            }
            Err(e) => self.refuse(name, format!("{NOTHING}: {e}")),
        }
    }
}

const NOTHING: &str = "neither a certificate, a revocation list nor a master list";
