//! A response body of which only a part comes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::switch::{End, Switch};

/// Gives its part, then ends the connection, or says nothing for ever. Either way the body itself
/// never ends, so that hyper never completes the response.
pub(crate) struct BrokenBody {
    part: Option<Bytes>,
    end: Option<(End, Switch)>,
}

impl BrokenBody {
    /// A body that gives `part` and then ends the connection; without `end`, it falls silent.
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
            // hyper, told that nothing more is ready, now sends what it has.
            switch.pull_when_sent(end);
        }
        Poll::Pending
    }
}
