//! Tokens of every issuer, and every way to misuse one.

mod explained;
mod forged;
mod pem;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::grant::Issuer;
use crate::route::Id;
use pem::{EC, EC_XY, ED, ED_X, OTHER_RSA, RSA, RSA_N, SMALL_RSA, SMALL_RSA_N};

const NOW: u64 = 1_800_000_000;
const SECRET: &[u8] = b"a secret of more than thirty-two bytes";
const PREVIOUS: &[u8] = b"the secret before, also long enough";

fn invalid<T>() -> Result<T, Refused> {
    Err(Refused::No(Refusal::GrantInvalid(GrantProblem::default())))
}

/// Verifies a token where it does not matter what is wrong with it.
trait Check {
    fn check(&self, token: &str, now_s: u64) -> Result<Arc<Grant>, Refused>;
}

impl Check for TokenVerifier {
    fn check(&self, token: &str, now_s: u64) -> Result<Arc<Grant>, Refused> {
        let found = self.grant(token, now_s);
        // An explanation says the same of every token in these tests.
        let explained = self.explain(token, now_s);
        let refused = explained.findings.iter().any(|finding| finding.is_problem);
        assert_eq!(explained.is_accepted, found.is_ok(), "{explained:?}");
        assert_eq!(refused, found.is_err(), "{explained:?}");
        match found {
            Err(Refused::No(Refusal::GrantInvalid(_) | Refusal::GrantTooLong)) => invalid(),
            other => other,
        }
    }
}

/// What a grant of the app's backend holds, changed: null takes a claim away.
fn claims(change: Value) -> Value {
    let whole = json!({
        "sub": "ann", "exp": NOW + 3600, "app_id": "app", "meeting_id": "meeting",
        "can": ["read", "kick"], "name": "Ann",
    });
    changed(whole, change)
}

/// What an identity provider's token holds, changed.
fn identity_claims(change: Value) -> Value {
    let whole = json!({
        "sub": "u1", "exp": NOW + 3600, "iat": NOW, "iss": "https://id.example.com", "aud": "us",
        "email": "Ann@example.com", "name": "Ann",
    });
    changed(whole, change)
}

fn changed(mut whole: Value, change: Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let all = whole.as_object_mut().unwrap();
    all.retain(|_, value| !value.is_null());
    whole
}

fn signed_by(secret: &[u8], claims: &Value) -> String {
    encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(secret),
    )
    .unwrap()
}

/// A token of the identity provider's, by a key under an ID.
fn issued(algorithm: Algorithm, key: &EncodingKey, id: Option<&str>, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = id.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

/// What a PEM holds.
fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let text: String = lines.collect();
    from_base64(
        text.trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_")
            .as_str(),
    )
}

fn rsa(pem: &str) -> EncodingKey {
    EncodingKey::from_rsa_der(&der(pem))
}

fn ec() -> EncodingKey {
    EncodingKey::from_ec_der(&der(EC))
}

fn ed() -> EncodingKey {
    EncodingKey::from_ed_der(&der(ED))
}

fn by_rsa(claims: &Value) -> String {
    issued(Algorithm::RS256, &rsa(RSA), Some("rsa"), claims)
}

fn secrets() -> Secrets {
    Secrets::new([SECRET, PREVIOUS], None, None)
}

fn moderators(can: &str) -> Moderators {
    Moderators::parse(&format!(
        "[[moderator]]\nemail = 'ann@example.com'\napp_id = 'app'\nmeeting_id = '*'\ncan = [{can}]\n\
         [[moderator]]\nsub = 'u2'\napp_id = 'app'\nmeeting_id = 'meeting'\ncan = ['read']\n"
    ))
    .unwrap()
}

fn rsa_jwk(change: Value) -> Value {
    changed(
        json!({"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": RSA_N, "e": "AQAB"}),
        change,
    )
}

fn jwks(keys: &[Value]) -> Vec<u8> {
    serde_json::to_vec(&json!({"keys": keys})).unwrap()
}

