// Next.js 14, whose fetch keeps every response for ever unless it is told otherwise: server code reads fresh data, and
// the build passes, because Next's own exceptions reach it.

import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import Cloudflare from '../node_modules/realtimekit-moderator/node.js';
import { makeApp, run, served } from './support/app.mjs';
import { startFixture } from './support/fixture.mjs';

/** Next 14 and its React lie apart from the newest ones. */
const path = (name) =>
  fileURLToPath(new URL(`other-versions/node_modules/${name}`, import.meta.url));
const NEXT = path('next/dist/bin/next');

let fixture, app, env;

before(async () => {
  [fixture, app] = await Promise.all([startFixture(), makeApp('next-14')]);
  env = { SETTINGS: JSON.stringify(fixture.settings) };
  await mkdir(join(app, 'node_modules'), { recursive: true });
  for (const name of ['next', 'react', 'react-dom']) {
    await symlink(path(name), join(app, 'node_modules', name));
  }
  await run(app, process.execPath, [NEXT, 'build'], { env });
});

after(() => fixture?.stop());

test('a page and both kinds of routes show what is so now', async () => {
  const { options, app_id, meeting_id } = fixture.settings;
  const { meetings } = new Cloudflare(options).realtimeKit;
  const check = async (url) => {
    for (const title of ['First', 'Second', 'Third']) {
      await meetings.updateMeetingById(app_id, meeting_id, { title });
      for (const place of [`page/${meeting_id}`, 'static', `dynamic/${meeting_id}`]) {
        const text = await (await fetch(`${url}/${place}`)).text();
        assert.ok(text.includes(title), `${place}: ${title} in ${text}`);
      }
    }
  };
  const args = [NEXT, 'start', '--hostname', '127.0.0.1', '--port', '0'];
  await served(app, process.execPath, args, check, { env });
});
