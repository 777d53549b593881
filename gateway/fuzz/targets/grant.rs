//! A token: one with a wrong signature is refused, and so is a signed one that is no grant. An
//! explanation agrees with the verifier.

#![no_main]

use std::sync::LazyLock;

use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use libfuzzer_sys::fuzz_target;
use realtimekit_gateway::grant::{LEEWAY_S, LONGEST_S};
use realtimekit_gateway::token_verifier::{Identity, TokenVerifier, Secrets};
use realtimekit_gateway::moderators::Moderators;

const NOW_S: u64 = 1_800_000_000;
const SECRET: &[u8] = b"a secret of more than thirty-two bytes";
const JWKS: &[u8] = br#"{"keys":[
    {"kty":"EC","kid":"ec","crv":"P-256","x":"lbH_G8IEeYezuhkMJb1PpD4219cJJ_N708DYagp5DEc",
     "y":"B7TKIhfZ2xETIkSdQ1p_YSBrQhtEu06uftsfZ7k-0bo"},
    {"kty":"OKP","kid":"ed","crv":"Ed25519","x":"pOJTPnmeYwMe6X0RYgVTQVANvvF7UOc34z40ZpfdCHM"}]}"#;

static KEYS: LazyLock<TokenVerifier> = LazyLock::new(|| {
    let identity = Identity::new("id".into(), "us".into(), Moderators::default());
    let keys = TokenVerifier::new(Secrets::new([SECRET], None, None), Some(identity));
    assert_eq!(keys.publish(JWKS), Ok(2));
    keys
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    assert!(KEYS.grant(&text, NOW_S).is_err());
    assert!(!is_explained_as_good(&text));
    // The same bytes as the claims of one that is signed.
    let message = format!("eyJhbGciOiJIUzI1NiJ9.{}", base64(bytes));
    let Ok(signature) = sign(
        message.as_bytes(),
        &EncodingKey::from_secret(SECRET),
        Algorithm::HS256,
    ) else {
        return;
    };
    let token = format!("{message}.{signature}");
    assert_eq!(is_explained_as_good(&token), KEYS.grant(&token, NOW_S).is_ok());
    if let Ok(grant) = KEYS.grant(&token, NOW_S) {
        assert!(grant.ends_s <= NOW_S + LONGEST_S + LEEWAY_S && grant.ends_s + LEEWAY_S > NOW_S);
        assert!(grant.starts_s <= NOW_S + LEEWAY_S);
        assert!(!grant.moderator.is_empty() && grant.rights.len() == 1);
        assert!(grant.rights.iter().all(|right| right.meeting_id.is_some()));
    }
});

/// Whether an explanation names no problem.
fn is_explained_as_good(token: &str) -> bool {
    let explained = KEYS.explain(token, NOW_S);
    let is_good = explained.findings.iter().all(|finding| !finding.is_problem);
    assert_eq!(explained.is_accepted, is_good);
    is_good
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at| u32::from(*three.get(at).unwrap_or(&0));
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            text.push(char::from(LETTERS[(number >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}
