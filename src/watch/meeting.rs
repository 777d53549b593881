//! A meeting as the messages of the live protocol describe it: see `docs/live.md`.

use crate::hash::Index;
use crate::js;
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::{ApiError, Error};
use crate::transport::error_message::with_status;
use crate::transport::response::ResponseHead;
use js_sys::Array;
use std::mem;
use wasm_bindgen::{JsCast, JsValue};

/// What a message did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Nothing that a caller sees.
    None,
    /// Something that is no change of the participants.
    News,
    /// The participants may have changed.
    Participants,
    /// Messages were lost, or are not of this protocol: connect again.
    Broken,
    /// The gateway stops: connect again after that time, in milliseconds. NaN if it did not say.
    Reconnect(f64),
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
    /// The name and the last number of the events, to resume after them. NaN before the first snapshot.
    pub(crate) stream: String,
    pub(crate) seq: f64,
    /// The last number when the channel was opened.
    newest: f64,
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
            seq: f64::NAN,
            newest: f64::NAN,
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
        let kind = js::text(message, "type");
        let seq = js::number(message, "seq");
        let behind = now - js::number(message, "now");
        if !behind.is_nan() {
            self.behind = behind;
        }
        let is_snapshot = match kind.as_str() {
            "welcome" => {
                self.stream = js::text(message, "stream");
                self.newest = seq;
                if js::get(message, "resumed").is_truthy() {
                    // What failed before works again.
                    return Effect::News;
                }
                self.seq = f64::NAN;
                return Effect::None;
            }
            "reconnect" => return Effect::Reconnect(js::number(message, "after_ms")),
            "heartbeat" => {
                self.set_read_at(message, now);
                return Effect::News;
            }
            // Their number, like a heartbeat's, may be that of an event that still comes.
            "grant" | "refused" => return Effect::None,
            kind => kind == "snapshot",
        };
        // What is no event has no number. A comparison with NaN is false.
        if seq.is_nan() {
            return Effect::None;
        }
        if !is_snapshot && seq > self.seq + 1.0 {
            return Effect::Broken;
        }
        // Before the snapshot there is nothing to resume after.
        if is_snapshot || !self.seq.is_nan() {
            self.seq = seq;
        }
        self.next_at = None;
        self.set_read_at(message, now);
        match kind.as_str() {
            "snapshot" => {
                self.session = js::get(message, "session");
                self.peers.clear();
                self.change(list(message, "peers"), Vec::new());
                self.moderators = object_or_null(js::get(message, "moderators"));
                self.set_problem(&js::get(message, "trouble"));
                self.set_next(&js::get(message, "pause"), "until");
                Effect::Participants
            }
            // What it changes is not there yet.
            "change" if self.seq.is_nan() => Effect::None,
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
            _ => Effect::None,
        }
    }

    /// Whether events are to come that the gateway had when the channel was opened.
    pub(crate) fn is_behind(&self) -> bool {
        self.seq < self.newest
    }

    fn set_read_at(&mut self, message: &JsValue, now: f64) {
        let read_at = js::number(message, "read_at");
        if !read_at.is_nan() {
            // A clock may be set back.
            self.read_at = now.min(read_at + self.behind);
        }
    }

    fn set_problem(&mut self, problem: &JsValue) {
        self.set_next(problem, "next_at");
        self.trouble = problem.is_object().then(|| Problem {
            since: js::number(problem, "since").max(0.0) + self.behind,
            failures: js::number(problem, "failures") as u32,
            error: js::get(problem, "error"),
        });
    }

    fn set_next(&mut self, delay: &JsValue, name: &str) {
        let at = js::number(delay, name);
        if !at.is_nan() {
            self.next_at = Some(at + self.behind);
        }
    }

    /// Puts peers in the place of those with their IDs, or at the end, and takes others out.
    fn change(&mut self, peers: Vec<JsValue>, removed: Vec<JsValue>) {
        let mut gone = Index::default();
        for id in removed {
            gone.insert(id.as_string().unwrap_or_default());
        }
        let mut ids = Index::default();
        // Where the peer of each ID is.
        let mut places = Vec::new();
        let known = mem::take(&mut self.peers).into_iter();
        for listed in known.chain(peers.into_iter().map(ListedPeer::new)) {
            if gone.get(&listed.id).is_some() {
                continue;
            }
            let (id, is_new) = ids.insert(listed.id.clone());
            if is_new {
                places.push(self.peers.len());
            }
            let place = places.get(id).filter(|_| !is_new && !listed.id.is_empty());
            match place.and_then(|place| self.peers.get_mut(*place)) {
                Some(former) => *former = listed,
                None => self.peers.push(listed),
            }
        }
    }
}

impl Problem {
    /// The error, as of a request that failed so.
    pub(crate) fn error(&self) -> Error {
        let status = js::number(&self.error, "status") as u16;
        let message = js::text(&self.error, "message");
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
            id: js::text(&peer, "id"),
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
