//! One poll of a watch: the live session and all its peers.

use super::roster::Peer;
use crate::api::inner::{ClientInner, MISSING_ACCOUNT};
use crate::api::paging::{Entry, Pages};
use crate::ascii::leading_number;
use crate::js::{self, FromJs};
use crate::operation::{GET_ACTIVE_SESSION, GET_SESSION_PARTICIPANTS, Operation};
use crate::request::build::RequestParts;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::{DecodeError, Error};
use crate::transport::exchange::{Exchange, Success};
use crate::transport::prepared::{JsHandles, PreparedRequest};
use crate::transport::rate_limit::RateLimit;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// The name of the ID that comes from the server, so that an invalid one is no mistake of the caller's.
pub(crate) const SERVERS_ID: &str = "session_id";

/// What is polled, and how.
pub(crate) struct Poller {
    pub(crate) app: Segment,
    pub(crate) meeting: Segment,
    /// The account, which may be missing.
    pub(crate) account: Option<Segment>,
    /// The timeout of a request in milliseconds, if it is not the client's.
    pub(crate) timeout_ms: Option<u32>,
    pub(crate) per_page: u32,
    pub(crate) signal: Option<AbortSignal>,
}

/// What a poll took, and what its responses said about limits.
#[derive(Default)]
pub(crate) struct PollStats {
    pub(crate) requests: u32,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) retry_after: Option<f64>,
    /// The age of the oldest response in milliseconds: a gateway may have cached it.
    pub(crate) age_ms: f64,
}

/// What a poll found.
pub(crate) struct Found<S, P> {
    pub(crate) session: S,
    pub(crate) id: String,
    pub(crate) peers: Vec<P>,
}

/// The list of a session's participants, while it is read.
struct List<S, P> {
    found: Found<S, P>,
    segment: Segment,
    /// How many participants the session says are present.
    live: f64,
    pages: Pages,
}

/// A poll in progress: the request that is awaited, and what those before it have brought. (A struct for the same reason
/// as [`Exchange`].)
pub(crate) struct Polling<S, P> {
    exchange: Option<Box<Exchange>>,
    list: Option<List<S, P>>,
    pub(crate) stats: PollStats,
}

impl<S: FromJs, P: Entry + Peer> Polling<S, P> {
    /// A poll whose first request is not sent yet.
    pub(crate) fn new() -> Self {
        Self {
            exchange: None,
            list: None,
            stats: PollStats::default(),
        }
    }

    /// Fetches the live session and its peers; `None` if there is no session.
    pub(crate) fn poll(
        &mut self,
        poller: &Poller,
        client: &ClientInner,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Found<S, P>>, Error>> {
        loop {
            let exchange = match &mut self.exchange {
                Some(exchange) => exchange,
                None => {
                    self.stats.requests += 1;
                    let call = poller.next_call(client, self.list.as_ref())?;
                    self.exchange.insert(Exchange::start(call)?)
                }
            };
            let result = ready!(Pin::new(exchange).poll(context));
            self.exchange = None;
            let body = match self.stats.record(result) {
                Err(error) if self.list.is_none() && is_no_session(&error) => {
                    return Poll::Ready(Ok(None));
                }
                body => body?,
            };
            let is_done = match &mut self.list {
                None => {
                    self.list = first(body)?;
                    self.list.is_none()
                }
                Some(list) => list.take(body)?,
            };
            if is_done {
                return Poll::Ready(Ok(self.list.take().map(|list| list.found)));
            }
        }
    }
}

/// What the response about the session says; `None` if it has ended.
fn first<S: FromJs, P>(body: JsValue) -> Result<Option<List<S, P>>, Error> {
    let data = js::get(&body, "data");
    if !data.is_object() {
        // Otherwise everyone would seem to have left.
        return Err(undescribed(body));
    }
    if js::get(&data, "status") == "ENDED" {
        return Ok(None);
    }
    let id = js::text(&data, "id");
    if id.is_empty() {
        return Err(undescribed(body));
    }
    Ok(Some(List {
        live: js::number(&data, "live_participants"),
        segment: Segment::new(SERVERS_ID, &id)?,
        found: Found {
            session: S::from_js(data).map_err(|message| decode_error(message, body))?,
            id,
            peers: Vec::new(),
        },
        pages: Pages::new(None),
    }))
}

impl<S, P: Entry + Peer> List<S, P> {
    /// Takes a page. Returns whether it was the last.
    fn take(&mut self, body: JsValue) -> Result<bool, Error> {
        if !js::get(&body, "data").is_object() {
            return Err(undescribed(body));
        }
        let fresh = match self.pages.take::<P>(&body) {
            Ok(fresh) => fresh,
            Err(message) => return Err(decode_error(message, body)),
        };
        let peers = &mut self.found.peers;
        peers.extend(fresh.into_iter().filter(P::has_fields));
        let is_done = self.pages.is_done();
        // The list has everyone who was in the session. Otherwise everyone would seem to have left.
        if is_done && peers.is_empty() && self.live > 0.0 {
            let message = "The session has participants, but their list is empty.";
            return Err(decode_error(message.to_owned(), body));
        }
        Ok(is_done)
    }
}

impl Poller {
    fn next_call<S, P>(
        &self,
        client: &ClientInner,
        list: Option<&List<S, P>>,
    ) -> Result<PreparedRequest, InvalidArgument> {
        match list {
            None => self.prepare(client, &GET_ACTIVE_SESSION, &self.meeting, Query::default()),
            Some(List { segment, pages, .. }) => {
                let query = self.list_query(pages.page_no());
                self.prepare(client, &GET_SESSION_PARTICIPANTS, segment, query)
            }
        }
    }

