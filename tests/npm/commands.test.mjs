// The commands of the npm packages, as npx runs them from a registry on this machine: the program of the platform is
// found, ends as a program does, and a missing one says how to build it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/gateway.mjs';
import { ask } from '../support/wire.mjs';
import { endAll, interrupt, makeApp } from './support/app.mjs';
import { startRegistry } from './support/registry.mjs';

const PLATFORM = `${process.platform}-${process.arch}`;
const PROGRAMS = ['realtimekit-gateway', 'realtimekit-emulator'];

let registry;
let installed;
before(async () => {
  registry = await startRegistry();
  installed = await makeApp(registry, { packages: ['realtimekit-moderator', ...PROGRAMS] });
});
after(async () => {
  endAll();
  installed?.remove();
  await registry?.stop();
});

test('npm installs the program of this platform alone, and the main package has no dependency', () => {
  const names = readdirSync(join(installed.folder, 'node_modules')).filter((one) => one[0] !== '.');
  const programs = PROGRAMS.flatMap((name) => [name, `${name}-${PLATFORM}`]);
  assert.deepEqual(names.sort(), ['realtimekit-moderator', ...programs].sort());
  const manifest = registry.manifest('realtimekit-moderator');
  for (const kind of ['dependencies', 'optionalDependencies']) {
    assert.equal(manifest[kind], undefined);
  }
  for (const name of Object.keys(manifest.peerDependencies ?? {})) {
    assert.equal(manifest.peerDependenciesMeta[name].optional, true, name);
  }
});

test('the programs have the version of the package, their licences and the notices', async () => {
  for (const name of PROGRAMS) {
    const { code, out } = await installed.run('npx', [name, '--version']);
    assert.deepEqual([code, out], [0, `${name} ${registry.version}`]);
    const folder = join(installed.folder, 'node_modules', `${name}-${PLATFORM}`);
    const notices = readFileSync(join(folder, 'THIRD_PARTY_NOTICES.txt'), 'utf8');
    assert.match(notices, /^tokio \d/m);
    for (const file of ['LICENSE-MIT', 'LICENSE-APACHE', 'README.md']) {
      assert.ok(existsSync(join(folder, file)), file);
    }
    assert.deepEqual(registry.manifest(`${name}-${PLATFORM}`).os, [process.platform]);
  }
});

test('a command ends as its program does, by a signal too', async () => {
  const bin = join(installed.folder, 'node_modules/realtimekit-emulator/bin.cjs');
  const emulator = installed.start(process.execPath, [bin]);
  await until(() => emulator.out.length || emulator.child.exitCode !== null);
  const { url } = JSON.parse(emulator.out[0]);
  emulator.child.kill('SIGTERM');
  assert.deepEqual(await emulator.ended, [0, null]);
  await assert.rejects(ask(url, { path: '/__emulator/state' }));
  const wrong = await installed.run(process.execPath, [bin, '--no-such-flag']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--no-such-flag/);
});

describe('npx without an installed package', () => {
  test('realtimekit-emulator fetches it, and serves until it is told to end', async () => {
    const app = await makeApp(registry);
    const emulator = app.start('npx', ['--yes', 'realtimekit-emulator', '--participants', '4']);
    await until(() => emulator.out.length || emulator.child.exitCode !== null);
    const { url, meeting_id } = JSON.parse(emulator.out[0]);
    const { body } = await ask(url, { path: `/__emulator/state?meeting_id=${meeting_id}` });
    assert.equal(body.meetings[0].counts.live_peers, 4);
    interrupt(emulator.child);
    await emulator.ended;
    await assert.rejects(ask(url, { path: '/__emulator/state' }));
    app.remove();
  });

  test('realtimekit-gateway passes on arguments, output and the exit code', async () => {
    const app = await makeApp(registry);
    const command = ['--yes', 'realtimekit-gateway', 'check'];
    const nothing = await app.run('npx', command);
    assert.equal(nothing.code, 2);
    assert.match(
      nothing.err,
      /there is no configuration: give --config FILE, or set RTK_GATEWAY__/,
    );
    const good = await app.run('npx', command, {
      RTK_GATEWAY__ACCOUNT_ID: 'acc',
      RTK_GATEWAY__UPSTREAM__API_TOKEN: 'token',
      RTK_GATEWAY__GRANTS__SECRET: 'x'.repeat(32),
      RTK_GATEWAY__AUDIT__STDOUT: 'true',
      PORT: '0',
    });
    assert.deepEqual([good.code, good.out], [0, 'configuration is good']);
    app.remove();
  });
});

