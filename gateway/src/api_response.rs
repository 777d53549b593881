//! The responses to a moderator: the API's own, passed on, and the gateway's refusals in the API's
//! envelope.

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::json;

/// The API's response headers that are passed on. Others are dropped: its cookies, `Location` and
/// CORS headers mean nothing here.
pub const PASSED_ON: [&str; 7] = [
    "content-type",
    "cf-ray",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
];

/// A complete response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResponse {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(&'static str, Bytes)>,
    /// The body.
    pub body: Bytes,
}

impl ApiResponse {
    /// JSON with a status.
    pub fn json(status: u16, body: &impl serde::Serialize) -> Self {
        Self {
            status,
            headers: vec![("content-type", Bytes::from_static(b"application/json"))],
            // Our own structures always serialise.
            body: serde_json::to_vec(body).unwrap_or_default().into(),
        }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<Bytes>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| *known == name)?;
        std::str::from_utf8(&found.1).ok()
    }

    /// Whether its status is a success.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether its status leaves open if the request was carried out.
    pub fn leaves_open(&self) -> bool {
        matches!(self.status, 408 | 409 | 500..)
    }
}

/// Whether a response is truncated: if the connection's end delimits it, nothing else shows that.
pub fn is_truncated(status: u16, content_type: Option<&[u8]>, body: &[u8]) -> bool {
    let is_json = content_type.is_some_and(|value| value.starts_with(b"application/json"));
    (200..300).contains(&status)
        && is_json
        && status != 204
        && serde_json::from_slice::<IgnoredAny>(body).is_err()
}

/// What is wrong with a token, for the log: never a part of the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantProblem {
    /// The claim or header.
    pub claim: &'static str,
    /// Such as `is missing`.
    pub reason: &'static str,
    /// Whether a known key signed the token: only then the response has the reason too.
    pub signed: bool,
}

/// A page's origin that may not call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignOrigin {
    /// The origin, in case it is short.
    pub origin: Option<String>,
    /// The `Host` of the request, if the origin may have been the gateway's own before a proxy
    /// wrote another.
    pub host: Option<String>,
}

impl ForeignOrigin {
    /// What the page's developer can do.
    fn advice(&self) -> String {
        let origin = self.origin.as_deref().unwrap_or("it");
        match &self.host {
            None => format!("add {origin} to the gateway's origins"),
            Some(host) => format!(
                "the request's Host is {host}. Add {origin} to the gateway's origins, or let the \
                 proxy in front keep Host"
            ),
        }
    }
}

/// Why the gateway refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such route, or not by this method.
    NoRoute,
    /// The route is for WebSockets, and the request is no handshake.
    NoUpgrade,
    /// No grant came.
    GrantMissing,
    /// Its signature is by no known key, or a claim is wrong.
    GrantInvalid(GrantProblem),
    /// It ends later than a grant may.
    GrantTooLong,
    /// It was revoked.
    GrantRevoked,
    /// Its time is over.
    GrantExpired,
    /// Its time has not begun.
    GrantEarly,
    /// The path names an account that is not the gateway's.
    OtherAccount,
    /// The grant is for another app.
    OtherApp,
    /// The grant is for another meeting.
    OtherMeeting,
    /// The grant does not hold this permission word.
    Lacks(&'static str),
    /// The grant protects a participant that the request concerns.
    Protected,
    /// Whether the request would act on a protected participant is not known.
    ProtectUnknown,
    /// The session in the path is not one of the granted meeting's.
    OtherSession,
    /// The request comes from a page of a foreign origin.
    OtherOrigin(ForeignOrigin),
    /// The operation does not take this query or body.
    Invalid(String),
    /// The body is too large.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body's `Content-Type` is not JSON.
    NotJson,
    /// The key was used for another request.
    KeyReused,
    /// The key's first request, a poll, may or may not have been carried out.
    FateUnknown,
    /// The moderator is over a limit; with the wait in milliseconds.
    TooMany(u64),
    /// The API's budget is used up; with the wait in milliseconds.
    NoBudget(u64),
    /// The audit cannot be written, so nothing is done.
    NoAudit,
    /// The audit cannot be read.
    AuditUnread,
    /// The API does not accept the gateway's token.
    ApiToken,
    /// Too many responses are not read yet, or too many connections are open.
    Busy,
    /// The API could not be reached: nothing was sent.
    NotSent,
    /// The API gave no response that can be passed on; `again`: a repeat is harmless.
    Lost {
        /// Whether the request may be sent again without acting twice.
        again: bool,
    },
    /// The API took too long.
    TimedOut {
        /// Whether the request may be sent again without acting twice.
        again: bool,
    },
}

