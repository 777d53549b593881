//! RealtimeKit's webhooks: whether a delivery is genuine and new, and which meeting it is about.
//!
//! An event is never taken as a fact: it only causes a read. So late, repeated, reordered, missing and
//! forged events change nothing. Nothing of a payload but the meeting's ID is kept or logged.

mod seen;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use self::seen::Seen;
use crate::platform::RsaKey;
use crate::route::Id;

/// The largest body of a delivery, in bytes.
pub const LARGEST: usize = 64 * 1024;

/// The events that say that a meeting has changed.
pub const EVENTS: [&str; 4] = [
    "meeting.started",
    "meeting.ended",
    "meeting.participantJoined",
    "meeting.participantLeft",
];

/// The longest ID of a delivery, and the longest signature: that of a key of 8,192 bits.
const LONGEST_UUID: usize = 128;
const LONGEST_SIGNATURE: usize = 1368;

/// A delivery.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// `rtk-signature`.
    pub signature: &'a str,
    /// `rtk-uuid`.
    pub uuid: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
}

/// What a delivery is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Genuine and new: the meeting may have changed.
    Accepted(Id),
    /// Genuine, but about nothing that is watched.
    Irrelevant,
    /// It came before.
    Repeated,
    /// Its signature is not by the published key.
    Forged,
    /// It is not as described.
    Malformed,
    /// The key is not known.
    NoKey,
}

impl Verdict {
    /// Its label in metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Irrelevant => "irrelevant",
            Self::Repeated => "repeated",
            Self::Forged => "forged",
            Self::Malformed => "malformed",
            Self::NoKey => "no_key",
        }
    }
}

/// The deliveries that came already. A reload keeps it.
#[derive(Clone, Default)]
pub struct SeenDeliveries(Arc<Mutex<Seen>>);

/// Verifies deliveries.
pub struct WebhookVerifier<K> {
    key: RwLock<Option<Arc<K>>>,
    seen: SeenDeliveries,
}

/// What the published document holds.
#[derive(Deserialize)]
struct Published {
    data: PublishedData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishedData {
    public_key: String,
}

#[derive(Deserialize)]
struct Event {
    event: String,
    meeting: Option<EventMeeting>,
}

#[derive(Deserialize)]
struct EventMeeting {
    id: String,
}

impl<K: RsaKey> WebhookVerifier<K> {
    /// A verifier without a key.
    pub fn new(seen: SeenDeliveries) -> Self {
        Self {
            key: RwLock::default(),
            seen,
        }
    }

    /// Uses a key in PEM.
    ///
    /// # Errors
    ///
    /// If it is not an RSA key.
    pub fn set_key(&self, pem: &str) -> Result<(), &'static str> {
        let key = K::from_pem(pem.trim()).ok_or("is no RSA key in PEM")?;
        let key = Arc::new(key);
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
        Ok(())
    }

    /// Uses the key in the published document.
    ///
    /// # Errors
    ///
    /// If there is none; then the old one stays.
    pub fn publish(&self, document: &[u8]) -> Result<(), &'static str> {
        let published: Published =
            serde_json::from_slice(document).map_err(|_| "holds no public key")?;
        self.set_key(&published.data.public_key)
    }

    /// Whether a key is known.
    pub fn has_key(&self) -> bool {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        key.is_some()
    }

    /// Verifies a delivery, and remembers a genuine one.
    pub fn verify(&self, delivery: Delivery<'_>) -> Verdict {
        let Delivery {
            signature,
            uuid,
            body,
        } = delivery;
        let is_legal = (1..=LONGEST_UUID).contains(&uuid.len())
            && signature.len() <= LONGEST_SIGNATURE
            && body.len() <= LARGEST;
        if !is_legal {
            return Verdict::Malformed;
        }
        let key = self
            .key
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(key) = key else {
            return Verdict::NoKey;
        };
        let Ok(signature) = STANDARD.decode(signature) else {
            return Verdict::Malformed;
        };
        if !key.verifies(body, &signature) {
            return Verdict::Forged;
        }
        // The signature covers the body alone: with a new ID a recorded delivery would seem new.
        let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.insert(uuid.as_bytes(), &signature) {
            return Verdict::Repeated;
        }
        drop(seen);
        let Ok(event) = serde_json::from_slice::<Event>(body) else {
            return Verdict::Malformed;
        };
        if !EVENTS.contains(&event.event.as_str()) {
            return Verdict::Irrelevant;
        }
        match event.meeting.and_then(|meeting| Id::new(&meeting.id)) {
            Some(meeting) => Verdict::Accepted(meeting),
            None => Verdict::Malformed,
        }
    }
}

#[cfg(test)]
mod tests;
