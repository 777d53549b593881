// A WebSocket by hand: a client that breaks the protocol, or that is so small that one process has
// ten thousand.

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** A masked frame; `first` is its first byte, `length` what it says about its length. */
export function frame(first, payload = Buffer.alloc(0), { masked = true, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const bit = masked ? 0x80 : 0;
  const head =
    size < 126
      ? Buffer.from([first, bit | size])
      : size < 65_536
        ? Buffer.from([first, bit | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([first, bit | 127]), bigEndian(size)]);
  if (!masked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, body.map((byte, at) => byte ^ mask[at % 4])]);
}

function bigEndian(size) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}

/** The lines of a handshake. `headers` replace, `undefined` leaves out. */
export function handshake(path, host, protocols, headers = {}) {
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': protocols,
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * Opens a socket, and resolves with it after the response's head. `onFrame(opcode, payload, bytes)` gets
 * each whole frame.
 */
export function openRaw({ port, host = '127.0.0.1', request, onFrame, localAddress }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, localAddress, noDelay: true });
    let rest = Buffer.alloc(0);
    let head;
    const raw = {
      socket,
      /** The status and the head of the response. */
      status: 0,
      head: '',
      /** The close frame, if one came. */
      close: undefined,
      closed: new Promise((done) => socket.on('close', () => done(raw))),
      send: (...bytes) => socket.write(Buffer.concat(bytes)),
    };
    socket.on('connect', () => socket.write(request));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (bytes) => {
      rest = rest.length ? Buffer.concat([rest, bytes]) : bytes;
      if (!head) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        head = rest.subarray(0, end).toString('latin1');
        rest = rest.subarray(end + 4);
        raw.head = head;
        raw.status = Number(head.split(' ')[1]);
        resolve(raw);
      }
      for (let one = parse(rest); one; one = parse(rest)) {
        rest = rest.subarray(one.bytes);
        if (one.opcode === 8) {
          raw.close = {
            code: one.payload.readUInt16BE(0),
            reason: one.payload.toString('utf8', 2),
          };
        }
        onFrame?.(one.opcode, one.payload, one.bytes);
      }
    });
  });
}

/** The first whole frame in some bytes. */
function parse(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 127;
  const at = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < at) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < at + length) return undefined;
  return { opcode: bytes[0] & 15, payload: bytes.subarray(at, at + length), bytes: at + length };
}
