//! Why a token is a grant or not, claim by claim, for an operator. The rules are the verifier's own.

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, decode_header};

use super::claims::Claims;
use super::issuers::{Identity, Secrets};
use super::signature::Signer;
use super::{Refused, TokenVerifier};
use crate::api_response::{GrantProblem, Refusal};
use crate::audit;
use crate::grant::{Right, check_end, check_start};

/// The longest text of a claim that is shown, in characters.
const LONGEST_SHOWN: usize = 256;

/// What a claim or another part of a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The claim, or the part of the token.
    pub claim: &'static str,
    /// What it says, or why it is refused.
    pub text: String,
    /// Whether the token is refused for it.
    pub is_problem: bool,
}

/// Why a token is a grant or not. No part of it is the token or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
    /// Whether the verifier accepts it.
    pub is_accepted: bool,
    /// What it allows: a line for each app or meeting. Without any, each request is refused.
    pub rights: Vec<String>,
}

impl Explanation {
    fn says(&mut self, claim: &'static str, text: impl Into<String>) {
        self.findings.push(Finding {
            claim,
            text: text.into(),
            is_problem: false,
        });
    }

    fn refuses(&mut self, claim: &'static str, reason: impl Into<String>) {
        let finding = Finding {
            claim,
            text: reason.into(),
            is_problem: true,
        };
        // Claims that stand twice are a problem of each of them.
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn finds(&mut self, claim: &'static str, found: Result<String, GrantProblem>) {
        match found {
            Ok(text) => self.says(claim, text),
            Err(problem) => self.refuses(problem.claim, problem.reason),
        }
    }

    fn refusal(&mut self, refusal: &Refusal) {
        match refusal.grant_problem() {
            Some((claim, reason)) => self.refuses(claim, reason),
            None => self.refuses("token", refusal.message()),
        }
    }
}

impl TokenVerifier {
    /// Explains a token at a time in seconds since 1970.
    pub fn explain(&self, token: &str, now_s: u64) -> Explanation {
        let mut all = Explanation {
            findings: Vec::new(),
            is_accepted: false,
            rights: Vec::new(),
        };
        let header = decode_header(token).ok();
        if let Some(header) = &header {
            all.says("token", "is a JWT");
            all.says("alg", format!("{:?}", header.alg));
            if let Some(kid) = &header.kid {
                all.says("kid", shown(kid));
            }
        }
        let (claims, signer) = match self.signed_claims(token) {
            Ok((claims, signer)) => {
                all.says("signature", by(&signer));
                (claims, Some(signer))
            }
            Err(refused) => {
                match refused {
                    Refused::No(refusal) => all.refusal(&refusal),
                    Refused::UnknownKey => all.refuses("kid", "is no published key's"),
                }
                // What a token says may help, although nothing vouches for it.
                let Ok(claims) = insecure_decode_claims::<Claims>(token) else {
                    return all;
                };
                let by_secret = header.is_some_and(|header| header.alg == Algorithm::HS256);
                let provider = self.identity.as_ref().map(Signer::Provider);
                let signer = if by_secret {
                    Some(Signer::Secret(0))
                } else {
                    provider
                };
                (claims, signer)
            }
        };
        match signer {
            Some(Signer::Secret(_)) => by_secret(&mut all, &self.secrets, &claims),
            Some(Signer::Provider(identity)) => by_provider(&mut all, identity, &claims),
            None => {}
        }
        times(&mut all, &claims, now_s);
        self.verdict(&mut all, token, now_s);
        all
    }

