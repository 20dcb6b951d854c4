import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { makeConnection } from '../factories.ts';
import { hasChromium, launchChromium, openPage, seriousFindings } from './chromium.ts';
import { signIn, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('the overview', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    await makeConnection(whole.server.database.db, { name: 'Able' });
    await settle();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });
  const settle = () =>
    sql`update connections set authorized_at = now(), configured_at = now()`.execute(
      whole.server.database.db,
    );

  test('shows what changes without being loaded again, tells it once, and leaves the focus where it is', async () => {
    const { db } = whole.server.database;
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connections');
    const status = page.getByRole('status').first();
    await page.getByText('Nothing needs doing.').first().waitFor();
    await page.evaluate(() => {
      document.body.dataset['loaded'] = 'once';
      const said = document.querySelector('[role=status]');
      const seen: string[] = [];
      new MutationObserver(() => {
        const words = said?.textContent?.trim() ?? '';
        if (seen.at(-1) !== words) seen.push(words);
        document.body.dataset['said'] = JSON.stringify(seen);
      }).observe(said as Node, { childList: true, subtree: true, characterData: true });
    });
    await page.getByRole('link', { name: 'Able' }).focus();

    await makeConnection(db, { name: 'Baker' });
    await settle();
    await page.getByRole('link', { name: 'Baker' }).waitFor();
    await sql`insert into sync_failures (connection_id, stage, external_id, message)
      select id, 'bodies', '1', 'No.' from connections where name = 'Able'`.execute(db);
    await page.getByRole('link', { name: '1', exact: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Able');

    await sql`update connections set status = 'needs_reauth', status_message = 'The consent was taken back.'
      where name = 'Baker'`.execute(db);
    await page.getByText('The consent was taken back.').waitFor();
    await page.waitForFunction(() =>
      document.querySelector('[role=status]')?.textContent?.includes('1 connection needs you'),
    );
    expect(await status.count()).toBe(1);
    const names = await page.locator('.connection-list h2').allTextContents();
    expect(names.map((name) => name.trim())).toEqual(['Baker', 'Able']);
    const said = JSON.parse((await page.evaluate(() => document.body.dataset['said'])) ?? '[]') as string[];
    expect(said.at(-1)).toBe('1 connection needs you.');
    expect(new Set(said).size).toBe(said.length);
    expect(await page.evaluate(() => document.body.dataset['loaded'])).toBe('once');
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('leads by keyboard and without JavaScript to the logs and to the diagnosis', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, '/connections');
    await page.getByRole('link', { name: 'Logs', exact: true }).press('Enter');
    await page.waitForURL('**/logs');
    await page.getByLabel('Level').selectOption('warning');
    await page.getByRole('button', { name: 'Find' }).press('Enter');
    await page.waitForURL('**/logs?*level=warning*');
    expect(await page.getByLabel('Level').inputValue()).toBe('warning');
    await page.goto(`${whole.url}/connections`);
    await page.getByRole('link', { name: /Run the diagnosis/ }).press('Enter');
    await page.getByLabel('Connection').selectOption({ label: 'Able' });
    await page.getByRole('button', { name: 'Run the diagnosis' }).press('Enter');
    await page.getByText(/checks? ha(s|ve) failed/).waitFor();
    await page.getByText('There is no credential yet.').waitFor();
    await visit.close();
  }, 60_000);
});
