// What the environment's variables say.

/**
 * @param {string} name
 * @returns {string | undefined}
 */
export function env(name) {
  const { process, Deno } = /** @type {any} */ (globalThis);
  try {
    return (process?.env?.[name] ?? Deno?.env?.get?.(name))?.trim() || undefined;
  } catch {
    // Deno without --allow-env.
    return undefined;
  }
}

/**
 * The headers in `CLOUDFLARE_CUSTOM_HEADERS`, a `name: value` on each line.
 *
 * @returns {string[]} Names and values by turns.
 */
export function customHeaders() {
  const lines = env('CLOUDFLARE_CUSTOM_HEADERS')?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const at = line.indexOf(':');
    return at < 0 ? [] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}
