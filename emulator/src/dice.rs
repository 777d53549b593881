//! Seeded chance: every identifier and every whim of the simulation comes from here, so that one
//! seed always gives one world. Each meeting has dice of its own; what happens in one meeting can
//! therefore never change the identifiers of another.

use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// A deterministic source of identifiers and decisions.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice that fall the same way whenever the seed is the same.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Dice for somebody else, independent of how often these are thrown afterwards.
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

    /// True in `share` of all throws.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// The waiting time until the next of events that come every `mean` on average.
    pub(crate) fn wait(&mut self, mean: f64) -> f64 {
        // 1 - x is in (0, 1], whose logarithm is finite.
        -(1.0 - self.0.random::<f64>()).ln() * mean
    }

    /// One of the items; the empty string when there are none.
    pub(crate) fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let index = self.below(items.len());
        items.get(index).copied().unwrap_or_default()
    }

    /// `length` letters and digits.
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
        let (mut a, mut b) = (Dice::new(7), Dice::new(7));
        assert_eq!(a.uuid(), b.uuid());
        assert_eq!(a.word(6), b.word(6));
        assert_ne!(Dice::new(7).uuid(), Dice::new(8).uuid());
    }

    #[test]
    fn uuids_are_of_version_4() {
        assert_eq!(Dice::new(1).uuid().get_version_num(), 4);
    }

    #[test]
    fn split_dice_do_not_depend_on_later_throws() {
        let mut a = Dice::new(3);
        let mut left = a.split();
        a.uuid();
        assert_eq!(left.uuid(), Dice::new(3).split().uuid());
    }

    #[test]
    fn limits_hold() {
        let mut dice = Dice::new(1);
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.pick(&[]), "");
        for _ in 0..1000 {
            assert!(dice.below(3) < 3);
            let wait = dice.wait(10.0);
            assert!(wait.is_finite() && wait >= 0.0);
        }
    }
}
