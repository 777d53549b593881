//! Seeded random numbers. All IDs and all decisions of the simulation come from here, so one seed
//! always gives one world. Each meeting has a generator of its own, so that events in one meeting
//! cannot change the IDs of another.

use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// A deterministic source of IDs and decisions.
pub(crate) struct SeededRng(ChaCha8Rng);

impl SeededRng {
    /// A generator. The same seed gives the same sequence.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A new generator, independent of later use of this one.
    pub(crate) fn split(&mut self) -> Self {
        Self::new(self.0.next_u64())
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A number in `0..limit`; 0 when the limit is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 {
            return 0;
        }
        self.0.random_range(0..limit)
    }

    /// True with the probability `share`.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// The wait until the next event, for events that come every `mean` on average.
    pub(crate) fn wait(&mut self, mean: f64) -> f64 {
        // 1 - x is in (0, 1], whose logarithm is finite.
        -(1.0 - self.0.random::<f64>()).ln() * mean
    }

    /// One of the items; the empty string when there are none.
    pub(crate) fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let index = self.below(items.len());
        items.get(index).copied().unwrap_or_default()
    }

    /// A word of `length` letters and digits.
    pub(crate) fn word(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        (0..length)
            .filter_map(|_| ALPHABET.get(self.below(ALPHABET.len())).copied())
            .map(char::from)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let (mut a, mut b) = (SeededRng::new(7), SeededRng::new(7));
        assert_eq!(a.uuid(), b.uuid());
        assert_eq!(a.word(6), b.word(6));
        assert_ne!(SeededRng::new(7).uuid(), SeededRng::new(8).uuid());
    }

    #[test]
    fn uuids_are_of_version_4() {
        assert_eq!(SeededRng::new(1).uuid().get_version_num(), 4);
    }

    #[test]
    fn split_dice_do_not_depend_on_later_throws() {
        let mut a = SeededRng::new(3);
        let mut left = a.split();
        a.uuid();
        assert_eq!(left.uuid(), SeededRng::new(3).split().uuid());
    }

    #[test]
    fn limits_hold() {
        let mut rng = SeededRng::new(1);
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.pick(&[]), "");
        for _ in 0..1000 {
            assert!(rng.below(3) < 3);
            let wait = rng.wait(10.0);
            assert!(wait.is_finite() && wait >= 0.0);
        }
    }
}
