// What stands before the emulator: the gateway, and beside it nginx as its configuration here says.

import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const binary =
  process.env.GATEWAY ??
  fileURLToPath(new URL('../../target/release/realtimekit-gateway', import.meta.url));

/** Limits of one moderator that no measure meets: the most that can be configured. */
export const ROOMY = `
  [reads]
  limit_per_minute = 1000000
  new_per_minute = 1000000
  [mutations]
  limit_per_minute = 1000000
  requests_per_minute = 1000000
  [limits]
  connections_per_address = 1000000`;

const folder = () => mkdtempSync(join(tmpdir(), 'bench-gateway-'));

/** Ends a process that was started here, and forgets its folder. */
async function end(child, place) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(place, { recursive: true, force: true });
}

/**
 * Starts a gateway; `settings` are tables of its configuration as TOML. `audit` is the audit's
 * durability.
 */
export async function startGateway(emulator, { audit = 'os', settings = '' } = {}) {
  const place = folder();
  const secret = randomBytes(32).toString('hex');
  const config = join(place, 'gateway.toml');
  writeFileSync(
    config,
    `
    listen = "127.0.0.1:0"
    metrics_listen = "127.0.0.1:0"
    account_id = "${emulator.account_id}"
    [upstream]
    base_url = "${emulator.base_url}"
    api_token = "${emulator.api_token}"
    [grants]
    secret = "${secret}"
    [audit]
    dir = "audit"
    durability = "${audit}"
    ${settings}`,
  );
  // Its log goes to a file, as it does in earnest: to read it would cost this process time.
  const log = openSync(join(place, 'log'), 'a');
  const child = spawn(binary, ['serve', '--config', config, '--until-stdin-closes'], {
    stdio: ['pipe', 'pipe', log],
    env: { PATH: process.env.PATH },
  });
  closeSync(log);
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => {
      const why = readFileSync(join(place, 'log'), 'utf8');
      rmSync(place, { recursive: true, force: true });
      throw new Error(`gateway ended: ${code} ${why}`);
    }),
  ]);
  const { url, metrics_url } = JSON.parse(line);
  return {
    name: 'gateway',
    url,
    metrics_url,
    /** Its configuration, audit and log. */
    folder: place,
    pids: () => [child.pid],
    /** A grant in a meeting, by itself of what is measured, for the hours that a grant may be good. */
    token: (
      { app_id, meeting_id },
      sub = 'ann',
      can = ['read', 'kick', 'mute', 'poll', 'lock'],
    ) => {
      const exp = Math.floor(Date.now() / 1000) + 8 * 3600;
      const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp, app_id, meeting_id, can })}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
    /** How many requests it has sent to the API. */
    upstream: async () => {
      const metrics = await (await fetch(metrics_url)).text();
      const counts = metrics.matchAll(/^rtk_gateway_upstream_requests_total\{.*\} (\d+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    stop: () => end(child, place),
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts nginx with as many workers as there are cores: reads are cached for a second and asked for
 * once, all else goes through. It knows no moderators, so it takes anybody's word.
 */
export async function startNginx(emulator) {
  const place = folder();
  const port = await freePort();
  const api = new URL(emulator.base_url);
  writeFileSync(
    join(place, 'nginx.conf'),
    `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    worker_processes ${availableParallelism()};
    worker_rlimit_nofile 20000;
    daemon off;
    pid nginx.pid;
    error_log error.log;
    events { worker_connections 16384; }
    http {
      access_log off;
      tcp_nodelay on;
      keepalive_timeout 300s;
      keepalive_requests 1000000000;
      client_body_temp_path body;
      fastcgi_temp_path fastcgi;
      scgi_temp_path scgi;
      uwsgi_temp_path uwsgi;
      proxy_temp_path temp;
      proxy_cache_path cache levels=1:2 keys_zone=answers:16m;
      upstream api {
        server ${api.host};
        keepalive 64;
        keepalive_requests 1000000000;
      }
      server {
        listen 127.0.0.1:${port} backlog=4096;
        proxy_http_version 1.1;
        proxy_set_header connection "";
        proxy_set_header authorization "Bearer ${emulator.api_token}";
        proxy_buffers 16 16k;
        proxy_cache answers;
        proxy_cache_methods GET HEAD;
        proxy_cache_key $request_uri;
        proxy_cache_valid 200 1s;
        proxy_cache_lock on;
        location / { proxy_pass http://api; }
      }
    }`,
  );
  // Debian keeps it where only root looks.
  const nginx = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
  const args = ['-p', place, '-c', 'nginx.conf', '-e', 'error.log'];
  const child = spawn(nginx, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'spawn');
  const pid = join(place, 'nginx.pid');
  for (let tries = 0; !existsSync(pid) || readFileSync(pid, 'utf8') === ''; tries += 1) {
    if (child.exitCode !== null || tries > 100) {
      const why = existsSync(join(place, 'error.log'))
        ? readFileSync(join(place, 'error.log'), 'utf8')
        : '';
      await end(child, place);
      throw new Error(`nginx did not start: ${why}`);
    }
    await sleep(50);
  }
  return {
    name: 'nginx',
    url: `http://127.0.0.1:${port}`,
    /** Its workers. */
    pids: () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    token: () => 'anybody',
    stop: () => end(child, place),
  };
}

/** Where something of a meeting's app is. */
export const at = ({ account_id }, { app_id }, rest) =>
  `/client/v4/accounts/${account_id}/realtime/kit/${app_id}/${rest}`;

/** The reads that the moderator page refreshes. */
export const watched = (emulator, meeting) => [
  at(emulator, meeting, `meetings/${meeting.meeting_id}/active-session`),
  at(
    emulator,
    meeting,
    `sessions/${meeting.session_id}/participants?per_page=200&sort_by=joinedAt&sort_order=ASC`,
  ),
];
