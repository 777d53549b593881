//! Counters that every request increments. Each is looked up once: a lookup by name and labels at
//! each request would take longer than the increment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

/// Counters or histograms that differ by their labels. The recorder must be installed before the
/// first lookup, because the result is kept.
pub struct CounterFamily<K, M> {
    make: fn(&K) -> M,
    known: RwLock<BTreeMap<K, M>>,
}

impl<K: Ord, M> CounterFamily<K, M> {
    /// Makes one, when it is first used.
    pub const fn new(make: fn(&K) -> M) -> Self {
        Self {
            make,
            known: RwLock::new(BTreeMap::new()),
        }
    }

    /// Uses the one with these labels.
    pub fn with(&self, labels: K, count: impl FnOnce(&M)) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = known.get(&labels) {
            return count(one);
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let made = (self.make)(&labels);
        count(known.entry(labels).or_insert(made));
    }
}

/// The result of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It got a response with this status.
    Code(u16),
    /// It got no response.
    Word(&'static str),
}

impl fmt::Display for Status {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(to),
            Self::Word(word) => word.fmt(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn each_is_made_once_and_is_of_its_labels() {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let family = CounterFamily::new(|labels: &(&str, Status)| {
            MADE.fetch_add(1, Ordering::Relaxed);
            (format!("{} {}", labels.0, labels.1), AtomicU32::new(0))
        });
        let count = |operation, status| {
            let mut seen = None;
            family.with((operation, status), |(name, number)| {
                seen = Some((name.clone(), number.fetch_add(1, Ordering::Relaxed) + 1));
            });
            seen.unwrap()
        };
        assert_eq!(count("a", Status::Code(200)), ("a 200".into(), 1));
        assert_eq!(count("a", Status::Word("lost")), ("a lost".into(), 1));
        assert_eq!(count("b", Status::Code(200)), ("b 200".into(), 1));
        assert_eq!(count("a", Status::Code(200)), ("a 200".into(), 2));
        assert_eq!(MADE.load(Ordering::Relaxed), 3);
    }
}