fn all_jwks() -> Vec<u8> {
    let [x, y] = EC_XY;
    jwks(&[
        rsa_jwk(json!({})),
        json!({"kty": "EC", "kid": "ec", "crv": "P-256", "x": x, "y": y}),
        json!({"kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": ED_X, "alg": "EdDSA"}),
    ])
}

/// Both issuers, all keys published.
fn both() -> TokenVerifier {
    let identity = Identity::new(
        "https://id.example.com".into(),
        "us".into(),
        moderators("'read', 'kick'"),
    );
    let keys = TokenVerifier::new(secrets(), Some(identity));
    assert_eq!(keys.publish(&all_jwks()), Ok(3));
    keys
}

fn may(grant: &Grant, meeting: &str, word: &'static str) -> bool {
    let id = |text| Id::new(text).unwrap();
    grant.allows(&id("app"), &id(meeting), word).is_ok()
}

#[test]
fn a_grant_of_the_apps_backend_is_one() {
    for secret in [SECRET, PREVIOUS] {
        let grant = both()
            .check(&signed_by(secret, &claims(json!({}))), NOW)
            .unwrap();
        assert_eq!((grant.issuer, &*grant.moderator), (Issuer::Secret, "ann"));
        assert_eq!(grant.name.as_deref(), Some("Ann"));
        assert!(may(&grant, "meeting", "kick") && !may(&grant, "meeting", "ban"));
        assert!(!may(&grant, "another", "kick"));
    }
    let token = signed_by(
        b"a secret that is not configured here!!",
        &claims(json!({})),
    );
    assert_eq!(both().check(&token, NOW), invalid());
    let none = TokenVerifier::default();
    assert_eq!(
        none.check(&signed_by(b"", &claims(json!({}))), NOW),
        invalid()
    );
}

#[test]
fn claims_that_are_odd_make_none() {
    for (change, good) in [
        (json!({}), true),
        (json!({"name": null}), true),
        (json!({"nbf": NOW}), true),
        (json!({"iss": "whoever"}), true),
        (json!({"more": {"a": [1]}}), true),
        (json!({"can": []}), true),
        (json!({"sub": null}), false),
        (json!({"sub": ""}), false),
        (json!({"sub": 1}), true),
        (json!({"sub": 1.5}), false),
        (json!({"sub": true}), false),
        (json!({"name": ""}), true),
        (
            json!({"exp": NOW as f64 + 3600.5, "nbf": NOW as f64 + 0.5, "iat": NOW as f64 - 0.5}),
            true,
        ),
        (json!({"iat": "now"}), false),
        (json!({"jti": "g1"}), true),
        (json!({"jti": 5}), false),
        (json!({"sub": "a\nb"}), false),
        (json!({"sub": "x".repeat(257)}), false),
        (json!({"name": "a\u{0}"}), false),
        (json!({"name": 5}), false),
        (json!({"exp": null}), false),
        (json!({"exp": "1800003600"}), false),
        (json!({"exp": -1}), false),
        (json!({"exp": 1e300}), false),
        (json!({"exp": u64::MAX}), false),
        (json!({"exp": NOW + 12 * 3600 + 31}), false),
        (json!({"nbf": "now"}), false),
        (json!({"app_id": null}), false),
        (json!({"app_id": "../app"}), false),
        (json!({"app_id": ["app"]}), false),
        (json!({"meeting_id": null}), false),
        // Every meeting of the app.
        (json!({"meeting_id": "*"}), true),
        (json!({"meeting_id": "**"}), false),
        (json!({"protect": {}}), true),
        (
            json!({"protect": {"presets": ["host"], "ids": ["a"]}}),
            true,
        ),
        (json!({"protect": []}), false),
        (json!({"protect": {"preset": ["host"]}}), false),
        (json!({"protect": {"ids": [5]}}), false),
        (json!({"meeting_id": "."}), false),
        (json!({"can": null}), false),
        (json!({"can": "kick"}), false),
        (json!({"can": ["kick", "everything"]}), true),
        (json!({"can": [["kick"]]}), false),
        // No audience is configured.
        (json!({"aud": "them"}), true),
        (json!({"aud": ["them", "us"]}), true),
    ] {
        let got = both().check(&signed_by(SECRET, &claims(change.clone())), NOW);
        assert_eq!(got.is_ok(), good, "{change}");
        if !good {
            assert_eq!(got, invalid(), "{change}");
        }
    }
}

