// The React component in React 18 and 19: its properties, events and ref, `useModeratorGrant`, StrictMode, the server's HTML and
// its hydration. Bundled by Vite, in Chromium.

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { LIMIT, eventually } from '../support/eventually.mjs';
import { ROOMY, startGateway } from '../support/gateway.mjs';
import { startServer } from '../support/server.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The app, for both: what the server renders, and the page. */
const APP = `
import { createElement, StrictMode, useRef, useState, version } from 'react';
import { RtkModerator, useModeratorGrant } from 'realtimekit-moderator/react';

globalThis.reactVersion = version;
export function App({ gateway }) {
  const getGrant = useModeratorGrant('/grant');
  const [count, setCount] = useState(0);
  const [last, setLast] = useState('');
  const ref = useRef(null);
  // Handlers and objects are new at each rendering.
  return createElement(StrictMode, null,
    createElement(RtkModerator, {
      ref, gateway, getGrant, className: 'wide', id: 'console', lang: 'en',
      style: { blockSize: 600 },
      roleLabels: { group_call_participant: 'Pupil ' + count },
      onAction: ({ detail }) => setLast(detail.operation + ' ' + detail.outcome + ' ' + count),
      onSnapshot: () => (globalThis.snapshots = (globalThis.snapshots ?? 0) + 1),
      onError: ({ detail }) => (globalThis.lastError = detail.error.message),
    }),
    createElement('button', { onClick: () => setCount(count + 1) }, 'Count ' + count),
    createElement('button', { onClick: () => setLast(ref.current.tagName) }, 'Ref'),
    createElement('output', null, last),
  );
}
`;
const PAGE = `
import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { App } from './app.js';
const { gateway } = document.body.dataset;
const report = (error) => (globalThis.recovered = String(error));
hydrateRoot(document.getElementById('app'), createElement(App, { gateway }), { onRecoverableError: report });
`;
const SERVER = `
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { App } from './app.js';
const before = new Set(Reflect.ownKeys(globalThis));
console.log(renderToString(createElement(App, { gateway: process.argv[2] })));
if ('customElements' in globalThis || 'document' in globalThis) throw new Error('a DOM');
`;

/** The names under which each version is installed here. */
const REACT = {
  18: { react: 'react-18', 'react-dom': 'react-dom-18' },
  19: { react: 'react', 'react-dom': 'react-dom' },
};

let emulator, browser;
before(async () => {
  [emulator, browser] = await Promise.all([startEmulator('--rate-limit', '0'), startChromium()]);
});
after(() => Promise.all([browser?.close(), emulator?.stop()]));

/** A folder with the app, this package and a version of React, and the built page. */
async function makeApp(names) {
  await mkdir(path('scratch'), { recursive: true });
  const folder = await mkdtemp(path('scratch/component-'));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'realtimekit-moderator');
  await cp(path('../node_modules/realtimekit-moderator'), installed, { recursive: true });
  for (const [name, installed] of Object.entries(names)) {
    // Not by a link: React DOM would find the other React.
    await cp(path(`node_modules/${installed}`), join(modules, name), { recursive: true });
  }
  const files = {
    'app.js': APP,
    'page.js': PAGE,
    'server.js': SERVER,
    'package.json': '{"type":"module"}',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await build({
    ...{ root: folder, configFile: false, logLevel: 'error' },
    build: { rollupOptions: { input: join(folder, 'page.js') } },
  });
  return folder;
}

for (const [version, names] of Object.entries(REACT)) {
  describe(`React ${version}`, () => {
    test('renders on a server, is hydrated, and works', async () => {
      const folder = await makeApp(names);
      const { output, entry } = await rendered(folder);
      assert.match(output.html, /<rtk-moderator[^>]* id="console"/);
      assert.match(output.html, /class="wide"/);
      assert.doesNotMatch(output.html, /getGrant|gateway|function/i);
      await inPage(folder, output.html, entry, version);
    });
  });
}

/** The server's HTML, and the name of the page's script. */
async function rendered(folder) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['server.js', 'unused'], {
    ...{ cwd: folder, encoding: 'utf8' },
  });
  assert.equal(status, 0, stderr);
  const entry = (await readdir(join(folder, 'dist/assets'))).find((name) =>
    /^page-.*\.js$/.test(name),
  );
  return { output: { html: stdout.trim() }, entry };
}

async function inPage(folder, html, entry, version) {
  const meeting = await emulator.meeting(3);
  let fails = true;
  let grants = 0;
  const site = await startServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/grant') {
      grants += 1;
      response.end(fails ? '<!doctype html>Sign in' : `${gateway.grant(meeting)}\n`);
    } else if (pathname === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,">
        <body data-gateway="${gateway.base_url}"><div id="app">${html}</div>
        <script type="module" src="/assets/${entry}"></script></body></html>`);
    } else {
      const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      response.setHeader('content-type', type);
      response.end(await readFile(join(folder, 'dist', pathname)));
    }
  });
  const gateway = await startGateway(emulator, { ...ROOMY, origins: [site.url] });
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    await page.goto(site.url);
    assert.equal(await page.evaluate(() => parseInt(globalThis.reactVersion)), Number(version));
    const lastError = () => page.evaluate(() => globalThis.lastError);
    await eventually(lastError, '/grant did not respond with a grant, as plain text');
    fails = false;
    const rows = page.locator('rtk-moderator .rows .row');
    await rows.nth(2).waitFor();
    const after = grants;
    await page.locator('rtk-moderator .rows .role', { hasText: 'Pupil 0' }).first().waitFor();
    // Another rendering changes the properties, and the handlers are the newest.
    await page.getByRole('button', { name: 'Count 0' }).click();
    await page.getByRole('button', { name: 'Count 1' }).waitFor();
    await page.locator('rtk-moderator .rows .role', { hasText: 'Pupil 1' }).first().waitFor();
    await page
      .getByRole('button', { name: /^Mute / })
      .first()
      .click();
    await page.locator('output', { hasText: 'mute done 1' }).waitFor();
    assert.equal(grants, after, 'a rendering gets no grant');
    await page.getByRole('button', { name: 'Ref' }).click();
    await page.locator('output', { hasText: 'RTK-MODERATOR' }).waitFor();
    assert.ok(await page.evaluate(() => globalThis.snapshots > 0));
    assert.equal(await page.evaluate(() => globalThis.recovered), undefined, 'hydration agrees');
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await gateway.stop();
    await site.stop();
  }
}
