//! A successful response, before and after its body is decoded.

use super::convert;
use super::decode::decode_body;
use super::error::Error;
use super::rate_limit::{RateLimit, seconds};
use crate::models::{Envelope, ResponseMeta};
use crate::request::headers::Headers;
use crate::shared::Arc;
use crate::transport::error as engine;
use crate::transport::exchange::Success;
use crate::transport::response::ResponseHead;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::Response;

/// The body of a response, with the response itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WithResponse<T> {
    /// The decoded body.
    pub body: Envelope<T>,
    /// The `Response`, whose body was read.
    pub response: Response,
    /// Its `Ratelimit` header.
    pub rate_limit: Option<RateLimit>,
    /// Its `Retry-After` header.
    pub retry_after: Option<Duration>,
    /// How many requests were sent.
    pub attempts: u32,
}

/// For apps that read responses with gloo-net. The body was read.
#[cfg(feature = "gloo-net")]
impl<T> From<WithResponse<T>> for gloo_net::http::Response {
    fn from(with: WithResponse<T>) -> Self {
        with.response.into()
    }
}

/// A successful response, its body undecoded.
pub(crate) struct Performed {
    pub(crate) data: JsValue,
    head: ResponseHead,
    meta: ResponseMeta,
    sent: Arc<Headers>,
}

impl Performed {
    /// The response to a request with these headers.
    pub(super) fn new(success: Success, sent: Arc<Headers>) -> Self {
        let Success { data, head, info } = success;
        Self {
            data: data.unwrap_or(JsValue::UNDEFINED),
            meta: ResponseMeta {
                status: head.status(),
                info,
            },
            head,
            sent,
        }
    }

    /// The response with its body decoded.
    pub(super) fn decoded<T: DeserializeOwned>(self) -> Result<WithResponse<T>, Error> {
        let body = decode_body(&self.data).map_err(|message| self.decode_error(message));
        let mut body: Envelope<T> = body?;
        body.meta = self.meta;
        let (rate_limit, retry_after) = self.head.limits();
        Ok(WithResponse {
            body,
            response: Clone::clone(self.head.response()),
            rate_limit: rate_limit.map(Into::into),
            retry_after: retry_after.map(seconds),
            attempts: self.meta.info.attempts,
        })
    }

    /// The error of a body that does not fit.
    pub(crate) fn decode_error(&self, message: String) -> Error {
        let error = engine::DecodeError {
            message,
            body: self.data.clone(),
            info: self.meta.info,
        };
        convert::error(engine::Error::Decode(Box::new(error)), &self.sent)
    }
}
