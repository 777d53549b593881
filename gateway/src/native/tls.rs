//! TLS, where no proxy in front does it.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::native::config::Tls;

/// What speaks TLS with the configured certificate.
///
/// # Errors
///
/// Says which file cannot be used.
pub fn acceptor(tls: &Tls) -> Result<TlsAcceptor, String> {
    let certificates = CertificateDer::pem_file_iter(&tls.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("tls.cert: {error}"))?;
    if certificates.is_empty() {
        return Err("tls.cert: holds no certificate".to_owned());
    }
    // What is wrong with a key is told without its text.
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .map_err(|_| "tls.key: holds no key that can be read".to_owned())?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| format!("tls: {error}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
