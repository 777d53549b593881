//! An index of strings. `std`'s `HashMap` would add 2.5 kB to the wasm, and its hasher another 1.5 kB.
//!
//! What is hashed comes from the API, in lists of at most some thousand entries.

/// The places of keys, in order of their insertion. No more than needed here: keys are never removed.
///
/// A tree: the bits of a key's hash, the lowest first, say which way to go at each entry.
#[derive(Default)]
pub(crate) struct Index(Vec<Entry>);

struct Entry {
    key: String,
    hash: u32,
    /// The places of the entries below, or 0.
    below: [u32; 2],
}

impl Index {
    /// The place of a key.
    pub(crate) fn get(&self, key: &str) -> Option<usize> {
        let hash = hash(key);
        let (mut place, mut bits) = (0, hash);
        loop {
            let entry = self.0.get(place)?;
            if entry.hash == hash && entry.key == key {
                return Some(place);
            }
            place = match entry.below[bits as usize & 1] {
                0 => return None,
                below => below as usize,
            };
            bits >>= 1;
        }
    }

    /// Returns the place of a key, and whether it is new.
    pub(crate) fn insert(&mut self, key: String) -> (usize, bool) {
        let end = self.0.len();
        let hash = hash(&key);
        let (mut place, mut bits) = (0, hash);
        while let Some(entry) = self.0.get_mut(place) {
            if entry.hash == hash && entry.key == key {
                return (place, false);
            }
            let below = &mut entry.below[bits as usize & 1];
            if *below == 0 {
                *below = end as u32;
            }
            place = *below as usize;
            bits >>= 1;
        }
        self.0.push(Entry {
            key,
            hash,
            below: [0; 2],
        });
        (end, true)
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
