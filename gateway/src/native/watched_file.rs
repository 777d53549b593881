//! Files that may change while the gateway runs: moderators and revocations. The gateway compares
//! their content, because modification times are not reliable.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::moderators::Moderators;
use crate::revocations::Revocations;
use crate::token_verifier::TokenVerifier;

/// A file and its last content.
pub(super) struct WatchedFile {
    path: PathBuf,
    /// `None` if it was missing.
    last: Option<String>,
}

impl WatchedFile {
    /// A file with its current content.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<String>)> {
        let text = read(path)?;
        let file = Self {
            path: path.to_owned(),
            last: text.clone(),
        };
        Ok((file, text))
    }

    /// Its content, if that has changed: a text, or `None` if the file is missing.
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

/// The files that may change at any time.
pub(super) struct Files {
    pub(super) moderators: Option<WatchedFile>,
    pub(super) revocations: Option<WatchedFile>,
}

impl Files {
    /// Whether revocations are configured, but their file is missing.
    pub(super) fn lacks_revocations(&self) -> bool {
        let file = self.revocations.as_ref();
        file.is_some_and(|file| file.last.is_none())
    }

    /// Applies changes, and says whether there are some; an invalid file changes nothing, and is
    /// logged.
    pub(super) fn apply(&mut self, verifier: &TokenVerifier) -> bool {
        let mut applied = false;
        match self
            .moderators
            .as_mut()
            .map_or(Ok(None), |file| file.changed())
        {
            Ok(None) => {}
            Ok(Some(None)) => {
                verifier.appoint(Moderators::default());
                applied = true;
                tracing::warn!("the file of moderators is gone: all of its moderators lost access");
            }
            Ok(Some(Some(text))) => match Moderators::parse(&text) {
                Ok(moderators) => {
                    verifier.appoint(moderators);
                    applied = true;
                    tracing::info!("the file of moderators is read again");
                }
                Err(what) => {
                    tracing::error!(what, "the file of moderators is wrong: the old one stays");
                }
            },
            Err(error) => tracing::error!(%error, "the file of moderators cannot be read"),
        }
        match self
            .revocations
            .as_mut()
            .map_or(Ok(None), |file| file.changed())
        {
            Ok(None) => {}
            Ok(Some(None)) => {
                tracing::error!(
                    "the file of revocations is gone: the old one stays until a restart"
                );
            }
            Ok(Some(Some(text))) => match Revocations::parse(&text) {
                Ok(revocations) => {
                    let entries = revocations.len();
                    verifier.revoke(revocations);
                    applied = true;
                    tracing::info!(entries, "the file of revocations is read again");
                }
                Err(what) => {
                    tracing::error!(what, "the file of revocations is wrong: the old one stays");
                }
            },
            Err(error) => tracing::error!(%error, "the file of revocations cannot be read"),
        }
        applied
    }
}
