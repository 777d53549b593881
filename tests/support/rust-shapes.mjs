// The Rust models as shapes (shapes.mjs), read from their source.

import { readFileSync, readdirSync } from 'node:fs';

/** The Rust models, read from their source: shapes by name, `Envelope` a function of its data's name. */
export function rustModels() {
  const folder = new URL('../../src/models/', import.meta.url);
  const source = readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8').split('#[cfg(test)]')[0])
    .join('\n')
    .replace(/\/\/.*/g, '');
  const blocks = {};
  for (const [, name, body] of source.matchAll(/\b([A-Z]\w+)(?:<T>)?\s*\{([^{}]*)\}/g)) {
    const words = [...body.matchAll(/\w+\s*=\s*"([^"]+)"/g)].map((match) => match[1]);
    const fields = [
      ...body.matchAll(
        /((?:#\[[^\]]*\]\s*)*)(?:pub(?:\(crate\))? )?(?:r#)?(\w+):\s*([A-Za-z0-9_<>, ]+?),\s*(?=#|pub|\w|$)/g,
      ),
    ];
    if (name === 'Self' || name in blocks) continue;
    if (fields.length) blocks[name] = { fields };
    else if (words.length) blocks[name] = { words };
  }

  const shapeOf = (type, data) => {
    const [, outer, inner] = type.match(/^(Option|Vec|Box)<(.+)>$/) ?? [];
    if (outer) return outer === 'Vec' ? { list: shapeOf(inner, data) } : shapeOf(inner, data);
    const simple = { String: 'string', bool: 'boolean', Value: 'any', T: data && named(data) };
    // In the API a duration is a number of minutes.
    Object.assign(simple, { Duration: 'number' });
    if (type in simple) return simple[type];
    if (type.endsWith('Id')) return 'string';
    return /^[fiu](\d+|size)$/.test(type) ? 'number' : named(type);
  };
  const named = (name, data) => {
    const { fields, words } = blocks[name] ?? {};
    if (words) return { words };
    if (!fields) throw new Error(`src/models has no ${name}`);
    const entries = fields
      .filter(([, attributes]) => !/flatten|serde\(skip\)/.test(attributes))
      .map(([, attributes, field, type]) => [
        attributes.match(/rename = "(\w+)"/)?.[1] ?? field,
        { optional: attributes.includes('skip_serializing_if'), shape: shapeOf(type, data) },
      ]);
    return { fields: Object.fromEntries(entries) };
  };
  return { named, reply: (data) => named('Envelope', data) };
}
