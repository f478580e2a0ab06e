//! What an MRZ has to say about itself.

use jiff::civil::Date;

use super::check::CheckDigit;
use super::parse::{Mrz, MrzDefect, MrzDefectKind};
use crate::finding::Finding;
use crate::policy::{Leniency, Policy};
use rowcall_words::document::Verdict;
use rowcall_words::finding::code::Code;

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
                    Code::MrzDocumentNumberCheckDigit,
                    "the check digit of the document number is wrong",
                ),
                CheckDigit::BirthDate => (
                    Code::MrzBirthDateCheckDigit,
                    "the check digit of the date of birth is wrong",
                ),
                CheckDigit::ExpiryDate => (
                    Code::MrzExpiryDateCheckDigit,
                    "the check digit of the date of expiry is wrong",
                ),
                CheckDigit::PersonalNumber => (
                    Code::MrzPersonalNumberCheckDigit,
                    "the check digit of the personal number is wrong",
                ),
                CheckDigit::Composite => (
                    Code::MrzCompositeCheckDigit,
                    "the composite check digit is wrong",
                ),
            };
            let best = match origin {
                MrzOrigin::Printed => Verdict::Invalid,
                // "Altered" is for what was read with certainty.
                MrzOrigin::Recognised => Verdict::Unsupported,
                MrzOrigin::Signed => Verdict::ValidWithWarning,
            };
            found.push(Finding::new(code, best, format!("{file}: {what}")).under(clause));
        }
        if !self.sex_ok() {
            let best = match (self.sex(), origin) {
                ('X', MrzOrigin::Printed | MrzOrigin::Recognised) => policy.mrz_sex_x.best(),
                ('X', MrzOrigin::Signed) => policy.mrz_sex_x.best().min(Leniency::Warn.best()),
                (_, MrzOrigin::Recognised) => Verdict::Unsupported,
                _ => Verdict::Invalid,
            };
            found.push(Finding::new(
                Code::MrzSexNotAllowed,
                best,
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
                format!("{file}: {}", self.told(misfit)),
            )
            .under(clause)
        }));
        if self.number_overflows() {
            found.push(
                Finding::warning(
                    Code::MrzNumberGoesOn,
                    format!(
                        "{file}: the document number seems to go on in the optional data, as in TD1 and TD2; a {} has no such number",
                        self.format().as_str()
                    ),
                )
                .under(clause),
            );
        }
        if self.names_have_more_groups() {
            let detail = format!("{file}: two fillers in a row stand in the names more than once");
            // What was read off a page may have a filler in it that looks like a letter, and
            // no check digit covers the names.
            found.push(match origin {
                MrzOrigin::Printed | MrzOrigin::Recognised => Finding::warning(
                    Code::MrzNamesGroups,
                    format!("{detail}: what comes after may be a filler that was misread"),
                ),
                MrzOrigin::Signed => Finding::info(Code::MrzNamesGroups, detail),
            });
        }
        self.date_findings(file, policy, at, &mut found);
        if self.names_may_be_truncated() {
            found.push(Finding::info(
                Code::MrzNamesMayBeTruncated,
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
                        Code::MrzBirthDatePartlyUnknown,
                        format!("{file}: parts of the date of birth are unknown"),
                    )
                } else {
                    Finding::warning(
                        Code::MrzBirthDateNotADate,
                        format!("{file}: the date of birth is no date that exists"),
                    )
                },
            );
        }
        let expiry = self.expiry_date();
        if expiry.is_unlimited() {
            found.push(
                Finding::info(
                    Code::MrzExpiryUnlimited,
                    format!(
                        "{file}: {} as a card's date of expiry stands for 9999: it doesn't expire",
                        expiry.as_written()
                    ),
                )
                .under(self.format().clause()),
            );
        }
        match expiry.date() {
            None if expiry.is_blank() => found.push(Finding::info(
                Code::MrzNoExpiryDate,
                format!("{file}: the document has no date of expiry"),
            )),
            None => found.push(Finding::warning(
                Code::MrzExpiryDateNotADate,
                format!("{file}: the date of expiry is no date that exists"),
            )),
            Some(expiry) if expiry < at => found.push(
                Finding::new(
                    Code::DocumentExpired,
                    policy.expired_document.best(),
                    format!("{file}: the document expired on {expiry}"),
                )
                .under(self.format().clause()),
            ),
            Some(_) => {}
        }
    }
}

impl MrzDefect {
    /// The finding on lines of `file` that are no MRZ.
    pub(crate) fn finding(&self, file: &str) -> Finding {
        match &self.kind {
            MrzDefectKind::Length(lengths) => Finding::invalid(
                Code::MrzLength,
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
                    Code::MrzCharacter,
                    format!(
                        "{file}: characters other than A-Z, 0-9 and < at {}{more}",
                        shown.join(", ")
                    ),
                )
            }
        }
    }
}
