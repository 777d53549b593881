//! The last events of a meeting, for sockets that are behind and clients that reconnect. All sockets
//! share it, so a slow one costs no memory of its own.

use std::collections::VecDeque;

use bytes::Bytes;

/// The most events.
const MOST_EVENTS: usize = 1024;

/// The most bytes.
const MOST_BYTES: u64 = 1 << 20;

/// So many events are there whatever their size: a socket must be able to send a few large ones.
const LEAST_EVENTS: usize = 8;

/// A message as the platform sends it. It is made once, and clones share it.
pub trait Encoded: Clone {
    /// Encodes a message.
    fn encode(json: Bytes) -> Self;
}

impl Encoded for Bytes {
    fn encode(json: Bytes) -> Self {
        json
    }
}

/// A numbered message.
#[derive(Clone, Debug)]
pub struct Event<M> {
    /// Its number.
    pub seq: u64,
    /// The message for grants that may read the audit, and for all others.
    forms: (M, Option<M>),
    /// The bytes of all events up to this one.
    end: u64,
}

impl<M> Event<M> {
    /// The message for a watcher.
    pub fn message(&self, audit: bool) -> &M {
        match &self.forms.1 {
            Some(brief) if !audit => brief,
            _ => &self.forms.0,
        }
    }
}

/// The events.
#[derive(Debug)]
pub struct EventLog<M> {
    events: VecDeque<Event<M>>,
    seq: u64,
    total: u64,
}

impl<M> Default for EventLog<M> {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            seq: 0,
            total: 0,
        }
    }
}

impl<M: Encoded> EventLog<M> {
    /// A log whose events up to a number are gone.
    pub fn after_seq(seq: u64) -> Self {
        Self {
            seq,
            ..Self::default()
        }
    }

    /// The number of the last event.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The number of the next event.
    pub fn next_seq(&self) -> u64 {
        self.seq.saturating_add(1)
    }

    /// Appends an event: for grants that may read the audit, and for others if they get less.
    pub fn push(&mut self, full: Bytes, brief: Option<Bytes>) {
        self.seq = self.next_seq();
        self.total = self.total.saturating_add(full.len() as u64);
        self.events.push_back(Event {
            seq: self.seq,
            forms: (M::encode(full), brief.map(M::encode)),
            end: self.total,
        });
        while self.events.len() > MOST_EVENTS || self.kept_bytes() > MOST_BYTES {
            if self.events.len() <= LEAST_EVENTS {
                return;
            }
            self.events.pop_front();
        }
    }

    fn kept_bytes(&self) -> u64 {
        let mut events = self.events.iter();
        // The first one's own bytes are not known here; the bound is approximate by one event.
        let start = events.next().map_or(self.total, |event| event.end);
        self.total.saturating_sub(start)
    }

    /// The events after a number, at most `most`; `None` if some of them are no longer there, or the
    /// number was never given.
    pub fn after(&self, seq: u64, most: usize) -> Option<Vec<Event<M>>> {
        let behind = usize::try_from(self.seq.checked_sub(seq)?).ok()?;
        let first = self.events.len().checked_sub(behind)?;
        Some(self.events.range(first..).take(most).cloned().collect())
    }

    /// How many bytes a socket is behind that has sent the events up to a number, without the newest
    /// event, which may be large; `None` if it can no longer catch up.
    pub fn unread(&self, seq: u64) -> Option<u64> {
        let behind = usize::try_from(self.seq.checked_sub(seq)?).ok()?;
        let first = self.events.len().checked_sub(behind)?;
        let place = |from_end: usize| self.events.len().checked_sub(from_end);
        let Some(last) = place(2).and_then(|place| self.events.get(place)) else {
            return Some(0);
        };
        // The start of the oldest event is not known.
        let start = match first {
            0 => self.events.front().map_or(0, |event| event.end),
            first => self.events.get(first - 1)?.end,
        };
        Some(last.end.saturating_sub(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seqs(log: &EventLog<Bytes>, seq: u64) -> Option<Vec<u64>> {
        let events = log.after(seq, usize::MAX)?;
        Some(events.iter().map(|event| event.seq).collect())
    }

    #[test]
    fn it_gives_what_came_after_a_number() {
        let mut log = EventLog::<Bytes>::default();
        assert_eq!(seqs(&log, 0), Some(vec![]));
        for _ in 0..3 {
            log.push(Bytes::from_static(b"x"), None);
        }
        assert_eq!(seqs(&log, 1), Some(vec![2, 3]));
        assert_eq!(seqs(&log, 3), Some(vec![]));
        assert_eq!(seqs(&log, 4), None);
        assert_eq!(log.after(0, 2).unwrap().len(), 2);
    }

    #[test]
    fn others_get_less_than_the_audits_readers() {
        let mut log = EventLog::<Bytes>::default();
        log.push(
            Bytes::from_static(b"all"),
            Some(Bytes::from_static(b"less")),
        );
        log.push(Bytes::from_static(b"same"), None);
        let events = log.after(0, 9).unwrap();
        assert_eq!(events[0].message(true), &"all");
        assert_eq!(events[0].message(false), &"less");
        assert_eq!(events[1].message(false), &"same");
    }

    proptest! {
        #[test]
        fn it_is_bounded_and_has_no_gap(sizes in prop::collection::vec(1..200_000_usize, 1..40)) {
            let mut log = EventLog::<Bytes>::default();
            for size in &sizes {
                log.push(Bytes::from(vec![0; *size]), None);
                prop_assert!(log.kept_bytes() <= MOST_BYTES || log.events.len() <= LEAST_EVENTS);
                prop_assert!(!log.events.is_empty());
            }
            let last = sizes.len() as u64;
            for seq in 0..=last {
                let unread: usize = sizes[seq as usize..].iter().sum();
                match (seqs(&log, seq), log.unread(seq)) {
                    (Some(seqs), Some(bytes)) => {
                        prop_assert_eq!(seqs, (seq + 1..=last).collect::<Vec<_>>());
                        prop_assert!(bytes <= unread as u64);
                    }
                    (None, None) => prop_assert!(unread as u64 > MOST_BYTES),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
    }
}
