//! Where a camera is, and who asks: what of it is secret is never shown.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

use crate::{Error, ErrorKind};

/// Bytes of an address.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// An address without user and password; they are kept apart. `Display` and `Debug`
/// leave out what stands after `?`, where some cameras want a password.
#[derive(Clone)]
pub struct Address {
    url: Url,
    login: Option<Login>,
}

/// A user and a password. `Debug` shows neither.
#[derive(Clone)]
pub struct Login {
    user: String,
    password: Zeroizing<String>,
}

impl Address {
    /// Parses an address of one of the schemes; user and password may be in it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`]: what is wrong with it, without repeating it.
    pub fn parse(text: &str, schemes: &[&str]) -> Result<Self, Error> {
        let wrong = |why: &dyn fmt::Display| {
            let kind = ErrorKind::Configuration;
            Error::new(kind, format_args!("the camera's address: {why}"))
        };
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(wrong(&format!("more than {MAX_ADDRESS_BYTES} bytes")));
        }
        let mut url = Url::parse(text).map_err(|e| wrong(&e))?;
        let scheme = url.scheme();
        if !schemes.contains(&scheme) {
            let hint = match scheme {
                "https" | "rtsps" => {
                    "; TLS to cameras isn't spoken: keep them on a network of their own"
                }
                _ => "",
            };
            let wanted = schemes.join(":// or ");
            return Err(wrong(&format!(
                "it begins with {scheme}://, not with {wanted}://{hint}"
            )));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong(&"it names no host"));
        }
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some(Login::new(
                decoded(user).to_string(),
                decoded(password.unwrap_or_default()),
            )),
        };
        // These two fail only for addresses without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
        Ok(Self { url, login })
    }

    /// With a log-in that was given beside it.
    ///
    /// # Errors
    /// There was one in the address already.
    pub fn with(mut self, login: Option<Login>) -> Result<Self, Error> {
        if self.login.is_some() && login.is_some() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the camera's address: a user is in it and beside it",
            ));
        }
        self.login = login.or(self.login);
        Ok(self)
    }

    /// The scheme: `http`, `rtsp`.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }
}

impl Login {
    /// A user and a password.
    pub fn new(user: impl Into<String>, password: Zeroizing<String>) -> Self {
        Self {
            user: user.into(),
            password,
        }
    }

    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    pub(crate) fn password(&self) -> &str {
        &self.password
    }
}

/// Undoes `%xx`. What isn't UTF-8 then stays as it was written.
fn decoded(text: &str) -> Zeroizing<String> {
    let bytes = text.as_bytes();
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = (bytes.get(at + 1), bytes.get(at + 2));
        let hex = |b: &u8| char::from(*b).to_digit(16);
        match (byte, pair) {
            (b'%', (Some(high), Some(low))) if hex(high).is_some() && hex(low).is_some() => {
                let value = hex(high).unwrap_or(0) << 4 | hex(low).unwrap_or(0);
                out.push(value as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    match std::str::from_utf8(&out) {
        Ok(plain) => Zeroizing::new(plain.to_owned()),
        Err(_) => Zeroizing::new(text.to_owned()),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.url.scheme())?;
        if let Some(port) = self.url.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.url.path())?;
        match self.url.query() {
            Some(_) => f.write_str("?…"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.login.is_some() {
            ", log-in withheld"
        } else {
            ""
        };
        write!(f, "Address({self}{who})")
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(withheld)")
    }
}
