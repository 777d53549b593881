//! Random numbers where no secret depends on them: waits that must differ.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A number from 0 to 1.
pub(super) fn random() -> f64 {
    // The keys of each state are random, and so is the hash of nothing.
    let bits = RandomState::new().build_hasher().finish() >> 32;
    bits as f64 / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_moment_differ() {
        let numbers: Vec<f64> = (0..100).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        let low = numbers.iter().filter(|number| **number < 0.5).count();
        assert!((10..=90).contains(&low), "{low}");
    }
}
