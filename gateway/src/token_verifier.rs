//! From a token to a grant: verifies the signature and the claims.
//!
//! The token's own `alg` is not trusted: a shared secret verifies HS256 alone, and a published key
//! only the algorithm of its own kind. Keys inside the token (`jwk`, `jku`, `x5u`, `x5c`) are
//! ignored.

mod claims;
mod explain;
mod issuers;
mod published;
mod signature;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use self::signature::Signer;
use crate::api_response::{GrantProblem, Refusal};
use crate::grant::Grant;
use crate::moderators::Moderators;
use crate::revocations::Revocations;

pub use self::explain::{Explanation, Finding};
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

    /// The grant of a token, where no newer keys can be fetched.
    ///
    /// # Errors
    ///
    /// If the token is invalid, not valid at that time, revoked, or signed by an unknown key.
    pub fn grant_now(&self, token: &str, now_s: u64) -> Result<Arc<Grant>, Refusal> {
        self.grant(token, now_s).map_err(|refused| match refused {
            Refused::No(refusal) => refusal,
            Refused::UnknownKey => Refusal::GrantInvalid(GrantProblem {
                claim: "kid",
                reason: "is no published key's",
                signed: false,
            }),
        })
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
        let (claims, signer) = self.signed_claims(token)?;
        Ok(match signer {
            Signer::Secret(_) => self.secrets.grant(&claims)?,
            Signer::Provider(identity) => identity.grant(&claims)?,
        })
    }
}

#[cfg(test)]
mod tests;
