//! A query: what is accepted goes up in one order and encoding, and means the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use realtimekit_gateway::input::{audit_page, query};
use realtimekit_moderator::internal::operation::OPERATIONS;

fn pairs(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    pairs.sort();
    pairs
}

fuzz_target!(|text: &str| {
    for operation in &OPERATIONS {
        let Ok(up) = query(operation, Some(text)) else {
            continue;
        };
        let rest = up.strip_prefix('?').unwrap_or_default();
        assert_eq!(up.is_empty(), rest.is_empty());
        assert_eq!(pairs(rest), pairs(text));
        assert_eq!(query(operation, Some(rest)).as_ref(), Ok(&up));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"?&=+%*-._".contains(&byte);
        assert!(up.bytes().all(plain));
    }
    if let Ok((per_page, _)) = audit_page(Some(text)) {
        assert!((1..=200).contains(&per_page));
    }
});
