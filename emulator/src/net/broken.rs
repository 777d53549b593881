//! A response body that is only sent in part.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::switch::{End, Switch};

/// Sends a part, then ends the connection or stays silent. The body itself never ends, so hyper never
/// completes the response.
pub(crate) struct BrokenBody {
    part: Option<Bytes>,
    end: Option<(End, Switch)>,
}

impl BrokenBody {
    /// A body that sends `part` and then ends the connection. Without `end` it stays silent.
    pub(crate) fn new(part: Bytes, end: Option<(End, Switch)>) -> Self {
        Self {
            // An empty frame would end a chunked body.
            part: Some(part).filter(|part| !part.is_empty()),
            end,
        }
    }
}

impl Body for BrokenBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(part) = self.part.take() {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        if let Some((end, switch)) = self.end.take() {
            // hyper sees `Pending` and now sends its buffer.
            switch.pull_when_sent(end);
        }
        Poll::Pending
    }
}
