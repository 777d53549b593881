// RealtimeKit's webhooks: a genuine event is a reason to read, and nothing else is.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { onWorkers, run, startGateway } from '../support/gateway.mjs';
import { OFTEN, watch } from '../support/live.mjs';
import { ask } from '../support/wire.mjs';

/** The status for a forged delivery: a Worker verifies it first, the process responds first. */
const FORGED = onWorkers ? 401 : 200;

/** Nothing but a hint makes the gateway read. */
const RARELY = { interval_ms: 60_000, quiet_interval_ms: 600_000 };

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
});
after(() => emulator?.stop());

const PATH = '/hooks/realtimekit';
const hooks = (body, path = '') => emulator.control('POST', `webhooks${path}`, body);
const join = ({ meeting_id }, custom_participant_id) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id });
/** When the API got each read of a meeting, in milliseconds. */
const times = async ({ meeting_id }) =>
  (await emulator.requests(meeting_id))
    .filter(({ operation }) => operation === 'GetActiveSession')
    .map(({ at_ms }) => at_ms);
const reads = async (meeting) => (await times(meeting)).length;

/** A gateway that receives webhooks, with a watcher of a meeting; all is undone after the test. */
async function start(t, { live = RARELY, webhooks = {}, files } = {}) {
  const gateway = await startGateway(
    emulator,
    {
      ...OFTEN,
      live,
      webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json`, ...webhooks },
    },
    { files },
  );
  t.after(gateway.stop);
  // Before the webhook is registered, so that no event tells of it.
  const meeting = await emulator.meeting(2);
  const url = `${gateway.url}${PATH}`;
  const args = ['--app', emulator.app_id, '--url', url];
  const registered = run(['webhooks', 'register'], gateway.folder, args);
  assert.equal(registered.code, 0, registered.err);
  t.after(async () => {
    await hooks({});
    const { webhooks } = await emulator.control('GET', 'webhooks');
    for (const { id, url } of webhooks) {
      if (!url.startsWith(gateway.url)) continue;
      const response = await fetch(
        `${emulator.base_url}/accounts/${emulator.account_id}/realtime/kit/${emulator.app_id}/webhooks/${id}`,
        {
          method: 'DELETE',
          headers: { authorization: `Bearer ${emulator.api_token}` },
        },
      );
      assert.equal(response.status, 200);
    }
  });
  const watcher = await (await watch(gateway, meeting)).ready();
  t.after(() => watcher.close());
  /** How many deliveries had an outcome. */
  const outcome = async (name) =>
    (await gateway.metrics())[`rtk_gateway_webhooks_total{outcome="${name}"}`] ?? 0;
  return { gateway, meeting, watcher, outcome, url };
}

/** Posts a delivery by hand. */
async function post(url, headers = {}, body = '{}', method = 'POST') {
  const { origin, pathname } = new URL(url);
  const { status } = await ask(origin, { path: pathname, method, headers, body });
  return status;
}

describe('a webhook', () => {
  test('makes the gateway read at once: joins, leaves, and the end of a session', async (t) => {
    const { meeting, watcher } = await start(t);
    const { user_id } = await join(meeting, 'soon');
    await watcher.message('change', ({ joined }) => joined?.includes(user_id));
    await emulator.control('POST', 'leave', { meeting_id: meeting.meeting_id, user_id });
    await watcher.message('change', ({ left }) => left?.includes(user_id));
    await emulator.control('POST', 'end-session', { meeting_id: meeting.meeting_id });
    await watcher.until(() => watcher.session === null);
  });

  test('that is lost, late, repeated or in another order changes nothing on screen', async (t) => {
    // Here the interval finds what no webhook announces.
    const { meeting, watcher, outcome } = await start(t, {
      live: { interval_ms: 100, quiet_interval_ms: 200 },
    });
    await hooks({ deliver: 'drop' });
    const { user_id: lost } = await join(meeting, 'lost');
    await watcher.until(() => watcher.present.includes(lost));
    await hooks({ deliver: 'hold' });
    const { user_id: late } = await join(meeting, 'late');
    await watcher.until(() => watcher.present.includes(late));
    await emulator.control('POST', 'leave', { meeting_id: meeting.meeting_id, user_id: late });
    await watcher.until(() => !watcher.present.includes(late));
    const { seq, present } = watcher;
    // The leave comes before the join now.
    const { sent } = await hooks({ reverse: true }, '/release');
    assert.equal(sent, 2);
    await hooks({ repeat: 5 });
    const { user_id: many } = await join(meeting, 'many');
    await watcher.until(() => watcher.present.includes(many));
    await eventually(() => outcome('repeated'), 5);
    assert.deepEqual(watcher.present, [...present, many]);
    assert.ok(watcher.seq > seq);
    const changes = watcher.of('change').flatMap(({ joined = [] }) => joined);
    assert.deepEqual(changes, [lost, late, many]);
  });

  test('a burst of 100 is few reads', async (t) => {
    const { meeting, watcher, outcome } = await start(t);
    const before = (await times(meeting)).length;
    const joins = Array.from({ length: 100 }, (_, place) => join(meeting, `burst-${place}`));
    const all = (await Promise.all(joins)).map(({ user_id }) => user_id);
    await watcher.until(() => all.every((one) => watcher.present.includes(one)));
    await eventually(() => outcome('accepted'), 100);
    // At least 100 ms are between two of them, by the clock of the API; one more may be under way.
    const own = (await times(meeting)).slice(before);
    const ms = own.at(-1) - own[0];
    assert.ok(own.length <= ms / 100 + 3, `${own.length} in ${ms} ms`);
    assert.equal(watcher.gap, undefined);
  });

  test('that is forged causes no read', async (t) => {
    const { meeting, watcher, outcome } = await start(t);
    const before = await reads(meeting);
    const forge = { event: 'meeting.ended', meeting_id: meeting.meeting_id, count: 20 };
    await hooks({ ...forge, signed_by: 'another' }, '/forge');
    await eventually(() => outcome('forged'), 20);
    // Without a signature it is refused at once.
    await hooks({ ...forge, count: 1, signed_by: 'none' }, '/forge');
    const { deliveries } = await emulator.control('GET', 'webhooks');
    assert.deepEqual([deliveries.at(-1).status, deliveries.at(-2).status], [400, FORGED]);
    assert.equal(await reads(meeting), before);
    // A genuine one about what did not happen is a read, and no more.
    const { seq } = watcher;
    await hooks({ ...forge, count: 1, signed_by: 'own' }, '/forge');
    await eventually(async () => (await reads(meeting)) > before, true);
    const { user_id } = await join(meeting, 'after');
    await watcher.until(() => watcher.present.includes(user_id));
    assert.equal(watcher.of('snapshot').length, 1);
    assert.ok(watcher.seq > seq);
  });

  test('that was recorded is worth nothing, also with another ID', async (t) => {
    const { meeting, watcher, outcome, url } = await start(t);
    await hooks({ repeat: 0 });
    const { user_id } = await join(meeting, 'recorded');
    await watcher.until(() => watcher.present.includes(user_id));
    const before = await reads(meeting);
    await eventually(() => outcome('accepted'), 1);
    const forge = { event: 'meeting.started', meeting_id: meeting.meeting_id, signed_by: 'own' };
    await hooks({ ...forge, uuid: '00000000-0000-4000-8000-000000000001' }, '/forge');
    await eventually(() => outcome('accepted'), 2);
    await hooks({ ...forge, uuid: '00000000-0000-4000-8000-000000000002' }, '/forge');
    await eventually(() => outcome('repeated'), 1);
    await hooks(
      { ...forge, payload: { more: 1 }, uuid: '00000000-0000-4000-8000-000000000001' },
      '/forge',
    );
    await eventually(() => outcome('repeated'), 2);
    await eventually(async () => (await reads(meeting)) >= before + 1, true);
    assert.ok((await reads(meeting)) <= before + 2);
    assert.ok(url.endsWith(PATH));
  });

  test('is verified by the new key after a rotation', async (t) => {
    const { meeting, watcher } = await start(t, { webhooks: { refresh_s: 1 } });
    const { user_id: before } = await join(meeting, 'before');
    await watcher.until(() => watcher.present.includes(before));
    await hooks({}, '/key');
    // The first one may come within the time in which the key is not fetched again.
    const after = [];
    await eventually(async () => {
      const { user_id } = await join(meeting, `after-${after.length}`);
      after.push(user_id);
      return after.some((one) => watcher.present.includes(one));
    }, true);
  });

  test('is verified by a configured key, and no key is fetched', async (t) => {
    const published = await (await fetch(`${emulator.url}/.well-known/webhooks.json`)).json();
    const { meeting, watcher } = await start(t, {
      webhooks: { public_key_file: 'key.pem', key_url: 'http://127.0.0.1:9/none' },
      files: { 'key.pem': published.data.publicKey },
    });
    const { user_id } = await join(meeting, 'configured');
    await watcher.until(() => watcher.present.includes(user_id));
  });

  test('of another form is refused, and its body is bounded', async (t) => {
    const { outcome, url } = await start(t);
    const signed = { 'rtk-signature': 'AAAA', 'rtk-uuid': 'one' };
    assert.equal(await post(url, {}), 400);
    assert.equal(await post(url, { 'rtk-signature': 'AAAA' }), 400);
    assert.equal(await post(url, signed, undefined, 'GET'), 405);
    assert.equal(await post(url, signed, 'x'.repeat(70_000)), 413);
    assert.equal(await post(url, signed, '{}'), FORGED);
    await eventually(() => outcome('forged'), 1);
  });

  test('shows nothing of its payload to watchers, and nothing in the log', async (t) => {
    const { gateway, meeting, watcher, outcome } = await start(t);
    const streamKey = 'a-secret-stream-key-of-a-livestream';
    gateway.secrets.push(streamKey);
    const payload = { streamKey, livestream: { streamKey } };
    for (const event of ['livestreaming.statusUpdate', 'meeting.started']) {
      await hooks({ event, meeting_id: meeting.meeting_id, signed_by: 'own', payload }, '/forge');
    }
    await eventually(() => outcome('accepted'), 1);
    const { user_id } = await join(meeting, 'after');
    await watcher.until(() => watcher.present.includes(user_id));
    assert.ok(!JSON.stringify(watcher.messages).includes(streamKey));
  });
});

describe('without a section for webhooks', () => {
  test('their route does not exist', async (t) => {
    const gateway = await startGateway(emulator, OFTEN);
    t.after(gateway.stop);
    const headers = { 'rtk-signature': 'AAAA', 'rtk-uuid': 'one' };
    assert.equal(await post(`${gateway.url}${PATH}`, headers), 404);
  });
});

describe('a quiet meeting', () => {
  test('is read rarely with webhooks, and often when they are lost', async (t) => {
    const live = { interval_ms: 100, quiet_interval_ms: 3000 };
    const { meeting, watcher } = await start(t, { live });
    const count = await reads(meeting);
    await hooks({ deliver: 'drop' });
    const { user_id } = await join(meeting, 'lost');
    await watcher.until(() => watcher.present.includes(user_id));
    // One read found it, long after the one before; from now on webhooks are not relied upon.
    await eventually(async () => (await reads(meeting)) > count + 10, true);
    const all = await times(meeting);
    const waits = all.slice(1).map((at, place) => at - all[place]);
    // Three seconds, less what the API got the one before too late; otherwise it is a tenth of a second.
    assert.ok(waits[count - 1] > 1000, `${waits}`);
    assert.ok(
      waits.slice(count + 2).some((wait) => wait < 1000),
      `${waits}`,
    );
  });
});

describe('the command', () => {
  test('registers, updates, lists and deletes', async (t) => {
    const gateway = await startGateway(emulator, OFTEN);
    t.after(gateway.stop);
    const app = ['--app', emulator.app_id];
    const command = (action, ...args) =>
      run(['webhooks', action], gateway.folder, [...app, ...args]);
    const url = `https://moderate.example.com${PATH}`;
    const made = command('register', '--url', url);
    assert.match(made.out, /^registered: /, made.err);
    const again = command('register', '--url', url, '--name', 'mine');
    assert.match(again.out, /^updated: /, again.err);
    const listed = command('list')
      .out.split('\n')
      .find((line) => line.includes(url));
    assert.match(listed, /enabled .*meeting\.participantJoined.* \(mine\)$/);
    const [id] = listed.split(' ');
    assert.equal(command('delete', '--id', id).out.trim(), `deleted: ${id}`);
    const gone = command('delete', '--id', id);
    assert.equal(gone.code, 2);
    assert.match(gone.err, /the API refuses: 404/);
    assert.ok(!command('list').out.includes(url));
    assert.equal(command('register', '--url', 'https://moderate.example.com/').code, 2);
    assert.match(
      run(['webhooks', 'list'], gateway.folder, ['--app', '../x']).err,
      /--app: must be an ID/,
    );
  });
});
