//! The end of the journal, where lines are appended: whole, or not at all.

use std::io;
use std::iter;
use std::path::PathBuf;

use super::day::Day;
use super::file::{Handle, Opener, sync_folder};

/// A larger buffer is freed after a large line.
const KEPT_BUFFER: usize = 1024 * 1024;

/// The size of a trial: a full disk often has room for a few bytes, but not for a line.
const TRIAL: usize = 4096;

/// The file of the day.
struct Current {
    day: Day,
    path: PathBuf,
    handle: Box<dyn Handle>,
    /// Its length; all acknowledged lines are before it.
    length: u64,
    /// Whether a line break must separate the next line from the remains of a crash.
    torn: bool,
    /// Whether the file's name survives a crash too.
    name_synced: bool,
}

/// Appends to the file of the day.
pub(super) struct Tail {
    folder: PathBuf,
    open: Opener,
    /// Whether appended lines must be on the disk.
    synced: bool,
    current: Option<Current>,
    /// The day whose file was deleted, renamed or truncated.
    lost: Option<Day>,
    buffer: Vec<u8>,
}

impl Tail {
    /// Nothing is opened before the first line.
    pub(super) fn new(folder: PathBuf, open: Opener, synced: bool) -> Self {
        Self {
            folder,
            open,
            synced,
            current: None,
            lost: None,
            buffer: Vec::new(),
        }
    }

    /// Appends lines with one write; returns the day and the place of the first.
    ///
    /// If that fails none of them is kept, and the next call opens the file again: a handle whose
    /// `fdatasync` failed once may report success the next time.
    pub(super) fn append<'a>(
        &mut self,
        today: Day,
        lines: impl Iterator<Item = &'a str>,
    ) -> io::Result<(Day, u64)> {
        // The first byte is reserved for a line break, so that one write suffices.
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_BUFFER);
        self.buffer.push(b'\n');
        for line in lines {
            self.buffer.extend_from_slice(line.as_bytes());
            self.buffer.push(b'\n');
        }
        let mut current = match self.current.take() {
            Some(current) if current.is_good_for(today) => current,
            former => {
                self.lost = former
                    .filter(Current::is_lost)
                    .map(|former| former.day)
                    .or(self.lost);
                self.open(today)?
            }
        };
        match self.write(&mut current) {
            Ok(start) => {
                let day = current.day;
                self.current = Some(current);
                Ok((day, start))
            }
            Err(error) => {
                current.take_back();
                Err(error)
            }
        }
    }

    /// Whether a line can be appended: writes spaces and truncates them. If truncation fails, they
    /// are a harmless empty line.
    pub(super) fn try_out(&mut self, today: Day) -> io::Result<()> {
        let spaces = " ".repeat(TRIAL);
        let (_, start) = self.append(today, iter::once(spaces.as_str()))?;
        if let Some(current) = &mut self.current
            && current.handle.truncate(start).is_ok()
        {
            current.length = start;
        }
        Ok(())
    }

    /// The day whose lines are gone, returned once.
    pub(super) fn take_lost(&mut self) -> Option<Day> {
        self.lost.take()
    }

    fn open(&self, today: Day) -> io::Result<Current> {
        let path = self.folder.join(today.file_name());
        let handle = (self.open)(&path)?;
        Ok(Current {
            day: today,
            path,
            length: handle.state()?.length,
            torn: !handle.ends_a_line()?,
            handle,
            name_synced: !self.synced,
        })
    }

    fn write(&self, current: &mut Current) -> io::Result<u64> {
        let bytes = match (current.torn, self.buffer.as_slice()) {
            (false, [_, lines @ ..]) => lines,
            (_, all) => all,
        };
        current.handle.write_all(bytes)?;
        if self.synced {
            current.handle.sync()?;
        }
        if !current.name_synced {
            sync_folder(&self.folder)?;
            current.name_synced = true;
        }
        let start = current.length.saturating_add(u64::from(current.torn));
        let written = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        current.length = current.length.saturating_add(written);
        current.torn = false;
        Ok(start)
    }
}

impl Current {
    fn is_good_for(&self, today: Day) -> bool {
        // A clock that is set back over midnight must not bring an outcome before its intent.
        if today != self.day && !today.is_eve_of(self.day) {
            return false;
        }
        // Later lines must not go to a file that was deleted, emptied or renamed.
        let length = self.handle.length_at(&self.path);
        length.is_ok_and(|length| length == Some(self.length))
    }

    /// Whether appended lines are gone.
    fn is_lost(&self) -> bool {
        let state = self.handle.state();
        let named = self.handle.length_at(&self.path);
        state.is_ok_and(|now| !now.named || now.length < self.length)
            || !named.is_ok_and(|length| length.is_some())
    }

    /// Truncates the remains of a failed write. If that fails too, as on an append-only file, a
    /// line break separates them from the next line.
    fn take_back(self) {
        let longer = self
            .handle
            .state()
            .is_ok_and(|now| now.length > self.length);
        if longer && let Err(error) = self.handle.truncate(self.length) {
            tracing::warn!(%error, "what was written in vain stays in the audit's file");
        }
    }
}
