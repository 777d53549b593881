// Starts the emulator for a test, and talks to its control routes. It needs nothing of the test's environment but
// Node's own modules: jsdom has no fetch, and Jest's contexts lack newer globals.

'use strict';

/** @typedef {import('./index.cjs').Emulator} Emulator */
/** @typedef {import('./index.cjs').Who} Who */

const { spawn } = require('node:child_process');
const { request } = require('node:http');

const { binaryPath } = require('./binary.cjs');

/** For each option the flag, in the order of the emulator's help. */
const FLAGS = /** @type {const} */ ({
  port: '--port',
  seed: '--seed',
  participants: '--participants',
  speed: '--speed',
  startTime: '--start-time',
  apiToken: '--token',
  accountId: '--account',
  rateLimit: '--rate-limit',
  rateWindow: '--rate-window',
  keepAlive: '--keep-alive',
  firstPage: '--first-page',
  leftAt: '--left-at',
  cors: '--cors',
  serve: '--serve',
});

/** The flags of the command line. */
function flags(/** @type {Record<string, unknown>} */ options) {
  return Object.entries(options).flatMap(([name, given]) => {
    if (given === undefined) return [];
    if (!Object.hasOwn(FLAGS, name)) throw new TypeError(`startEmulator: ${name} is no option`);
    const flag = FLAGS[/** @type {keyof typeof FLAGS} */ (name)];
    const all = Array.isArray(given) ? given : [given];
    const text = (/** @type {unknown} */ one) =>
      one instanceof Date ? one.toISOString() : String(one);
    return all.map((one) => `${flag}=${text(one)}`);
  });
}

/** Resolves with the line that the emulator prints when it is ready. */
function ready(/** @type {import('node:child_process').ChildProcess} */ child) {
  return new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      out += text;
      if (out.includes('\n')) resolve(JSON.parse(out));
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => (err += text));
    child.on('error', (error) =>
      reject(new Error(`the emulator does not start: ${error.message}`)),
    );
    child.on('close', (code) => reject(new Error(`the emulator ended (${code}): ${err.trim()}`)));
  });
}

/** Sends a request to a control route; resolves with its JSON. */
function send(
  /** @type {string} */ url,
  /** @type {string} */ method,
  /** @type {string} */ path,
  /** @type {unknown} */ body,
) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = text === undefined ? {} : { 'content-type': 'application/json' };
    // Without keep-alive, or an idle connection would outlive the test.
    const sent = request(`${url}/__emulator/${path}`, { method, headers, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let received = '';
      response.setEncoding('utf8').on('data', (part) => (received += part));
      response.on('error', reject);
      response.on('end', () => {
        const parsed = received ? JSON.parse(received) : undefined;
        if ((response.statusCode ?? 500) < 400) return resolve(parsed);
        const why = parsed?.error ?? received;
        reject(new Error(`the emulator refuses ${method} ${path}: ${response.statusCode} ${why}`));
      });
    });
    sent.end(text);
  });
}

let lists = 0;

/** Starts an emulator; see index.d.ts. */
async function startEmulator(/** @type {Record<string, unknown>} */ options = {}) {
  const child = spawn(binaryPath(), [...flags(options), '--until-stdin-closes'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may be gone before it is told to end.
  child.stdin.on('error', () => {});
  const started = await ready(child);
  child.stderr.on('data', (text) => process.stderr.write(text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  // A test that forgets `stop` must not keep its runner from ending: the emulator ends with it.
  const held = /** @type {any[]} */ ([child, child.stdin, child.stdout, child.stderr]);
  for (const one of held) one.unref?.();

  /** @type {Emulator['control']} */
  const control = (method, path, body) => send(started.url, method, path, body);
  const inMeeting = (/** @type {Who & { peerId?: string, name?: string }} */ who) => {
    const { meetingId, userId, customParticipantId, peerId, ...rest } = who;
    return {
      ...{ meeting_id: meetingId, user_id: userId, peer_id: peerId },
      ...{ custom_participant_id: customParticipantId, ...rest },
    };
  };
  const stop = async () => {
    for (const one of held) one.ref?.();
    child.stdin.end();
    await ended;
  };

  /** @type {Omit<Emulator, typeof Symbol.asyncDispose>} */
  const emulator = {
    url: started.url,
    baseURL: started.base_url,
    apiToken: started.api_token,
    accountId: started.account_id,
    appId: started.app_id,
    meetingId: started.meeting_id,
    sessionId: started.session_id,
    clientOptions: {
      baseURL: started.base_url,
      apiToken: started.api_token,
      accountId: started.account_id,
    },
    createMeeting: async ({ participants = 3, ...rest } = {}) => {
      const made = await control('POST', 'meetings', { participants, ...rest });
      return {
        appId: made.app_id,
        meetingId: made.meeting_id,
        sessionId: made.session_id,
        participants: made.participants.map((/** @type {Record<string, any>} */ one) => ({
          userId: one.user_id,
          customParticipantId: one.custom_participant_id,
          peerId: one.peer_id,
          name: one.name,
        })),
      };
    },
    join: (who) => control('POST', 'join', inMeeting(who)),
    leave: (who) => control('POST', 'leave', inMeeting(who)),
    endSession: (meetingId) => control('POST', 'end-session', { meeting_id: meetingId }),
    advance: (seconds) => control('POST', 'advance', { seconds }),
    faults: (steps, { operation, meetingId } = {}) =>
      control('POST', 'faults', { operation, meeting_id: meetingId, steps: [steps].flat() }),
    clearFaults: () => control('DELETE', 'faults'),
    faultHeaders: (...steps) => {
      lists += 1;
      return { 'x-emulator-faults': `list-${process.pid}-${lists}; ${steps.join(', ')}` };
    },
    rateLimit: (limit, window) => control('POST', 'rate-limit', { limit, window }),
    requests: async (path) => {
      const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`;
      return (await control('GET', `requests${query}`)).requests;
    },
    clearRequests: () => control('DELETE', 'requests'),
    state: (meetingId) =>
      control('GET', meetingId ? `state?meeting_id=${encodeURIComponent(meetingId)}` : 'state'),
    control,
    stop,
  };
  // Contexts of Jest lack the symbol on older versions of Node.
  if (Symbol.asyncDispose) Object.assign(emulator, { [Symbol.asyncDispose]: stop });
  return emulator;
}

module.exports = { binaryPath, startEmulator };
