// The README has the order in which people ask, and its first example works as printed: with the account
// of the environment, with an explicit one, and in its error case.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ROOT, blocks } from './support/documents.mjs';
import { runExample } from './support/run-example.mjs';
import { compile } from './support/typescript.mjs';
import { startWorld } from './support/world.mjs';

const ORDER = [
  ...['Install', 'Do I need it?', 'Which part do I need?', 'From your backend', 'Sign a grant'],
  ...['Run a gateway', 'Add the element', 'Watch live', 'Errors, retries, timeouts and aborts'],
  ...['Test it', 'Coming from cloudflare', 'Troubleshooting', 'Why it is safe'],
  'Figures and internals',
];

/** Messages that the troubleshooting table must explain. */
const MESSAGES = [
  ...['Connection error.', 'The grant is not valid', 'The origin is not allowed'],
  'Content Security Policy',
];

test('the README is short, in order, and starts with a picture', () => {
  const text = readFileSync(`${ROOT}README.md`, 'utf8');
  assert.ok(text.trimEnd().split('\n').length < 250);
  const prose = text.replace(/^```.*\n[^]*?^```$/gm, '');
  assert.deepEqual(
    [...prose.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
    ORDER,
  );
  assert.ok(text.indexOf('<picture>') < text.indexOf('## Install'));
  const [, table] = /^## Troubleshooting\n([^]*?)^## /m.exec(text) ?? [];
  for (const message of MESSAGES) assert.ok(table?.includes(message), message);
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
      const ran = await runExample(hero, world);
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
      const ran = await runExample(explicit, world, { env: { CLOUDFLARE_BASE_URL } });
      assert.deepEqual([ran.code, ran.err], [0, '']);
      assert.equal(ran.out, '25 participants in Weekly all-hands\n');
    } finally {
      await world.stop();
    }
  });

  test('prints the API’s message when no session is live, and fails on other errors', async () => {
    const world = await startWorld({ flags: ['--participants', '0'] });
    try {
      const ended = await runExample(hero, world);
      assert.deepEqual([ended.code, ended.err], [0, '']);
      assert.match(ended.out, /^404 No active session found/);
      const { CLOUDFLARE_API_TOKEN, ...rest } = world.env;
      const refused = await runExample(hero, world, {
        env: { ...rest, CLOUDFLARE_API_TOKEN: 'wrong' },
      });
      assert.equal(refused.code, 1);
      assert.match(refused.err, /AuthenticationError: 401 Authentication error/);
    } finally {
      await world.stop();
    }
  });
});

test('the gateway accepts a grant that the README’s function signs', async () => {
  const { code: signing } = blocks.find(({ code }) => code.includes('function moderatorGrant'));
  const world = await startWorld({ gateway: true });
  try {
    const { app_id, meeting_id } = world.emulator;
    const ids = JSON.stringify(['ann', app_id, meeting_id]);
    const env = { GRANT_SECRET: world.gateway.secret };
    const code = `${signing}\nconsole.log(await moderatorGrant(...${ids}));`;
    const signed = await runExample(code, world, { env });
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
