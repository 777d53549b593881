// Push: watchers of a meeting learn every change, each once and in order, from one loop of reads.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { startGateway } from '../support/gateway.mjs';
import { OFTEN, watch } from '../support/live.mjs';

/** Reads come often, so that no test waits for one. */
const settings = OFTEN;

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
  gateway = await startGateway(emulator, settings);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const join = ({ meeting_id }, custom_participant_id, name = custom_participant_id) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id, name });
const leave = ({ meeting_id }, user_id) =>
  emulator.control('POST', 'leave', { meeting_id, user_id });
const act = (meeting, path, body, claims, method = 'POST') =>
  gateway.ask(
    gateway.grant(meeting, claims),
    method,
    gateway.path(meeting, `meetings/${meeting.meeting_id}${path}`),
    body,
  );
const kick = (meeting, { user_id }, claims) =>
  act(meeting, '/active-session/kick', { participant_ids: [user_id] }, claims);
/** How many requests of an operation the API got for a meeting. */
const upstream = async ({ meeting_id }) => (await emulator.requests(meeting_id)).length;

describe('a watcher', () => {
  test('gets a welcome, a snapshot as the API has it, and each change', async () => {
    const meeting = await emulator.meeting(2);
    const watcher = await watch(gateway, meeting, { claims: { can: ['read', 'audit'] } });
    const welcome = await watcher.message('welcome');
    assert.deepEqual(
      [welcome.version, welcome.resumed, welcome.heartbeat_ms, welcome.can],
      [1, false, 20_000, ['read', 'audit']],
    );
    await watcher.ready();
    const { body } = await act(meeting, '/active-session', undefined, {}, 'GET');
    assert.equal(watcher.session.id, body.data.id);
    assert.equal(watcher.session.live_participants, 2);
    const [ann, bob] = meeting.participants.map(({ user_id }) => user_id);
    assert.deepEqual(watcher.present, [ann, bob]);

    const { user_id: cid } = await join(meeting, 'cid', 'Cid');
    const joined = await watcher.message('change', ({ joined }) => joined?.includes(cid));
    assert.equal(joined.peers[0].display_name, 'Cid');
    // The API is asked for the session and for its participants, one after the other.
    await watcher.until(() => watcher.session.live_participants === 3);
    await leave(meeting, ann);
    const left = await watcher.message('change', ({ left }) => left?.includes(ann));
    assert.equal(left.peers.length, 1);
    assert.ok(left.peers[0].left_at);
    await emulator.control('POST', 'join', { meeting_id: meeting.meeting_id, user_id: ann });
    await watcher.message('change', ({ returned }) => returned?.includes(ann));
    // A second device changes a participant, who neither joins nor leaves.
    await emulator.control('POST', 'join', { meeting_id: meeting.meeting_id, user_id: bob });
    const second = await watcher.message('change', ({ changed }) => changed?.includes(bob));
    assert.equal(second.joined, undefined);
    assert.deepEqual(watcher.present.sort(), [ann, bob, cid].sort());
    assert.equal(watcher.gap, undefined);
    await watcher.close();
  });

  test('learns that a session ends and another begins by whole snapshots', async () => {
    const meeting = await emulator.meeting(1);
    const watcher = await (await watch(gateway, meeting)).ready();
    await emulator.control('POST', 'end-session', { meeting_id: meeting.meeting_id });
    await watcher.until(() => watcher.session === null);
    assert.deepEqual(watcher.peers, []);
    const { user_id } = await join(meeting, 'new');
    await watcher.until(() => watcher.present.includes(user_id));
    assert.notEqual(watcher.session.id, meeting.session_id);
    assert.deepEqual(watcher.of('trouble'), []);
    await watcher.close();
  });

  test('of a meeting without a session gets an empty snapshot', async () => {
    const watcher = await (await watch(gateway, await emulator.meeting(0))).ready();
    assert.deepEqual([watcher.session, watcher.peers], [null, []]);
    await watcher.close();
  });

  test('sees nothing of another meeting', async () => {
    const [own, other] = [await emulator.meeting(1), await emulator.meeting(1)];
    const [watcher, others] = await Promise.all([watch(gateway, own), watch(gateway, other)]);
    await Promise.all([watcher.ready(), others.ready()]);
    const { user_id } = await join(other, 'else');
    await others.until(() => others.present.includes(user_id));
    await kick(other, other.participants[0]);
    await others.message('action');
    // What comes after that on the own socket is about the own meeting.
    const { user_id: mine } = await join(own, 'mine');
    await watcher.until(() => watcher.present.includes(mine));
    const text = JSON.stringify(watcher.messages);
    assert.ok(!text.includes(user_id) && !text.includes(other.meeting_id));
    assert.deepEqual(watcher.of('action'), []);
    await Promise.all([watcher.close(), others.close()]);
  });

  test('gets the same with and without compression', async () => {
    const meeting = await emulator.meeting(40);
    const plain = await watch(gateway, meeting, { options: { perMessageDeflate: false } });
    const small = await watch(gateway, meeting, { options: { perMessageDeflate: true } });
    await Promise.all([plain.ready(), small.ready()]);
    assert.equal(plain.socket.extensions, '');
    assert.match(small.socket.extensions, /permessage-deflate/);
    assert.deepEqual(
      small.peers.map(({ id }) => id),
      plain.peers.map(({ id }) => id),
    );
    const { user_id } = await join(meeting, 'both');
    for (const one of [plain, small]) await one.until(() => one.present.includes(user_id));
    // ws compresses what it sends, too.
    small.send({ type: 'grant', token: gateway.grant(meeting, { jti: 'x'.repeat(2000) }) });
    await small.message('grant');
    await Promise.all([plain.close(), small.close()]);
  });

  test('who asks for a refresh gets one at once, also after a failure', async (t) => {
    const slow = await startGateway(emulator, { ...settings, live: { interval_ms: 60_000 } });
    t.after(slow.stop);
    const meeting = await emulator.meeting(1);
    const watcher = await (await watch(slow, meeting)).ready();
    const { user_id } = await join(meeting, 'late');
    watcher.send({ type: 'refresh' });
    await watcher.until(() => watcher.present.includes(user_id));
    const { meeting_id } = meeting;
    const steps = ['status:code=500'];
    await emulator.control('POST', 'faults', { operation: 'GetActiveSession', meeting_id, steps });
    watcher.send({ type: 'refresh' });
    const { error, next_at, since } = await watcher.message('trouble');
    assert.equal(error.status, 500);
    assert.ok(next_at > since);
    watcher.send({ type: 'refresh' });
    await watcher.until(() => !watcher.trouble);
    await watcher.close();
  });
});

