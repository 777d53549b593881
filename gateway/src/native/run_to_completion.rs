//! Runs a mutation to completion, even if its client disconnects.
//!
//! The connection's task polls it: a separate task would cost wake-ups at each step. It moves to
//! its own task only when the client disconnects.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, CatchUnwind};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TrackedFuture;

/// Catches panics, as a spawned task would.
type Work<T> = TrackedFuture<CatchUnwind<AssertUnwindSafe<BoxFuture<'static, T>>>>;

/// Work in progress; resolves to `None` if it panicked.
pub struct RunToCompletion<T: Send + 'static>(Option<Work<T>>);

/// Begins work at the first poll. `tasks` counts it until it ends.
pub fn run_to_completion<T: Send + 'static>(
    tasks: &TaskTracker,
    work: BoxFuture<'static, T>,
) -> RunToCompletion<T> {
    let work = AssertUnwindSafe(work).catch_unwind();
    RunToCompletion(Some(tasks.track_future(work)))
}

impl<T: Send + 'static> Future for RunToCompletion<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(work) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(work).poll(cx);
        if polled.is_ready() {
            self.0 = None;
        }
        polled.map(Result::ok)
    }
}

impl<T: Send + 'static> Drop for RunToCompletion<T> {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            match Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn(work)),
                // The runtime shuts down without waiting.
                Err(_) => tracing::error!("a mutation broke off"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn who_waits_gets_what_came_of_it() {
        let tasks = TaskTracker::new();
        assert_eq!(
            run_to_completion(&tasks, async { 7 }.boxed()).await,
            Some(7)
        );
        assert!(tasks.is_empty());
    }

    #[tokio::test]
    async fn it_is_carried_on_when_nobody_waits_any_more() {
        let tasks = TaskTracker::new();
        let (go, gone) = oneshot::channel::<()>();
        let (done, over) = oneshot::channel();
        let work = async move {
            gone.await.unwrap();
            done.send(7).unwrap();
        };
        let mut work = run_to_completion(&tasks, work.boxed());
        assert!(futures_util::poll!(&mut work).is_pending());
        drop(work);
        assert_eq!(tasks.len(), 1);
        go.send(()).unwrap();
        assert_eq!(over.await, Ok(7));
        tasks.close();
        tasks.wait().await;
    }

    #[tokio::test]
    async fn also_what_nobody_has_waited_for_yet() {
        let tasks = TaskTracker::new();
        let (done, over) = oneshot::channel();
        let work = async move { done.send(7).unwrap() };
        drop(run_to_completion(&tasks, work.boxed()));
        assert_eq!(over.await, Ok(7));
    }

    #[tokio::test]
    async fn a_panic_is_its_own() {
        let tasks = TaskTracker::new();
        let work = async { panic!("as it happens") };
        assert_eq!(run_to_completion(&tasks, work.boxed()).await, None::<()>);
        assert!(tasks.is_empty());
    }
}
