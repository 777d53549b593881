//! The future of a call, by name: it fits into structs, `join!`, `join_all` and a framework's resources.

use super::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A call, as a future. Nothing is sent until it is polled. Dropped, it aborts its request.
///
/// It borrows nothing, so it can be stored and spawned. It is not `Send`, for it holds JavaScript values. Where a
/// framework wants `Send`, wrap it: `SendWrapper::new(call.send())` of the crate `send_wrapper`, or
/// `SendFuture::new(call.send())` of the crate `worker`.
#[must_use = "nothing is sent until it is awaited"]
pub struct CallFuture<T>(Pin<Box<dyn Future<Output = Result<T, Error>>>>);

impl<T> CallFuture<T> {
    pub(crate) fn new(future: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        Self(Box::pin(future))
    }
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}
