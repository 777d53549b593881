// Requests as no well-behaved client makes them: exact paths and headers, and raw bytes.

import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';

/**
 * Sends one request on a connection of its own, or an agent's; the path goes as it is written, and
 * so do the headers, an array being as many lines.
 */
export async function ask(origin, asked = {}) {
  const { method = 'GET', path = '/', headers = {}, body, agent = false, localAddress } = asked;
  const { hostname, port } = new URL(origin);
  const sent = request({ hostname, port, method, path, headers, agent, localAddress });
  // What refuses a body need not read it to its end: the answer counts, not the sending.
  const answered = new Promise((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    sent.on('connect', (response, socket) => {
      socket.destroy();
      resolve(response);
    });
  });
  sent.end(body);
  const response = await answered;
  let text = '';
  if (method !== 'CONNECT') {
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
  }
  return { status: response.statusCode, headers: response.headers, text, body: parsed(text) };
}

/** JSON as what it says, anything else as nothing. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Opens a connection for raw bytes. `closed` is everything that came until the other side ended
 * it, in whichever way.
 */
export async function open(origin) {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  // A reset is an end like any other: what was answered before is what counts.
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    socket.emit('more');
  });
  const closed = new Promise((resolve) => socket.once('close', () => resolve(text)));
  await Promise.race([once(socket, 'connect'), closed]);
  return {
    write: (bytes) => socket.write(bytes, 'latin1'),
    /** Waits until what came is as asked for, or nothing more can come. */
    until: async (enough) => {
      while (!enough(text) && !socket.destroyed) {
        await Promise.race([once(socket, 'more'), closed]);
      }
      return text;
    },
    closed,
    /** Reads nothing more. */
    pause: () => socket.pause(),
    close: () => socket.destroy(),
  };
}

/** Sends raw bytes; what is answered until the other side closes, taken apart. */
export async function raw(origin, bytes) {
  const connection = await open(origin);
  connection.write(bytes);
  return answers(await connection.closed);
}

/** The answers in what came over a connection. */
export function answers(text) {
  const list = [];
  let rest = text;
  while (rest) {
    const head = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest);
    if (!head) throw new Error(`no answer: ${JSON.stringify(rest.slice(0, 200))}`);
    const lines = head[2].split('\r\n').filter(Boolean);
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':')[0].toLowerCase(), line.replace(/^[^:]*: */, '')]),
    );
    const from = head[0].length;
    const length = Number(headers['content-length'] ?? 0);
    const content = rest.slice(from, from + length);
    list.push({ status: Number(head[1]), headers, text: content, body: parsed(content) });
    rest = rest.slice(from + length);
  }
  return list;
}
