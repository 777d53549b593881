//! A thread that writes log lines, so that a full pipe blocks nothing, and at most 1 MiB a minute,
//! so that no client can fill a disk. Lines beyond that are dropped and counted.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tracing::{Level, Metadata};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::MakeWriter;

/// The most queued lines.
const QUEUED_LINES: usize = 4096;

/// The bytes that may be written at once after a quiet minute, and again in each minute: less than
/// 1 MiB in any minute.
const BYTES_PER_MINUTE: f64 = 500_000.0;

/// The reserve for warnings and errors.
const FOR_WARNINGS: f64 = 100_000.0;

/// The writing thread, and its count of dropped lines.
pub struct LogWriter {
    queue: NonBlocking,
    allowance: Option<Arc<Allowance>>,
    full: ErrorCounter,
    /// The sum that `dropped` has returned so far.
    reported: AtomicU64,
    guard: Mutex<Option<WorkerGuard>>,
}

impl LogWriter {
    /// Starts the thread. `limited` says whether there is a limit on bytes.
    pub(super) fn start(limited: bool) -> Self {
        let (queue, guard) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(QUEUED_LINES)
            .thread_name("log")
            .finish(io::stderr());
        Self {
            full: queue.error_counter(),
            queue,
            allowance: limited.then(|| Arc::new(Allowance::new())),
            reported: AtomicU64::new(0),
            guard: Mutex::new(Some(guard)),
        }
    }

    /// Writes the queued lines, as the last thing that the process does: tasks of a runtime that ends in the
    /// background may still hold the writer, so dropping it is not enough.
    pub fn finish(&self) {
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        drop(guard.take());
    }

    pub(super) fn maker(&self) -> LineWriters {
        LineWriters {
            queue: self.queue.clone(),
            allowance: self.allowance.clone(),
        }
    }

    /// How many lines were dropped since this was last called.
    pub fn dropped(&self) -> u64 {
        let over = self.allowance.as_ref();
        let over = over.map_or(0, |allowance| allowance.dropped.load(Ordering::Relaxed));
        let all = over.saturating_add(self.full.dropped_lines() as u64);
        all.saturating_sub(self.reported.swap(all, Ordering::Relaxed))
    }
}

/// How many bytes may still be written.
struct Allowance {
    left: Mutex<(f64, Instant)>,
    dropped: AtomicU64,
}

impl Allowance {
    fn new() -> Self {
        Self {
            left: Mutex::new((BYTES_PER_MINUTE, Instant::now())),
            dropped: AtomicU64::new(0),
        }
    }

    /// Whether a line may be written.
    fn take(&self, bytes: usize, severe: bool) -> bool {
        let mut state = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = &mut *state;
        let now = Instant::now();
        let elapsed = now.duration_since(*at).as_secs_f64();
        *left = (*left + elapsed * BYTES_PER_MINUTE / 60.0).min(BYTES_PER_MINUTE);
        *at = now;
        let kept = if severe { 0.0 } else { FOR_WARNINGS };
        // A float represents the length of any line exactly.
        let bytes = bytes as f64;
        let allowed = *left - kept >= bytes;
        if allowed {
            *left -= bytes;
        }
        allowed
    }
}

/// Makes a writer for each line.
pub(super) struct LineWriters {
    queue: NonBlocking,
    allowance: Option<Arc<Allowance>>,
}

/// Writes one line.
pub(super) struct LineWriter {
    queue: NonBlocking,
    allowance: Option<Arc<Allowance>>,
    severe: bool,
}

impl<'a> MakeWriter<'a> for LineWriters {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter {
            queue: self.queue.clone(),
            allowance: self.allowance.clone(),
            severe: false,
        }
    }

    fn make_writer_for(&'a self, line: &Metadata<'_>) -> LineWriter {
        LineWriter {
            severe: *line.level() <= Level::WARN,
            ..self.make_writer()
        }
    }
}

impl Write for LineWriter {
    /// Each call writes one whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &self.allowance {
            Some(allowance) if !allowance.take(line.len(), self.severe) => {
                allowance.dropped.fetch_add(1, Ordering::Relaxed);
                Ok(line.len())
            }
            _ => self.queue.write(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_allowance_are_dropped_and_warnings_have_their_own() {
        let allowance = Allowance::new();
        let take = |severe| (0..10_000).filter(|_| allowance.take(500, severe)).count();
        let lines = take(false);
        assert!((800..=1000).contains(&lines), "{lines}");
        let warnings = take(true);
        assert!((200..=300).contains(&warnings), "{warnings}");
    }
}
