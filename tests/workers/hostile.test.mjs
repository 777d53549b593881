// What strangers and moderators can do to the Worker that a process has no place for: its runtime passes on headers and bodies
// that the process's HTTP refuses, and its memory is one for many meetings.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { keyPair, startProvider } from '../support/grants.mjs';
import { watch } from '../support/live.mjs';
import { answers, open, raw } from '../support/wire.mjs';

const POLL = { question: 'Tea?', options: ['yes', 'no'] };
const WEBHOOKS = '/hooks/realtimekit';

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, {
    ...ROOMY,
    webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json` },
  });
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const at = (meeting, rest = '') => gateway.path(meeting, `meetings/${meeting.meeting_id}${rest}`);

test(
  'a header with a control character is refused, and breaks no request of others',
  { timeout: 60_000 },
  async () => {
    const meeting = await emulator.meeting();
    const faults = { operation: 'CreatePoll', meeting_id: meeting.meeting_id };
    await emulator.control('POST', 'faults', { ...faults, steps: ['delay:ms=1500'] });
    const polled = gateway.ask(
      gateway.grant(meeting),
      'POST',
      at(meeting, '/active-session/poll'),
      POLL,
    );
    await until(async () => (await emulator.requests(meeting.meeting_id)).length);
    for (const header of [
      'x-any: a\x01b',
      'x-any: \x7f',
      'idempotency-key: a\x02',
      'origin: \x1b',
    ]) {
      const head = `GET ${at(meeting)} HTTP/1.1\r\nhost: ${new URL(gateway.url).host}\r\n${header}\r\n`;
      const [response] = await raw(gateway.url, `${head}connection: close\r\n\r\n`);
      assertRefusal(response, 400, 'a header holds a control character', header);
    }
    const { status, text } = await polled;
    assert.equal(status, 201, text);
    assert.deepEqual(
      gateway.logs.filter((line) => line.includes('panic')),
      [],
    );
  },
);

test('a webhook’s body is read no further than it may be long', { timeout: 60_000 }, async () => {
  const connection = await open(gateway.url);
  const host = `host: ${new URL(gateway.url).host}\r\n`;
  const signed = 'rtk-signature: AAAA\r\nrtk-uuid: one\r\n';
  connection.write(
    `POST ${WEBHOOKS} HTTP/1.1\r\n${host}${signed}transfer-encoding: chunked\r\n\r\n`,
  );
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  // It has no end.
  for (let n = 0; n < 8; n += 1) connection.write(chunk);
  const text = await connection.until((came) => came.includes('\r\n\r\n'));
  connection.close();
  assert.equal(answers(text)[0].status, 413);
});

test(
  'busy reads of a session are not shared with moderators of another meeting',
  { timeout: 60_000 },
  async (t) => {
    const pair = keyPair('ES256');
    const provider = await startProvider(pair);
    t.after(provider.stop);
    const [own, other] = [await emulator.meeting(1), await emulator.meeting(2)];
    const right = (sub, { app_id, meeting_id }) =>
      `[[moderator]]\nsub = "${sub}"\napp_id = "${app_id}"\nmeeting_id = "${meeting_id}"\ncan = ["read"]\n`;
    const made = await startWorkers(emulator, {
      ...ROOMY,
      identity: {
        ...{ jwks_url: provider.url, issuer: provider.issuer, audience: provider.audience },
        moderators: right('both', own) + right('both', other) + right('one', own),
      },
    });
    t.after(made.stop);
    const kit = `${emulator.base_url}/accounts/${emulator.account_id}/realtime/kit/${other.app_id}`;
    const session = await fetch(`${kit}/meetings/${other.meeting_id}/active-session`, {
      headers: { authorization: `Bearer ${emulator.api_token}` },
    });
    const { data } = await session.json();
    const path = made.path(other, `sessions/${data.id}/participants`);
    const ask = (sub) => made.ask(provider.token(pair, { sub }), 'GET', path);
    // No one has named the session's meeting yet, so that all of them ask the object of their first one.
    const asked = ['both', 'one'].flatMap((sub) => Array.from({ length: 150 }, () => ask(sub)));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses.slice(0, 150))], [200]);
    assert.deepEqual([...new Set(statuses.slice(150))], [403]);
  },
);

test(
  'a page of the audit has 1 MiB at most, and the next one continues',
  { timeout: 60_000 },
  async () => {
    const meeting = await emulator.meeting(1);
    // Each record has the IDs of 500 strangers.
    const grant = gateway.grant(meeting, { can: ['read', 'audit'] });
    const ids = Array.from({ length: 500 }, (_, n) => `${n}-`.padEnd(120, 'x'));
    const kicks = 24;
    for (let n = 0; n < kicks; n += 1) {
      const sub = `moderator-${n % 8}`;
      const auth = gateway.grant(meeting, { sub, protect: { ids: [ids[0]] } });
      const body = { participant_ids: ids };
      const refused = await gateway.ask(auth, 'POST', at(meeting, '/active-session/kick'), body);
      assertRefusal(refused, 403, /protects/);
    }
    const seen = [];
    let before = '';
    let pages = 0;
    do {
      const path = `${at(meeting, '/audit')}?per_page=200${before}`;
      const { body, text } = await gateway.ask(grant, 'GET', path);
      assert.ok(text.length < 1.2 * 1024 * 1024, `${text.length} bytes`);
      assert.equal(body.data.paging.total_count, kicks);
      seen.push(...body.data.records.map(({ id }) => id));
      before = body.data.paging.next === null ? '' : `&before=${body.data.paging.next}`;
      pages += 1;
    } while (before);
    assert.ok(pages > 1, `${pages} page`);
    assert.equal(new Set(seen).size, kicks);
    assert.equal(seen.length, kicks);
  },
);

test(
  'a new grant that is too long to be kept with its socket is refused, and the old one stays',
  { timeout: 60_000 },
  async () => {
    const meeting = await emulator.meeting(2);
    const claims = { sub: 'ann', can: ['read', 'audit'] };
    const watcher = await (await watch(gateway, meeting, { claims })).ready();
    // The runtime keeps texts with other letters than Latin ones in two bytes each.
    const ids = ['€', ...Array.from({ length: 100 }, (_, n) => `${n}-`.padEnd(85, 'x'))];
    const token = gateway.grant(meeting, { sub: 'ann', can: ['read'], protect: { ids } });
    watcher.socket.send(JSON.stringify({ type: 'grant', token }));
    const refused = await watcher.message('refused');
    assert.deepEqual([refused.of, refused.status], ['grant', 400]);
    assert.match(refused.message, /too long/);
    await watcher.close();
  },
);

test('strangers cannot fill the log', { timeout: 60_000 }, async (t) => {
  const of = await startWorkers(emulator, { ...ROOMY, log: 'info' });
  t.after(of.stop);
  const meeting = await emulator.meeting();
  const strange = of.grant(meeting, {}, { key: 'another-secret-of-32-characters!' });
  const ask = (grant) => of.ask(grant, 'GET', of.path(meeting, `meetings/${meeting.meeting_id}`));
  for (let n = 0; n < 100; n += 1) assert.equal((await ask(strange)).status, 401);
  // The log has come as far.
  await ask(of.grant(meeting));
  await until(() => of.logs.some((line) => line.includes('an object starts')));
  const lines = of.logs.filter((line) => line.includes('grant refused'));
  // A slow machine gives those of the next minute.
  assert.ok(lines.length >= 1 && lines.length <= 20, `${lines.length} lines`);
});
