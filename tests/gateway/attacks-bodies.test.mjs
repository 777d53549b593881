// A body is what its operation takes, parsed once and written anew: nothing else in it goes up, and
// no JSON brings the gateway down.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertNoSecret, assertRefusal, startGateway } from '../support/gateway.mjs';
import { meetingOperations } from '../support/operations.mjs';

const LIMIT = 262_144;
const NOBODY = '00000000-0000-4000-8000-000000000000';

let emulator;
let gateway;
let meeting;
let grant;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  gateway = await startGateway(emulator, { ...ROOMY, limits: { body_bytes: LIMIT } });
  meeting = await emulator.meeting();
  grant = gateway.grant(meeting);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const active = (rest) => gateway.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
const PLACES = {
  KickParticipants: ['POST', () => active('/active-session/kick')],
  MuteParticipants: ['POST', () => active('/active-session/mute')],
  MuteAllParticipants: ['POST', () => active('/active-session/mute-all')],
  CreatePoll: ['POST', () => active('/active-session/poll')],
  UpdateMeeting: ['PATCH', () => active('')],
};
const sent = async () => (await emulator.requests()).length;

function send(name, body, headers = {}) {
  const [method, path] = PLACES[name];
  return gateway.ask(grant, method, path(), body, headers);
}

/** Asserts that a body is refused, and that nothing else happens by it. */
async function assertHarmless(name, body, status, message, headers) {
  const requests = await sent();
  const answer = await send(name, body, headers);
  const about = `${name} ${String(body).slice(0, 80)}`;
  assertRefusal(answer, status, message, about);
  assert.equal(await sent(), requests, about);
  assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
}

/** A good request is answered. What was recorded has been looked at by then, and is forgotten. */
async function assertAlive() {
  assert.equal((await gateway.ask(grant, 'GET', active(''))).status, 200);
  await emulator.control('DELETE', 'requests');
}

const nested = (depth, open, close) => open.repeat(depth) + close.repeat(depth);
const GOOD = {
  KickParticipants: { participant_ids: [NOBODY] },
  MuteParticipants: { participant_ids: [NOBODY] },
  ...{ MuteAllParticipants: { allow_unmute: true }, UpdateMeeting: { status: 'INACTIVE' } },
  CreatePoll: { question: 'q', options: ['a'] },
};

/** What is no body of any operation. */
const BOMBS = {
  'nothing but a brace': '{',
  'a text': '"text"',
  'a number': '5',
  null: 'null',
  'a list': '[]',
  'lists 100,000 deep': nested(100_000, '[', ']'),
  'lists 100,000 deep, not closed': '['.repeat(100_000),
  'objects 30,000 deep': nested(30_000, '{"a":', '}').replace(':}', ':1}'),
  'two values': '{}{}',
  'a comma at the end': '{"status":"ACTIVE",}',
  'a comment': '{/**/}',
  'single quotes': "{'status':'ACTIVE'}",
  'a byte order mark': '\ufeff{"status":"ACTIVE"}',
  'a line end in a text': '{"status":"ACT\nIVE"}',
  'a NUL': '{"status":"ACTIVE"}\0',
  'half a character': '{"question":"\\ud800","options":["a"]}',
  'an escape that is none': '{"question":"\\x41","options":["a"]}',
  NaN: '{"allow_unmute":NaN}',
  'a number beyond all': '{"allow_unmute":1e999}',
  'a number of 200,000 digits': `{"allow_unmute":${'9'.repeat(200_000)}}`,
  'a form': 'participant_ids=p',
};

