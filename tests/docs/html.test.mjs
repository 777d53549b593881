// Every HTML block, and every TypeScript block for a page, runs as it is printed in Chromium: without
// an error on the page or in the console. Where it has the element, the element shows the
// participants of the emulator's meeting, through a gateway.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { LIMIT, eventually } from '../support/eventually.mjs';
import { programs } from './support/documents.mjs';
import { startSite } from './support/site.mjs';
import { toJavaScript } from './support/typescript.mjs';
import { EXAMPLE_HOST, startWorld } from './support/world.mjs';

const PARTICIPANT = 'Mei García';

/** What the browser reports of the example host, which is there for requests alone: the element polls. */
const NO_SOCKET = /^WebSocket connection to 'wss:\/\/moderate\.example\.com\/[^']+' failed/;

const pages = [
  ...programs('html').map((program) => [program, (code) => code]),
  ...programs('ts', 'js')
    .filter(([{ words }]) => words.includes('page'))
    .map((program) => [program, inPage]),
];

/** A module, as a page has it. */
function inPage(code) {
  return `<script type="module">${toJavaScript(code)}</script>`;
}

let browser;
let site;
let world;
before(async () => {
  site = await startSite();
  world = await startWorld({ gateway: { origins: [site.url] } });
  site.grant = () => world.grant();
  // No name is looked up.
  browser = await startChromium('host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await world?.stop();
});

/** Opens a page with this HTML; the example host is the gateway. */
async function open(html) {
  site.html = html;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(LIMIT);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !NO_SOCKET.test(line.text())) errors.push(line.text());
  });
  await page.route(`${EXAMPLE_HOST}/**`, async (route) => {
    const url = world.gateway.url + route.request().url().slice(EXAMPLE_HOST.length);
    const response = await route.fetch({ url }).catch(() => undefined);
    // The page may have been closed meanwhile.
    await (response ? route.fulfill({ response }) : route.abort()).catch(() => {});
  });
  await page.goto(site.url, { waitUntil: 'load' });
  return { page, errors };
}

describe('blocks for a page run', () => {
  assert.ok(pages.length >= 4);
  for (const [program, made] of pages) {
    test(program[0].id, async () => {
      const code = program.map((block) => block.code).join('\n');
      const { page, errors } = await open(made(code));
      try {
        if (code.includes('realtimekit-moderator/element')) {
          await page.getByText(PARTICIPANT).first().waitFor();
        } else {
          // Its modules have run when this has, which comes after them.
          await page.addScriptTag({ type: 'module', content: 'window.isDone = true' });
          await page.waitForFunction('window.isDone');
        }
        assert.deepEqual(errors, []);
      } finally {
        await page.close();
      }
    });
  }
});

test('an error on a page is found', async () => {
  const { page, errors } = await open(inPage("import 'no-such-package';"));
  await eventually(() => errors.some((error) => error.includes('no-such-package')), true);
  await page.close();
});

test('an element without a grant does not show the participants', async () => {
  const [program] = pages.map(([one]) => one).filter(([{ file }]) => file === 'README.md');
  const code = program.map((block) => block.code).join('\n');
  const { page } = await open(code.replace('/moderator-grant', '/no-such-route'));
  await page.getByText('The app can’t get access for you.').first().waitFor();
  assert.equal(await page.getByText(PARTICIPANT).count(), 0);
  await page.close();
});
