// The table of threats in docs/gateway.md says which test shows what: all of them exist.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const rows = read('docs/gateway.md')
  .split('\n| threat |')[1]
  .split('\n\n')[0]
  .split('\n')
  .slice(2)
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

/** The titles in a file of tests, whatever they are quoted by. */
function titlesIn(file) {
  const source = read(`tests/${file}.test.mjs`);
  return [
    ...source.matchAll(/\b(?:test|describe|processTest|processDescribe)\(\s*(['"`])(.*?)\1,/g),
  ].map(([, , title]) => title);
}

assert.ok(rows.length > 20);
describe('what shows that a threat is met', () => {
  for (const [threat, , shown] of rows.filter(([, , cell]) => cell !== '–')) {
    test(threat, () => {
      const named = [
        ...shown.matchAll(/`((?:gateway|page|element)\/[\w-]+)`: ("[^"]+"(?:, "[^"]+")*)/g),
      ];
      assert.ok(named.length > 0);
      for (const [, file, list] of named) {
        const titles = titlesIn(file);
        for (const [, title] of list.matchAll(/"([^"]+)"/g)) {
          assert.ok(titles.includes(title), `${file}: ${title}`);
        }
      }
      // No file is named without its test.
      assert.equal(named.length, [...shown.matchAll(/`(?:gateway|page|element)\//g)].length);
    });
  }
});
