// The Worker reads its variables as the process does, although JavaScript parses their TOML.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { until } from '../support/gateway.mjs';
import { startWorkers, variables } from '../support/gateway-workers.mjs';
import { parsed } from '../support/wire.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator?.stop());

/** Why the Worker does not use these settings; nothing if it does. */
async function problem(settings, how) {
  const gateway = await startWorkers(emulator, settings, how);
  try {
    const meeting = await emulator.meeting();
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}`);
    const { status } = await gateway.ask(gateway.grant(meeting), 'GET', path);
    if (status === 200) return undefined;
    assert.equal(status, 503);
    const log = await until(() => gateway.logs.map(parsed).find((line) => line?.what));
    return log.what;
  } finally {
    await gateway.stop();
  }
}

const identity = (moderators) => ({
  identity: {
    ...{ jwks_url: `${emulator.url}/keys`, issuer: 'https://id.example', audience: 'us' },
    moderators,
  },
});

test('numbers and lists are those of TOML', async () => {
  const good = { budget: { requests: '1_200', reserve: '1e-1' }, origins: '["https://a.example"]' };
  assert.equal(await problem(good), undefined);
  const field = (name) => variables({ [name]: '' })[0][0];
  const whole = 'must be a whole number';
  assert.equal(
    await problem({ budget: { requests: '1200.0' } }),
    `${field('budget.requests')}: ${whole}`,
  );
  assert.equal(
    await problem({ budget: { reserve: 'nan' } }),
    `${field('budget.reserve')}: must be a number`,
  );
  // A date is a text, as is what would be a second field.
  assert.equal(
    await problem({ budget: { requests: '2026-11-28' } }),
    `${field('budget.requests')}: ${whole}`,
  );
  assert.equal(
    await problem({ budget: { requests: '1200\nwindow_s = 1' } }),
    `${field('budget.requests')}: ${whole}`,
  );
});

test('a wrong entry of the moderators or the revocations is named, and no line of them', async () => {
  const place = 'app_id = "a"\nmeeting_id = "*"\ncan = ["read"]';
  const entry = (who) => identity(`[[moderator]]\n${who}\n${place}\n`);
  assert.equal(await problem(entry('email = "ann@example.com"')), undefined);
  assert.match(await problem(entry('sub = 2026-11-28')), /^RTK_GATEWAY__IDENTITY__MODERATORS: /);
  assert.match(await problem(entry('who = "never-shown"')), /: unknown field `who`, expected /);
  const broken = await problem(entry('sub = never-shown'));
  assert.match(broken, /^RTK_GATEWAY__IDENTITY__MODERATORS: \S+/);
  assert.doesNotMatch(broken, /never-shown/);
  assert.match(
    await problem({ revocations: '[[revoked]]\nissued_before = 1.0\n' }),
    /^RTK_GATEWAY__REVOCATIONS: invalid type: floating point `1.0`, expected u64/,
  );
});

test('what is bound as the bucket of the audit must be one', async () => {
  const bindings = [['AUDIT', 'realtimekit-audit']];
  assert.equal(await problem({}, { bindings }), 'AUDIT: must be an R2 bucket');
  assert.equal(await problem({}, { bucket: true }), undefined);
});
