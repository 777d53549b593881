// Firefox and WebKitGTK behind one interface: Firefox by Playwright, WebKit by the W3C's WebDriver protocol,
// which is small enough to be implemented here. Clicks go to a place on the screen, as a user's do.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firefox } from 'playwright-core';
import { freePort } from './listen.mjs';

const [WIDTH, HEIGHT] = [1280, 900];
/** The limit for anything that a test waits for: no passing test comes near it. */
const LIMIT = 60_000;

/**
 * Calls `read` until its result is truthy, and returns that; else fails with the message of `otherwise`.
 *
 * @template T
 * @param {() => Promise<T>} read
 * @param {() => string | Promise<string>} otherwise
 */
export async function until(read, otherwise) {
  const end = Date.now() + LIMIT;
  for (;;) {
    const result = await read();
    if (result) return result;
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
    timeout: 180_000,
  });
  return {
    open: async (url) => {
      const context = await browser.newContext({
        ...{ locale: 'en-GB', viewport: { width: WIDTH, height: HEIGHT } },
      });
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT);
      const logged = [];
      const requests = [];
      page.on('console', (message) => logged.push(message.text()));
      page.on('pageerror', (error) => logged.push(`uncaught: ${error.message}`));
      page.on('request', (request) => requests.push(request.url()));
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
        // By the engine, beside what the page's own observer records.
        observed: () => ({ logged, requests }),
        close: () => context.close(),
      });
    },
    stop: () => browser.close(),
  };
}

/** WebDriver's codes of keys that are not characters. */
const KEYS = {
  ...{ Shift: '\uE008', Enter: '\uE007', Escape: '\uE00C', Backspace: '\uE003' },
  ...{ ArrowUp: '\uE013', ArrowDown: '\uE015' },
};

/**
 * WebKitGTK's browser on a display of its own; each page is a new session, which keeps nothing.
 */
export async function startWebKit() {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const outside = await startOutsideProxy();
  const stop = async () => {
    outside.stop();
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      // With the browser that it may have left behind: both are in a process group of their own.
      process.kill(-Number(child.pid), 'SIGTERM');
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const begin = (command, args, env, stdio) => {
    // The kernel ends it with this process.
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
    // Xvfb finds a free display, and writes its number.
    const screen = ['-screen', '0', '1600x1200x24', '-nolisten', 'tcp', '-displayfd', '3'];
    const display = begin('Xvfb', screen, {}, ['ignore', 'ignore', 'ignore', 'pipe']);
    const [number] = await Promise.race([once(display.child.stdio[3], 'data'), display.early]);
    const port = await freePort();
    // By the environment: MiniBrowser reads past the end of a session's own list of hosts without a
    // proxy (2.50, webkit_network_proxy_settings_new), and crashed in about one of ten sessions.
    const through = `http://127.0.0.1:${outside.port}`;
    const proxies = { http_proxy: through, https_proxy: through, no_proxy: '127.0.0.1' };
    // Without compositing nothing uses Mesa's software rendering, which crashed.
    const drawn = { DISPLAY: `:${String(number).trim()}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
    const driver = begin(
      ...['WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`, '--replace-on-new-session']],
      ...[{ ...proxies, ...drawn }, 'ignore'],
    );
    const send = webdriver(`http://127.0.0.1:${port}`);
    const ready = () => send('GET', '/status').catch(() => null);
    await Promise.race([until(ready, () => 'WebKitWebDriver does not answer'), driver.early]);
    return { open: (url) => openInWebKit(send, url, outside), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A proxy for every address but this machine's own: it records the requests and closes the connections.
 * WebKit itself lists only responses.
 */
async function startOutsideProxy() {
  /** @type {string[]} */
  const requests = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const [, method, target] = /^([A-Z]+) (\S+) HTTP/.exec(bytes.toString('latin1')) ?? [];
      requests.push(
        method === 'CONNECT' ? `https://${target}/` : (target ?? 'https://unread.invalid/'),
      );
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { requests, port: portOf(server), stop: () => server.close() };
}

/** @param {import('node:net').Server} server */
const portOf = (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port;

/** @param {string} base */
function webdriver(base) {
  return async (method, path, body = method === 'POST' ? {} : undefined) => {
    const response = await fetch(`${base}${path}`, {
      ...{ method, body: body && JSON.stringify(body) },
      // The driver never responds for a page whose process is gone.
      signal: AbortSignal.timeout(2 * LIMIT),
      headers: body ? { 'content-type': 'application/json' } : {},
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  };
}

async function openInWebKit(send, url, { requests }) {
  const { sessionId } = await send('POST', '/session', { capabilities: {} });
  const before = requests.length;
  const session = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
  const act = (...actions) => session('POST', '/actions', { actions });
  const down = (value) => ({ type: 'keyDown', value: KEYS[value] ?? value });
  const up = (value) => ({ type: 'keyUp', value: KEYS[value] ?? value });
  const keys = (actions) => ({ type: 'key', id: 'keys', actions });
  // The ticks of the pointer while modifier keys go down and up.
  const pauses = (count) => Array(count).fill({ type: 'pause', duration: 0 });
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
        keys([...held.map(down), ...pauses(3), ...held.map(up)]),
        ...[
          {
            ...{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } },
            actions: [...pauses(held.length), move, ...CLICK, ...pauses(held.length)],
          },
        ],
      );
    },
    observed: () => ({ logged: [], requests: requests.slice(before) }),
    close: () => session('DELETE', ''),
  });
}

