//! Repeated events: the first few of a kind in a minute are logged, the others counted.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// The most events of a kind that are logged in a minute.
const LOGGED: u64 = 10;

/// The most kinds that are distinguished; events of others are only counted.
const MOST_KINDS: usize = 1024;

/// In milliseconds.
const MINUTE: u64 = 60_000;

/// Counts events by their kind.
pub(super) struct Sampler<K> {
    state: Mutex<State<K>>,
}

struct State<K> {
    /// In monotonic milliseconds.
    began: u64,
    kinds: HashMap<K, u64>,
    others: u64,
}

/// The events of a minute that were not logged.
pub(super) struct Repeated<K> {
    /// How many events of each kind.
    pub(super) kinds: Vec<(K, u64)>,
    /// How many events of other kinds.
    pub(super) others: u64,
}

impl<K: Eq + Hash> Sampler<K> {
    pub(super) fn new(now: u64) -> Self {
        Self {
            state: Mutex::new(State {
                began: now,
                kinds: HashMap::new(),
                others: 0,
            }),
        }
    }

    /// Whether to log an event.
    pub(super) fn is_new(&self, kind: K) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.kinds.len() >= MOST_KINDS && !state.kinds.contains_key(&kind) {
            state.others += 1;
            return false;
        }
        let count = state.kinds.entry(kind).or_default();
        *count += 1;
        *count <= LOGGED
    }

    /// The events that were not logged, once a minute is over.
    pub(super) fn repeated(&self, now: u64) -> Option<Repeated<K>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(state.began) < MINUTE {
            return None;
        }
        state.began = now;
        let kinds = std::mem::take(&mut state.kinds).into_iter();
        let more = kinds.filter_map(|(kind, count)| {
            let count = count.checked_sub(LOGGED)?;
            (count > 0).then_some((kind, count))
        });
        Some(Repeated {
            kinds: more.collect(),
            others: std::mem::take(&mut state.others),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_kind_are_logged_and_the_others_counted() {
        let sampler = Sampler::new(0);
        let logged = |kind: u32| (0..100).filter(|_| sampler.is_new(kind)).count();
        assert_eq!((logged(1), logged(2)), (10, 10));
        assert!(sampler.repeated(MINUTE - 1).is_none());
        let repeated = sampler.repeated(MINUTE).unwrap();
        let mut kinds = repeated.kinds;
        kinds.sort_unstable();
        assert_eq!((kinds, repeated.others), (vec![(1, 90), (2, 90)], 0));
        assert_eq!(logged(1), 10);
    }

    #[test]
    fn there_are_no_more_kinds_than_fit() {
        let sampler = Sampler::new(0);
        let logged = (0..5000).filter(|kind| sampler.is_new(*kind)).count();
        assert_eq!(logged, MOST_KINDS);
        let repeated = sampler.repeated(MINUTE).unwrap();
        assert_eq!(repeated.others, 5000 - MOST_KINDS as u64);
    }
}
