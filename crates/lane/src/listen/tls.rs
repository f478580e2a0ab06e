//! TLS: the lane's own certificate, read anew when its files change.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use sha2::{Digest as _, Sha256};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};
use x509_cert::{Certificate, der::Decode as _};
use zeroize::Zeroizing;

use crate::{Error, config::TlsConfig};

/// A file of certificates or of a key is at most this large.
const MOST: u64 = 1 << 20;
/// A certificate that ends within so many days is warned of.
const SOON: i64 = 14;

/// What connections are secured with.
pub(crate) struct Tls {
    files: TlsConfig,
    acceptor: TlsAcceptor,
    days: i64,
    shown: Arc<Shown>,
    /// The hash of the files that were looked at last, whether they could be used or not.
    seen: Mutex<[u8; 32]>,
}

/// The certificate that is shown to whoever connects now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(shown.clone())
    }
}

/// What the files say, checked.
struct Read {
    key: CertifiedKey,
    hash: [u8; 32],
    /// Days that the certificate is still good for.
    days: i64,
}

impl Tls {
    /// Reads certificate and key; `now` is seconds since 1970.
    ///
    /// # Errors
    /// What is wrong with which file: it can't be read, holds no certificate or no key,
    /// isn't good now, or the key is another's.
    pub(crate) fn read(files: &TlsConfig, now: i64) -> Result<Self, Error> {
        let provider = Arc::new(ring::default_provider());
        let read = read(files, now, &provider)?;
        warn(files, &read);
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read.key))));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::us(e.to_string()))?
            .with_no_client_auth();
        let mut config = config.with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            files: files.clone(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            days: read.days,
            shown,
            seen: Mutex::new(read.hash),
        })
    }

    /// For how many days the certificate was still good as it was read first.
    pub(crate) fn days(&self) -> i64 {
        self.days
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Reads the files anew if they have changed; what can't be used is told once, and the
    /// certificate before stays.
    pub(crate) fn refresh(&self, now: i64) {
        let hash = match bytes(&self.files) {
            Ok((chain, key)) => hash(&chain, &key),
            // It is being written, or gone: whatever it is, it is told once.
            Err(_) => [0; 32],
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == hash {
            return;
        }
        *seen = hash;
        match read(&self.files, now, &Arc::new(ring::default_provider())) {
            Ok(read) => {
                warn(&self.files, &read);
                let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
                *shown = Arc::new(read.key);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => {
                tracing::error!(%error, "the new certificate can't be used: the one before stays");
            }
        }
    }
}

fn warn(files: &TlsConfig, read: &Read) {
    if read.days < SOON {
        let path = files.certificate.display();
        tracing::warn!(days = read.days, %path, "the certificate ends soon");
    }
}

fn hash(chain: &[u8], key: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((chain.len() as u64).to_be_bytes());
    hash.update(chain);
    hash.update(key);
    hash.finalize().into()
}

fn bytes(files: &TlsConfig) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), Error> {
    let chain = file("certificate", &files.certificate)?;
    let key = file("key", &files.key)?;
    Ok((chain, Zeroizing::new(key)))
}

fn file(key: &str, path: &PathBuf) -> Result<Vec<u8>, Error> {
    let wrong = |why: &dyn Display| wrong(key, path, why);
    let found = std::fs::metadata(path).map_err(|e| wrong(&e))?;
    if !found.is_file() || found.len() > MOST {
        return Err(wrong(&"it isn't a file of at most 1 MiB"));
    }
    std::fs::read(path).map_err(|e| wrong(&e))
}

fn wrong(key: &str, path: &Path, why: &dyn Display) -> Error {
    Error::operator(format_args!("service.tls.{key}: {}: {why}", path.display()))
}

fn read(files: &TlsConfig, now: i64, provider: &Arc<CryptoProvider>) -> Result<Read, Error> {
    let (chain, key) = bytes(files)?;
    let hash = hash(&chain, &key);
    let of_chain = |why: &dyn Display| wrong("certificate", &files.certificate, why);
    let of_key = |why: &dyn Display| wrong("key", &files.key, why);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<_, _>>()
        .map_err(|e| of_chain(&e))?;
    let own = chain
        .first()
        .ok_or_else(|| of_chain(&"it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"))?;
    let days = days_left(own, now).map_err(|why| of_chain(&why))?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|e| match e {
        rustls::pki_types::pem::Error::NoItemsFound => {
            of_key(&"it holds no private key in PEM that isn't encrypted")
        }
        other => of_key(&other),
    })?;
    let key = CertifiedKey::from_der(chain, key, provider).map_err(|e| match e {
        rustls::Error::InconsistentKeys(_) => of_key(&format_args!(
            "it isn't the key of the certificate in {}",
            files.certificate.display()
        )),
        other => of_key(&other),
    })?;
    Ok(Read { key, hash, days })
}

/// Days that a certificate is still good for.
fn days_left(certificate: &CertificateDer<'_>, now: i64) -> Result<i64, String> {
    let certificate = Certificate::from_der(certificate).map_err(|e| e.to_string())?;
    let validity = certificate.tbs_certificate().validity();
    let seconds = |time: &x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
    };
    if seconds(&validity.not_before) > now {
        return Err(format!(
            "the certificate isn't good before {}: is the clock right?",
            validity.not_before
        ));
    }
    if seconds(&validity.not_after) <= now {
        return Err(format!(
            "the certificate was good until {}: put a new one in its place",
            validity.not_after
        ));
    }
    Ok((seconds(&validity.not_after) - now) / (24 * 3600))
}

#[cfg(test)]
mod tests;
