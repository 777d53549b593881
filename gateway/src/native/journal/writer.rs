//! The thread that writes lines, with group commit: lines that arrive during one write, or one
//! `fdatasync`, share the next.

use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::platform::JournalFailure;

use super::shared::Written;

/// The most bytes of a group; a single line may be longer.
const MOST_AT_ONCE: usize = 4 * 1024 * 1024;

type Done = oneshot::Sender<Result<(), JournalFailure>>;

/// What writes a group of lines.
pub(super) trait Commit: Send + Sync {
    /// Writes lines, all or none, and makes them known to readers. No line is a trial.
    fn commit(&self, lines: &[Written]) -> Result<(), JournalFailure>;
}

/// The handle of the thread.
pub(super) struct Writer {
    queue: Option<Sender<(Option<Written>, Done)>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(target: Arc<dyn Commit>) -> io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || run(&*target, &waiting))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Writes a line, or without one tries whether lines can be written.
    pub(super) async fn write(&self, line: Option<Written>) -> Result<(), JournalFailure> {
        let (done, result) = oneshot::channel();
        if let Some(queue) = &self.queue {
            // If the thread has ended, `done` is dropped, which signals the failure.
            let _ = queue.send((line, done));
        }
        result
            .await
            .unwrap_or_else(|_| Err(JournalFailure("the writer has ended".to_owned())))
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

fn run(target: &dyn Commit, waiting: &Receiver<(Option<Written>, Done)>) {
    let (mut lines, mut askers) = (Vec::new(), Vec::new());
    while let Ok((line, done)) = waiting.recv() {
        let mut size = line.as_ref().map_or(0, Written::size);
        lines.extend(line);
        askers.push(done);
        while size < MOST_AT_ONCE
            && let Ok((line, done)) = waiting.try_recv()
        {
            size = size.saturating_add(line.as_ref().map_or(0, Written::size));
            lines.extend(line);
            askers.push(done);
        }
        let result = target.commit(&mem::take(&mut lines));
        for asker in askers.drain(..) {
            // The caller may have gone.
            let _ = asker.send(result.clone());
        }
    }
}
