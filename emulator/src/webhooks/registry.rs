//! The registered webhooks.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::EVENTS;
use crate::clock::Moment;
use crate::rng::SeededRng;

/// The most webhooks.
const MOST: usize = 100;

/// A webhook, as the API returns it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Webhook {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) events: Vec<String>,
    pub(crate) enabled: bool,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip)]
    pub(crate) app: Uuid,
}

/// The fields that a request may set.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Fields {
    name: Option<String>,
    url: Option<String>,
    events: Option<Vec<String>>,
    enabled: Option<bool>,
}

impl Fields {
    /// The problem with them; `whole` says whether all must be there.
    pub(super) fn problem(&self, whole: bool) -> Option<String> {
        let missing = [
            ("name", self.name.is_none()),
            ("url", self.url.is_none()),
            ("events", self.events.is_none()),
        ];
        if let Some((name, _)) = missing.iter().find(|(_, missing)| whole && *missing) {
            return Some(format!("\"{name}\" is required"));
        }
        if self.name.as_deref() == Some("") {
            return Some("\"name\" is not allowed to be empty".to_owned());
        }
        let is_url = |url: &String| {
            let rest = url
                .strip_prefix("http://")
                .or_else(|| url.strip_prefix("https://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        };
        if self.url.as_ref().is_some_and(|url| !is_url(url)) {
            return Some("\"url\" must be a valid uri".to_owned());
        }
        let mut events = self.events.iter().flatten();
        let unknown = events.find(|event| !EVENTS.contains(&event.as_str()));
        unknown.map(|_| "\"events\" has an event that does not exist".to_owned())
    }
}

/// All webhooks, in the order of their registration.
#[derive(Default)]
pub(crate) struct Registry {
    webhooks: Vec<Webhook>,
    rng: Option<SeededRng>,
}

impl Registry {
    /// The webhooks of an app.
    pub(crate) fn of_app(&self, app: Uuid) -> Vec<&Webhook> {
        let all = self.webhooks.iter();
        all.filter(|webhook| webhook.app == app).collect()
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// One of an app.
    pub(super) fn get(&mut self, app: Uuid, id: &str) -> Option<&mut Webhook> {
        let mut all = self.webhooks.iter_mut();
        all.find(|webhook| webhook.app == app && webhook.id.to_string() == id)
    }

    /// Adds one; `None` if there are too many.
    pub(super) fn add(&mut self, app: Uuid, fields: Fields, now: Moment) -> Option<&Webhook> {
        if self.webhooks.len() >= MOST {
            return None;
        }
        let rng = self.rng.get_or_insert_with(|| SeededRng::new(0x77eb_4005));
        let id = rng.uuid();
        Some(self.webhooks.push_mut(Webhook {
            id,
            name: fields.name.unwrap_or_default(),
            url: fields.url.unwrap_or_default(),
            events: fields.events.unwrap_or_default(),
            enabled: fields.enabled.unwrap_or(true),
            created_at: now,
            updated_at: now,
            app,
        }))
    }

    /// Removes one.
    pub(super) fn remove(&mut self, app: Uuid, id: &str) -> Option<Webhook> {
        let mut all = self.webhooks.iter();
        let place = all.position(|webhook| webhook.app == app && webhook.id.to_string() == id)?;
        Some(self.webhooks.remove(place))
    }
}

impl Webhook {
    /// Sets the fields that are there.
    pub(super) fn set(&mut self, fields: Fields, now: Moment) {
        if let Some(name) = fields.name {
            self.name = name;
        }
        if let Some(url) = fields.url {
            self.url = url;
        }
        if let Some(events) = fields.events {
            self.events = events;
        }
        self.enabled = fields.enabled.unwrap_or(self.enabled);
        self.updated_at = now;
    }
}
