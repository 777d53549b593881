//! Deliveries: which webhooks get an event, how they are signed, and what tests ask for instead.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::behaviour::{Behaviour, Mode};
use super::client::post;
use super::key::Key;
use super::registry::Registry;
use crate::emulator::{Emulator, lock};
use crate::rng::SeededRng;

/// How often the world's events are collected.
const EVERY: Duration = Duration::from_millis(5);

/// The waits before a delivery is repeated that got a 5xx or no response.
const AGAIN: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// The most deliveries that are remembered, and held.
const MOST: usize = 10_000;

/// Who signs a forged delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Signer {
    /// The published key.
    Own,
    /// Another key.
    #[default]
    Another,
    /// No one.
    None,
}

/// A delivery about something that did not happen.
pub(crate) struct Forgery {
    pub(crate) payload: Value,
    pub(crate) signer: Signer,
    /// An earlier delivery's ID, or a new one.
    pub(crate) uuid: Option<Uuid>,
}

/// A delivery and its outcome.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivery {
    n: u64,
    pub(crate) webhook_id: Uuid,
    uuid: Uuid,
    url: String,
    event: String,
    body: String,
    forged: bool,
    attempts: u32,
    /// The status of the last response.
    status: Option<u16>,
    #[serde(skip)]
    signer: Signer,
}

/// All that deliveries need.
#[derive(Default)]
pub(crate) struct Courier {
    pub(crate) registry: Mutex<Registry>,
    pub(crate) key: Key,
    other_key: Key,
    pub(crate) behaviour: Mutex<Behaviour>,
    log: Mutex<VecDeque<Delivery>>,
    held: Mutex<VecDeque<Delivery>>,
    numbers: Mutex<(u64, Option<SeededRng>)>,
    /// Deliveries of events that were collected, and are sent next.
    addressed: Mutex<Vec<Delivery>>,
}

impl Courier {
    /// The latest deliveries, in order.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.log).iter().cloned().collect()
    }

    /// How many are held.
    pub(crate) fn held(&self) -> usize {
        lock(&self.held).len()
    }

    /// Addresses the world's events to the webhooks that there are now: one that is registered later
    /// does not get them.
    pub(crate) fn collect(&self, events: Vec<(Uuid, Value)>) {
        for (of, payload) in events {
            let deliveries = self.address(of, &payload, None);
            lock(&self.addressed).extend(deliveries);
        }
    }

    /// The deliveries of an event: one for each webhook that wants it.
    fn address(&self, app: Uuid, payload: &Value, forgery: Option<&Forgery>) -> Vec<Delivery> {
        let event = payload
            .get("event")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let registry = lock(&self.registry);
        let wanted = registry.of_app(app).into_iter().filter(|webhook| {
            webhook.enabled && webhook.events.iter().any(|wanted| wanted == event)
        });
        let mut numbers = lock(&self.numbers);
        let deliveries = wanted.map(|webhook| {
            numbers.0 += 1;
            let rng = numbers.1.get_or_insert_with(|| SeededRng::new(0xde11_7e12));
            let uuid = rng.uuid();
            Delivery {
                n: numbers.0,
                webhook_id: webhook.id,
                uuid: forgery.and_then(|forgery| forgery.uuid).unwrap_or(uuid),
                url: webhook.url.clone(),
                event: event.to_owned(),
                body: payload.to_string(),
                forged: forgery.is_some(),
                attempts: 0,
                status: None,
                signer: forgery.map_or(Signer::Own, |forgery| forgery.signer),
            }
        });
        deliveries.collect()
    }

    fn note(&self, delivery: &Delivery) {
        let mut log = lock(&self.log);
        match log.iter_mut().rev().find(|known| known.n == delivery.n) {
            Some(known) => *known = delivery.clone(),
            None => {
                if log.len() >= MOST {
                    log.pop_front();
                }
                log.push_back(delivery.clone());
            }
        }
    }

    fn signature(&self, delivery: &Delivery) -> Option<String> {
        match delivery.signer {
            Signer::Own => self.key.sign(delivery.body.as_bytes()),
            Signer::Another => self.other_key.sign(delivery.body.as_bytes()),
            Signer::None => None,
        }
    }
}

/// Sends a delivery, again after a 5xx or without a response.
async fn send(app: Arc<Emulator>, mut delivery: Delivery, delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let signing = (Arc::clone(&app), delivery.clone());
    let signed = tokio::task::spawn_blocking(move || signing.0.courier.signature(&signing.1)).await;
    let mut headers = vec![
        ("rtk-uuid", delivery.uuid.to_string()),
        ("rtk-webhook-id", delivery.webhook_id.to_string()),
    ];
    headers.extend(
        signed
            .ok()
            .flatten()
            .map(|signature| ("rtk-signature", signature)),
    );
    let mut waits = AGAIN.into_iter();
    loop {
        let body = Bytes::from(delivery.body.clone());
        delivery.status = post(&delivery.url, &headers, body).await;
        delivery.attempts += 1;
        app.courier.note(&delivery);
        let again = delivery.status.is_none_or(|status| status >= 500);
        match waits.next().filter(|_| again) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return,
        }
    }
}

/// Delivers as tests ask for.
fn deliver(app: &Arc<Emulator>, behaviour: Behaviour, delivery: Delivery) {
    app.courier.note(&delivery);
    match behaviour.deliver {
        Mode::Drop => {}
        Mode::Hold => {
            let mut held = lock(&app.courier.held);
            if held.len() < MOST {
                held.push_back(delivery);
            }
        }
        Mode::Normal => {
            let delay = Duration::from_millis(behaviour.delay_ms);
            for _ in 0..=behaviour.repeat {
                tokio::spawn(send(Arc::clone(app), delivery.clone(), delay));
            }
        }
    }
}

/// Collects and delivers the world's events up to now; returns the behaviour, locked, so that no other one is
/// set in between.
fn deliver_events(app: &Arc<Emulator>) -> MutexGuard<'_, Behaviour> {
    let behaviour = lock(&app.courier.behaviour);
    let events = lock(&app.world).take_events();
    app.courier.collect(events);
    let addressed = std::mem::take(&mut *lock(&app.courier.addressed));
    for delivery in addressed {
        deliver(app, *behaviour, delivery);
    }
    behaviour
}

/// Sets how later events are delivered. Those from before are delivered as was asked for until now.
pub(crate) fn set_behaviour(app: &Arc<Emulator>, wanted: Behaviour) {
    *deliver_events(app) = wanted;
}

/// Sends the held deliveries; returns their number. Each waits for the one before, so that their order is
/// kept.
pub(crate) async fn release(app: &Arc<Emulator>, reverse: bool) -> usize {
    drop(deliver_events(app));
    let mut held: Vec<Delivery> = lock(&app.courier.held).drain(..).collect();
    if reverse {
        held.reverse();
    }
    let count = held.len();
    for delivery in held {
        send(Arc::clone(app), delivery, Duration::ZERO).await;
    }
    count
}

/// Sends a forged delivery to all webhooks of an app; returns their number.
pub(crate) async fn forge(app: &Arc<Emulator>, of: Uuid, forgery: &Forgery) -> usize {
    let deliveries = app.courier.address(of, &forgery.payload, Some(forgery));
    let count = deliveries.len();
    for delivery in deliveries {
        app.courier.note(&delivery);
        send(Arc::clone(app), delivery, Duration::ZERO).await;
    }
    count
}

/// Collects and delivers the world's events. Never ends.
pub(crate) async fn run(app: Arc<Emulator>) {
    loop {
        tokio::time::sleep(EVERY).await;
        drop(deliver_events(&app));
    }
}