impl Refusal {
    /// Its status, the code in its envelope, its label in metrics, and its message.
    fn terms(&self) -> (u16, u32, &'static str, &str) {
        match self {
            Self::NoRoute => (404, 7003, "no_route", "No route for that URI"),
            Self::NoUpgrade => {
                let message = "This route needs a WebSocket's handshake, version 13";
                (426, 1014, "no_upgrade", message)
            }
            Self::GrantMissing => (401, 10_000, "grant_missing", "The grant is missing"),
            Self::GrantInvalid(_) => (401, 10_000, "grant_invalid", "The grant is not valid"),
            Self::GrantTooLong => {
                let message = "The grant is for longer than 12 hours";
                (401, 10_000, "grant_too_long", message)
            }
            Self::GrantRevoked => (401, 10_000, "grant_revoked", "The grant has been revoked"),
            Self::GrantExpired => (401, 10_000, "grant_expired", "The grant has expired"),
            Self::GrantEarly => (401, 10_000, "grant_early", "The grant is not valid yet"),
            Self::OtherAccount => (403, 9109, "account", "The grant is for another account"),
            Self::OtherApp => (403, 9109, "app", "The grant is for another app"),
            Self::OtherMeeting => (403, 9109, "meeting", "The grant is for another meeting"),
            Self::Lacks(_) => (403, 9109, "permission", "The grant lacks the permission"),
            Self::Protected => {
                let message = "The grant protects a participant";
                (403, 9109, "protected", message)
            }
            Self::ProtectUnknown => {
                let message = "Whether a participant is protected is not known";
                (503, 1014, "protect_unknown", message)
            }
            Self::OtherSession => {
                let message = "The session is not the granted meeting's";
                (403, 9109, "session", message)
            }
            Self::OtherOrigin(_) => (403, 9109, "origin", "The origin is not allowed"),
            Self::Invalid(what) => (400, 1001, "invalid", what),
            Self::TooLarge => (413, 1002, "too_large", "The body is too large"),
            Self::TooSlow => (408, 1003, "too_slow", "The body did not come in time"),
            Self::NotJson => {
                let message = "content-type must be application/json";
                (415, 1004, "not_json", message)
            }
            Self::KeyReused => {
                let message = "The Idempotency-Key was used for another request";
                (422, 1010, "key_reused", message)
            }
            Self::FateUnknown => {
                let message = "Whether the poll was made is not known";
                (409, 1009, "fate_unknown", message)
            }
            Self::TooMany(_) => {
                let message = "Please wait: this grant has asked too much";
                (429, 971, "moderator_limit", message)
            }
            Self::NoBudget(_) => {
                let message = "Please wait: the API takes no more requests for now";
                (429, 971, "budget", message)
            }
            Self::NoAudit => {
                let message = "The audit cannot be written, so nothing was done";
                (503, 1005, "audit", message)
            }
            Self::AuditUnread => (503, 1008, "audit_unread", "The audit cannot be read"),
            Self::ApiToken => {
                let message = "The API does not accept the gateway's token";
                (502, 1012, "api_token", message)
            }
            Self::Busy => (503, 1013, "busy", "The gateway is busy: please try again"),
            Self::NotSent => (502, 1006, "not_sent", "The API could not be reached"),
            Self::Lost { .. } => (502, 1006, "lost", "The API gave no answer"),
            Self::TimedOut { .. } => (504, 1007, "timed_out", "The API took too long"),
        }
    }

    /// Its status.
    pub fn status(&self) -> u16 {
        self.terms().0
    }

    /// Its code.
    pub fn code(&self) -> u32 {
        self.terms().1
    }

