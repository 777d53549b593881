//! One watcher's socket: sends the events of its meeting, and reads what the client sends.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until, timeout};

use super::frame;
use super::hub::LiveHub;
use super::inbox::Inbox;
use super::meeting::WatchedMeeting;
use super::outbox::Outbox;
use super::random::random;
use crate::grant::{Grant, LEEWAY_S};
use crate::live::close::Close;
use crate::live::handshake::Resume;
use crate::live::inbound::MessageLimit;
use crate::live::message::Message;
use crate::live::{HEARTBEAT_MS, MOST_UNREAD, SILENCE_MS, VERSION};
use crate::native::clock::SystemClock;
use crate::platform::Clock;
use crate::route::AUDIT_WORD;

/// How many events are taken at once.
const EVENTS_AT_ONCE: usize = 32;

/// How long the last frames may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long the client may take to close its side.
const LINGER: Duration = Duration::from_secs(2);

/// The end of a conversation.
pub(super) enum End {
    /// The connection is lost.
    Lost,
    /// The client has closed it.
    Peer,
    /// The gateway closes it.
    Close(Close),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Lost
    }
}

/// A socket and what it is allowed.
pub(super) struct Socket {
    pub(super) hub: Arc<LiveHub>,
    pub(super) meeting: Arc<WatchedMeeting>,
    pub(super) grant: Arc<Grant>,
    /// To verify the grant again when revocations, moderators or secrets change.
    pub(super) token: String,
    pub(super) audit: bool,
    pub(super) outbox: Outbox,
    pub(super) inbox: Inbox,
    pub(super) limit: MessageLimit,
    pub(super) clock: SystemClock,
    resume: Option<Resume>,
    deflate: bool,
    /// The last event that is in the outbox or sent.
    seq: u64,
    /// When a message was last put into the outbox, and when the client last sent something.
    sent_ms: u64,
    heard_ms: u64,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.meeting.closed(&self.grant);
    }
}

impl Socket {
    /// A socket of a moderator, who is counted already.
    pub(super) fn new(
        hub: &Arc<LiveHub>,
        meeting: Arc<WatchedMeeting>,
        grant: Arc<Grant>,
        token: String,
        resume: Option<Resume>,
        deflate: bool,
    ) -> Self {
        let clock = SystemClock::start();
        let mut socket = Self {
            hub: Arc::clone(hub),
            meeting,
            audit: false,
            grant,
            token,
            outbox: Outbox::default(),
            inbox: Inbox::new(deflate),
            limit: MessageLimit::new(clock.monotonic_ms()),
            clock,
            resume,
            deflate,
            seq: 0,
            sent_ms: 0,
            heard_ms: 0,
        };
        socket.audit = socket.may_audit();
        socket
    }

    /// Whether the grant may read the audit of this meeting.
    pub(super) fn may_audit(&self) -> bool {
        let key = self.meeting.key();
        let allowed = self.grant.allows(&key.app_id, &key.meeting_id, AUDIT_WORD);
        allowed.is_ok()
    }

    /// Serves the socket to its end.
    pub(super) async fn run<S: AsyncRead + AsyncWrite + Unpin>(mut self, mut stream: S) {
        let now = self.clock.monotonic_ms();
        (self.sent_ms, self.heard_ms) = (now, now);
        self.greet();
        let end = self.converse(&mut stream).await;
        let word = match &end {
            End::Lost => "lost",
            End::Peer => "done",
            End::Close(close) => close.word(),
        };
        metrics::counter!("rtk_gateway_live_closed_total", "reason" => word).increment(1);
        tracing::debug!(
            reason = word,
            moderator = self.grant.moderator,
            "a socket is closed"
        );
        self.part(end, &mut stream).await;
    }

    /// The welcome, and a snapshot unless the client resumes.
    fn greet(&mut self) {
        let meeting = Arc::clone(&self.meeting);
        let mut feed = meeting.feed();
        let start = feed.start(self.resume.take().as_ref());
        self.seq = start.seq;
        let key = meeting.key();
        let welcome = Message::Welcome {
            seq: feed.log().seq(),
            version: VERSION,
            stream: feed.stream(),
            resumed: start.resumed,
            now: self.clock.unix_ms(),
            heartbeat_ms: HEARTBEAT_MS,
            interval_ms: self.hub.settings().pace.idle_ms(),
            expires_at: self.grant.ends_s.saturating_mul(1000),
            can: &self.grant.words(&key.app_id, &key.meeting_id),
        };
        self.outbox.push(frame::text(&welcome.json()));
        if !start.resumed
            && let Some((seq, message)) = feed.snapshot()
        {
            self.seq = seq;
            self.outbox.push(message.wire(self.deflate));
        }
    }

