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

/// How soon keys are fetched again if there are none, in milliseconds.
pub(super) const RETRY_MS: u64 = 1000;

/// When an isolate last fetched a document.
#[derive(Default)]
struct Freshness(Cell<Option<u64>>);

impl Freshness {
    /// Whether it is older than so many milliseconds, or was never fetched; then it is being fetched from
    /// now on.
    fn is_older(&self, ms: u64, now: u64) -> bool {
        let is_older = self.0.get().is_none_or(|at| now.saturating_sub(at) >= ms);
        if is_older {
            self.0.set(Some(now));
        }
        is_older
    }
}

/// The published keys of an isolate: when it fetched them, and whether it is fetching them.
#[derive(Default)]
pub(super) struct Fetches {
    /// The last fetch of any kind.
    any: Freshness,
    /// The last fetch for an unknown key.
    again: Freshness,
    /// When the fetch that is under way began.
    under_way: Cell<Option<u64>>,
}

impl Fetches {
    /// Whether keys should be fetched because the known ones are so many milliseconds old.
    pub(super) fn is_due(&self, refresh_ms: u64, now: u64) -> bool {
        self.any.is_older(refresh_ms, now)
    }

    /// Whether keys may be fetched for an unknown key.
    pub(super) fn may_again(&self, lacks_keys: bool, now: u64) -> bool {
        match lacks_keys {
            true => self.any.is_older(RETRY_MS, now),
            false => self.again.is_older(FETCH_AGAIN_MS, now),
        }
    }

    /// Whether a fetch is under way that has not used up its time.
    pub(super) fn is_under_way(&self, timeout: Duration, now: u64) -> bool {
        let began = self.under_way.get();
        began.is_some_and(|at| u128::from(now.saturating_sub(at)) < timeout.as_millis())
    }

    /// A fetch begins, or ends.
    pub(super) fn set_under_way(&self, began: Option<u64>) {
        self.under_way.set(began);
    }
}

/// A published document.
pub(crate) struct PublishedKeys {
    url: String,
    timeout: Duration,
    cached: bool,
}

impl PublishedKeys {
    /// Fetches nothing yet.
    pub(crate) fn new(url: String, timeout: Duration) -> Self {
        Self {
            url,
            timeout,
            cached: true,
        }
    }

    /// Fetches it from its source: what the cache has lacks something.
    pub(super) fn past_the_cache(self) -> Self {
        Self {
            cached: false,
            ..self
        }
    }

    async fn fetched(url: String, timeout: Duration, cached: bool) -> Option<Bytes> {
        let fetch = async {
            let cache = Cache::default();
            if cached && let Ok(Some(mut known)) = cache.get(url.as_str(), false).await {
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
        SendFuture::new(Self::fetched(self.url.clone(), self.timeout, self.cached)).boxed()
    }
}
