//! Reads the files of earlier runs at the start.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::audit::time;

use super::day::Day;
use super::head::Head;
use super::index::{Entry, Index, Place};

const READ_AT_ONCE: usize = 256 * 1024;

/// The contents of a folder.
#[derive(Default)]
pub(super) struct Found {
    pub(super) index: Index,
    /// The lines with a `key` since the given time, in their order.
    pub(super) keyed: Vec<String>,
    /// How many lines are invalid: garbage, or torn by a crash.
    pub(super) bad: u64,
}

/// Reads every file of the journal's in their order.
pub(super) fn scan(folder: &Path, keyed_since_unix_ms: u64) -> io::Result<Found> {
    let mut found = Found::default();
    let keyed_since = Day::of_unix_ms(keyed_since_unix_ms);
    let since = time(keyed_since_unix_ms);
    for (day, path) in files(folder)? {
        let before = found.bad;
        let read = File::open(&path).and_then(|file| {
            let reader = BufReader::with_capacity(READ_AT_ONCE, file);
            let keyed_since = (day >= keyed_since).then_some(since.as_str());
            found.read(day, reader, keyed_since)
        });
        match read {
            Ok(()) => {}
            // Old days may be deleted at any time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let text = format!("{}: {error}", path.display());
                return Err(io::Error::new(error.kind(), text));
            }
        }
        let bad = found.bad.saturating_sub(before);
        if bad > 0 {
            tracing::warn!(file = %path.display(), lines = bad, "lines that are no audit lines");
        }
    }
    Ok(found)
}

fn files(folder: &Path) -> io::Result<Vec<(Day, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let day = entry.file_name().to_str().and_then(Day::of_file_name);
        let path = entry.path();
        if let Some(day) = day
            && path.is_file()
        {
            files.push((day, path));
        }
    }
    files.sort_unstable();
    Ok(files)
}

impl Found {
    fn read(
        &mut self,
        day: Day,
        mut file: impl BufRead,
        keyed_since: Option<&str>,
    ) -> io::Result<()> {
        let mut offset = 0_u64;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let read = file.read_until(b'\n', &mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            // A last line that lacks only its line break is valid.
            let line = buffer.strip_suffix(b"\n").unwrap_or(&buffer);
            self.line(day, offset, line, keyed_since);
            offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        }
    }

    fn line(&mut self, day: Day, offset: u64, line: &[u8], keyed_since: Option<&str>) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let (Some(head), Ok(length)) = (Head::read(line), u32::try_from(line.len())) else {
            self.bad = self.bad.saturating_add(1);
            return;
        };
        let entry = Entry {
            id: &head.id,
            app_id: &head.app_id,
            meeting_id: &head.meeting_id,
            is_intent: head.is_intent(),
        };
        let place = Place {
            day,
            length,
            offset,
        };
        self.index.note(entry, place);
        if keyed_since.is_some_and(|since| head.has_key_since(since)) {
            match str::from_utf8(line) {
                Ok(text) => self.keyed.push(text.to_owned()),
                Err(_) => self.bad = self.bad.saturating_add(1),
            }
        }
    }
}