#[test]
fn issuer_and_audience_are_what_they_must_be() {
    let secrets = Secrets::new([SECRET], Some("my-app".into()), Some("us".into()));
    let keys = TokenVerifier::new(secrets, None);
    for (change, good) in [
        (json!({"iss": "my-app", "aud": "us"}), true),
        (json!({"iss": "my-app", "aud": ["them", "us"]}), true),
        (json!({"iss": "my-app", "aud": []}), false),
        (json!({"iss": "my-app", "aud": "them"}), false),
        (json!({"iss": "my-app", "aud": 7}), false),
        (json!({"iss": "my-app"}), false),
        (json!({"aud": "us"}), false),
        (json!({"iss": "My-app", "aud": "us"}), false),
        (json!({"iss": ["my-app"], "aud": "us"}), false),
    ] {
        let got = keys.check(&signed_by(SECRET, &claims(change.clone())), NOW);
        assert_eq!(got.is_ok(), good, "{change}");
    }
}

#[test]
fn it_is_good_for_its_time_also_where_it_is_remembered() {
    let keys = both();
    let token = signed_by(SECRET, &claims(json!({"nbf": NOW + 100})));
    let at = |now| keys.check(&token, now).map(|_| ());
    assert_eq!(at(NOW), Err(Refused::No(Refusal::GrantEarly)));
    for _ in 0..2 {
        assert_eq!(at(NOW + 70), Ok(()));
        assert_eq!(at(NOW + 69), Err(Refused::No(Refusal::GrantEarly)));
        assert_eq!(at(NOW + 3629), Ok(()));
        assert_eq!(at(NOW + 3630), Err(Refused::No(Refusal::GrantExpired)));
        // A clock that is set back does not make it one for longer than a grant may be.
        assert_eq!(at(NOW - 12 * 3600), invalid());
    }
    let expired = signed_by(SECRET, &claims(json!({"exp": 0})));
    let got = both().check(&expired, NOW);
    assert_eq!(got, Err(Refused::No(Refusal::GrantExpired)));
}

#[test]
fn a_token_is_verified_once_while_it_is_remembered() {
    let keys = both();
    let token = signed_by(SECRET, &claims(json!({})));
    let first = keys.check(&token, NOW).unwrap();
    assert!(Arc::ptr_eq(&first, &keys.check(&token, NOW).unwrap()));
    keys.publish(&all_jwks()).unwrap();
    assert!(!Arc::ptr_eq(&first, &keys.check(&token, NOW).unwrap()));
}

#[test]
fn no_more_tokens_are_remembered_than_there_is_room_for() {
    let keys = both();
    let grant = Arc::new(Grant {
        ends_s: NOW + 10,
        ..crate::testing::grant("bob")
    });
    let seen = keys.generation();
    for number in 0..=REMEMBERED {
        keys.remember(&number.to_string(), &grant, NOW, seen);
    }
    let count = || keys.verified().grants.len();
    assert_eq!(count(), 1);
    for number in 1..REMEMBERED {
        keys.remember(&number.to_string(), &grant, NOW, seen);
    }
    keys.remember(
        "good",
        &Arc::new(crate::testing::grant("ann")),
        NOW + 3000,
        seen,
    );
    assert_eq!(count(), 1);
}