describe('npx realtimekit-moderator demo', () => {
  /** Starts the demo; opens the page, and reads the roster with the grant of its link. */
  async function assertDemo(app, args, env) {
    const demo = app.start('npx', args, env);
    const link = await until(() => {
      assert.equal(demo.child.exitCode, null, demo.err.join('\n'));
      return demo.out
        .map((line) => /^ *(http:\/\/127\.0\.0\.1:\d+\/)#(\S+)$/.exec(line))
        .find(Boolean);
    });
    const [, page, fragment] = link;
    assert.match((await ask(page, { path: '/' })).text, /<title>/);
    const { base_url, token, account_id, app_id, meeting_id } = Object.fromEntries(
      new URLSearchParams(fragment),
    );
    const path = `${new URL(base_url).pathname}/accounts/${account_id}/realtime/kit/${app_id}/meetings/${meeting_id}/active-session`;
    const read = await ask(base_url, { path, headers: { authorization: `Bearer ${token}` } });
    assert.equal(read.status, 200);
    assert.ok(read.body.data.live_participants > 0);
    interrupt(demo.child);
    await demo.ended;
    await assert.rejects(ask(page, { path: '/' }));
    return demo;
  }

  test('runs the installed programs', async () => {
    const before = registry.requested.length;
    // The configuration of another gateway is not the demo's.
    const env = { RTK_GATEWAY__GRANTS__SECRET_FILE: '/no/such/file', PORT: '0' };
    await assertDemo(installed, ['realtimekit-moderator', 'demo'], env);
    assert.equal(registry.requested.length, before);
  });

  test('on a fresh machine has npx fetch the programs', async () => {
    const app = await makeApp(registry);
    const demo = await assertDemo(app, ['--yes', 'realtimekit-moderator', 'demo']);
    assert.match(demo.out[0], /^Fetching realtimekit-gateway and realtimekit-emulator \d/);
    for (const name of PROGRAMS) assert.ok(registry.requested.includes(`${name}-${PLATFORM}`));
    assert.deepEqual(readdirSync(app.folder), ['package.json']);
    app.remove();
  });

  test('says what else there is', async () => {
    const help = await installed.run('npx', ['realtimekit-moderator']);
    assert.equal(help.code, 0);
    assert.match(help.out, /npx realtimekit-gateway/);
    const wrong = await installed.run('npx', ['realtimekit-moderator', 'demmo']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^realtimekit-moderator: demmo is no command/);
  });
});

describe('a program that is missing', () => {
  const missing = (name) => join('node_modules', `${name}-${PLATFORM}`);

  for (const name of PROGRAMS) {
    test(`${name}: on a known platform`, async () => {
      const app = await makeApp(registry, { packages: [name] });
      rmSync(join(app.folder, missing(name)), { recursive: true });
      const { code, err } = await app.run('npx', [name, '--version']);
      assert.equal(code, 1);
      assert.equal(
        err,
        `${name}: the package ${name}-${PLATFORM} with the program is not installed. ` +
          'Install again without --omit=optional and --no-optional, on this platform.',
      );
      app.remove();
    });

    test(`${name}: on another platform it says how to build it, and takes what was built`, async () => {
      const app = await makeApp(registry, { packages: [name] });
      const program = join(app.folder, missing(name), name);
      // As on that machine.
      const other = "Object.defineProperty(process, 'arch', { value: 'riscv64' });";
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(other)}` };
      const bin = join(app.folder, 'node_modules', name, 'bin.cjs');
      const { code, err } = await app.run(process.execPath, [bin, '--version'], env);
      assert.equal(code, 1);
      assert.match(
        err,
        new RegExp(`^${name}: npm has the program for ${PLATFORM}, not for linux-riscv64`),
      );
      assert.match(err, new RegExp(`cargo build --release -p ${name} `));
      const variable = `${name.toUpperCase().replace('-', '_')}_BINARY`;
      assert.ok(err.includes(variable));
      const own = await app.run(process.execPath, [bin, '--version'], {
        ...env,
        [variable]: program,
      });
      assert.deepEqual([own.code, own.out], [0, `${name} ${registry.version}`]);
      app.remove();
    });
  }

  test('does not start', async () => {
    const env = { REALTIMEKIT_EMULATOR_BINARY: '/no/such/program' };
    const { code, err } = await installed.run('npx', ['realtimekit-emulator'], env);
    assert.equal(code, 1);
    assert.match(err, /^realtimekit-emulator: \/no\/such\/program does not start: /);
  });
});
