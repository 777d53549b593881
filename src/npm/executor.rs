//! Runs the tasks of the npm package.
//!
//! wasm-bindgen-futures has one queue: all tasks that are ready run in one microtask, which belongs to the async
//! context of the first. `AsyncLocalStorage`, OpenTelemetry and zone.js would then attribute one request's call to
//! another. Here a task is polled first in its caller's turn, and then in the reaction of the promise it waited for.

use super::host::host;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use wasm_bindgen::JsValue;

/// What a promise is made of.
pub(super) type Work = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// The state of a task. A caller's `fetch` may start, wake or end any task in the middle of a poll.
enum State {
    Free,
    Waiting(Work),
    /// It is being polled now.
    Polling {
        /// Whether it was woken meanwhile.
        woken: bool,
    },
}

thread_local! {
    static TASKS: Cell<Vec<State>> = const { Cell::new(Vec::new()) };
}

/// Changes the list of tasks, which is empty meanwhile: `change` must not run one.
fn tasks<T>(change: impl FnOnce(&mut Vec<State>) -> T) -> T {
    let mut all = TASKS.take();
    let result = change(&mut all);
    TASKS.set(all);
    result
}

struct TaskWaker(usize);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if let Some(work) = take(self.0) {
            run(self.0, work);
        }
    }
}

/// Starts a task, which is polled at once. Returns the promise of its result.
pub(super) fn promise(work: Work) -> JsValue {
    let id = tasks(|tasks| {
        let free = tasks.iter().position(|state| matches!(state, State::Free));
        free.unwrap_or_else(|| {
            tasks.push(State::Free);
            tasks.len() - 1
        })
    });
    set(id, State::Polling { woken: false });
    let promise = host().promise(id);
    run(id, work);
    promise
}

fn run(id: usize, mut work: Work) {
    let waker = Waker::from(Arc::new(TaskWaker(id)));
    loop {
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(result) = polled {
            set(id, State::Free);
            let (is_ok, value) = match result {
                Ok(value) => (true, value),
                Err(error) => (false, error),
            };
            return host().settle(id, is_ok, &value);
        }
        let woken = tasks(|tasks| matches!(tasks.get(id), Some(State::Polling { woken: true })));
        if !woken {
            return set(id, State::Waiting(work));
        }
        set(id, State::Polling { woken: false });
    }
}

/// Takes a waiting task in order to poll it.
fn take(id: usize) -> Option<Work> {
    tasks(|tasks| {
        let state = tasks.get_mut(id)?;
        match std::mem::replace(state, State::Polling { woken: false }) {
            State::Waiting(work) => Some(work),
            State::Polling { .. } => {
                *state = State::Polling { woken: true };
                None
            }
            State::Free => {
                *state = State::Free;
                None
            }
        }
    })
}

fn set(id: usize, state: State) {
    tasks(|tasks| {
        if let Some(place) = tasks.get_mut(id) {
            *place = state;
        }
    });
}
