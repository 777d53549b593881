//! Reads a request's body within its limits.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, pin_mut, select_biased};
use worker::{Delay, Request};

use crate::meeting::protocol::BodyState;

/// The body, if it has at most so many bytes and comes in time. No more of it is read: what a client sends is
/// held in the memory that all meetings of the isolate share.
pub(super) async fn read(
    request: &mut Request,
    most: usize,
    timeout: Duration,
) -> (BodyState, Option<Bytes>) {
    let length = request.headers().get("content-length").ok().flatten();
    let length = length.and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return (BodyState::TooLarge, None);
    }
    if request.inner().body().is_none() {
        return (BodyState::None, None);
    }
    let Ok(mut stream) = request.stream() else {
        return (BodyState::None, None);
    };
    let collect = async {
        let mut body = Vec::new();
        while let Some(chunk) = stream.next().await {
            let Ok(chunk) = chunk else {
                return (BodyState::Broken, None);
            };
            if body.len() + chunk.len() > most {
                return (BodyState::TooLarge, None);
            }
            body.extend_from_slice(&chunk);
        }
        (BodyState::Here, Some(Bytes::from(body)))
    }
    .fuse();
    let late = Delay::from(timeout).fuse();
    pin_mut!(collect, late);
    select_biased! {
        body = collect => body,
        () = late => (BodyState::TooSlow, None),
    }
}
