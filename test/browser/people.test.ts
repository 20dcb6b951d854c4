import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { saveAccounts } from '../../store/accounts.ts';
import { hasChromium, launchChromium, openPage, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;
const member = { email: 'jonas.keller@northwind.example', password: 'another pass phrase' };

suite('people', () => {
  let browser: Browser;
  let whole: Whole;
  let connectionId: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    const { services } = whole.server;
    await whole.server.person(member.email, 'member', member.password);
    const actor = await services.access.checkPassword(administrator.email, administrator.password);
    if (actor === null) throw new Error('The administrator cannot sign in.');
    const app = { name: 'Sandbox app', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
    const { id } = await services.oauthApps.create(actor, app);
    const connection = await services.connections.create(actor, {
      name: 'Northwind wiki',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl,
      auth: { method: 'oauth', oauthAppId: id },
    });
    connectionId = connection.id;
    const { db } = whole.server.database;
    await db.updateTable('connections').set({ status: 'active' }).where('id', '=', connectionId).execute();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });
  beforeEach(async () => {
    const { db } = whole.server.database;
    await db.deleteFrom('user_accounts').execute();
    const people = ['Mara', 'Nils'].map((displayName) => ({
      accountId: `557058:${displayName.toLowerCase()}`,
      displayName,
      email: null,
      accountType: 'atlassian',
      accountStatus: 'active',
      guest: false,
    }));
    await saveAccounts(db, connectionId, people, new Date());
  });

  /** Presses Tab until something with this name has the focus. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const { activeElement: element } = document;
        const labelled =
          element?.id === '' || element === null
            ? null
            : document.querySelector(`label[for="${element.id}"]`);
        return element?.getAttribute('aria-label') ?? labelled?.textContent ?? element?.textContent ?? '';
      });
      if (name.test(focused.trim())) return;
    }
    throw new Error(`Tab does not reach ${String(name)}.`);
  }

  const table =
    'account_id;email\r\n557058:mara;jonas.keller@northwind.example\r\n557058:nils;nobody@x.example\r\n';

  test('a table is pasted, looked at and stored by keyboard alone', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/people/import');
    await tabTo(page, /^The table$/);
    await page.keyboard.insertText(table);
    await tabTo(page, /^See what would happen$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Refused: 1' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, /^Store 1 link, leave out 1$/);
    await page.keyboard.press('Enter');
    await page.getByText('1 link is stored. 1 line was left out.').waitFor();
    await page.getByText('1 of 2 people is not matched.').waitFor();
    expect(await page.getByRole('row', { name: /Nils/ }).count()).toBe(1);
    expect(await page.getByRole('row', { name: /Mara/ }).count()).toBe(0);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('a file is read into the table, and the same works without JavaScript by pasting', async () => {
    const scripted = await openPage(browser);
    await signIn(scripted.page, whole, '/people/import');
    const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${table}`) };
    await scripted.page.getByLabel('A file').setInputFiles(file);
    await scripted.page.getByRole('button', { name: 'See what would happen' }).click();
    await scripted.page.getByRole('heading', { name: 'Would be linked: 1' }).waitFor();
    expect(scripted.complaints).toEqual([]);
    await scripted.close();

    const plain = await openPage(browser, { javaScriptEnabled: false });
    await signIn(plain.page, whole, '/people/import');
    expect(await plain.page.getByLabel('A file').isVisible()).toBe(false);
    await plain.page.getByLabel('The table').fill(table);
    await plain.page.getByRole('button', { name: 'See what would happen' }).click();
    await plain.page.getByRole('button', { name: /^Store 1 link/ }).click();
    await plain.page.waitForURL(`${whole.url}/people`);
    expect(await plain.page.getByText('1 link is stored.').isVisible()).toBe(true);
    await plain.close();
  }, 60_000);

  test('the link for everybody asks to sign in, comes back, connects without JavaScript, and renews what has ended', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await page.goto(`${whole.url}/connect-account`);
    expect(page.url()).toContain('/sign-in?returnTo=%2Fconnect-account');
    await page.getByLabel('Email').fill(member.email);
    await page.getByLabel('Password').fill(member.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${whole.url}/connect-account`);
    await page.getByRole('button', { name: 'Connect your Atlassian account' }).click();
    await page.getByRole('button', { name: 'Jonas Keller' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(`${whole.url}/connect-account`);
    expect(await page.getByText('Connected', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByText('on northwind.atlassian.net').isVisible()).toBe(true);
    expect(visit.complaints).toEqual([]);
    await visit.close();
    await renewEnded();
  }, 60_000);

  /** A consent that has ended says so, and is renewed in a popup by keyboard. */
  async function renewEnded(): Promise<void> {
    const { db } = whole.server.database;
    await db.updateTable('grants').set({ state: 'dead', dead_cause: 'invalid_grant' }).execute();
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connect-account', member);
    await page.getByText('Ended', { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, /^Reauthenticate/);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await popup.getByRole('button', { name: 'Jonas Keller' }).click();
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await page.getByText('Ended', { exact: true }).count()).toBe(0);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }
});
