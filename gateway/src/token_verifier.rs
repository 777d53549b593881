//! From a token to a grant: whose signature it bears, and whether its claims are a grant's.
//!
//! The token says by which algorithm it is signed, and is not believed: a shared secret verifies
//! HS256 alone, and a published key only the algorithm of its own kind. TokenVerifier that the token
//! brings itself (`jwk`, `jku`, `x5u`, `x5c`) are not looked at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api_response::Refusal;
use crate::grant::{Grant, Issuer, Right, is_name};
use crate::moderators::Moderators;

/// So many verified tokens are remembered.
const REMEMBERED: usize = 16_384;

/// Why a token is no grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is none.
    No(Refusal),
    /// It names a published key that is not known: perhaps a new one.
    UnknownKey,
}

/// The shared secrets, and what else a token signed with them must bear.
#[derive(Default)]
pub struct Secrets {
    keys: Vec<DecodingKey>,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Secrets {
    /// Any of these secrets is good.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = &'a [u8]>,
        issuer: Option<String>,
        audience: Option<String>,
    ) -> Self {
        Self {
            keys: secrets.into_iter().map(DecodingKey::from_secret).collect(),
            issuer,
            audience,
        }
    }
}

/// An identity provider: what its tokens must bear, its keys, and who moderates what.
pub struct Identity {
    issuer: String,
    audience: String,
    keys: RwLock<Vec<Published>>,
    moderators: RwLock<Moderators>,
}

struct Published {
    id: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Identity {
    /// A provider whose keys are not known yet.
    pub fn new(issuer: String, audience: String, moderators: Moderators) -> Self {
        Self {
            issuer,
            audience,
            keys: RwLock::default(),
            moderators: RwLock::new(moderators),
        }
    }
}

/// Verifies tokens.
#[derive(Default)]
pub struct TokenVerifier {
    secrets: Secrets,
    identity: Option<Identity>,
    verified: Mutex<Verified>,
}

#[derive(Default)]
struct Verified {
    grants: HashMap<String, Arc<Grant>>,
    /// Grows whenever all is forgotten.
    generation: u64,
}

impl TokenVerifier {
    /// Of these issuers.
    pub fn new(secrets: Secrets, identity: Option<Identity>) -> Self {
        Self {
            secrets,
            identity,
            verified: Mutex::default(),
        }
    }

    /// Takes an identity provider's JWKS in place of the one before; how many of its keys are of
    /// use.
    ///
    /// # Errors
    ///
    /// If it is no JWKS; then the one before stays.
    pub fn publish(&self, jwks: &[u8]) -> Result<usize, &'static str> {
        #[derive(Deserialize)]
        struct Jwks {
            keys: Vec<Value>,
        }
        let Some(identity) = &self.identity else {
            return Err("there is no identity provider");
        };
        let jwks: Jwks = serde_json::from_slice(jwks).map_err(|_| "it is no JWKS")?;
        // One odd key does not make the others useless.
        let keys = jwks.keys.into_iter().filter_map(published);
        let keys: Vec<_> = keys.take(MOST_KEYS).collect();
        let count = keys.len();
        *identity
            .keys
            .write()
            .unwrap_or_else(PoisonError::into_inner) = keys;
        self.forget();
        Ok(count)
    }

    /// Takes what the file of moderators says now.
    pub fn appoint(&self, moderators: Moderators) {
        if let Some(identity) = &self.identity {
            let mut known = identity
                .moderators
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            *known = moderators;
            drop(known);
            self.forget();
        }
    }

    /// Whether there is an identity provider none of whose keys is known.
    pub fn lacks_keys(&self) -> bool {
        self.identity.as_ref().is_some_and(|identity| {
            identity
                .keys
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .is_empty()
        })
    }

    fn verified(&self) -> MutexGuard<'_, Verified> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was verified by the keys and moderators before; also by whoever is about to remember it.
    fn forget(&self) {
        let mut verified = self.verified();
        verified.grants.clear();
        verified.generation += 1;
    }

    /// To be taken before a token is verified, for `remember`.
    fn seen(&self) -> u64 {
        self.verified().generation
    }

    /// The grant that a token is at a time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If it is none, or not at that time.
    pub fn grant(&self, token: &str, now_s: u64) -> Result<Arc<Grant>, Refused> {
        let known = self.verified().grants.get(token).cloned();
        let grant = match known {
            Some(grant) => grant,
            None => {
                let seen = self.seen();
                let grant = Arc::new(self.verify(token)?);
                grant.at(now_s).map_err(Refused::No)?;
                self.remember(token, &grant, now_s, seen);
                grant
            }
        };
        grant.at(now_s).map_err(Refused::No)?;
        Ok(grant)
    }

    fn remember(&self, token: &str, grant: &Arc<Grant>, now_s: u64, seen: u64) {
        let mut verified = self.verified();
        if verified.generation != seen {
            return;
        }
        let grants = &mut verified.grants;
        if grants.len() >= REMEMBERED {
            grants.retain(|_, grant| grant.at(now_s).is_ok());
            if grants.len() >= REMEMBERED {
                grants.clear();
            }
        }
        grants.insert(token.to_owned(), Arc::clone(grant));
    }

