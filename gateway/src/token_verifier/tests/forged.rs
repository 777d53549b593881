//! Forged tokens.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// A token with this header, signed with the secret by HS256 although it may say otherwise.
fn with_header(header: &str, claims: &str) -> String {
    let message = format!(
        "{}.{}",
        to_base64(header.as_bytes()),
        to_base64(claims.as_bytes())
    );
    let key = EncodingKey::from_secret(SECRET);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn a_header_says_nothing_that_is_believed() {
    let own = claims(json!({})).to_string();
    let keys = both();
    for (header, good) in [
        (r#"{"alg":"HS256"}"#, true),
        (r#"{"alg":"HS256","typ":"JWT","kid":"rsa"}"#, true),
        (
            r#"{"alg":"HS256","jku":"https://evil.example","x5u":"https://evil.example"}"#,
            true,
        ),
        (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, false),
        (r#"{"alg":"HS256","crit":[]}"#, false),
        (r#"{"alg":"HS256","crit":"exp"}"#, false),
        (r#"{"alg":"none"}"#, false),
        (r#"{"alg":"None"}"#, false),
        (r#"{"alg":"hs256"}"#, false),
        (r#"{"alg":""}"#, false),
        (r#"{"alg":null}"#, false),
        (r#"{"alg":["HS256"]}"#, false),
        (r#"{"alg":"HS384"}"#, false),
        (r#"{"alg":"HS512"}"#, false),
        (r#"{"alg":"RS256"}"#, false),
        (r#"{"alg":"RS256","kid":"rsa"}"#, false),
        (r#"{"alg":"ES256","kid":"ec"}"#, false),
        (r#"{"alg":"EdDSA","kid":"ed"}"#, false),
        (r#"{"alg":"PS256","kid":"rsa"}"#, false),
        (r#"{"alg":"none","alg":"HS256"}"#, false),
        (r#"{"typ":"JWT"}"#, false),
        ("{}", false),
        ("[]", false),
        ("", false),
    ] {
        let got = keys.check(&with_header(header, &own), NOW);
        assert_eq!(got.is_ok(), good, "{header}");
        if !good {
            assert_eq!(got, invalid(), "{header}");
        }
    }
}

#[test]
fn a_claim_that_stands_twice_makes_none() {
    let twice = |name: &str, value: &str| {
        let own = claims(json!({})).to_string();
        let claims = format!("{},\"{name}\":{value}}}", own.strip_suffix('}').unwrap());
        both().check(&with_header(r#"{"alg":"HS256"}"#, &claims), NOW)
    };
    for (name, value) in [
        ("sub", "\"eve\""),
        ("exp", "1800003601"),
        ("app_id", "\"other\""),
        ("meeting_id", "\"other\""),
        ("can", "[\"ban\"]"),
    ] {
        assert_eq!(twice(name, value), invalid(), "{name}");
    }
    twice("more", "1").unwrap();
}

#[test]
fn a_public_key_is_no_secret() {
    let keys = both();
    for secret in [
        RSA_N.as_bytes(),
        &from_base64(RSA_N),
        RSA.as_bytes(),
        ED_X.as_bytes(),
    ] {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("rsa".into());
        let key = EncodingKey::from_secret(secret);
        let token = encode(&header, &identity_claims(json!({})), &key).unwrap();
        assert_eq!(keys.check(&token, NOW), invalid());
        let token = encode(&header, &claims(json!({})), &key).unwrap();
        assert_eq!(keys.check(&token, NOW), invalid());
    }
}

#[test]
fn an_identitys_key_signs_no_grant_and_the_secret_no_identity() {
    let keys = both();
    // It says what it may do, but the file of moderators does.
    let claims = identity_claims(json!({
        "app_id": "app", "meeting_id": "meeting", "can": ["ban"], "email": null,
    }));
    let grant = keys.check(&by_rsa(&claims), NOW).unwrap();
    assert!(!may(&grant, "meeting", "ban"));
    assert_eq!(
        keys.check(&by_rsa(&super::claims(json!({}))), NOW),
        invalid()
    );
    let token = signed_by(SECRET, &identity_claims(json!({"aud": null})));
    assert_eq!(keys.check(&token, NOW), invalid());
}

#[test]
fn a_small_key_verifies_nothing() {
    let keys = both();
    keys.publish(&jwks(&[rsa_jwk(json!({"n": SMALL_RSA_N}))]))
        .unwrap();
    let token = issued(
        Algorithm::RS256,
        &rsa(SMALL_RSA),
        Some("rsa"),
        &identity_claims(json!({})),
    );
    assert_eq!(keys.check(&token, NOW), Err(Refused::UnknownKey));
}

#[test]
fn what_is_no_token_is_none() {
    let good = signed_by(SECRET, &claims(json!({})));
    let (message, signature) = good.rsplit_once('.').unwrap();
    for token in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        message,
        &format!("{message}."),
        &format!(".{good}"),
        &format!("{good}."),
        &format!("{good}.{signature}"),
        &format!("{good}="),
        &format!("{good} "),
        &format!(" {good}"),
        &format!("Bearer {good}"),
        &format!("{message}.{}", signature.to_lowercase()),
        &format!("{message}.AAAA"),
    ] {
        assert_eq!(both().check(token, NOW), invalid(), "{token:?}");
    }
}

#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Insert(usize, u8),
    Delete(usize),
    Swap(usize, usize),
    Alg(&'static str),
    Claims(String),
}

fn change() -> impl Strategy<Value = Change> {
    let letter = prop::sample::select(b"ABCXYZabcxyz019-_.=+/ \n\0".to_vec());
    prop_oneof![
        (any::<usize>(), 1..=127u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<usize>(), letter).prop_map(|(at, byte)| Change::Insert(at, byte)),
        any::<usize>().prop_map(Change::Delete),
        (0..3usize, 0..3usize).prop_map(|(one, other)| Change::Swap(one, other)),
        prop::sample::select(vec![
            "none", "HS384", "RS256", "ES256", "EdDSA", "PS256", "hs256"
        ])
        .prop_map(Change::Alg),
        "[a-z_]{1,8}".prop_map(Change::Claims),
    ]
}

fn apply(token: &str, change: &Change) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let at = |at: usize| at % bytes.len().max(1);
    match change {
        Change::Flip(place, bits) if !bytes.is_empty() => {
            let place = at(*place);
            bytes[place] ^= bits;
        }
        Change::Insert(place, byte) => bytes.insert(at(*place), *byte),
        Change::Delete(place) if !bytes.is_empty() => drop(bytes.remove(at(*place))),
        Change::Flip(..) | Change::Delete(_) => {}
        Change::Swap(one, other) => {
            let mut parts: Vec<&str> = token.split('.').collect();
            if (*one).max(*other) < parts.len() {
                parts.swap(*one, *other);
            }
            return parts.join(".");
        }
        Change::Alg(alg) => {
            let rest = token.split_once('.').map_or("", |(_, rest)| rest);
            let header = to_base64(format!("{{\"alg\":\"{alg}\",\"kid\":\"rsa\"}}").as_bytes());
            return format!("{header}.{rest}");
        }
        Change::Claims(sub) => {
            let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            if let Some(part) = parts.get_mut(1) {
                *part = to_base64(claims(json!({"sub": sub})).to_string().as_bytes());
            }
            return parts.join(".");
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Keys that have seen a good token of each kind: that must not make its neighbours good.
static SEEN: LazyLock<(TokenVerifier, [String; 2])> = LazyLock::new(|| {
    let keys = both();
    let good = [
        signed_by(SECRET, &claims(json!({}))),
        issued(
            Algorithm::EdDSA,
            &ed(),
            Some("ed"),
            &identity_claims(json!({})),
        ),
    ];
    for token in &good {
        keys.check(token, NOW).unwrap();
    }
    (keys, good)
});

proptest! {
    #[test]
    fn nothing_is_accepted_but_what_was_signed(changes in prop::collection::vec(change(), 1..4)) {
        let (keys, good) = &*SEEN;
        for good in good {
            let changed = changes.iter().fold(good.clone(), |token, change| apply(&token, change));
            prop_assert!(changed == *good || keys.check(&changed, NOW).is_err(), "{changed}");
        }
    }

    #[test]
    fn another_secret_signs_nothing(secret in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assume!(secret != SECRET && secret != PREVIOUS);
        prop_assert_eq!(SEEN.0.check(&signed_by(&secret, &claims(json!({}))), NOW), invalid());
    }
}
