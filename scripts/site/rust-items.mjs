// The public items of the crate, as rustdoc lists them: name, kind, address and first sentence.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder rustdoc's folder of the crate
 * @returns {{ name: string, path: string, kind: string, file: string, summary: string }[]}
 */
export function rustItems(folder) {
  const all = readFileSync(join(folder, 'all.html'), 'utf8');
  const links = [...all.matchAll(/<a href="([\w/]*\/)?(\w+)\.(\w+)\.html">/g)];
  if (links.length < 10) throw new Error('rustdoc lists its items otherwise than it did');
  return links.map(([, modules = '', kind, name]) => {
    const file = `${modules}${kind}.${name}.html`;
    const page = readFileSync(join(folder, file), 'utf8');
    const [, summary = ''] = /<meta name="description" content="([^"]*)"/.exec(page) ?? [];
    const path = [...modules.split('/').filter(Boolean), name].join('::');
    return { name, path, kind: kind === 'fn' ? 'function' : kind, file, summary };
  });
}
