//! The live channel of a watch: a WebSocket to the gateway.

use super::poll::Poller;
use crate::api::inner::ClientInner;
use crate::js;
use crate::operation::GET_ACTIVE_SESSION;
use crate::request::gateway_features;
use crate::request::query::Query;
use crate::transport::events::{Event, Mailbox, SOCKET_LOST};
use crate::transport::sources::{Socket, Source};
use js_sys::Date;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// How long a connection may take until the first message, and how long it may then be silent: more than two heartbeats.
const MAX_CONNECT_MS: u32 = 10_000;
pub(crate) const MAX_SILENCE_MS: u32 = 45_000;

/// A connection to the gateway.
pub(crate) struct Channel {
    mailbox: Mailbox,
    socket: Socket,
    url: String,
    token: String,
    since: f64,
    /// Whether there was a message.
    pub(crate) is_open: bool,
    /// What may end a wait for messages, besides them.
    waiting: Option<[Option<Source>; 3]>,
}

impl Channel {
    /// Connects, if the gateway pushes and the client has a grant, which must fit into a handshake.
    pub(crate) fn connect(
        poller: &Poller,
        client: &ClientInner,
        class: &JsValue,
        resume: Option<(&str, f64)>,
    ) -> Option<Self> {
        let (url, token) = address(poller, client)?;
        let mut query = Query::default();
        if let Some((stream, seq)) = resume {
            query.push("stream", stream);
            query.push_number("seq", seq as u32);
        }
        let mailbox = Mailbox::new();
        let full = url.clone() + query.as_str();
        let socket = Socket::open(&mailbox, class, &full, &token).ok()?;
        Some(Self {
            mailbox,
            socket,
            url,
            token,
            since: Date::now(),
            is_open: false,
            waiting: None,
        })
    }

    /// Sends the client's grant if it is a new one. Returns false if the channel leads elsewhere now.
    pub(crate) fn renew(&mut self, poller: &Poller, client: &ClientInner) -> bool {
        let Some((url, token)) = address(poller, client) else {
            return false;
        };
        if url != self.url {
            // Another host must not get the grant of this one.
            return false;
        }
        if token != self.token {
            self.socket.send_grant(&token);
            self.token = token;
        }
        true
    }

    /// Whether it waits for messages.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Waits for messages: texts, and at the end a code. Gives `None` once the signal is aborted.
    pub(crate) fn poll(
        &mut self,
        signal: Option<&AbortSignal>,
        context: &Context<'_>,
    ) -> Poll<Option<Vec<JsValue>>> {
        let mailbox = &self.mailbox;
        if self.waiting.is_none() {
            let listen =
                |target: &JsValue, name, event| Source::listener(mailbox, target, name, event).ok();
            let limit = match self.is_open {
                true => MAX_SILENCE_MS,
                false => MAX_CONNECT_MS,
            };
            self.waiting = Some([
                Some(Source::timer(mailbox, limit)),
                signal.and_then(|signal| listen(signal, "abort", Event::Abort)),
                // On another network the connection is dead, but nothing says so.
                listen(&js::global("globalThis"), "online", Event::Online),
            ]);
        }
        let messages = if mailbox.has(Event::Abort) {
            None
        } else {
            let mut messages = mailbox.take_messages();
            if messages.is_empty() {
                if !mailbox.has(Event::Timeout) && !mailbox.take(Event::Online) {
                    mailbox.wake_at_next(context);
                    return Poll::Pending;
                }
                messages.push(JsValue::from_f64(SOCKET_LOST));
            }
            Some(messages)
        };
        self.waiting = None;
        Poll::Ready(messages)
    }
}

/// The URL beside which the channel of a meeting is, and the grant for it.
fn address(poller: &Poller, client: &ClientInner) -> Option<(String, String)> {
    let call = poller
        .prepare(
            client,
            &GET_ACTIVE_SESSION,
            &poller.meeting,
            Query::default(),
        )
        .ok()?;
    let head = call.head;
    if !gateway_features::seen(&head.url).pushes {
        return None;
    }
    let token = head
        .headers
        .get("authorization")??
        .strip_prefix("Bearer ")?;
    Some((head.url, token.to_owned()))
}

/// A connection that ended earlier did not last: a proxy may cut all, for example.
const SHORT_MS: f64 = 10_000.0;
/// The longest wait that a gateway can ask for.
const MAX_WAIT_MS: f64 = 300_000.0;

/// When to connect again.
#[derive(Default)]
pub(crate) struct Reconnection {
    /// Not before, in milliseconds since 1970.
    at: f64,
    /// How many connections in a row did not last.
    failures: u32,
}

impl Reconnection {
    pub(crate) fn is_due(&self) -> bool {
        let left = self.at - Date::now();
        // A clock may be set back.
        left <= 0.0 || left > MAX_WAIT_MS
    }

    /// After the end of a connection: 1 s, and after each one that did not last twice as long, to 30 s at most; or when the
    /// gateway asked for it. Returns how long to wait without a poll, in milliseconds.
    pub(crate) fn after(&mut self, channel: &Channel, after_ms: f64, random: f64) -> Option<f64> {
        let now = Date::now();
        if now - channel.since > SHORT_MS {
            self.failures = 0;
        }
        let seconds = f64::from(1_u32 << self.failures.min(5)).min(30.0);
        // ±20 %, because all watchers of a gateway that restarts would come at once. (`max` of a number and NaN is the number.)
        let own = seconds * 1000.0 * (0.8 + 0.4 * random);
        let wait = own.max(after_ms).min(MAX_WAIT_MS);
        self.at = now + wait;
        self.failures += 1;
        let is_brief = self.failures == 1 || after_ms > own;
        (channel.is_open && is_brief).then_some(wait)
    }
}
