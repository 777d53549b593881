//! Limits on unread audit pages, in all and for each moderator. Audit pages are not shared, so
//! unread ones would take unlimited memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api_response::Refusal;

/// The most unread pages, of 1 MiB at most.
const MOST_PAGES: usize = 8;

/// The most unread pages of one moderator.
const MOST_OF_ONE: usize = 4;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands out turns.
#[derive(Clone)]
pub(super) struct AuditPages {
    all: Arc<Semaphore>,
    moderators: Arc<Mutex<HashMap<String, usize>>>,
}

impl AuditPages {
    pub(super) fn new() -> Self {
        Self {
            all: Arc::new(Semaphore::new(MOST_PAGES)),
            moderators: Arc::default(),
        }
    }

    /// A turn to make a page, held until the page has been sent.
    pub(super) async fn turn(&self, moderator: &str) -> Result<Turn, Refusal> {
        let own = self.own(moderator)?;
        let all = Arc::clone(&self.all).acquire_owned();
        match tokio::time::timeout(PATIENCE, all).await {
            Ok(Ok(permit)) => Ok(Turn {
                _own: own,
                _permit: permit,
            }),
            _ => Err(Refusal::Busy),
        }
    }

    fn own(&self, moderator: &str) -> Result<Own, Refusal> {
        let mut moderators = self
            .moderators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = moderators.entry(moderator.to_owned()).or_default();
        if *count >= MOST_OF_ONE {
            return Err(Refusal::Busy);
        }
        *count += 1;
        Ok(Own {
            moderators: Arc::clone(&self.moderators),
            moderator: moderator.to_owned(),
        })
    }
}

/// A page's turn; dropping it ends the turn.
pub(super) struct Turn {
    _own: Own,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// The body, which keeps the turn until the system has its last byte.
    pub(super) fn hold(self, body: Bytes) -> Bytes {
        struct Held {
            body: Bytes,
            _turn: Turn,
        }
        impl AsRef<[u8]> for Held {
            fn as_ref(&self) -> &[u8] {
                &self.body
            }
        }
        Bytes::from_owner(Held { body, _turn: self })
    }
}

struct Own {
    moderators: Arc<Mutex<HashMap<String, usize>>>,
    moderator: String,
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut moderators = self
            .moderators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match moderators.get_mut(&self.moderator) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(moderators.remove(&self.moderator)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_moderator_has_some_pages_and_all_have_so_many() {
        let pages = AuditPages::new();
        let mut held = Vec::new();
        for moderator in ["ann", "bob"] {
            for _ in 0..MOST_OF_ONE {
                let turn = pages.turn(moderator).await.ok().unwrap();
                held.push(turn.hold(Bytes::from_static(b"page")));
            }
            assert_eq!(pages.turn(moderator).await.err(), Some(Refusal::Busy));
        }
        assert_eq!(held.len(), MOST_PAGES);
        // The next request waits for a free turn, until its deadline.
        assert_eq!(pages.turn("dan").await.err(), Some(Refusal::Busy));
        held.pop();
        assert!(pages.turn("dan").await.is_ok());
        held.clear();
        assert!(pages.moderators.lock().unwrap().is_empty());
    }
}
