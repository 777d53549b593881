// The published examples run with only their import line changed, and each operation has its effect.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import Default, { Cloudflare, NotFoundError } from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';

const read = (name) => readFileSync(new URL(`../spec/${name}`, import.meta.url), 'utf8');
const examples = [...read('active-session.md').matchAll(/```node\n([\s\S]*?)```/g)].map(
  (match) => match[1],
);

let emulator;
let client;
before(async () => {
  emulator = await startEmulator('--rate-limit', '100000');
  client = new Cloudflare(emulator.options);
});
after(() => emulator?.stop());

/** A meeting for one test, with its state in the emulator. */
async function createMeeting(participants = 3) {
  const meeting = await emulator.meeting(participants);
  const ids = [meeting.app_id, meeting.meeting_id];
  return {
    ...meeting,
    ids,
    users: meeting.participants.map((participant) => participant.user_id),
    state: async () => (await emulator.state()).meetings.find(({ id }) => id === ids[1]),
    present: async () => {
      const list = client.realtimeKit.sessions.getSessionParticipants(ids[0], meeting.session_id, {
        per_page: 200,
      });
      const users = [];
      for await (const { left_at, user_id } of list) if (!left_at) users.push(user_id);
      return users;
    },
    join: (user_id) => emulator.control('POST', 'join', { meeting_id: ids[1], user_id }),
  };
}

describe('the published examples', () => {
  assert.equal(examples.length, 3);
  // The document stops before its poll example. This one has the form of the others.
  const poll = examples[0]
    .replace('getActiveSession', 'createPoll')
    .replace("c353', }", "c353', options: ['string'], question: 'question', }");
  assert.notEqual(poll, examples[0]);
  for (const example of [...examples, poll]) {
    const method = /activeSession\.(\w+)/.exec(example)[1];
    test(`${method} runs with only its import line changed`, async () => {
      const { app_id, meeting_id, participants } = await emulator.meeting(2);
      const [first, second] = participants;
      assert.match(example, /^import Cloudflare from 'cloudflare';$/m);
      const swapped = example
        .replace("from 'cloudflare'", "from 'realtimekit-moderator'")
        // Only the document's placeholders.
        .replace("'app_id'", `'${app_id}'`)
        .replace("'meeting_id'", `'${meeting_id}'`)
        .replace(
          "custom_participant_ids: ['string']",
          `custom_participant_ids: ['${first.custom_participant_id}']`,
        )
        .replace(/ participant_ids: \['string'\]/, ` participant_ids: ['${second.user_id}']`);
      const printed = execFileSync(process.execPath, ['--input-type=module', '-e', swapped], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        encoding: 'utf8',
        env: {
          ...process.env,
          CLOUDFLARE_API_TOKEN: emulator.api_token,
          CLOUDFLARE_BASE_URL: emulator.base_url,
        },
      });
      assert.match(printed, method === 'getActiveSession' ? /status: 'LIVE'/ : /action: '/);
    });
  }
});

test('reads the published responses, with their faults', async () => {
  const published = [];
  for (const path of Object.values(parse(read('realtimekit-moderation.openapi.yaml')).paths)) {
    for (const operation of Object.values(path)) {
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        const example = response.content?.['application/json']?.examples?.published;
        if (example) published.push({ status: Number(status), body: example.value });
      }
    }
  }
  assert.equal(published.length, 4);
  for (const { status, body } of published) {
    const stubbed = new Cloudflare({
      ...emulator.options,
      fetch: async () => Response.json(body, { status }),
    });
    const call = stubbed.realtimeKit.activeSession.getActiveSession('app', 'meeting');
    if (status === 200) assert.deepEqual(await call, body);
    else await assert.rejects(call, { status, error: body, message: `404 ${body.error.message}` });
  }
});

test('the client is the default export and a named export', () => {
  assert.equal(Default, Cloudflare);
  assert.equal(Cloudflare.Cloudflare, Cloudflare);
});