for (const name of Object.keys(PLACES)) {
  describe(`${name} of a body that is none`, () => {
    for (const [what, body] of Object.entries(BOMBS)) {
      test(what, async () => {
        await assertHarmless(name, body, 400);
        await assertAlive();
      });
    }

    test('no UTF-8', async () => {
      const text = JSON.stringify(GOOD[name]);
      const bytes = Buffer.concat([Buffer.from(text.slice(0, 3)), Buffer.from([0xff, 0xfe])]);
      await assertHarmless(name, Buffer.concat([bytes, Buffer.from(text.slice(3))]), 400);
      await assertAlive();
    });

    test('fields that it does not take', async () => {
      for (const more of [
        ...[{ title: 'x' }, { unknown: 1 }, { __proto_: {} }, { 'status ': 'ACTIVE' }, { '': 1 }],
        ...[
          { constructor: { prototype: {} } },
          { account_id: 'x' },
          { live_stream_on_start: true },
        ],
      ]) {
        await assertHarmless(name, { ...GOOD[name], ...more }, 400);
      }
      const proto = JSON.stringify(GOOD[name]).replace('{', '{"__proto__":{"x":1},');
      await assertHarmless(name, proto, 400);
      await assertAlive();
    });

    test('a field said twice is refused, or goes up once', async () => {
      const [[field, value]] = Object.entries(GOOD[name]);
      const twice = JSON.stringify(GOOD[name]).replace('{', `{${JSON.stringify(field)}:null,`);
      const requests = await emulator.requests();
      const answer = await send(name, twice);
      const fresh = (await emulator.requests()).slice(requests.length);
      if (answer.status === 400) assert.equal(fresh.length, 0);
      for (const { body } of fresh) {
        assert.equal(body.split(`"${field}"`).length, 2, body);
        assert.deepEqual(JSON.parse(body)[field], value);
      }
    });

    test('larger than the limit', async () => {
      const body = JSON.stringify({ ...GOOD[name], x: 'x'.repeat(LIMIT) });
      await assertHarmless(name, body, 413);
      await assertHarmless(name, `[${'0,'.repeat(1_000_000)}0]`, 413);
      await assertAlive();
    });

    test('another type', async () => {
      const body = JSON.stringify(GOOD[name]);
      for (const type of [
        ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'],
        ...['application/jsonp', 'application/json-patch+json', 'text/json', 'json', '*/*'],
        'text/plain; application/json',
      ]) {
        const wrong = { 'content-type': type };
        await assertHarmless(name, body, 415, 'content-type must be application/json', wrong);
      }
      await assertAlive();
    });

    test('a coding', async () => {
      const requests = await sent();
      for (const coding of ['gzip', 'br', 'identity, gzip']) {
        const answer = await send(name, '\x1f\x8b\x08', { 'content-encoding': coding });
        assert.ok([400, 415].includes(answer.status), answer.text);
      }
      assert.equal(await sent(), requests);
    });
  });
}

const IDS = [
  ...['p', 5, null, true, {}, [1], [null], [''], ['p', ''], [['p']], [{ id: 'p' }]],
  Array(50_000).fill(0),
];

