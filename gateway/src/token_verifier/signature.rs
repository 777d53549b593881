//! A token's signature: which secret or published key it is by.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use super::claims::Claims;
use super::issuers::Identity;
use super::published::Published;
use super::{Refused, TokenVerifier};
use crate::api_response::GrantProblem;

/// What signed a token.
pub(super) enum Signer<'a> {
    /// A shared secret, by its place in the configuration.
    Secret(usize),
    /// A key of the identity provider.
    Provider(&'a Identity),
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

impl TokenVerifier {
    /// The claims of a token with a good signature; their meaning is not checked.
    pub(super) fn signed_claims(&self, token: &str) -> Result<(Claims, Signer<'_>), Refused> {
        let header = decode_header(token).map_err(|_| unsigned("token", "is no JWT"))?;
        // `crit` names extensions that must be understood; none is supported.
        if header.crit.is_some() {
            return Err(unsigned("crit", "is not understood"));
        }
        match header.alg {
            Algorithm::HS256 => self.by_secret(token),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => {
                self.by_provider(token, header.alg, header.kid.as_deref())
            }
            _ => Err(unsigned("alg", "is not accepted")),
        }
    }

    fn by_secret(&self, token: &str) -> Result<(Claims, Signer<'_>), Refused> {
        if self.secrets.keys().is_empty() {
            return Err(unsigned("alg", "is HS256, and no secret is configured"));
        }
        let mut keys = self.secrets.keys().iter().enumerate();
        let found = keys.find_map(|(place, key)| {
            let claims = signed(token, key, Algorithm::HS256)?;
            Some((claims, Signer::Secret(place)))
        });
        found.ok_or(unsigned("signature", "is by none of the secrets"))
    }

    fn by_provider(
        &self,
        token: &str,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<(Claims, Signer<'_>), Refused> {
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
        Ok((claims, Signer::Provider(identity)))
    }
}

/// The claims of a token that a key signed with an algorithm.
fn signed(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Claims> {
    let mut validation = Validation::new(algorithm);
    // Times are checked by the gateway's clock, at each request; `iss` and `aud` by their issuer.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Some(decode(token, key, &validation).ok()?.claims)
}