    fn list_query(&self, page_no: Option<f64>) -> Query {
        let mut query = Query::default();
        query.push_number("per_page", self.per_page);
        query.push("sort_by", "joinedAt");
        query.push("sort_order", "ASC");
        if let Some(page_no) = page_no {
            query.push_number("page_no", page_no as u32);
        }
        query
    }

    /// A request of the poll. It is never repeated: the next poll comes anyway.
    pub(super) fn prepare(
        &self,
        client: &ClientInner,
        operation: &'static Operation,
        id: &Segment,
        query: Query,
    ) -> Result<PreparedRequest, InvalidArgument> {
        let account = self.account.clone().ok_or(MISSING_ACCOUNT)?;
        let parts = RequestParts {
            ids: vec![account, self.app.clone(), id.clone()],
            query,
            ..RequestParts::default()
        };
        let handles = JsHandles {
            signal: self.signal.clone(),
            fetch: client.fetch.clone(),
            ..JsHandles::default()
        };
        let timeout_ms = self.timeout_ms.unwrap_or(client.timeout_ms);
        PreparedRequest::new(&client.config, operation, parts, timeout_ms, 0, handles)
    }
}

impl PollStats {
    /// Records what a response says about limits and its age. Returns its body.
    fn record(&mut self, result: Result<Success, Error>) -> Result<JsValue, Error> {
        let limit = match &result {
            Ok(Success { head, .. }) => {
                let age = head.header("age").and_then(|text| leading_number(&text));
                self.age_ms = self.age_ms.max(age.unwrap_or(0.0) * 1000.0);
                head.limits().0
            }
            Err(Error::Api(error)) => {
                self.retry_after = error.retry_after;
                error.rate_limit.clone()
            }
            Err(_) => None,
        };
        if limit.is_some() {
            self.rate_limit = limit;
        }
        result.map(|success| success.data.unwrap_or(JsValue::UNDEFINED))
    }
}

/// Whether an error means that no session is live. A 404 means it in RealtimeKit's own envelope only: any other is of a
/// wrong path.
fn is_no_session(error: &Error) -> bool {
    matches!(error, Error::Api(error) if error.status == 404
        && js::get(&error.body, "error").is_object())
}

/// The error of a response of another form.
fn undescribed(body: JsValue) -> Error {
    decode_error("The answer is not of the form described.".to_owned(), body)
}

pub(super) fn decode_error(message: String, body: JsValue) -> Error {
    Error::Decode(Box::new(DecodeError {
        message,
        body,
        info: AttemptInfo {
            attempts: 1,
            maybe_applied: false,
        },
    }))
}
