//! What a document is, and how far it can be trusted.

use crate::word::words;

words! {
    /// What sort of document was presented.
    Kind {
        /// Files of a chip (Doc 9303-10).
        Emrtd,
        /// A machine readable zone alone.
        Mrz,
        /// A visible digital seal (Doc 9303-13).
        Vds,
        /// An ICAO Datastructure for Barcode.
        Idb,
        /// A visible digital seal for non-constrained environments.
        VdsNc,
        /// A digital travel credential, virtual component.
        Dtc,
        /// A printed page: a portrait, with or without a machine readable zone.
        Page,
    }

    /// What was found out about who signed the document.
    Authenticity {
        /// There is something signed, and its signature was not checked.
        NotChecked,
        /// There is nothing signed to check: a printed page.
        NotSigned,
        /// The signature is good and leads to a trusted issuer.
        Trusted,
        /// The signature is good and leads to nobody trusted.
        NotTrusted,
        /// The signature is wrong, or the signed hashes do not match the data.
        Broken,
    }

    /// How far a document can be trusted. The order is from best to worst, so the
    /// verdict of a document is the greatest that any of its findings demands.
    Verdict {
        /// Signed by a trusted issuer, nothing odd.
        Valid,
        /// Signed by a trusted issuer; something is odd, and the findings say what.
        ValidWithWarning,
        /// In itself in order, and nothing in it is signed: a printed page.
        Unsigned,
        /// Whole in itself, and nobody trusted stands behind it (any more): a signer whom
        /// nobody vouches for, or what the policy distrusts, such as a date of expiry that
        /// has passed.
        Untrusted,
        /// Uses something that this version cannot check.
        Unsupported,
        /// Altered, revoked, malformed or contradicting itself.
        Invalid,
    }

    /// How much a finding weighs.
    Severity {
        /// Worth saying; changes nothing.
        Info,
        /// Odd or weak; the document may still be good.
        Warning,
        /// The document does not reach a verdict that confirms by default.
        Error,
    }
}
