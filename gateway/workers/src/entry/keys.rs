//! Published keys: an identity provider's and RealtimeKit's own, fetched through the Cache API, which all
//! isolates of a data centre share.

use std::cell::Cell;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, pin_mut, select_biased};
use worker::send::SendFuture;
use worker::{Cache, Delay, Fetch, Response, Url};

use realtimekit_gateway::gateway::FETCH_AGAIN_MS;
use realtimekit_gateway::platform::KeySource;

use crate::upstream::read;

/// The largest document, in bytes.
const LONGEST: usize = 1 << 20;

/// When an isolate last fetched a document.
#[derive(Default)]
pub(crate) struct Freshness(Cell<Option<u64>>);

impl Freshness {
    /// Whether it is older than so many milliseconds, or was never fetched; then it is being fetched from
    /// now on.
    pub(super) fn is_older(&self, ms: u64, now: u64) -> bool {
        let is_older = self.0.get().is_none_or(|at| now.saturating_sub(at) >= ms);
        if is_older {
            self.0.set(Some(now));
        }
        is_older
    }
}

/// A published document.
pub(crate) struct PublishedKeys {
    url: String,
    timeout: Duration,
}

impl PublishedKeys {
    /// Fetches nothing yet.
    pub(crate) fn new(url: String, timeout: Duration) -> Self {
        Self { url, timeout }
    }

    async fn fetched(url: String, timeout: Duration) -> Option<Bytes> {
        let fetch = async {
            let cache = Cache::default();
            if let Ok(Some(mut known)) = cache.get(url.as_str(), false).await {
                return read(&mut known, LONGEST).await.ok();
            }
            let mut response = Fetch::Url(Url::parse(&url).ok()?).send().await.ok()?;
            if response.status_code() != 200 {
                return None;
            }
            let body = read(&mut response, LONGEST).await.ok()?;
            let seconds = FETCH_AGAIN_MS / 1000;
            let copy = Response::builder()
                .with_header("cache-control", &format!("max-age={seconds}"))
                .ok()?
                .fixed(body.to_vec());
            // Where there is no cache, each isolate fetches for itself.
            let _ = cache.put(url.as_str(), copy).await;
            Some(body)
        }
        .fuse();
        let late = Delay::from(timeout).fuse();
        pin_mut!(fetch, late);
        let document = select_biased! {
            document = fetch => document,
            () = late => None,
        };
        if document.is_none() {
            tracing::warn!("published keys cannot be fetched");
        }
        document
    }
}

impl KeySource for PublishedKeys {
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>> {
        SendFuture::new(Self::fetched(self.url.clone(), self.timeout)).boxed()
    }
}
