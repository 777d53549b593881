// What the element needs to know: the gateway and a grant suffice, in every form in which a framework writes them. What
// is missing or wrong is named.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addHtml, startElementApp } from '../support/element-app.mjs';
import { startServer } from '../support/server.mjs';

let app;
before(async () => (app = await startElementApp()));
after(() => app?.stop());

const people = (page) => page.locator('.rows .row');
const shows = (page, text) => page.locator('.blank, .banner').getByText(text).first().waitFor();

test('the gateway and a grant suffice', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    const { base_url } = app.gateway;
    const grant = app.gateway.grant(meeting);
    await addHtml(page, `<rtk-moderator gateway="${base_url}" grant="${grant}"></rtk-moderator>`);
    await people(page).nth(2).waitFor();
    const name = await people(page).first().locator('.name').innerText();
    await page
      .getByRole('button', { name: /^Remove / })
      .first()
      .click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.locator('.activity.good', { hasText: 'was removed.' }).waitFor();
    assert.ok(name);
    // Another grant opens its own meeting.
    const other = app.gateway.grant(await app.emulator.meeting(5));
    await page.locator('rtk-moderator').evaluate((one, grant) => (one.grant = grant), other);
    await people(page).nth(4).waitFor();
  });
});

test('a grant for every meeting lists the live ones, and opens one', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    const { base_url } = app.gateway;
    const grant = app.gateway.grant(meeting, { meeting_id: '*' });
    await addHtml(page, `<rtk-moderator gateway="${base_url}" grant="${grant}"></rtk-moderator>`);
    await page
      .locator('rtk-moderator')
      .getByRole('heading', { name: 'All live meetings' })
      .waitFor();
    await page.locator('.overview button', { hasText: '3 here now' }).first().click();
    await people(page).nth(2).waitFor();
  });
});

test('lower-case attributes, which a framework leaves after hydration, count', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    const { base_url } = app.gateway;
    const grant = `${app.gateway.grant(meeting, { app_id: undefined, meeting_id: undefined })}`;
    const { app_id, meeting_id } = meeting;
    await addHtml(
      page,
      `<rtk-moderator gateway="${base_url}" accountid="${app.emulator.account_id}" appid="${app_id}"
         meetingid="${meeting_id}" signin="" grant="${grant}"></rtk-moderator>`,
    );
    const element = page.locator('rtk-moderator');
    const read = await element.evaluate(({ accountId, appId, meetingId, signIn }) => ({
      ...{ accountId, appId, meetingId, signIn },
    }));
    const accountId = app.emulator.account_id;
    assert.deepEqual(read, { accountId, appId: app_id, meetingId: meeting_id, signIn: true });
  });
});

test('properties that were set before the element was defined count', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    await page.evaluate(
      ({ base_url, grant }) => {
        // In a document without the definition.
        const { body } = document.implementation.createHTMLDocument();
        const element = body.appendChild(body.ownerDocument.createElement('rtk-moderator'));
        Object.assign(element, { gateway: base_url, getGrant: async () => grant });
        document.body.append(element);
      },
      { base_url: app.gateway.base_url, grant: app.gateway.grant(meeting) },
    );
    await people(page).nth(2).waitFor();
  });
});

test('a line break after the grant, and an address relative to the page, are no problem', async () => {
  await app.onPage(async (page) => {
    const meeting = await app.emulator.meeting(3);
    await page.route(`${app.emulator.url}/client/v4/**`, async (route) => {
      const url = route.request().url().replace(app.emulator.url, app.gateway.url);
      await route.fulfill({ response: await route.fetch({ url }) });
    });
    await addHtml(page, '<rtk-moderator gateway="/client/v4"></rtk-moderator>');
    const grant = `${app.gateway.grant(meeting)}\n`;
    await page.locator('rtk-moderator').evaluate((one, grant) => (one.grant = grant), grant);
    await people(page).nth(2).waitFor();
  });
});

test('what is missing is named', async () => {
  await app.onPage(async (page) => {
    await addHtml(page, '<rtk-moderator></rtk-moderator>');
    const element = page.locator('rtk-moderator');
    await shows(page, 'Missing: grant, gateway.');
    await element.evaluate((one) => one.setAttribute('grant', 'an-api-token'));
    await shows(page, 'Missing: gateway.');
    await element.evaluate((one) => (one.gateway = 'https://moderate.example.com/client/v4'));
    await shows(page, 'Missing: account-id, app-id, meeting-id.');
    await element.evaluate((one) => (one.lang = 'de'));
    await shows(page, 'Es fehlt: account-id, app-id, meeting-id.');
  });
});

test('a gateway that never responded: the likely causes are named', async () => {
  // It does not list the page's origin.
  const other = await startServer();
  try {
    await app.onPage(async (page) => {
      const meeting = await app.emulator.meeting(3);
      const grant = app.gateway.grant(meeting);
      await addHtml(
        page,
        `<rtk-moderator gateway="${other.url}/client" grant="${grant}"></rtk-moderator>`,
      );
      await shows(page, `no response from ${other.url}/client.`);
      await shows(page, 'it isn’t running');
      await shows(page, '/client/v4');
      await shows(page, `don’t list ${app.emulator.url}.`);
    });
  } finally {
    await other.stop();
  }
});
