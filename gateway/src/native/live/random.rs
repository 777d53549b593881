//! Random numbers where no secret depends on them: waits that must differ.

use uuid::Uuid;

/// A number from 0 to 1.
pub(super) fn random() -> f64 {
    // The low 53 bits of a version 7 ID are random.
    let bits = Uuid::now_v7().as_u128() & ((1 << 53) - 1);
    bits as f64 / (1_u64 << 53) as f64
}
