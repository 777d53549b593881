//! Posts one delivery, over a connection of its own.

use std::time::Duration;

use axum::http::{Request, Uri};
use bytes::Bytes;
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts a body; returns the status, or `None` if there was no response. Only plain HTTP.
pub(super) async fn post(url: &str, headers: &[(&str, String)], body: Bytes) -> Option<u16> {
    tokio::time::timeout(TIMEOUT, send(url, headers, body))
        .await
        .ok()?
}

async fn send(url: &str, headers: &[(&str, String)], body: Bytes) -> Option<u16> {
    let uri: Uri = url.parse().ok()?;
    if uri.scheme_str() != Some("http") {
        return None;
    }
    let (host, port) = (uri.host()?, uri.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port))
        .await
        .ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .ok()?;
    tokio::spawn(connection);
    let mut request = Request::post(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header("host", uri.authority()?.as_str())
        .header("content-type", "application/json")
        .header("user-agent", "realtimekit-emulator");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = sender
        .send_request(request.body(Full::new(body)).ok()?)
        .await;
    Some(response.ok()?.status().as_u16())
}
