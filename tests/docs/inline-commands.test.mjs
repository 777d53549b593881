// Commands in the running text of README and docs exist: targets of make, scripts, packages of cargo,
// and commands of the gateway. (shell.test.mjs runs those in blocks.)

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ROOT, documents } from './support/documents.mjs';

const gateway = process.env.GATEWAY ?? `${ROOT}target/release/realtimekit-gateway`;

/** A check for each command, by its first word. It returns the problem, or an empty string. */
const CHECKS = {
  make: ([target]) => {
    try {
      execFileSync('make', ['-s', '-n', target], { cwd: ROOT, stdio: 'ignore' });
      return '';
    } catch {
      return 'no such target';
    }
  },
  node: ([script]) => (existsSync(ROOT + script) ? '' : 'no such script'),
  cargo: (words) => {
    const name = words[words.indexOf('-p') + 1];
    if (!words.includes('-p')) return '';
    const manifests = ['', 'emulator/', 'gateway/'].map((folder) => `${ROOT}${folder}Cargo.toml`);
    const found = manifests.some((file) =>
      readFileSync(file, 'utf8').includes(`\nname = "${name}"`),
    );
    return found ? '' : 'no such package';
  },
  'realtimekit-gateway': ([command]) => {
    const help = execFileSync(gateway, ['--help'], { encoding: 'utf8' });
    return !command || new RegExp(`^  ${command}  `, 'm').test(help) ? '' : 'no such command';
  },
};

/** The commands in the text of a document, outside of its blocks. */
function commands(file) {
  const text = readFileSync(ROOT + file, 'utf8').replace(/^ *```.*\n[^]*?^ *```$/gm, '');
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  const scripts = spans.filter((code) => code.startsWith('scripts/'));
  const known = spans.filter((code) => code.split(' ')[0] in CHECKS && code.includes(' '));
  return [...known, ...scripts.map((code) => `node ${code}`)];
}

test('commands in the text exist', () => {
  // The changelog may name commands of earlier versions.
  const all = documents.filter((file) => file !== 'CHANGELOG.md').flatMap(commands);
  assert.ok(all.length > 15);
  const wrong = all.map((command) => {
    const [name, ...words] = command.split(' ');
    return [command, CHECKS[name](words)];
  });
  assert.deepEqual(
    wrong.filter(([, what]) => what),
    [],
  );
});

test('one that does not exist is found', () => {
  assert.equal(CHECKS.make(['no-such-target']), 'no such target');
  assert.equal(CHECKS.node(['scripts/no-such.mjs']), 'no such script');
  assert.equal(CHECKS.cargo(['build', '-p', 'no-such']), 'no such package');
  assert.equal(CHECKS['realtimekit-gateway'](['no-such']), 'no such command');
});
