//! Two zones that should be of one document.

use super::parse::Mrz;

impl Mrz {
    /// What differs, by name. Optional data aren't compared: a seal leaves out a visa's
    /// (Doc 9303-13, 3.1.1), and has all that is before them. Nor are names where one
    /// zone came from text recognition, since no check digit covers them.
    pub(crate) fn differing(&self, other: &Self) -> Vec<&'static str> {
        let text = [
            (
                "document number",
                self.document_number(),
                other.document_number(),
            ),
            ("nationality", self.nationality(), other.nationality()),
            (
                "date of birth",
                self.birth_date().as_written(),
                other.birth_date().as_written(),
            ),
            (
                "date of expiry",
                self.expiry_date().as_written(),
                other.expiry_date().as_written(),
            ),
            ("issuing state", self.issuing_state(), other.issuing_state()),
            ("document code", self.document_code(), other.document_code()),
        ];
        let mut differing: Vec<&str> = text
            .into_iter()
            .filter_map(|(what, a, b)| (a != b).then_some(what))
            .collect();
        if self.sex() != other.sex() {
            differing.push("sex");
        }
        let names = |zone: &Self| {
            let (first, second) = (zone.primary_identifier(), zone.secondary_identifier());
            (first.to_owned(), second.to_owned())
        };
        let recognised = self.is_recognised() || other.is_recognised();
        if !recognised && names(self) != names(other) {
            differing.push("names");
        }
        differing
    }
}
