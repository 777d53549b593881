// Copies the Markdown documents as pages of the site, with a title and a group for the navigation, and with
// links that work from there.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** The documents in their order in the navigation, by the group they are in. */
const GROUPS = {
  Guides: [
    ...[
      'README.md',
      'docs/moving.md',
      'docs/importing.md',
      'docs/watching.md',
      'docs/live.md',
      'docs/element.md',
    ],
    ...['docs/gateway.md', 'docs/deploy.md', 'docs/workers.md', 'docs/emulator.md', 'docs/rust.md'],
  ],
  Reference: 'docs/reference/',
  Inside: ['docs/architecture.md', 'docs/size.md', 'docs/decisions/'],
  Project: ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
};

/** The page that the site starts with. */
const START = 'docs/README.md';

/** Stands for the top of the site in links, until the pages are built. */
export const TOP = 'https://site.invalid/';

/**
 * Writes the pages into `folder`, which must be directly below `root`.
 *
 * @param {string} root
 * @param {string} folder
 * @param {string[]} documents every document, by its path in the repository
 * @param {string} rust the address of the Rust reference in the site
 * @returns {{ start: string, pages: string[] }} paths
 */
export function writePages(root, folder, documents, rust) {
  const isIn = (file, place) => file === place || (place.endsWith('/') && file.startsWith(place));
  const ordered = Object.entries(GROUPS).flatMap(([group, places]) =>
    [places].flat().flatMap((place) => {
      const found = documents.filter((file) => file !== START && isIn(file, place)).sort();
      return found.map((file) => ({ group, file }));
    }),
  );
  const known = ordered.map(({ file }) => file);
  // The TypeScript and Rust references replace these lists.
  const replaced = {
    [START]: 'index.html',
    'docs/api-surface.md': 'modules.html',
    'docs/api-surface-rust.md': rust,
  };
  const left = documents.filter((file) => !known.includes(file) && !(file in replaced));
  if (left.length > 0) throw new Error(`no group of the site has ${left.join(', ')}`);

  const put = (file, front = '') => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    const text = readFileSync(join(root, file), 'utf8');
    writeFileSync(path, front + relinked(text, file, { root, known, replaced }));
    return path;
  };
  const pages = ordered.map(({ group, file }) => {
    const title = file === 'README.md' ? 'README' : titleOf(readFileSync(join(root, file), 'utf8'));
    return put(file, `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n\n`);
  });
  return { start: put(START), pages };
}

const titleOf = (text) => /^# (.*)$/m.exec(text)?.[1].replace(/[`<>]/g, '') ?? 'Untitled';

/** A document's text with links that are right in the folder of the pages. */
function relinked(text, file, { root, known, replaced }) {
  const up = '../'.repeat(file.split('/').length);
  const link = (whole, words, target) => {
    if (/^(\w+:|#)/.test(target)) return whole;
    const [path, anchor] = target.split('#');
    const linked = posix.normalize(posix.join(posix.dirname(file), path));
    if (known.includes(linked)) return whole;
    if (linked in replaced) return `[${words}](${TOP}${replaced[linked]})`;
    const place = join(root, linked);
    // A folder is nothing that a site could show.
    if (!existsSync(place) || statSync(place).isDirectory()) return words;
    return `[${words}](${up}${linked}${anchor ? `#${anchor}` : ''})`;
  };
  // Code blocks stay unchanged, except the words for the tests in their info string.
  const parts = text.split(/(^ *```[^]*?^ *```$)/m);
  const changed = parts.map((part, at) => {
    if (at % 2) return part.replace(/^( *```\w*)[^\n`]*\n/, '$1\n');
    return part
      .replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, link)
      .replace(/\b(src|srcset)="([^":]+)"/g, (_, name, target) => {
        return `${name}="${up}${posix.join(posix.dirname(file), target)}"`;
      });
  });
  return changed.join('');
}