describe('what a field may be', () => {
  for (const name of ['KickParticipants', 'MuteParticipants']) {
    test(`the IDs of ${name}`, async () => {
      for (const field of ['participant_ids', 'custom_participant_ids']) {
        const message = `${field} must be a list of non-empty strings`;
        for (const ids of IDS) await assertHarmless(name, { [field]: ids }, 400, message);
      }
      for (const body of [{}, { participant_ids: [] }, { custom_participant_ids: [] }]) {
        await assertHarmless(name, body, 400, /participant_ids/);
      }
      await assertAlive();
    });
  }

  test('a poll', async () => {
    for (const [body, message] of [
      [{}, /question/],
      [{ options: ['a'] }, /question/],
      [{ question: 5, options: ['a'] }, /question/],
      [{ question: ['q'], options: ['a'] }, /question/],
      [{ question: 'q' }, /options/],
      [{ question: 'q', options: 'a' }, /options/],
      [{ question: 'q', options: [1] }, /options/],
      [{ question: 'q', options: [''] }, /options/],
      [{ question: 'q', options: { length: 1 } }, /options/],
      [{ question: 'q', options: ['a'], anonymous: 1 }, /anonymous/],
      [{ question: 'q', options: ['a'], hide_votes: 'no' }, /hide_votes/],
    ]) {
      await assertHarmless('CreatePoll', body, 400, message);
    }
    await assertAlive();
  });

  describe('is not longer than it may be, nor more', () => {
    const ids = (count, length = 3) => Array(count).fill('x'.repeat(length));
    // Each with what is just short enough; of letters that are two bytes there are half as many.
    const PEOPLE = [
      ['participant_ids', { participant_ids: ids(501) }, { participant_ids: ids(500) }],
      [
        'custom_participant_ids',
        { custom_participant_ids: ids(501) },
        { custom_participant_ids: ids(500) },
      ],
      ['participant_ids', { participant_ids: ids(1, 129) }, { participant_ids: ids(1, 128) }],
      [
        'custom_participant_ids',
        { custom_participant_ids: ['a', 'ü'.repeat(65)] },
        { custom_participant_ids: ['a', 'ü'.repeat(64)] },
      ],
    ];
    const of = (question, ...options) => ({ question, options });
    const POLLS = [
      ['question', of('q'.repeat(2001), 'a'), of('q'.repeat(2000), 'a')],
      ['question', of('ü'.repeat(1001), 'a'), of('ü'.repeat(1000), 'a')],
      ['options', of('q', 'a', 'o'.repeat(501)), of('q', 'a', 'o'.repeat(500))],
      ['options', of('q', 'ü'.repeat(251)), of('q', 'ü'.repeat(250))],
      ['options', of('q', ...Array(101).fill('a')), of('q', ...Array(100).fill('a'))],
    ];
    for (const [name, rows] of [
      ['KickParticipants', PEOPLE],
      ['MuteParticipants', PEOPLE],
      ['CreatePoll', POLLS],
    ]) {
      for (const [n, [field, long, short]] of rows.entries()) {
        test(`${name}: ${field} (${n})`, async () => {
          await assertHarmless(name, long, 400, new RegExp(`\\b(?<!_)${field}\\b.*at most`));
          const requests = await sent();
          const answer = await send(name, short);
          assert.ok([200, 201, 400, 404].includes(answer.status), answer.text);
          assert.ok((await sent()) > requests, 'it went up');
          await assertAlive();
        });
      }
    }
  });

  test('what everybody muted may do', async () => {
    for (const allow_unmute of ['true', 1, null, [], {}]) {
      await assertHarmless('MuteAllParticipants', { allow_unmute }, 400, /allow_unmute/);
    }
  });

  test('a meeting’s status, and nothing else of it', async () => {
    for (const status of ['DELETED', 'active', 'ACTIVE ', '', 5, null, ['ACTIVE'], true]) {
      await assertHarmless('UpdateMeeting', { status }, 400, /status/);
    }
    await assertHarmless('UpdateMeeting', {}, 400, /status/);
    for (const more of [
      ...[{ title: 'x' }, { record_on_start: true }, { preferred_region: 'us-east-1' }],
      { session_keep_alive_time_in_secs: 600 },
    ]) {
      await assertHarmless('UpdateMeeting', more, 400);
      await assertHarmless('UpdateMeeting', { status: 'INACTIVE', ...more }, 400);
    }
    const state = await emulator.control('GET', `state?meeting_id=${meeting.meeting_id}`);
    assert.equal(state.meetings[0].title, 'Test meeting');
    await assertAlive();
  });

  test('no body where none is taken', async () => {
    for (const { name, method, path, ids } of meetingOperations.filter(
      (one) => !(one.name in PLACES),
    )) {
      const known = { ...meeting, participant_id: meeting.participants[0].user_id };
      const rest = ids.reduce((text, id) => text.replace(`{${id}}`, known[id]), path);
      for (const body of ['{}', '{"force":true}', 'x']) {
        const requests = await sent();
        const answer = await gateway.ask(grant, method, gateway.path(meeting, rest), body);
        assertRefusal(answer, 400, undefined, `${name} ${body}`);
        assert.equal(await sent(), requests);
      }
    }
    await assertAlive();
  });

  test('texts that are hard to write go up as they are', async () => {
    for (const question of [
      ...[
        '',
        '"',
        '\\',
        '\u0000\u001f',
        '\u2028\u2029',
        '😀',
        '</script>',
        'a\r\nb',
        '\u202e',
        '￿',
      ],
      ...['{"status":"ACTIVE"}', '%00', "'; drop", 'q'.repeat(2000)],
    ]) {
      const body = { question, options: [question.slice(0, 500) || 'a'] };
      const answer = await send('CreatePoll', body);
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual(JSON.parse((await emulator.requests()).at(-1).body), body);
    }
  });
});

test(
  'whatever JSON comes in, what is described goes up or nothing',
  { timeout: 300_000 },
  async () => {
    const fields = {
      KickParticipants: ['participant_ids', 'custom_participant_ids'],
      MuteParticipants: ['participant_ids', 'custom_participant_ids'],
      MuteAllParticipants: ['allow_unmute'],
      CreatePoll: ['question', 'options', 'anonymous', 'hide_votes'],
      UpdateMeeting: ['status'],
    };
    const words = [...new Set(Object.values(fields).flat()), 'title', '__proto__', 'x'];
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('ACTIVE', 'INACTIVE', ['a'], true));
    const body = fc.dictionary(fc.constantFrom(...words), value, { maxKeys: 4 });
    const run = async (name, given) => {
      const requests = await sent();
      const answer = await send(name, given);
      assert.ok([200, 201, 400, 404].includes(answer.status), `${answer.status} ${answer.text}`);
      const fresh = (await emulator.requests()).slice(requests);
      if (answer.status === 400) return;
      for (const { body: text } of fresh) {
        const up = JSON.parse(text || '{}');
        for (const field of Object.keys(up)) assert.ok(fields[name].includes(field), field);
      }
    };
    const names = fc.constantFrom(...Object.keys(PLACES));
    await fc.assert(fc.asyncProperty(names, body, run), { numRuns: 150 });
    await assertAlive();
  },
);
