// Parses TOML for the wasm (src/toml.rs). scripts/build-workers bundles it with its library into build/toml.js.

import { TomlDate, parse } from 'smol-toml';

/** JSON.rawJSON, which TypeScript does not know yet. */
const { rawJSON } = /** @type {any} */ (JSON);

/**
 * A value in JSON, which has no kinds of numbers and no dates.
 *
 * @this {any}
 * @param {string} name
 * @param {any} value
 */
function toJson(name, value) {
  // Whole numbers are BigInt.
  if (typeof value === 'bigint') return rawJSON(String(value));
  if (typeof value === 'number') {
    const text = String(value);
    if (!Number.isFinite(value)) return text;
    return rawJSON(/[.e]/.test(text) ? text : `${text}.0`);
  }
  // By now a date is a text. As a date it is of no field's type.
  return this[name] instanceof TomlDate ? { date: value } : value;
}

/**
 * The JSON of a TOML document.
 *
 * @param {string} text
 * @returns {string}
 */
globalThis.realtimekitGatewayToml = (text) => {
  try {
    return JSON.stringify(parse(text, { integersAsBigInt: true }), toJson);
  } catch (error) {
    // The lines after the first one quote the document. A text, for that is what the wasm takes.
    throw String(/** @type {Error} */ (error).message).split('\n')[0];
  }
};
