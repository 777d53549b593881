//! The thread that writes lines to the disk, with group commit: lines that arrive during one
//! `fdatasync` share the next.

use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::platform::JournalFailure;

use super::shared::{Shared, Written};

/// The most bytes of a group; a single line may be longer.
const MOST_AT_ONCE: usize = 4 * 1024 * 1024;

type Done = oneshot::Sender<Result<(), JournalFailure>>;

/// The handle of the thread.
pub(super) struct Writer {
    queue: Option<Sender<(Written, Done)>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(shared: Arc<Shared>) -> io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || run(&shared, &waiting))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Queues a line. If the thread has ended, `done` is dropped, which signals the failure.
    pub(super) fn send(&self, line: Written, done: Done) {
        if let Some(queue) = &self.queue {
            let _ = queue.send((line, done));
        }
    }
}

impl Drop for Writer {
    /// Queued lines are still written.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared, waiting: &Receiver<(Written, Done)>) {
    let (mut lines, mut askers) = (Vec::new(), Vec::new());
    while let Ok((line, done)) = waiting.recv() {
        let mut size = line.size();
        lines.push(line);
        askers.push(done);
        while size < MOST_AT_ONCE
            && let Ok((line, done)) = waiting.try_recv()
        {
            size = size.saturating_add(line.size());
            lines.push(line);
            askers.push(done);
        }
        let result = shared.commit(&mem::take(&mut lines));
        for asker in askers.drain(..) {
            // The caller may have gone.
            let _ = asker.send(result.clone());
        }
    }
}
