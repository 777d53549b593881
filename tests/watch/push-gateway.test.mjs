// `watch()` and the gateway's push together: packed package, gateway and emulator, as a moderator has them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { startEmulator } from '../support/emulator.mjs';
import { startGateway } from '../support/gateway.mjs';
import { OFTEN } from '../support/live.mjs';
import { moderator, watchBy } from '../support/watch-gateway.mjs';

const LIMIT = { timeout: 300_000 };

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
  gateway = await startGateway(emulator, OFTEN);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const client = (meeting, claims) => moderator(gateway, meeting, claims);
const start = (t, meeting, claims) => watchBy(t, client(meeting, claims), meeting);

const join = (meeting, name) =>
  emulator.control('POST', 'join', {
    meeting_id: meeting.meeting_id,
    custom_participant_id: name,
    name,
  });

describe('a watch behind the gateway', LIMIT, () => {
  test('shows who joins and leaves, over one connection and without polls', async (t) => {
    const meeting = await emulator.meeting(2);
    const { watch, sockets, until } = start(t, meeting);
    await until(({ participants }) => participants.length === 2);
    await join(meeting, 'cid');
    const { joined } = await until((snapshot) => snapshot.joined.length > 0);
    assert.equal(joined[0].display_name, 'cid');
    const [ann] = meeting.participants;
    await emulator.control('POST', 'leave', {
      meeting_id: meeting.meeting_id,
      user_id: ann.user_id,
    });
    const { left } = await until((snapshot) => snapshot.left.length > 0);
    assert.equal(left[0].user_id, ann.user_id);
    assert.equal(sockets.length, 1);
    await watch.return();
  });

  test('shows what another moderator does, and by whom', async (t) => {
    const meeting = await emulator.meeting(2);
    const mia = start(t, meeting, { sub: 'mia', can: ['read', 'audit'] });
    await mia.until(() => mia.sockets[0]?.readyState === WebSocket.OPEN);
    const noah = client(meeting, { sub: 'noah', can: ['read', 'kick'] });
    const [ann] = meeting.participants;
    await noah.realtimeKit.activeSession.kickParticipants(meeting.app_id, meeting.meeting_id, {
      participant_ids: [ann.user_id],
    });
    const seen = { actions: [], left: [] };
    await mia.until(({ actions, left }) => {
      seen.actions.push(...actions);
      seen.left.push(...left);
      return seen.actions.length > 0 && seen.left.length > 0;
    });
    assert.equal(seen.actions[0].moderator, 'noah');
    assert.equal(seen.left[0].user_id, ann.user_id);
    await mia.watch.return();
  });

  test('continues when its connection is cut', async (t) => {
    const meeting = await emulator.meeting(1);
    const { watch, sockets, until } = start(t, meeting);
    await until(() => sockets[0]?.readyState === WebSocket.OPEN);
    sockets[0].terminate();
    await join(meeting, 'late');
    const { joined } = await until((snapshot) => snapshot.joined.length > 0);
    assert.equal(joined[0].display_name, 'late');
    assert.equal(sockets.length, 2);
    await watch.return();
  });

  test('uses a new grant on the open connection', async (t) => {
    const meeting = await emulator.meeting(1);
    const { watch, sockets, until, client: own } = start(t, meeting, { sub: 'mia' });
    await until(() => sockets[0]?.readyState === WebSocket.OPEN);
    const heard = new Promise((resolve) => {
      sockets[0].on('message', (text) => {
        const message = JSON.parse(text);
        if (message.type === 'grant') resolve(message);
      });
    });
    own.apiToken = gateway.grant(meeting, { sub: 'mia', can: ['read', 'poll'] });
    await join(meeting, 'bob');
    await until((snapshot) => snapshot.joined.length > 0);
    const next = watch.next();
    assert.deepEqual((await heard).can.sort(), ['poll', 'read']);
    await watch.return();
    assert.equal((await next).done, true);
  });

  test('closes its connection with the loop', async (t) => {
    const meeting = await emulator.meeting(1);
    const { watch, sockets, until } = start(t, meeting);
    await until(() => sockets[0]?.readyState === WebSocket.OPEN);
    const closed = new Promise((resolve) => sockets[0].on('close', resolve));
    await watch.return();
    await closed;
  });
});