    /// Its label in metrics.
    pub fn word(&self) -> &'static str {
        self.terms().2
    }

    /// Its message. Never more than the caller knows already.
    pub fn message(&self) -> String {
        match self {
            Self::Lacks(word) => format!("The grant lacks the permission {word}"),
            Self::OtherOrigin(foreign) => format!("{}: {}", self.terms().3, foreign.advice()),
            // The token comes from a known issuer, so its caller may learn what is wrong with it.
            Self::GrantInvalid(problem) if problem.signed => {
                format!(
                    "The grant is not valid: {} {}",
                    problem.claim, problem.reason
                )
            }
            _ => self.terms().3.to_owned(),
        }
    }

    /// The claim and the reason, if the grant is invalid.
    pub fn grant_problem(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::GrantInvalid(problem) => Some((problem.claim, problem.reason)),
            Self::GrantTooLong => Some(("exp", "is more than 12 hours ahead")),
            Self::GrantRevoked => Some(("jti", "or sub or iat is revoked")),
            Self::GrantExpired => Some(("exp", "is over")),
            Self::GrantEarly => Some(("nbf", "is not reached")),
            Self::GrantMissing => Some(("token", "is missing")),
            _ => None,
        }
    }

    /// The refusal as a response.
    pub fn response(&self) -> ApiResponse {
        let (status, code, ..) = self.terms();
        // Codes are shared by refusals of a kind. The word names this one, for texts in any language.
        let mut error = json!({"code": code, "message": self.message(), "reason": self.word()});
        if let (Self::Lacks(word), Some(error)) = (self, error.as_object_mut()) {
            error.insert("permission".into(), (*word).into());
        }
        let response = ApiResponse::json(
            status,
            &json!({
                "success": false,
                "errors": [error],
                "messages": [],
                "result": null,
            }),
        );
        match self {
            Self::GrantMissing
            | Self::GrantInvalid(_)
            | Self::GrantTooLong
            | Self::GrantRevoked
            | Self::GrantExpired
            | Self::GrantEarly => response.with("www-authenticate", &b"Bearer"[..]),
            Self::TooMany(wait) | Self::NoBudget(wait) => {
                response.with("retry-after", wait.div_ceil(1000).max(1).to_string())
            }
            Self::Busy => response.with("retry-after", &b"1"[..]),
            Self::NoUpgrade => response
                .with("upgrade", &b"websocket"[..])
                .with("connection", &b"Upgrade"[..])
                .with("sec-websocket-version", &b"13"[..]),
            // By default a client repeats after a 409, a 502 and a 503.
            Self::FateUnknown | Self::NoAudit | Self::ApiToken => {
                response.with("x-should-retry", &b"false"[..])
            }
            Self::NotSent => response.with("x-should-retry", &b"true"[..]),
            Self::Lost { again: false } | Self::TimedOut { again: false } => {
                response.with("x-should-retry", &b"false"[..])
            }
            _ => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_refusal_is_in_the_apis_envelope() {
        let response = Refusal::Lacks("kick_all").response();
        assert_eq!(response.status, 403);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(
            body,
            json!({
                "success": false,
                "errors": [{
                    "code": 9109,
                    "message": "The grant lacks the permission kick_all",
                    "reason": "permission",
                    "permission": "kick_all",
                }],
                "messages": [],
                "result": null,
            })
        );
    }

    #[test]
    fn it_says_when_to_ask_again_and_when_not() {
        let header = |refusal: Refusal, name| refusal.response().header(name).map(str::to_owned);
        let after = |wait| header(Refusal::NoBudget(wait), "retry-after");
        assert_eq!(after(0).as_deref(), Some("1"));
        assert_eq!(after(1001).as_deref(), Some("2"));
        let again = |refusal| header(refusal, "x-should-retry");
        assert_eq!(again(Refusal::NotSent).as_deref(), Some("true"));
        assert_eq!(
            again(Refusal::Lost { again: false }).as_deref(),
            Some("false")
        );
        assert_eq!(again(Refusal::Lost { again: true }), None);
        assert_eq!(again(Refusal::NoAudit).as_deref(), Some("false"));
    }
}
