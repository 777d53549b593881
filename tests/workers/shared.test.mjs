// What many callers of one meeting share on Workers: one request to the API, one poll for a key, and connections
// that mutations never wait for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { json, startServer } from '../support/server.mjs';

const POLL = { question: 'Tea?', options: ['yes', 'no'] };

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  // What is fresh stays so for longer than a busy machine takes for a hundred requests.
  const reads = { ...ROOMY.reads, fresh_ms: 60_000 };
  gateway = await startWorkers(emulator, { ...ROOMY, reads });
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const at = (of, meeting, rest = '') => of.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
const poll = (of, meeting, key) =>
  of.ask(of.grant(meeting), 'POST', at(of, meeting, '/active-session/poll'), POLL, {
    'idempotency-key': key,
  });
const sent = async ({ meeting_id }, operation) =>
  (await emulator.requests(meeting_id)).filter((request) => request.operation === operation).length;

test('100 readers at once are one request to the API', async () => {
  const meeting = await emulator.meeting();
  const grant = gateway.grant(meeting);
  const path = at(gateway, meeting, '/active-session');
  const all = Array.from({ length: 100 }, () => gateway.ask(grant, 'GET', path));
  for (const { status, text } of await Promise.all(all)) assert.equal(status, 200, text);
  assert.equal(await sent(meeting, 'GetActiveSession'), 1);
});

test('20 polls with one key are one, also after a restart', async () => {
  const meeting = await emulator.meeting();
  const polls = async (count) => {
    const all = await Promise.all(Array.from({ length: count }, () => poll(gateway, meeting, 'k')));
    for (const { status, text } of all) assert.equal(status, 201, text);
    return all.map(({ text }) => text);
  };
  const before = await polls(20);
  await gateway.restart();
  const afterwards = await polls(3);
  assert.equal(new Set([...before, ...afterwards]).size, 1);
  assert.equal(await sent(meeting, 'CreatePoll'), 1);
});

test('a mutation does not wait for slow reads, which use four connections', async (t) => {
  const waiting = [];
  let open = 0;
  let most = 0;
  const api = await startServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    if (request.url.includes('/participants')) await new Promise((go) => waiting.push(go));
    open -= 1;
    json(response, { success: true, data: { id: 'session' } });
  });
  t.after(api.stop);
  const of = await startWorkers({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
  t.after(of.stop);
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  const grant = of.grant(meeting);
  const session = await of.ask(grant, 'GET', at(of, meeting, '/active-session'));
  assert.equal(session.status, 200, session.text);
  // Each page is another read.
  const pages = Array.from({ length: 12 }, (_, n) =>
    of.ask(grant, 'GET', of.path(meeting, `sessions/session/participants?page_no=${n + 1}`)),
  );
  await until(() => waiting.length === 4);
  const response = await poll(of, meeting, 'slow');
  assert.equal(response.status, 200, response.text);
  assert.equal(waiting.length, 4, 'the reads are still under way');
  let answered = 0;
  for (const page of pages) page.then(() => (answered += 1));
  await until(() => {
    waiting.pop()?.();
    return answered === pages.length;
  });
  for (const { status, text } of await Promise.all(pages)) assert.equal(status, 200, text);
  assert.ok(most <= 6, `${most} connections`);
});

test('a poll whose client has gone is carried out once, and is in the audit', async (t) => {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  const api = await startServer(async (request, response) => {
    if (request.method === 'POST') await held;
    json(response, { success: true, data: { poll: { id: 'the-poll' } } }, 201);
  });
  t.after(api.stop);
  const of = await startWorkers({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
  t.after(of.stop);
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  const gone = new AbortController();
  const first = fetch(of.url + at(of, meeting, '/active-session/poll'), {
    ...{ method: 'POST', body: JSON.stringify(POLL), signal: gone.signal },
    headers: {
      authorization: `Bearer ${of.grant(meeting)}`,
      'content-type': 'application/json',
      'idempotency-key': 'gone',
    },
  });
  await until(() => api.requests.length);
  gone.abort();
  await assert.rejects(first, { name: 'AbortError' });
  go();
  const audit = () => of.ask(of.grant(meeting), 'GET', at(of, meeting, '/audit'));
  const record = await until(async () => {
    const { records } = (await audit()).body.data;
    return records.find(({ outcome }) => outcome === 'done');
  });
  assert.equal(record.operation, 'CreatePoll');
  assert.equal((await poll(of, meeting, 'gone')).body.data.poll.id, 'the-poll');
  assert.equal(api.requests.filter(({ method }) => method === 'POST').length, 1);
});
