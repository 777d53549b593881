//! The file operations of the writer, with the system's files; tests use files that fail.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The current state of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Its length in bytes.
    pub(super) length: u64,
    /// Whether it still has a name: it may have been deleted.
    pub(super) named: bool,
}

/// A file that only grows, except to undo a failed write.
pub(super) trait Handle: io::Write + Send {
    /// Its length, and whether it still exists.
    fn state(&self) -> io::Result<State>;

    /// Whether the next write begins a line.
    fn ends_a_line(&self) -> io::Result<bool>;

    /// Syncs its content to the disk.
    fn sync(&self) -> io::Result<()>;

    /// Its length, if `path` still names it: a log rotation may have renamed it.
    fn length_at(&self, path: &Path) -> io::Result<Option<u64>>;

    /// Truncates it.
    fn truncate(&self, length: u64) -> io::Result<()>;
}

/// Opens a file to append to it; makes it if it is missing.
pub(super) type Opener = Box<dyn Fn(&Path) -> io::Result<Box<dyn Handle>> + Send>;

/// One of the system's files, with its device and number. No other file can have them while it is
/// open, so the path alone shows whether it is the same file.
struct SystemFile {
    file: File,
    id: (u64, u64),
}

impl io::Write for SystemFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Handle for SystemFile {
    fn state(&self) -> io::Result<State> {
        let metadata = self.file.metadata()?;
        Ok(State {
            length: metadata.len(),
            named: metadata.nlink() > 0,
        })
    }

    fn ends_a_line(&self) -> io::Result<bool> {
        let Some(last) = self.file.metadata()?.len().checked_sub(1) else {
            return Ok(true);
        };
        let mut byte = [0];
        self.file.read_exact_at(&mut byte, last)?;
        Ok(byte == *b"\n")
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn length_at(&self, path: &Path) -> io::Result<Option<u64>> {
        let named = std::fs::metadata(path)?;
        Ok((self.id == (named.dev(), named.ino())).then_some(named.len()))
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }
}

/// Opens one of the system's files.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Handle>> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let metadata = file.metadata()?;
    let id = (metadata.dev(), metadata.ino());
    Ok(Box::new(SystemFile { file, id }))
}

/// Syncs a new file's name to the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes the folder if it is missing, and locks it for this process while the returned file is
/// open.
pub(super) fn take_folder(folder: &Path) -> io::Result<File> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    if !folder.is_dir() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(named)?;
        // The folder's own name must survive a crash too.
        if let Some(parent) = folder.parent().filter(|parent| parent.is_dir()) {
            sync_folder(parent).map_err(named)?;
        }
    }
    // A separate file, because some network file systems cannot lock a folder.
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join("lock"))
        .map_err(named)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            format!("{}: another process uses this folder", folder.display()),
        )),
        Err(TryLockError::Error(error)) => Err(named(error)),
    }
}
