// Firefox and WebKitGTK, driven alike: Firefox by Playwright, WebKit by the W3C's WebDriver protocol,
// which is little enough to be spoken by hand. What is pressed is pressed where it is on screen, as a
// hand would.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firefox } from 'playwright-core';

const [WIDTH, HEIGHT] = [1280, 900];
const PATIENCE = 15_000;

/**
 * Asks again and again until the answer is true, and gives that; else fails with what `otherwise` says.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => string | Promise<string>} otherwise
 */
export async function until(ask, otherwise, within = PATIENCE) {
  const end = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(await otherwise());
    await pause(40);
  }
}

/** Firefox as it is distributed; each page has a profile of its own. */
export async function startFirefox() {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    firefoxUserPrefs: { 'network.dns.disabled': true },
  });
  return {
    open: async (url) => {
      const context = await browser.newContext({
        ...{ locale: 'en-GB', viewport: { width: WIDTH, height: HEIGHT } },
      });
      const page = await context.newPage();
      const said = [];
      const asked = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(url);
      return driven({
        run: (script) => page.evaluate(script),
        press: (keys) => page.keyboard.press(keys.join('+')),
        type: (text) => page.keyboard.type(text),
        click: async ({ x, y }, modifiers) => {
          for (const key of modifiers) await page.keyboard.down(key);
          await page.mouse.click(x, y);
          for (const key of modifiers) await page.keyboard.up(key);
        },
        // The engine's own word, beside what the page's observer hears.
        told: () => ({ said, asked }),
        close: () => context.close(),
      });
    },
    stop: () => browser.close(),
  };
}

/** The keys that are no characters, as WebDriver writes them. */
const KEYS = {
  ...{ Shift: '\uE008', Enter: '\uE007', Escape: '\uE00C', Backspace: '\uE003' },
  ...{ ArrowUp: '\uE013', ArrowDown: '\uE015' },
};

/**
 * WebKitGTK's browser on a display of its own; each page is a session of its own, which keeps nothing.
 */
export async function startWebKit() {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const outside = await startOutside();
  const stop = async () => {
    outside.stop();
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      // With the browser that it may have left: its group is of nobody else.
      process.kill(-Number(child.pid), 'SIGTERM');
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const begin = (command, args, env, stdio) => {
    // Whatever becomes of this process, it is not left behind.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args], {
      ...{ detached: true, stdio, env: { PATH: process.env.PATH, HOME: home, ...env } },
    });
    children.push(child);
    const early = once(child, 'exit').then(([code, signal]) =>
      Promise.reject(
        new Error(`${command} ended: ${code ?? signal}; scripts/setup test installs it`),
      ),
    );
    early.catch(() => {});
    return { child, early };
  };
  try {
    // It finds a display that is free, and says which.
    const screen = ['-screen', '0', '1600x1200x24', '-nolisten', 'tcp', '-displayfd', '3'];
    const display = begin('Xvfb', screen, {}, ['ignore', 'ignore', 'ignore', 'pipe']);
    const [number] = await Promise.race([once(display.child.stdio[3], 'data'), display.early]);
    const port = await freePort();
    // By the environment: MiniBrowser reads past the end of a session's own list of hosts without a
    // proxy (2.50, webkit_network_proxy_settings_new), and broke off at every tenth or so.
    const through = `http://127.0.0.1:${outside.port}`;
    const proxies = { http_proxy: through, https_proxy: through, no_proxy: '127.0.0.1' };
    // Mesa's software drawing was seen to crash; without compositing nothing asks for it.
    const drawn = { DISPLAY: `:${String(number).trim()}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
    const driver = begin(
      ...['WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`, '--replace-on-new-session']],
      ...[{ ...proxies, ...drawn }, 'ignore'],
    );
    const ask = webdriver(`http://127.0.0.1:${port}`);
    const ready = () => ask('GET', '/status').catch(() => null);
    await Promise.race([until(ready, () => 'WebKitWebDriver does not answer'), driver.early]);
    return { open: (url) => openInWebKit(ask, url, outside), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A proxy for everything but this machine's own addresses, which answers nothing and knows who was asked:
 * WebKit itself lists only what came.
 */
async function startOutside() {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const [, method, target] = /^([A-Z]+) (\S+) HTTP/.exec(bytes.toString('latin1')) ?? [];
      asked.push(
        method === 'CONNECT' ? `https://${target}/` : (target ?? 'https://unread.invalid/'),
      );
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, port: portOf(server), stop: () => server.close() };
}

