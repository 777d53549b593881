// Every TypeScript block of README and docs compiles strictly, and runs as it is printed: in Node,
// against the emulator. (html.test.mjs runs those that are for a page.) Only addresses and secrets
// come from outside: from the environment, and by sending the example host to a gateway.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { ROOT, blocks, output, programs } from './support/documents.mjs';
import { compile, toJavaScript } from './support/typescript.mjs';
import { EXAMPLE_HOST, EXAMPLE_HOSTS, startWorld } from './support/world.mjs';

const LANGUAGES = ['ts', 'js'];
const scratch = `${ROOT}tests/docs/scratch/`;
mkdirSync(scratch, { recursive: true });

const found = programs(...LANGUAGES);
const source = (program) => program.map(({ code }) => code).join('\n');
const name = (program) => program[0].id;

/** Runs a module from a file of its own, in the folder of a reader's clone. */
async function run(code, world, { env = world.env, onLine = async () => {} } = {}) {
  const file = `${scratch}example-${process.pid}-${(run.count = (run.count ?? 0) + 1)}.mjs`;
  writeFileSync(file, toJavaScript(code));
  const child = spawn(process.execPath, ['--import', EXAMPLE_HOSTS, file], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, GRANT_SECRET: 'x'.repeat(32), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    if (lines.push(line) === 1) onLine().catch((error) => child.kill() && lines.push(error.stack));
  });
  const read = once(reader, 'close');
  const [[code_], err] = await Promise.all([once(child, 'close'), text(child.stderr), read]);
  return { code: code_, out: lines.map((line) => `${line}\n`).join(''), err };
}

describe('TypeScript blocks compile', () => {
  const errors = compile(Object.fromEntries(found.map((one) => [name(one), source(one)])));
  for (const program of found) {
    test(name(program), () => assert.deepEqual(errors[name(program)], []));
  }

  test('a mistake is found', () => {
    const code = "import Cloudflare from 'realtimekit-moderator';\nnew Cloudflare({ token: 1 });\n";
    const { wrong } = compile({ wrong: code });
    assert.match(wrong[0], /^line 2: .*'token'/);
  });
});

describe('TypeScript blocks run', () => {
  for (const program of found.filter(([{ words }]) => !words.includes('page'))) {
    test(name(program), async () => {
      const code = source(program);
      const world = await startWorld({ gateway: code.includes(EXAMPLE_HOST) });
      try {
        // A loop over `watch()` goes on until the session ends.
        const onLine = () => world.emulator.control('POST', 'end-session', {});
        const ran = await run(code, world, code.includes('.watch(') ? { onLine } : {});
        assert.equal(ran.code, 0, ran.err);
        assert.equal(ran.err, '');
        const expected = output(program);
        if (expected !== undefined) assert.equal(ran.out, expected);
      } finally {
        await world.stop();
      }
    });
  }
});

describe('the first example of the README', () => {
  const hero = blocks.find(({ file, language }) => file === 'README.md' && language === 'ts').code;

  test('is about ten lines, with one error case', () => {
    assert.ok(hero.trim().split('\n').filter(Boolean).length <= 13);
    assert.equal(hero.split('catch (').length, 2);
  });

  test('runs with the account of the environment', async () => {
    const world = await startWorld();
    try {
      const ran = await run(hero, world);
      assert.deepEqual([ran.code, ran.err], [0, '']);
      assert.equal(ran.out, '25 participants in Weekly all-hands\n');
      const [kick] = await world.emulator.requests('KickParticipants');
      assert.deepEqual([kick.status, kick.acted], [200, true]);
    } finally {
      await world.stop();
    }
  });

  test('runs with an explicit account, as its comment says', async () => {
    const world = await startWorld();
    try {
      const { CLOUDFLARE_BASE_URL } = world.env;
      const form = "new Cloudflare({ apiToken: '…', accountId: '…' })";
      assert.ok(hero.includes(`new Cloudflare(); // or: ${form}\n`));
      const { api_token, account_id } = world.emulator;
      const [token, account] = [api_token, account_id];
      const filled = form.replace('…', token).replace('…', account);
      const explicit = hero.replace('new Cloudflare()', filled);
      assert.deepEqual(compile({ explicit }), { explicit: [] });
      const ran = await run(explicit, world, { env: { CLOUDFLARE_BASE_URL } });
      assert.deepEqual([ran.code, ran.err], [0, '']);
      assert.equal(ran.out, '25 participants in Weekly all-hands\n');
    } finally {
      await world.stop();
    }
  });

  test('prints the API’s message when no session is live, and fails on other errors', async () => {
    const world = await startWorld({ flags: ['--participants', '0'] });
    try {
      const ended = await run(hero, world);
      assert.deepEqual([ended.code, ended.err], [0, '']);
      assert.match(ended.out, /^404 No active session found/);
      const { CLOUDFLARE_API_TOKEN, ...rest } = world.env;
      const refused = await run(hero, world, { env: { ...rest, CLOUDFLARE_API_TOKEN: 'wrong' } });
      assert.equal(refused.code, 1);
      assert.match(refused.err, /AuthenticationError: 401 Authentication error/);
    } finally {
      await world.stop();
    }
  });
});

test('the gateway accepts a grant that the README’s function signs', async () => {
  const signing = source(found.find((one) => source(one).includes('function moderatorGrant')));
  const world = await startWorld({ gateway: true });
  try {
    const { app_id, meeting_id } = world.emulator;
    const ids = JSON.stringify(['ann', app_id, meeting_id]);
    const env = { GRANT_SECRET: world.gateway.secret };
    const signed = await run(`${signing}\nconsole.log(moderatorGrant(...${ids}));`, world, { env });
    assert.deepEqual([signed.code, signed.err], [0, '']);
    const path = world.gateway.path({ app_id }, `meetings/${meeting_id}/active-session`);
    const read = await world.gateway.ask(signed.out.trim(), 'GET', path);
    assert.equal(read.status, 200, read.text);
    const all = await world.gateway.ask(signed.out.trim(), 'POST', `${path}/kick-all`);
    assert.equal(all.body.errors[0].message, 'The grant lacks the permission kick_all');
  } finally {
    await world.stop();
  }
});
