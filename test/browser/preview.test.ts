import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, syncOnce, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('before it is saved', () => {
  let browser: Browser;
  let whole: Whole;
  let id: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true })]);
    await syncOnce(whole, administrator.email, siteUrl);
    const { db } = whole.server.database;
    ({ id } = await db.selectFrom('connections').select('id').executeTakeFirstOrThrow());
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  const indexed = async () => {
    const rows = await whole.server.database.db
      .selectFrom('records')
      .select('external_id')
      .where('state', '=', 'indexed')
      .execute();
    return rows.length;
  };

  test('a change is looked at, tried in a dry run, edited on and saved, without JavaScript', async () => {
    const before = await indexed();
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, `/connections/${id}/configure`);
    await page.locator('#part-spaceKeys > summary').click();
    await page.locator('#spaceKeys').fill('HR');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('heading', { name: 'What would change' }).waitFor();
    expect(await page.getByText('Much would be removed').isVisible()).toBe(true);
    expect(await page.getByText(/the filter of space keys: \d+ records/).isVisible()).toBe(true);
    expect(await indexed()).toBe(before);

    await page.getByRole('button', { name: 'Dry run by these settings' }).click();
    await page.getByText('The dry run has started').waitFor();
    await page.getByRole('link', { name: 'Dry run', exact: true }).first().click();
    for (;;) {
      if (await page.getByText('Succeeded').first().isVisible()) break;
      await page.reload();
    }
    await page.getByRole('link', { name: 'Open the report' }).click();
    await page.getByRole('heading', { name: 'What a full sync would do' }).waitFor();
    expect(await page.getByText('by settings that were tried and not saved').isVisible()).toBe(true);
    await page.getByLabel('Outcome').selectOption('remove');
    await page.getByRole('button', { name: 'Find' }).click();
    expect(await page.getByText('the filter of space keys').first().isVisible()).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines.slice(1).every((line) => line.startsWith('remove,spaceKeys,'))).toBe(true);
    expect(await indexed()).toBe(before);

    await page.goto(`${whole.url}/connections/${id}/configure`);
    expect(await page.locator('#spaceKeys').inputValue()).toBe('HR');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('link', { name: 'Back to editing' }).click();
    expect(await page.locator('#spaceKeys').inputValue()).toBe('HR');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    const kept = Number(
      (await page.locator('dt:text-is("Kept") + dd').first().textContent())?.replace(/\D/g, ''),
    );
    expect(lines).toHaveLength(1 + before - kept);
    await page.getByRole('button', { name: 'Save these settings' }).click();
    await page.getByRole('link', { name: 'Look at the sync' }).click();
    for (;;) {
      if (await page.getByText('Succeeded').first().isVisible()) break;
      await page.reload();
    }
    expect(await indexed()).toBe(kept);
    await visit.close();
  }, 180_000);
});
