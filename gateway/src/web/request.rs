//! What a request brings besides its path and body: the token, and the headers that the core reads.

use http::header::{
    AUTHORIZATION, CONNECTION, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, header::CONTENT_TYPE};

use crate::api_response::{GrantProblem, Refusal};
use crate::live::handshake::{SUBPROTOCOL, subprotocols};
use crate::route::Action;

/// The refusal of several tokens, or of one in another form.
const TOKEN_TWICE: Refusal = Refusal::GrantInvalid(GrantProblem {
    claim: "token",
    reason: "must stand once, after Bearer",
    signed: false,
});

/// The headers that the core reads.
pub struct HeadFields {
    /// `Content-Type`, if it is text.
    pub content_type: Option<String>,
    /// `Idempotency-Key`. An invalid or repeated one is an invalid key; the core refuses it.
    pub key: Option<String>,
    /// The moderator's reason. A header that is no text becomes an invalid reason; the core refuses it.
    pub reason: Option<String>,
}

impl HeadFields {
    /// Reads them.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let mut keys = headers.get_all("idempotency-key").iter();
        Self {
            content_type: headers.get(CONTENT_TYPE).and_then(text),
            key: keys.next().map(|key| match keys.next() {
                None => text(key).unwrap_or_default(),
                Some(_) => String::new(),
            }),
            reason: headers
                .get("x-moderation-reason")
                .map(|reason| text(reason).unwrap_or_else(|| "%".to_owned())),
        }
    }
}

/// The token of a request: in `Authorization`, in the operator's own header, or for a socket in the
/// subprotocols.
///
/// # Errors
///
/// If there are several, or a socket's request is no handshake.
pub fn token(
    headers: &HeaderMap,
    own_header: Option<&HeaderName>,
    action: Action,
) -> Result<Result<Option<String>, Refusal>, Refusal> {
    let token = header_token(headers, own_header);
    if action != Action::Watch {
        return Ok(token);
    }
    // A browser cannot set headers for a WebSocket.
    Ok(match (handshake_token(headers)?, token) {
        (None, token) => token,
        (Some(own), Ok(None)) => Ok(Some(own)),
        (Some(_), _) => Err(TOKEN_TWICE),
    })
}

fn header_token(
    headers: &HeaderMap,
    own_header: Option<&HeaderName>,
) -> Result<Option<String>, Refusal> {
    let bearers: Vec<_> = headers.get_all(AUTHORIZATION).iter().collect();
    let other = own_header.map(|name| headers.get_all(name));
    let others: Vec<_> = other.into_iter().flatten().collect();
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
    let token = match (bearers.as_slice(), others.as_slice()) {
        ([], []) => return Ok(None),
        ([one], _) => text(one).and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| token.trim().to_owned())
        }),
        ([], [one]) => text(one),
        // Another reader might use the other one.
        _ => None,
    };
    token.map(Some).ok_or(TOKEN_TWICE)
}

/// The texts of a header, however often it stands.
pub fn texts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or("\0"))
}

/// Whether a header's list has a word, in any case.
fn has_word(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    texts(headers, name)
        .flat_map(|list| list.split(','))
        .any(|own| own.trim().eq_ignore_ascii_case(word))
}

/// The grant in the subprotocols of a handshake, if it is there.
fn handshake_token(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let upgrades = has_word(headers, CONNECTION, "upgrade")
        && has_word(headers, UPGRADE, "websocket")
        && texts(headers, SEC_WEBSOCKET_VERSION).eq(["13"]);
    if !upgrades {
        return Err(Refusal::NoUpgrade);
    }
    match subprotocols(texts(headers, SEC_WEBSOCKET_PROTOCOL)) {
        Some(token) => Ok(token.map(str::to_owned)),
        None => Err(Refusal::Invalid(format!(
            "the subprotocols must be {SUBPROTOCOL} and the grant"
        ))),
    }
}
