//! Polls a future again at once if it woke itself while it was polled.
//!
//! A connection does so at the end of each request's body. The runtime would queue its task and wake
//! another thread for it, before the thread could send what the task had just handed to the API's
//! connection: that was a third of a mutation's added latency.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// The most polls in a row: then other tasks have their turn.
const MOST_POLLS: usize = 4;

/// A future that is polled again at once if it woke itself.
pub(super) struct PollAgain<F> {
    future: Pin<Box<F>>,
    state: Arc<State>,
    waker: Waker,
}

#[derive(Default)]
struct State {
    task: AtomicWaker,
    polling: AtomicBool,
    woken: AtomicBool,
}

impl Wake for State {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // In this order: either the poll that goes on sees the first, or this sees its end.
        self.woken.store(true, Ordering::SeqCst);
        if !self.polling.load(Ordering::SeqCst) {
            self.task.wake();
        }
    }
}

impl<F> PollAgain<F> {
    pub(super) fn new(future: F) -> Self {
        let state = Arc::new(State::default());
        Self {
            future: Box::pin(future),
            waker: Waker::from(Arc::clone(&state)),
            state,
        }
    }
}

impl<F: Future> Future for PollAgain<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self {
            future,
            state,
            waker,
        } = &mut *self;
        state.task.register(cx.waker());
        for _ in 0..MOST_POLLS {
            state.woken.store(false, Ordering::SeqCst);
            state.polling.store(true, Ordering::SeqCst);
            let polled = future.as_mut().poll(&mut Context::from_waker(waker));
            state.polling.store(false, Ordering::SeqCst);
            if polled.is_ready() || !state.woken.load(Ordering::SeqCst) {
                return polled;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Polls a future that wakes itself so often, until it is ready; says how often its task was
    /// polled and woken.
    fn polls(self_wakes: usize) -> (usize, usize) {
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut left = self_wakes;
        let mut future = PollAgain::new(poll_fn(move |cx| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        let mut polls = 1;
        while Pin::new(&mut future)
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
        {
            polls += 1;
        }
        (polls, count.0.load(Ordering::SeqCst))
    }

    #[test]
    fn a_future_that_wakes_itself_is_polled_again_and_its_task_not_woken() {
        assert_eq!(polls(0), (1, 0));
        assert_eq!(polls(MOST_POLLS - 1), (1, 0));
        // Other tasks have their turn.
        assert_eq!(polls(MOST_POLLS), (2, 1));
        assert_eq!(polls(10 * MOST_POLLS), (11, 10));
    }

    #[test]
    fn a_future_that_waits_is_not_polled_again() {
        let mut polled = 0;
        let mut future = PollAgain::new(poll_fn(|_| {
            polled += 1;
            Poll::<()>::Pending
        }));
        let waker = Waker::noop();
        let poll = Pin::new(&mut future).poll(&mut Context::from_waker(waker));
        assert!(poll.is_pending());
        drop(future);
        assert_eq!(polled, 1);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_wake_up_of_another_thread_is_lost() {
        for _ in 0..200 {
            let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
            let writer = thread::spawn(move || (0..100).for_each(|n| sender.send(n).unwrap()));
            let all = PollAgain::new(async move {
                let mut sum = 0;
                while let Some(n) = receiver.recv().await {
                    sum += n;
                }
                sum
            });
            assert_eq!(tokio::spawn(all).await.unwrap(), 4950);
            writer.join().unwrap();
        }
    }
}
