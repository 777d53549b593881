//! The HTTP client of the API and of an identity provider's keys.
//!
//! It repeats a request only if no byte of it was written, because the server had closed a kept
//! connection: hyper returns such a request whole. A test verifies that.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};

/// How long an unused connection is kept.
const KEPT: Duration = Duration::from_secs(60);

const USER_AGENT: &str = concat!("realtimekit-gateway/", env!("CARGO_PKG_VERSION"));

/// A client for a URL. For https it uses `HTTPS_PROXY`, if the environment has one.
pub(super) fn client(
    url: &Url,
    connect_timeout: Duration,
    ca_file: Option<&Path>,
) -> Result<Client, String> {
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        .http1_only()
        .retry(reqwest::retry::never())
        .tcp_nodelay(true)
        .pool_idle_timeout(KEPT)
        .connect_timeout(connect_timeout);
    // Plain http stays on this machine: a proxy must not see the token.
    if url.scheme() != "https" {
        builder = builder.no_proxy();
    }
    if let Some(path) = ca_file {
        let wrong = |what: &str| format!("upstream.ca_file: {} {what}", path.display());
        let pem =
            std::fs::read(path).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
        let certificates = Certificate::from_pem_bundle(&pem);
        let certificates = certificates.map_err(|_| wrong("holds no certificates"))?;
        if certificates.is_empty() {
            return Err(wrong("holds no certificates"));
        }
        for certificate in certificates {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| error.to_string())
}

/// Whether certainly nothing was sent: the connection failed, or hyper had not begun.
pub(super) fn is_unsent(error: &reqwest::Error) -> bool {
    if error.is_connect() || error.is_builder() {
        return true;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            return error.is_canceled();
        }
        source = cause.source();
    }
    false
}