#[test]
fn each_algorithm_of_an_identity_provider_is_verified() {
    let keys = both();
    for (algorithm, key, id) in [
        (Algorithm::RS256, rsa(RSA), "rsa"),
        (Algorithm::ES256, ec(), "ec"),
        (Algorithm::EdDSA, ed(), "ed"),
    ] {
        let token = issued(algorithm, &key, Some(id), &identity_claims(json!({})));
        let grant = keys.check(&token, NOW).unwrap();
        assert_eq!(grant.issuer, Issuer::Identity);
        assert_eq!(grant.moderator, "ann@example.com");
        assert!(may(&grant, "any", "kick") && !may(&grant, "any", "ban"));
        // Another's key under this ID.
        for other in ["rsa", "ec", "ed"].into_iter().filter(|other| *other != id) {
            let token = issued(algorithm, &key, Some(other), &identity_claims(json!({})));
            assert_eq!(keys.check(&token, NOW), invalid(), "{id} as {other}");
        }
        let token = issued(algorithm, &key, None, &identity_claims(json!({})));
        assert_eq!(keys.check(&token, NOW), invalid(), "{id} without a kid");
        let token = issued(algorithm, &key, Some("new"), &identity_claims(json!({})));
        assert_eq!(keys.check(&token, NOW), Err(Refused::UnknownKey));
        let alone = TokenVerifier::new(secrets(), None);
        assert_eq!(alone.check(&token, NOW), invalid());
    }
    let claims = identity_claims(json!({}));
    let stolen = issued(Algorithm::RS256, &rsa(OTHER_RSA), Some("rsa"), &claims);
    assert_eq!(keys.check(&stolen, NOW), invalid());
}

#[test]
fn an_identity_says_who_it_is_from_and_for() {
    let keys = both();
    for (change, who) in [
        (json!({}), Some("ann@example.com")),
        (json!({"email_verified": true}), Some("ann@example.com")),
        // An unverified address does not count, so only the subject remains.
        (json!({"email_verified": "true"}), Some("ann@example.com")),
        (json!({"email_verified": "false"}), Some("u1")),
        (json!({"email_verified": 1}), Some("u1")),
        (json!({"email_verified": false}), Some("u1")),
        (json!({"email_verified": false, "sub": "u2"}), Some("u2")),
        (json!({"email": null}), Some("u1")),
        (json!({"email": "bob@example.com"}), Some("u1")),
        (json!({"aud": ["them", "us"]}), Some("ann@example.com")),
        (json!({"name": "a\nb"}), Some("ann@example.com")),
        (json!({"aud": ["them"]}), None),
        (json!({"aud": "them"}), None),
        (json!({"aud": null}), None),
        (json!({"iss": "https://id.example.com/"}), None),
        (json!({"iss": null}), None),
        (json!({"exp": null}), None),
        (json!({"exp": NOW + 13 * 3600}), None),
        (json!({"sub": null}), None),
        (json!({"sub": "", "email": null}), None),
        (json!({"email": ["ann@example.com"]}), None),
    ] {
        let got = keys.check(&by_rsa(&identity_claims(change.clone())), NOW);
        let name = got.as_ref().ok().map(|grant| grant.moderator.as_str());
        assert_eq!(name, who, "{change}");
        if let Ok(grant) = got {
            let rights = grant.moderator == "ann@example.com";
            assert_eq!(may(&grant, "any", "kick"), rights, "{change}");
        }
    }
    let early = by_rsa(&identity_claims(json!({"nbf": NOW + 31})));
    assert_eq!(
        keys.check(&early, NOW),
        Err(Refused::No(Refusal::GrantEarly))
    );
    let late = by_rsa(&identity_claims(json!({"exp": NOW - 30})));
    assert_eq!(
        keys.check(&late, NOW),
        Err(Refused::No(Refusal::GrantExpired))
    );
}

#[test]
fn what_was_published_or_appointed_before_is_forgotten() {
    let keys = both();
    let token = by_rsa(&identity_claims(json!({})));
    assert!(may(&keys.check(&token, NOW).unwrap(), "any", "kick"));
    keys.appoint(moderators("'read'"));
    let grant = keys.check(&token, NOW).unwrap();
    assert!(may(&grant, "any", "read") && !may(&grant, "any", "kick"));
    keys.publish(b"not keys").unwrap_err();
    keys.publish(b"{\"keys\":{}}").unwrap_err();
    keys.check(&token, NOW).unwrap();
    assert_eq!(keys.publish(&jwks(&[])), Ok(0));
    assert!(keys.lacks_keys());
    assert_eq!(keys.check(&token, NOW), Err(Refused::UnknownKey));
    assert!(TokenVerifier::default().publish(&all_jwks()).is_err());
}

