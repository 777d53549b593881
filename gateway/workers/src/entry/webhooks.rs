//! `POST /hooks/realtimekit`: only a genuine delivery wakes an object.

use worker::{Delay, Env, Method, Request, Response, Result};

use realtimekit_gateway::platform::{Clock, KeySource};
use realtimekit_gateway::webhooks::{Delivery, LARGEST, SeenDeliveries, Verdict, WebhookVerifier};

use super::body::read;
use super::keys::{PublishedKeys, RETRY_MS};
use super::{Isolate, LOOK_AGAIN};
use crate::account::protocol::{ToAccount, account, send};
use crate::clock::WorkerClock;
use crate::config::Config;
use crate::crypto::PlatformRsaKey;
use crate::meeting::protocol::BodyState;

/// Where RealtimeKit delivers.
pub(super) const PATH: &str = "/hooks/realtimekit";

/// How often a delivery may cause a fetch of the key, in milliseconds, if there is one.
const FETCH_EVERY_MS: u64 = 10_000;

/// The verifier, with the key if it is configured.
pub(super) fn verifier(
    config: &Config,
) -> std::result::Result<WebhookVerifier<PlatformRsaKey>, String> {
    let verifier = WebhookVerifier::new(SeenDeliveries::default());
    let webhooks = config.policy.webhooks.as_ref();
    if let Some(pem) = webhooks.and_then(|webhooks| webhooks.public_key.as_ref()) {
        let wrong = |what| format!("webhooks.public_key: {what}");
        verifier.set_key(pem).map_err(wrong)?;
    }
    Ok(verifier)
}

/// Takes a delivery.
pub(super) async fn receive(
    isolate: &Isolate,
    env: &Env,
    mut request: Request,
) -> Result<Response> {
    let status = match take(isolate, &mut request).await? {
        Err(status) => status,
        Ok(verdict) => {
            let word = verdict.word();
            metrics::counter!("rtk_gateway_webhooks_total", "outcome" => word).increment(1);
            match verdict {
                Verdict::Accepted(meeting) => {
                    let account = account(env, &isolate.config.policy.account_id)?;
                    let meeting_id = meeting.as_str().to_owned();
                    send(&account, &ToAccount::Webhook { meeting_id }).await?;
                    200
                }
                Verdict::Irrelevant | Verdict::Repeated => 200,
                Verdict::Forged => 401,
                Verdict::Malformed => 400,
                Verdict::NoKey => 503,
            }
        }
    };
    Ok(Response::empty()?.with_status(status))
}

async fn take(
    isolate: &Isolate,
    request: &mut Request,
) -> Result<std::result::Result<Verdict, u16>> {
    if request.method() != Method::Post {
        return Ok(Err(405));
    }
    let (signature, uuid) = (
        request.headers().get("rtk-signature")?,
        request.headers().get("rtk-uuid")?,
    );
    let (Some(signature), Some(uuid)) = (signature, uuid) else {
        return Ok(Err(400));
    };
    let timeout = isolate.config.policy.limits.body_timeout;
    let (state, body) = read(request, LARGEST, timeout).await;
    match state {
        BodyState::None | BodyState::Here => {}
        BodyState::TooLarge => return Ok(Err(413)),
        BodyState::TooSlow => return Ok(Err(408)),
        BodyState::Broken => return Ok(Err(400)),
    }
    let body = body.unwrap_or_default();
    let delivery = Delivery {
        signature: &signature,
        uuid: &uuid,
        body: &body,
    };
    let webhooks = isolate.config.policy.webhooks.as_ref();
    let refresh = webhooks.map_or(u64::MAX, |webhooks| {
        u64::try_from(webhooks.refresh.as_millis()).unwrap_or(u64::MAX)
    });
    fetch_key(isolate, refresh, false).await;
    let mut verdict = isolate.webhooks.verify(delivery);
    while verdict == Verdict::NoKey && is_fetching(isolate) {
        Delay::from(LOOK_AGAIN).await;
        verdict = isolate.webhooks.verify(delivery);
    }
    // The key may have been replaced. Anyone can send what is forged: each must not cause a fetch.
    let wait = match verdict {
        Verdict::Forged => FETCH_EVERY_MS,
        Verdict::NoKey => RETRY_MS,
        _ => return Ok(Ok(verdict)),
    };
    if fetch_key(isolate, wait, true).await {
        verdict = isolate.webhooks.verify(delivery);
    }
    Ok(Ok(verdict))
}

fn is_fetching(isolate: &Isolate) -> bool {
    let timeout = isolate.config.policy.upstream.connect_timeout;
    let now = WorkerClock.unix_ms();
    isolate.webhook_key.is_under_way(timeout, now)
}

/// Fetches the key, unless it is configured or was fetched within so many milliseconds.
async fn fetch_key(isolate: &Isolate, every_ms: u64, past_the_cache: bool) -> bool {
    let Some(webhooks) = &isolate.config.policy.webhooks else {
        return false;
    };
    let now = WorkerClock.unix_ms();
    if webhooks.public_key.is_some() || !isolate.webhook_key.is_due(every_ms, now) {
        return false;
    }
    let timeout = isolate.config.policy.upstream.connect_timeout;
    let source = PublishedKeys::new(webhooks.key_url.clone(), timeout);
    let source = match past_the_cache {
        true => source.past_the_cache(),
        false => source,
    };
    isolate.webhook_key.set_under_way(Some(now));
    let key = source.fetch().await;
    isolate.webhook_key.set_under_way(None);
    match key.map(|key| isolate.webhooks.publish(&key)) {
        Some(Ok(())) => true,
        Some(Err(what)) => {
            tracing::error!(what, "the published key of the webhooks cannot be read");
            false
        }
        None => false,
    }
}
