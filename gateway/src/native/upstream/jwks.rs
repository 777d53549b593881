//! The way to an identity provider's published keys.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::ACCEPT;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::platform::KeySource;

use super::pool::{Connector, connector};

/// A set of keys is not longer.
const LONGEST: usize = 1 << 20;

/// An identity provider's published keys.
pub struct Jwks {
    url: String,
    /// Asked so seldom that it keeps no connection.
    http: Client<Connector, Full<Bytes>>,
    timeout: Duration,
}

impl Jwks {
    /// At a URL; nothing is sent yet.
    pub fn new(url: String, timeout: Duration) -> Self {
        Self {
            url,
            http: Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(0)
                .build(connector(timeout)),
            timeout,
        }
    }
}

impl KeySource for Jwks {
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>> {
        let (http, timeout) = (self.http.clone(), self.timeout);
        let request = Request::get(&self.url)
            .header(ACCEPT, "application/json")
            .body(Full::default());
        async move {
            let fetch = async {
                let response = http.request(request.ok()?).await.ok()?;
                let good = response.status() == StatusCode::OK;
                let body = Limited::new(response.into_body(), LONGEST);
                let body = body.collect().await.ok()?.to_bytes();
                good.then_some(body)
            };
            let keys = tokio::time::timeout(timeout, fetch).await.ok().flatten();
            if keys.is_none() {
                tracing::warn!("the identity provider's keys cannot be had");
            }
            keys
        }
        .boxed()
    }
}
