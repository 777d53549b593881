//! The fault steps and their syntax.

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use bytes::Bytes;

use super::params::Params;
use crate::net::End;

/// The retry headers of a `status` step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RetryHints {
    pub(crate) after: Option<HeaderValue>,
    pub(crate) after_ms: Option<HeaderValue>,
    /// Seconds from now, sent as an HTTP date.
    pub(crate) date: Option<i64>,
    pub(crate) should: Option<bool>,
}

/// The fault of one request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Ok,
    Delay {
        millis: u64,
    },
    /// The connection ends without a response.
    Drop {
        acts: bool,
        end: End,
    },
    /// There is never a response.
    Hang {
        acts: bool,
    },
    Status {
        code: u16,
        acts: bool,
        retry: RetryHints,
    },
    Html {
        code: u16,
        acts: bool,
    },
    /// A part of the body is sent. Then the connection ends, or nothing follows if `end` is absent.
    Partial {
        at: f64,
        chunked: bool,
        code: Option<u16>,
        acts: bool,
        end: Option<End>,
    },
    NotJson,
    Empty,
    NoContent,
    Text,
    Body {
        bytes: Bytes,
        code: u16,
        kind: HeaderValue,
    },
    Redirect {
        code: u16,
        to: HeaderValue,
    },
    EchoAuth {
        code: u16,
    },
}

impl Step {
    /// Parses a step of the header or the control API.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, mut params) = Params::split(text);
        let step = match name {
            "ok" => Self::Ok,
            "delay" => Self::Delay {
                millis: params.parsed("ms")?.ok_or_else(|| params.wrong("ms"))?,
            },
            "reset-before" => dropped(false, End::Reset),
            "reset-after" => dropped(true, End::Reset),
            "close-before" => dropped(false, End::Close),
            "close-after" => dropped(true, End::Close),
            "hang-before" => Self::Hang { acts: false },
            "hang-after" => Self::Hang { acts: true },
            "status" => Self::Status {
                code: params.code(None)?.ok_or_else(|| params.wrong("code"))?,
                acts: params.acts()?,
                retry: RetryHints {
                    after: params.header("retry-after")?,
                    after_ms: params.header("retry-after-ms")?,
                    date: params.parsed("retry-after-date")?,
                    should: params.parsed("should-retry")?,
                },
            },
            "html" => Self::Html {
                code: params.code(Some(502))?.unwrap_or(502),
                acts: params.acts()?,
            },
            "cut" | "stall" => partial(name, &mut params)?,
            "not-json" => Self::NotJson,
            "empty" => Self::Empty,
            "no-content" => Self::NoContent,
            "text" => Self::Text,
            "body" => Self::Body {
                bytes: decode(params.text("base64")?.unwrap_or_default())
                    .ok_or_else(|| params.wrong("base64"))?,
                code: params.code(Some(200))?.unwrap_or(200),
                kind: params
                    .header("type")?
                    .unwrap_or(HeaderValue::from_static("application/json")),
            },
            "redirect" => Self::Redirect {
                code: params.code(Some(307))?.unwrap_or(307),
                to: params.header("to")?.ok_or_else(|| params.wrong("to"))?,
            },
            "echo-auth" => Self::EchoAuth {
                code: params.code(Some(400))?.unwrap_or(400),
            },
            _ => return Err(format!("unknown fault step `{}`", text.trim())),
        };
        params.finish()?;
        Ok(step)
    }
}

fn dropped(acts: bool, end: End) -> Step {
    Step::Drop { acts, end }
}

fn partial(name: &str, params: &mut Params<'_>) -> Result<Step, String> {
    let code = params.code(None)?;
    let end = match (name, params.text("end")?) {
        ("stall", None) => None,
        ("cut", None | Some("close")) => Some(End::Close),
        ("cut", Some("reset")) => Some(End::Reset),
        _ => return Err(params.wrong("end")),
    };
    // A request with an error response has not acted, unless the test wants that.
    let after = params.acts()?;
    Ok(Step::Partial {
        at: params.at()?,
        chunked: params.flag("chunked")?,
        code,
        acts: after || code.is_none_or(|code| code < 400),
        end,
    })
}

fn decode(text: &str) -> Option<Bytes> {
    let padded = format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4));
    STANDARD
        .decode(&padded)
        .or_else(|_| URL_SAFE.decode(&padded))
        .ok()
        .map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_steps() {
        assert_eq!(Step::parse(" ok "), Ok(Step::Ok));
        assert_eq!(Step::parse("delay:ms=20"), Ok(Step::Delay { millis: 20 }));
        assert_eq!(Step::parse("reset-after"), Ok(dropped(true, End::Reset)));
        assert_eq!(Step::parse("close-before"), Ok(dropped(false, End::Close)));
        assert_eq!(Step::parse("hang-after"), Ok(Step::Hang { acts: true }));
    }

    #[test]
    fn a_status_with_all_its_parameters() {
        let step = "status:code=503:act=after:retry-after=2:retry-after-ms=1500:retry-after-date=+3:should-retry=false";
        let retry = RetryHints {
            after: Some(HeaderValue::from_static("2")),
            after_ms: Some(HeaderValue::from_static("1500")),
            date: Some(3),
            should: Some(false),
        };
        assert_eq!(
            Step::parse(step),
            Ok(Step::Status {
                code: 503,
                acts: true,
                retry
            })
        );
    }

    #[test]
    fn partial_bodies() {
        let part = |at, chunked, code, acts, end| Step::Partial {
            at,
            chunked,
            code,
            acts,
            end,
        };
        assert_eq!(
            Step::parse("cut"),
            Ok(part(0.5, false, None, true, Some(End::Close)))
        );
        assert_eq!(
            Step::parse("cut:at=0.25:chunked:end=reset"),
            Ok(part(0.25, true, None, true, Some(End::Reset)))
        );
        assert_eq!(
            Step::parse("stall:code=404"),
            Ok(part(0.5, false, Some(404), false, None))
        );
        assert_eq!(
            Step::parse("stall:code=500:act=after"),
            Ok(part(0.5, false, Some(500), true, None))
        );
        assert_eq!(
            Step::parse("stall:code=200"),
            Ok(part(0.5, false, Some(200), true, None))
        );
    }

    #[test]
    fn values_that_are_encoded() {
        assert_eq!(
            Step::parse("redirect:code=308:to=http%3A%2F%2F127.0.0.1%3A1%2Fx"),
            Ok(Step::Redirect {
                code: 308,
                to: HeaderValue::from_static("http://127.0.0.1:1/x")
            })
        );
        for base64 in ["e30=", "e30"] {
            assert_eq!(
                Step::parse(&format!("body:base64={base64}:type=text%2Fplain")),
                Ok(Step::Body {
                    bytes: Bytes::from_static(b"{}"),
                    code: 200,
                    kind: HeaderValue::from_static("text/plain")
                })
            );
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for text in [
            "",
            "nonsense",
            "delay",
            "delay:ms=x",
            "status",
            "status:code=100",
            "status:code=1000",
            "status:code=503:act=before",
            "ok:x",
            "cut:at=2",
            "cut:at=NaN",
            "cut:end=stop",
            "stall:end=close",
            "redirect",
            "redirect:to=%0a",
            "body:base64=!",
            "status:code=503:retry-afer=1",
            "status:code=503:should-retry=maybe",
            "cut:chunked=maybe",
            ":::",
            "==",
        ] {
            assert!(Step::parse(text).is_err(), "{text}");
        }
    }
}
