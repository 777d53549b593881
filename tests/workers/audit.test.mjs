// What becomes of the audit on Workers: a copy in R2, and lines that are old enough to be deleted.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';

const DAY_MS = 86_400_000;

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

/** Mutes everyone in a meeting. */
async function mute(gateway, meeting) {
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/mute-all`);
  const response = await gateway.ask(gateway.grant(meeting), 'POST', path, { allow_unmute: true });
  assert.equal(response.status, 200, response.text);
}

/** The files below a folder. */
const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

test(
  'a bucket gets the lines of the day, as the process writes them',
  { timeout: 300_000 },
  async (t) => {
    const gateway = await startWorkers(emulator, ROOMY, { bucket: true });
    t.after(gateway.stop);
    const meeting = await emulator.meeting(2);
    await mute(gateway, meeting);
    const lines = gateway.auditLines();
    assert.deepEqual(
      lines.map(({ phase }) => phase),
      ['intent', 'outcome'],
    );
    const expected = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const isExpected = (file) => {
      try {
        return readFileSync(file, 'utf8') === expected;
      } catch {
        // A file of the bucket's database was deleted meanwhile.
        return false;
      }
    };
    await until(() => files(gateway.exported()).some(isExpected));
  },
);

test('old lines are deleted, if there is a limit', async (t) => {
  const gateway = await startWorkers(emulator, { ...ROOMY, audit: { retention_days: 1 } });
  t.after(gateway.stop);
  const meeting = await emulator.meeting(2);
  await mute(gateway, meeting);
  await mute(gateway, meeting);
  assert.equal(gateway.auditLines().length, 4);
  await gateway.end();
  // The first mutation becomes two days old.
  const [database] = files(join(gateway.folder, 'objects')).filter(
    (file) => file.includes('MeetingObject') && file.endsWith('.sqlite'),
  );
  const old = Date.now() - 2 * DAY_MS;
  const update = `UPDATE lines SET at = ${old} WHERE place = (SELECT MIN(place) FROM lines)`;
  const { status, stderr } = spawnSync('sqlite3', [database, update], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  await gateway.start();
  const audit = gateway.path(meeting, `meetings/${meeting.meeting_id}/audit`);
  const kept = await until(async () => {
    const { body } = await gateway.ask(gateway.grant(meeting), 'GET', audit);
    return body.data.records.length === 1 && body.data;
  });
  assert.equal(kept.paging.total_count, 1);
});
