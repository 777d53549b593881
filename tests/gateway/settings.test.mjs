// What `check` finds before the gateway starts, and the files that are shipped for its operator.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { config, folderWith, run } from '../support/gateway.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

describe('an unusable setting is found by check', () => {
  const check = (settings, files = {}, ...args) => {
    const folder = folderWith({
      'gateway.toml': config(emulator, 'x'.repeat(40), settings),
      ...files,
    });
    mkdirSync(join(folder, 'www', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'www', 'index.html'), '<p>the page');
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, 'secrets', 'token'), 'a-token');
    links(folder);
    return run('check', folder, args);
  };
  /** Adds what a test links into the page's folder. */
  let links = () => {};
  afterEach(() => {
    links = () => {};
  });

  test('a port that is taken, unless the gateway is running', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const listen = `127.0.0.1:${taken.address().port}`;
    const { code, err } = check({ listen });
    assert.equal(code, 2);
    assert.match(err, /listen: /);
    assert.equal(check({ listen }, {}, '--running').code, 0);
  });

  test('an audit that cannot be written', () => {
    const { code, err } = check({ audit: { dir: 'file' } }, { file: 'no folder' });
    assert.deepEqual([code, /audit\.dir/.test(err)], [2, true]);
    assert.match(check({ audit: { dir: '/proc/nowhere/audit' } }).err, /audit\.dir/);
  });

  for (const [name, settings, files, what] of [
    ['a page without index.html', { page: { dir: 'empty' } }, {}, /page\.dir.*index\.html/],
    [
      'a page that holds the configuration',
      { page: { dir: '.' } },
      { 'index.html': '' },
      /page\.dir/,
    ],
    [
      'a page that holds the audit',
      { page: { dir: 'www' }, audit: { dir: 'www/audit' } },
      {},
      /page\.dir.*audit/,
    ],
  ]) {
    test(name, () => {
      const { code, err } = check(settings, files);
      assert.equal(code, 2);
      assert.match(err, what);
    });
  }

  for (const [name, file, link] of [
    [
      'a secret',
      'www/deep/token',
      (folder) => writeFileSync(join(folder, 'www/deep/token'), 'a-token'),
    ],
    [
      'a link that is a secret',
      'www/deep/token',
      (folder) => symlinkSync('../../secrets/token', join(folder, 'www/deep/token')),
    ],
    [
      'a link to a secret',
      'secrets/token',
      (folder) => symlinkSync('../../secrets/token', join(folder, 'www/deep/style.css')),
    ],
    [
      'a link to a folder with a secret',
      'secrets/token',
      (folder) => symlinkSync('../secrets', join(folder, 'www/files')),
    ],
    [
      'a hard link to a secret',
      'secrets/token',
      (folder) => linkSync(join(folder, 'secrets/token'), join(folder, 'www/deep/style.css')),
    ],
  ]) {
    test(`a page that holds ${name}`, () => {
      links = link;
      const upstream = { api_token: undefined, api_token_file: file };
      const { code, err } = check({ page: { dir: 'www' }, upstream });
      assert.equal(code, 2);
      assert.match(err, /page\.dir: .*holds a secret/);
    });
  }

  test('a page with other links is good', () => {
    links = (folder) => {
      writeFileSync(join(folder, 'style.css'), '');
      symlinkSync('../style.css', join(folder, 'www/style.css'));
      symlinkSync('nowhere', join(folder, 'www/old.css'));
    };
    assert.equal(check({ page: { dir: 'www' } }).code, 0);
  });

  test('and serve refuses such a page too', () => {
    const folder = folderWith({
      'gateway.toml': config(emulator, 'x'.repeat(40), { page: { dir: '.' } }),
      'index.html': '<p>the page',
    });
    const { code, err } = run('serve', folder, ['--until-stdin-closes']);
    assert.equal(code, 2);
    assert.match(err, /page\.dir/);
  });

  test('a page of its own is good', () => {
    assert.equal(check({ page: { dir: 'www' } }).code, 0);
  });
});

describe('the files that are shipped', () => {
  const shipped = (name) =>
    readFileSync(new URL(`../../gateway/deploy/${name}`, import.meta.url), 'utf8');
  /** The configuration, with a test's places. */
  const configuration = (folder) =>
    shipped('gateway.toml')
      .replaceAll('/var/lib/realtimekit-gateway', folder)
      .replaceAll('/etc/realtimekit-gateway', folder)
      .replaceAll('/usr/share/realtimekit-gateway', folder)
      .replaceAll(/127\.0\.0\.1:(8787|9090)/g, '127.0.0.1:0');

  test('the configuration is good as the steps of the docs leave it', () => {
    const folder = folderWith({
      ...{ 'api-token': 'a-token\n', 'grant-secret': `${'a1'.repeat(32)}\n` },
      ...{ 'grant-secret-previous': '', 'revoked.toml': '' },
    });
    mkdirSync(join(folder, 'www'));
    writeFileSync(join(folder, 'www', 'index.html'), '<p>the page');
    writeFileSync(join(folder, 'gateway.toml'), configuration(folder));
    const { code, err } = run('check', folder);
    assert.equal(code, 0, err);
    // A grant can be made and revoked with it.
    const who = ['--app', 'a', '--meeting', 'm', '--sub', 'ann', '--can', 'read'];
    assert.equal(run('grant', folder, who).code, 0);
    assert.equal(run('revoke', folder, ['--sub', 'ann']).code, 0);
  });

  test('systemd hands over each file that the configuration names without a path', () => {
    const unit = shipped('realtimekit-gateway.service');
    const loaded = [
      ...unit.matchAll(/^LoadCredential=([^:]+):\/etc\/realtimekit-gateway\/(.+)$/gm),
    ];
    for (const [, name, file] of loaded) assert.equal(name, file);
    const names = loaded.map(([, name]) => name);
    const bare = [...shipped('gateway.toml').matchAll(/^[a-z_]+_file = "([^/"]+)"/gm)];
    assert.ok(bare.length >= 3);
    for (const [, name] of bare) assert.ok(names.includes(name), name);
    // What may change at any time is read where it is.
    assert.match(shipped('gateway.toml'), /^revocations_file = "\/etc\//m);
    assert.match(unit, /^Requires=realtimekit-gateway\.socket$/m);
    const sockets = [...shipped('realtimekit-gateway.socket').matchAll(/^ListenStream=(.+)$/gm)];
    const listens = [...shipped('gateway.toml').matchAll(/^(?:metrics_)?listen = "(.+?)"/gm)];
    assert.deepEqual(
      sockets.map(([, address]) => address),
      listens.map(([, address]) => address),
    );
  });

  test('nothing is published in the clear', () => {
    for (const name of ['gateway.toml', 'realtimekit-gateway.socket']) {
      assert.doesNotMatch(shipped(name), /^[^#\n]*(0\.0\.0\.0|\[::\]:)/m, name);
    }
    assert.match(shipped('Dockerfile'), /-p 127\.0\.0\.1:8787:8787/);
    assert.doesNotMatch(shipped('Dockerfile'), /-p 8787/);
    assert.match(shipped('Dockerfile'), /^COPY --from=build \/src\/www\/dist /m);
    assert.match(shipped('nginx.conf'), /proxy_set_header Host \$http_host;/);
  });
});
