//! What each fuzz target does with its input. The same functions run as a
//! stable test over a corpus and its mutations
//! (`crates/document/tests/document/mutations.rs`).

use rowcall_document::{
    ActiveAuthentication, ChipAuthentication, FaceBox, FaceFinder, NamedFile, PagePicture,
    PageView, Policy, mrz,
};
use rowcall_pki::master_list::MasterList;
use rowcall_pki::trust::TrustStore;

const AT: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// Takes every page's first view for a face, corner to corner.
struct WholeView;

impl FaceFinder for WholeView {
    type Error = std::convert::Infallible;

    fn face(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Self::Error> {
        let whole = |view: PageView| {
            let size = (view.raster().width() as f32, view.raster().height() as f32);
            (view, (0.0, 0.0, size.0, size.1))
        };
        Ok(page.views().next().map(whole))
    }
}

fn read(name: &str, bytes: &[u8]) {
    read_all(&[(name, bytes)]);
}

fn read_all(files: &[(&str, &[u8])]) {
    let file = |(name, bytes): &(&str, &[u8])| NamedFile {
        name: (*name).to_owned(),
        bytes: bytes.to_vec(),
    };
    let files = files.iter().map(file).collect();
    let (trust, policy) = (TrustStore::empty(), Policy::default());
    let Ok(read) = rowcall_document::read_with_faces(files, &WholeView, &trust, &policy, AT);
    // As docs/findings.md has it.
    for found in read.findings() {
        let clauses = found.code.clauses();
        let is_its_own = found
            .clause
            .map_or(clauses.is_empty(), |c| clauses.contains(&c));
        assert!(is_its_own, "{}: {:?}", found.code, found.clause);
    }
}

/// A machine readable zone, typed and recognised.
pub(crate) fn mrz(bytes: &[u8]) {
    read("mrz.txt", bytes);
    let text = String::from_utf8_lossy(bytes);
    mrz::repair::read_recognised(&mrz::split_lines(&text), AT);
}

/// EF.COM and the data groups that are lists of elements.
pub(crate) fn tlv(bytes: &[u8]) {
    for name in [
        "EF_COM.bin",
        "EF_DG1.bin",
        "EF_DG11.bin",
        "EF_DG14.bin",
        "EF_DG16.bin",
    ] {
        read(name, bytes);
    }
}

/// EF.SOD.
pub(crate) fn sod(bytes: &[u8]) {
    read("EF_SOD.bin", bytes);
}

/// What a trust or a revocation folder holds, in whatever it is packed, and the
/// certificates among it against the revocation lists.
pub(crate) fn certificate(bytes: &[u8]) {
    let (mut store, _) = TrustStore::from_files([("x.der", bytes.to_vec())]);
    store.add_revocation_lists([("x.crl", bytes.to_vec())]);
    store.entries().for_each(drop);
    for list in store.crls().iter().take(4) {
        for certificate in store.all().chain(store.listed()).take(4) {
            let _ = (list.revokes(certificate), list.gap(certificate, AT));
            let _ = list.is_signed_by(&certificate.key);
        }
    }
    let _ = MasterList::read(bytes);
}

/// What came along with a document: certificates and revocation lists beside it, and
/// in its security object.
pub(crate) fn accompanying(bytes: &[u8]) {
    let (trust, _) = TrustStore::from_files([("x", bytes.to_vec())]);
    let file = |name: &str| NamedFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    for presented in ["EF_SOD.bin", "seal.bin"] {
        let files = [presented, "DSC.der", "x.crl"].map(file).into();
        rowcall_document::read(files, &trust, &Policy::default(), AT);
    }
}

/// Recorded exchanges with a chip: the same bytes as their file, as key file and as answer.
pub(crate) fn exchange(bytes: &[u8]) {
    read_all(&[("exchanges.json", bytes), ("EF_DG15.bin", bytes)]);
    let active = ActiveAuthentication {
        dg15: bytes,
        dg14: Some(bytes),
        challenge: &[1, 2, 3, 4, 5, 6, 7, 8],
        response: bytes.get(..128).unwrap_or(bytes),
    };
    let _ = active.verify();
    // An answer that is whole, so that the key agreement is reached.
    const ANSWER: [u8; 14] = [0x99, 2, 0x90, 0, 0x8e, 8, 1, 2, 3, 4, 5, 6, 7, 8];
    let mut chip = ChipAuthentication {
        dg14: bytes,
        key_id: None,
        ephemeral_private_key: &[0x5a; 24],
        send_sequence_counter: &[2; 8],
        response: &ANSWER,
    };
    let _ = chip.verify();
    chip.response = bytes;
    let _ = chip.verify();
}

/// DG2 down to the image's header.
pub(crate) fn dg2(bytes: &[u8]) {
    read("EF_DG2.bin", bytes);
}

/// Seals of every kind.
pub(crate) fn seal(bytes: &[u8]) {
    read("seal.bin", bytes);
}

/// A digital travel credential.
pub(crate) fn dtc(bytes: &[u8]) {
    read("holder.dtc", bytes);
}

/// A picture of a page: its zone, and the views that a face is looked for in.
pub(crate) fn page(bytes: &[u8]) {
    read("page.png", bytes);
}
