// A watch of the packed package when something between it and RealtimeKit fails: the gateway, the API, a proxy, the clock, the
// grant, the interval.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { now } from '../support/grants.mjs';
import { run, startGateway } from '../support/gateway.mjs';
import { freePort } from '../support/listen.mjs';
import { OFTEN } from '../support/live.mjs';
import { startUpgradeProxy } from '../support/upgrade-proxy.mjs';
import { moderator, watchBy } from '../support/watch-gateway.mjs';

const LIMIT = { timeout: 300_000 };
/** So that no test waits for a poll. */
const SOON = { interval: 50 };

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
});
after(() => emulator?.stop());

async function start(t, settings = {}) {
  const gateway = await startGateway(emulator, { ...OFTEN, ...settings });
  t.after(gateway.stop);
  return gateway;
}

const join = ({ meeting_id }, name) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id: name, name });
const names = (list) => list.map(({ display_name }) => display_name);

/** Takes snapshots until these have joined, each once, and none has left. Returns their actions. */
async function untilJoined({ until }, meeting, wanted) {
  const joined = [];
  const actions = [];
  for (const name of wanted) {
    await join(meeting, name);
    await until((snapshot) => {
      assert.deepEqual([snapshot.left, snapshot.cameBack], [[], []]);
      joined.push(...names(snapshot.joined));
      actions.push(...snapshot.actions);
      return joined.includes(name);
    });
  }
  assert.deepEqual(joined, wanted);
  return actions;
}