test('the account is from the call, else the client, else the environment', async () => {
  const requested = [];
  const fetch = async (url) => {
    requested.push(/accounts\/(\w+)\//.exec(url)[1]);
    return Response.json({});
  };
  const options = { baseURL: 'https://example.com', apiToken: 'token', fetch };
  const call = (client, params) => client.realtimeKit.meetings.getMeetingById('a', 'm', params);
  await call(new Cloudflare({ ...options, accountId: 'clients' }), { account_id: 'calls' });
  await call(new Cloudflare({ ...options, accountId: 'clients' }), {});
  await call(new Cloudflare({ ...options, accountId: 'clients' }));
  process.env.CLOUDFLARE_ACCOUNT_ID = 'environments';
  try {
    await call(new Cloudflare(options));
  } finally {
    delete process.env.CLOUDFLARE_ACCOUNT_ID;
  }
  assert.deepEqual(requested, ['calls', 'clients', 'clients', 'environments']);
  await assert.rejects(call(new Cloudflare(options), {}), { argument: 'account_id' });
});

describe('each operation has its effect', () => {
  test('kicks by user ID or custom ID; kicked participants can rejoin', async () => {
    const { ids, users, participants, ...meeting } = await createMeeting(4);
    const kicked = await client.realtimeKit.activeSession.kickParticipants(...ids, {
      participant_ids: [users[0]],
      custom_participant_ids: [participants[1].custom_participant_id],
    });
    assert.equal(kicked.data.participants.length, 2);
    assert.deepEqual((await meeting.present()).sort(), users.slice(2).sort());
    await meeting.join(users[0]);
    assert.ok((await meeting.present()).includes(users[0]));
    const peer = { participant_ids: [participants[2].peer_id] };
    await assert.rejects(
      client.realtimeKit.activeSession.kickParticipants(...ids, peer),
      NotFoundError,
    );
  });

  test('a kick of all participants ends the session', async () => {
    const { ids } = await createMeeting(3);
    const kicked = await client.realtimeKit.activeSession.kickAllParticipants(...ids);
    assert.equal(kicked.data.kicked_participants_count, 3);
    await assert.rejects(client.realtimeKit.activeSession.getActiveSession(...ids), NotFoundError);
  });

  test('mutes some participants, or all', async () => {
    const { ids, users, state } = await createMeeting(3);
    await client.realtimeKit.activeSession.muteParticipants(...ids, {
      participant_ids: [users[0]],
    });
    assert.equal((await state()).counts.muted_peers, 1);
    const muted = await client.realtimeKit.activeSession.muteAllParticipants(...ids, {
      allow_unmute: true,
    });
    assert.equal(muted.data.muted_participants_count, 3);
    assert.equal((await state()).counts.muted_peers, 3);
  });

  test('creates a poll with the given fields', async () => {
    const { ids, state } = await createMeeting(1);
    const given = { question: 'Tea?', options: ['yes', 'no'], anonymous: true, hide_votes: true };
    const { data } = await client.realtimeKit.activeSession.createPoll(...ids, given);
    assert.equal(data.poll.question, given.question);
    assert.deepEqual(
      data.poll.options.map((option) => option.text),
      given.options,
    );
    assert.equal((await state()).counts.polls, 1);
  });

  test('a lock admits no one and keeps the participants', async () => {
    const { ids, users, ...meeting } = await createMeeting(2);
    const { meetings, activeSession } = client.realtimeKit;
    await activeSession.kickParticipants(...ids, { participant_ids: [users[0]] });
    await meetings.updateMeetingById(...ids, { status: 'INACTIVE' });
    assert.equal((await meetings.getMeetingById(...ids)).data.status, 'INACTIVE');
    await assert.rejects(meeting.join(users[0]), /403/);
    assert.deepEqual(await meeting.present(), [users[1]]);
    await meetings.updateMeetingById(...ids, { status: 'ACTIVE' });
    await meeting.join(users[0]);
  });

  test('a deleted participant cannot rejoin', async () => {
    const { ids, users, ...meeting } = await createMeeting(2);
    const { meetings, activeSession } = client.realtimeKit;
    const removed = await meetings.deleteMeetingParticipant(...ids, users[0]);
    assert.equal(removed.success, true);
    await activeSession.kickParticipants(...ids, { participant_ids: [users[0]] });
    await assert.rejects(meeting.join(users[0]), /403/);
  });
});

describe('pages of participants', () => {
  for (const first of ['0', '1']) {
    test(`await gives one page, for await all pages; the first is ${first}`, async () => {
      const other = await startEmulator('--first-page', first, '--participants', '123');
      try {
        const { sessions } = new Cloudflare(other.options).realtimeKit;
        const list = (params) =>
          sessions.getSessionParticipants(other.app_id, other.session_id, params);
        const page = await list();
        assert.equal(page.data.participants.length, 25);
        const total = page.data.paging.total_count;
        assert.ok(total >= 123);
        for (const params of [undefined, { per_page: 25 }, { per_page: 200 }, { per_page: 41 }]) {
          const ids = [];
          for await (const participant of list(params)) ids.push(participant.id);
          assert.equal(ids.length, total);
          assert.equal(new Set(ids).size, total);
        }
        const few = [];
        for await (const participant of list({ per_page: 2 })) {
          few.push(participant);
          if (few.length === 3) break;
        }
        assert.equal(few.length, 3);
      } finally {
        await other.stop();
      }
    });
  }
});

test('lists each participant once, even from malformed pages', async () => {
  const pages = [
    {
      participants: [{ id: 'a' }, { id: 'a' }, { name: 'no id' }],
      paging: { total_count: null, end_offset: 3 },
    },
    {
      participants: [{ id: 'a' }, { id: 'b' }, { name: 'no id' }],
      paging: { total_count: '9', end_offset: 9 },
    },
    { participants: [{ id: 'c' }, null], paging: null },
    { participants: 'none' },
  ];
  const requested = [];
  const fetch = async (url) => {
    requested.push(new URL(url).searchParams.get('page_no'));
    return Response.json({ data: pages[requested.length - 1] });
  };
  const { sessions } = new Cloudflare({ fetch, accountId: 'acc' }).realtimeKit;
  const all = [];
  for await (const one of sessions.getSessionParticipants('app', 'session')) {
    all.push(one?.id ?? one?.name);
  }
  assert.deepEqual(all, ['a', 'no id', 'b', 'no id', 'c', undefined]);
  assert.deepEqual(requested, [null, '1', '2', '3']);
});
