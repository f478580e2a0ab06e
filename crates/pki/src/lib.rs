//! Who signed what, and whether anybody trusted stands behind it: BER, signature
//! algorithms, CMS, certificates, revocation and the trust store (Doc 9303-12).
//!
//! Pure: no file, no clock, no randomness. Foreign bytes become [`ber::Tlv`]s and
//! from there certificates ([`certificate`]), signed data ([`cms`]), revocation
//! lists ([`crl`]) and master lists ([`master_list`]), or whatever a file holds of
//! them ([`collection`]); [`trust`] holds those that an operator trusts, and [`path`] leads from a signer to one of them. What a
//! defect means for a document is not said here, but by whoever asks.

pub mod ber;
pub mod certificate;
pub mod cms;
pub mod collection;
pub mod crl;
pub mod crypto;
mod der;
mod error;
pub mod master_list;
pub mod name;
pub mod path;
mod time;
pub mod trust;

pub use error::{Error, ErrorKind};
