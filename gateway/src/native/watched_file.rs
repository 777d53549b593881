//! A text file that may change while the gateway runs: compared by its content, for its times tell
//! too little.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file, and what it held last.
pub(super) struct WatchedFile {
    path: PathBuf,
    /// `None` if it was missing.
    last: Option<String>,
}

impl WatchedFile {
    /// A file, and what it holds now.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<String>)> {
        let text = read(path)?;
        let file = Self {
            path: path.to_owned(),
            last: text.clone(),
        };
        Ok((file, text))
    }

    /// What it holds, if that has changed: a text, or nothing if the file is missing.
    pub(super) fn changed(&mut self) -> io::Result<Option<Option<String>>> {
        let text = read(&self.path)?;
        if text == self.last {
            return Ok(None);
        }
        self.last.clone_from(&text);
        Ok(Some(text))
    }
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
