//! What the calls of a client share, in the engine. The npm package makes its calls with it, too.

use crate::request::build::ClientConfig;
use crate::request::invalid_argument::InvalidArgument;
use js_sys::Function;
use std::time::Duration;

/// Neither the call nor the client names an account.
pub(crate) const MISSING_ACCOUNT: InvalidArgument = InvalidArgument::new(
    "account_id",
    "is missing: give it in params, or to the client as accountId",
);

/// What the calls of a client share.
pub(crate) struct ClientInner {
    pub(crate) config: ClientConfig,
    /// How long an attempt may take, in milliseconds.
    pub(crate) timeout_ms: u32,
    #[cfg_attr(
        not(realtimekit_npm),
        expect(
            dead_code,
            reason = "the calls of a Rust client have it of their builder"
        )
    )]
    pub(crate) max_retries: u32,
    /// A custom `fetch`.
    pub(crate) fetch: Option<Function>,
}

/// Whole milliseconds, up to 49 days.
pub(crate) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
