// A path names one of the table's operations letter for letter, or nothing: no other spelling of a
// route, no other method, no form of target but the plain one reaches the API.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  assertRefusal,
  onWorkers,
  processDescribe,
  startGateway,
} from '../support/gateway.mjs';
import { ask, raw } from '../support/wire.mjs';

let emulator;
let gateway;
let meeting;
let other;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  // What is left open by a raw connection is closed soon.
  gateway = await startGateway(emulator, {
    ...ROOMY,
    limits: { head_timeout_ms: 5000, idle_timeout_ms: 500 },
  });
  [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const at = (rest) => gateway.path(meeting, rest);
const kickAll = () => at(`meetings/${meeting.meeting_id}/active-session/kick-all`);
const authorized = () => ({ authorization: `Bearer ${gateway.grant(meeting)}` });
const sent = async () => (await emulator.requests()).length;

/** Asks with a good grant; the gateway has no route, sends nothing and goes on. */
async function assertNowhere(method, path, more = {}) {
  const requests = await sent();
  const headers = { ...authorized(), ...more };
  const answer = await ask(gateway.url, { method, path, headers });
  const about = `${method} ${path}`;
  if (method === 'HEAD') assert.equal(answer.status, 404, about);
  else assertRefusal(answer, 404, 'No route for that URI', about);
  assert.equal(await sent(), requests, about);
  assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
}

/**
 * Whether a path is the route of a kick-all for the gateway. A Worker has the URL as its standard reads it,
 * without dot segments and backslashes.
 */
const isRoute = (path) => (onWorkers ? new URL(gateway.url + path).pathname : path) === kickAll();

/** A spelling that is the route: the grant of another meeting acts no more than on the route itself. */
async function assertForeign(path) {
  const requests = await sent();
  const headers = { authorization: `Bearer ${gateway.grant(other)}` };
  assertRefusal(await ask(gateway.url, { method: 'POST', path, headers }), 403);
  assert.equal(await sent(), requests);
}

/** A good request is answered. What was recorded has been looked at by then, and is forgotten. */
async function assertAlive() {
  const path = at(`meetings/${meeting.meeting_id}`);
  assert.equal((await ask(gateway.url, { path, headers: authorized() })).status, 200);
  await emulator.control('DELETE', 'requests');
}

/** Ways to write the path of a kick-all (which takes no body, so that nothing else refuses it). */
const SPELLINGS = {
  'an encoded slash': (path) => path.replace('/active-session', '%2Factive-session'),
  'an encoded slash in lower case': (path) => path.replace('/kick-all', '%2fkick-all'),
  'an encoded slash within an ID': (path) => path.replace('/active', '%2F..%2Fx/active'),
  'encoded twice': (path) => path.replace('/kick-all', '%252Fkick-all'),
  'an encoded letter': (path) => path.replace('kick', '%6Bick'),
  'an encoded hyphen of the ID': (path) => path.replace(/-(?=\w+\/active)/, '%2D'),
  'an encoded segment': (path) => path.replace('accounts', '%61ccounts'),
  'a dot segment': (path) => path.replace('/active', '/./active'),
  'two dots': (path) => path.replace('/active', '/x/../active'),
  'two dots at the end': (path) => `${path}/..`,
  'two dots and the same again': (path) => `${path}/../kick-all`,
  'one dot at the end': (path) => `${path}/.`,
  'encoded dots': (path) => path.replace('/active', '/x/%2e%2e/active'),
  'half-encoded dots': (path) => path.replace('/active', '/x/.%2E/active'),
  'dots encoded twice': (path) => path.replace('/active', '/x/%252e%252e/active'),
  'dots before the base': (path) => `/../..${path}`,
  'dots over the base': (path) => path.replace('/client/v4', '/client/v4/../../client/v4'),
  'dots and a semicolon': (path) => path.replace('/active', '/x/..;/active'),
  'a doubled slash': (path) => path.replace('/active', '//active'),
  'a doubled slash before all': (path) => `/${path}`,
  'a host before all': (path) => `//api.cloudflare.com${path}`,
  'a doubled slash at the end': (path) => `${path}//`,
  'a slash at the end': (path) => `${path}/`,
  'an encoded slash at the end': (path) => `${path}%2F`,
  'an encoded NUL': (path) => `${path}%00`,
  'an encoded NUL and an ending': (path) => `${path}%00.json`,
  'an encoded NUL in an ID': (path) => path.replace('/active', '%00/active'),
  'an encoded line end': (path) => `${path}%0d%0aX-Injected:%201`,
  'an encoded space': (path) => `${path}%20`,
  'an encoded tab': (path) => `${path}%09`,
  'a percent sign': (path) => `${path}%`,
  'a percent sign and no digits': (path) => path.replace('/active', '%zz/active'),
  'an encoding too long': (path) => path.replace('/active', '/x/%c0%ae%c0%ae/active'),
  'an encoding of IIS': (path) => path.replace('/kick-all', '%u002fkick-all'),
  'a backslash': (path) => path.replace('/kick-all', '\\kick-all'),
  'an encoded backslash': (path) => path.replace('/kick-all', '%5Ckick-all'),
  'dots and backslashes': (path) => path.replace('/active', '/x\\..\\active'),
  parameters: (path) => `${path};x=y`,
  'parameters of an ID': (path) => path.replace('/active', ';v=1/active'),
  'parameters of a matrix': (path) => path.replace('/kick-all', ';a=b/kick-all'),
  'other letters': (path) => path.replace('kick-all', 'Kick-All'),
  'capitals of the base': (path) => path.replace('/client/v4', '/CLIENT/V4'),
  'capitals of the kit': (path) => path.replace('/kit/', '/Kit/'),
  'letters that look alike': (path) => path.replace('kick-all', '%D0%BAick-all'),
  'a full-width slash': (path) => path.replace('/kick-all', '%EF%BC%8Fkick-all'),
  'a full-width dot': (path) => path.replace('/active', '/%EF%BC%8E%EF%BC%8E/active'),
  'an encoded question mark': (path) => `${path}%3Fx=y`,
  'an encoded hash': (path) => `${path}%23x`,
  'an encoded question mark in an ID': (path) =>
    path.replace('/active-session/kick-all', '%3F/active-session/kick-all'),
  'another ending': (path) => `${path}.json`,
  'an at sign': (path) => path.replace('/meetings', '/@evil.example/meetings'),
  'a colon': (path) => `${path}:80`,
  'a star for the meeting': (path) => path.replace(meeting.meeting_id, '*'),
  'no meeting': (path) => path.replace(meeting.meeting_id, ''),
  'a placeholder': (path) => path.replace(meeting.meeting_id, '{meeting_id}'),
  'a meeting of dots': (path) => path.replace(meeting.meeting_id, '..'),
  'a meeting of one dot': (path) => path.replace(meeting.meeting_id, '.'),
  'a meeting of 129 letters': (path) => path.replace(meeting.meeting_id, 'm'.repeat(129)),
  'a meeting of 6,000 letters': (path) => path.replace(meeting.meeting_id, 'm'.repeat(6000)),
  'two meetings by a comma': (path) =>
    path.replace(meeting.meeting_id, `${meeting.meeting_id},${other.meeting_id}`),
  'a plus for a space': (path) => path.replace(meeting.meeting_id, `${meeting.meeting_id}+`),
};

describe('another spelling of a route is none', () => {
  for (const [name, spelt] of Object.entries(SPELLINGS)) {
    test(name, async () => {
      const path = spelt(kickAll());
      assert.notEqual(path, kickAll());
      if (isRoute(path)) await assertForeign(path);
      else await assertNowhere('POST', path);
      await assertAlive();
    });
  }

  test('letters that are no ASCII', async () => {
    const requests = await sent();
    const path = kickAll().replace('kick-all', 'kick-a\u00eel');
    const lines = [`POST ${path} HTTP/1.1`, 'Host: x', 'Connection: close', 'Content-Length: 0'];
    const all = [...lines, `Authorization: ${authorized().authorization}`, '', ''];
    for (const { status } of await raw(gateway.url, all.join('\r\n'))) {
      assert.ok([400, 404].includes(status));
    }
    assert.equal(await sent(), requests);
    await assertAlive();
  });

  test('whatever is put in, taken out or doubled', { timeout: 300_000 }, async () => {
    const odd = fc.constantFrom(
      ...['/', '//', '.', '..', '/./', '/../', '%2f', '%2e', '%00', '%', ';', '\\', ':', '@', '*'],
      ...[
        '&',
        '=',
        '+',
        ',',
        '!',
        '$',
        "'",
        '(',
        ')',
        '~',
        '-',
        'a',
        'Z',
        '0',
        '%25',
        '|',
        '[',
        '{',
      ],
    );
    const from = kickAll();
    // The IDs are someone else's to judge: a changed ID is another meeting, which is refused.
    const places = fc.integer({ min: 0, max: from.length });
    const run = async (place, text, gone) => {
      const path = from.slice(0, place) + text + from.slice(place + gone);
      if (!path.startsWith('/') || isRoute(path)) return;
      const requests = await sent();
      const answer = await ask(gateway.url, { method: 'POST', path, headers: authorized() });
      assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`);
      assertRefusal(answer, answer.status);
      assert.equal(await sent(), requests, path);
    };
    await fc.assert(fc.asyncProperty(places, odd, fc.nat(3), run), { numRuns: 200 });
    await assertAlive();
  });
});

test('the route itself is one', async () => {
  const own = await emulator.meeting();
  const path = kickAll().replace(meeting.meeting_id, own.meeting_id);
  const headers = { authorization: `Bearer ${gateway.grant(own)}` };
  assert.equal((await ask(gateway.url, { method: 'POST', path, headers })).status, 200);
  assert.equal((await emulator.requests(own.meeting_id)).length, 1);
});

describe('another method is no route', () => {
  for (const method of [
    ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE'],
    // workerd knows no such method, and refuses it itself.
    ...(onWorkers ? [] : ['LINK']),
  ]) {
    test(`${method} for POST`, async () => {
      await assertNowhere(method, kickAll());
      await assertAlive();
    });
  }

  test('HEAD, POST and PUT for GET', async () => {
    const path = at(`meetings/${meeting.meeting_id}`);
    for (const method of ['HEAD', 'POST', 'PUT', 'TRACE']) await assertNowhere(method, path);
    await assertAlive();
  });

  test('OPTIONS without an origin', () => assertNowhere('OPTIONS', kickAll()));

  for (const header of [
    ...['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-method'],
  ]) {
    test(`${header} changes nothing`, async () => {
      const headers = { ...authorized(), [header]: 'DELETE' };
      const { participants, meeting_id } = other;
      const grant = { authorization: `Bearer ${gateway.grant(other)}` };
      // A read stays a read, and what has no route gets none.
      const path = gateway.path(other, `meetings/${meeting_id}`);
      const read = await ask(gateway.url, { path, headers: { ...headers, ...grant } });
      assert.equal(read.status, 200);
      const person = `meetings/${meeting_id}/participants/${participants[0].user_id}`;
      const all = { ...headers, ...grant };
      await assertNowhere('POST', gateway.path(other, person), all);
      await assertNowhere('GET', `${gateway.path(other, person)}?_method=DELETE`, all);
    });
  }

  for (const header of ['x-original-url', 'x-rewrite-url', 'x-forwarded-prefix', 'x-envoy-path']) {
    test(`${header} names no other path`, async () => {
      await assertNowhere('POST', at('meetings'), { [header]: kickAll() });
    });
  }
});

/** A request by its bytes. */
const bytes = (line, headers = []) =>
  [line, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n');

// The process reads the request's line; before a Worker the runtime does.
processDescribe('another form of target', () => {
  for (const [name, line] of Object.entries({
    'absolute, of the gateway': () => `POST ${gateway.url}${kickAll()} HTTP/1.1`,
    'absolute, of the API': () => `POST https://api.cloudflare.com${kickAll()} HTTP/1.1`,
    'absolute, of the emulator': () => `POST ${emulator.url}${kickAll()} HTTP/1.1`,
    'absolute, of a scheme nobody knows': () => `POST file://${kickAll()} HTTP/1.1`,
    'absolute with a user': () => `POST http://u:p@127.0.0.1${kickAll()} HTTP/1.1`,
    authority: () => `CONNECT 127.0.0.1:443 HTTP/1.1`,
    'authority of the emulator': () => `CONNECT ${new URL(emulator.url).host} HTTP/1.1`,
    asterisk: () => 'OPTIONS * HTTP/1.1',
    'asterisk for POST': () => 'POST * HTTP/1.1',
    'no slash before': () => `POST ${kickAll().slice(1)} HTTP/1.1`,
    'a space within': () => `POST ${kickAll()} x HTTP/1.1`,
    'a tab within': () => `POST ${kickAll()}\tx HTTP/1.1`,
    'a NUL within': () => `POST ${kickAll()}\0 HTTP/1.1`,
    'a NUL and an ending': () => `POST ${kickAll()}\0.json HTTP/1.1`,
    'no path': () => 'POST  HTTP/1.1',
    'HTTP/2 as text': () => `POST ${kickAll()} HTTP/2.0`,
    'HTTP/0.9': () => `POST ${kickAll()}`,
    'a version nobody knows': () => `POST ${kickAll()} HTTP/1.9`,
    'a method in lower case': () => `post ${kickAll()} HTTP/1.1`,
    'a method with a space': () => ` POST ${kickAll()} HTTP/1.1`,
  })) {
    test(name, async () => {
      const requests = await sent();
      const headers = [`Authorization: ${authorized().authorization}`, 'Content-Length: 0'];
      const answers = await raw(gateway.url, bytes(line(), headers));
      for (const { status, text } of answers) {
        assert.ok([400, 404, 405, 501, 505].includes(status), `${status} ${text}`);
        assertNoSecret(gateway, text);
      }
      assert.ok(answers.length <= 1);
      assert.equal(await sent(), requests);
      await assertAlive();
    });
  }

  test('a prior-knowledge HTTP/2 preface', async () => {
    const requests = await sent();
    const answers = await raw(gateway.url, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').catch(() => []);
    for (const { status } of answers) assert.ok(status >= 400);
    assert.equal(await sent(), requests);
    await assertAlive();
  });
});

describe('an upgrade', () => {
  test('is not followed', async () => {
    const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'];
    const line = `GET ${at(`meetings/${meeting.meeting_id}`)} HTTP/1.1`;
    const grant = `Authorization: ${authorized().authorization}`;
    const text = bytes(line, [grant, ...upgrade]).replace('close', 'close, Upgrade');
    const [answer] = await raw(gateway.url, text);
    assert.equal(answer.status, 200);
  });
});

describe('a query is what an operation takes, and no more', () => {
  const roster = (query) => at(`sessions/${meeting.session_id}/participants?${query}`);
  for (const [name, query] of Object.entries({
    'a field nobody described': 'include=tokens',
    'a field of another operation': 'name=x',
    'the account again': 'account_id=x',
    'a field in other letters': 'Per_Page=2',
    'a field twice': 'per_page=2&per_page=3',
    'a field as a list': 'per_page[]=2',
    'a number that is none': 'per_page=x',
    'a number below none': 'page_no=-1',
    'a number with a sign': 'page_no=%2B1',
    'a number beyond all': 'page_no=99999999999999999999999999',
    'a word nobody knows': 'view=secret',
    'an order nobody knows': 'sort_order=ASC%20--',
    'a flag that is none': 'include_peer_events=yes',
    'no UTF-8': 'search=%ff%fe',
    'a line end': 'search=a%0d%0aX-Injected:%201',
    'a request': 'search=a%20HTTP/1.1%0d%0aHost:%20evil%0d%0a%0d%0a',
    'a NUL': 'search=%00',
  })) {
    test(name, async () => {
      const requests = await sent();
      const answer = await ask(gateway.url, { path: roster(query), headers: authorized() });
      assertRefusal(answer, 400);
      assert.equal(await sent(), requests);
      await assertAlive();
    });
  }

  test('on what takes none', async () => {
    for (const path of [kickAll(), at(`meetings/${meeting.meeting_id}/active-session/poll`)]) {
      const requests = await sent();
      const headers = { ...authorized(), 'content-type': 'application/json' };
      const body = path === kickAll() ? '' : '{"question":"q","options":["a"]}';
      const asked = { method: 'POST', path: `${path}?force=true`, headers, body };
      assertRefusal(await ask(gateway.url, asked), 400);
      assert.equal(await sent(), requests);
    }
  });

  test('a value stays within its field', async () => {
    for (const value of [
      ...['a&per_page=1', 'a#b', 'a?b=c', 'a%26b', 'a=b', 'ä 漢 😀', 'a+b c'],
      ...['../..', ' HTTP/1.1 ', '<script>', '%00', '"'],
    ]) {
      const query = `search=${encodeURIComponent(value)}`;
      const answer = await ask(gateway.url, { path: roster(query), headers: authorized() });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers['x-injected'], undefined);
      const { query: up, path } = (await emulator.requests()).at(-1);
      assert.match(path, new RegExp(`/sessions/${meeting.session_id}/participants$`));
      assert.deepEqual([...new URLSearchParams(up)], [['search', value]]);
    }
  });
});

test('another meeting’s session tells nothing, also where its own moderator just read it', async () => {
  const path = (of) => gateway.path(of, `sessions/${of.session_id}/participants`);
  const theirs = { authorization: `Bearer ${gateway.grant(other)}` };
  assert.equal((await ask(gateway.url, { path: path(other), headers: theirs })).status, 200);
  const message = "The session is not the granted meeting's";
  for (const session_id of [other.session_id, '11111111-1111-4111-8111-111111111111', 'x', '~']) {
    const requests = (await emulator.requests(session_id)).length;
    const asked = { path: path({ ...meeting, session_id }), headers: authorized() };
    const answer = await ask(gateway.url, asked);
    assertRefusal(answer, 403, message);
    assert.equal((await emulator.requests(session_id)).length, requests);
  }
  const own = await ask(gateway.url, { path: path(meeting), headers: authorized() });
  assert.equal(own.status, 200);
  assert.ok(own.text.includes(meeting.participants[0].user_id));
  assert.ok(!own.text.includes(other.participants[0].user_id));
});
