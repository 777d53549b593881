//! The watchers of a meeting: sockets are opened, sent to and closed, and the meeting is read for them.

use std::rc::{Rc, Weak};
use std::sync::Arc;

use worker::send::SendWrapper;
use worker::{Response, WebSocketPair};

use realtimekit_gateway::api_response::Refusal;
use realtimekit_gateway::audit;
use realtimekit_gateway::gateway::Admitted;
use realtimekit_gateway::live::close::Close;
use realtimekit_gateway::live::feed::Feed;
use realtimekit_gateway::live::handshake::{SUBPROTOCOL, resume};
use realtimekit_gateway::live::log::Encoded;
use realtimekit_gateway::live::message::Message;
use realtimekit_gateway::live::schedule::{Hint, Spacing};
use realtimekit_gateway::live::settle::{Moment, settle};
use realtimekit_gateway::live::{HEARTBEAT_MS, VERSION};
use realtimekit_gateway::platform::{Clock, LiveSink, MeetingKey};

use super::socket::{Socket, Text};
use super::state::{FEED, Meeting};
use crate::random;

/// How long a moderator with too many sockets should wait, in milliseconds.
const TOO_MANY_MS: u64 = 5000;

/// How often the list of moderators is sent at most, in milliseconds.
pub(super) const NAMES_EVERY_MS: u64 = 500;

/// How long a meeting that no one watches is remembered, in milliseconds, so that clients can resume.
const REMEMBERED_MS: u64 = 60_000;

/// How close reads that webhooks cause may be, in milliseconds: a burst of them causes two.
const WEBHOOK_GAP_MS: u64 = 800;

/// The most sockets: the runtime refuses more by an exception, at which worker panics.
const MOST_SOCKETS: usize = 32_000;

pub(super) fn too_long() -> Refusal {
    Refusal::Invalid("the grant is too long for a socket".to_owned())
}

/// The core's way to the watchers.
pub(super) struct Sink(pub(super) SendWrapper<Weak<Meeting>>);

impl LiveSink for Sink {
    fn is_watched(&self, _: &MeetingKey) -> bool {
        let meeting = self.0.upgrade();
        meeting.is_some_and(|meeting| !meeting.sockets.borrow().is_empty())
    }

    fn acted(&self, _: &MeetingKey, line: &str, sent: bool) {
        let Some(meeting) = self.0.upgrade() else {
            return;
        };
        if let Some(record) = audit::shown(line) {
            let now = meeting.clock.unix_ms();
            meeting.feed.borrow_mut().acted(now, &record);
            meeting.publish();
        }
        if sent {
            meeting.hint(Hint::Action);
        }
    }
}

impl Meeting {
    /// Opens a socket for an admitted request.
    pub(super) fn watch(
        self: &Rc<Self>,
        admitted: &Admitted,
        query: Option<&str>,
    ) -> Result<Response, Refusal> {
        let wrong = |what: &str| Refusal::Invalid(what.to_owned());
        let resume =
            resume(query).ok_or_else(|| wrong("the query must have stream and seq, or neither"))?;
        let (key, grant) = (admitted.meeting(), admitted.grant());
        let most = self.config.policy.live.sockets_per_moderator;
        if self.feed.borrow().watching().sockets_of(grant) >= most {
            return Err(Refusal::TooMany(TOO_MANY_MS));
        }
        if self.sockets.borrow().len() >= MOST_SOCKETS {
            return Err(Refusal::Busy);
        }
        let now = self.clock.unix_ms();
        let is_first = self.sockets.borrow().is_empty();
        if is_first && now.saturating_sub(self.idle_since.get()) >= REMEMBERED_MS {
            let names = self.config.policy.live.moderators;
            *self.feed.borrow_mut() = Feed::new(random::name(), names);
            *self.schedule.borrow_mut() = Default::default();
            self.sent_seq.set(0);
        }
        let failed = |_| Refusal::Busy;
        let WebSocketPair { client, server } = WebSocketPair::new().map_err(failed)?;
        let id = random::name();
        // Before the runtime has the socket: it would stay with the object.
        let socket =
            Socket::new(server, id, Arc::clone(grant), key, now).map_err(|_| too_long())?;
        // An object with a socket wakes by itself, and must know its name then.
        self.notes.0.begin().map_err(failed)?;
        socket.accept(&self.state);
        self.feed.borrow_mut().opened(&socket.grant, now);
        self.greet(&socket, resume.as_ref());
        self.sockets.borrow_mut().push(socket);
        if is_first {
            self.note_sockets();
        }
        self.go_on();
        let mut response = Response::from_websocket(client).map_err(failed)?;
        let headers = response.headers_mut();
        headers
            .set("sec-websocket-protocol", SUBPROTOCOL)
            .map_err(failed)?;
        Ok(response)
    }

