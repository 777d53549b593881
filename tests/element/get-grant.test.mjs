// `getGrant`: called at the start, before a grant ends, and after the gateway refused one; with pauses after failures.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addHtml, startElementApp } from '../support/element-app.mjs';
import { eventually } from '../support/eventually.mjs';
import { now } from '../support/grants.mjs';

let app;
before(async () => (app = await startElementApp()));
after(() => app?.stop());

const people = (page) => page.locator('.rows .row');
const calls = (page) => page.evaluate(() => globalThis.calls ?? 0);
const events = (page) => page.evaluate(() => globalThis.events);

/** The requests to the gateway and the calls of `getGrant` that are under way, by page. */
const underWay = new WeakMap();

/**
 * Adds an element whose `getGrant` is this: `give(call)` in Node returns a grant, or throws. The calls are counted in
 * the page.
 */
async function add(page, give) {
  let made = 0;
  const open = new Set();
  underWay.set(page, open);
  page.on('request', (request) => {
    if (request.url().startsWith(app.gateway.url)) open.add(request);
  });
  for (const over of ['requestfinished', 'requestfailed'])
    page.on(over, (request) => open.delete(request));
  await page.exposeFunction('give', async () => {
    const call = (made += 1);
    open.add(call);
    try {
      return await give(call);
    } finally {
      open.delete(call);
    }
  });
  await addHtml(page, `<rtk-moderator gateway="${app.gateway.base_url}"></rtk-moderator>`);
  await page.locator('rtk-moderator').evaluate((element) => {
    element.getGrant = () => {
      globalThis.calls = (globalThis.calls ?? 0) + 1;
      return globalThis.give();
    };
  });
}

/**
 * Lets seconds of the page's time pass, in steps. What a step has begun ends before the next one: the page's time is
 * so much faster that it would otherwise be over before a response.
 */
async function pass(page, seconds, step = 1) {
  const open = underWay.get(page);
  for (let passed = 0; passed < seconds; passed += step) {
    await page.clock.runFor(step * 1000);
    do {
      await eventually(() => open.size, 0);
      // What a response has begun.
      await page.evaluate(() => {});
    } while (open.size > 0);
  }
}

test('it is called once at the start', async () => {
  await app.onPage(async (page) => {
    const grant = app.gateway.grant(await app.emulator.meeting(3));
    await add(page, () => grant);
    await people(page).nth(2).waitFor();
    assert.equal(await calls(page), 1);
    // Another function, as of another rendering, changes nothing.
    await page.locator('rtk-moderator').evaluate(async (element) => {
      const { getGrant } = element;
      element.getGrant = () => getGrant();
      await element.updateComplete;
    });
    assert.equal(await calls(page), 1);
    assert.deepEqual(await events(page), []);
  });
});

test('a failure at the start is shown and reported, and it is called again with growing pauses', async () => {
  await app.onPage(
    async (page) => {
      const grant = app.gateway.grant(await app.emulator.meeting(3));
      let fails = true;
      await add(page, () => {
        if (fails) throw new Error('the backend is down');
        return grant;
      });
      await page.getByText('The app can’t get access for you. We’ll keep trying.').waitFor();
      const [[name, message]] = await events(page);
      assert.equal(name, 'error');
      assert.match(message, /the backend is down/);
      await pass(page, 60);
      const after = await calls(page);
      assert.ok(after >= 4 && after <= 8, `${after} calls in a minute`);
      fails = false;
      await page.clock.runFor(61_000);
      await people(page).nth(2).waitFor();
      assert.ok((await calls(page)) > after);
    },
    { clock: true },
  );
});

test('a short grant is renewed when a fifth of its lifetime is left, not each second', async () => {
  await app.onPage(
    async (page) => {
      const meeting = await app.emulator.meeting(3);
      // The page's time passes faster than the gateway's. (Some time passes by itself: a minute and more changes nothing.)
      let time = 0;
      await add(page, () => {
        const iat = now() + time;
        return app.gateway.grant(meeting, { iat: now(), nbf: undefined, exp: iat + 1000 });
      });
      await people(page).nth(2).waitFor();
      await pass(page, 700, 10);
      assert.equal(await calls(page), 1);
      time = 850;
      await pass(page, 150, 10);
      assert.equal(await calls(page), 2);
      await pass(page, 500, 10);
      assert.equal(await calls(page), 2);
      // A renewal that works is no news.
      assert.deepEqual(await events(page), []);
      assert.equal(await page.locator('.banner', { hasText: 'Your access' }).count(), 0);
    },
    { clock: true },
  );
});

