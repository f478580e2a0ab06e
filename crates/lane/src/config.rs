//! The service file: TOML, checked before anything starts. A lane doesn't start
//! until it says who runs it, why, on what legal basis, with what notice, and how
//! long anything is kept.

pub mod apart;
pub(crate) mod file;
mod name;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, net::SocketAddr, num::NonZeroU32, path::PathBuf};

use rowcall_audit::entry::{Count, Digest, Minutes};
use rowcall_camera::CameraConfig;
use rowcall_rollcall::Lane;
use rowcall_words::log::Approval;
use serde::Deserialize;

use crate::{
    Error, Role,
    console::{Hand, Language},
    view::Direction,
};

use self::apart::Apart;

/// What a service runs on, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who runs it and why, for the notice.
    pub notice: Notice,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where travellers and officers reach it, such as `https://lane3.example.org`, for
    /// the sign's code.
    pub address: Option<String>,
    /// What connections are secured with; without it the service speaks plain HTTP.
    pub tls: Option<TlsConfig>,
    /// Whose accounts people may log in with beside the lane's own.
    pub openid: Option<OpenIdConfig>,
    /// How much may come at once.
    pub limits: Limits,
    /// Where most drivers sit.
    pub hand: Hand,
    /// The folder of everything that it keeps.
    pub state: PathBuf,
    /// The folder of the lane's keys.
    pub keys: PathBuf,
    /// The name of the audit log.
    pub log: String,
    /// How long things last, and who has to agree to what.
    pub retention: Retention,
    /// Its lanes.
    pub lanes: Vec<LaneConfig>,
    /// SHA-256 of the whole file and of the lane files, as the log has it.
    pub digest: Digest,
}

/// The lane's certificate and its key, both in PEM. They are read anew when they change.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate, followed by those up to its issuer's.
    pub certificate: PathBuf,
    /// Its private key, not encrypted: a file that is its owner's alone.
    pub key: PathBuf,
}

/// A provider of accounts (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConfig {
    /// Its address, as it says itself.
    pub issuer: String,
    /// The lane's own name there.
    pub client: String,
    /// The file of the lane's secret there, if it has one.
    pub secret: Option<PathBuf>,
    /// The file of authorities that its certificate is checked against; the system's
    /// where it is left out.
    pub authorities: Option<PathBuf>,
    /// What is asked for beside `openid`.
    #[serde(default = "profile")]
    pub scopes: Vec<String>,
    /// The claim that is somebody's name here.
    #[serde(default = "preferred_username")]
    pub name: String,
    /// The claim that says what somebody is.
    pub claim: String,
    /// What the claim may say, and the role that each gives.
    pub roles: BTreeMap<String, Role>,
}

fn profile() -> Vec<String> {
    vec!["profile".into()]
}

fn preferred_username() -> String {
    "preferred_username".into()
}

/// How much may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at a time.
    pub connections: NonZeroU32,
    /// Requests a second of one user or device.
    pub requests: NonZeroU32,
    /// Requests a second of one address whose callers haven't said who they are.
    pub strangers: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            connections: number(1024),
            requests: number(200),
            strangers: number(40),
        }
    }
}

/// What the public is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Who operates the lane.
    pub operator: String,
    /// What for.
    pub purpose: String,
    /// On what legal basis.
    pub legal_basis: String,
    /// Where to ask, complain, or have it explained.
    pub contact: String,
    /// Languages of the notice, the first by default.
    pub languages: Vec<Language>,
}

/// How long things last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The longest that a transaction may stay open, in minutes.
    pub transaction_minutes: u32,
    /// The longest that a hold may last, in minutes.
    pub hold_minutes: u32,
    /// The longest that a hold for an order or an incident may last, in minutes.
    pub order_minutes: u32,
    /// How many holds may be made in 24 hours.
    pub holds_per_day: u16,
    /// Whether a hold needs two officers.
    pub two_officers: bool,
    /// How long counts without identity are kept, in days.
    pub outcomes_days: u32,
}

/// A lane of the service.
#[derive(Clone, Debug)]
pub struct LaneConfig {
    /// Its name, which is part of addresses.
    pub name: String,
    /// Which way vehicles go.
    pub direction: Direction,
    /// Sorts of vehicles, the usual one first: cameras, zones and policy of each.
    pub layouts: Vec<Layout>,
    /// Cameras whose frames the lane has itself. Those of the others are brought to a
    /// transaction.
    pub cameras: Vec<CameraConfig>,
    /// Its stations, where documents are presented elsewhere than the cameras are.
    pub apart: Option<Apart>,
    /// Folders and files of trusted certificates.
    pub trust: Vec<PathBuf>,
    /// Folders of revocation lists.
    pub revocation: Vec<PathBuf>,
}

/// Where a sort of vehicle has its seats.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name, that of the lane file.
    pub name: String,
    /// What the lane file says.
    pub lane: Lane,
    /// The lane file.
    pub file: PathBuf,
}

impl Config {
    /// Custody's limits.
    pub(crate) fn custody_policy(&self) -> Result<rowcall_custody::Policy, Error> {
        let minutes = |n: u32| Minutes::new(n).ok_or_else(|| Error::operator("a time is too long"));
        let r = &self.retention;
        // A party's way to the cameras comes before its time there.
        let ways = self.lanes.iter().filter_map(|lane| lane.apart.as_ref());
        let way = ways.map(|apart| apart.minutes).max().unwrap_or(0);
        Ok(rowcall_custody::Policy {
            configuration: self.digest,
            transaction_limit: minutes(r.transaction_minutes + way)?,
            hold_limit: minutes(r.hold_minutes)?,
            order_limit: minutes(r.order_minutes)?,
            holds_per_day: Count::saturating(usize::from(r.holds_per_day)),
            approval: match r.two_officers {
                true => Approval::TwoOfficers,
                false => Approval::OneOfficer,
            },
            live_holds: 64,
            keep_outcomes: minutes(r.outcomes_days.saturating_mul(24 * 60))?,
        })
    }
}

impl Notice {
    fn check(&self) -> Result<(), String> {
        for (key, text) in [
            ("operator", &self.operator),
            ("purpose", &self.purpose),
            ("legal_basis", &self.legal_basis),
            ("contact", &self.contact),
        ] {
            if text.trim().is_empty() {
                return Err(format!(
                    "notice.{key}: it is empty, and no lane starts without it"
                ));
            }
        }
        match self.languages.is_empty() {
            true => Err("notice.languages: there is none; write languages = [\"en\"]".into()),
            false => Ok(()),
        }
    }
}

impl Retention {
    fn check(&self) -> Result<(), String> {
        for (key, value, most) in [
            ("transaction_minutes", self.transaction_minutes, 60),
            ("hold_minutes", self.hold_minutes, 14 * 24 * 60),
            ("order_minutes", self.order_minutes, 366 * 24 * 60),
            ("outcomes_days", self.outcomes_days, 366),
        ] {
            if value == 0 || value > most {
                return Err(format!(
                    "retention.{key}: {value} isn't between 1 and {most}"
                ));
            }
        }
        Ok(())
    }
}
