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
