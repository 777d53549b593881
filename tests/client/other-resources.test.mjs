// The official SDK's resources that this package does not have: reading one says to keep the official SDK, and a client
// is otherwise an ordinary object.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';
import Official6 from 'cloudflare';
import Official7 from 'cloudflare-7';
import Cloudflare, { CloudflareError } from 'realtimekit-moderator';

const options = { apiToken: 't', accountId: 'a' };
const client = new Cloudflare(options);

/** The names of an object's resources. */
const resources = (object) =>
  Object.keys(object).filter((name) => object[name]?._client && !name.startsWith('_'));

for (const [name, Official] of Object.entries({ 6: Official6, 7: Official7 })) {
  test(`every other resource of version ${name} has an error that names it`, () => {
    const official = new Official(options);
    const ours = Object.keys(client.realtimeKit);
    const top = resources(official).filter((name) => name !== 'realtimeKit');
    const kit = resources(official.realtimeKit).filter((name) => !ours.includes(name));
    assert.ok(top.length > 100 && kit.length > 4);
    for (const [object, path, names] of [
      [client, 'client', top],
      [client.realtimeKit, 'client.realtimeKit', kit],
    ])
      for (const name of names)
        assert.throws(() => object[name], {
          constructor: CloudflareError,
          message: `${path}.${name} is not in realtimekit-moderator. Keep the package cloudflare for it`,
        });
  });
}

test('the rest of JavaScript does not meet it', async () => {
  const { realtimeKit } = client;
  for (const object of [client, realtimeKit]) {
    for (const name of ['zones', 'presets', 'anything']) assert.equal(name in object, false);
    assert.equal(object.anything, undefined);
    assert.equal(object.then, undefined);
    assert.equal(await object, object);
    assert.ok(object instanceof Object);
    assert.equal(`${object}`, '[object Object]');
    assert.doesNotThrow(() => inspect(object, { showHidden: true, getters: true, depth: 9 }));
    const names = [];
    for (const name in object) names.push(name);
    assert.deepEqual(names, Object.keys(object));
    assert.doesNotThrow(() => JSON.stringify(object));
    assert.doesNotThrow(() => ({ ...object }));
    assert.deepEqual(object, object);
  }
  assert.ok(client instanceof Cloudflare);
  class Mine extends Cloudflare {
    zones = 'my own';
    get accounts() {
      return 'mine, too';
    }
  }
  const mine = new Mine(options);
  assert.deepEqual([mine.zones, mine.accounts], ['my own', 'mine, too']);
  const changed = new Cloudflare(options);
  changed.zones = 1;
  assert.equal(changed.zones, 1);
});

test('by require, too', () => {
  const Required = createRequire(import.meta.url)('realtimekit-moderator');
  assert.throws(() => new Required(options).kv, /client\.kv is not in realtimekit-moderator/);
});
