//! What the fields of an MRZ may hold, check digits apart (Doc 9303-3, 4 and 5).

use super::format::MrzFormat;
use super::parse::Mrz;
use crate::lds::state;
use rowcall_words::finding::code::Code;

/// Something in a field that may not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// No document code of the layout.
    DocumentCode,
    /// No state or organization has it.
    IssuingState,
    /// No state or organization has it, and it is none for persons without one.
    Nationality,
    /// A digit in the names.
    DigitInNames,
    /// No primary identifier.
    NoNames,
    /// No document number.
    NoNumber,
}

impl Misfit {
    /// The code of its finding.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::DocumentCode => Code::MrzDocumentCode,
            Self::IssuingState => Code::MrzIssuingState,
            Self::Nationality => Code::MrzNationality,
            Self::DigitInNames => Code::MrzNamesDigit,
            Self::NoNames => Code::MrzNamesMissing,
            Self::NoNumber => Code::MrzNumberMissing,
        }
    }
}

/// What a document code may begin with in a layout (Doc 9303-4 to -7, each 4.2.2).
pub(crate) fn first_letters(format: MrzFormat) -> &'static [u8] {
    match format {
        MrzFormat::Td1 | MrzFormat::Td2 => b"ACI",
        MrzFormat::Td3 => b"P",
        MrzFormat::MrvA | MrzFormat::MrvB => b"V",
    }
}

impl Mrz {
    /// What may not stand where it stands.
    pub(crate) fn misfits(&self) -> Vec<Misfit> {
        let code = self.document_code().as_bytes();
        let begins = code
            .first()
            .is_some_and(|c| first_letters(self.format()).contains(c));
        let goes_on = code[1.min(code.len())..].iter().all(u8::is_ascii_uppercase);
        let names = [self.primary_identifier(), self.secondary_identifier()];
        let has_digit = names.iter().any(|n| n.bytes().any(|b| b.is_ascii_digit()));
        [
            (!(begins && goes_on), Misfit::DocumentCode),
            (!state::is_code(self.issuing_state()), Misfit::IssuingState),
            (!state::is_code(self.nationality()), Misfit::Nationality),
            (has_digit, Misfit::DigitInNames),
            (self.primary_identifier().is_empty(), Misfit::NoNames),
            (self.document_number().is_empty(), Misfit::NoNumber),
        ]
        .into_iter()
        .filter_map(|(is_so, misfit)| is_so.then_some(misfit))
        .collect()
    }

    /// Whether the document code begins with a letter of the layout.
    pub(crate) fn has_code_of_its_layout(&self) -> bool {
        let first = self.document_code().bytes().next();
        first.is_some_and(|c| first_letters(self.format()).contains(&c))
    }

    /// The misfit for a person.
    pub(crate) fn told(&self, misfit: Misfit) -> String {
        match misfit {
            Misfit::DocumentCode => {
                let letters: Vec<String> = first_letters(self.format())
                    .iter()
                    .map(|l| char::from(*l).to_string())
                    .collect();
                format!(
                    "the document code is {:?}; one of {} begins with {}, and has letters only",
                    self.document_code(),
                    self.format().as_str(),
                    letters.join(", ")
                )
            }
            Misfit::IssuingState => format!(
                "the issuing state {:?} is no code that a state or organization has",
                self.issuing_state()
            ),
            Misfit::Nationality => {
                format!(
                    "the nationality {:?} is no code that exists",
                    self.nationality()
                )
            }
            Misfit::DigitInNames => "there is a digit in the names".to_owned(),
            Misfit::NoNames => "there is no name".to_owned(),
            Misfit::NoNumber => "there is no document number".to_owned(),
        }
    }
}
