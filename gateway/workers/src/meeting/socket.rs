//! One watcher's socket: what is kept of it while the object sleeps, and how it is sent to and closed.

use std::sync::Arc;

use bytes::Bytes;
use js_sys::JsString;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::send::SendWrapper;
use worker::{State, WebSocket};

use realtimekit_gateway::grant::{Grant, LEEWAY_S};
use realtimekit_gateway::live::close::Close;
use realtimekit_gateway::live::inbound::MessageLimit;
use realtimekit_gateway::live::log::Encoded;
use realtimekit_gateway::platform::MeetingKey;
use realtimekit_gateway::route::AUDIT_WORD;

/// A message as a string of JavaScript: made once, however many sockets get it.
#[derive(Clone)]
pub(super) struct Text(SendWrapper<JsString>);

impl Encoded for Text {
    fn encode(json: Bytes) -> Self {
        Self(SendWrapper::new(
            String::from_utf8_lossy(&json).as_ref().into(),
        ))
    }
}

#[wasm_bindgen]
extern "C" {
    type TextSocket;

    #[wasm_bindgen(method, catch, js_name = send)]
    fn send_text(this: &TextSocket, text: &JsString) -> Result<(), JsValue>;
}

/// What the runtime keeps with a socket.
#[derive(Serialize, Deserialize)]
struct Attachment {
    id: String,
    since: f64,
    /// As JSON.
    grant: String,
}

/// A socket.
pub(super) struct Socket {
    /// Its name, also its tag.
    pub(super) id: String,
    pub(super) grant: Arc<Grant>,
    /// Whether the grant may read the audit.
    pub(super) audit: bool,
    pub(super) limit: MessageLimit,
    /// When it was opened, in milliseconds since 1970.
    pub(super) since: u64,
    socket: WebSocket,
}

impl Socket {
    /// A new one.
    pub(super) fn new(
        socket: WebSocket,
        id: String,
        grant: Arc<Grant>,
        key: &MeetingKey,
        now: u64,
    ) -> worker::Result<Self> {
        let socket = Self {
            id,
            audit: may_audit(&grant, key),
            grant,
            limit: MessageLimit::new(now),
            since: now,
            socket,
        };
        socket.keep()?;
        Ok(socket)
    }

    /// The runtime holds it from now on, also while the object sleeps.
    pub(super) fn accept(&self, state: &State) {
        state.accept_websocket_with_tags(&self.socket, &[self.id.as_str()]);
    }

    /// One that was open before the object slept.
    pub(super) fn woken(socket: &WebSocket, key: &MeetingKey, now: u64) -> Option<Self> {
        let kept: Attachment = socket.deserialize_attachment().ok()??;
        let grant: Grant = serde_json::from_str(&kept.grant).ok()?;
        Some(Self {
            id: kept.id,
            audit: may_audit(&grant, key),
            grant: Arc::new(grant),
            limit: MessageLimit::new(now),
            since: kept.since as u64,
            socket: socket.clone(),
        })
    }

    fn keep(&self) -> worker::Result<()> {
        self.socket.serialize_attachment(Attachment {
            id: self.id.clone(),
            since: self.since as f64,
            grant: serde_json::to_string(&*self.grant).unwrap_or_default(),
        })
    }

    /// Takes a new grant.
    ///
    /// # Errors
    ///
    /// If it is too long to survive a sleep of the object; then the old one stays.
    pub(super) fn adopt(&mut self, grant: Arc<Grant>, key: &MeetingKey) -> worker::Result<()> {
        let old = std::mem::replace(&mut self.grant, grant);
        if let Err(error) = self.keep() {
            self.grant = old;
            return Err(error);
        }
        self.audit = may_audit(&self.grant, key);
        Ok(())
    }

    /// Until when it may be open, in milliseconds since 1970.
    pub(super) fn ends_ms(&self) -> u64 {
        let ends_s = self.grant.ends_s.saturating_add(LEEWAY_S);
        ends_s.saturating_mul(1000)
    }

    /// Sends a message; a closed socket's close event follows.
    pub(super) fn send(&self, text: &Text) {
        let socket: &TextSocket = self.socket.as_ref().unchecked_ref();
        let _ = socket.send_text(&text.0);
    }

    /// Closes it.
    pub(super) fn close(&self, close: Close) {
        metrics::counter!("rtk_gateway_live_closed_total", "reason" => close.word()).increment(1);
        // It may be closed already.
        let _ = self.socket.close(Some(close.code()), Some(close.reason()));
    }
}

fn may_audit(grant: &Grant, key: &MeetingKey) -> bool {
    let allowed = grant.allows(&key.app_id, &key.meeting_id, AUDIT_WORD);
    allowed.is_ok()
}
