//! What meeting objects, the entry Worker and the account object send to each other.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Env, Error, Method, Request, RequestInit, Response, Result, Stub};

use realtimekit_gateway::api_response::{ApiResponse, PASSED_ON};
use realtimekit_gateway::grant::Moderator;
use realtimekit_gateway::platform::Purpose;
use realtimekit_gateway::read_cache::KnownSession;

use crate::counters::Delta;

/// The account object's binding.
const ACCOUNTS: &str = "ACCOUNTS";

/// After how long an object says again how many sockets it has, in milliseconds, and after how long without that it
/// has none: it crashed, and nothing has woken it since.
pub(crate) const WATCHED_AGAIN_MS: u64 = 600_000;
pub(crate) const WATCHED_MS: u64 = 1_500_000;

/// A message to the account object.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToAccount {
    /// A meeting asks for one request of the budget; the response is `Taken`.
    Take {
        /// The purpose.
        purpose: PurposeWord,
        /// The meeting's name.
        meeting: String,
        /// The name of the meeting whose object asks.
        object: String,
        /// How many requests the meeting repeats again and again; 0 if none yet.
        round: u64,
        /// Whose mutation causes it: their requests have a limit in all meetings.
        moderator: Option<Moderator>,
    },
    /// The request of a ticket is over.
    Over {
        /// The ticket.
        ticket: u64,
        /// How it ended.
        end: End,
    },
    /// The sessions whose meeting is known.
    Sessions(Vec<KnownSession>),
    /// The meeting of a session; the response is `Option<String>`.
    MeetingOf {
        /// The app.
        app_id: String,
        /// The session.
        session_id: String,
    },
    /// How many sockets a meeting has: at its first and its last one, and now and then.
    Watched {
        /// The meeting's name.
        meeting: String,
        /// How many.
        sockets: u32,
    },
    /// A genuine webhook names a meeting.
    Webhook {
        /// The meeting's ID: an event does not name its app.
        meeting_id: String,
    },
    /// What was counted elsewhere.
    Counted(Vec<Delta>),
    /// The metrics' text; the response is a `String`.
    Metrics,
}

/// A purpose on the wire.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PurposeWord {
    Essential,
    Mutation,
    Read,
}

impl From<Purpose> for PurposeWord {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Essential => Self::Essential,
            Purpose::Mutation => Self::Mutation,
            Purpose::Read => Self::Read,
        }
    }
}

impl From<PurposeWord> for Purpose {
    fn from(word: PurposeWord) -> Self {
        match word {
            PurposeWord::Essential => Self::Essential,
            PurposeWord::Mutation => Self::Mutation,
            PurposeWord::Read => Self::Read,
        }
    }
}

/// The end of a request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// The API responded, and may have said how much is left.
    Answered(Head),
    /// Nothing was sent.
    NotSent,
    /// There was no response.
    Lost,
}

/// A response of the API without its body.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl From<&ApiResponse> for Head {
    fn from(response: &ApiResponse) -> Self {
        let header = |name| Some((String::from(name), response.header(name)?.to_owned()));
        Self {
            status: response.status,
            headers: PASSED_ON.into_iter().filter_map(header).collect(),
        }
    }
}

impl From<Head> for ApiResponse {
    fn from(head: Head) -> Self {
        let header = |(name, value): (String, String)| {
            let name = PASSED_ON.into_iter().find(|known| *known == name)?;
            Some((name, value.into()))
        };
        Self {
            status: head.status,
            headers: head.headers.into_iter().filter_map(header).collect(),
            body: Bytes::new(),
        }
    }
}

/// The response to `Take`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Taken {
    /// The ticket, or the wait in milliseconds.
    pub(crate) ticket: std::result::Result<u64, u64>,
}

/// The account object.
pub(crate) fn account(env: &Env, account_id: &str) -> Result<Stub> {
    env.durable_object(ACCOUNTS)?.get_by_name(account_id)
}

/// Sends a message to an object.
pub(crate) async fn send(stub: &Stub, message: &impl Serialize) -> Result<Response> {
    let mut init = RequestInit::new();
    let body = serde_json::to_string(message).map_err(|error| Error::from(error.to_string()))?;
    init.with_method(Method::Post);
    init.with_body(Some(body.into()));
    let request = Request::new_with_init("https://object/", &init)?;
    let response = stub.fetch_with_request(request).await?;
    match response.status_code() {
        200 => Ok(response),
        status => Err(Error::from(format!("the object's status is {status}"))),
    }
}

/// Sends a message to an object, and reads its response.
pub(crate) async fn ask<T: DeserializeOwned>(stub: &Stub, message: &impl Serialize) -> Result<T> {
    let text = send(stub, message).await?.text().await?;
    serde_json::from_str(&text).map_err(|error| Error::from(error.to_string()))
}
