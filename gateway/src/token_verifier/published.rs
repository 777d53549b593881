//! An identity provider's published keys (a JWKS): only those that can verify a token.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// The most keys: no provider publishes more, and each may be tried on each token.
const MOST_KEYS: usize = 64;

/// A key that can verify.
pub(super) struct Published {
    /// Its `kid`, which a provider of a single key may leave out.
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// Parses a JWKS; an invalid key does not affect the others.
pub(super) fn keys(jwks: &[u8]) -> Result<Vec<Published>, &'static str> {
    #[derive(Deserialize)]
    struct Jwks {
        keys: Vec<Value>,
    }
    let jwks: Jwks = serde_json::from_slice(jwks).map_err(|_| "it is no JWKS")?;
    let all: Vec<_> = jwks.keys.into_iter().filter_map(published).collect();
    let several = all.len() > 1;
    // Among several keys, one without an ID would be tried on every token.
    let keys = all.into_iter().filter(|key| key.id.is_some() || !several);
    Ok(keys.take(MOST_KEYS).collect())
}

/// A key of a JWKS, if it can verify one of the algorithms.
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
        // 43 letters are its 32 bytes: with fewer of them jsonwebtoken panics.
        AlgorithmParameters::OctetKeyPair(key)
            if key.curve == EllipticCurve::Ed25519 && key.x.len() == 43 =>
        {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|own| own != named) {
        return None;
    }
    Some(Published {
        key: DecodingKey::from_jwk(&jwk).ok()?,
        id: jwk.common.key_id,
        algorithm,
    })
}