    /// The last event that was sent, or is about to be.
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&mut self, stream: &mut S) -> End {
        let mut events = self.meeting.events();
        let mut grants = self.hub.grants();
        let stop = self.hub.stopping().clone();
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut buffer = [0; 1024];
        loop {
            if self.outbox.is_done()
                && let Err(end) = self.take_events()
            {
                return end;
            }
            let tick = self.next_tick();
            let (outbox, writer) = (&mut self.outbox, &mut writer);
            let is_done = outbox.is_done();
            let sending = poll_fn(|cx| outbox.poll_send(cx, writer));
            let done = tokio::select! {
                biased;
                () = stop.cancelled() => Err(Close::Restart.into()),
                read = reader.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => Err(End::Lost),
                    Ok(length) => {
                        self.heard_ms = self.clock.monotonic_ms();
                        self.receive(buffer.get(..length).unwrap_or_default()).await
                    }
                },
                sent = sending, if !is_done => sent.map_err(End::from),
                _ = events.changed() => self.check_backlog(),
                _ = grants.changed() => self.verify(),
                () = sleep_until(tick) => self.tick(),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Puts the next events into the outbox, which is empty.
    fn take_events(&mut self) -> Result<(), End> {
        let meeting = Arc::clone(&self.meeting);
        let events = meeting.feed().after(self.seq, EVENTS_AT_ONCE);
        for event in events.ok_or(Close::TooSlow)? {
            let message = event.message(self.audit);
            self.outbox.push(message.wire(self.deflate));
            self.seq = event.seq;
            self.sent_ms = self.clock.monotonic_ms();
        }
        Ok(())
    }

    /// An event has come while others may still wait to be sent.
    fn check_backlog(&mut self) -> Result<(), End> {
        let unread = self.meeting.feed().log().unread(self.seq);
        match unread {
            Some(..=MOST_UNREAD) => Ok(()),
            _ => Err(Close::TooSlow.into()),
        }
    }

    /// When `tick` is due: the next heartbeat, or the grant's end.
    fn next_tick(&self) -> Instant {
        let now = self.clock.monotonic_ms();
        let heartbeat = self
            .sent_ms
            .saturating_add(HEARTBEAT_MS)
            .saturating_sub(now);
        let expiry = self.expires_ms().saturating_sub(self.clock.unix_ms());
        // By the wall clock, which may jump: so it is compared again at each heartbeat.
        let wait = heartbeat.min(expiry).min(HEARTBEAT_MS);
        Instant::now() + Duration::from_millis(wait)
    }

    fn expires_ms(&self) -> u64 {
        self.grant
            .ends_s
            .saturating_add(LEEWAY_S)
            .saturating_mul(1000)
    }

    fn tick(&mut self) -> Result<(), End> {
        let now = self.clock.monotonic_ms();
        if now.saturating_sub(self.heard_ms) >= SILENCE_MS {
            return Err(Close::Silent.into());
        }
        self.verify()?;
        if now.saturating_sub(self.sent_ms) >= HEARTBEAT_MS {
            self.sent_ms = now;
            // What waits to be sent is a sign of life, too.
            if self.outbox.is_done() {
                let heartbeat = self.meeting.feed().heartbeat(self.clock.unix_ms());
                self.outbox.push(frame::text(&heartbeat));
                self.outbox.push(frame::ping());
            }
        }
        Ok(())
    }

    /// Sends the last frames, and waits for the client to close its side.
    async fn part<S: AsyncRead + AsyncWrite + Unpin>(&mut self, end: End, stream: &mut S) {
        match end {
            End::Lost => return,
            End::Peer => {}
            End::Close(close) => {
                self.outbox.clear();
                if close == Close::Restart {
                    let after_ms = self.hub.return_ms(random());
                    let seq = self.seq;
                    let json = Message::Reconnect { seq, after_ms }.json();
                    self.outbox.push(frame::text(&json));
                }
                self.outbox.push(frame::close(close));
            }
        }
        let sending = poll_fn(|cx| self.outbox.poll_send(cx, stream));
        if !matches!(timeout(FAREWELL, sending).await, Ok(Ok(()))) {
            return;
        }
        // Unread bytes would make the system reset the connection, and the client lose the reason.
        let mut buffer = [0; 256];
        let closing = async {
            let _ = stream.shutdown().await;
            while matches!(stream.read(&mut buffer).await, Ok(1..)) {}
        };
        let _ = timeout(LINGER, closing).await;
    }
}