/** @param {import('node:net').Server} server */
const portOf = (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port;

/** A port that nobody has: WebKitWebDriver does not tell which one it was given. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {string} base */
function webdriver(base) {
  return async (method, path, body = method === 'POST' ? {} : undefined) => {
    const response = await fetch(`${base}${path}`, {
      ...{ method, body: body && JSON.stringify(body) },
      // A page whose process is gone is never heard of again.
      signal: AbortSignal.timeout(2 * PATIENCE),
      headers: body ? { 'content-type': 'application/json' } : {},
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  };
}

async function openInWebKit(ask, url, { asked }) {
  const { sessionId } = await ask('POST', '/session', { capabilities: {} });
  const before = asked.length;
  const session = (method, path, body) => ask(method, `/session/${sessionId}${path}`, body);
  const act = (...actions) => session('POST', '/actions', { actions });
  const down = (value) => ({ type: 'keyDown', value: KEYS[value] ?? value });
  const up = (value) => ({ type: 'keyUp', value: KEYS[value] ?? value });
  const keys = (actions) => ({ type: 'key', id: 'keys', actions });
  // What it takes at the mouse, between the keys that are held.
  const waits = (count) => Array(count).fill({ type: 'pause', duration: 0 });
  const CLICK = [
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  try {
    await session('POST', '/window/rect', { x: 0, y: 0, width: WIDTH, height: HEIGHT });
    await session('POST', '/url', { url });
  } catch (error) {
    await session('DELETE', '').catch(() => {});
    throw error;
  }
  return driven({
    run: (script) => session('POST', '/execute/sync', { script: `return ${script}`, args: [] }),
    press: (pressed) => act(keys([...pressed.map(down), ...[...pressed].reverse().map(up)])),
    type: (text) => act(keys([...text].flatMap((key) => [down(key), up(key)]))),
    click: ({ x, y }, held) => {
      const move = { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 };
      return act(
        keys([...held.map(down), ...waits(3), ...held.map(up)]),
        ...[
          {
            ...{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } },
            actions: [...waits(held.length), move, ...CLICK, ...waits(held.length)],
          },
        ],
      );
    },
    told: () => ({ said: [], asked: asked.slice(before) }),
    close: () => session('DELETE', ''),
  });
}

/**
 * What is looked for, in the page and in the element's shadow: by a selector, and the text it is called
 * by or that stands in it.
 *
 * @typedef {object} Wanted
 * @property {string} css
 * @property {string} [name] its whole text, or its label
 * @property {string} [text] what is in its text
 * @property {boolean} [corner] whether it is pressed at its corner, and not in its middle
 */

/** Runs in the page. @param {Wanted} wanted @param {string} [what] */
function found({ css, name, text, corner }, what) {
  const inside = document.querySelector('rtk-moderator')?.shadowRoot;
  // Without the marks that keep a name's direction to itself.
  const plain = (value) =>
    value
      .replace(/[\u2068\u2069]/g, '')
      .replace(/\s+/g, ' ')
      .trim();
  const all = [document, inside]
    .flatMap((root) => (root ? [...root.querySelectorAll(css)] : []))
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => {
      const labels = [one.getAttribute('aria-label'), one.labels?.[0]?.textContent];
      const called = labels.find(Boolean) ?? one.textContent;
      return (
        (name === undefined || plain(called) === name) &&
        (text === undefined || plain(one.textContent).includes(text))
      );
    });
  if (what === 'texts') return all.map((one) => plain(one.textContent));
  if (what === 'values') return all.map((one) => one.value);
  const [one] = all;
  if (what !== 'place' || !one || one.matches(':disabled')) return null;
  one.scrollIntoView({ block: 'nearest' });
  const { x, y, width, height } = one.getBoundingClientRect();
  const place = corner ? { x: x + 3, y: y + 3 } : { x: x + width / 2, y: y + height / 2 };
  let hit = document.elementFromPoint(place.x, place.y);
  if (hit?.shadowRoot) hit = hit.shadowRoot.elementFromPoint(place.x, place.y);
  // Whatever lies over it would get the click.
  return one.contains(hit) || one.labels?.[0]?.contains(hit) ? place : null;
}

/** A page as the flows use it, made of what an engine can do. */
function driven({ run, press, type, click, told, close }) {
  const call = (fn, ...args) => run(`(${fn})(...${JSON.stringify(args)})`);
  const shown = () =>
    call(() => document.querySelector('rtk-moderator')?.shadowRoot.textContent ?? '');
  const page = {
    ...{ type, told, close },
    /** What a function of the page gives. */
    evaluate: call,
    /** Like `Shift+ArrowDown`. */
    press: (keys) => press(keys.split('+')),
    texts: (wanted) => call(found, wanted, 'texts'),
    values: (wanted) => call(found, wanted, 'values'),
    /** Waits until there is one. */
    sees: (wanted, within) =>
      until(
        async () => (await page.texts(wanted)).length > 0,
        async () => `no ${JSON.stringify(wanted)} in: ${await shown()}`,
        within,
      ),
    /** Waits until there is none. */
    misses: (wanted, within) =>
      until(
        async () => (await page.texts(wanted)).length === 0,
        async () => `still ${JSON.stringify(wanted)} in: ${await shown()}`,
        within,
      ),
    /** Waits until the texts are these. */
    reads: async (wanted, texts) => {
      let last;
      const same = async () => {
        last = await page.texts(wanted);
        return JSON.stringify(last) === JSON.stringify(texts);
      };
      await until(same, () => `${JSON.stringify(last)}, not ${JSON.stringify(texts)}`);
    },
    /** Clicks on the first of them, when it is at rest and nothing lies over it. */
    click: async (wanted, ...held) => {
      let before;
      const place = await until(
        async () => {
          const now = await call(found, wanted, 'place');
          const still = now && before && now.x === before.x && now.y === before.y;
          before = now;
          return still ? now : null;
        },
        async () => `nothing to click, ${JSON.stringify(wanted)}, in: ${await shown()}`,
      );
      await click(place, held);
    },
    /** Writes into a field that is empty. */
    fill: async (wanted, text) => {
      await page.click(wanted);
      await type(text);
      await until(
        async () => (await page.values(wanted))[0] === text,
        async () => `not written: ${await page.values(wanted)}`,
      );
    },
  };
  return page;
}
