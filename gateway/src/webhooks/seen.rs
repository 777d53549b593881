//! The last deliveries, by their ID and by their signature.

use std::collections::{HashSet, VecDeque};

use sha2::{Digest, Sha256};

/// How many are remembered. One that is forgotten causes a read more, and nothing else.
const REMEMBERED: usize = 16_384;

type Mark = [u8; 16];

/// The last deliveries.
#[derive(Default)]
pub(super) struct Seen {
    marks: HashSet<Mark>,
    order: VecDeque<Mark>,
}

impl Seen {
    /// Remembers a delivery; `false` if its ID or its signature came before.
    pub(super) fn insert(&mut self, uuid: &[u8], signature: &[u8]) -> bool {
        let marks = [mark(b"uuid", uuid), mark(b"signature", signature)];
        let is_new = !marks.iter().any(|mark| self.marks.contains(mark));
        for mark in marks {
            if self.marks.insert(mark) {
                self.order.push_back(mark);
            }
        }
        while self.order.len() > 2 * REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.marks.remove(&oldest);
            }
        }
        is_new
    }
}

fn mark(kind: &[u8], bytes: &[u8]) -> Mark {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update([0]);
    hash.update(bytes);
    let mut mark = Mark::default();
    for (to, from) in mark.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_new_once_and_memory_is_bounded() {
        let mut seen = Seen::default();
        assert!(seen.insert(b"1", b"a"));
        assert!(!seen.insert(b"1", b"b"));
        assert!(!seen.insert(b"2", b"a"));
        for number in 0..3 * REMEMBERED {
            let bytes = number.to_be_bytes();
            assert!(seen.insert(&bytes, &bytes));
        }
        assert_eq!(
            (seen.marks.len(), seen.order.len()),
            (2 * REMEMBERED, 2 * REMEMBERED)
        );
        assert!(seen.insert(b"1", b"a"));
    }
}
