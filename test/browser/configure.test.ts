import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Settings } from '../../server/settings.ts';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

/** Presses Tab until the focus is on the field with this id. */
async function tabTo(page: Page, id: string) {
  for (let presses = 0; presses < 120; presses++) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach #${id}.`);
}

suite('configuring which records are wanted', () => {
  let browser: Browser;
  let whole: Whole;
  let id: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    const actor = await administratorOf();
    const connection = await whole.server.services.connections.create(actor, {
      name: 'Northwind wiki',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl,
      auth: { method: 'api_token', email: administrator.email, token: 'sandbox-classic-token' },
    });
    ({ id } = connection);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });
  beforeEach(async () => {
    await whole.server.services.connections.updateSettings(await administratorOf(), id, {}, { sync: false });
    await whole.server.database.db.deleteFrom('sync_runs').execute();
  });

  const administratorOf = async () => {
    const actor = await whole.server.services.access.checkPassword(
      administrator.email,
      administrator.password,
    );
    if (actor === null) throw new Error('The administrator cannot sign in.');
    return actor;
  };
  const stored = async (): Promise<Settings> =>
    (await whole.server.services.connections.get(await administratorOf(), id)).settings;
  const path = () => `/connections/${id}/configure`;
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
  const openPart = (page: Page, name: string) => page.locator(`#part-${name} > summary`).click();

  test('by keyboard alone: a space is found as its name is typed, ticked, and saved', async () => {
    const visit = await openPage(browser, { viewport: { width: 320, height: 640 } });
    const { page } = visit;
    await signIn(page, whole, path());
    await page.locator('#part-spaceKeys > summary').focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'spaceSearch');
    await page.getByText('5 spaces found.').waitFor();
    await page.keyboard.type('rover');
    await page.getByText('1 space found.').waitFor();
    const box = page.getByRole('checkbox', { name: /Rover 4 launch/ });
    expect(await box.locator('xpath=..').textContent()).toMatch(
      /RV4.*Collaboration space, 26 pages and blog posts/,
    );
    await tabTo(page, await box.getAttribute('id').then(String));
    await page.keyboard.press('Space');
    expect(await page.locator('#spaceKeys').inputValue()).toBe('RV4');
    // List and boxes follow each other.
    await page.locator('#spaceKeys').press('End');
    await page.keyboard.type('\nENG');
    await box.uncheck();
    expect(await page.locator('#spaceKeys').inputValue()).toBe('ENG');
    await box.check();
    expect(await overflow(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    // Enter in the search has found already; it does not save.
    await page.locator('#spaceSearch').press('Enter');
    expect(page.url()).toContain('/configure');
    await page.locator('#part-labels > summary').focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'labels');
    await page.keyboard.type('Policy, handbook');
    await tabTo(page, 'indexing-pageComments');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/connections/${id}`);
    await page.getByText('Saved. A sync has started that carries the change out.').waitFor();
    await page.getByRole('link', { name: 'Look at the sync' }).press('Enter');
    await page.waitForURL('**/runs/*');
    expect(await stored()).toMatchObject({
      filters: {
        spaceKeys: { operator: 'in', values: ['ENG', 'RV4'] },
        labels: { operator: 'in', values: ['policy', 'handbook'] },
      },
      indexing: { pageComments: false },
    });
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);

  test('without JavaScript: what was typed comes back with what was found, and both are saved', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, path());
    await openPart(page, 'pageIds');
    await page.locator('#pageIds').fill(`1. ${siteUrl}/wiki/spaces/ENG/pages/131142/Runbooks\n2. 131097`);
    await openPart(page, 'spaceKeys');
    await page.locator('#spaceKeysOperator').selectOption('not_in');
    await page.locator('#spaceSearch').fill('people');
    // The Enter key finds, too.
    await page.locator('#spaceSearch').press('Enter');
    await page.waitForURL(/spaceSearch=people/);
    expect(await page.locator('#pageIds').inputValue()).toContain('2. 131097');
    expect(await stored()).not.toHaveProperty('filters');
    await page.getByRole('checkbox', { name: /People and pay/ }).check();
    await page.locator('#spaceSearch').fill('help');
    await page.getByRole('button', { name: 'Find spaces' }).click();
    await page.getByRole('checkbox', { name: /Help centre/ }).check();
    expect(await page.locator('#spaceKeys').inputValue()).toBe('HR');
    await page
      .locator('#createdOperator')
      .evaluate((element) => element.closest('details')?.setAttribute('open', ''));
    await page.locator('#filterZone').fill('Europe/Zurich');
    await page.locator('#createdOperator').selectOption('is_between');
    await page.locator('#createdFrom').fill('2026-03-29');
    await page.locator('#createdTo').fill('2026-03-29');
    await save(page);
    await page.waitForURL(`**/connections/${id}`);
    expect((await stored()).filters).toEqual({
      spaceKeys: { operator: 'not_in', values: ['HR', 'HELP'] },
      pageIds: { operator: 'in', values: ['131142', '131097'] },
      created: {
        operator: 'is_between',
        from: '2026-03-28T23:00:00.000Z',
        to: '2026-03-29T21:59:59.999Z',
        timezone: 'Europe/Zurich',
      },
    });
    // Shown again as it was entered, and saved again as it was.
    const before = await stored();
    await page.goto(`${whole.url}${path()}`);
    expect(await page.locator('#part-times > summary').textContent()).toContain(
      'Created date between 2026-03-29 and 2026-03-29',
    );
    expect(await page.locator('#createdToTime').inputValue()).toBe('');
    await save(page);
    await page.waitForURL(`**/connections/${id}`);
    expect(await stored()).toEqual(before);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);

  test('what the site does not know is named before it is saved, and saved when somebody wants it', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, path());
    await openPart(page, 'spaceKeys');
    await page.locator('#spaceKeys').fill('eng HR');
    await openPart(page, 'pageIds');
    await page.locator('#pageIds').fill('131142 99999999');
    await save(page);
    const alert = page.getByRole('alert');
    await alert.getByText('2 entries are not known to the site. Nothing is saved yet.').waitFor();
    expect(await alert.textContent()).toContain(
      '99999999. Confluence shows no such page or folder to Ada Lindqvist',
    );
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('error-summary');
    expect(await stored()).not.toHaveProperty('filters');
    expect(await seriousFindings(page)).toEqual([]);
    // Another one that nobody has been asked about yet.
    await page.locator('#spaceKeys').fill('eng HR nowhere');
    await page.getByRole('button', { name: 'Save anyway' }).click();
    await alert.getByText('3 entries are not known').waitFor();
    await page.getByRole('button', { name: 'Save anyway' }).click();
    await page.waitForURL(`**/connections/${id}`);
    expect((await stored()).filters).toEqual({
      spaceKeys: { operator: 'in', values: ['eng', 'HR', 'nowhere'] },
      pageIds: { operator: 'in', values: ['131142', '99999999'] },
    });
    // It was said once: the next time nothing is asked.
    await page.goto(`${whole.url}${path()}`);
    await save(page);
    await page.waitForURL(`**/connections/${id}`);
    await visit.close();
  }, 90_000);

  test('what cannot be understood is told at its field, with everything that was entered still there', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, path());
    await openPart(page, 'pageIds');
    await page
      .locator('#pageIds')
      .fill('131142, Runbooks\nhttps://other.atlassian.net/wiki/spaces/X/pages/1/y');
    await openPart(page, 'times');
    await page.locator('#modifiedOperator').selectOption('is_after');
    await save(page);
    await page.locator('#modifiedFrom-error').waitFor();
    const fault = await page.locator('#pageIds-error').textContent();
    expect(fault).toContain('“Runbooks”: Not an id');
    expect(fault).toContain('another site, other.atlassian.net');
    expect(await page.locator('#pageIds').inputValue()).toContain('131142, Runbooks');
    expect(await stored()).not.toHaveProperty('filters');
    expect(await seriousFindings(page)).toEqual([]);
    await visit.close();
  }, 90_000);

  test('where the site cannot be asked, saving works and says so', async () => {
    const { db } = whole.server.database;
    await db.updateTable('connections').set({ site_url: 'https://gone.atlassian.net' }).execute();
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, path());
    await openPart(page, 'labels');
    await page.locator('#labels').fill('policy');
    await save(page);
    await page.getByText('could not be compared with the site').waitFor();
    expect((await stored()).filters?.labels?.values).toEqual(['policy']);
    await visit.close();
    await db.updateTable('connections').set({ site_url: siteUrl }).execute();
  }, 90_000);

  test('labels can be the scope, with names of one’s own, and a day is by the browser’s clock', async () => {
    const visit = await openPage(browser, { timezoneId: 'Asia/Tokyo' });
    const { page } = visit;
    await signIn(page, whole, path());
    expect(await page.locator('#pageLabel').isVisible()).toBe(false);
    await page.getByRole('radio', { name: /^Labels/ }).check();
    await page.locator('#pageLabel').fill('assistant');
    await openPart(page, 'times');
    expect(await page.locator('#modifiedFrom').isVisible()).toBe(false);
    await page.locator('#modifiedOperator').selectOption('is_before');
    expect(await page.locator('#modifiedFrom').isVisible()).toBe(false);
    await page.locator('#modifiedTo').fill('2026-01-31');
    await save(page);
    await page.waitForURL(`**/connections/${id}`);
    expect(await stored()).toMatchObject({
      scope: { by: 'labels', pageLabel: 'assistant' },
      filters: {
        modified: { operator: 'is_before', to: '2026-01-30T15:00:00.000Z', timezone: 'Asia/Tokyo' },
      },
    });
    await visit.close();
  }, 90_000);

  test('what would change is shown before, and saved or gone on with as it was ticked', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, path());
    await openPart(page, 'spaceKeys');
    await page.locator('#spaceSearch').fill('help');
    await page.getByRole('button', { name: 'Find spaces' }).click();
    await page.getByRole('checkbox', { name: /Help centre/ }).check();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('heading', { name: 'What would change' }).waitFor();
    expect(await stored()).not.toHaveProperty('filters');
    await page.getByRole('link', { name: 'Back to editing' }).click();
    expect(await page.locator('#spaceKeys').inputValue()).toBe('HELP');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('button', { name: 'Save these settings' }).click();
    await page.waitForURL(`**/connections/${id}`);
    expect((await stored()).filters).toEqual({ spaceKeys: { operator: 'in', values: ['HELP'] } });
    await visit.close();
  }, 90_000);
});
