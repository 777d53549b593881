//! A meeting as the messages of the live protocol describe it: see `docs/live.md`.

use crate::hash::Index;
use crate::js;
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::{ApiError, Error};
use crate::transport::error_message::with_status;
use crate::transport::response::ResponseHead;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

/// What a message did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing that a caller sees.
    None,
    /// Something that is no change of the participants.
    News,
    /// The participants may have changed.
    Participants,
    /// Messages were lost, or are not of this protocol: connect again.
    Broken,
    /// The gateway stops: connect again after that time, in milliseconds.
    Reconnect(u32),
}

/// Reads that have failed in a row.
pub(crate) struct Problem {
    pub(crate) since: f64,
    pub(crate) failures: u32,
    /// `status`, `code` and `message`.
    error: JsValue,
}

/// A peer, and its ID, which may be empty.
pub(crate) struct ListedPeer {
    id: String,
    pub(crate) peer: JsValue,
}

/// A meeting, as far as the gateway has described it.
pub(crate) struct Meeting {
    /// The name and the last number of the events, to resume after them.
    pub(crate) stream: String,
    pub(crate) seq: f64,
    /// The session; `undefined` before the first snapshot, `null` if none is live.
    pub(crate) session: JsValue,
    /// The peers of the session.
    pub(crate) peers: Vec<ListedPeer>,
    pub(crate) moderators: JsValue,
    /// The actions since they were taken last.
    pub(crate) actions: Vec<JsValue>,
    pub(crate) trouble: Option<Problem>,
    /// When the data was read, and when the next read is due if the gateway said so. Both by this clock.
    pub(crate) read_at: f64,
    pub(crate) next_at: Option<f64>,
    /// How far the gateway's clock is behind this one, in milliseconds.
    behind: f64,
}

impl Meeting {
    pub(crate) fn new() -> Self {
        Self {
            stream: String::new(),
            seq: 0.0,
            session: JsValue::UNDEFINED,
            peers: Vec::new(),
            moderators: JsValue::NULL,
            actions: Vec::new(),
            trouble: None,
            read_at: f64::NAN,
            next_at: None,
            behind: 0.0,
        }
    }

    /// Takes a message, which arrived now.
    pub(crate) fn take(&mut self, message: &JsValue, now: f64) -> Effect {
        let text = |name| js::get(message, name).as_string().unwrap_or_default();
        let number = |name| js::get(message, name).as_f64().unwrap_or(f64::NAN);
        let kind = text("type");
        let seq = number("seq");
        if kind == "welcome" {
            let resumed = js::get(message, "resumed").is_truthy();
            self.stream = text("stream");
            self.behind = now - number("now");
            if !resumed {
                self.seq = f64::NAN;
            }
            return Effect::None;
        }
        // Before the first snapshot there is no number yet, and a comparison with NaN is false.
        if kind != "snapshot" && seq > self.seq + 1.0 {
            return Effect::Broken;
        }
        if kind == "reconnect" {
            return Effect::Reconnect(number("after_ms") as u32);
        }
        if seq.is_nan() {
            // No message of this protocol.
            return Effect::None;
        }
        self.seq = seq;
        self.next_at = None;
        let read_at = number("read_at") + self.behind;
        if !read_at.is_nan() {
            self.read_at = read_at;
        }
        match kind.as_str() {
            "snapshot" => {
                self.session = js::get(message, "session");
                self.peers = list(message, "peers")
                    .into_iter()
                    .map(ListedPeer::new)
                    .collect();
                self.moderators = object_or_null(js::get(message, "moderators"));
                self.set_problem(&js::get(message, "trouble"));
                self.set_next(&js::get(message, "pause"), "until");
                Effect::Participants
            }
            "change" => {
                self.trouble = None;
                let session = js::get(message, "session");
                if session.is_object() && self.session.is_object() {
                    // What a caller has of it does not change.
                    self.session = js::merged(&self.session, &session);
                }
                self.change(list(message, "peers"), list(message, "removed"));
                Effect::Participants
            }
            "action" => {
                let action = js::get(message, "action");
                self.actions.push(match action.is_object() {
                    true => action,
                    false => message.clone(),
                });
                Effect::News
            }
            "moderators" => {
                self.moderators = message.clone();
                Effect::News
            }
            "trouble" => {
                self.set_problem(message);
                Effect::News
            }
            "pause" => {
                self.set_next(message, "until");
                Effect::News
            }
            "heartbeat" => {
                self.behind = now - number("now");
                Effect::News
            }
            _ => Effect::None,
        }
    }

    fn set_problem(&mut self, problem: &JsValue) {
        self.set_next(problem, "next_at");
        let number = |name| js::get(problem, name).as_f64().unwrap_or_default();
        self.trouble = problem.is_object().then(|| Problem {
            since: number("since") + self.behind,
            failures: number("failures") as u32,
            error: js::get(problem, "error"),
        });
    }

    fn set_next(&mut self, delay: &JsValue, name: &str) {
        if let Some(at) = js::get(delay, name).as_f64() {
            self.next_at = Some(at + self.behind);
        }
    }

    /// Puts peers in the place of those with their IDs, or at the end, and takes others out.
    fn change(&mut self, peers: Vec<JsValue>, removed: Vec<JsValue>) {
        let mut places = Index::default();
        let mut changed = Vec::new();
        for peer in peers.into_iter().map(ListedPeer::new) {
            let (place, is_new) = places.insert(peer.id.clone());
            if is_new || peer.id.is_empty() {
                changed.push(Some(peer));
            } else if let Some(former) = changed.get_mut(place) {
                *former = Some(peer);
            }
        }
        for known in &mut self.peers {
            let place = places.get(&known.id).filter(|_| !known.id.is_empty());
            if let Some(peer) = place.and_then(|place| changed.get_mut(place)?.take()) {
                *known = peer;
            }
        }
        self.peers.extend(changed.into_iter().flatten());
        if !removed.is_empty() {
            let mut gone = Index::default();
            for id in removed {
                gone.insert(id.as_string().unwrap_or_default());
            }
            self.peers.retain(|peer| gone.get(&peer.id).is_none());
        }
    }
}

impl Problem {
    /// The error, as of a request that failed so.
    pub(crate) fn error(&self) -> Error {
        let status = js::get(&self.error, "status").as_f64().unwrap_or_default() as u16;
        let message = js::get(&self.error, "message")
            .as_string()
            .unwrap_or_default();
        Error::Api(Box::new(ApiError {
            status,
            message: with_status(status, &message),
            body: self.error.clone(),
            head: ResponseHead::default(),
            rate_limit: None,
            retry_after: None,
            info: AttemptInfo {
                attempts: 1,
                maybe_applied: false,
            },
        }))
    }
}

impl ListedPeer {
    fn new(peer: JsValue) -> Self {
        Self {
            id: js::get(&peer, "id").as_string().unwrap_or_default(),
            peer,
        }
    }
}

/// The entries of a list, if there is one.
fn list(object: &JsValue, name: &str) -> Vec<JsValue> {
    match js::get(object, name).dyn_ref::<Array>() {
        Some(list) => (0..list.length()).map(|at| list.get(at)).collect(),
        None => Vec::new(),
    }
}

fn object_or_null(value: JsValue) -> JsValue {
    if value.is_object() {
        value
    } else {
        JsValue::NULL
    }
}
