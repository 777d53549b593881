//! Files that fail on demand, for tests.

use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};

use super::super::file::{self, Handle, Opener, State};
use super::super::shared::lock;

/// What goes wrong, and what was done so far.
#[derive(Default)]
pub(super) struct Faults {
    /// How many bytes the disk still has room for.
    pub(super) room: Option<usize>,
    pub(super) sync_fails: bool,
    pub(super) truncate_fails: bool,
    /// The next sync signals its start, and waits for permission to go on.
    pub(super) gate: Option<(Sender<()>, Receiver<()>)>,
    pub(super) opened: usize,
    pub(super) writes: usize,
    pub(super) syncs: usize,
}

/// A file, and what goes wrong with it.
struct Faulty {
    file: Box<dyn Handle>,
    faults: Arc<Mutex<Faults>>,
}

/// Opens files that have these faults.
pub(super) fn opener(faults: &Arc<Mutex<Faults>>) -> Opener {
    let faults = Arc::clone(faults);
    Box::new(move |path: &Path| {
        lock(&faults).opened += 1;
        Ok(Box::new(Faulty {
            file: file::open(path)?,
            faults: Arc::clone(&faults),
        }))
    })
}

impl Write for Faulty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut faults = lock(&self.faults);
        faults.writes += 1;
        let Some(room) = faults.room.as_mut() else {
            return self.file.write(bytes);
        };
        if *room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write(&bytes[..bytes.len().min(*room)])?;
        *room -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Handle for Faulty {
    fn state(&self) -> io::Result<State> {
        self.file.state()
    }

    fn ends_a_line(&self) -> io::Result<bool> {
        self.file.ends_a_line()
    }

    fn length_at(&self, path: &Path) -> io::Result<Option<u64>> {
        self.file.length_at(path)
    }

    fn sync(&self) -> io::Result<()> {
        let mut faults = lock(&self.faults);
        faults.syncs += 1;
        let gate = faults.gate.take();
        let fails = faults.sync_fails;
        drop(faults);
        if let Some((begun, on)) = gate {
            begun.send(()).unwrap();
            on.recv().unwrap();
        }
        if fails {
            return Err(io::Error::other("the disk is broken"));
        }
        self.file.sync()
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        if lock(&self.faults).truncate_fails {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.file.truncate(length)
    }
}
