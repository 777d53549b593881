// Writes pkg/README.md, the README as npm shows it. npm has no files for relative links: they become
// links to the repository that pkg/package.json names, or plain text while it names none.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Code in which something looks like a link. */
const CODE = /(```[^]*?```|`[^`\n]*\]\([^`\n]*`)/;
const isRelative = (target) => !/^(\w+:|#)/.test(target);

/**
 * The README's text for npm.
 *
 * @param {string} text
 * @param {{ repository?: string | { url: string }, version?: string }} manifest
 */
export function forNpm(text, { repository, version }) {
  const url = typeof repository === 'object' ? repository.url : repository;
  const home = url?.replace(/^git\+/, '').replace(/\.git$/, '');
  const at = (kind, path) => `${home}/${kind}/v${version}/${path}`;
  const prose = (part) => {
    if (!home) {
      return part
        .replace(/<picture>[^]*?<\/picture>\n*/g, '')
        .replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, words, target) =>
          isRelative(target) ? `${words} (${target})` : link,
        );
    }
    return part
      .replace(/\b(src|srcset)="([^"]+)"/g, (whole, name, target) =>
        isRelative(target) ? `${name}="${at('raw', target)}"` : whole,
      )
      .replace(/\]\(([^)\s]+)\)/g, (whole, target) =>
        isRelative(target) ? `](${at('blob', target)})` : whole,
      );
  };
  const parts = text.split(CODE);
  return parts.map((part, place) => (place % 2 ? part : prose(part))).join('');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  const manifest = JSON.parse(read('pkg/package.json'));
  writeFileSync(new URL('../pkg/README.md', import.meta.url), forNpm(read('README.md'), manifest));
}
