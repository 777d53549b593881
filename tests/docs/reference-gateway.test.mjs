// Compares the reference of the gateway with a running gateway: fields of the configuration, metrics,
// fields of the audit log, and the gateway's own errors.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parse } from 'smol-toml';
import { config, folderWith, run } from '../support/gateway.mjs';
import { now } from '../support/grants.mjs';
import { ROOT } from './support/documents.mjs';
import { codes, rows } from './support/tables.mjs';
import { startWorld } from './support/world.mjs';

const CONFIGURATION = 'docs/reference/configuration.md';
/** The sections whose fields a table names without the section, by the table's heading. */
const SECTIONS = {
  upstream: "Upstream: Cloudflare's API",
  grants: 'Grants that your backend signs',
  identity: 'Tokens of an identity provider',
  audit: 'Audit log',
  live: 'Watching live',
  webhooks: 'Webhooks',
};

/** Every documented field, by its full name, with its default as the table has it. */
function fields() {
  const top = rows(CONFIGURATION, 'Top level').map((row) => ['', ...row]);
  const limits = [...rows(CONFIGURATION, '# Limits'), ...rows(CONFIGURATION, 'TLS and the page')];
  const sections = Object.entries(SECTIONS).flatMap(([name, heading]) =>
    rows(CONFIGURATION, heading).map((row) => [`${name}.`, ...row]),
  );
  return [...top, ...limits.map((row) => ['', ...row]), ...sections].flatMap(
    ([section, cell, , value = '']) =>
      codes(cell).map((name) => [section + name, value.replace(/`/g, '')]),
  );
}

/** The fields of the template, those in comments too. */
function template() {
  const text = readFileSync(`${ROOT}gateway/deploy/gateway.toml`, 'utf8');
  let section = '';
  const found = [];
  for (const line of text.split('\n')) {
    const head = /^(?:# )?\[(\w+)\]/.exec(line);
    if (head) section = `${head[1]}.`;
    const field = /^(?:# )?(\w+) = (.*?)(?: +#.*)?$/.exec(line);
    if (field) found.push([section + field[1], field[2], line.startsWith('#')]);
  }
  return found;
}

describe('the configuration', () => {
  test('has the fields of the template, and those that may stand in place of a file', () => {
    const files =
      /^(upstream\.api_token|grants\..*secret|identity\.moderators|webhooks\..*key)_file$/;
    const inline = template().flatMap(([name]) => (files.test(name) ? [name.slice(0, -5)] : []));
    assert.equal(inline.length, 5);
    const names = [...template().map(([name]) => name), ...inline, 'account_id'];
    const written = [...fields().map(([name]) => name), 'account_id'];
    assert.deepEqual([...new Set(written)].sort(), [...new Set(names)].sort());
  });

  test('has the defaults of the template', () => {
    const defaults = Object.fromEntries(fields());
    for (const [name, value, isDefault] of template()) {
      if (!isDefault || !/^\d|^"(https|info)/.test(value)) continue;
      if (['none', 'required', 'not checked', ''].includes(defaults[name])) continue;
      assert.equal(defaults[name], String(parse(`x = ${value}`).x), name);
    }
  });

  test('is accepted with every limit at its documented default', () => {
    const world = {
      account_id: 'acc',
      base_url: 'http://127.0.0.1:9',
      api_token: 'token-of-the-api',
    };
    const limits = {};
    for (const [name, value] of fields()) {
      const [section, field] = name.split('.');
      if (!field || !/^[\d.]+$/.test(value)) continue;
      (limits[section] ??= {})[field] = Number(value);
    }
    assert.ok(Object.values(limits).flatMap(Object.keys).length > 15);
    delete limits.identity;
    const folder = folderWith({ 'gateway.toml': config(world, 'x'.repeat(32), limits) });
    const checked = run('check', folder);
    assert.equal(checked.code, 0, checked.err);
  });
});

describe('a gateway in use', () => {
  let world;
  let meeting;
  let audited;
  const errors = [];
  /** Asks about the test's meeting, and remembers an error of the gateway's own. */
  const ask = async (grant, method, rest, body, headers) => {
    const path = world.gateway.path(meeting, rest);
    const read = await world.gateway.ask(grant, method, path, body, headers);
    if (read.body?.errors) errors.push([read.status, read.body.errors[0]]);
    return read;
  };

  before(async () => {
    world = await startWorld({ gateway: { limits: { body_bytes: 1024 } } });
    meeting = await world.emulator.meeting(3);
    const grant = (claims) => world.gateway.grant(meeting, claims);
    // An ID too, where grants have one.
    const all = grant({ name: 'Ann', jti: 'grant-of-ann' });
    const session = `meetings/${meeting.meeting_id}/active-session`;
    const users = meeting.participants.map(({ user_id }) => user_id);
    const key = { 'idempotency-key': 'a-key-of-the-test' };
    const poll = { question: 'Tea?', options: ['yes', 'no'] };

    await ask(all, 'GET', session);
    await ask(all, 'POST', `${session}/kick`, {
      participant_ids: [users[0], users[0].replace(/^./, 'f')],
    });
    await ask(all, 'POST', `${session}/poll`, poll, key);
    const reason = { 'x-moderation-reason': 'spam' };
    await ask(all, 'PATCH', `meetings/${meeting.meeting_id}`, { status: 'INACTIVE' }, reason);

    await ask(undefined, 'GET', session);
    await ask('no.grant.atall', 'GET', session);
    await ask(grant({ exp: now() - 300 }), 'GET', session);
    await ask(grant({ nbf: now() + 300 }), 'GET', session);
    await ask(grant({ app_id: 'other' }), 'GET', session);
    await ask(grant({ meeting_id: 'other' }), 'GET', session);
    await ask(grant({ can: ['read'] }), 'POST', `${session}/kick`, { participant_ids: [users[1]] });
    await ask(all, 'GET', 'sessions/08d47a5f-a2fa-4332-8f40-1c78797d83a8/participants');
    await ask(all, 'GET', session, undefined, { origin: 'https://evil.example.com' });
    await ask(all, 'GET', 'no-such-route');
    await ask(all, 'POST', `${session}/kick`, { participant_ids: [] });
    await ask(all, 'POST', `${session}/kick`, 'x', { 'content-type': 'text/plain' });
    await ask(all, 'POST', `${session}/kick`, { participant_ids: ['x'.repeat(2048)] });
    await ask(all, 'POST', `${session}/poll`, { ...poll, question: 'Milk?' }, key);
    const path = world.gateway.path(meeting, session).replace(world.emulator.account_id, 'other');
    const other = await world.gateway.ask(all, 'GET', path);
    errors.push([other.status, other.body.errors[0]]);
    audited = (await ask(all, 'GET', `meetings/${meeting.meeting_id}/audit`)).body.data.records;
  });
  after(() => world?.stop());

  test('its errors are those of the table', () => {
    const table = rows('docs/reference/errors.md', 'Errors of the gateway');
    const written = table.map(([status, code, message]) => [+status, +code, codes(message)[0]]);
    // The table has examples of what differs.
    const example = (message) => message.replace(/https:\/\/\S+/, 'https://app.example.com');
    const isWritten = ([status, { code, message: given }]) => {
      const message = example(given);
      return written.some(
        ([a, b, words]) =>
          a === status &&
          b === code &&
          (!words || words.replace('kick', '') === message.replace('kick', '')),
      );
    };
    assert.ok(new Set(errors.map(([, { message }]) => message)).size >= 13);
    assert.deepEqual(
      errors.filter((error) => !isWritten(error)),
      [],
    );
  });

  test('its metrics are those of the table, with their labels', async () => {
    const metrics = await world.gateway.metrics();
    const found = new Map();
    for (const name of Object.keys(metrics)) {
      const [, base, labels = ''] = /^(\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})?$/.exec(name);
      const known = found.get(base) ?? new Set();
      for (const [, label] of labels.matchAll(/(\w+)="/g)) if (label !== 'le') known.add(label);
      found.set(base, known);
    }
    const written = rows('docs/reference/metrics.md', '# Metrics of the gateway');
    assert.deepEqual(
      written.map(([name, , labels]) => [codes(name)[0], codes(labels).sort()]).sort(),
      [...found].map(([name, labels]) => [name, [...labels].sort()]).sort(),
    );
  });

  test('the reasons of its refusals are in the table', async () => {
    const reasons = Object.keys(await world.gateway.metrics())
      .filter((name) => name.includes('refusals_total'))
      .map((name) => /reason="(\w+)"/.exec(name)[1]);
    const table = rows('docs/reference/errors.md', 'Errors of the gateway');
    const written = table.map((row) => codes(row[3])[0]);
    assert.ok(reasons.length >= 13);
    for (const reason of reasons) assert.ok(written.includes(reason), reason);
  });

  test('the fields of its audit log are those of the table', () => {
    const table = rows('docs/reference/audit.md', '# Fields');
    const written = table.flatMap(([names, , shown]) => codes(names).map((name) => [name, shown]));
    const keys = (list) => [...new Set(list.flatMap((one) => Object.keys(one)))].sort();
    assert.deepEqual(keys(world.gateway.auditLines()), written.map(([name]) => name).sort());
    const shown = written.filter(([, one]) => one === 'yes').map(([name]) => name);
    assert.deepEqual(keys(audited), shown.sort());
  });
});
