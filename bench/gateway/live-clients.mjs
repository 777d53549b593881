// Watchers for the measures of push: so small that one process has ten thousand.

import { connect } from 'node:net';
import { handshake, openRaw } from '../../tests/support/raw-socket.mjs';

const PROTOCOL = 'realtimekit-moderator.v1';
/** How many open at once. */
const AT_ONCE = 200;

const watchPath = (emulator, { app_id, meeting_id }) =>
  `/client/v4/accounts/${emulator.account_id}/realtime/kit/${app_id}/meetings/${meeting_id}/watch`;

/** Does something for each number below `count`, some at once. */
async function each(count, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Watchers that look for a text: `seen(text)` resolves when the last of them has it. */
export async function lookers(gateway, emulator, meeting, count, can) {
  const { host, port } = new URL(gateway.url);
  const path = watchPath(emulator, meeting);
  let wanted;
  const sockets = [];
  await each(count, async (who) => {
    const token = gateway.token(meeting, `looker-${who}`, can);
    const request = handshake(path, host, `${PROTOCOL}, ${token}`);
    let found;
    const onFrame = (_opcode, payload) => {
      if (!wanted || found === wanted || !payload.includes(wanted.text)) return;
      found = wanted;
      wanted.left -= 1;
      if (wanted.left === 0) wanted.resolve(performance.now());
    };
    const raw = await openRaw({ port: Number(port), request, onFrame });
    if (raw.status !== 101) throw new Error(raw.head);
    sockets.push(raw.socket);
  });
  return {
    seen: (text) =>
      new Promise((resolve) => {
        wanted = { text, left: sockets.length, resolve };
      }),
    stop: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** A watcher that counts the changes that it gets, and those who joined by them. */
export async function observer(gateway, emulator, meeting) {
  const { host, port } = new URL(gateway.url);
  const token = gateway.token(meeting, 'observer', ['read']);
  const seen = { messages: 0, joined: 0 };
  const onFrame = (_opcode, payload) => {
    const { type, joined = [] } = payload[0] === 0x7b ? JSON.parse(String(payload)) : {};
    if (type !== 'change') return;
    seen.messages += 1;
    seen.joined += joined.length;
  };
  const request = handshake(watchPath(emulator, meeting), host, `${PROTOCOL}, ${token}`);
  const { socket } = await openRaw({ port: Number(port), request, onFrame });
  return { seen, stop: () => socket.destroy() };
}

/** Watchers that count what they get. Each has an address of its own for some thousands of sockets. */
export async function counters(gateway, emulator, meeting, count, { deflate = false } = {}) {
  const { host, hostname, port } = new URL(gateway.url);
  const path = watchPath(emulator, meeting);
  const all = { bytes: 0, closed: 0 };
  const sockets = [];
  const extension = deflate ? 'permessage-deflate; client_max_window_bits' : undefined;
  await each(
    count,
    (who) =>
      new Promise((resolve, reject) => {
        const token = gateway.token(meeting, `counter-${who}`, ['read']);
        const headers = { 'sec-websocket-extensions': extension };
        const socket = connect({ host: hostname, port: Number(port), noDelay: true });
        socket.write(handshake(path, host, `${PROTOCOL}, ${token}`, headers));
        let greeted = false;
        socket.on('data', (bytes) => {
          if (!greeted && !bytes.subarray(0, 12).toString('latin1').startsWith('HTTP/1.1 101')) {
            reject(new Error(bytes.toString('latin1')));
          }
          greeted = true;
          all.bytes += bytes.length;
          // A ping follows each heartbeat; an empty pong with any mask is its response.
          const at = bytes.length - 2;
          if (bytes[at] === 0x89 && bytes[at + 1] === 0) {
            socket.write(Buffer.from([0x8a, 0x80, 1, 2, 3, 4]));
          }
          resolve(undefined);
        });
        socket.on('error', reject);
        socket.on('close', () => (all.closed += 1));
        sockets.push(socket);
      }),
  );
  return { all, stop: () => sockets.forEach((socket) => socket.destroy()) };
}