/**
 * Selects elements of the page and of the element's shadow tree: by a CSS selector and a text.
 *
 * @typedef {object} Target
 * @property {string} css
 * @property {string} [name] its whole text, or its label
 * @property {string} [text] a part of its text
 * @property {boolean} [corner] whether it is clicked at its corner instead of in its middle
 */

/** Reads what the target selects. Runs in the page. @param {Target} target @param {string} [what] */
function query({ css, name, text, corner }, what) {
  const inside = document.querySelector('rtk-moderator')?.shadowRoot;
  // Without the marks that isolate a name's text direction.
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
      const label = labels.find(Boolean) ?? one.textContent;
      return (
        (name === undefined || plain(label) === name) &&
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
  // Another element on top of it would get the click.
  return one.contains(hit) || one.labels?.[0]?.contains(hit) ? place : null;
}

/** The interface that tests use, built on what an engine can do. */
function driven({ run, press, type, click, observed, close }) {
  const call = (fn, ...args) => run(`(${fn})(...${JSON.stringify(args)})`);
  const shown = () =>
    call(() => document.querySelector('rtk-moderator')?.shadowRoot.textContent ?? '');
  const page = {
    ...{ type, observed, close },
    /** Runs a function in the page. */
    evaluate: call,
    /** Like `Shift+ArrowDown`. */
    press: (keys) => press(keys.split('+')),
    texts: (target) => call(query, target, 'texts'),
    values: (target) => call(query, target, 'values'),
    /** Waits until there is one. */
    waitFor: (target) =>
      until(
        async () => (await page.texts(target)).length > 0,
        async () => `no ${JSON.stringify(target)} in: ${await shown()}`,
      ),
    /** Waits until there is none. */
    waitForNone: (target) =>
      until(
        async () => (await page.texts(target)).length === 0,
        async () => `still ${JSON.stringify(target)} in: ${await shown()}`,
      ),
    /** Waits until the texts are these. */
    waitForTexts: async (target, texts) => {
      let last;
      const same = async () => {
        last = await page.texts(target);
        return JSON.stringify(last) === JSON.stringify(texts);
      };
      await until(same, () => `${JSON.stringify(last)}, not ${JSON.stringify(texts)}`);
    },
    /** Clicks the first one, when it does not move and nothing covers it. */
    click: async (target, ...held) => {
      let before;
      const place = await until(
        async () => {
          const now = await call(query, target, 'place');
          const still = now && before && now.x === before.x && now.y === before.y;
          before = now;
          return still ? now : null;
        },
        async () => `nothing to click, ${JSON.stringify(target)}, in: ${await shown()}`,
      );
      await click(place, held);
    },
    /** Types into an empty field. */
    fill: async (target, text) => {
      await page.click(target);
      await type(text);
      await until(
        async () => (await page.values(target))[0] === text,
        async () => `not written: ${await page.values(target)}`,
      );
    },
  };
  return page;
}