describe('an action of a moderator', () => {
  test('is shown at once, with its record to those who may read the audit', async () => {
    const meeting = await emulator.meeting(2);
    const reader = await (
      await watch(gateway, meeting, { claims: { can: ['read', 'audit'] } })
    ).ready();
    const other = await (await watch(gateway, meeting, { claims: { can: ['read'] } })).ready();
    const [ann] = meeting.participants;
    const response = await kick(meeting, ann, { sub: 'bob', name: 'Bob' });
    assert.equal(response.status, 200);
    const { action, seq } = await reader.message('action');
    assert.deepEqual(
      [action.moderator, action.name, action.operation, action.targets, action.outcome],
      ['bob', 'Bob', 'KickParticipants', [ann.user_id], 'done'],
    );
    const { body } = await act(meeting, '/audit', undefined, {}, 'GET');
    assert.deepEqual(action, body.data.records[0]);
    const brief = await other.message('action');
    assert.deepEqual(Object.keys(brief).sort(), ['at', 'seq', 'type']);
    assert.equal(brief.seq, seq);
    assert.ok(!JSON.stringify(other.messages).includes('bob'));
    for (const one of [reader, other]) await one.until(() => !one.present.includes(ann.user_id));
    await Promise.all([reader.close(), other.close()]);
  });

  test('that is refused is shown like in the audit', async () => {
    const meeting = await emulator.meeting(1);
    const watcher = await (await watch(gateway, meeting)).ready();
    const { status } = await kick(meeting, meeting.participants[0], { sub: 'eve', can: ['read'] });
    assert.equal(status, 403);
    const { action } = await watcher.message('action');
    assert.deepEqual([action.moderator, action.outcome], ['eve', 'refused']);
    await watcher.close();
  });

  test('is followed by a read, however long the interval is', async (t) => {
    const slow = await startGateway(emulator, { ...settings, live: { interval_ms: 60_000 } });
    t.after(slow.stop);
    const meeting = await emulator.meeting(2);
    const watcher = await (await watch(slow, meeting)).ready();
    const [ann] = meeting.participants;
    const body = { participant_ids: [ann.user_id] };
    const path = slow.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
    await slow.ask(slow.grant(meeting, { sub: 'bob' }), 'POST', path, body);
    await watcher.message('change', ({ left }) => left?.includes(ann.user_id));
    await watcher.close();
  });
});

