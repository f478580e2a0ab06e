//! What an MRZ says, field by field, and as JSON.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::check::{Checks, check_digit};
use super::date::MrzDate;
use super::field::Field;
use super::format::MrzFormat;
use super::parse::Mrz;

impl Mrz {
    /// The layout.
    pub fn format(&self) -> MrzFormat {
        self.format
    }

    /// The lines, two or three.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines
            .iter()
            .take(self.format.shape().0)
            .map(Field::as_str)
    }

    /// The document code without fillers, such as `P` or `ID`.
    pub fn document_code(&self) -> &str {
        self.document_code.as_str()
    }

    /// The issuing state or organization without fillers; Germany is `D`.
    pub fn issuing_state(&self) -> &str {
        self.issuing_state.as_str()
    }

    /// The document number without fillers at the end, joined from the
    /// optional data where it is longer than nine characters.
    pub fn document_number(&self) -> &str {
        self.document_number.as_str()
    }

    /// Whether a passport's or visa's number seems to go on in the optional data, its
    /// check digit after it, which only TD1 and TD2 know (Doc 9303-5, 4.2.2, note j).
    pub(crate) fn number_overflows(&self) -> bool {
        let lower = self.lines[1].as_str().as_bytes();
        let Some((head, optional)) = lower.get(0..9).zip(lower.get(28..42.min(lower.len()))) else {
            return false;
        };
        let run = optional.iter().take_while(|b| **b != b'<').count();
        let (tail, last) = optional[..run].split_at(run.saturating_sub(1));
        matches!(
            self.format,
            MrzFormat::Td3 | MrzFormat::MrvA | MrzFormat::MrvB
        ) && lower[9] == b'<'
            && head[8] != b'<'
            && last
                .first()
                .is_some_and(|d| check_digit(&[head, tail]) == *d)
    }

    /// Whether the document number goes on in the optional data.
    pub fn has_long_document_number(&self) -> bool {
        self.long_document_number
    }

    /// The primary identifier (family name in most states), fillers as spaces.
    pub fn primary_identifier(&self) -> &str {
        self.primary_identifier.as_str()
    }

    /// The secondary identifier (given names in most states); may be empty.
    pub fn secondary_identifier(&self) -> &str {
        self.secondary_identifier.as_str()
    }

    /// Whether two fillers in a row stand in the names a second time, where one
    /// belongs (Doc 9303-3, 4.6).
    pub fn names_have_more_groups(&self) -> bool {
        let names = match self.format {
            MrzFormat::Td1 => self.lines[2].as_str(),
            _ => self.lines[0].as_str().get(5..).unwrap_or_default(),
        };
        names.trim_end_matches('<').matches("<<").count() > 1
    }

    /// Whether the names fill their field to the end, so that some may be cut.
    pub fn names_may_be_truncated(&self) -> bool {
        self.names_truncated
    }

    /// The nationality without fillers.
    pub fn nationality(&self) -> &str {
        self.nationality.as_str()
    }

    /// The date of birth; parts may be unknown.
    pub fn birth_date(&self) -> &MrzDate {
        &self.birth_date
    }

    /// The sex as written: `M`, `F`, `<` for unspecified, or what stands there.
    pub fn sex(&self) -> char {
        char::from(self.sex)
    }

    /// The date of expiry.
    pub fn expiry_date(&self) -> &MrzDate {
        &self.expiry_date
    }

    /// The optional data (the personal number in TD3), without fillers.
    pub fn optional_data_1(&self) -> &str {
        self.optional_data_1.as_str()
    }

    /// The second optional data: TD1 only.
    pub fn optional_data_2(&self) -> Option<&str> {
        self.optional_data_2.as_ref().map(Field::as_str)
    }

    /// Which check digits are right.
    pub fn checks(&self) -> &Checks {
        &self.checks
    }

    /// Whether it came from optical character recognition. Then nothing covers
    /// the names, and documents must not be matched by them.
    pub fn is_recognised(&self) -> bool {
        self.recognised
    }

    /// How many characters from optical character recognition were repaired.
    pub fn repaired_characters(&self) -> u8 {
        self.repaired
    }

    /// Whether the sex is one that an MRZ may have (Doc 9303-3, 4.8).
    pub fn sex_ok(&self) -> bool {
        matches!(self.sex, b'M' | b'F' | b'<')
    }

    /// Check digits and sex are right. It does not judge whether states,
    /// document codes or dates exist.
    pub fn is_valid(&self) -> bool {
        self.checks.all_right() && self.sex_ok()
    }
}

impl Serialize for Mrz {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("Mrz", 20)?;
        s.serialize_field("format", &self.format)?;
        s.serialize_field("document_code", &self.document_code)?;
        s.serialize_field("issuing_state", &self.issuing_state)?;
        s.serialize_field("document_number", &self.document_number)?;
        if self.long_document_number {
            s.serialize_field("long_document_number", &true)?;
        }
        s.serialize_field("primary_identifier", &self.primary_identifier)?;
        s.serialize_field("secondary_identifier", &self.secondary_identifier)?;
        s.serialize_field("nationality", &self.nationality)?;
        s.serialize_field("birth_date", &self.birth_date)?;
        s.serialize_field("sex", &self.sex())?;
        s.serialize_field("expiry_date", &self.expiry_date)?;
        s.serialize_field("optional_data_1", &self.optional_data_1)?;
        if let Some(second) = &self.optional_data_2 {
            s.serialize_field("optional_data_2", second)?;
        }
        s.serialize_field("checks", &self.checks)?;
        s.serialize_field("expiry_date_is_date", &self.expiry_date.date().is_some())?;
        s.serialize_field("birth_date_is_full_date", &self.birth_date.date().is_some())?;
        s.serialize_field("sex_ok", &self.sex_ok())?;
        s.serialize_field("check_digits_ok", &self.checks.all_right())?;
        s.serialize_field("valid", &self.is_valid())?;
        if self.recognised {
            s.serialize_field("recognised", &true)?;
        }
        if self.repaired > 0 {
            s.serialize_field("repaired_characters", &self.repaired)?;
        }
        s.end()
    }
}
