// Starts the emulator as a process, and talks to its control routes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary =
  process.env.EMULATOR ??
  fileURLToPath(new URL('../../target/release/realtimekit-emulator', import.meta.url));

/** Starts an emulator on a free port; `stop` ends it, and so does the end of this process. */
export async function startEmulator(...flags) {
  const child = spawn(binary, ['--port', '0', '--until-stdin-closes', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`emulator ended: ${code}`))),
  ]);
  const ready = JSON.parse(line);

  const control = async (method, path, body) => {
    const response = await fetch(`${ready.url}/__emulator/${path}`, {
      method,
      headers: body ? { 'content-type': 'application/json' } : {},
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };

  return {
    ...ready,
    pid: child.pid,
    /** The options of a client that uses it. */
    options: { baseURL: ready.base_url, apiToken: ready.api_token, accountId: ready.account_id },
    /** A meeting of the test's own, with a live session. */
    meeting: (participants = 3) => control('POST', 'meetings', { participants }),
    /** The requests it received; with `part`, those that contain this fault ID or meeting ID. */
    requests: async (part) => {
      const requests = await control('GET', 'requests');
      const list = Array.isArray(requests) ? requests : requests.requests;
      return part ? list.filter((request) => JSON.stringify(request).includes(part)) : list;
    },
    state: () => control('GET', 'state'),
    /** Registers a webhook for an address, as an operator does; returns its ID. */
    registerWebhook: async (name, url, events) => {
      const { base_url, account_id, app_id, api_token } = ready;
      const response = await fetch(
        `${base_url}/accounts/${account_id}/realtime/kit/${app_id}/webhooks`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${api_token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name, url, events }),
        },
      );
      const text = await response.text();
      if (response.status !== 201) throw new Error(`webhooks: ${response.status} ${text}`);
      return JSON.parse(text).data.id;
    },
    control,
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

let faultIds = 0;

/** A header that gives the n-th request with it the n-th fault. */
export function faults(...steps) {
  faultIds += 1;
  return { 'x-emulator-faults': `test-${process.pid}-${faultIds}; ${steps.join(', ')}` };
}
