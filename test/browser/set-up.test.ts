import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchChromium, openPage, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

/** Presses Tab until the focus is on what is called so; fails where the keyboard does not lead there. */
async function tabTo(page: Page, name: string | RegExp, role: 'textbox' | 'button' | 'link' | 'radio') {
  const target = page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name });
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`The keyboard does not reach ${role} "${String(name)}".`);
}

async function consentAs(page: Page, person: string, decision: 'Accept' | 'Deny' = 'Accept') {
  await page.getByRole('button', { name: person }).click();
  await page.getByRole('button', { name: decision }).click();
}

suite('setting a connection up', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    const actor = await whole.server.services.access.checkPassword(
      administrator.email,
      administrator.password,
    );
    if (actor === null) throw new Error('The administrator cannot sign in.');
    const app = { name: 'Sandbox app', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
    await whole.server.services.oauthApps.create(actor, app);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  test('leads through the three tabs by keyboard alone, with the consent in a popup', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await page.goto(`${whole.url}/connections/new`);
    await tabTo(page, 'Email', 'textbox');
    await page.keyboard.type(administrator.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(administrator.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/connections/new');

    await tabTo(page, 'Name', 'textbox');
    await page.keyboard.type('Northwind wiki');
    await tabTo(page, 'Atlassian site URL', 'textbox');
    await page.keyboard.type(`${siteUrl}/wiki`);
    await page.keyboard.press('Enter');
    // A fault at its field; what was typed is still there.
    await page.locator('.error-summary').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Northwind wiki');
    expect(await page.getByLabel('Atlassian site URL').getAttribute('aria-invalid')).toBe('true');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(siteUrl);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/authorize');
    expect(await page.locator('[aria-current=step]').textContent()).toContain('Authorize');

    await tabTo(page, 'Authorize with Atlassian', 'button');
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await tabTo(popup, /Ada Lindqvist/, 'button');
    await popup.keyboard.press('Enter');
    await tabTo(popup, 'Accept', 'button');
    await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')]);
    await page.getByText('Authenticated', { exact: true }).waitFor();
    expect(await page.locator('dl').first().textContent()).toContain('northwind.atlassian.net');

    await tabTo(page, 'Test connection', 'button');
    await page.keyboard.press('Enter');
    await page.getByText('Token: ok.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, 'Go on to Configure Records', 'link');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/configure');
    await tabTo(page, 'Save', 'button');
    await page.keyboard.press('Enter');
    await page.getByText('The set-up is complete').waitFor();
    await tabTo(page, 'Sync now', 'button');
    await page.keyboard.press('Enter');
    await page.getByText('The sync has started.').waitFor();
    expect(whole.server.asked.some((line) => line.startsWith('startRun'))).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);

  test('works without JavaScript, by a full redirect', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, '/connections/new');
    await page.getByLabel('Name', { exact: true }).fill('Without scripts');
    await page.getByLabel('Atlassian site URL').fill(siteUrl);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByRole('button', { name: 'Authorize with Atlassian' }).click();
    await consentAs(page, 'Ada Lindqvist', 'Deny');
    await page.waitForURL(`${whole.url}/connections/*/authorize`);
    expect(await page.getByRole('alert').textContent()).toMatch(/declined|denied|did not/i);
    await page.getByRole('button', { name: 'Authorize with Atlassian' }).click();
    // Atlassian still knows who is signed in there.
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('Authenticated', { exact: true }).waitFor();
    await page
      .getByRole('link', { name: /Configure Records/ })
      .first()
      .click();
    await page.getByLabel('Interval in minutes').fill('1');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await page.locator('#intervalMinutes-error').textContent()).toContain('5 to 10,080');
    await page.getByLabel('Interval in minutes').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The set-up is complete').waitFor();
    expect(await page.getByText('Every 30 minutes').isVisible()).toBe(true);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);

  test('says at the form what a refused consent in the popup means', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connections/new');
    await page.getByLabel('Name', { exact: true }).fill('Another site');
    await page.getByLabel('Atlassian site URL').fill('https://elsewhere.atlassian.net');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL('**/authorize');
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Authorize with Atlassian' }).click(),
    ]);
    await Promise.all([popup.waitForEvent('close'), consentAs(popup, 'Ada Lindqvist')]);
    await page.locator('[data-consent-words].field-error').waitFor();
    expect(await page.locator('[data-consent-words]').textContent()).toContain('elsewhere.atlassian.net');
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('keeps what was entered, but no secret, when one leaves and comes back', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connections/new');
    await page.getByLabel('Name', { exact: true }).fill('Half done');
    await page.getByRole('radio', { name: 'API token' }).check();
    await page.getByLabel('Email of the account').fill('ada@northwind.example');
    const saved = page.waitForRequest('**/connections/new/draft');
    await page.locator('#token').fill('a-secret-token');
    expect((await saved).postData()).not.toContain('a-secret-token');
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await page.waitForURL(`${whole.url}/`);
    await page.goto(`${whole.url}/connections/new`);
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half done');
    expect(await page.getByLabel('Email of the account').inputValue()).toBe('ada@northwind.example');
    expect(await page.locator('#token').inputValue()).toBe('');
    await visit.close();
  }, 60_000);

  test('shows why a later step is locked, and the way to what comes first', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connections/new');
    await page.getByLabel('Name', { exact: true }).fill('Locked');
    await page.getByLabel('Atlassian site URL').fill(siteUrl);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL('**/authorize');
    await page.getByRole('link', { name: /Configure Records/ }).click();
    await page.getByText('This step is locked').waitFor();
    await page.getByRole('link', { name: 'Go to Authorize' }).click();
    await page.waitForURL('**/authorize');
    await visit.close();
  }, 60_000);
});
