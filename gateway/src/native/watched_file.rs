//! Files that may change while the gateway runs: moderators and revocations. The gateway compares
//! their content, because modification times are not reliable.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::moderators::Moderators;
use crate::revocations::Revocations;
use crate::token_verifier::TokenVerifier;

/// A file and its last content.
#[derive(Clone)]
pub(super) struct WatchedFile {
    path: PathBuf,
    /// The accepted content; `None` if the file was missing.
    last: Option<String>,
    /// Another content that was found at the last check.
    pending: Option<Option<String>>,
    /// Why the last check could not read it.
    unreadable: Option<io::ErrorKind>,
}

/// A changed content.
pub(super) struct Change {
    /// `None` if the file is missing.
    text: Option<String>,
    /// Whether it was the same at the previous check: an editor may truncate a file before it
    /// writes.
    settled: bool,
}

impl WatchedFile {
    /// A file with its current content.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<String>)> {
        let text = read(path)?;
        let file = Self {
            path: path.to_owned(),
            last: text.clone(),
            pending: None,
            unreadable: None,
        };
        Ok((file, text))
    }

    /// Its content, if that is not the accepted one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, once until the reason is another: a check each second would fill the log.
    pub(super) fn changed(&mut self) -> io::Result<Option<Change>> {
        let text = match read(&self.path) {
            Ok(text) => text,
            Err(error) => {
                let before = self.unreadable.replace(error.kind());
                return match before == Some(error.kind()) {
                    true => Ok(None),
                    false => Err(error),
                };
            }
        };
        self.unreadable = None;
        if text == self.last {
            self.pending = None;
            return Ok(None);
        }
        let settled = self.pending.as_ref() == Some(&text);
        self.pending = Some(text.clone());
        Ok(Some(Change { text, settled }))
    }

    fn accept(&mut self, text: Option<String>) {
        self.last = text;
        self.pending = None;
    }
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files that may change at any time.
pub(super) struct Files {
    pub(super) moderators: Option<WatchedFile>,
    pub(super) revocations: Option<WatchedFile>,
}

impl Files {
    /// Applies changes, and says whether there are some; an invalid file changes nothing, and is
    /// logged.
    pub(super) fn apply(&mut self, verifier: &TokenVerifier) -> bool {
        let moderators = self.moderators.as_mut();
        let moderators = moderators.is_some_and(|file| moderators_of(file, verifier));
        let revocations = self.revocations.as_mut();
        let revocations = revocations.is_some_and(|file| revocations_of(file, verifier));
        moderators || revocations
    }
}

/// Whether there was a change, which counts now.
fn moderators_of(file: &mut WatchedFile, verifier: &TokenVerifier) -> bool {
    let text = match file.changed() {
        Ok(Some(change)) if change.settled => change.text,
        Ok(_) => return false,
        Err(error) => {
            tracing::error!(%error, "the file of moderators cannot be read");
            return false;
        }
    };
    let applied = match text.as_deref().map(Moderators::parse) {
        None => {
            verifier.appoint(Moderators::default());
            tracing::warn!("the file of moderators is gone: all of its moderators lost access");
            true
        }
        Some(Ok(moderators)) => {
            verifier.appoint(moderators);
            tracing::info!("the file of moderators is read again");
            true
        }
        Some(Err(what)) => {
            tracing::error!(what, "the file of moderators is wrong: the old one stays");
            false
        }
    };
    file.accept(text);
    applied
}

/// Whether there was a change, which counts now.
fn revocations_of(file: &mut WatchedFile, verifier: &TokenVerifier) -> bool {
    let change = match file.changed() {
        Ok(Some(change)) => change,
        Ok(None) => return false,
        Err(error) => {
            tracing::error!(%error, "the file of revocations cannot be read");
            return false;
        }
    };
    let applied = match change.text.as_deref().map(Revocations::parse) {
        // A further entry counts at once; a missing one might be about to be written.
        Some(Ok(revocations)) if change.settled || revocations.include(&verifier.revocations()) => {
            let entries = revocations.len();
            verifier.revoke(revocations);
            tracing::info!(entries, "the file of revocations is read again");
            true
        }
        _ if !change.settled => return false,
        None => {
            tracing::error!("the file of revocations is gone: the old one stays until a restart");
            false
        }
        Some(Err(what)) => {
            tracing::error!(what, "the file of revocations is wrong: the old one stays");
            false
        }
        Some(Ok(_)) => return false,
    };
    file.accept(change.text);
    applied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_verifier::Secrets;

    const ONE: &str = "[[revoked]]\nsub = 'ann'\n";
    const TWO: &str = "[[revoked]]\nsub = 'ann'\n[[revoked]]\nsub = 'bob'\n";

    struct Setting {
        path: PathBuf,
        files: Files,
        verifier: TokenVerifier,
        _dir: tempfile::TempDir,
    }

    impl Setting {
        fn new(text: &str) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("revoked.toml");
            fs::write(&path, text).unwrap();
            let verifier = TokenVerifier::new(Secrets::default(), None);
            verifier.revoke(Revocations::parse(text).unwrap());
            let (file, _) = WatchedFile::open(&path).unwrap();
            let files = Files {
                moderators: None,
                revocations: Some(file),
            };
            Self {
                path,
                files,
                verifier,
                _dir: dir,
            }
        }

        /// Whether these are the revocations after one more check.
        fn check(&mut self, text: &str) -> bool {
            self.files.apply(&self.verifier);
            self.verifier.revocations() == Revocations::parse(text).unwrap()
        }
    }

    #[test]
    fn a_further_revocation_counts_at_once() {
        let mut all = Setting::new(ONE);
        fs::write(&all.path, TWO).unwrap();
        assert!(all.check(TWO));
    }

    #[test]
    fn a_file_that_is_being_written_revokes_no_less() {
        let mut all = Setting::new(ONE);
        for part in ["", "[[revoked]]\nsub = 'bob'\n", ""] {
            fs::write(&all.path, part).unwrap();
            assert!(all.check(ONE), "{part}");
        }
        fs::write(&all.path, TWO).unwrap();
        assert!(all.check(TWO));
        // It stays empty, so it is meant.
        fs::write(&all.path, "").unwrap();
        assert!(all.check(TWO));
        assert!(all.check(""));
    }

    #[test]
    fn a_file_that_cannot_be_read_changes_nothing_and_says_so_once() {
        let mut all = Setting::new(ONE);
        for _ in 0..2 {
            fs::remove_file(&all.path).unwrap();
            fs::create_dir(&all.path).unwrap();
            let file = all.files.revocations.as_mut().unwrap();
            assert!(file.changed().is_err());
            for _ in 0..3 {
                assert!(file.changed().is_ok_and(|change| change.is_none()));
            }
            assert!(all.check(ONE));
            fs::remove_dir(&all.path).unwrap();
            fs::write(&all.path, TWO).unwrap();
            assert!(all.check(TWO));
            fs::write(&all.path, ONE).unwrap();
            assert!(all.check(TWO) && all.check(ONE));
        }
    }

    #[test]
    fn a_wrong_or_missing_file_changes_nothing() {
        let mut all = Setting::new(ONE);
        fs::write(&all.path, "[[revoked]]\n").unwrap();
        assert!(all.check(ONE) && all.check(ONE) && all.check(ONE));
        fs::remove_file(&all.path).unwrap();
        assert!(all.check(ONE) && all.check(ONE) && all.check(ONE));
        fs::write(&all.path, TWO).unwrap();
        assert!(all.check(TWO));
    }
}