    fn verify(&self, token: &str) -> Result<Grant, Refused> {
        let invalid = || Refused::No(Refusal::GrantInvalid);
        let header = decode_header(token).map_err(|_| invalid())?;
        // What must be understood to believe the token is not understood here.
        if header.crit.is_some() {
            return Err(invalid());
        }
        match header.alg {
            Algorithm::HS256 => self.by_secret(token),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => {
                self.by_identity(token, header.alg, &header.kid.ok_or_else(invalid)?)
            }
            _ => Err(invalid()),
        }
    }

    fn by_secret(&self, token: &str) -> Result<Grant, Refused> {
        let claims = self
            .secrets
            .keys
            .iter()
            .find_map(|key| signed::<GrantClaims>(token, key, Algorithm::HS256));
        let claims = claims.ok_or(Refused::No(Refusal::GrantInvalid))?;
        claims
            .grant(&self.secrets)
            .ok_or(Refused::No(Refusal::GrantInvalid))
    }

    fn by_identity(&self, token: &str, algorithm: Algorithm, id: &str) -> Result<Grant, Refused> {
        let invalid = Refused::No(Refusal::GrantInvalid);
        let Some(identity) = &self.identity else {
            return Err(invalid);
        };
        let keys = identity.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut named = keys.iter().filter(|key| key.id == id).peekable();
        if named.peek().is_none() {
            return Err(Refused::UnknownKey);
        }
        let claims = named
            .filter(|key| key.algorithm == algorithm)
            .find_map(|key| signed::<IdentityClaims>(token, &key.key, algorithm));
        claims
            .and_then(|claims| claims.grant(identity))
            .ok_or(invalid)
    }
}

/// The claims of a token that a key signed by an algorithm; their meaning is not looked at.
fn signed<T: DeserializeOwned>(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<T> {
    let mut validation = Validation::new(algorithm);
    // Times are judged by the gateway's clock, at each request; `iss` and `aud` below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Some(decode(token, key, &validation).ok()?.claims)
}

/// A key of a JWKS, if it can verify one of the algorithms.
/// No provider publishes more, and each may be tried on each token.
const MOST_KEYS: usize = 64;

fn published(value: Value) -> Option<Published> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        // 342 letters of base64 are 2,048 bits: fewer can be broken. An A at the front is zeros.
        AlgorithmParameters::RSA(key) if key.n.trim_start_matches('A').len() >= 342 => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|own| own != named) {
        return None;
    }
    Some(Published {
        key: DecodingKey::from_jwk(&jwk).ok()?,
        id: jwk.common.key_id?,
        algorithm,
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn holds(&self, audience: &str) -> bool {
        match self {
            Self::One(own) => own == audience,
            Self::Several(own) => own.iter().any(|own| own == audience),
        }
    }
}

/// What an app's backend puts into a grant.
#[derive(Deserialize)]
struct GrantClaims {
    sub: String,
    exp: u64,
    nbf: Option<u64>,
    iss: Option<String>,
    aud: Option<Audience>,
    app_id: String,
    meeting_id: String,
    can: Vec<String>,
    name: Option<String>,
}

impl GrantClaims {
    fn grant(self, secrets: &Secrets) -> Option<Grant> {
        let issued = match &secrets.issuer {
            Some(issuer) => self.iss.as_ref() == Some(issuer),
            None => true,
        };
        // A token that was made for somebody else is not for us, whoever that is.
        let ours = match (&secrets.audience, &self.aud) {
            (Some(audience), Some(aud)) => aud.holds(audience),
            (Some(_), None) | (None, Some(_)) => false,
            (None, None) => true,
        };
        let named = is_name(&self.sub) && self.name.as_deref().is_none_or(is_name);
        if !(issued && ours && named) {
            return None;
        }
        Some(Grant {
            issuer: Issuer::Secret,
            moderator: self.sub,
            name: self.name,
            starts_s: self.nbf.unwrap_or(0),
            ends_s: self.exp,
            rights: vec![Right::new(&self.app_id, Some(&self.meeting_id), self.can)?],
        })
    }
}

/// What an identity provider puts into a token, as far as it matters here.
#[derive(Deserialize)]
struct IdentityClaims {
    sub: String,
    exp: u64,
    nbf: Option<u64>,
    iss: String,
    aud: Audience,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
}

impl IdentityClaims {
    fn grant(self, identity: &Identity) -> Option<Grant> {
        if self.iss != identity.issuer || !self.aud.holds(&identity.audience) {
            return None;
        }
        // An address that nobody verified is anybody's.
        let email = self.email.filter(|_| self.email_verified != Some(false));
        let moderators = identity
            .moderators
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        // Whoever moderates nothing is known, but has no right.
        let (moderator, rights) = moderators
            .rights(&self.sub, email.as_deref())
            .unwrap_or((self.sub, Vec::new()));
        is_name(&moderator).then(|| Grant {
            issuer: Issuer::Identity,
            moderator,
            name: self.name.filter(|name| is_name(name)),
            starts_s: self.nbf.unwrap_or(0),
            ends_s: self.exp,
            rights,
        })
    }
}

#[cfg(test)]
mod tests;
