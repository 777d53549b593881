// Killed in the midst of mutations, again and again: what the API saw is in the audit, nobody finds
// a second poll, and who asks again with the same key learns what there is to know.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, startGateway } from '../support/gateway.mjs';

const ROUNDS = 10;
const POLLS = 16;
const KICKS = 8;
const MUTES = 8;

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

test('what was seen is written, and no poll exists twice', { timeout: 300_000 }, async () => {
  const meetings = await Promise.all(Array.from({ length: ROUNDS }, () => emulator.meeting(16)));
  const kept = [];
  const unknown = [];
  for (const [round, meeting] of meetings.entries()) {
    const mutations = loadOf(meeting, round);
    const first = await underFire(meeting, mutations, (round * 5) % 23);
    await gateway.start();
    // The clients ask again: those who were answered too, for the answer may have been lost.
    const again = await Promise.all(mutations.map((one) => send(meeting, one)));
    for (const [n, answer] of again.entries()) {
      const { verb, key } = mutations[n];
      if (first[n]) {
        assert.equal(answer.status, first[n].status, `${key}: ${answer.text}`);
        assert.equal(answer.text, first[n].text, key);
      }
      if (answer.status === 409) {
        assert.equal(verb, 'poll', answer.text);
        unknown.push(key);
      } else if (verb === 'poll') {
        assert.equal(answer.status, 201, `${key}: ${answer.text}`);
        kept.push(JSON.parse(answer.text).data.poll.id);
      } else {
        // Somebody who was kicked, with nobody left to say so, is not there the second time.
        assert.ok([200, 404].includes(answer.status), `${key}: ${answer.text}`);
      }
    }
  }
  assert.ok(kept.length > 0 && unknown.length > 0, 'it was killed in the midst');

  const audit = gateway.auditLines();
  for (const meeting of meetings) await assertWritten(meeting, audit);
  await assertOnce(meetings, kept, unknown);
});

let keys = 0;

/** Polls, kicks and mutes at once, each with a key. */
function loadOf(meeting, round) {
  const person = (n) => ({ participant_ids: [meeting.participants[n].user_id] });
  const list = (count, verb, body) =>
    Array.from({ length: count }, (_, n) => ({ verb, body: body(n), key: `k${(keys += 1)}` }));
  return [
    ...list(POLLS, 'poll', (n) => ({ question: `round ${round}, poll ${n}`, options: ['a'] })),
    ...list(KICKS, 'kick', person),
    ...list(MUTES, 'mute', (n) => person(KICKS + n)),
  ];
}

function send(meeting, { verb, body, key }) {
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/${verb}`);
  const headers = { 'idempotency-key': key };
  return gateway.ask(gateway.grant(meeting), 'POST', path, body, headers);
}

/** Sends all at once and kills the gateway after so many answers; the answers that came. */
async function underFire(meeting, mutations, enough) {
  const { meeting_id } = meeting;
  // Some are answered late, so that at every moment some are under way.
  const steps = mutations.map((_, n) => (n % 3 ? 'ok' : 'delay:ms=40'));
  await emulator.control('POST', 'faults', { meeting_id, operation: 'CreatePoll', steps });
  let got = 0;
  let killed;
  const count = (answer) => {
    got += 1;
    if (got > enough) killed ??= gateway.kill();
    return answer;
  };
  // In another order each time, so that each kind is hit.
  const from = enough % mutations.length;
  const order = [...mutations.keys()].map((n) => (n + from) % mutations.length);
  const answers = Array(mutations.length);
  await Promise.all(
    order.map(async (n) => {
      answers[n] = await send(meeting, mutations[n]).then(count, () => undefined);
    }),
  );
  assert.ok(killed, 'it was killed before all were answered');
  await killed;
  await emulator.control('DELETE', 'faults');
  return answers;
}

/** Every mutation that the API carried out in a meeting has its intent in the audit. */
async function assertWritten({ meeting_id }, audit) {
  const { requests } = await emulator.control('GET', `requests?path=${meeting_id}`);
  const intents = audit.filter((line) => line.phase === 'intent' && line.meeting_id === meeting_id);
  const acted = requests.filter((one) => one.acted);
  assert.ok(acted.length > 0);
  for (const { operation, body } of acted) {
    const { question, participant_ids } = JSON.parse(body);
    const found = intents.filter(
      (line) =>
        line.operation === operation &&
        (question === undefined || line.question === question) &&
        (participant_ids ?? []).every((id) => line.targets.includes(id)),
    );
    assert.ok(found.length > 0, `${operation} ${body}`);
  }
}

/** Every poll that was answered exists, none twice, and of the doubtful at most one. */
async function assertOnce(meetings, kept, unknown) {
  let made = 0;
  const ids = [];
  for (const { meeting_id } of meetings) {
    const state = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
    const { polls } = state.meetings[0];
    const questions = polls.map(({ question }) => question);
    assert.equal(new Set(questions).size, questions.length, 'no poll twice');
    made += polls.length;
    ids.push(...polls.map(({ id }) => id));
  }
  for (const id of kept) assert.ok(ids.includes(id));
  assert.ok(made <= kept.length + unknown.length, `${made}: ${kept.length} + ${unknown.length}`);
}
