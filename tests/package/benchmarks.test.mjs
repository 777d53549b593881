// The results of the benchmarks as JSON: the figures that are printed, the machine and the versions.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { print, taken, target } from '../../bench/table.mjs';

const run = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../pkg/package.json', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'benchmarks-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args) => spawnSync(process.execPath, [run, ...args], { encoding: 'utf8' });

test('the file has what is printed, the machine and the versions', () => {
  const file = join(folder, 'results.json');
  const { stdout, status, stderr } = bench('workers-day', '--json', file);
  assert.equal(status, 0, stderr);
  const results = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(results.version, version);
  assert.equal(results.versions.node, process.version);
  assert.ok(results.machine.cores >= 1 && results.machine.memory_bytes > 0);
  assert.ok(Math.abs(Date.parse(results.date) - Date.now()) < 3_600_000);
  const [{ name, tables }] = results.parts;
  assert.deepEqual([results.parts.length, name, tables.length], [1, 'workers-day', 2]);
  for (const { title, columns, rows } of tables) {
    assert.ok(stdout.includes(title));
    for (const row of rows) {
      assert.equal(row.values.length, columns.length);
      assert.match(stdout, new RegExp(`${row.name} +${row.values.join(' +')}`));
    }
  }
});

test('figures are not rounded, and targets say whether they are met', (t) => {
  const lines = [];
  t.mock.method(console, 'log', (line) => lines.push(line));
  const targets = [target('size', 1234.5678, false, 'at most 1,000'), 'a note'];
  print('Table', ['ms'], [['one', 0.123456]], targets);
  t.mock.restoreAll();
  assert.deepEqual(lines, [
    '\nTable',
    '          ms',
    '  one   0.12',
    '  MISSED: size 1,234.6, wanted at most 1,000',
    '  a note',
  ]);
  const [table] = JSON.parse(JSON.stringify(taken()));
  assert.deepEqual(table, {
    ...{ title: 'Table', columns: ['ms'], rows: [{ name: 'one', values: [0.123456] }] },
    targets: [{ what: 'size', value: 1234.5678, wanted: 'at most 1,000', met: false }],
    notes: ['a note'],
  });
  assert.deepEqual(taken(), []);
});

test('an unknown part, or a folder that is not there, fails before anything is measured', () => {
  for (const [args, message] of [
    [['workers-day', 'nope'], 'no such part: nope'],
    [['workers-day', '--json', join(folder, 'nowhere', 'results.json')], 'no such file'],
  ]) {
    const { stdout, stderr, status } = bench(...args);
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(message));
    assert.doesNotMatch(stdout, /meetings/);
  }
});
