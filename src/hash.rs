//! A hash index of strings. `std`'s `HashMap` would add 2.5 kB to the wasm, and its hasher another 1.5 kB.
//!
//! What is hashed comes from the API, in lists of at most some thousand entries.

/// The places of keys, in order of their insertion. No more than needed here: keys are never removed.
#[derive(Default)]
pub(crate) struct Index {
    keys: Vec<String>,
    /// Open addressing: the place of a key plus one, or 0. The length is a power of two.
    slots: Vec<u32>,
}

impl Index {
    /// The place of a key.
    pub(crate) fn get(&self, key: &str) -> Option<usize> {
        let place = *self.slots.get(self.slot(key)?)?;
        (place as usize).checked_sub(1)
    }

    /// Returns the place of a key, and whether it is new.
    pub(crate) fn insert(&mut self, key: String) -> (usize, bool) {
        if let Some(place) = self.get(&key) {
            return (place, false);
        }
        // At most half full, so that there is always a free slot.
        if self.slots.len() <= 2 * self.keys.len() {
            self.grow();
        }
        let place = self.keys.len();
        let slot = self.slot(&key).and_then(|slot| self.slots.get_mut(slot));
        if let Some(slot) = slot {
            *slot = place as u32 + 1;
        }
        self.keys.push(key);
        (place, true)
    }

    /// The slot of a key, or the free one where it belongs; `None` while there are no slots.
    fn slot(&self, key: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(key) as usize & mask;
        loop {
            let place = *self.slots.get(at)? as usize;
            if place == 0 || self.keys.get(place - 1).is_some_and(|known| known == key) {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = (2 * self.slots.len()).max(16);
        self.slots = vec![0; size];
        let keys = std::mem::take(&mut self.keys);
        for key in keys {
            self.insert(key);
        }
    }
}

/// FNV-1a, 32 bits.
fn hash(key: &str) -> u32 {
    key.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_place() {
        let mut index = Index::default();
        assert_eq!(index.get("a"), None);
        let keys: Vec<_> = (0..5000).map(|n| format!("key-{n}")).collect();
        for (place, key) in keys.iter().enumerate() {
            assert_eq!(index.get(key), None);
            assert_eq!(index.insert(key.clone()), (place, true));
        }
        for (place, key) in keys.iter().enumerate() {
            assert_eq!(index.get(key), Some(place));
            assert_eq!(index.insert(key.clone()), (place, false));
        }
        assert_eq!(index.get("key-5000"), None);
        assert_eq!(index.insert(String::new()), (5000, true));
    }

    #[test]
    fn keys_are_spread() {
        let hashes: std::collections::HashSet<_> = (0..5000)
            .map(|n| hash(&format!("key-{n}")) % 16_384)
            .collect();
        assert!(hashes.len() > 4000, "{}", hashes.len());
    }
}
