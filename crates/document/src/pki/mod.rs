//! Certificates, revocation and trust (Doc 9303-12; RFC 5280).

pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod cms;
pub(crate) mod crl;
pub(crate) mod master_list;
pub(crate) mod name;
pub(crate) mod time;
pub(crate) mod trust;

pub(crate) use certificate::Certificate;
