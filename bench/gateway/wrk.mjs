// Runs wrk: it costs so little of its own that what is measured is the other side, also with ten
// thousand connections, and it can wait between requests.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('ask.lua', import.meta.url));

/** A request as it goes over the wire. */
export function raw({ method = 'GET', path, token, body = '' }) {
  const sent = body
    ? `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    : '';
  return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n${sent}\r\n${body}`;
}

/**
 * Sends requests by turns over so many connections for so long. `every_ms` is how long each
 * connection waits between two, half of it more or less; without it the next goes at once.
 *
 * Answers how many were answered in how many seconds, how many of them not with 2xx, how many
 * connections failed, and percentiles of the latency in microseconds.
 */
export async function wrk(url, requests, { connections = 1, seconds, every_ms = 0 }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'));
  try {
    const file = join(folder, 'requests');
    writeFileSync(file, requests.map((request) => `${request}\0`).join(''));
    const how = ['-t', 1, '-c', connections, '-d', `${seconds}s`, '-s', script];
    const child = spawn('wrk', [...how, url, '--', file, every_ms].map(String), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (told += text));
    const [code] = await once(child, 'close');
    const figures = /^\{.*\}$/m.exec(told);
    if (code !== 0 || !figures) throw new Error(`wrk ended: ${code} ${told}`);
    return JSON.parse(figures[0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
