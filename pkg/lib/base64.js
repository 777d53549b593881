// The bytes that base64 text stands for.

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  // Node's atob takes milliseconds. Named so that no bundler sees it and adds a Buffer of its own.
  const { Buffer } = /** @type {any} */ (globalThis);
  if (Buffer) return Buffer.from(text, 'base64');
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
