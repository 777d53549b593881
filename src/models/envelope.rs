//! The envelope of every response.

use crate::api::api_error::{ApiError, error_details};
use crate::api::error::{DecodeError, Error};
use crate::transport::attempts::AttemptInfo;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The envelope of every response. [`into_data`](Self::into_data) takes the data out of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// The data.
    pub data: Option<T>,
    /// Whether the call succeeded, according to the API.
    pub success: Option<bool>,
    /// Fields that the API description lacks.
    #[serde(flatten)]
    pub other: Map<String, Value>,
    /// What is known besides the body, for the error of `into_data`.
    #[serde(skip)]
    pub(crate) meta: ResponseMeta,
}

/// What is known about a response besides its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResponseMeta {
    pub(crate) status: u16,
    pub(crate) info: AttemptInfo,
}

impl Default for ResponseMeta {
    fn default() -> Self {
        Self {
            status: 200,
            info: AttemptInfo::default(),
        }
    }
}

impl<T> Envelope<T> {
    /// A successful response with this data, for tests of what handles it.
    pub fn new(data: T) -> Self {
        Self {
            data: Some(data),
            success: Some(true),
            other: Map::new(),
            meta: ResponseMeta::default(),
        }
    }

    /// The data.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the response says `success: false`, whatever its status; [`Error::Decode`] if it has no data.
    pub fn into_data(self) -> Result<T, Error> {
        let ResponseMeta { status, info } = self.meta;
        if self.success == Some(false) {
            let body = Value::Object(self.other);
            let details = error_details(&body);
            let messages: Vec<_> = details.iter().map(|one| one.message.as_str()).collect();
            let message = match messages.as_slice() {
                [] => "the response says success: false".to_owned(),
                all => all.join("; "),
            };
            return Err(Error::Api(Box::new(ApiError {
                body: Some(body),
                info,
                ..ApiError::new(status, format!("{status} {message}"))
            })));
        }
        self.data.ok_or_else(|| {
            Error::Decode(Box::new(DecodeError {
                message: "The response has no data.".to_owned(),
                body: Some(Value::Object(self.other)),
                info,
            }))
        })
    }
}

/// Responses are equal if their bodies are.
impl<T: PartialEq> PartialEq for Envelope<T> {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data && self.success == other.success && self.other == other.other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error_kind::ErrorKind;
    use serde_json::json;

    fn read(body: Value) -> Envelope<u32> {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn a_success_is_its_data() {
        let envelope = read(json!({"success": true, "data": 5}));
        assert_eq!(envelope, Envelope::new(5));
        assert_eq!(envelope.into_data(), Ok(5));
        // Some of the API's published examples lack `success`.
        assert_eq!(read(json!({"data": 5})).into_data(), Ok(5));
    }

    #[test]
    fn a_reported_failure_is_an_error_whatever_its_status() {
        let body = json!({"success": false, "data": 5, "errors": [{"code": 7, "message": "no"}]});
        let mut envelope = read(body);
        envelope.meta.info.maybe_applied = true;
        let error = envelope.into_data().unwrap_err();
        assert_eq!(error.to_string(), "200 no");
        assert_eq!(error.kind(), ErrorKind::Api);
        assert!(error.maybe_applied());
        let errors = error.api_error().unwrap().errors();
        assert_eq!(errors[0].code, Some(7));
        let silent = read(json!({"success": false})).into_data().unwrap_err();
        assert_eq!(silent.to_string(), "200 the response says success: false");
    }

    #[test]
    fn a_response_without_data_is_an_error() {
        let error = read(json!({"success": true})).into_data().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}
