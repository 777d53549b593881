//! From a token to a grant: verifies the signature and the claims.
//!
//! The token's own `alg` is not trusted: a shared secret verifies HS256 alone, and a published key
//! only the algorithm of its own kind. Keys inside the token (`jwk`, `jku`, `x5u`, `x5c`) are
//! ignored.

mod claims;
mod issuers;
mod published;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use self::claims::Claims;
use self::published::Published;
use crate::api_response::{GrantProblem, Refusal};
use crate::grant::Grant;
use crate::moderators::Moderators;
use crate::revocations::Revocations;

pub use self::issuers::{Identity, Secrets};

/// The most verified tokens that are remembered.
const REMEMBERED: usize = 16_384;

/// Why a token is not a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The token is invalid.
    No(Refusal),
    /// It names an unknown published key, perhaps a new one.
    UnknownKey,
}

impl From<GrantProblem> for Refused {
    fn from(problem: GrantProblem) -> Self {
        Self::No(Refusal::GrantInvalid(problem))
    }
}

/// The error of a token whose signature was not verified: for the log, not for its sender.
fn unsigned(claim: &'static str, reason: &'static str) -> Refused {
    let problem = GrantProblem {
        claim,
        reason,
        signed: false,
    };
    problem.into()
}

/// Verifies tokens.
#[derive(Default)]
pub struct TokenVerifier {
    secrets: Secrets,
    identity: Option<Identity>,
    revocations: RwLock<Revocations>,
    verified: Mutex<Verified>,
}

#[derive(Default)]
struct Verified {
    grants: HashMap<String, Arc<Grant>>,
    /// Grows whenever the cache is cleared.
    generation: u64,
}

impl TokenVerifier {
    /// A verifier for these issuers.
    pub fn new(secrets: Secrets, identity: Option<Identity>) -> Self {
        Self {
            secrets,
            identity,
            ..Self::default()
        }
    }

    /// Replaces an identity provider's JWKS; returns the number of usable keys.
    ///
    /// # Errors
    ///
    /// If it is not a JWKS; then the previous one stays.
    pub fn publish(&self, jwks: &[u8]) -> Result<usize, &'static str> {
        let Some(identity) = &self.identity else {
            return Err("there is no identity provider");
        };
        let keys = published::keys(jwks)?;
        let count = keys.len();
        identity.set_keys(Arc::new(keys));
        self.forget();
        Ok(count)
    }

    /// Takes over the published keys of another verifier for the same provider.
    pub fn adopt_keys(&self, other: &Self) {
        if let (Some(identity), Some(other)) = (&self.identity, &other.identity) {
            identity.set_keys(other.keys());
            self.forget();
        }
    }

    /// Takes over the revocations of another verifier.
    pub fn adopt_revocations(&self, other: &Self) {
        self.revoke(other.revocations());
    }

    /// Replaces the moderators.
    pub fn appoint(&self, moderators: Moderators) {
        if let Some(identity) = &self.identity {
            identity.appoint(moderators);
            self.forget();
        }
    }

    /// Replaces the revocations.
    pub fn revoke(&self, revocations: Revocations) {
        let known = self.revocations.write();
        *known.unwrap_or_else(PoisonError::into_inner) = revocations;
    }

    /// The current revocations.
    pub fn revocations(&self) -> Revocations {
        let known = self.revocations.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an identity provider is configured and its keys are not known yet.
    pub fn lacks_keys(&self) -> bool {
        let identity = self.identity.as_ref();
        identity.is_some_and(|identity| identity.keys().is_empty())
    }

    fn verified(&self) -> MutexGuard<'_, Verified> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all verified tokens; a verification in progress is not remembered either.
    fn forget(&self) {
        let mut verified = self.verified();
        verified.grants.clear();
        verified.generation += 1;
    }

    /// The generation, to be read before a verification, for `remember`.
    fn generation(&self) -> u64 {
        self.verified().generation
    }

    /// The grant of a token at a time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If the token is invalid, not valid at that time, or revoked.
    pub fn grant(&self, token: &str, now_s: u64) -> Result<Arc<Grant>, Refused> {
        let known = self.verified().grants.get(token).cloned();
        let grant = match known {
            Some(grant) => grant,
            None => {
                let generation = self.generation();
                let grant = Arc::new(self.verify(token)?);
                grant.at(now_s).map_err(Refused::No)?;
                self.remember(token, &grant, now_s, generation);
                grant
            }
        };
        grant.at(now_s).map_err(Refused::No)?;
        let revocations = self.revocations.read();
        if revocations
            .unwrap_or_else(PoisonError::into_inner)
            .revoke(&grant)
        {
            return Err(Refused::No(Refusal::GrantRevoked));
        }
        Ok(grant)
    }

    fn remember(&self, token: &str, grant: &Arc<Grant>, now_s: u64, generation: u64) {
        let mut verified = self.verified();
        if verified.generation != generation {
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
        let header = decode_header(token).map_err(|_| unsigned("token", "is no JWT"))?;
        // `crit` names extensions that must be understood; none is supported.
        if header.crit.is_some() {
            return Err(unsigned("crit", "is not understood"));
        }
        match header.alg {
            Algorithm::HS256 => self.by_secret(token),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => {
                self.by_identity(token, header.alg, header.kid.as_deref())
            }
            _ => Err(unsigned("alg", "is not accepted")),
        }
    }

    fn by_secret(&self, token: &str) -> Result<Grant, Refused> {
        if self.secrets.keys().is_empty() {
            return Err(unsigned("alg", "is HS256, and no secret is configured"));
        }
        let mut keys = self.secrets.keys().iter();
        let claims = keys.find_map(|key| signed(token, key, Algorithm::HS256));
        let claims = claims.ok_or(unsigned("signature", "is by none of the secrets"))?;
        Ok(self.secrets.grant(&claims)?)
    }

    fn by_identity(
        &self,
        token: &str,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<Grant, Refused> {
        let Some(identity) = &self.identity else {
            return Err(unsigned(
                "alg",
                "is an identity provider's, and none is configured",
            ));
        };
        let keys = identity.keys();
        let only = keys.len() == 1;
        // With a single key either side may leave its ID out.
        let is_named = |key: &&Published| match (&key.id, id) {
            (Some(own), Some(id)) => own == id,
            (None, _) | (_, None) => only,
        };
        let mut named = keys.iter().filter(is_named).peekable();
        if named.peek().is_none() {
            return Err(match id {
                Some(_) => Refused::UnknownKey,
                None if keys.is_empty() => Refused::UnknownKey,
                None => unsigned("kid", "is missing, and there are several keys"),
            });
        }
        let mut named = named.filter(|key| key.algorithm == algorithm);
        let claims = named.find_map(|key| signed(token, &key.key, algorithm));
        let claims = claims.ok_or(unsigned("signature", "is not by the key of this kid"))?;
        Ok(identity.grant(&claims)?)
    }
}

/// The claims of a token that a key signed with an algorithm; their meaning is not checked.
fn signed(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Claims> {
    let mut validation = Validation::new(algorithm);
    // Times are checked by the gateway's clock, at each request; `iss` and `aud` below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Some(decode(token, key, &validation).ok()?.claims)
}

#[cfg(test)]
mod tests;
