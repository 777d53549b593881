// Every link of the documents leads somewhere: a file of the repository, and in a document a heading.
// The README as npm shows it, pkg/README.md, has no relative link: npm has no files for one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import GitHubSlugger from 'github-slugger';
import { ROOT, documents } from './support/documents.mjs';
import { forNpm } from '../../scripts/npm-readme.mjs';

const read = (file) => readFileSync(ROOT + file, 'utf8');

/** A Markdown text without its code, in which nothing is a link. */
const prose = (text) =>
  text.replace(/^ *```.*\n[^]*?^ *```$/gm, '').replace(/(`+)[^`\n]+?\1(?!`)/g, '`code`');

/** The targets of links and pictures. */
function targets(text) {
  const markdown = [...prose(text).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)];
  const html = [...prose(text).matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)];
  return [...markdown, ...html].map(([, target]) => target);
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(file) {
  const slugger = new GitHubSlugger();
  const text = read(file).replace(/^ *```.*\n[^]*?^ *```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    slugger.slug(heading.replace(/`/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
}

/** The problem of a link in a document, or an empty string. */
function wrong(file, target) {
  if (/^https:\/\//.test(target)) return '';
  if (/^\w+:/.test(target)) return 'another scheme';
  const [path, anchor] = target.split('#');
  const linked = path ? normalize(join(dirname(file), path)) : file;
  if (linked.startsWith('..')) return 'outside the repository';
  if (!existsSync(ROOT + linked)) return 'no such file';
  if (anchor === undefined) return '';
  if (!linked.endsWith('.md')) return 'an anchor in what is no document';
  return anchors(linked).includes(anchor) ? '' : 'no such heading';
}

describe('links lead somewhere', () => {
  for (const file of documents) {
    test(file, () => {
      const found = targets(read(file)).map((target) => [target, wrong(file, target)]);
      assert.deepEqual(
        found.filter(([, what]) => what),
        [],
      );
    });
  }

  test("the README of the crate registry's page, which has no files for a relative link", () => {
    const found = targets(read('src/README.md'));
    assert.ok(found.length > 0);
    assert.deepEqual(
      found.filter((target) => !/^https:\/\//.test(target)),
      [],
    );
  });

  test('a broken link is found', () => {
    assert.equal(wrong('docs/README.md', 'no-such-file.md'), 'no such file');
    assert.equal(wrong('docs/README.md', 'moving.md#no-such-heading'), 'no such heading');
    assert.equal(wrong('docs/README.md', '../../x'), 'outside the repository');
    assert.equal(wrong('docs/README.md', '../README.md#install'), '');
    assert.deepEqual(targets('[a](b.md "t") `[c](d)` <img src="e.png">'), ['b.md', 'e.png']);
  });
});

test('every document is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const file of reached) {
    for (const target of file.endsWith('.md') ? targets(read(file)) : []) {
      if (/^\w+:/.test(target)) continue;
      reached.add(normalize(join(dirname(file), target.split('#')[0] || '.')));
    }
  }
  assert.deepEqual(
    documents.filter((file) => !reached.has(file)),
    [],
  );
});

describe('the README on npm', () => {
  const readme = read('README.md');
  const repository = 'https://github.com/owner/name';
  const relative = (text) => targets(text).filter((target) => !/^(https:|#)/.test(target));

  test('has no relative link', () => {
    assert.ok(relative(readme).length > 10);
    assert.deepEqual(relative(forNpm(readme, {})), []);
    assert.deepEqual(relative(forNpm(readme, { repository, version: '1.2.3' })), []);
  });

  test('links to the repository at its version, if there is one', () => {
    const text = forNpm('[a](docs/a.md#b) <img src="c.png" /> [d](#e)', {
      repository: { type: 'git', url: `git+${repository}.git` },
      version: '1.2.3',
    });
    const at = 'https://github.com/owner/name';
    assert.equal(
      text,
      `[a](${at}/blob/v1.2.3/docs/a.md#b) <img src="${at}/raw/v1.2.3/c.png" /> [d](#e)`,
    );
  });

  test('says a path where there is no repository to link to', () => {
    assert.equal(
      forNpm('See [the guide](docs/a.md), [b](#c).', {}),
      'See the guide (docs/a.md), [b](#c).',
    );
    assert.equal(forNpm('a\n\n<picture>\n<img src="x" />\n</picture>\n\nb', {}), 'a\n\nb');
  });

  test('is what is packed', () => {
    const manifest = JSON.parse(read('pkg/package.json'));
    assert.equal(read('pkg/README.md'), forNpm(readme, manifest));
  });
});
