//! Exchanges that a reader recorded and presented with the chip's files, as
//! `exchanges.json`.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{ActiveAuthentication, ChipAuthentication, Failure};
use crate::file::{Part, Role, find};
use crate::finding::Finding;
use crate::passive::Outcome;
use rowcall_words::document::{Authenticity, Verdict};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Longer than any: an answer under the largest RSA key that is read, of 8,192 bits, has 2,048
/// digits, and an ephemeral key is shorter.
const LONGEST: usize = 64 << 10;

/// The file. Numbers and bytes are hexadecimal digits, of either case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchanges<'a> {
    #[serde(borrow)]
    active_authentication: Option<Active<'a>>,
    #[serde(borrow)]
    chip_authentication: Option<Chip<'a>>,
}

/// [`ActiveAuthentication`], less the chip's files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Active<'a> {
    challenge: &'a str,
    response: &'a str,
}

/// [`ChipAuthentication`], less the chip's files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chip<'a> {
    key_id: Option<u32>,
    ephemeral_private_key: &'a str,
    send_sequence_counter: &'a str,
    response: &'a str,
}

/// Verifies what the reader recorded, if it did, against the keys in the data groups that
/// `outcome` is about.
pub(crate) fn check(
    parts: &[Part],
    groups: &[(u8, &Part)],
    outcome: &Outcome,
    findings: &mut Vec<Finding>,
) {
    let Some(part) = find(parts, Role::Exchanges) else {
        return;
    };
    let file = &part.name;
    let signed = |number: u8| match key_file(groups, outcome, number) {
        Ok(part) => Ok(&part.bytes[..]),
        Err(why) => Err(Failure::NotChecked(format!("DG{number} {why}"))),
    };
    let exchanges = match parse(&part.bytes) {
        Ok(exchanges) => exchanges,
        Err(why) => {
            let detail = format!("{file}: {why}");
            findings.push(Finding::new(
                Code::ExchangeUnreadable,
                Verdict::Unsupported,
                detail,
            ));
            return;
        }
    };
    if let Some(active) = &exchanges.active_authentication {
        let verified = (|| {
            ActiveAuthentication {
                challenge: &bytes("challenge", active.challenge)?,
                response: &bytes("response", active.response)?,
                dg15: signed(15)?,
                // Not every chip has one; unsigned it names nothing.
                dg14: signed(14).ok(),
            }
            .check()
        })();
        let finding = finding(file, "active authentication", verified);
        findings.push(finding.under(Clause::ActiveAuthentication));
    }
    if let Some(chip) = &exchanges.chip_authentication {
        let verified = (|| {
            ChipAuthentication {
                key_id: chip.key_id,
                ephemeral_private_key: &bytes("ephemeral_private_key", chip.ephemeral_private_key)?,
                send_sequence_counter: &bytes("send_sequence_counter", chip.send_sequence_counter)?,
                response: &bytes("response", chip.response)?,
                dg14: signed(14)?,
            }
            .check()
        })();
        let finding = finding(file, "chip authentication", verified);
        findings.push(finding.under(Clause::ChipAuthentication));
    }
}

/// Exchanges beside which no chip's files were presented.
pub(crate) fn report_without_chip(parts: &[Part], findings: &mut Vec<Finding>) {
    findings.extend(find(parts, Role::Exchanges).map(|part| {
        Finding::warning(
            Code::ExchangeNotChecked,
            format!("{}: no chip's files were presented with it", part.name),
        )
    }));
}

fn parse(bytes: &[u8]) -> Result<Exchanges<'_>, String> {
    if bytes.len() > LONGEST {
        return Err(format!("it has more than {LONGEST} bytes"));
    }
    // Its message may hold what was in the file, a session's key among it.
    let exchanges: Exchanges<'_> = serde_json::from_slice(bytes).map_err(|e| {
        format!(
            "no recorded exchanges: line {}, column {} isn't as documented",
            e.line(),
            e.column()
        )
    })?;
    match exchanges {
        Exchanges {
            active_authentication: None,
            chip_authentication: None,
        } => Err("it has no exchange".to_owned()),
        some => Ok(some),
    }
}

/// The data group with the key, if somebody trusted signed it: whoever signs keys of their
/// own has a chip that knows them.
fn key_file<'a>(
    groups: &[(u8, &'a Part)],
    outcome: &Outcome,
    number: u8,
) -> Result<&'a Part, &'static str> {
    let is_listed = outcome.listed.as_ref().is_some_and(|l| l.contains(&number));
    match (outcome.authenticity, groups.iter().find(|g| g.0 == number)) {
        (_, None) => Err("with the key was not presented"),
        (Authenticity::Trusted, Some((_, part))) if is_listed => Ok(part),
        (..) => Err("with the key isn't known to be signed by anybody trusted"),
    }
}

fn bytes(field: &str, digits: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    base16ct::mixed::decode_vec(digits)
        .map(Zeroizing::new)
        .map_err(|_| Failure::NotChecked(format!("{field} isn't hexadecimal digits")))
}

fn finding(file: &str, what: &str, verified: Result<(), Failure>) -> Finding {
    match verified {
        Ok(()) => Finding::info(
            Code::ChipGenuine,
            format!(
                "{file}: by {what} the chip knows its private key: it is no copy, if the exchange was made for this presentation"
            ),
        ),
        Err(Failure::Wrong(why)) => {
            Finding::invalid(Code::ChipNotGenuine, format!("{file}: {why}"))
        }
        Err(Failure::NotChecked(why)) => Finding::warning(
            Code::ExchangeNotChecked,
            format!("{file}: {what} proves nothing: {why}"),
        ),
    }
}
