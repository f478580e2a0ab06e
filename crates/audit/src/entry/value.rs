//! The values that fields can have: bounded, coarse, or keyed.

use super::field::{Field, b64, hex};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use rowcall_words::seat::Side;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use zeroize::Zeroizing;

const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// Minutes since 1970-01-01T00:00Z, up to the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Minute(u32);

impl Minute {
    const LAST: u32 = 4_223_371_679;

    /// The minute that `seconds` since 1970-01-01T00:00:00Z lies in, held to
    /// the years 1970 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self((seconds.max(0) / 60).min(i64::from(Self::LAST)) as u32)
    }

    /// Minutes since 1970-01-01T00:00Z.
    pub fn since_1970(self) -> u32 {
        self.0
    }

    /// Reads `2026-11-24T03:25Z`.
    pub fn parse(text: &str) -> Option<Self> {
        // Digits and marks at these places: what passes has one spelling only.
        const SHAPE: &[u8; 17] = b"0000-00-00T00:00Z";
        let bytes: &[u8; 17] = text.as_bytes().try_into().ok()?;
        let fits = |(byte, shape): (&u8, &u8)| match shape {
            b'0' => byte.is_ascii_digit(),
            mark => byte == mark,
        };
        if !bytes.iter().zip(SHAPE).all(fits) {
            return None;
        }
        let two = |at: usize| 10 * (bytes[at] - b'0') as i8 + (bytes[at + 1] - b'0') as i8;
        let year = 100 * i16::from(two(0)) + i16::from(two(2));
        let civil = DateTime::new(year, two(5), two(8), two(11), two(14), 0, 0).ok()?;
        let elapsed = civil.duration_since(EPOCH);
        Some(Self(u32::try_from(elapsed.as_secs() / 60).ok()?))
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By the calendar, not by a `Timestamp`: that ends hours before the year
        // 9999 does, so that every offset has a civil time for it.
        let elapsed = SignedDuration::from_secs(i64::from(self.0) * 60);
        let civil = EPOCH.checked_add(elapsed).map_err(|_| fmt::Error)?;
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}Z",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute()
        )
    }
}

impl Field for Minute {
    fn encode(&self, line: &mut String) {
        let _ = write!(line, "{self}");
    }
    fn decode(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident($int:ty) in $range:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($int);

        impl $name {
            /// Takes the number; `None` where it is out of range.
            pub fn new(number: $int) -> Option<Self> {
                ($range).contains(&number).then_some(Self(number))
            }

            /// The number.
            pub fn get(self) -> $int {
                self.0
            }
        }

        impl Field for $name {
            fn encode(&self, line: &mut String) {
                let _ = write!(line, "{}", self.0);
            }
            fn decode(text: &str) -> Option<Self> {
                Self::new(text.parse().ok()?)
            }
        }
    )+};
}

bounded! {
    /// A number of things in one transaction, 0..=65,535.
    Count(u16) in 0..=u16::MAX;
    /// A length of time in minutes, from one minute to 366 days.
    Minutes(u32) in 1..=527_040;
    /// A row of seats, 1..=32, from the front.
    Row(u8) in 1..=32;
    /// Which defects of a document were let pass: bit `n` is the `n`-th named
    /// leniency of the document reader, so it holds no value of the document.
    Leniencies(u16) in 0..=u16::MAX;
}

impl Leniencies {
    /// Every number of 16 bits is one.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

impl Count {
    /// The number, or the greatest that fits.
    pub fn saturating(number: usize) -> Self {
        Self(u16::try_from(number).unwrap_or(u16::MAX))
    }
}

macro_rules! bytes {
    ($($(#[$doc:meta])* $name:ident[$len:literal] as $form:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The bytes.
            pub fn bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl Field for $name {
            fn encode(&self, line: &mut String) {
                $form::encode(&self.0, line);
            }
            fn decode(text: &str) -> Option<Self> {
                Some(Self($form::decode(text)?.try_into().ok()?))
            }
        }
    )+};
}

bytes! {
    /// A SHA-256 of something that is no personal data in itself: a
    /// configuration file, or the ciphertext of a hold.
    Digest[32] as hex;
    /// A keyed commitment: HMAC-SHA256 under a key that nobody keeps but the
    /// one it was given to.
    Commitment[32] as hex;
    /// An officer, for one day: made by [`OfficerPseudonym::new`] alone.
    OfficerPseudonym[8] as hex;
    /// An Ed25519 public key.
    PublicKey[32] as b64;
    /// An Ed25519 signature.
    SignatureBytes[64] as b64;
}

impl Digest {
    /// The SHA-256 of a configuration or of a ciphertext.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl Commitment {
    /// Commits to `reference`, the calling system's own name for the
    /// transaction. Whoever has `opening` (32 random bytes, handed to the caller
    /// and kept by nobody else) and `reference` can show which entry is theirs;
    /// nobody else can tell, not even by trying every reference.
    pub fn new(opening: &[u8; 32], reference: &[u8]) -> Self {
        Self(keyed(opening, b"rowcall/transaction/v1\0", reference))
    }
}

impl OfficerPseudonym {
    /// The officer's pseudonym on the day of `minute` (UTC): the first 8 bytes
    /// of an HMAC of the officer's name under a key of that day, which is
    /// derived from the lane's `secret`. Two days' pseudonyms of one officer
    /// cannot be linked without the secret.
    pub fn new(secret: &[u8; 32], minute: Minute, officer: &str) -> Self {
        let day = (minute.0 / (24 * 60)).to_be_bytes();
        let key = Zeroizing::new(keyed(secret, b"rowcall/officer-day/v1\0", &day));
        let [a, b, c, d, e, f, g, h, ..] = keyed(&key, b"rowcall/officer/v1\0", officer.as_bytes());
        Self([a, b, c, d, e, f, g, h])
    }
}

impl PublicKey {
    /// From the bytes of a key; whether they are one is checked where the key
    /// is used.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl SignatureBytes {
    /// From the bytes of a signature.
    pub fn new(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }
}

/// The second officer of a hold, where two are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecondOfficer {
    /// One officer sufficed.
    None,
    /// The second officer.
    Pseudonym(OfficerPseudonym),
}

impl Field for SecondOfficer {
    fn encode(&self, line: &mut String) {
        match self {
            Self::None => line.push_str("none"),
            Self::Pseudonym(officer) => officer.encode(line),
        }
    }
    fn decode(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            _ => OfficerPseudonym::decode(text).map(Self::Pseudonym),
        }
    }
}

/// What an officer's decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A seat.
    Seat(Row, Side),
    /// A document, by the order of presentation: 0..=65,535.
    Document(Count),
    /// The vehicle as a whole.
    Vehicle,
}

impl Field for Subject {
    fn encode(&self, line: &mut String) {
        let _ = match self {
            Self::Seat(row, side) => write!(line, "seat-{}-{}", row.get(), side.as_str()),
            Self::Document(number) => write!(line, "document-{}", number.get()),
            Self::Vehicle => write!(line, "vehicle"),
        };
    }
    fn decode(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("seat-") {
            let (row, side) = rest.split_once('-')?;
            return Some(Self::Seat(Row::decode(row)?, Side::decode(side)?));
        }
        if let Some(number) = text.strip_prefix("document-") {
            return Some(Self::Document(Count::decode(number)?));
        }
        (text == "vehicle").then_some(Self::Vehicle)
    }
}

fn keyed(key: &[u8; 32], domain: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.chain_update(domain)
        .chain_update(message)
        .finalize()
        .into_bytes()
        .into()
}
