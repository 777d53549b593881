// Through the gateway a moderator's client does what it would do at the API, and no more: the ten
// operations act and answer the same, nothing of the browser goes up, nothing else has a route.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Official from 'cloudflare';
import Ours from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertNoSecret, assertRefusal, startGateway } from '../support/gateway.mjs';
import { meetingOperations } from '../support/operations.mjs';
import { ask } from '../support/wire.mjs';

const TOKEN = 'api-token-that-nobody-may-see';

// Of the same seed: what is asked of both in the same order is answered the same.
let direct;
let behind;
let gateway;
before(async () => {
  const flags = ['--token', TOKEN, '--rate-limit', '0'];
  [direct, behind] = await Promise.all([startEmulator(...flags), startEmulator(...flags)]);
  gateway = await startGateway(behind, {
    ...{ ...ROOMY, origins: [BROWSERS.origin] },
    reads: { ...ROOMY.reads, fresh_ms: 60_000 },
  });
});
after(() => Promise.all([gateway, direct, behind].map((one) => one?.stop())));

/** The same new meeting in both worlds. */
async function meetings(participants = 3) {
  const [one, other] = [await direct.meeting(participants), await behind.meeting(participants)];
  assert.deepEqual(one, other);
  return one;
}

const stateOf = async (emulator, { meeting_id }) =>
  (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];

/** What an operation is called with in a meeting. */
function calledWith({ name, ids }, meeting) {
  const [someone, other] = meeting.participants;
  const known = { ...meeting, participant_id: someone.user_id };
  const params = {
    KickParticipants: { participant_ids: [someone.user_id, other.user_id] },
    MuteParticipants: { custom_participant_ids: [other.custom_participant_id] },
    MuteAllParticipants: { allow_unmute: true },
    CreatePoll: { question: 'Tea? Ünïcode 😀', options: ['yes', 'no'], anonymous: true },
    GetSessionParticipants: { per_page: 2, sort_by: 'joinedAt', sort_order: 'DESC', search: 'a' },
    UpdateMeeting: { status: 'INACTIVE' },
  };
  return { ids: ids.map((id) => known[id]), params: params[name] ?? {} };
}

const knows = (Sdk, { call }) => {
  const method = /\.(\w+)\(\.\.\.rest\)/.exec(String(call))?.[1];
  const { activeSession, sessions, meetings: own } = new Sdk({ apiToken: 'a' }).realtimeKit;
  return [activeSession, sessions, own].some((resource) => method in resource);
};

for (const [sdk, Sdk] of Object.entries({ ours: Ours, official: Official })) {
  describe(`the same as directly, with the client that is ${sdk}`, () => {
    for (const one of meetingOperations.filter((operation) => knows(Sdk, operation))) {
      test(one.name, async () => {
        const meeting = await meetings();
        const { ids, params } = calledWith(one, meeting);
        const { account_id } = behind;
        const plain = new Sdk({ ...direct.options, maxRetries: 0 });
        const moderator = new Sdk({ ...gateway.options(meeting), maxRetries: 0 });
        const call = (client) => one.call(client, ...ids, { ...params, account_id });
        assert.deepEqual(await call(moderator), await call(plain));
        assert.deepEqual(await stateOf(behind, meeting), await stateOf(direct, meeting));
        const requests = await behind.requests(meeting.app_id);
        const acted = requests.filter(({ acted: did, path }) => did && path.includes(ids[1]));
        assert.equal(acted.length, one.method === 'GET' ? 0 : 1);
      });
    }
  });
}

test('the official client knows eight of the ten', () => {
  assert.equal(meetingOperations.filter((one) => knows(Official, one)).length, 8);
  assert.equal(meetingOperations.filter((one) => knows(Ours, one)).length, 10);
});

