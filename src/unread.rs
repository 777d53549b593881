//! A body that `asResponse()` left to the caller, and that is awaited after all.

use crate::answer;
use crate::attempts::Trail;
use crate::call::{self, Arguments, Options, Settings};
use crate::error::Error;
use crate::stop::{Stop, Why};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Response};

/// A body that was left to the caller at first, and is wanted parsed after all.
pub(crate) struct Unread {
    response: Response,
    timeout_ms: u32,
    signal: Option<AbortSignal>,
    trail: Trail,
}

impl Unread {
    /// The body of `response`, which a call got in so many attempts.
    pub(crate) fn new(
        settings: &Settings,
        arguments: &Arguments,
        options: &Options,
        response: Response,
        attempts: u32,
    ) -> Self {
        Self {
            response,
            timeout_ms: options.timeout_ms.unwrap_or(settings.timeout_ms),
            signal: options.signal.clone(),
            trail: call::answered(arguments.operation, attempts),
        }
    }

    /// Reads it, in the time that an attempt has.
    pub(crate) async fn read(&self) -> Result<JsValue, Error> {
        let trail = self.trail;
        let failed = |cause| Error::Connection { cause, trail };
        let stop = Stop::new(self.signal.as_ref()).map_err(failed)?;
        let mut attempt = stop.attempt(self.timeout_ms).map_err(failed)?;
        let read = stop.race(answer::read(&self.response)).await;
        attempt.done();
        match read {
            Ok(data) => data.map_err(failed),
            Err(Why::Aborted) => Err(Error::Aborted(trail)),
            Err(Why::TimedOut) => Err(Error::TimedOut(trail)),
        }
    }
}
