//! The audit's journal on standard output, for platforms that collect it. A line is as safe as the
//! platform keeps it; the latest records are in memory, and a restart forgets them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::recent::Recent;
use super::shared::{Written, lock};
use super::writer::{Commit, Writer};
use crate::platform::{Journal, JournalFailure, Line, Page};

/// The shortest time between a failed write and a trial.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Where lines are written.
type Output = Box<dyn Write + Send>;

/// The journal on standard output.
pub struct StdoutJournal {
    shared: Arc<Shared>,
    writer: Writer,
}

struct Shared {
    output: Mutex<Output>,
    recent: Mutex<Recent>,
    /// When the last write failed, if it did.
    failed: Mutex<Option<Instant>>,
}

impl StdoutJournal {
    /// An empty journal.
    ///
    /// # Errors
    ///
    /// If its thread cannot be started.
    pub fn open() -> io::Result<Self> {
        Self::open_with(Box::new(io::stdout()))
    }

    fn open_with(output: Output) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            output: Mutex::new(output),
            recent: Mutex::default(),
            failed: Mutex::default(),
        });
        // A full pipe blocks, and the runtime's threads must not.
        let writer = Writer::start(Arc::clone(&shared) as Arc<dyn Commit>)?;
        Ok(Self { shared, writer })
    }

    /// Whether lines can be written: at once if the last write succeeded. Otherwise it tries to
    /// write an empty line.
    ///
    /// # Errors
    ///
    /// If the last write failed, and writes still fail.
    pub async fn ready(&self) -> Result<(), JournalFailure> {
        let failed = *lock(&self.shared.failed);
        match failed {
            None => Ok(()),
            Some(at) if at.elapsed() < TRY_AGAIN => {
                Err(JournalFailure("the last write failed".to_owned()))
            }
            Some(_) => self.writer.write(None).await,
        }
    }
}

impl Journal for StdoutJournal {
    async fn append(&self, line: Line) -> Result<(), JournalFailure> {
        self.writer.write(Some(Written::new(line)?)).await
    }

    async fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, JournalFailure> {
        let recent = lock(&self.shared.recent);
        Ok(recent.page(app_id, meeting_id, before, limit))
    }
}

impl Commit for Shared {
    fn commit(&self, lines: &[Written]) -> Result<(), JournalFailure> {
        let mut text = Vec::new();
        // The remains of a failed write must not be the start of this line.
        if lines.is_empty() || lock(&self.failed).is_some() {
            text.push(b'\n');
        }
        for written in lines {
            text.extend_from_slice(written.line().text.as_bytes());
            text.push(b'\n');
        }
        let result = {
            let mut output = lock(&self.output);
            output.write_all(&text).and_then(|()| output.flush())
        };
        *lock(&self.failed) = result.as_ref().err().map(|_| Instant::now());
        result.map_err(|error| {
            JournalFailure(format!("standard output cannot be written: {error}"))
        })?;
        let mut recent = lock(&self.recent);
        for written in lines {
            recent.note(written);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that a test can break.
    #[derive(Clone, Default)]
    struct Pipe(Arc<Mutex<(Vec<u8>, bool)>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut pipe = lock(&self.0);
            match pipe.1 {
                // Half of it is written.
                true if bytes.len() > 1 => {
                    pipe.0.extend_from_slice(&bytes[..bytes.len() / 2]);
                    Ok(bytes.len() / 2)
                }
                true => Err(io::ErrorKind::BrokenPipe.into()),
                false => {
                    pipe.0.extend_from_slice(bytes);
                    Ok(bytes.len())
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(id: &str) -> Line {
        Line {
            id: id.to_owned(),
            app_id: "a".to_owned(),
            meeting_id: "m".to_owned(),
            is_intent: false,
            text: format!("{{\"id\":\"{id}\"}}"),
        }
    }

    #[tokio::test]
    async fn lines_are_written_and_remembered() {
        let pipe = Pipe::default();
        let journal = StdoutJournal::open_with(Box::new(pipe.clone())).unwrap();
        journal.append(line("1")).await.unwrap();
        journal.append(line("2")).await.unwrap();
        assert!(journal.ready().await.is_ok());
        let written = String::from_utf8(lock(&pipe.0).0.clone()).unwrap();
        assert_eq!(written, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
        let page = journal.page("a", "m", None, 10).await.unwrap();
        assert_eq!(page.lines, ["{\"id\":\"2\"}", "{\"id\":\"1\"}"]);
    }

    #[tokio::test]
    async fn a_line_that_cannot_be_written_is_not_remembered_and_breaks_no_other() {
        let pipe = Pipe::default();
        let journal = StdoutJournal::open_with(Box::new(pipe.clone())).unwrap();
        lock(&pipe.0).1 = true;
        assert!(journal.append(line("1")).await.is_err());
        assert!(journal.ready().await.is_err());
        lock(&pipe.0).1 = false;
        journal.append(line("2")).await.unwrap();
        assert!(journal.ready().await.is_ok());
        let page = journal.page("a", "m", None, 10).await.unwrap();
        assert_eq!(page.lines, ["{\"id\":\"2\"}"]);
        let written = String::from_utf8(lock(&pipe.0).0.clone()).unwrap();
        assert_eq!(written.lines().last(), Some("{\"id\":\"2\"}"));
    }
}