    /// The welcome, and the missed events or a snapshot.
    fn greet(
        &self,
        socket: &Socket,
        resume: Option<&realtimekit_gateway::live::handshake::Resume>,
    ) {
        let mut feed = self.feed.borrow_mut();
        let start = feed.start(resume);
        let Some(key) = self.key() else {
            return;
        };
        let welcome = Message::Welcome {
            seq: feed.log().seq(),
            version: VERSION,
            stream: feed.stream(),
            resumed: start.resumed,
            now: self.clock.unix_ms(),
            heartbeat_ms: HEARTBEAT_MS,
            interval_ms: self.config.policy.pace().idle_ms(),
            expires_at: socket.grant.ends_s.saturating_mul(1000),
            can: &socket.grant.words(&key.app_id, &key.meeting_id),
        };
        socket.send(&Text::encode(welcome.json()));
        if !start.resumed
            && let Some((_, snapshot)) = feed.snapshot()
        {
            return socket.send(&snapshot);
        }
        for event in feed.after(start.seq, usize::MAX).unwrap_or_default() {
            socket.send(event.message(socket.audit));
        }
    }

    /// Sends the new events to all sockets.
    pub(super) fn publish(&self) {
        let feed = self.feed.borrow();
        let events = feed.after(self.sent_seq.get(), usize::MAX);
        let events = events.unwrap_or_default();
        if events.is_empty() {
            return;
        }
        let now = self.clock.unix_ms();
        for socket in &*self.sockets.borrow() {
            if socket.ends_ms() <= now {
                continue;
            }
            for event in &events {
                socket.send(event.message(socket.audit));
            }
        }
        self.sent_seq.set(feed.log().seq());
        self.sent_at.set(now);
        // What was saved is older now.
        if self.saved_seq.take().is_some()
            && let Err(error) = self.notes.delete(FEED)
        {
            tracing::error!(%error, "the saved feed cannot be deleted");
        }
    }

    /// Something has happened at the API: the meeting is read now, if it is watched.
    pub(super) fn hint(self: &Rc<Self>, hint: Hint) {
        if self.sockets.borrow().is_empty() {
            return;
        }
        let now = self.clock.monotonic_ms();
        self.schedule.borrow_mut().hint(now, hint);
        self.go_on();
    }

    /// A genuine webhook names the meeting.
    pub(super) fn webhook(self: &Rc<Self>) {
        if self.sockets.borrow().is_empty() {
            // The account object counts sockets of an object that has crashed.
            return self.note_sockets();
        }
        let now = self.clock.monotonic_ms();
        let due = self.webhook_read_at.get().saturating_add(WEBHOOK_GAP_MS);
        if now < due {
            self.webhook_due.set(Some(due));
            return self.go_on();
        }
        self.webhook_read_at.set(now);
        self.hint(Hint::Webhook);
    }

    /// Does what is due, in a task of its own.
    pub(super) fn go_on(self: &Rc<Self>) {
        let this = Rc::clone(self);
        self.state.wait_until(async move { this.run().await });
    }

    /// Reads the meeting now, for its watchers.
    pub(super) async fn read(&self, key: &MeetingKey, spacing: Spacing) {
        let now = self.clock.monotonic_ms();
        let anew = self.schedule.borrow_mut().begin(now, spacing);
        let read_at = self.clock.unix_ms();
        let (read, stats) = self.gateway.read_meeting(key, anew).await;
        self.requests.set(stats.requests.max(1));
        let at = Moment {
            unix_ms: self.clock.unix_ms(),
            now: self.clock.monotonic_ms(),
            random: random::fraction(),
        };
        let data_at = read_at.saturating_sub(stats.age_ms);
        let terms = (self.config.policy.pace(), spacing);
        settle(
            &mut self.feed.borrow_mut(),
            &mut self.schedule.borrow_mut(),
            read,
            data_at,
            at,
            terms,
        );
        self.publish();
    }

    /// How close reads may be.
    pub(super) fn spacing(&self) -> Spacing {
        let sustained = self.gateway.pace_ms(self.requests.get());
        Spacing::new(sustained, self.sockets.borrow().len())
    }

    /// Removes a socket that is closed, or is to be closed for a reason.
    pub(super) fn remove(self: &Rc<Self>, id: &str, close: Option<Close>) {
        let mut sockets = self.sockets.borrow_mut();
        let Some(place) = sockets.iter().position(|socket| socket.id == id) else {
            return;
        };
        let socket = sockets.swap_remove(place);
        let is_last = sockets.is_empty();
        drop(sockets);
        if let Some(close) = close {
            socket.close(close);
        }
        self.feed.borrow_mut().closed(&socket.grant);
        if is_last {
            self.idle_since.set(self.clock.unix_ms());
            self.note_sockets();
        }
    }

    /// Closes the sockets whose grant has expired.
    pub(super) fn close_expired(self: &Rc<Self>) {
        let now = self.clock.unix_ms();
        let sockets = self.sockets.borrow();
        let over = sockets.iter().filter(|socket| socket.ends_ms() <= now);
        let over: Vec<_> = over.map(|socket| socket.id.clone()).collect();
        drop(sockets);
        for id in over {
            self.remove(&id, Some(Close::Expired));
        }
    }

    /// Sends a message to all sockets that is no event.
    pub(super) fn send_to_all(&self, text: &Text) {
        for socket in &*self.sockets.borrow() {
            socket.send(text);
        }
        self.sent_at.set(self.clock.unix_ms());
    }
}