describe('many watchers', () => {
  test('cost what one costs, and a meeting that no one watches nothing', async () => {
    const meeting = await emulator.meeting(1);
    const all = await Promise.all(Array.from({ length: 50 }, () => watch(gateway, meeting)));
    await Promise.all(all.map((one) => one.ready()));
    const { user_id } = await join(meeting, 'seen');
    for (const one of all) await one.until(() => one.present.includes(user_id));
    // By the clock of the API, which got them.
    const reads = await emulator.requests(meeting.meeting_id);
    const ms = reads.at(-1).at_ms - reads[0].at_ms;
    // Two requests each time; one more read may be under way.
    assert.ok(reads.length <= 2 * (ms / 100 + 3), `${reads.length} in ${ms} ms`);
    await Promise.all(all.map((one) => one.close()));
    await eventually(async () => (await gateway.metrics()).rtk_gateway_live_sockets, 0);
    // One that is under way may still end, however long that takes. Another meeting is read six times meanwhile.
    const closed = await upstream(meeting);
    const other = await (await watch(gateway, await emulator.meeting(1))).ready();
    for (let n = 0; n < 6; n += 1) {
      const { user_id } = await join({ meeting_id: other.session.associated_id }, `join-${n}`);
      await other.until(() => other.present.includes(user_id));
    }
    const after = (await upstream(meeting)) - closed;
    assert.ok(after <= 2, `${after} requests`);
    await other.close();
  });

  test('see each other only if that is configured', async (t) => {
    const meeting = await emulator.meeting(1);
    const alone = await (await watch(gateway, meeting)).ready();
    assert.equal(alone.of('snapshot')[0].moderators, undefined);
    const open = await startGateway(emulator, {
      ...settings,
      live: { moderators: true, interval_ms: 100 },
    });
    t.after(open.stop);
    const ann = await watch(open, meeting, { claims: { sub: 'ann', name: 'Ann' } });
    const again = await watch(open, meeting, { claims: { sub: 'ann', name: 'Ann' } });
    const bob = await watch(open, meeting, { claims: { sub: 'bob' } });
    const both = await ann.message('moderators', ({ count }) => count === 2);
    assert.deepEqual(
      both.moderators.map(({ sub, name }) => [sub, name]),
      [
        ['ann', 'Ann'],
        ['bob', undefined],
      ],
    );
    const late = await (await watch(open, meeting, { claims: { sub: 'cid' } })).ready();
    assert.ok(late.of('snapshot')[0].moderators.count >= 2);
    await bob.close();
    await late.close();
    const { seq } = await ann.message(
      'moderators',
      ({ count, seq }) => count === 1 && seq > both.seq,
    );
    assert.ok(seq > both.seq);
    assert.deepEqual(alone.of('moderators'), []);
    await Promise.all([alone, ann, again].map((one) => one.close()));
  });
});
