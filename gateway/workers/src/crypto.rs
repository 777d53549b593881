//! Signatures on Workers: HMAC in the wasm, all others by `node:crypto` of the platform (`crypto.mjs`), which
//! would be a fifth of the wasm.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};
use serde_json::{Value, json};
use sha2::Sha256;
use wasm_bindgen::prelude::wasm_bindgen;

use realtimekit_gateway::platform::RsaKey;

#[wasm_bindgen]
extern "C" {
    /// Whether a signature is by a key, which is a JWK. Never throws.
    #[wasm_bindgen(js_name = realtimekitGatewayVerify)]
    fn is_signed(jwk: &str, message: &[u8], signature: &[u8]) -> bool;

    /// The JWK of an RSA key in PEM. Never throws.
    #[wasm_bindgen(js_name = realtimekitGatewayRsaKey)]
    fn rsa_jwk(pem: &str) -> Option<String>;
}

static PROVIDER: CryptoProvider = CryptoProvider {
    // The gateway signs nothing.
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Verifies with this from now on.
pub(crate) fn install() {
    // A second call finds the first one's.
    let _ = PROVIDER.install_default();
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(match (algorithm, key.family(), key.kind()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac, DecodingKeyKind::SecretOrDer(secret)) => {
            let keyed = Hmac::new_from_slice(secret).map_err(|_| ErrorKind::InvalidKeyFormat)?;
            Box::new(Secret(keyed))
        }
        (Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA, family, kind) => {
            let jwk = jwk(*algorithm, family, kind).ok_or(ErrorKind::InvalidKeyFormat)?;
            Box::new(PublicKey {
                algorithm: *algorithm,
                jwk: jwk.to_string(),
            })
        }
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    })
}

/// A key as the platform takes it, if it is of the algorithm.
fn jwk(algorithm: Algorithm, family: AlgorithmFamily, kind: &DecodingKeyKind) -> Option<Value> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    match (algorithm, family, kind) {
        (Algorithm::RS256, AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            Some(json!({ "kty": "RSA", "n": text(n), "e": text(e) }))
        }
        (Algorithm::ES256, AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => {
            // An uncompressed point.
            let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
            Some(json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) }))
        }
        (Algorithm::EdDSA, AlgorithmFamily::Ed, DecodingKeyKind::SecretOrDer(key)) => {
            Some(json!({ "kty": "OKP", "crv": "Ed25519", "x": text(key) }))
        }
        _ => None,
    }
}

struct Secret(Hmac<Sha256>);

impl Verifier<Vec<u8>> for Secret {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let keyed = self.0.clone().chain_update(message);
        keyed.verify_slice(signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Secret {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

struct PublicKey {
    algorithm: Algorithm,
    jwk: String,
}

impl Verifier<Vec<u8>> for PublicKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        match is_signed(&self.jwk, message, signature) {
            true => Ok(()),
            false => Err(Error::new()),
        }
    }
}

impl JwtVerifier for PublicKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// The key of the webhooks.
pub(crate) struct PlatformRsaKey(String);

impl RsaKey for PlatformRsaKey {
    fn from_pem(pem: &str) -> Option<Self> {
        rsa_jwk(pem).map(Self)
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        is_signed(&self.0, message, signature)
    }
}
