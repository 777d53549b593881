//! One poll of a watch: the live session and all its peers.

use super::roster::Peer;
use crate::api::inner::{ClientInner, MISSING_ACCOUNT};
use crate::api::paging::{Entry, Pages};
use crate::ascii::leading_number;
use crate::js::{self, FromJs};
use crate::operation::{GET_ACTIVE_SESSION, GET_SESSION_PARTICIPANTS, Operation};
use crate::request::build::RequestParts;
use crate::request::id::{AccountId, Segment};
use crate::request::invalid_argument::InvalidArgument;
use crate::request::query::Query;
use crate::transport::attempts::AttemptInfo;
use crate::transport::error::{DecodeError, Error};
use crate::transport::perform::Exchange;
use crate::transport::prepared::{JsHandles, PreparedRequest};
use crate::transport::rate_limit::RateLimit;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// What is polled, and how.
pub(crate) struct Poller {
    pub(crate) app: Segment,
    pub(crate) meeting: Segment,
    /// The account, if it is not the client's.
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

/// Why a poll failed.
pub(crate) enum PollFailure {
    /// The caller's arguments are wrong: every further poll would fail, too.
    InvalidArgument(InvalidArgument),
    /// This poll failed.
    Failed(Error),
}

impl From<Error> for PollFailure {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidArgument(error) => Self::InvalidArgument(error),
            error => Self::Failed(error),
        }
    }
}

impl Poller {
    /// Fetches the session, if one is live, and everyone who was in it.
    pub(crate) async fn poll<S: FromJs, P: Entry + Peer>(
        &self,
        client: &ClientInner,
        stats: &mut PollStats,
    ) -> Result<Option<(S, String, Vec<P>)>, PollFailure> {
        let query = Query::default();
        let live = self
            .request(client, &GET_ACTIVE_SESSION, &self.meeting, query, stats)
            .await;
        let body = match live {
            Err(error) if is_no_session(&error) => return Ok(None),
            body => body?,
        };
        let session = data_of(&body)?;
        if js::get(&session, "status") == "ENDED" {
            return Ok(None);
        }
        let id = js::get(&session, "id").as_string().unwrap_or_default();
        if id.is_empty() {
            return Err(undescribed(body));
        }
        // The server's ID, so no mistake of the caller's.
        let segment = Segment::new("session_id", &id)
            .map_err(|error| PollFailure::Failed(Error::InvalidArgument(error)))?;
        let live = js::get(&session, "live_participants").as_f64();
        let session = S::from_js(session).map_err(|message| decode_error(message, body.clone()))?;

        let mut pages = Pages::new(None);
        let mut peers = Vec::new();
        while !pages.is_done() {
            let query = self.list_query(pages.page_no());
            let operation = &GET_SESSION_PARTICIPANTS;
            let page = self
                .request(client, operation, &segment, query, stats)
                .await?;
            // Otherwise everyone would seem to have left.
            data_of(&page)?;
            let fresh = pages.take::<P>(&page);
            let fresh = fresh.map_err(|message| decode_error(message, page))?;
            peers.extend(fresh.into_iter().filter(P::has_fields));
        }
        // The list has everyone who was in the session. Otherwise everyone would seem to have left.
        if peers.is_empty() && live > Some(0.0) {
            let message = "The session has participants, but their list is empty.";
            return Err(decode_error(message.to_owned(), body));
        }
        Ok(Some((session, id, peers)))
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

    /// Sends a request, once: the next poll is the retry.
    async fn request(
        &self,
        client: &ClientInner,
        operation: &'static Operation,
        id: &Segment,
        query: Query,
        stats: &mut PollStats,
    ) -> Result<JsValue, Error> {
        let clients_own = client.account.as_ref().map(AccountId::segment);
        let account = self.account.as_ref().or(clients_own);
        let account = account.ok_or(MISSING_ACCOUNT)?.clone();
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
        let call = PreparedRequest::new(&client.config, operation, parts, timeout_ms, 0, handles)?;
        stats.requests += 1;
        match Exchange::start(call)?.await {
            Ok(success) => {
                let age = success.head.header("age");
                let age = age.and_then(|text| leading_number(&text)).unwrap_or(0.0);
                stats.age_ms = stats.age_ms.max(age * 1000.0);
                stats.rate_limit = success.head.limits().0.or(stats.rate_limit.take());
                Ok(success.data.unwrap_or(JsValue::UNDEFINED))
            }
            Err(error) => {
                if let Error::Api(error) = &error {
                    stats.retry_after = error.retry_after;
                    stats.rate_limit = error.rate_limit.clone().or(stats.rate_limit.take());
                }
                Err(error)
            }
        }
    }
}

/// Whether an error means that no session is live. A 404 means it in RealtimeKit's own envelope only: any other is of a
/// wrong path.
fn is_no_session(error: &Error) -> bool {
    matches!(error, Error::Api(error) if error.status() == 404
        && js::get(error.body(), "error").is_object())
}

/// The `data` of a body.
fn data_of(body: &JsValue) -> Result<JsValue, PollFailure> {
    let data = js::get(body, "data");
    if data.is_object() {
        Ok(data)
    } else {
        Err(undescribed(body.clone()))
    }
}

fn undescribed(body: JsValue) -> PollFailure {
    decode_error("The answer is not of the form described.".to_owned(), body)
}

fn decode_error(message: String, body: JsValue) -> PollFailure {
    PollFailure::Failed(Error::Decode(Box::new(DecodeError {
        message,
        body,
        info: AttemptInfo {
            attempts: 1,
            maybe_applied: false,
        },
    })))
}
