//! The threads that serve connections. Each has a runtime of its own, and what it was given stays
//! with it: a runtime of several threads wakes another one at each event, to share work that here
//! is too short to be shared.

use std::cell::Cell;
use std::future;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{Builder, Handle};

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// How many there are: one for each core.
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, Into::into)
}

/// Which of them runs this, below `count`.
pub fn number() -> usize {
    NUMBER.get()
}

/// The way to the threads, which live as long as the process.
pub struct Workers {
    handles: Vec<Handle>,
    turn: AtomicUsize,
}

impl Workers {
    /// Starts them.
    ///
    /// # Errors
    ///
    /// If the system gives no more threads.
    pub fn start() -> io::Result<Self> {
        let handles = (0..count())
            .map(|number| {
                let runtime = Builder::new_current_thread().enable_all().build()?;
                let handle = runtime.handle().clone();
                thread::Builder::new()
                    .name(format!("worker-{number}"))
                    .spawn(move || {
                        NUMBER.set(number);
                        runtime.block_on(future::pending::<()>());
                    })?;
                Ok(handle)
            })
            .collect::<io::Result<_>>()?;
        Ok(Self {
            handles,
            turn: AtomicUsize::new(0),
        })
    }

    /// The one whose turn it is.
    pub fn next(&self) -> Option<&Handle> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        self.handles.get(turn % self.handles.len().max(1))
    }
}
