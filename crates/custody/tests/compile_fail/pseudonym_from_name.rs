//! An officer's name is no pseudonym.

use rowcall_audit::entry::OfficerPseudonym;

fn log(name: [u8; 8]) -> OfficerPseudonym {
    OfficerPseudonym(name)
}

fn main() {}