#[test]
fn what_was_verified_by_the_keys_before_is_not_remembered_after() {
    let keys = both();
    let token = by_rsa(&identity_claims(json!({})));
    let seen = keys.generation();
    let old = Arc::new(keys.verify(&token).unwrap());
    // Meanwhile others are appointed, and the keys are published, once and again.
    keys.appoint(moderators("'read'"));
    for _ in 0..3 {
        keys.remember(&token, &old, NOW, seen);
        assert!(!may(&keys.check(&token, NOW).unwrap(), "any", "kick"));
        keys.publish(&all_jwks()).unwrap();
    }
}

#[test]
fn only_keys_that_can_verify_are_of_use() {
    let [x, y] = EC_XY;
    let padded = format!("{}{SMALL_RSA_N}", "A".repeat(172));
    let signed_byte = {
        // Some write a modulus with a sign.
        let mut bytes = vec![0];
        bytes.extend(from_base64(RSA_N));
        to_base64(&bytes)
    };
    for (jwk, good) in [
        (rsa_jwk(json!({})), true),
        (rsa_jwk(json!({"use": null, "alg": null})), true),
        (rsa_jwk(json!({"n": signed_byte})), true),
        (rsa_jwk(json!({"use": "enc"})), false),
        (rsa_jwk(json!({"use": "tls"})), false),
        (rsa_jwk(json!({"alg": "RS512"})), false),
        (rsa_jwk(json!({"alg": "RSA-OAEP"})), false),
        (rsa_jwk(json!({"alg": "HS256"})), false),
        (rsa_jwk(json!({"n": SMALL_RSA_N})), false),
        (rsa_jwk(json!({"n": padded})), false),
        (rsa_jwk(json!({"n": format!("{RSA_N}*")})), false),
        (rsa_jwk(json!({"e": null})), false),
        (
            json!({"kty": "oct", "kid": "k", "k": "c2VjcmV0", "alg": "HS256"}),
            false,
        ),
        (
            json!({"kty": "EC", "kid": "k", "crv": "P-256", "x": x, "y": y}),
            true,
        ),
        (
            json!({"kty": "EC", "kid": "k", "crv": "P-256", "x": x, "y": y, "alg": "ES384"}),
            false,
        ),
        (
            json!({"kty": "EC", "kid": "k", "crv": "P-384", "x": x, "y": y}),
            false,
        ),
        (
            json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": ED_X}),
            true,
        ),
        (
            json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": ED_X, "use": "enc"}),
            false,
        ),
        (
            json!({"kty": "OKP", "kid": "k", "crv": "X25519", "x": ED_X}),
            false,
        ),
        // 31 bytes, with which a verification would panic, and 33.
        (
            json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": &ED_X[..42]}),
            false,
        ),
        (
            json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": format!("{ED_X}A")}),
            false,
        ),
        (json!({"kty": "new", "kid": "k"}), false),
        (json!("key"), false),
        (Value::Null, false),
    ] {
        let keys = both();
        let count = keys.publish(&jwks(std::slice::from_ref(&jwk))).unwrap();
        assert_eq!(count, usize::from(good), "{jwk}");
        // It spoils no other.
        assert_eq!(
            keys.publish(&jwks(&[jwk, rsa_jwk(json!({}))])),
            Ok(count + 1)
        );
        keys.check(&by_rsa(&identity_claims(json!({}))), NOW)
            .unwrap();
    }
}

#[test]
fn a_provider_of_a_single_key_need_not_name_it() {
    let keys = both();
    let claims = identity_claims(json!({}));
    let unnamed = issued(Algorithm::RS256, &rsa(RSA), None, &claims);
    for jwk in [rsa_jwk(json!({"kid": null})), rsa_jwk(json!({}))] {
        assert_eq!(keys.publish(&jwks(&[jwk])), Ok(1));
        keys.check(&unnamed, NOW).unwrap();
        keys.check(&by_rsa(&claims), NOW).unwrap();
    }
    // One of several must be named, by both sides.
    let [x, y] = EC_XY;
    let other = json!({"kty": "EC", "kid": "ec", "crv": "P-256", "x": x, "y": y});
    assert_eq!(
        keys.publish(&jwks(&[rsa_jwk(json!({})), other.clone()])),
        Ok(2)
    );
    assert_eq!(keys.check(&unnamed, NOW), invalid());
    assert_eq!(
        keys.publish(&jwks(&[rsa_jwk(json!({"kid": null})), other])),
        Ok(1)
    );
    assert!(keys.check(&unnamed, NOW).is_err());
    assert_eq!(keys.check(&by_rsa(&claims), NOW), Err(Refused::UnknownKey));
}

