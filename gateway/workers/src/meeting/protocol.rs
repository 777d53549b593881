//! What the entry Worker and the account object send to a meeting's object.
//!
//! A moderator's request goes on as it came, with the verified grant in a header: nothing but this Worker
//! can call an object.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use worker::{Env, Headers, Result, Stub};

use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::web::request::HeadFields;

/// The meeting objects' binding.
const MEETINGS: &str = "MEETINGS";

/// The header with all but path, query and body.
const HEAD: &str = "x-gateway-head";

/// The header of a response that is for this moderator only, because of their own limits.
pub(crate) const OWN: &str = "x-gateway-own";

/// A message to a meeting's object.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToMeeting {
    /// A genuine webhook names the meeting.
    Webhook {
        /// The meeting's name.
        meeting: String,
    },
}

/// A moderator's request without path, query and body.
#[derive(Serialize, Deserialize)]
pub(crate) struct Forwarded {
    /// The ID of the request.
    pub(crate) id: String,
    /// The name of the object's meeting.
    pub(crate) meeting: String,
    /// The verified grant.
    pub(crate) grant: Grant,
    /// The client's address.
    pub(crate) client: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) reason: Option<String>,
    /// The wait in milliseconds, if the moderator is over a limit in all meetings.
    pub(crate) over: Option<u64>,
    /// The body.
    pub(crate) body: BodyState,
}

/// Whether a request has a body.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BodyState {
    /// It has none.
    None,
    /// It is here.
    Here,
    /// It is too large.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// It did not come whole.
    Broken,
}

impl Forwarded {
    /// With the fields of a request's headers.
    pub(crate) fn with_headers(self, headers: &HeaderMap) -> Self {
        let fields = HeadFields::of(headers);
        Self {
            content_type: fields.content_type,
            key: fields.key,
            reason: fields.reason,
            ..self
        }
    }

    /// As headers.
    pub(crate) fn to_headers(&self) -> Result<Headers> {
        let headers = Headers::new();
        // In base64, because names may have any letters.
        let json = serde_json::to_vec(self).unwrap_or_default();
        headers.set(HEAD, &STANDARD.encode(json))?;
        Ok(headers)
    }

    /// From headers.
    pub(crate) fn from_headers(headers: &Headers) -> Option<Self> {
        let text = headers.get(HEAD).ok()??;
        serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()
    }
}

/// The object of a meeting, by its name.
pub(crate) fn meeting(env: &Env, name: &str) -> Result<Stub> {
    env.durable_object(MEETINGS)?.get_by_name(name)
}
