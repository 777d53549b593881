//! Fetches published keys: an identity provider's, and RealtimeKit's of its webhooks.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::StatusCode;
use http::header::ACCEPT;
use reqwest::{Client, Url};

use crate::platform::KeySource;

use super::client::client;
use super::read;

/// The largest JWKS.
const LONGEST: usize = 1 << 20;

/// An identity provider's published keys.
pub struct Jwks {
    url: Url,
    client: Client,
    timeout: Duration,
}

impl Jwks {
    /// For a URL; sends nothing yet.
    ///
    /// # Errors
    ///
    /// Names the wrong field.
    pub fn new(url: &str, timeout: Duration, ca_file: Option<&Path>) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|_| "identity.jwks_url: is not one".to_owned())?;
        Ok(Self {
            client: client(&url, timeout, ca_file)?,
            url,
            timeout,
        })
    }
}

impl KeySource for Jwks {
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>> {
        let request = self.client.get(self.url.clone());
        let request = request.header(ACCEPT, "application/json");
        let timeout = self.timeout;
        let host = self.url.host_str().unwrap_or_default().to_owned();
        async move {
            let fetch = async {
                let response = request.send().await.ok()?;
                let good = response.status() == StatusCode::OK;
                let body = read(response, LONGEST).await.ok()?;
                good.then_some(body)
            };
            let keys = tokio::time::timeout(timeout, fetch).await.ok().flatten();
            if keys.is_none() {
                tracing::warn!(host, "published keys cannot be fetched");
            }
            keys
        }
        .boxed()
    }
}