    /// The verifier's own verdict.
    fn verdict(&self, all: &mut Explanation, token: &str, now_s: u64) {
        match self.grant(token, now_s) {
            Ok(grant) => {
                all.is_accepted = true;
                let rights = grant.rights.iter().filter(|right| !right.can.is_empty());
                all.rights = rights.map(right).collect();
                all.says("revocation", "no entry applies");
            }
            Err(Refused::No(Refusal::GrantRevoked)) => {
                let grant = self.verify(token).ok();
                let entry = grant.and_then(|grant| self.revocations().entry(&grant));
                let entry = entry.unwrap_or_default();
                all.refuses("revocation", format!("entry {entry} of the file applies"));
            }
            Err(_) => {}
        }
    }
}

fn by(signer: &Signer<'_>) -> &'static str {
    match signer {
        Signer::Secret(0) => "is by the secret",
        Signer::Secret(_) => "is by the previous secret",
        Signer::Provider(_) => "is by a key of the identity provider",
    }
}

fn by_secret(all: &mut Explanation, secrets: &Secrets, claims: &Claims) {
    let issuer = secrets.check_issuer(claims);
    all.finds("iss", issuer.map(|()| "is accepted".to_owned()));
    let audience = secrets.check_audience(claims);
    all.finds("aud", audience.map(|()| "is accepted".to_owned()));
    all.finds("sub", claims.subject().map(|subject| shown(&subject)));
    let name = claims.name().map(|name| optional(name.as_deref()));
    all.finds("name", name);
    let id = claims.app_id().map(|id| id.as_str().to_owned());
    all.finds("app_id", id);
    let id = claims.meeting_id().map(|id| match id {
        Some(id) => id.as_str().to_owned(),
        None => "* (every meeting of the app)".to_owned(),
    });
    all.finds("meeting_id", id);
    let protect = claims.protect().map(|protect| match protect {
        Some(_) => "is accepted".to_owned(),
        None => "is absent: no one is protected".to_owned(),
    });
    all.finds("protect", protect);
    let can = claims
        .can()
        .map(|(known, unknown)| match unknown.as_slice() {
            [] => words(&known),
            unknown => {
                let unknown: Vec<_> = unknown.iter().map(|word| shown(word)).collect();
                format!("{}; unknown: {}", words(&known), unknown.join(", "))
            }
        });
    all.finds("can", can);
}

fn by_provider(all: &mut Explanation, identity: &Identity, claims: &Claims) {
    let issuer = identity.check_issuer(claims);
    all.finds("iss", issuer.map(|()| "is accepted".to_owned()));
    let audience = identity.check_audience(claims);
    all.finds("aud", audience.map(|()| "is accepted".to_owned()));
    let subject = claims.subject();
    all.finds("sub", subject.clone().map(|subject| shown(&subject)));
    let trusted = claims.email();
    let email = claims.text("email").map(|email| match (&trusted, email) {
        (Ok(None), Some(email)) => format!("{}, which is not verified", shown(email)),
        (_, email) => optional(email),
    });
    all.finds("email", email.and_then(|email| trusted.map(|_| email)));
    if let (Ok(subject), Ok(email)) = (subject, trusted) {
        match identity.rights(&subject, email) {
            Some((name, _)) => all.says("moderators", format!("has {}", shown(&name))),
            None => all.says("moderators", "has no entry for this user"),
        }
    }
}

fn times(all: &mut Explanation, claims: &Claims, now_s: u64) {
    let id = claims.id().map(|id| optional(id.as_deref()));
    all.finds("jti", id);
    all.finds("iat", claims.time("iat").map(|at| moment(at, now_s)));
    match claims.time("nbf") {
        Ok(Some(starts_s)) => match check_start(starts_s, now_s) {
            Ok(()) => all.says("nbf", moment(Some(starts_s), now_s)),
            Err(_) => all.refuses(
                "nbf",
                format!("is not reached: {}", moment(Some(starts_s), now_s)),
            ),
        },
        starts => all.finds("nbf", starts.map(|at| moment(at, now_s))),
    }
    match claims.ends_s() {
        Ok(ends_s) => match check_end(ends_s, now_s) {
            Ok(()) => all.says("exp", moment(Some(ends_s), now_s)),
            Err(refusal) => {
                let reason = refusal
                    .grant_problem()
                    .map_or("is wrong", |(_, reason)| reason);
                all.refuses("exp", format!("{reason}: {}", moment(Some(ends_s), now_s)));
            }
        },
        Err(problem) => all.refuses(problem.claim, problem.reason),
    }
}

/// A time, and how far it is away.
fn moment(at_s: Option<u64>, now_s: u64) -> String {
    let Some(at_s) = at_s else {
        return "is missing, which is allowed".to_owned();
    };
    let time = audit::time(at_s.saturating_mul(1000));
    let minutes = at_s.abs_diff(now_s) / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match at_s >= now_s {
        true => format!("{time}, in {hours} h {minutes} min"),
        false => format!("{time}, {hours} h {minutes} min ago"),
    }
}

fn right(right: &Right) -> String {
    let meeting = right.meeting_id.as_ref();
    let meeting = meeting.map_or("every meeting", |id| id.as_str());
    let app = right.app_id.as_str();
    format!("{} in {meeting} of app {app}", words(&right.can))
}

fn words(can: &[String]) -> String {
    match can {
        [] => "nothing".to_owned(),
        can => can.join(", "),
    }
}

fn optional(text: Option<&str>) -> String {
    text.map_or("is missing, which is allowed".to_owned(), shown)
}

/// A text of the token, which must not control a terminal.
fn shown(text: &str) -> String {
    let text: String = text.chars().take(LONGEST_SHOWN).collect();
    text.escape_debug().to_string()
}
