// `make docs` builds a site without broken links, which works from the disk with no network connection;
// its one search finds guides, the TypeScript reference and the Rust reference.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startChromium } from '../support/browser.mjs';
import { LIMIT } from '../support/eventually.mjs';
import { ROOT, documents } from './support/documents.mjs';

const site = `${ROOT}site/`;
const ids = new Map();

/** The IDs in a page, which an anchor may name. */
function idsOf(file) {
  if (!ids.has(file)) {
    const found = readFileSync(file, 'utf8').matchAll(/\b(?:id|name)="([^"]+)"/g);
    ids.set(file, new Set([...found].map(([, id]) => id)));
  }
  return ids.get(file);
}

/** The problem of a link in a page, or an empty string. */
function wrong(page, link) {
  if (/^(https?|data|mailto|javascript):/.test(link)) return '';
  const [path, anchor] = link.replaceAll('&amp;', '&').split('#');
  const file = path ? join(dirname(page), decodeURIComponent(path.split('?')[0])) : page;
  if (!existsSync(file) || statSync(file).isDirectory()) return 'no such file';
  if (!anchor || !file.endsWith('.html')) return '';
  // rustdoc finds lines of its source pages by a script.
  if (file.includes('/rust/src/')) return '';
  const known = idsOf(file);
  return known.has(anchor) || known.has(decodeURIComponent(anchor)) ? '' : 'no such anchor';
}

let browser;
before(async () => {
  execFileSync('node', [`${ROOT}scripts/site/build.mjs`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  browser = await startChromium();
});
after(() => browser?.close());

test('no link of the site is broken', () => {
  const names = readdirSync(site, { recursive: true, encoding: 'utf8' });
  const pages = names.filter((name) => name.endsWith('.html') && !name.startsWith('rust/src/'));
  assert.ok(pages.length > 100);
  const broken = [];
  for (const name of pages) {
    const page = join(site, name);
    const html = readFileSync(page, 'utf8').replace(/<script[^]*?<\/script>/g, '');
    for (const [, link] of html.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)) {
      const what = wrong(page, link);
      if (what) broken.push(`${name}: ${link}: ${what}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('a broken link would be found', () => {
  const page = join(site, 'index.html');
  assert.equal(wrong(page, 'no-such-page.html'), 'no such file');
  assert.equal(wrong(page, '#no-such-anchor'), 'no such anchor');
});

test('every document is a page', () => {
  const generated = ['docs/api-surface.md', 'docs/api-surface-rust.md', 'docs/README.md'];
  const pages = readdirSync(`${site}documents`);
  assert.equal(pages.length, documents.filter((file) => !generated.includes(file)).length);
});

describe('the search, from the disk and offline', () => {
  const found = async (words) => {
    const context = await browser.newContext({ offline: true });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT);
      await page.goto(pathToFileURL(join(site, 'index.html')).href);
      await page.locator('#tsd-search-trigger').click();
      await page.locator('#tsd-search-input').fill(words);
      const results = page.locator('#tsd-search-results a');
      await results.first().waitFor();
      const links = await results.evaluateAll((all) => all.map((one) => one.href));
      await results.first().click();
      return { links: links.map((link) => link.split('/site/')[1]), title: await page.title() };
    } finally {
      await context.close();
    }
  };
  const cases = [
    ['Retry-After', /^documents\//],
    ['reset-after', /^documents\/Testing_with_the_emulator|^documents\/Emulator_reference/],
    ['RateLimitError', /^classes\/.*RateLimitError/],
    ['ParticipantIds', /^rust\/realtimekit_moderator\/.*ParticipantIds/],
  ];
  for (const [words, expected] of cases) {
    test(words, async () => {
      const { links, title } = await found(words);
      assert.ok(
        links.some((link) => expected.test(link)),
        links.join('\n'),
      );
      assert.ok(title);
    });
  }
});
