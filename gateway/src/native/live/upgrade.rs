//! From a request to a socket: the handshake of RFC 6455, after the grant was admitted.

use std::sync::Arc;

use axum::extract::Request;
use bytes::Bytes;
use http::header::{SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY};
use hyper_util::rt::TokioIo;
use tungstenite::handshake::derive_accept_key;

use super::deflate;
use super::hub::LiveHub;
use super::socket::Socket;
use crate::api_response::{ApiResponse, Refusal};
use crate::gateway::Admitted;
use crate::live::handshake::{SUBPROTOCOL, resume};
use crate::native::connections::Hold;
use crate::web::request::texts;

/// How long a moderator with too many sockets should wait, in milliseconds.
const TOO_MANY_MS: u64 = 5000;

/// Opens a socket for an admitted request. The response is 101, and the socket follows it.
///
/// # Errors
///
/// If the request is no handshake, or the moderator has too many sockets.
pub(in crate::native) fn upgrade(
    hub: &Arc<LiveHub>,
    request: &mut Request,
    admitted: &Admitted,
    token: String,
) -> Result<ApiResponse, Refusal> {
    if hub.stopping().is_cancelled() {
        return Err(Refusal::Busy);
    }
    let wrong = |what: &str| Refusal::Invalid(what.to_owned());
    let resume = resume(request.uri().query())
        .ok_or_else(|| wrong("the query must have stream and seq, or neither"))?;
    let mut keys = texts(request.headers(), SEC_WEBSOCKET_KEY);
    let accept = match (keys.next(), keys.next()) {
        (Some(key), None) if is_key(key) => derive_accept_key(key.as_bytes()),
        _ => return Err(wrong("Sec-WebSocket-Key must be there once")),
    };
    drop(keys);
    let deflate = deflate::is_offered(texts(request.headers(), SEC_WEBSOCKET_EXTENSIONS));
    let hold = request.extensions().get::<Hold>().cloned();
    let grant = admitted.grant();
    let most = hub.settings().sockets_per_moderator;
    let meeting = hub.open(admitted.meeting(), |meeting| {
        let within = meeting.opened(grant, most);
        within.then(|| Arc::clone(meeting))
    });
    let meeting = meeting.ok_or(Refusal::TooMany(TOO_MANY_MS))?;
    let socket = Socket::new(hub, meeting, Arc::clone(grant), token, resume, deflate);
    let upgraded = hyper::upgrade::on(request);
    hub.tasks().spawn(async move {
        // It fails if the client is gone before it has the response.
        if let Ok(stream) = upgraded.await {
            socket.run(TokioIo::new(stream)).await;
        }
        drop(hold);
    });
    let response = ApiResponse {
        status: 101,
        headers: vec![
            ("upgrade", Bytes::from_static(b"websocket")),
            ("connection", Bytes::from_static(b"Upgrade")),
            ("sec-websocket-accept", accept.into()),
            (
                "sec-websocket-protocol",
                Bytes::from_static(SUBPROTOCOL.as_bytes()),
            ),
        ],
        body: Bytes::new(),
    };
    Ok(match deflate {
        true => response.with("sec-websocket-extensions", deflate::ACCEPTED.as_bytes()),
        false => response,
    })
}

/// Whether a key is 16 bytes in base64.
fn is_key(key: &str) -> bool {
    let symbol = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let text = key.strip_suffix("==");
    text.is_some_and(|text| text.len() == 22 && text.bytes().all(symbol))
}
