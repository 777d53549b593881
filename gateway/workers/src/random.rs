//! Random numbers and the IDs of requests.

/// So many random bytes.
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Workers always have random numbers; zeros would only make an ID guessable.
    let _ = getrandom::getrandom(&mut bytes);
    bytes
}

/// A number from 0 to 1.
pub(crate) fn fraction() -> f64 {
    f64::from(u32::from_le_bytes(bytes())) / f64::from(u32::MAX)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random name.
pub(crate) fn name() -> String {
    hex(&bytes::<16>())
}

/// The ID of a request: a UUID, version 7.
pub(crate) fn request_id(unix_ms: u64) -> String {
    let random: [u8; 10] = bytes();
    let mut id = [0; 16];
    let time = unix_ms.to_be_bytes();
    for (to, from) in id.iter_mut().zip(time.iter().skip(2).chain(&random)) {
        *to = *from;
    }
    id[6] = (id[6] & 0x0f) | 0x70;
    id[8] = (id[8] & 0x3f) | 0x80;
    let text = hex(&id);
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let parts = parts.map(|(from, to)| text.get(from..to).unwrap_or_default());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_that_begins_with_the_time() {
        let id = request_id(0x0123_4567_89ab);
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(id.starts_with("01234567-89ab-7"), "{id}");
        assert!("89ab".contains(&id[19..20]), "{id}");
        assert_ne!(id, request_id(0x0123_4567_89ab));
    }
}
