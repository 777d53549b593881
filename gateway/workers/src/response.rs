//! Responses of the core and of objects as responses of Workers.

use bytes::Bytes;
use http::HeaderMap;
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
            headers: response.headers().into(),
            body: response.bytes().await?.into(),
        })
    }

    /// As a response of Workers.
    pub(crate) fn to_worker(&self) -> Result<Response> {
        let builder = ResponseBuilder::new()
            .with_status(self.status)
            .with_headers(Headers::from(&self.headers));
        // These statuses allow no body.
        match self.status {
            101 | 204 | 205 | 304 => Ok(builder.empty()),
            _ => Ok(builder.fixed(self.body.to_vec())),
        }
    }
}

/// Counts a refusal, by its reason, and gives its response.
pub(crate) fn refuse(refusal: &Refusal) -> ApiResponse {
    metrics::counter!("rtk_gateway_refusals_total", "reason" => refusal.word()).increment(1);
    refusal.response()
}
