//! Responses of the core and of objects as responses of Workers, and the headers of both.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use worker::{Headers, Response, ResponseBuilder, Result};

use realtimekit_gateway::api_response::{ApiResponse, Refusal};

/// A response whose body is here.
#[derive(Clone)]
pub(crate) struct BufferedResponse {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

impl From<http::Response<Bytes>> for BufferedResponse {
    fn from(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }
}

impl BufferedResponse {
    /// An object's response.
    pub(crate) async fn read(mut response: Response) -> Result<Self> {
        Ok(Self {
            status: response.status_code(),
            headers: header_map(response.headers()).ok_or("the headers are not legal")?,
            body: response.bytes().await?.into(),
        })
    }

    /// As a response of Workers.
    pub(crate) fn to_worker(&self) -> Result<Response> {
        let builder = ResponseBuilder::new()
            .with_status(self.status)
            .with_headers(to_headers(&self.headers));
        // These statuses allow no body.
        match self.status {
            101 | 204 | 205 | 304 => Ok(builder.empty()),
            _ => Ok(builder.fixed(self.body.to_vec())),
        }
    }
}

/// The headers of the runtime; `None` if one is not legal. The runtime takes control characters from a
/// client, and the conversion of worker panics at them, which ends all requests of the isolate.
pub(crate) fn header_map(headers: &Headers) -> Option<HeaderMap> {
    let pair = |(name, value): (String, String)| {
        let name = HeaderName::try_from(name).ok()?;
        Some((name, HeaderValue::try_from(value).ok()?))
    };
    headers.entries().map(pair).collect()
}

/// Headers for the runtime. One that is no text is left out, where worker would panic.
fn to_headers(map: &HeaderMap) -> Headers {
    let text = |value| str::from_utf8(HeaderValue::as_bytes(value)).ok();
    let pairs = map
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), text(value)?)));
    pairs.collect()
}

/// Counts a refusal, by its reason, and gives its response.
pub(crate) fn refuse(refusal: &Refusal) -> ApiResponse {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal.response()
}
