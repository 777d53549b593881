// What becomes of the audit on Workers: a copy in R2, and lines that are old enough to be deleted.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { sql } from '../support/sqlite.mjs';

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

/** The only database of a class of objects, if one has been written. */
const databaseOf = (folder, name) =>
  files(folder).find((file) => file.includes(name) && /[0-9a-f]{64}\.sqlite$/.test(file));
const meetings = (gateway) => databaseOf(join(gateway.folder, 'objects'), 'MeetingObject');
const bucketOf = (gateway) =>
  existsSync(gateway.exported()) && databaseOf(gateway.exported(), 'R2BucketObject');

/** The files in the bucket, by name, in its order. */
function exported(gateway) {
  const bucket = bucketOf(gateway);
  // It makes its table with the first file.
  if (!bucket || !sql(bucket, '.tables').includes('_mf_objects')) return {};
  const query = 'SELECT key, blob_id FROM _mf_objects ORDER BY key';
  const rows = JSON.parse(sql(bucket, query, '-readonly', '-json') || '[]');
  const all = files(dirname(dirname(bucket)));
  const text = ({ blob_id }) => {
    const file = all.find((path) => path.endsWith(blob_id));
    return file && existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return Object.fromEntries(rows.map((row) => [row.key, text(row)]));
}

/** All lines in it, by the number at the end of a name. */
const whole = (gateway) =>
  Object.entries(exported(gateway))
    .sort(([one], [other]) => (one.slice(-16) < other.slice(-16) ? -1 : 1))
    .map(([, text]) => text)
    .join('');
const written = (gateway) =>
  gateway
    .auditLines()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

/** Waits until the bucket has all lines. */
const isExported = (gateway) =>
  until(async () => {
    // Half a minute at least, and each look runs SQLite.
    await pause(250);
    return whole(gateway) === written(gateway);
  });

test(
  'a bucket gets the lines of the day, as the process writes them, in files of 1 MiB at most',
  { timeout: 300_000 },
  async (t) => {
    const gateway = await startWorkers(emulator, ROOMY, { bucket: true });
    t.after(gateway.stop);
    const meeting = await emulator.meeting(2);
    await mute(gateway, meeting);
    assert.deepEqual(
      gateway.auditLines().map(({ phase }) => phase),
      ['intent', 'outcome'],
    );
    await isExported(gateway);
    const [[name]] = Object.entries(exported(gateway));
    const { app_id, meeting_id } = meeting;
    assert.match(name, /^[^/]+\/[^/]+\/audit-\d{4}-\d\d-\d\d-0000000001\.jsonl$/);
    assert.ok(name.startsWith(`${app_id}/${meeting_id}/`), name);
    // Each record has the IDs of 500 strangers: more than 1 MiB together.
    const path = gateway.path(meeting, `meetings/${meeting_id}/active-session/kick`);
    const ids = Array.from({ length: 500 }, (_, n) => `${n}-`.padEnd(120, 'x'));
    for (let n = 0; n < 40; n += 1) {
      const grant = gateway.grant(meeting, { sub: `m-${n % 20}`, protect: { ids: [ids[0]] } });
      const kicked = await gateway.ask(grant, 'POST', path, { participant_ids: ids });
      assert.equal(kicked.status, 403, kicked.text);
    }
    await isExported(gateway);
    const lengths = Object.values(exported(gateway)).map((text) => Buffer.byteLength(text));
    assert.ok(lengths.length > 2, `${lengths}`);
    assert.ok(Math.max(...lengths) <= 1024 * 1024, `${lengths}`);
  },
);

test(
  'no line is deleted before it is in the bucket, however old it is',
  { timeout: 300_000 },
  async (t) => {
    const settings = { ...ROOMY, audit: { retention_days: 1 } };
    const gateway = await startWorkers(emulator, settings, { bucket: true });
    t.after(gateway.stop);
    const meeting = await emulator.meeting(2);
    const audit = gateway.path(meeting, `meetings/${meeting.meeting_id}/audit`);
    const records = async () => {
      const { body } = await gateway.ask(gateway.grant(meeting), 'GET', audit);
      return body.data.records.length;
    };
    await mute(gateway, meeting);
    await isExported(gateway);
    // The bucket takes nothing more.
    const breaks = "BEFORE INSERT ON _mf_objects BEGIN SELECT RAISE(ABORT, 'broken'); END";
    sql(bucketOf(gateway), `CREATE TRIGGER broken ${breaks}`);
    await mute(gateway, meeting);
    const all = written(gateway);
    await gateway.end();
    sql(meetings(gateway), `UPDATE lines SET at = at - ${2 * DAY_MS}`);
    await gateway.start();
    // The first two lines are in the bucket.
    await until(async () => (await records()) === 1);
    const failed = (line) => line.includes('the audit cannot be exported');
    const line = await until(() => gateway.logs.find(failed));
    assert.match(line, /"waiting_since":"20/);
    assert.match(line, /"database_bytes":\d/);
    assert.equal(await records(), 1);
    const failures = 'rtk_gateway_audit_export_failures_total';
    // Objects pass their counts on now and then.
    await until(async () => (await gateway.metrics())[failures] >= 1);
    sql(bucketOf(gateway), 'DROP TRIGGER broken');
    await gateway.restart();
    await until(async () => (await records()) === 0);
    assert.equal(whole(gateway), all);
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
  const old = Date.now() - 2 * DAY_MS;
  const first = 'WHERE place = (SELECT MIN(place) FROM lines)';
  sql(meetings(gateway), `UPDATE lines SET at = ${old} ${first}`);
  await gateway.start();
  const audit = gateway.path(meeting, `meetings/${meeting.meeting_id}/audit`);
  const kept = await until(async () => {
    const { body } = await gateway.ask(gateway.grant(meeting), 'GET', audit);
    return body.data.records.length === 1 && body.data;
  });
  assert.equal(kept.paging.total_count, 1);
});
