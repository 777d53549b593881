use proptest::prelude::*;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::json;
use std::sync::LazyLock;

use super::*;
use crate::rsa_key::RustRsaKey;

/// Small keys: they are made at each run.
static KEYS: LazyLock<[RsaPrivateKey; 2]> =
    LazyLock::new(|| [0, 1].map(|_| RsaPrivateKey::new(&mut OsRng, 1024).unwrap()));

fn pem(key: &RsaPrivateKey) -> String {
    let public = RsaPublicKey::from(key);
    public.to_public_key_pem(LineEnding::LF).unwrap()
}

fn sign(key: &RsaPrivateKey, body: &[u8]) -> String {
    let key = SigningKey::<Sha256>::new(key.clone());
    STANDARD.encode(key.sign(body).to_bytes())
}

fn verifier() -> WebhookVerifier<RustRsaKey> {
    let verifier = WebhookVerifier::new(SeenDeliveries::default());
    verifier.set_key(&pem(&KEYS[0])).unwrap();
    verifier
}

fn event(name: &str, id: &str) -> Vec<u8> {
    json!({"event": name, "meeting": {"id": id, "sessionId": "s"}, "streamKey": "secret"})
        .to_string()
        .into_bytes()
}

fn verify(
    verifier: &WebhookVerifier<RustRsaKey>,
    uuid: &str,
    signature: &str,
    body: &[u8],
) -> Verdict {
    verifier.verify(Delivery {
        signature,
        uuid,
        body,
    })
}

#[test]
fn a_genuine_delivery_names_its_meeting_once() {
    let verifier = verifier();
    let body = event("meeting.participantJoined", "m-1");
    let signature = sign(&KEYS[0], &body);
    let accepted = Verdict::Accepted(Id::new("m-1").unwrap());
    assert_eq!(verify(&verifier, "1", &signature, &body), accepted);
    assert_eq!(verify(&verifier, "1", &signature, &body), Verdict::Repeated);
    // A recorded one with another ID.
    assert_eq!(verify(&verifier, "2", &signature, &body), Verdict::Repeated);
    let other = event("meeting.participantLeft", "m-1");
    assert_eq!(
        verify(&verifier, "3", &sign(&KEYS[0], &other), &other),
        accepted
    );
}

#[test]
fn what_another_key_has_signed_is_forged() {
    let verifier = verifier();
    let body = event("meeting.started", "m-1");
    let good = sign(&KEYS[0], &body);
    assert_eq!(
        verify(&verifier, "1", &sign(&KEYS[1], &body), &body),
        Verdict::Forged
    );
    let changed = event("meeting.started", "m-2");
    assert_eq!(verify(&verifier, "1", &good, &changed), Verdict::Forged);
    for malformed in ["", "?", "aaa", &good[1..]] {
        assert_ne!(
            verify(&verifier, "1", malformed, &body),
            Verdict::Accepted(Id::new("m-1").unwrap()),
            "{malformed}"
        );
    }
    // None of them counts as seen.
    assert!(matches!(
        verify(&verifier, "1", &good, &body),
        Verdict::Accepted(_)
    ));
}

#[test]
fn other_events_and_forms_are_no_reason_to_read() {
    let verifier = verifier();
    let mut number = 0;
    let mut verdict = |body: &[u8]| {
        number += 1;
        verify(&verifier, &number.to_string(), &sign(&KEYS[0], body), body)
    };
    assert_eq!(
        verdict(&event("livestreaming.statusUpdate", "m")),
        Verdict::Irrelevant
    );
    assert_eq!(
        verdict(&event("meeting.started", "../m")),
        Verdict::Malformed
    );
    assert_eq!(
        verdict(br#"{"event":"meeting.started"}"#),
        Verdict::Malformed
    );
    assert_eq!(verdict(b"not json"), Verdict::Malformed);
    let long = vec![b' '; LARGEST + 1];
    assert_eq!(verdict(&long), Verdict::Malformed);
    let body = event("meeting.started", "m");
    let uuid = "x".repeat(LONGEST_UUID + 1);
    assert_eq!(
        verify(&verifier, &uuid, &sign(&KEYS[0], &body), &body),
        Verdict::Malformed
    );
}

#[test]
fn the_key_is_read_from_the_published_document() {
    let verifier = WebhookVerifier::new(SeenDeliveries::default());
    let body = event("meeting.started", "m");
    assert_eq!(
        verify(&verifier, "1", &sign(&KEYS[0], &body), &body),
        Verdict::NoKey
    );
    for wrong in [
        "",
        "{}",
        r#"{"data":{"publicKey":"-----BEGIN PUBLIC KEY-----"}}"#,
    ] {
        assert!(verifier.publish(wrong.as_bytes()).is_err(), "{wrong}");
    }
    let document = |key| json!({"success": true, "data": {"publicKey": pem(key)}}).to_string();
    verifier.publish(document(&KEYS[1]).as_bytes()).unwrap();
    assert_eq!(
        verify(&verifier, "1", &sign(&KEYS[0], &body), &body),
        Verdict::Forged
    );
    verifier.publish(document(&KEYS[0]).as_bytes()).unwrap();
    assert!(verifier.has_key());
    assert!(matches!(
        verify(&verifier, "1", &sign(&KEYS[0], &body), &body),
        Verdict::Accepted(_)
    ));
}

proptest! {
    #[test]
    fn nothing_but_a_signature_is_accepted(
        signature in ".{0,300}", uuid in ".{0,40}", body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let verdict = verify(&verifier(), &uuid, &signature, &body);
        prop_assert!(matches!(verdict, Verdict::Forged | Verdict::Malformed), "{verdict:?}");
    }
}