/** An operation as a request. */
function requestOf(one, meeting) {
  const { ids, params } = calledWith(one, meeting);
  let path = one.path;
  for (const [n, name] of one.ids.entries()) path = path.replace(`{${name}}`, ids[n]);
  const takesBody = Object.keys(params).length && one.method !== 'GET';
  const query = one.method === 'GET' ? new URLSearchParams(params).toString() : '';
  return {
    path: gateway.path(meeting, path) + (query && `?${query}`),
    body: takesBody ? JSON.stringify(params) : undefined,
  };
}

const sorted = (query) => [...new URLSearchParams(query)].sort();

const BROWSERS = {
  cookie: 'session=browser-1',
  forwarded: 'for=browser-2',
  origin: 'https://page.example',
  referer: 'https://browser-3.example/',
  'user-agent': 'browser-4',
  'accept-language': 'browser-5',
  'x-forwarded-for': 'browser-6',
  'x-forwarded-host': 'browser-7',
  'x-forwarded-proto': 'https',
  'x-real-ip': 'browser-8',
  'x-request-id': 'browser-9',
  'cf-connecting-ip': 'browser-10',
  'true-client-ip': 'browser-11',
  'x-http-method-override': 'DELETE',
  'x-auth-key': 'browser-12',
  'x-auth-email': 'browser-13',
  'x-emulator-faults': 'browser-14; status:code=500',
  'x-stainless-retry-count': '0',
  'sec-fetch-mode': 'cors',
  te: 'trailers',
  via: '1.1 browser-15',
  'cf-access-jwt-assertion': 'browser-16',
};

