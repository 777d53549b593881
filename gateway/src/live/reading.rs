//! One read of a meeting: its live session and all of the session's peers, from the API's responses.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::pager::{PageInfo, Pager};
use super::peer::Peer;
use super::session::Session;
use crate::api_response::{ApiResponse, Refusal};

/// A complete read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The live session, if there is one.
    pub session: Option<Session>,
    /// Its peers, in the API's order.
    pub peers: Vec<Peer>,
}

/// Why a meeting could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    /// The API's rate limit is reached: wait for so many milliseconds.
    Limited(u64),
    /// Other requests of the account need the budget: wait for so many milliseconds.
    NoBudget(u64),
    /// Any other failure, as an HTTP response would report it.
    Failed(Problem),
}

/// A failure as an HTTP response would report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status.
    pub status: u16,
    /// The error's code.
    pub code: i64,
    /// The message.
    pub message: String,
}

/// How long to wait after a 429 that says nothing about it, in milliseconds.
const LIMITED_MS: u64 = 30_000;

/// The most pages of a list.
const MOST_PAGES: usize = 500;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    participants: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    paging: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Paging {
    total_count: Option<f64>,
    end_offset: Option<f64>,
}

#[derive(Deserialize)]
struct ApiError {
    code: Option<i64>,
    message: Option<String>,
}

impl From<Refusal> for ReadFailure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoBudget(wait) | Refusal::TooMany(wait) => Self::NoBudget(wait),
            refusal => Self::Failed(Problem {
                status: refusal.status(),
                code: refusal.code().into(),
                message: refusal.message(),
            }),
        }
    }
}

/// A response that is not as described.
fn undescribed() -> ReadFailure {
    ReadFailure::Failed(Problem {
        status: 502,
        code: 1006,
        message: "The API's response is not as described".to_owned(),
    })
}

/// Contradictory data.
pub fn contradiction() -> ReadFailure {
    ReadFailure::Failed(Problem {
        status: 502,
        code: 1006,
        message: "The API's session has participants, but its list of them is empty".to_owned(),
    })
}

/// The failure in a response that is not a success.
fn failure(response: &ApiResponse) -> ReadFailure {
    if response.status == 429 {
        let wait = response
            .header("retry-after")
            .and_then(|text| text.parse::<u64>().ok());
        return ReadFailure::Limited(wait.map_or(LIMITED_MS, |wait| wait.saturating_mul(1000)));
    }
    let envelope: Option<Envelope<'_>> = serde_json::from_slice(&response.body).ok();
    let error = envelope.and_then(|envelope| {
        let one = envelope.error.map(RawValue::get);
        let list = envelope.errors.map(RawValue::get);
        let from_list = || {
            serde_json::from_str::<Vec<ApiError>>(list?)
                .ok()?
                .into_iter()
                .next()
        };
        one.and_then(|one| serde_json::from_str(one).ok())
            .or_else(from_list)
    });
    let error = error.unwrap_or(ApiError {
        code: None,
        message: None,
    });
    ReadFailure::Failed(Problem {
        status: response.status,
        code: error.code.unwrap_or_default(),
        message: error
            .message
            .unwrap_or_else(|| "The API gave an error".to_owned()),
    })
}

/// The live session in a response to `GetActiveSession`. A 404 means that there is none in
/// RealtimeKit's own envelope only: any other is of a wrong path.
///
/// # Errors
///
/// If the API failed, or its response is not as described.
pub fn session(response: &ApiResponse) -> Result<Option<Session>, ReadFailure> {
    let envelope: Option<Envelope<'_>> = serde_json::from_slice(&response.body).ok();
    if !response.is_good() {
        let own = envelope.as_ref().and_then(|envelope| envelope.error);
        let is_none = response.status == 404 && own.is_some_and(|own| own.get().starts_with('{'));
        return if is_none {
            Ok(None)
        } else {
            Err(failure(response))
        };
    }
    let data = envelope
        .and_then(|envelope| envelope.data)
        .ok_or_else(undescribed)?;
    let session = Session::new(data);
    let ended = |session: &Session| session.text("status").as_deref() == Some("ENDED");
    match session {
        Some(session) => Ok((!ended(&session)).then_some(session)),
        None => Err(undescribed()),
    }
}

/// The peers of a session, page by page.
#[derive(Default)]
pub struct PeerPages {
    pager: Pager,
    pages: usize,
    seen: HashSet<String>,
    peers: Vec<Peer>,
}

impl PeerPages {
    /// The query of the next request, if there is one. It has the order that the gateway gives all
    /// queries, so that a poll of a client shares the response.
    pub fn next_query(&self) -> Option<String> {
        let page_no = self.pager.next().filter(|_| self.pages < MOST_PAGES)?;
        let page_no = page_no.map_or_else(String::new, |page_no| format!("page_no={page_no}&"));
        Some(format!(
            "?{page_no}per_page=200&sort_order=ASC&sort_by=joinedAt"
        ))
    }

    /// Takes a response to `GetSessionParticipants`.
    ///
    /// # Errors
    ///
    /// If the API failed, or its response is not as described: otherwise everyone would seem to
    /// have left.
    pub fn take(&mut self, response: &ApiResponse) -> Result<(), ReadFailure> {
        if !response.is_good() {
            return Err(failure(response));
        }
        let envelope: Envelope<'_> =
            serde_json::from_slice(&response.body).map_err(|_| undescribed())?;
        let data = envelope.data.ok_or_else(undescribed)?;
        let data: Data<'_> = serde_json::from_str(data.get()).map_err(|_| undescribed())?;
        let list = data.participants.unwrap_or_default();
        let mut fresh = 0;
        for raw in &list {
            let peer = match Peer::new(raw) {
                Some(peer) => peer,
                // A list may hold `null`.
                None if raw.get() == "null" => continue,
                None => return Err(undescribed()),
            };
            if peer.id().is_none_or(|id| self.seen.insert(id.to_owned())) {
                fresh += 1;
                self.peers.push(peer);
            }
        }
        let paging = data
            .paging
            .and_then(|paging| serde_json::from_str::<Paging>(paging.get()).ok());
        self.pages += 1;
        self.pager.advance(PageInfo {
            entries: list.len(),
            fresh,
            paging: paging.and_then(|paging| paging.total_count.zip(paging.end_offset)),
        });
        Ok(())
    }

    /// All of them.
    pub fn done(self) -> Vec<Peer> {
        self.peers
    }
}

impl Reading {
    /// A session and its peers.
    ///
    /// # Errors
    ///
    /// If they contradict each other: everyone who was in a session stays in its list.
    pub fn new(session: Session, peers: Vec<Peer>) -> Result<Self, ReadFailure> {
        let live = session.number("live_participants").unwrap_or_default();
        if peers.is_empty() && live > 0.0 {
            return Err(contradiction());
        }
        Ok(Self {
            session: Some(session),
            peers,
        })
    }
}
