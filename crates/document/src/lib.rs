//! Travel documents: bytes in, a verified document out.
//!
//! [`read`] takes the files of one presented document, a [`rowcall_pki::trust::TrustStore`], a
//! [`Policy`] and the day, and says what the document is, whose it is and how
//! far it can be trusted; [`read_with_faces`] looks for the portrait on a picture of the
//! page, too, with somebody's [`FaceFinder`]. It opens no file, asks no clock and keeps nothing:
//! the same input gives the same output. Whatever is wrong with a document is
//! a [`Finding`]; nothing in it is an error and nothing in it panics.

mod accompanying;
mod chain;
mod chip;
mod document;
mod draft;
mod dtc;
mod error;
mod exchange;
mod file;
mod finding;
mod lds;
pub mod mrz;
mod page;
mod passive;
mod policy;
mod portrait;
mod printed;
mod read;
mod seal;
mod sides;

pub use document::{Details, DocumentData, HolderData, SealData, SealField, VerifiedDocument};
pub use draft::FaceFinder;
pub use error::{Error, ErrorKind};
pub use exchange::{ActiveAuthentication, ChipAuthentication};
pub use file::NamedFile;
pub use finding::Finding;
pub use mrz::{Mrz, MrzDate, MrzFormat};
pub use page::{FaceBox, PagePicture, PageView};
pub use policy::{Leniency, Policy};
pub use portrait::{Portrait, PortraitEncoding, PortraitSource};
pub use read::{read, read_with_faces};
pub use rowcall_picture::ImageFormat;
