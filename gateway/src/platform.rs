//! What the core needs from its platform: the time, a connection to the API, a journal, and the
//! verification of signatures.
//!
//! Natively these are the system's clock, a connection pool, files and RustCrypto; on Cloudflare Workers
//! they are `Date.now`, `fetch`, a Durable Object's storage and `node:crypto`.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use realtimekit_moderator::internal::operation::Method;

use crate::api_response::ApiResponse;
use crate::grant::Moderator;
use crate::route::Id;

/// A clock.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970, by the wall clock.
    fn unix_ms(&self) -> u64;

    /// Milliseconds since any fixed point; never runs backwards.
    fn monotonic_ms(&self) -> u64;
}

/// An RSA public key: RustCrypto's, or the platform's.
pub trait RsaKey: Sized {
    /// The key in a PEM text of the kind `PUBLIC KEY`.
    fn from_pem(pem: &str) -> Option<Self>;

    /// Whether a signature of a message is by this key: PKCS #1 v1.5 with SHA-256.
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MeetingKey {
    /// Its app.
    pub app_id: Id,
    /// The meeting.
    pub meeting_id: Id,
}

impl MeetingKey {
    /// Its name: `app/meeting`. IDs hold no slash.
    pub fn name(&self) -> String {
        format!("{}/{}", self.app_id.as_str(), self.meeting_id.as_str())
    }

    /// The meeting of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let (app_id, meeting_id) = name.split_once('/')?;
        Some(Self {
            app_id: Id::new(app_id)?,
            meeting_id: match meeting_id {
                "*" => Id::every(),
                meeting_id => Id::new(meeting_id)?,
            },
        })
    }
}

/// The purpose of an API request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A mutation that ends an emergency: kick-all, the meeting's lock, the kick of one person.
    Essential,
    /// Any other mutation.
    Mutation,
    /// A read.
    Read,
}

/// A request that is about to be sent to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its purpose.
    pub purpose: Purpose,
    /// Its meeting: each has a fair share.
    pub meeting: MeetingKey,
    /// Whose mutation causes it; a read is shared.
    pub moderator: Option<Moderator>,
}

/// The account's budget of requests to the API, which all meetings share. Natively it is in memory;
/// on Workers an object of its own holds it, a call away.
pub trait Budget: Send + Sync {
    /// Takes one request; called before each that is sent.
    ///
    /// The error is the wait in milliseconds.
    fn take(&self, claim: Claim) -> BoxFuture<'static, Result<Box<dyn Permit>, u64>>;

    /// How long a response must stay fresh, in milliseconds, when so many reads are repeated. An
    /// estimate will do.
    fn pace_ms(&self, watched: u64) -> u64;
}

/// One request of the budget. If dropped, it counts as sent.
pub trait Permit: Send {
    /// The API responded, and may have said how much is left.
    fn answered(self: Box<Self>, response: &ApiResponse);

    /// Nothing was sent.
    fn not_sent(self: Box<Self>);
}

/// A request to the API: the platform adds the base URL and the token, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// The `operationId`, for logs and counts.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the API's base, with its query.
    pub path: String,
    /// The JSON body, if there is one.
    pub body: Option<Bytes>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamError {
    /// It is certain that nothing was sent.
    NotSent,
    /// The connection failed, or the response cannot be passed on.
    Lost,
    /// It took too long.
    TimedOut,
}

/// The connection to the API.
pub trait Upstream: Send + Sync {
    /// Sends a request once: never again if it may have been sent. Keeps only the response headers
    /// that are passed on.
    fn send(
        &self,
        request: UpstreamRequest,
    ) -> impl Future<Output = Result<ApiResponse, UpstreamError>> + Send + 'static;
}

/// One line for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The record's ID: the intent and the outcome of a mutation have the same.
    pub id: String,
    /// The app.
    pub app_id: String,
    /// The meeting.
    pub meeting_id: String,
    /// Whether it is an intent; its outcome follows.
    pub is_intent: bool,
    /// One JSON object without a line break, which holds the fields above.
    pub text: String,
}

/// The size at which a page ends, 1 MiB; the next page continues. Unread pages are held in memory.
pub const PAGE_BYTES: usize = 1 << 20;

/// Lines of one meeting, the latest record first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// For each record its latest line.
    pub lines: Vec<String>,
    /// How many records the meeting has.
    pub total: u64,
    /// Where the next, older page starts; `None` if this one is the last.
    pub next: Option<u64>,
}

/// The journal could not be written or read; the text is for the log, not for a moderator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFailure(pub String);

/// The audit's journal: append only.
pub trait Journal: Send + Sync {
    /// Appends a line; resolves when the line would survive a crash.
    fn append(&self, line: Line) -> impl Future<Output = Result<(), JournalFailure>> + Send;

    /// At most `limit` records of a meeting, those before `before` (from a page's `next`), else
    /// the latest. A record's place is that of its first line, its text that of its last.
    fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> impl Future<Output = Result<Page, JournalFailure>> + Send;
}

/// The watchers of meetings, who are shown what moderators do.
pub trait LiveSink: Send + Sync {
    /// Whether a meeting is watched.
    fn is_watched(&self, meeting: &MeetingKey) -> bool;

    /// A moderator's action is over: its last line in the journal. `sent` says whether the API may
    /// have acted.
    fn acted(&self, meeting: &MeetingKey, line: &str, sent: bool);
}

/// The source of an identity provider's published keys.
pub trait KeySource: Send + Sync {
    /// The current JWKS; `None` if it cannot be fetched.
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>>;
}
