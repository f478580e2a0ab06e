//! Certificates, revocation and trust (Doc 9303-12; RFC 5280).

mod accompanying;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod cms;
pub(crate) mod crl;
mod der;
pub(crate) mod master_list;
pub(crate) mod name;
pub(crate) mod time;
pub(crate) mod trust;

pub(crate) use accompanying::Accompanying;
pub(crate) use certificate::Certificate;