describe('a watch', LIMIT, () => {
  test('outlives its gateway, and shows what happened meanwhile', async (t) => {
    // It starts again at the same address.
    const gateway = await start(t, { listen: `127.0.0.1:${await freePort()}` });
    const meeting = await emulator.meeting(2);
    const watch = watchBy(t, moderator(gateway, meeting), meeting, SOON);
    await watch.until(watch.isOpen);
    await gateway.kill();
    const { participants } = await watch.until(({ trouble }) => trouble);
    assert.equal(participants.length, 2);
    await join(meeting, 'meanwhile');
    await gateway.start();
    const { trouble, joined, left } = await watch.until((snapshot) => snapshot.joined.length);
    assert.deepEqual([trouble, names(joined), left], [null, ['meanwhile'], []]);
    await watch.until(watch.isOpen);
    await untilJoined(watch, meeting, ['later']);
  });

  test('shows that the API is down, and its return, over the same connection', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(2);
    const watch = watchBy(t, moderator(gateway, meeting), meeting);
    await watch.until(watch.isOpen);
    t.after(() => emulator.control('DELETE', 'faults'));
    await emulator.control('POST', 'faults', {
      ...{ operation: 'GetActiveSession', meeting_id: meeting.meeting_id },
      steps: Array(500).fill('status:code=503'),
    });
    const { trouble, participants } = await watch.until((snapshot) => snapshot.trouble);
    assert.deepEqual([trouble.error.status, participants.length], [503, 2]);
    await join(meeting, 'unseen');
    const later = await watch.until((snapshot) => snapshot.trouble?.failures > trouble.failures);
    assert.equal(later.trouble.since, trouble.since);
    await emulator.control('DELETE', 'faults');
    const back = await watch.until((snapshot) => !snapshot.trouble);
    assert.deepEqual(names(back.joined), ['unseen']);
    assert.equal(watch.sockets.length, 1);
  });

  test('polls behind a proxy that refuses upgrades, without trouble', async (t) => {
    const gateway = await start(t);
    const proxy = await startUpgradeProxy(gateway);
    t.after(proxy.stop);
    const meeting = await emulator.meeting(1);
    const watch = watchBy(t, moderator(gateway, meeting, {}, proxy.url), meeting, SOON);
    let count = 0;
    await watch.until(({ trouble }) => {
      assert.equal(trouble, null);
      count += 1;
      return count === 40;
    });
    await untilJoined(watch, meeting, ['one', 'two']);
    // 40 polls take two seconds and more.
    assert.ok(proxy.upgrades >= 1 && proxy.upgrades < 10, `${proxy.upgrades}`);
  });

  test('loses nothing behind a proxy that cuts every connection', async (t) => {
    const gateway = await start(t);
    const proxy = await startUpgradeProxy(gateway, { cutAfter: 3 });
    t.after(proxy.stop);
    const meeting = await emulator.meeting(1);
    const claims = { can: ['read', 'audit'] };
    const watch = watchBy(t, moderator(gateway, meeting, claims, proxy.url), meeting, SOON);
    const noah = moderator(gateway, meeting, { sub: 'noah', can: ['read', 'poll'] });
    await watch.until(watch.isOpen);
    const actions = await untilJoined(watch, meeting, ['one', 'two', 'three']);
    const poll = { question: 'Lunch?', options: ['yes', 'no'] };
    await noah.realtimeKit.activeSession.createPoll(meeting.app_id, meeting.meeting_id, {
      ...{ account_id: emulator.account_id, anonymous: false, hide_votes: false },
      ...poll,
    });
    await watch.until(({ trouble, actions: more, left }) => {
      assert.deepEqual([trouble, left], [null, []]);
      actions.push(...more);
      return actions.length > 0;
    });
    assert.deepEqual([actions.length, actions[0].moderator], [1, 'noah']);
    await untilJoined(watch, meeting, ['four', 'five']);
    assert.ok(proxy.upgrades > 1, `${proxy.upgrades}`);
  });

  test('does not connect again and again when its clock jumps', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const watch = watchBy(t, moderator(gateway, meeting), meeting);
    await watch.until(watch.isOpen);
    const real = Date.now.bind(Date);
    let offset = 0;
    t.mock.method(Date, 'now', () => real() + offset);
    for (const [at, hours] of [-5, 3, 0].entries()) {
      offset = hours * 3_600_000;
      await untilJoined(watch, meeting, [`clock-${at}`]);
      assert.equal(watch.sockets.length, 1);
    }
    // A new connection sets its times.
    offset = 3_600_000;
    watch.sockets[0].terminate();
    await watch.until(() => watch.sockets.length === 2 && watch.isOpen());
    await join(meeting, 'after');
    const { at, age, nextAt } = await watch.until(({ joined }) => joined.length);
    assert.ok(age >= 0 && age < 60_000, `${age}`);
    assert.ok(Math.abs(Date.now() - at) < 60_000);
    assert.ok(Math.abs(nextAt - Date.now()) < 60_000);
    assert.equal(watch.sockets.length, 2);
  });

  test('reports a grant that expires, and continues with a new one', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    // Clocks may differ by 30 s: it has ten seconds left, for a machine that is slow to connect.
    const client = moderator(gateway, meeting, { exp: now() - 20 });
    const watch = watchBy(t, client, meeting, SOON);
    await watch.until(watch.isOpen);
    const { trouble, participants } = await watch.until((snapshot) => snapshot.trouble);
    assert.deepEqual([trouble.error.status, participants.length], [401, 1]);
    await join(meeting, 'unseen');
    client.apiToken = gateway.grant(meeting);
    const back = await watch.until((snapshot) => !snapshot.trouble);
    assert.deepEqual(names(back.joined), ['unseen']);
    await watch.until(watch.isOpen);
    await untilJoined(watch, meeting, ['later']);
  });

  test('shows at once what a webhook announces', async (t) => {
    const gateway = await start(t, {
      live: { interval_ms: 60_000, quiet_interval_ms: 600_000 },
      webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json` },
    });
    const meeting = await emulator.meeting(1);
    const url = `${gateway.url}/hooks/realtimekit`;
    const args = ['--app', emulator.app_id, '--url', url];
    const registered = run(['webhooks', 'register'], gateway.folder, args);
    assert.equal(registered.code, 0, registered.err);
    const watch = watchBy(t, moderator(gateway, meeting), meeting, { interval: 3_600_000 });
    await watch.until(watch.isOpen);
    await untilJoined(watch, meeting, ['one', 'two']);
    const { meeting_id } = meeting;
    const [{ user_id }] = meeting.participants;
    await emulator.control('POST', 'leave', { meeting_id, user_id });
    const { left } = await watch.until((snapshot) => snapshot.left.length);
    assert.equal(left[0].user_id, user_id);
    assert.equal(watch.sockets.length, 1);
  });

  test('is right after a time in which nothing read it', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const watch = watchBy(t, moderator(gateway, meeting), meeting);
    await watch.until(watch.isOpen);
    let received = 0;
    watch.sockets[0].on('message', () => (received += 1));
    const wanted = Array.from({ length: 60 }, (_, at) => `many-${at}`);
    for (const name of wanted) await join(meeting, name);
    while (received < 2) await new Promise(setImmediate);
    const joined = [];
    await watch.until((snapshot) => {
      joined.push(...names(snapshot.joined));
      return joined.length >= 60;
    });
    assert.deepEqual(joined.sort(), wanted.sort());
    assert.equal(watch.sockets.length, 1);
  });
});
