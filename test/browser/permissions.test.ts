import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { createSampleSite } from '../sample-site.ts';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { signIn, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('the page on how permissions are read', () => {
  let browser: Browser;
  let whole: Whole;
  let path: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    const { db } = whole.server.database;
    const site = await createSampleSite(db, 'Acme wiki');
    for (let n = 0; n < 25; n++) await site.member(`acc-${n}`, `team-${String(n).padStart(2, '0')}`);
    await site.member('ada', 'zebra-keepers');
    await db
      .updateTable('connections')
      .set({ authorized_at: new Date(), configured_at: new Date() })
      .execute();
    path = `/connections/${site.connectionId}/permissions`;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  const permissions = async () => {
    const { rows } = await sql<{ permissions: unknown }>`
      select settings -> 'permissions' as permissions from connections`.execute(whole.server.database.db);
    return rows[0]?.permissions;
  };

  test('a group is found while its name is typed, and is given a role by keyboard, after a question', async () => {
    const { page, complaints, close } = await openPage(browser);
    await signIn(page, whole, path);
    await page.getByText('The first 20 groups').waitFor();
    const field = page.getByLabel('Name of a group');
    await field.focus();
    await page.keyboard.type('zebra');
    await page.getByRole('combobox', { name: 'Role of zebra-keepers' }).waitFor();
    const role = page.getByRole('combobox', { name: /^Role of/ });
    expect(await role.count()).toBe(1);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    // The table scrolls by keyboard where it must, so it is a stop of its own.
    await page.keyboard.press('Tab');
    await page.keyboard.press('a');
    expect(await role.inputValue()).toBe('administrator');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Let this group administer Sluice?' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await permissions()).toBeNull();
    await page.getByRole('button', { name: 'Let it administer' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Members of zebra-keepers are administrators of Sluice.').waitFor();
    expect(await permissions()).toEqual({ groupRoles: { 'zebra-keepers': 'administrator' } });
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  test('without JavaScript, at 320 pixels, an audience is made and offered on the search page', async () => {
    const { page, close } = await openPage(browser, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 640 },
    });
    await signIn(page, whole, path);
    await page.getByLabel('Name of a group').fill('keepers');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByLabel('Audience for zebra-keepers').fill('Stripes');
    await page.getByRole('button', { name: 'Add to this audience: zebra-keepers' }).click();
    await page.getByText('The group is in the audience Stripes.').waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await permissions()).toMatchObject({ audiences: { Stripes: ['zebra-keepers'] } });
    await page.goto(`${whole.url}/?audience=Stripes`);
    await page.getByRole('link', { name: /Remove Audience: Stripes/ }).waitFor();
    await close();
  }, 60_000);

  test('opening to everyone is asked for with its reach, and can be left as it is', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await signIn(page, whole, path);
    await page.getByLabel('Everyone who can sign in here').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Nothing that is stored now is open to anonymous users').waitFor();
    await page.getByRole('link', { name: 'Leave it as it is' }).click();
    await page.waitForURL(`${whole.url}${path}`);
    expect(await page.getByLabel('Members of the site only').isChecked()).toBe(true);
    await close();
  }, 60_000);
});