describe('what goes up, and what comes back', () => {
  for (const one of meetingOperations) {
    test(one.name, async () => {
      const meeting = await meetings();
      const grant = gateway.grant(meeting);
      const { path, body } = requestOf(one, meeting);
      const answer = await gateway.ask(grant, one.method, path, body, BROWSERS);
      const same = await ask(direct.url, {
        ...{ method: one.method, path, body },
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(body && { 'content-length': Buffer.byteLength(body) }),
        },
      });
      assert.equal(answer.text, same.text);
      assert.equal(answer.status, same.status);
      assert.equal(answer.headers['content-type'], same.headers['content-type']);

      const sent = (await behind.requests(meeting.app_id)).at(-1);
      assert.equal(sent.operation, one.name);
      assert.equal(sent.fault, null);
      assert.equal(sent.headers.authorization, `Bearer ${TOKEN}`);
      for (const [name, value] of Object.entries(sent.headers)) {
        assert.doesNotMatch(value, /browser-/, name);
        assert.ok(!(name in BROWSERS) || name === 'user-agent', name);
        assert.ok(!value.includes(grant), name);
      }
      assert.deepEqual(sorted(sent.query), sorted(path.split('?')[1] ?? ''));
      if (body) assert.deepEqual(JSON.parse(sent.body), JSON.parse(body));
      else assert.ok(!sent.body);

      assert.equal(answer.headers['cf-ray'], sent.cf_ray);
      for (const name of ['ratelimit', 'ratelimit-policy']) assert.ok(answer.headers[name], name);
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.ok(answer.headers['x-request-id']);
      assert.doesNotMatch(answer.headers['x-request-id'], /browser/);
      assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
    });
  }

  test('a refusal of the API is the API’s', async () => {
    const meeting = await meetings();
    await behind.control('POST', 'faults', {
      ...{ operation: 'KickAllParticipants', meeting_id: meeting.meeting_id },
      steps: ['status:code=503:retry-after=7:retry-after-ms=6500:should-retry=false'],
    });
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick-all`);
    const answer = await gateway.ask(gateway.grant(meeting), 'POST', path);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(answer.headers['retry-after-ms'], '6500');
    assert.equal(answer.headers['x-should-retry'], 'false');
    assert.ok(answer.headers['cf-ray']);
    assert.equal((await behind.requests(meeting.meeting_id)).length, 1);
  });

  test('what does not exist is said by the API', async () => {
    const meeting = { ...(await meetings(0)), meeting_id: '00000000-0000-4000-8000-000000000000' };
    const read = new Ours(gateway.options(meeting)).realtimeKit.meetings;
    await assert.rejects(read.getMeetingById(meeting.app_id, meeting.meeting_id), {
      ...{ name: 'NotFoundError', status: 404 },
      message: /No meeting found/,
    });
  });

  test('a token that the API repeats is left out', async () => {
    const meeting = await meetings();
    for (const [operation, code] of [
      ['GetActiveSession', 400],
      ['GetMeeting', 500],
      ['CreatePoll', 400],
      ['KickAllParticipants', 403],
    ]) {
      await behind.control('POST', 'faults', {
        ...{ operation, meeting_id: meeting.meeting_id, steps: [`echo-auth:code=${code}`] },
      });
      const one = meetingOperations.find(({ name }) => name === operation);
      const { path, body } = requestOf(one, meeting);
      const answer = await gateway.ask(gateway.grant(meeting), one.method, path, body);
      assert.equal(answer.status, code);
      assert.match(answer.text, /\[token\]/);
      assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
    }
  });
});

test('all else has no route, and its neighbours have', async () => {
  const meeting = await behind.meeting();
  const { meeting_id, session_id, participants } = meeting;
  const grant = gateway.grant(meeting);
  const active = `meetings/${meeting_id}/active-session`;
  for (const [method, rest] of [
    ['GET', 'meetings'],
    ['POST', 'meetings'],
    ['PUT', `meetings/${meeting_id}`],
    ['DELETE', `meetings/${meeting_id}`],
    ['GET', `meetings/${meeting_id}/participants`],
    ['POST', `meetings/${meeting_id}/participants`],
    ['GET', `meetings/${meeting_id}/participants/${participants[0].user_id}`],
    ['PATCH', `meetings/${meeting_id}/participants/${participants[0].user_id}`],
    ['POST', active],
    ['GET', `${active}/kick`],
    ['POST', `${active}/kick-all-participants`],
    ['DELETE', `${active}/poll`],
    ['GET', `sessions/${session_id}`],
    ['GET', `sessions/${session_id}/chat`],
    ['POST', `sessions/${session_id}/participants`],
    ['GET', 'presets'],
    ['POST', `meetings/${meeting_id}/audit`],
  ]) {
    const answer = await gateway.ask(grant, method, gateway.path(meeting, rest));
    assertRefusal(answer, 404, 'No route for that URI', `${method} ${rest}`);
  }
  for (const path of [
    ...['/', '/client', '/client/v4', '/client/v4/', '/client/v4/accounts', '/favicon.ico'],
    ...['/client/v4/user/tokens/verify', `/client/v4/accounts/${gateway.account_id}`],
    ...['/client/v5/accounts', '/__emulator/state', '/__emulator/requests', '/metrics/x'],
    gateway.path(meeting, active).replace('/client/v4', ''),
  ]) {
    const answer = await gateway.ask(grant, 'GET', path);
    assertRefusal(answer, 404, 'No route for that URI', path);
  }
  assert.equal((await behind.requests(meeting_id)).length, 0);
  const path = gateway.path(meeting, active);
  assert.equal((await gateway.ask(grant, 'GET', path)).status, 200);
});

test('no secret is in the log of all that, and there is one', async () => {
  await gateway.end();
  // Its own lines, that is: what libraries say is theirs to change.
  const answered = gateway.logs.filter((line) => JSON.parse(line).message === 'answered');
  assert.ok(gateway.said.length > 0 && answered.length > 60);
  assertNoSecret(gateway, ...gateway.said, ...gateway.logs);
  // What every gateway’s `stop` asserts can fail.
  for (const told of ['"url"', 'answered']) {
    const careless = { ...gateway, secrets: [told] };
    assert.throws(() => assertNoSecret(careless, ...gateway.said, ...gateway.logs));
  }
});
