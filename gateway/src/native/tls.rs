//! TLS without a proxy in front. A renewed certificate needs no restart.

use std::fs;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::native::config::Tls;

/// The current certificate.
pub struct Certificate {
    acceptor: RwLock<TlsAcceptor>,
    /// Locked while the files are read, so that a refresh cannot undo a reload.
    source: Mutex<Source>,
}

/// Where the certificate came from.
struct Source {
    files: Tls,
    /// The files' last content, or why they could not be read.
    last: Result<Content, String>,
}

type Content = (Vec<u8>, Vec<u8>);

impl Certificate {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be used.
    pub fn load(tls: &Tls) -> Result<Self, String> {
        let content = read(tls)?;
        Ok(Self {
            acceptor: RwLock::new(acceptor(&content)?),
            source: Mutex::new(Source {
                files: tls.clone(),
                last: Ok(content),
            }),
        })
    }

    /// The acceptor that uses it.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let acceptor = self.acceptor.read().unwrap_or_else(PoisonError::into_inner);
        acceptor.clone()
    }

    /// Replaces the certificate with the one in these files.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be used; then the previous certificate stays.
    pub fn replace(&self, tls: &Tls) -> Result<(), String> {
        let mut source = self.source();
        let content = read(tls)?;
        self.set(acceptor(&content)?);
        *source = Source {
            files: tls.clone(),
            last: Ok(content),
        };
        Ok(())
    }

    /// Reads changed files again; returns whether the certificate was replaced.
    ///
    /// # Errors
    ///
    /// Once for each change: names the file that cannot be used; then the previous certificate
    /// stays.
    pub fn refresh(&self) -> Result<bool, String> {
        let mut source = self.source();
        let content = read(&source.files);
        if content == source.last {
            return Ok(false);
        }
        source.last.clone_from(&content);
        self.set(acceptor(&content?)?);
        Ok(true)
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, new: TlsAcceptor) {
        let acceptor = self.acceptor.write();
        *acceptor.unwrap_or_else(PoisonError::into_inner) = new;
    }
}

fn read(tls: &Tls) -> Result<Content, String> {
    let named = |field: &str, error: io::Error| format!("{field}: {error}");
    Ok((
        fs::read(&tls.cert).map_err(|error| named("tls.cert", error))?,
        fs::read(&tls.key).map_err(|error| named("tls.key", error))?,
    ))
}

fn acceptor((certificate, key): &Content) -> Result<TlsAcceptor, String> {
    let certificates = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("tls.cert: {error}"))?;
    if certificates.is_empty() {
        return Err("tls.cert: holds no certificate".to_owned());
    }
    // The error might show the key.
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| "tls.key: holds no key that can be read".to_owned())?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| format!("tls: {error}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests;
