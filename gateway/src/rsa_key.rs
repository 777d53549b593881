//! RustCrypto's RSA keys, which verify webhooks in a process.

use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

use crate::platform::RsaKey;

/// A key that verifies in Rust.
pub(crate) struct RustRsaKey(VerifyingKey<Sha256>);

impl RsaKey for RustRsaKey {
    fn from_pem(pem: &str) -> Option<Self> {
        let key = RsaPublicKey::from_public_key_pem(pem).ok()?;
        Some(Self(VerifyingKey::new(key)))
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::try_from(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
