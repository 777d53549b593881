//! A line of the log as JSON, as tracing-subscriber's own `json().flatten_event(true)` writes it. That
//! one is made for spans too, of which there are none here, and takes a tenth of a request.

use std::fmt::{self, Debug};

use jiff::Timestamp;
use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Most lines are shorter.
const USUAL_BYTES: usize = 384;

/// Writes each event as one line of JSON.
pub(super) struct LogLine;

impl<S, N> FormatEvent<S, N> for LogLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Line(Vec::with_capacity(USUAL_BYTES));
        line.0.push(b'{');
        line.entry("timestamp", &format_args!("{:.6}", Timestamp::now()));
        line.entry("level", event.metadata().level().as_str());
        event.record(&mut line);
        line.entry("target", event.metadata().target());
        line.0.extend_from_slice(b"}\n");
        writer.write_str(str::from_utf8(&line.0).map_err(|_| fmt::Error)?)
    }
}

struct Line(Vec<u8>);

impl Line {
    /// The names are those of fields in the code, and no JSON in them is to be escaped.
    fn entry(&mut self, name: &str, value: &(impl Serialize + ?Sized)) {
        let start = self.0.len();
        if start > 1 {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
        if serde_json::to_writer(&mut self.0, value).is_err() {
            self.0.truncate(start);
        }
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.entry(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.entry(field.name(), &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.entry(field.name(), &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.entry(field.name(), &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.entry(field.name(), &value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.entry(field.name(), &format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::io;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn events() {
        let (nobody, somebody) = (None::<&str>, Some("Ann \"A\"\n\u{1}é"));
        let error = io::Error::other("it \"broke\"");
        tracing::info!(
            request_id = "r1",
            nobody,
            somebody,
            status = 200,
            ms = 0.25,
            "answered"
        );
        tracing::error!(%error, yes = true, less = -3_i64, list = ?[1, 2], "no \\ way");
        tracing::warn!(nan = f64::NAN, "{} and {}", 1, "two");
    }

    fn told(lines: &Lines) -> Vec<Value> {
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let told = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let time = line["timestamp"].take();
            let time = time.as_str().unwrap();
            // 2026-08-01T12:34:56.123456Z
            assert_eq!((time.len(), &time[19..20], &time[26..]), (27, ".", "Z"));
            line
        });
        told.collect()
    }

    #[test]
    fn it_is_what_the_librarys_own_would_be() {
        let (ours, theirs) = (Lines::default(), Lines::default());
        let subscriber = tracing_subscriber::fmt()
            .event_format(LogLine)
            .with_writer(ours.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, events);
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(theirs.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, events);
        let (ours, theirs) = (told(&ours), told(&theirs));
        assert_eq!(ours.len(), 3);
        assert_eq!(ours, theirs);
    }
}
