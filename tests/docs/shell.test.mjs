// Every shell block of README and docs runs as a bash script that ends at the first error. The blocks of a
// document share a folder with its `file=` blocks. support/commands.mjs replaces commands that would
// download, build or run forever, and lists them. TOML and JSON blocks are parsed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { commands } from './support/commands.mjs';
import { ROOT, blocks, exampleOf, programs } from './support/documents.mjs';
import { startWorld } from './support/world.mjs';

/** The API token that a reader pastes into a file. */
const TOKEN = 'emulator-token\n';

const base = mkdtempSync(join(tmpdir(), 'docs-shell-'));
after(() => rmSync(base, { recursive: true, force: true }));
const bin = commands(join(base, 'clone'));
symlinkSync(`${ROOT}www`, join(base, 'clone/www'));

/** A folder for the blocks of a document, with its files in it. */
function folderOf(file) {
  const folder = join(base, 'clone', 'in', file.replace(/\W/g, '-'));
  mkdirSync(folder, { recursive: true });
  for (const name of ['target', 'www']) {
    try {
      symlinkSync(join(base, 'clone', name), join(folder, name));
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  for (const { file: other, words, code } of blocks) {
    const name = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    if (other === file && name) writeFileSync(join(folder, name), code);
  }
  // The file that a document tells a reader to put the API token into.
  writeFileSync(join(folder, 'api-token'), TOKEN);
  for (const place of ['usr/local/bin', 'usr/share', 'var/lib', 'etc/systemd/system']) {
    mkdirSync(join(folder, place), { recursive: true });
  }
  // The files that it tells them to copy.
  const deploy = 'gateway/deploy';
  mkdirSync(join(folder, deploy), { recursive: true });
  for (const name of readdirSync(join(ROOT, deploy))) {
    const shipped = readFileSync(join(ROOT, deploy, name), 'utf8');
    writeFileSync(join(folder, deploy, name), inside(folder, shipped));
  }
  return folder;
}

/** A text whose paths of the machine lie in a folder of the test: nothing is installed here. */
function inside(folder, text) {
  return text.replace(/(?<![\w/.])\/(?=(etc|usr\/local|usr\/share|var\/lib)\/)/g, `${folder}/`);
}

async function run(program, world) {
  const script = program.map(({ code }) => code).join('\n');
  // As with `curl -f`, an error status is a failure.
  const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body -sS "$@"; }\n';
  const folder = folderOf(program[0].file);
  const child = spawn('bash', ['--norc', '-c', strict + inside(folder, script)], {
    cwd: folder,
    env: {
      HOME: process.env.HOME,
      CARGO_HOME: process.env.CARGO_HOME ?? `${process.env.HOME}/.cargo`,
      PATH: `${bin}:${process.env.PATH}`,
      REAL_PATH: process.env.PATH,
      ...world.variables,
      RTK_GATEWAY__UPSTREAM__BASE_URL: world.emulator.base_url,
      RTK_GATEWAY__LISTEN: '127.0.0.1:0',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A script that reads nothing has ended before.
  child.stdin.on('error', () => {});
  child.stdin.end(TOKEN);
  const [[code], out, err] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}

describe('shell blocks run', () => {
  const found = programs('sh', 'bash');
  assert.ok(found.length >= 8);
  for (const program of found) {
    test(program[0].id, async () => {
      const world = await startWorld({ gateway: program[0].words.includes('gateway') });
      try {
        const { code, out, err } = await run(program, world);
        assert.equal(code, 0, `${out}${err}`);
      } finally {
        await world.stop();
      }
    });
  }

  test('a command that fails is found', async () => {
    const world = await startWorld();
    try {
      const wrong = { ...found[0][0], code: 'curl "$URL/client/v4/accounts/x"; true\n' };
      assert.equal((await run([wrong], world)).code, 22);
      for (const code of ['make no-such-target', 'systemctl start no-such', 'docker run x']) {
        assert.notEqual((await run([{ ...wrong, code }], world)).code, 0, code);
      }
      const known = { ...wrong, code: 'systemctl enable --now realtimekit-gateway' };
      assert.equal((await run([known], world)).code, 0);
    } finally {
      await world.stop();
    }
  });
});

describe('data blocks are what they say', () => {
  const parsers = { json: JSON.parse, toml: parseToml };
  for (const block of blocks.filter(({ unrun }) => !unrun)) {
    const parse = parsers[block.language];
    if (parse) test(block.id, () => assert.ok(parse(block.code)));
  }
});

describe('diff blocks change what they say', () => {
  for (const { id, code } of blocks.filter(({ language }) => language === 'diff')) {
    test(id, () => {
      const side = (sign) => {
        const lines = code.trim().split('\n');
        return lines.filter((line) => line[0] === sign).map((line) => line.slice(1));
      };
      const [before, now] = [side('-'), side('+')];
      assert.equal(before.length, now.length);
      for (const [at, line] of before.entries()) {
        assert.match(line, /^import .* from 'cloudflare(\/[\w-]+)*';$/);
        const swapped = line.replace(/from '.*'/, "from 'realtimekit-moderator'");
        assert.equal(now[at], swapped);
      }
    });
  }
});

test('every block is compiled, run or parsed, or says why not', (context) => {
  const known = ['ts', 'js', 'html', 'sh', 'bash', 'rust', 'toml', 'json', 'diff', 'text'];
  for (const block of blocks) {
    const { id, language, unrun } = block;
    // One that is a file of an example is built and used there.
    const isKnown = known.includes(language) || exampleOf(block);
    assert.ok(unrun || isKnown, `${id}: ${language || 'no language'}`);
    if (unrun !== undefined) {
      assert.ok(unrun.length > 10, `${id}: give a reason`);
      context.diagnostic(`${id} is not run: ${unrun}`);
    }
  }
});
