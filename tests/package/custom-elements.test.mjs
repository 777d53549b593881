// custom-elements.json, which editors read, describes the element as its reference, its types and the element itself do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const manifest = require('realtimekit-moderator/custom-elements.json');
const [element] = manifest.modules[0].declarations;
const reference = readFileSync(new URL('../../docs/reference/element.md', import.meta.url), 'utf8');
const names = (list) => list.map(({ name }) => name).sort();

/** The names in code in a column of the reference's tables, of the section with this heading. */
function documented(heading, column) {
  const [, section] = reference.split(`## ${heading}\n`);
  const rows = section.split('\n## ')[0].match(/^\| .*\|$/gm);
  return rows
    .flatMap((row) => [...row.split(' | ')[column].matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    .filter((name) => !name.includes('{'));
}

test('package.json names it', () => {
  const { customElements } = require('realtimekit-moderator/package.json');
  assert.equal(customElements, 'custom-elements.json');
  assert.equal(manifest.schemaVersion, '1.0.0');
  assert.equal(element.tagName, 'rtk-moderator');
});

test('attributes and properties are those of the reference', () => {
  const rows = (column) =>
    documented('Attributes and properties', column).filter((name) => name !== 'element');
  assert.deepEqual(names(element.attributes), rows(0).sort());
  assert.deepEqual(names(element.members), rows(1).sort());
  for (const { name, fieldName } of element.attributes)
    assert.equal(element.members.find((member) => member.name === fieldName)?.attribute, name);
});

test('the attributes are those that the element observes', async () => {
  const { RtkModerator } = await import('realtimekit-moderator/element');
  globalThis.litPropertyMetadata ??= new WeakMap();
  const observed = new Set(RtkModerator.observedAttributes);
  for (const { name } of element.attributes) assert.ok(observed.has(name), name);
});

test('events, parts and custom properties are those of the reference', () => {
  const [events] = [documented('Events', 0).filter((name) => name.startsWith('rtk-moderator-'))];
  assert.deepEqual(names(element.events), events.sort());
  assert.deepEqual(names(element.cssProperties), documented('Custom properties', 0).sort());
  const [, parts] = /For `::part\(\)`: (.*)\./.exec(reference);
  const listed = [...parts.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(names(element.cssParts), listed.sort());
});

test('members and events are those of the types', () => {
  const types = require
    .resolve('realtimekit-moderator/package.json')
    .replace('package.json', 'element.d.ts');
  const text = readFileSync(types, 'utf8');
  const [, body] = /declare class RtkModerator[^{]*\{([^]*?)\n\}/.exec(text);
  const members = new Set(
    [...body.matchAll(/^ {2}(?:get |set )?(\w+)(?::|\()/gm)].map(([, name]) => name),
  );
  for (const { name } of element.members) if (name !== 'lang') assert.ok(members.has(name), name);
  const events = [...text.matchAll(/^ {2}'(rtk-moderator-[\w-]+)': CustomEvent/gm)];
  assert.deepEqual(names(element.events), events.map(([, name]) => name).sort());
});
