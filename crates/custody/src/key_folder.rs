//! The lane's keys as files: made, read, changed, and the former ones put away.
//!
//! ```text
//! log.key          signs the audit log
//! site.key         wraps the keys of holds
//! officers.key     makes officers' names into pseudonyms
//! <one>.former     what it was before it was changed
//! log.pub          the log's first public key, to hand out
//! ```
//!
//! Folder 0700, files 0600. A former key of the log or the site is needed until
//! the lane has started once with the new one. That of the officers stays: it
//! tells who the pseudonyms of its days were.

use crate::policy::Keys;
use crate::{Error, LockedKey};
use rand_core::CryptoRng;
use rowcall_audit::{KeyName, Purpose, SignerKey, VerifierKey};
use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize as _, Zeroizing};

/// One of the lane's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The key that signs the audit log.
    Log,
    /// The key that wraps the keys of holds.
    Site,
    /// The key that makes officers' names into pseudonyms.
    Officers,
}

impl Which {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Log, Self::Site, Self::Officers];

    fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Site => "site",
            Self::Officers => "officers",
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The folder that a lane's keys are in.
#[derive(Debug)]
pub struct KeyFolder(PathBuf);

/// The most bytes of a key file.
const MAX_BYTES: u64 = 512;

impl KeyFolder {
    /// Makes the folder with three new keys; the log is to have this name. The
    /// log's public key, which is handed out to whoever verifies it.
    ///
    /// # Errors
    /// If there is anything at that place already, or it cannot be written.
    pub fn make(
        path: &Path,
        log: &KeyName,
        random: &mut dyn CryptoRng,
    ) -> Result<VerifierKey, Error> {
        DirBuilder::new()
            .mode(0o700)
            .create(path)
            .map_err(|e| failure("make", path, &e))?;
        let folder = Self(path.to_owned());
        for which in [Which::Site, Which::Officers] {
            folder.write(&folder.file(which), &new_key(random))?;
        }
        let signer = new_signer(log, random)?;
        let public = path.join("log.pub");
        fs::write(&public, format!("{}\n", signer.verifier()))
            .map_err(|e| failure("write", &public, &e))?;
        folder.write(&folder.file(Which::Log), &signer.to_secret_text())?;
        folder.sync()?;
        if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(parent)
                .and_then(|file| file.sync_all())
                .map_err(|e| failure("write", parent, &e))?;
        }
        Ok(signer.verifier().clone())
    }

    /// Opens a folder that others cannot look into.
    ///
    /// # Errors
    /// If there is none, or it is not its owner's alone.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let found = fs::metadata(path).map_err(|e| failure("open", path, &e))?;
        check_mode(path, found.mode(), "0700")?;
        Ok(Self(path.to_owned()))
    }

    /// The keys, as [`crate::Custody::start`] takes them.
    ///
    /// # Errors
    /// If one is missing, is not of its form, or is not its owner's alone.
    pub fn read(&self) -> Result<Keys, Error> {
        let mut log = vec![self.signer(&self.file(Which::Log))?];
        let former = self.former(Which::Log);
        if former.exists() {
            log.push(self.signer(&former)?);
        }
        let former = self.former(Which::Site);
        Ok(Keys {
            log,
            site: self.key(&self.file(Which::Site))?,
            former_site: former.exists().then(|| self.key(&former)).transpose()?,
            officers: self.key(&self.file(Which::Officers))?,
        })
    }

    /// Puts a new key in the place of one, which becomes the former. The lane
    /// takes to it at its next start.
    ///
    /// # Errors
    /// If the change before has not been taken to yet, or it cannot be written.
    pub fn rotate(&self, which: Which, random: &mut dyn CryptoRng) -> Result<(), Error> {
        let (file, former) = (self.file(which), self.former(which));
        let text = match which {
            Which::Log => {
                let name = self.signer(&file)?.verifier().name().clone();
                new_signer(&name, random)?.to_secret_text()
            }
            Which::Site | Which::Officers => {
                self.key(&file)?;
                new_key(random)
            }
        };
        let former = match which {
            // Each of them tells who somebody was: none goes.
            Which::Officers => self.unused(which),
            _ if former.exists() => {
                return Err(Error::operator(format!(
                    "{} is still there: start the lane once with both, then retire it",
                    former.display()
                )));
            }
            _ => former,
        };
        // A copy and not a second name: retiring it must not touch the key that
        // is in use, wherever a process died in this.
        self.replace(&former, self.text(&file)?.trim_end())?;
        self.replace(&file, &text)
    }

    /// Destroys the former key of the log or of the site, which the lane must
    /// have started without needing ([`crate::Started`] says so).
    ///
    /// # Errors
    /// If there is none, if it is that of the officers, or if it cannot be
    /// overwritten.
    pub fn retire(&self, which: Which) -> Result<(), Error> {
        if which == Which::Officers {
            return Err(Error::operator(
                "a former key of the officers tells who their pseudonyms were: move it to where \
                 the records are kept",
            ));
        }
        let former = self.former(which);
        let fail = |e| failure("overwrite", &former, &e);
        let file = OpenOptions::new().write(true).open(&former).map_err(fail)?;
        let length = file.metadata().map_err(fail)?.len().min(MAX_BYTES);
        let zeros = vec![0; usize::try_from(length).unwrap_or(0)];
        (&file)
            .write_all(&zeros)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::remove_file(&former))
            .map_err(fail)?;
        self.sync()
    }

    fn file(&self, which: Which) -> PathBuf {
        self.0.join(format!("{which}.key"))
    }

    fn former(&self, which: Which) -> PathBuf {
        self.0.join(format!("{which}.key.former"))
    }

    fn unused(&self, which: Which) -> PathBuf {
        let names = (1_u32..).map(|number| self.0.join(format!("{which}.key.former-{number}")));
        let mut free = names.filter(|path| !path.exists());
        free.next().unwrap_or_else(|| self.former(which))
    }

    fn signer(&self, path: &Path) -> Result<SignerKey, Error> {
        let key = SignerKey::parse_secret_text(&self.text(path)?)?;
        match key.verifier().purpose() {
            Purpose::Note => Ok(key),
            Purpose::Cosignature => Err(Error::operator(format!(
                "{} is a witness's key, not a log's",
                path.display()
            ))),
        }
    }

    fn key(&self, path: &Path) -> Result<LockedKey, Error> {
        let text = self.text(path)?;
        let mut key = [0; 32];
        let whole = base16ct::lower::decode(text.trim_end().as_bytes(), &mut key);
        if whole.map(<[u8]>::len).ok() != Some(32) {
            key.zeroize();
            return Err(Error::operator(format!(
                "{} is not a key: 64 hexadecimal digits",
                path.display()
            )));
        }
        let locked = LockedKey::new(key);
        key.zeroize();
        Ok(locked)
    }

    fn text(&self, path: &Path) -> Result<Zeroizing<String>, Error> {
        let fail = |e| failure("read", path, &e);
        let file = File::open(path).map_err(fail)?;
        let found = file.metadata().map_err(fail)?;
        check_mode(path, found.mode(), "0600")?;
        // Room from the start: growing would leave a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES as usize + 1));
        file.take(MAX_BYTES)
            .read_to_string(&mut text)
            .map_err(fail)?;
        Ok(text)
    }

    /// Writes a file under another name and moves it to its place: there is a whole
    /// one whenever the process dies.
    fn replace(&self, path: &Path, text: &str) -> Result<(), Error> {
        let new = path.with_extension("new");
        let _ = fs::remove_file(&new);
        self.write(&new, text)?;
        fs::rename(&new, path).map_err(|e| failure("write", path, &e))?;
        self.sync()
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), Error> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.write_all(b"\n")?;
                file.sync_all()
            })
            .map_err(|e| failure("write", path, &e))
    }

    fn sync(&self) -> Result<(), Error> {
        File::open(&self.0)
            .and_then(|file| file.sync_all())
            .map_err(|e| failure("write", &self.0, &e))
    }
}

fn new_key(random: &mut dyn CryptoRng) -> Zeroizing<String> {
    let mut key = Zeroizing::new([0; 32]);
    random.fill_bytes(&mut *key);
    Zeroizing::new(base16ct::lower::encode_string(&*key))
}

fn new_signer(log: &KeyName, random: &mut dyn CryptoRng) -> Result<SignerKey, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    random.fill_bytes(&mut *seed);
    Ok(SignerKey::from_seed(log.clone(), Purpose::Note, &seed)?)
}

fn check_mode(path: &Path, mode: u32, expected: &str) -> Result<(), Error> {
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(Error::operator(format!(
            "{} can be read or written by others than its owner (mode {:04o}): set it to \
             {expected}, and change the keys if somebody may have read them",
            path.display(),
            mode & 0o7777
        ))),
    }
}

fn failure(doing: &str, path: &Path, e: &std::io::Error) -> Error {
    Error::device(format!("cannot {doing} {}: {e}", path.display()))
}
