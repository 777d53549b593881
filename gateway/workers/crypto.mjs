// Verifies signatures for the wasm (src/crypto.rs), which has no cryptography with public keys of its own.

import { createPublicKey, verify } from 'node:crypto';

/** The longest RSA key, in bits: as the process has it. */
const LONGEST_RSA = 4096;

/** @param {{ asymmetricKeyDetails?: { modulusLength?: number } }} key */
const isLong = (key) => (key.asymmetricKeyDetails?.modulusLength ?? 0) > LONGEST_RSA;

/**
 * Whether a signature of a message is by a key: RS256, ES256 or EdDSA, by the kind of key.
 *
 * @param {string} text a JWK
 * @param {Uint8Array} message
 * @param {Uint8Array} signature as in a JWS
 * @returns {boolean}
 */
globalThis.realtimekitGatewayVerify = (text, message, signature) => {
  try {
    const jwk = JSON.parse(text);
    /** @type {any} */
    const key = { key: jwk, format: 'jwk' };
    switch (jwk.kty) {
      case 'RSA':
        return !isLong(createPublicKey(key)) && verify('sha256', message, key, signature);
      case 'EC':
        return verify('sha256', message, { ...key, dsaEncoding: 'ieee-p1363' }, signature);
      case 'OKP':
        return verify(null, message, key, signature);
      default:
        return false;
    }
  } catch {
    // A key that is none verifies nothing.
    return false;
  }
};

/**
 * The JWK of an RSA key in PEM, or nothing.
 *
 * @param {string} pem
 * @returns {string | undefined}
 */
globalThis.realtimekitGatewayRsaKey = (pem) => {
  // createPublicKey would take private keys and certificates, too.
  const match =
    /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----$/.exec(pem);
  if (!match) return undefined;
  try {
    const key = createPublicKey({ key: pem, format: 'pem', type: 'spki' });
    if (key.asymmetricKeyType !== 'rsa' || isLong(key)) return undefined;
    return JSON.stringify(key.export({ format: 'jwk' }));
  } catch {
    return undefined;
  }
};
