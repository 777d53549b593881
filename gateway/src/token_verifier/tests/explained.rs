//! What an operator is shown of a token. That it agrees with the verifier, each test shows.

use super::*;

fn lines(keys: &TokenVerifier, token: &str) -> Vec<String> {
    let explained = keys.explain(token, NOW);
    let findings = explained.findings.iter().map(|finding| {
        let mark = if finding.is_problem { "!" } else { "" };
        format!("{mark}{}: {}", finding.claim, finding.text)
    });
    findings.chain(explained.rights).collect()
}

fn problems(keys: &TokenVerifier, token: &str) -> Vec<String> {
    let lines = lines(keys, token).into_iter();
    lines.filter(|line| line.starts_with('!')).collect()
}

#[test]
fn a_good_grant_is_shown_claim_by_claim() {
    let token = signed_by(
        PREVIOUS,
        &claims(json!({"jti": "g1", "iat": NOW - 60, "can": ["read", "fly\u{1b}"]})),
    );
    assert_eq!(
        lines(&both(), &token),
        [
            "token: is a JWT",
            "alg: HS256",
            "signature: is by the previous secret",
            "iss: is accepted",
            "aud: is accepted",
            "sub: ann",
            "name: Ann",
            "app_id: app",
            "meeting_id: meeting",
            "protect: is absent: no one is protected",
            "can: read; unknown: fly\\u{1b}",
            "jti: g1",
            "iat: 2027-01-15T07:59:00.000Z, 0 h 1 min ago",
            "nbf: is missing, which is allowed",
            "exp: 2027-01-15T09:00:00.000Z, in 1 h 0 min",
            "revocation: no entry applies",
            "read in meeting of app app",
        ]
    );
}

#[test]
fn every_problem_is_named_not_the_first_alone() {
    let change = json!({"sub": null, "meeting_id": "a/b", "exp": NOW - 3600, "can": "read"});
    let token = signed_by(b"another secret, of thirty-two bytes", &claims(change));
    assert_eq!(
        problems(&both(), &token),
        [
            "!signature: is by none of the secrets",
            "!sub: is missing",
            "!meeting_id: is no ID",
            "!can: must be a list of words",
            "!exp: is over: 2027-01-15T07:00:00.000Z, 1 h 0 min ago",
        ]
    );
    let early = signed_by(
        SECRET,
        &claims(json!({"nbf": NOW + 3600, "exp": NOW + 90_000})),
    );
    assert_eq!(
        problems(&both(), &early),
        [
            "!nbf: is not reached: 2027-01-15T09:00:00.000Z, in 1 h 0 min",
            "!exp: is more than 12 hours ahead: 2027-01-16T09:00:00.000Z, in 25 h 0 min",
        ]
    );
    assert_eq!(problems(&both(), "no.token"), ["!token: is no JWT"]);
}

#[test]
fn a_user_of_a_provider_is_shown_with_the_moderators_entry() {
    let shown = lines(&both(), &by_rsa(&identity_claims(json!({}))));
    for line in [
        "signature: is by a key of the identity provider",
        "email: Ann@example.com",
        "moderators: has ann@example.com",
        "read, kick in every meeting of app app",
    ] {
        assert!(shown.iter().any(|one| one == line), "{line} {shown:?}");
    }
    let change = json!({"email_verified": false});
    let shown = lines(&both(), &by_rsa(&identity_claims(change)));
    for line in [
        "email: Ann@example.com, which is not verified",
        "moderators: has no entry for this user",
    ] {
        assert!(shown.iter().any(|one| one == line), "{line} {shown:?}");
    }
}

#[test]
fn a_revocation_is_named_by_its_place() {
    let keys = both();
    let file = "[[revoked]]\nsub = 'bob'\n[[revoked]]\nsub = 'ann'\n";
    keys.revoke(Revocations::parse(file).unwrap());
    let token = signed_by(SECRET, &claims(json!({})));
    let expected = ["!revocation: entry 2 of the file applies"];
    assert_eq!(problems(&keys, &token), expected);
}

#[test]
fn neither_the_token_nor_a_secret_is_shown() {
    for (secret, change) in [(SECRET, json!({})), (PREVIOUS, json!({"exp": 5}))] {
        let token = signed_by(secret, &claims(change));
        let shown = format!("{:?}", both().explain(&token, NOW));
        for part in token.split('.').chain([str::from_utf8(secret).unwrap()]) {
            assert!(!shown.contains(part));
        }
    }
}
