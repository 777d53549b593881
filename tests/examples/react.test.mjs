// React: Vite's current template with the files of examples/react, the moderator console next to RealtimeKit's UI kit. Built by
// Vite, in Chromium. The kit's design tokens give the console its look, in each of its themes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { preview, startExample } from './support/example.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The kit loads icons and sounds from other hosts, which no test reaches. */
const OFFLINE = { errors: [/ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_FAILED/] };

let app;
before(async () => (app = await startExample('react', preview)));
after(() => app?.stop());

test('a moderator removes a participant, beside the UI kit', () =>
  app.onPage(async (page) => {
    await page.locator('rtk-meeting.hydrated').waitFor();
    await app.kick(page);
  }, OFFLINE));

/** The kit's own tokens, as `provideRtkDesignSystem` writes them for a theme. */
const THEMES = {
  default: {},
  dark: {
    background: ['37 37 37', '47 47 47', '50 50 50', '62 62 62', '74 74 74'],
    text: '245 245 245',
  },
  light: {
    background: ['255 255 255', '245 245 245', '235 235 235', '224 224 224', '214 214 214'],
    text: '17 17 17',
    onBrand: '255 255 255',
  },
};
const tokens = ({ background = [], text, onBrand }) => {
  const all = background.map((rgb, at) => [`background-${1000 - 100 * at}`, rgb]);
  const alphas = ['', ' / 0.88', ' / 0.76', ' / 0.64', ' / 0.52'];
  for (const [name, rgb] of Object.entries({ text, 'text-on-brand': onBrand }))
    if (rgb) alphas.forEach((alpha, at) => all.push([`${name}-${1000 - 100 * at}`, rgb + alpha]));
  return all.map(([name, value]) => [`--rtk-colors-${name}`, value]);
};

for (const [name, theme] of Object.entries(THEMES)) {
  test(`in the kit's theme ${name} the console has its colours, with enough contrast`, () =>
    app.onPage(async (page) => {
      await page.locator('rtk-moderator .rows .row').nth(1).waitFor();
      await page.evaluate(
        ([tokens, scheme]) => {
          const { style } = document.documentElement;
          for (const [name, value] of tokens) style.setProperty(name, value);
          style.setProperty('--rtk-border-radius-md', '3px');
          document.querySelector('rtk-moderator').style.colorScheme = scheme;
        },
        [tokens(theme), name === 'light' ? 'light' : 'dark'],
      );
      const { console, kit, radius } = await page.evaluate(() => {
        const element = document.querySelector('rtk-moderator');
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.background = 'rgb(var(--rtk-colors-background-1000, 8 8 8))';
        probe.style.color = 'rgb(var(--rtk-colors-text-1000, 255 255 255))';
        const colours = (one) => {
          const { backgroundColor, color } = getComputedStyle(one);
          return [backgroundColor, color];
        };
        const input = element.shadowRoot.querySelector('input');
        return {
          console: colours(element),
          kit: colours(probe),
          radius: getComputedStyle(input).borderRadius,
        };
      });
      assert.deepEqual(console, kit);
      assert.equal(radius, '3px');
      // Also with what has the colours of danger.
      await page
        .getByRole('checkbox', { name: /^Select / })
        .nth(1)
        .click();
      await page.locator('rtk-moderator .bar').waitFor();
      const found = await page.evaluate(
        `${AXE}; axe.run('rtk-moderator', { runOnly: ['color-contrast'] })`,
      );
      const described = found.violations.flatMap(({ nodes }) =>
        nodes.map(({ html, any }) => `${html}: ${any[0]?.message}`),
      );
      assert.deepEqual(described, []);
    }, OFFLINE));
}