#[test]
fn a_refusal_names_claim_and_reason() {
    let keys = both();
    let why = |token: &str| match keys.grant(token, NOW) {
        Err(Refused::No(refusal)) => {
            let (claim, reason) = refusal.grant_problem().unwrap();
            (format!("{claim} {reason}"), refusal.message())
        }
        other => panic!("{other:?}"),
    };
    let signed = |change| signed_by(SECRET, &claims(change));
    let message = |reason: &str| {
        (
            reason.to_owned(),
            format!("The grant is not valid: {reason}"),
        )
    };
    let hidden = |reason: &str| (reason.to_owned(), "The grant is not valid".to_owned());
    assert_eq!(
        why(&signed(json!({"sub": null}))),
        message("sub is missing")
    );
    assert_eq!(
        why(&signed(json!({"exp": "soon"}))),
        message("exp must be a number of seconds since 1970")
    );
    assert_eq!(
        why(&signed(json!({"meeting_id": "**"}))),
        message("meeting_id is no ID")
    );
    assert_eq!(why("not.a.token"), hidden("token is no JWT"));
    let foreign = signed_by(
        b"a secret that is not configured here!!",
        &claims(json!({})),
    );
    assert_eq!(why(&foreign), hidden("signature is by none of the secrets"));
    let long = why(&signed(json!({"exp": NOW + 13 * 3600})));
    assert_eq!(long.1, "The grant is for longer than 12 hours");
}

#[test]
fn a_user_is_revoked_by_subject_and_by_address_whichever_the_moderators_file_has() {
    for subject in ["u1", "u2"] {
        let token = by_rsa(&identity_claims(json!({"sub": subject})));
        for named in [subject, "ANN@example.com"] {
            let keys = both();
            keys.check(&token, NOW).unwrap();
            let entry = format!("[[revoked]]\nsub = '{named}'");
            keys.revoke(Revocations::parse(&entry).unwrap());
            let revoked = Err(Refused::No(Refusal::GrantRevoked));
            assert_eq!(keys.check(&token, NOW), revoked, "{subject} {named}");
        }
    }
}

#[test]
fn a_revoked_grant_is_none_also_where_it_is_remembered() {
    let keys = both();
    let token = signed_by(SECRET, &claims(json!({"jti": "g1"})));
    let other = signed_by(SECRET, &claims(json!({"jti": "g2"})));
    keys.check(&token, NOW).unwrap();
    keys.revoke(Revocations::parse("[[revoked]]\njti = 'g1'").unwrap());
    assert_eq!(
        keys.check(&token, NOW),
        Err(Refused::No(Refusal::GrantRevoked))
    );
    keys.check(&other, NOW).unwrap();
    keys.revoke(Revocations::default());
    keys.check(&token, NOW).unwrap();
}

#[test]
fn of_two_keys_with_one_id_either_verifies() {
    let keys = both();
    let [x, y] = EC_XY;
    keys.publish(&jwks(&[
        json!({"kty": "EC", "kid": "rsa", "crv": "P-256", "x": x, "y": y}),
        rsa_jwk(json!({})),
    ]))
    .unwrap();
    keys.check(&by_rsa(&identity_claims(json!({}))), NOW)
        .unwrap();
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0, |sum, at| {
            sum << 8 | u32::from(*three.get(at).unwrap_or(&0))
        });
        for at in 0..=three.len() {
            text.push(LETTERS[(number >> (18 - 6 * at) & 63) as usize] as char);
        }
    }
    text
}

fn from_base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        number = number << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((number >> bits & 255) as u8);
        }
    }
    bytes
}
