//! The result: a document, judged.

use jiff::civil::Date;
use serde::Serialize;

use crate::finding::Finding;
use crate::mrz::Mrz;
use crate::portrait::Portrait;
use rowcall_words::document::{Authenticity, Kind, Verdict};

/// What a document says besides its MRZ and portrait. Empty where there is neither
/// a chip nor a seal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Details {
    /// LDS version in EF.COM, such as `0107`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lds_version: Option<String>,
    /// Data groups that EF.COM lists.
    pub data_groups: Vec<u8>,
    /// DG11.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderData>,
    /// DG12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentData>,
    /// DG7: how many images of a signature or usual mark.
    pub signature_images: usize,
    /// DG14: object identifiers of the protocols, dotted.
    pub security_infos: Vec<String>,
    /// DG15: kind and size of the active authentication key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_authentication_key: Option<String>,
    /// DG16: how many persons to notify.
    pub persons_to_notify: usize,
    /// What a seal says, whoever signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealData>,
}

/// What a seal says besides the machine readable zone in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SealData {
    /// What it is on, such as `a visa`; for VDS-NC the type that it names.
    pub kind: String,
    /// The issuing state by its header.
    pub state: String,
    /// The day of the signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<Date>,
    /// The messages in their order, the zone left out.
    pub fields: Vec<SealField>,
}

/// One message of a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealField {
    /// What it is, or its number where that is not known.
    pub name: String,
    /// What it says; in hexadecimal digits where its form is not known.
    pub value: String,
}

/// DG11, additional personal details (Doc 9303-10, 4.7.11), without fillers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HolderData {
    /// Name in full, in national characters.
    pub full_name: Option<String>,
    /// Other names.
    pub other_names: Vec<String>,
    /// Personal number.
    pub personal_number: Option<String>,
    /// Date of birth, YYYYMMDD.
    pub full_birth_date: Option<String>,
    /// Place of birth.
    pub place_of_birth: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone number.
    pub telephone: Option<String>,
    /// Profession.
    pub profession: Option<String>,
    /// Title.
    pub title: Option<String>,
}

/// DG12, additional document details (Doc 9303-10, 4.7.12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentData {
    /// Issuing authority.
    pub issuing_authority: Option<String>,
    /// Date of issue, YYYYMMDD.
    pub issue_date: Option<String>,
    /// Endorsements and observations.
    pub endorsements: Option<String>,
}

/// A presented document, read and judged, for good: nothing changes its verdict afterwards.
/// Whatever was wrong with it stands in [`VerifiedDocument::findings`].
#[derive(Debug)]
pub struct VerifiedDocument {
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) authenticity: Authenticity,
    pub(crate) findings: Vec<Finding>,
    /// On the heap: what is freed is wiped, what is moved or written over isn't.
    pub(crate) mrz: Option<Box<Mrz>>,
    pub(crate) portrait: Option<Portrait>,
    pub(crate) details: Details,
}

impl VerifiedDocument {
    /// A document that wasn't opened, or of which nothing is left.
    pub fn unopened() -> Self {
        Self {
            kind: Kind::Mrz,
            verdict: Verdict::Invalid,
            authenticity: Authenticity::NotChecked,
            findings: Vec::new(),
            mrz: None,
            portrait: None,
            details: Details::default(),
        }
    }

    /// What sort of document it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// How far it can be trusted.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What was found out about its signature.
    pub fn authenticity(&self) -> Authenticity {
        self.authenticity
    }

    /// Everything that was noticed, in the order of the checks.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The machine readable zone: from DG1 where there is a chip, else as
    /// printed. `None` if there is none that can be read.
    pub fn mrz(&self) -> Option<&Mrz> {
        self.mrz.as_deref()
    }

    /// The holder's portrait, if there is one that can be read.
    pub fn portrait(&self) -> Option<&Portrait> {
        self.portrait.as_ref()
    }

    /// What a chip says besides MRZ and portrait.
    pub fn details(&self) -> &Details {
        &self.details
    }
}
