//! What can go wrong with a call, as one typed error that never shows the token.

#[cfg(feature = "client")]
pub use failure::{Error, Refused};

/// An argument that was refused before anything was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidArgument {
    argument: &'static str,
    reason: &'static str,
}

impl InvalidArgument {
    pub(crate) const fn new(argument: &'static str, reason: &'static str) -> Self {
        Self { argument, reason }
    }

    /// The argument, by its name in the API or in the options.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// What is wrong with it. It never shows the argument's value.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// Both, as a sentence.
    pub(crate) fn message(&self) -> String {
        let mut message = String::from(self.argument);
        message.push(' ');
        message.push_str(self.reason);
        message
    }
}

impl core::fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidArgument {}

#[cfg(feature = "client")]
mod failure {
    use super::InvalidArgument;
    use crate::attempts::Trail;
    use crate::hints::RateLimit;
    use crate::stop::Head;
    use core::fmt;
    #[cfg(not(feature = "npm"))]
    use gloo_net::http::Headers;
    use wasm_bindgen::JsValue;

    /// Why a call failed.
    ///
    /// Whatever it is, [`Error::maybe_applied`] says whether the server may have carried out what
    /// was asked, and [`Error::attempts`] how many requests were sent.
    #[non_exhaustive]
    pub enum Error {
        /// An argument was refused; nothing was sent.
        InvalidArgument(InvalidArgument),
        /// The caller's signal was aborted.
        Aborted(Trail),
        /// The last attempt took longer than its timeout, its body included.
        TimedOut(Trail),
        /// The connection failed, or the answer did not arrive whole.
        Connection {
            /// What `fetch` said.
            cause: JsValue,
            /// What is known of the attempts.
            trail: Trail,
        },
        /// The server said no.
        Refused(Box<Refused>),
        /// The server said yes, but in an answer of another form than its description's.
        Unreadable {
            /// That it is of another form, and what did not fit.
            reason: String,
            /// The answer's body, as JavaScript read it.
            body: JsValue,
            /// What is known of the attempts.
            trail: Trail,
        },
    }

    /// An answer whose status says no.
    pub struct Refused {
        pub(crate) status: u16,
        pub(crate) message: String,
        pub(crate) body: JsValue,
        pub(crate) head: Head,
        pub(crate) rate_limit: Option<RateLimit>,
        pub(crate) retry_after: Option<f64>,
        pub(crate) trail: Trail,
    }

    impl Refused {
        /// The HTTP status.
        pub fn status(&self) -> u16 {
            self.status
        }

        /// The status and the API's own words.
        pub fn message(&self) -> &str {
            &self.message
        }

        /// The parsed body as it came; `undefined` if it was not JSON.
        pub fn body(&self) -> &JsValue {
            &self.body
        }

        /// The answer's headers. From another origin a browser shows only those it may.
        #[cfg(not(feature = "npm"))]
        pub fn headers(&self) -> Headers {
            Headers::from_raw(self.head.headers())
        }

        /// What its `Ratelimit` header says.
        pub fn rate_limit(&self) -> Option<&RateLimit> {
            self.rate_limit.as_ref()
        }

        /// After how many seconds the server wants to be asked again.
        pub fn retry_after(&self) -> Option<f64> {
            self.retry_after
        }
    }

    impl Error {
        /// What is known of the attempts.
        pub(crate) fn trail(&self) -> Trail {
            match self {
                Self::InvalidArgument(_) => Trail::default(),
                Self::Aborted(trail)
                | Self::TimedOut(trail)
                | Self::Connection { trail, .. }
                | Self::Unreadable { trail, .. } => *trail,
                Self::Refused(refused) => refused.trail,
            }
        }

        /// Whether the server may have carried out what was asked. Always `false` of a read.
        pub fn maybe_applied(&self) -> bool {
            self.trail().maybe_applied
        }

        /// How many requests were sent.
        pub fn attempts(&self) -> u32 {
            self.trail().attempts
        }

        /// The HTTP status, if the server said no.
        pub fn status(&self) -> Option<u16> {
            match self {
                Self::Refused(refused) => Some(refused.status),
                _ => None,
            }
        }

        /// What to tell: for a refusal the status and the API's own words.
        pub fn message(&self) -> String {
            match self {
                Self::InvalidArgument(invalid) => invalid.message(),
                Self::Aborted(_) => "Request was aborted.".to_owned(),
                Self::TimedOut(_) => "Request timed out.".to_owned(),
                Self::Connection { .. } => "Connection error.".to_owned(),
                Self::Refused(refused) => refused.message.clone(),
                Self::Unreadable { reason, .. } => reason.clone(),
            }
        }
    }

    impl From<InvalidArgument> for Error {
        fn from(invalid: InvalidArgument) -> Self {
            Self::InvalidArgument(invalid)
        }
    }

    impl fmt::Display for Error {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.message())
        }
    }

    // By hand: what JavaScript handed us may hold anything, and is left out.
    impl fmt::Debug for Error {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Error")
                .field("message", &self.message())
                .field("trail", &self.trail())
                .finish_non_exhaustive()
        }
    }

    impl fmt::Debug for Refused {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Refused")
                .field("status", &self.status)
                .field("message", &self.message)
                .field("trail", &self.trail)
                .finish_non_exhaustive()
        }
    }

    impl core::error::Error for Error {}
}
