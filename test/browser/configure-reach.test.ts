import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, syncOnce, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('what is saved under Configure Records', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true })]);
    await syncOnce(whole, administrator.email, siteUrl);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  /** What is indexed of what people write, as `HR page` with how many. */
  async function indexed(): Promise<Record<string, number>> {
    const { rows } = await sql<{ what: string; n: number }>`
      select s.key || ' ' || r.kind as what, count(*)::int as n
      from records r join spaces s on s.id = r.space_id where r.state = 'indexed'
        and r.kind in ('page', 'blogpost', 'comment', 'attachment')
      group by 1`.execute(whole.server.database.db);
    return Object.fromEntries(rows.map(({ what, n }) => [what, n]));
  }

  test('reaches the source and the search by the sync that saving starts', async () => {
    const before = await indexed();
    expect(before['ENG page']).toBeGreaterThan(0);
    const { id } = await whole.server.database.db
      .selectFrom('connections')
      .select('id')
      .executeTakeFirstOrThrow();
    const visit = await openPage(browser);
    const { page } = visit;
    const save = async (fill: () => Promise<unknown>) => {
      await page.goto(`${whole.url}/connections/${id}/configure`);
      await fill();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('link', { name: 'Look at the sync' }).click();
      await page.waitForURL('**/runs/*');
      await page.getByText('Succeeded').first().waitFor({ timeout: 60_000 });
    };

    await signIn(page, whole, `/connections/${id}/configure`);
    await save(async () => {
      await page.locator('#part-spaceKeys > summary').click();
      await page.locator('#spaceKeys').fill('HR HELP');
      await page.locator('#part-labels > summary').click();
      await page.locator('#labels').fill('policy');
      await page.locator('#indexing-pageComments').uncheck();
    });
    const narrowed = await indexed();
    expect(Object.keys(narrowed).filter((what) => !/^(HR|HELP) (page|attachment)$/.test(what))).toEqual([]);
    expect(narrowed['HR page']).toBeGreaterThan(0);
    expect(narrowed['HR page']).toBeLessThan(before['HR page'] ?? 0);

    await save(async () => {
      await page.locator('#spaceKeys').fill('');
      await page.locator('#labels').fill('');
      await page.locator('#indexing-pageComments').check();
    });
    expect(await indexed()).toEqual(before);
    await visit.close();
  }, 180_000);
});