test('a grant that cannot be renewed: the moderator sees it, and the app gets the event', async () => {
  await app.onPage(
    async (page) => {
      const meeting = await app.emulator.meeting(3);
      await add(page, (call) => {
        if (call > 1) throw new Error('signed out');
        return app.gateway.grant(meeting, { iat: now(), exp: now() + 1000 });
      });
      await people(page).nth(2).waitFor();
      await pass(page, 820, 10);
      await page.getByText('The app can’t get access for you. We’ll keep trying.').waitFor();
      await page.getByText(/Access ends in .+/).waitFor();
      const names = (await events(page)).map(([name]) => name);
      assert.deepEqual([...new Set(names)].sort(), ['error', 'grant-expiring']);
      assert.equal(names.filter((name) => name === 'grant-expiring').length, 1);
      await pass(page, 200, 10);
      await page.getByText('Access expired').waitFor();
    },
    { clock: true },
  );
});

test('after a 401 it is called, and what is on screen stays', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    const { gateway } = app;
    await add(page, () => gateway.grant(meeting));
    await people(page).nth(2).waitFor();
    await page.getByRole('searchbox').fill('zzz');
    const refused = gateway.grant(meeting, {}, { key: 'another secret of thirty-two bytes' });
    await page.locator('rtk-moderator').evaluate((one, grant) => (one.grant = grant), refused);
    await eventually(() => calls(page), 2);
    await page.locator('.banner').waitFor({ state: 'detached' });
    await page.getByText('Meeting is unlocked').first().waitFor({ state: 'attached' });
    assert.equal(await page.getByRole('searchbox').inputValue(), 'zzz');
  });
});

test('a grant that the gateway always refuses does not make it called all the time', async () => {
  await app.onPage(
    async (page) => {
      const meeting = await app.emulator.meeting(3);
      const key = 'another secret of thirty-two bytes';
      await add(page, () => app.gateway.grant(meeting, {}, { key }));
      await page.getByText('Your access isn’t valid. (401)').first().waitFor();
      await pass(page, 60);
      const made = await calls(page);
      assert.ok(made >= 3 && made <= 8, `${made} calls in a minute`);
    },
    { clock: true },
  );
});

test('another meeting gets a grant of its own', async () => {
  await app.onPage(async (page) => {
    const meetings = [await app.emulator.meeting(3), await app.emulator.meeting(5)];
    let wanted = 0;
    await add(page, () => app.gateway.grant(meetings[wanted]));
    await people(page).nth(2).waitFor();
    wanted = 1;
    await page
      .locator('rtk-moderator')
      .evaluate((element, id) => (element.meetingId = id), meetings[1].meeting_id);
    await people(page).nth(4).waitFor();
    assert.equal(await calls(page), 2);
  });
});

test('a grant for another meeting again and again does not make it called all the time', async () => {
  await app.onPage(
    async (page) => {
      const grant = app.gateway.grant(await app.emulator.meeting(3));
      const { meeting_id } = await app.emulator.meeting(5);
      await add(page, () => grant);
      await people(page).nth(2).waitFor();
      await page
        .locator('rtk-moderator')
        .evaluate((element, id) => (element.meetingId = id), meeting_id);
      await page.getByText('Your access is for another meeting. (403)').first().waitFor();
      await pass(page, 60);
      const made = await calls(page);
      assert.ok(made >= 4 && made <= 9, `${made} calls in a minute`);
    },
    { clock: true },
  );
});

test('an action that meets a 401 waits for the next grant, and is done with it', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    const { gateway } = app;
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await add(page, async (call) => {
      if (call > 1) await held;
      return gateway.grant(meeting);
    });
    await people(page).nth(2).waitFor();
    const refused = gateway.grant(meeting, {}, { key: 'another secret of thirty-two bytes' });
    await page.locator('rtk-moderator').evaluate((one, grant) => (one.grant = grant), refused);
    await eventually(() => calls(page), 2);
    await page
      .getByRole('button', { name: /^Mute / })
      .first()
      .click();
    await page.locator('.activity.busy').waitFor();
    release();
    await page.locator('.activity.good', { hasText: 'was muted.' }).waitFor();
  });
});

for (const given of [undefined, '', '\n', '<!doctype html><p>Not found', '{"grant":"abc"}'])
  test(`what is no grant is an error: ${JSON.stringify(given)}`, async () => {
    await app.onPage(async (page) => {
      await add(page, () => given);
      await eventually(async () => (await events(page)).length > 0, true);
      const [[, message]] = await events(page);
      assert.equal(message, 'getGrant must return a grant');
    });
  });
