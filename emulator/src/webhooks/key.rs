//! The key that signs deliveries. It is made at its first use, because that takes a moment.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};

/// The size of a key, as RealtimeKit's.
const BITS: usize = 2048;

/// A key pair that can be replaced.
#[derive(Default)]
pub(crate) struct Key(Mutex<Option<Arc<RsaPrivateKey>>>);

impl Key {
    fn pair(&self) -> Option<Arc<RsaPrivateKey>> {
        let mut pair = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pair.is_none() {
            *pair = RsaPrivateKey::new(&mut OsRng, BITS).ok().map(Arc::new);
        }
        pair.clone()
    }

    /// Replaces the key at its next use.
    pub(crate) fn replace(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A signature over a body, in base64.
    pub(crate) fn sign(&self, body: &[u8]) -> Option<String> {
        let key = SigningKey::<Sha256>::new((*self.pair()?).clone());
        Some(STANDARD.encode(key.sign(body).to_bytes()))
    }

    /// The public key in PEM.
    pub(crate) fn public_pem(&self) -> Option<String> {
        let public = RsaPublicKey::from(&*self.pair()?);
        public.to_public_key_pem(LineEnding::LF).ok()
    }
}

/// The body of `/.well-known/webhooks.json`.
pub(crate) fn published(key: &Key) -> Value {
    json!({
        "success": true,
        "data": {"publicKey": key.public_pem().unwrap_or_default()},
        "message": "",
    })
}
