// Compares the reference with the programs: flags of the emulator, options and methods of the client,
// attributes, events and custom properties of the element. Nothing may be missing or invented.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import Cloudflare, * as everything from 'realtimekit-moderator';
import { OURS, declared, exported, program } from '../support/compiler.mjs';
import { ROOT } from './support/documents.mjs';
import { codes, rows } from './support/tables.mjs';

const read = (file) => readFileSync(ROOT + file, 'utf8');

test('the flags of the emulator, with their defaults', () => {
  const binary = process.env.EMULATOR ?? `${ROOT}target/release/realtimekit-emulator`;
  const help = execFileSync(binary, ['--help'], { encoding: 'utf8' });
  const flags = help.split(/^ +(?=-\w, --|--)/m).slice(1);
  const real = flags.map((text) => {
    const [, flag] = /^(?:-\w, )?(--[^\n]+)/.exec(text);
    return [flag.trim(), /\[default: (.*)\]/.exec(text)?.[1]];
  });
  const written = rows('docs/reference/emulator.md', '# Flags').map(([flag, , value]) => [
    codes(flag)[0]
      .replace(/ (\w+)$/, ' <$1>')
      .replace(/ \[NAME=\]DIR$/, ' <[NAME=]DIR>'),
    codes(value)[0],
  ]);
  const unlisted = ['--help', '--version'];
  assert.deepEqual(
    written,
    real.filter(([flag]) => !unlisted.includes(flag)),
  );
});

test('the options and methods of the client', () => {
  const types = program([OURS]);
  const checker = types.getTypeChecker();
  const names = exported(types, OURS);
  const fields = (name) =>
    checker.getPropertiesOfType(declared(types, names[name])).map((one) => one.name);
  const written = (heading) =>
    rows('docs/reference/client.md', heading).flatMap(([cell]) => codes(cell));
  assert.deepEqual(written('# Client options').sort(), fields('ClientOptions').sort());
  assert.deepEqual(written('# Request options').sort(), fields('RequestOptions').sort());
  const methods = ['ActiveSession', 'Sessions', 'Meetings'].flatMap((name) => {
    const place = name[0].toLowerCase() + name.slice(1);
    return fields(name).map((method) => `${place}.${method}`);
  });
  const calls = written('# Methods').filter((code) => code.includes('('));
  assert.deepEqual(calls.map((code) => code.split('(')[0]).sort(), methods.sort());
});

test('the classes of errors, and what an error has', () => {
  const written = rows('docs/reference/errors.md', '# Classes').map(([cell]) => codes(cell)[0]);
  const classes = Object.entries(everything)
    .filter(([, value]) => value?.prototype instanceof Error)
    .map(([name]) => name);
  assert.deepEqual([...written, 'CloudflareError'].sort(), classes.sort());
  const { APIError } = Cloudflare;
  const own = Object.keys(new APIError(404, {}, 'message', {}));
  const properties = rows('docs/reference/errors.md', 'an APIError').map(
    ([cell]) => codes(cell)[0],
  );
  assert.deepEqual(properties.sort(), own.sort());
});

test('the attributes, events and custom properties of the element', () => {
  const page = 'docs/reference/element.md';
  const file = `${ROOT}pkg/element.d.ts`;
  const types = program([file]);
  const { RtkModerator } = exported(types, file);
  const members = [...RtkModerator.members.keys()].map(String);
  const listed = rows(page, '# Attributes and properties');
  // `lang` is every element's.
  const own = members.filter((name) => !/EventListener$/.test(name));
  assert.deepEqual(listed.flatMap(([, cell]) => codes(cell)).sort(), [...own, 'lang'].sort());
  const said = [...read('pkg/element.d.ts').matchAll(/Attribute `([\w-]+)`/g)];
  const attributes = said.map(([, name]) => name);
  assert.deepEqual(listed.flatMap(([cell]) => codes(cell)).sort(), [...attributes, 'lang'].sort());
  const events = rows(page, '# Events').map(([cell]) => codes(cell)[0]);
  const fired = [...read('pkg/element.d.ts').matchAll(/'(rtk-moderator-[\w-]+)': CustomEvent/g)];
  assert.deepEqual(
    events.filter((name) => name.startsWith('rtk-')).sort(),
    fired.map(([, name]) => name).sort(),
  );
  const custom = rows(page, '# Custom properties').flatMap(([cell]) => codes(cell));
  const dist = 'tests/node_modules/realtimekit-moderator/dist';
  const built = ['element.js', 'element-panels.js'].map((name) => read(`${dist}/${name}`)).join('');
  const used = new Set([...built.matchAll(/--rtk-moderator-[\w-]+/g)].map(([name]) => name));
  assert.deepEqual(custom.sort(), [...used].sort());
  const parts = [...built.matchAll(/part="([\w-]+)"/g)].map(([, part]) => part);
  const written = codes(read(page).split('# Parts')[1].split('\n\n')[1]).filter(
    (name) => !name.includes('('),
  );
  assert.deepEqual(written.sort(), [...new Set(parts)].sort());
});

test('the sizes in the guides are those of the packed files', () => {
  const packed = (name) =>
    readFileSync(`${ROOT}tests/node_modules/realtimekit-moderator/dist/${name}`);
  const kB = (bytes) => bytes.length / 1000;
  const near = (said, bytes, what) =>
    assert.ok(Math.abs(Number(said) - kB(bytes)) <= 1, `${what}: ${said}, not ${kB(bytes)}`);
  const wasm = packed('realtimekit_moderator_bg.wasm');
  const [, raw, small] =
    /the `\.wasm` \| (\d+) kB \| (\d+) kB/.exec(read('docs/importing.md')) ?? [];
  near(raw, wasm, 'the wasm');
  near(small, brotliCompressSync(wasm), 'the wasm, compressed');
  const guide = read('docs/element.md').split('## Size')[1];
  const said = [...guide.matchAll(/(\d+) kB/g)].map(([, number]) => number);
  const files = ['element.js', 'element-panels.js', 'element-de.js'];
  assert.equal(said.length, files.length);
  for (const [at, file] of files.entries()) near(said[at], brotliCompressSync(packed(file)), file);
});
