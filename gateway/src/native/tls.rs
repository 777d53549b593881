//! TLS without a proxy in front. A renewed certificate needs no restart.

use std::fs;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::native::config::Tls;

/// The current certificate.
pub struct Certificate(RwLock<Current>);

struct Current {
    files: Tls,
    /// The files' last content.
    content: (Vec<u8>, Vec<u8>),
    acceptor: TlsAcceptor,
}

impl Certificate {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be used.
    pub fn load(tls: &Tls) -> Result<Self, String> {
        Ok(Self(RwLock::new(load(tls)?)))
    }

    /// The acceptor that uses it.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        current.acceptor.clone()
    }

    /// Replaces the certificate with the one in these files.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be used; then the previous certificate stays.
    pub fn replace(&self, tls: &Tls) -> Result<(), String> {
        let new = load(tls)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Reads changed files again; returns whether they had changed.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be used; then the previous certificate stays.
    pub fn refresh(&self) -> Result<bool, String> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let files = current.files.clone();
        let same = read(&files)? == current.content;
        drop(current);
        if same {
            return Ok(false);
        }
        self.replace(&files).map(|()| true)
    }
}

fn read(tls: &Tls) -> Result<(Vec<u8>, Vec<u8>), String> {
    let named = |field: &str, error: io::Error| format!("{field}: {error}");
    Ok((
        fs::read(&tls.cert).map_err(|error| named("tls.cert", error))?,
        fs::read(&tls.key).map_err(|error| named("tls.key", error))?,
    ))
}

fn load(tls: &Tls) -> Result<Current, String> {
    let content = read(tls)?;
    let certificates = CertificateDer::pem_slice_iter(&content.0)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("tls.cert: {error}"))?;
    if certificates.is_empty() {
        return Err("tls.cert: holds no certificate".to_owned());
    }
    // The error might show the key.
    let key = PrivateKeyDer::from_pem_slice(&content.1)
        .map_err(|_| "tls.key: holds no key that can be read".to_owned())?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| format!("tls: {error}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Current {
        files: tls.clone(),
        content,
        acceptor: TlsAcceptor::from(Arc::new(config)),
    })
}
