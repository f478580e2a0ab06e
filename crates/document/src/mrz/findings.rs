//! What an MRZ has to say about itself.

use jiff::civil::Date;

use super::check::CheckDigit;
use super::parse::{Mrz, MrzDefect, MrzDefectKind};
use crate::finding::{Finding, Verdict};
use crate::policy::{Leniency, Policy};

/// Where an MRZ was read from, which decides how an oddity in it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MrzOrigin {
    /// Typed, scanned by a device, or recognised with certainty.
    Printed,
    /// Recognised from a picture, and some of it may be misread.
    Recognised,
    /// From DG1 or a seal: a signature covers it, so a mistake in it is the
    /// issuer's, not a reader's or a forger's.
    Signed,
}

impl Mrz {
    /// Findings on the zone read from `file` on the day `at`.
    pub(crate) fn findings(
        &self,
        file: &str,
        origin: MrzOrigin,
        policy: &Policy,
        at: Date,
    ) -> Vec<Finding> {
        let clause = self.format().clause();
        let mut found = Vec::new();
        for failed in self.checks().failed() {
            let (code, what) = match failed {
                CheckDigit::DocumentNumber => (
                    "mrz-document-number-check-digit",
                    "the check digit of the document number is wrong",
                ),
                CheckDigit::BirthDate => (
                    "mrz-birth-date-check-digit",
                    "the check digit of the date of birth is wrong",
                ),
                CheckDigit::ExpiryDate => (
                    "mrz-expiry-date-check-digit",
                    "the check digit of the date of expiry is wrong",
                ),
                CheckDigit::PersonalNumber => (
                    "mrz-personal-number-check-digit",
                    "the check digit of the personal number is wrong",
                ),
                CheckDigit::Composite => (
                    "mrz-composite-check-digit",
                    "the composite check digit is wrong",
                ),
            };
            let best = match origin {
                MrzOrigin::Printed => Verdict::Invalid,
                // "Altered" is for what was read with certainty.
                MrzOrigin::Recognised => Verdict::Unsupported,
                MrzOrigin::Signed => Verdict::ValidWithWarning,
            };
            found.push(Finding::new(code, best, clause, format!("{file}: {what}")));
        }
        if !self.sex_ok() {
            let best = match (self.sex(), origin) {
                ('X', MrzOrigin::Printed | MrzOrigin::Recognised) => policy.mrz_sex_x.best(),
                ('X', MrzOrigin::Signed) => policy.mrz_sex_x.best().min(Leniency::Warn.best()),
                (_, MrzOrigin::Recognised) => Verdict::Unsupported,
                _ => Verdict::Invalid,
            };
            found.push(Finding::new(
                "mrz-sex-not-allowed",
                best,
                "Doc 9303-3, 4.8",
                format!(
                    "{file}: the sex is written {:?}; an MRZ has M, F or <",
                    self.sex()
                ),
            ));
        }
        found.extend(self.misfits().into_iter().map(|misfit| {
            // What is signed is the issuer's own doing.
            let best = match origin {
                MrzOrigin::Printed | MrzOrigin::Recognised => Verdict::ValidWithWarning,
                MrzOrigin::Signed => Verdict::Valid,
            };
            Finding::new(
                misfit.code(),
                best,
                clause,
                format!("{file}: {}", self.told(misfit)),
            )
        }));
        if self.number_overflows() {
            found.push(Finding::warning(
                "mrz-number-goes-on",
                clause,
                format!(
                    "{file}: the document number seems to go on in the optional data, as in TD1 and TD2; a {} has no such number",
                    self.format().as_str()
                ),
            ));
        }
        if self.names_have_more_groups() {
            let detail = format!("{file}: two fillers in a row stand in the names more than once");
            // What was read off a page may have a filler in it that looks like a letter, and
            // no check digit covers the names.
            found.push(match origin {
                MrzOrigin::Printed | MrzOrigin::Recognised => Finding::warning(
                    "mrz-names-groups",
                    "Doc 9303-3, 4.6",
                    format!("{detail}: what comes after may be a filler that was misread"),
                ),
                MrzOrigin::Signed => Finding::info("mrz-names-groups", "Doc 9303-3, 4.6", detail),
            });
        }
        self.date_findings(file, policy, at, &mut found);
        if self.names_may_be_truncated() {
            found.push(Finding::info(
                "mrz-names-may-be-truncated",
                "Doc 9303-3, 4.6",
                format!("{file}: the names fill their field to the end"),
            ));
        }
        found
    }

    fn date_findings(&self, file: &str, policy: &Policy, at: Date, found: &mut Vec<Finding>) {
        let birth = self.birth_date();
        if birth.date().is_none() {
            found.push(
                if birth.is_well_formed() && birth.as_written().contains('<') {
                    Finding::info(
                        "mrz-birth-date-partly-unknown",
                        "Doc 9303-3, 4.8",
                        format!("{file}: parts of the date of birth are unknown"),
                    )
                } else {
                    Finding::warning(
                        "mrz-birth-date-not-a-date",
                        "Doc 9303-3, 4.8",
                        format!("{file}: the date of birth is no date that exists"),
                    )
                },
            );
        }
        let expiry = self.expiry_date();
        if expiry.is_unlimited() {
            found.push(Finding::info(
                "mrz-expiry-unlimited",
                self.format().clause(),
                format!(
                    "{file}: {} as a card's date of expiry stands for 9999: it doesn't expire",
                    expiry.as_written()
                ),
            ));
        }
        match expiry.date() {
            None if expiry.is_blank() => found.push(Finding::info(
                "mrz-no-expiry-date",
                "Doc 9303-3, 4.8",
                format!("{file}: the document has no date of expiry"),
            )),
            None => found.push(Finding::warning(
                "mrz-expiry-date-not-a-date",
                "Doc 9303-3, 4.8",
                format!("{file}: the date of expiry is no date that exists"),
            )),
            Some(expiry) if expiry < at => found.push(Finding::new(
                "document-expired",
                policy.expired_document.best(),
                self.format().clause(),
                format!("{file}: the document expired on {expiry}"),
            )),
            Some(_) => {}
        }
    }
}

impl MrzDefect {
    /// The finding on lines of `file` that are no MRZ.
    pub(crate) fn finding(&self, file: &str) -> Finding {
        match &self.kind {
            MrzDefectKind::Length(lengths) => Finding::invalid(
                "mrz-length",
                "Doc 9303-3, 4.2",
                format!(
                    "{file}: lines of {lengths:?} characters; an MRZ has 3 lines of 30, 2 of 36 or 2 of 44"
                ),
            ),
            MrzDefectKind::Charset(positions) => {
                let shown: Vec<String> = positions
                    .iter()
                    .take(5)
                    .map(|(row, column)| format!("line {} column {}", row + 1, column + 1))
                    .collect();
                let more = positions.len().saturating_sub(shown.len());
                let more = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                Finding::invalid(
                    "mrz-character",
                    "Doc 9303-3, 4.3",
                    format!(
                        "{file}: characters other than A-Z, 0-9 and < at {}{more}",
                        shown.join(", ")
                    ),
                )
            }
        }
    }
}
