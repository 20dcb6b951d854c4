import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createSampleSite, type SampleRecord } from '../sample-site.ts';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { signIn, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('all records', () => {
  let browser: Browser;
  let whole: Whole;
  let path: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });
  beforeEach(async () => {
    const { db } = whole.server.database;
    await db.deleteFrom('connections').execute();
    const site = await createSampleSite(db, 'Acme wiki');
    await db
      .updateTable('connections')
      .set({ authorized_at: new Date(), configured_at: new Date() })
      .execute();
    path = `/connections/${site.connectionId}/records`;
    for (const [id, more] of [
      ['home', { title: 'Handbook' }],
      ['leave', { parent: 'home', title: 'Parental leave' }],
      ['pay', { parent: 'leave', title: 'Pay bands' }],
      ['note', { kind: 'comment', container: 'leave', title: 'Re: Parental leave' }],
    ] satisfies [string, SampleRecord][]) {
      await site.record(id, more);
    }
  });

  const states = async () => {
    const rows = await whole.server.database.db
      .selectFrom('records')
      .select(['external_id', 'state'])
      .execute();
    return Object.fromEntries(rows.map((row) => [row.external_id, row.state]));
  };

  /** Presses Tab until what has the focus bears this name. */
  async function tabTo(page: Page, name: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(
        () =>
          document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
      );
      if (focused === name) return;
    }
    throw new Error(`Nothing is called "${name}" on the way of Tab.`);
  }

  test('the tree is walked by keyboard, and a subtree is un-indexed after a question with its counts', async () => {
    const { page, complaints, close } = await openPage(browser);
    await signIn(page, whole, path);
    await tabTo(page, 'TEAM space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'TEAM space' }).waitFor();
    await tabTo(page, 'Handbook');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Handbook' }).waitFor();
    await tabTo(page, 'Parental leave');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Comments and attachments of it' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, 'Un-index this and all below');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Un-index 3 records?' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, 'Un-index');
    await page.keyboard.press('Enter');
    await page.getByText('3 records of 3 records left the index just now').waitFor();
    expect(await states()).toEqual({ home: 'indexed', leave: 'manual', pay: 'manual', note: 'manual' });
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  test('records are chosen by their boxes, which are counted, and all on the page by one button', async () => {
    const { page, complaints, close } = await openPage(browser);
    await signIn(page, whole, `${path}/list?sort=title`);
    await page.getByRole('checkbox', { name: 'Choose Pay bands' }).check();
    await page.getByText('1 record chosen').waitFor();
    await page.getByRole('button', { name: 'Choose all on this page' }).click();
    await page.getByText('4 records chosen').waitFor();
    await page.getByRole('checkbox', { name: 'Choose Handbook' }).uncheck();
    await page.getByRole('button', { name: 'Un-index', exact: true }).click();
    await page.getByRole('heading', { name: 'Un-index 3 records?' }).waitFor();
    await page.getByRole('button', { name: 'Un-index', exact: true }).click();
    await page.waitForURL(`${whole.url}${path}/list?sort=title`);
    expect(await states()).toMatchObject({ home: 'indexed', leave: 'manual', pay: 'manual' });
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  test('without JavaScript, at 320 pixels, the list is narrowed, chosen from and saved', async () => {
    const { page, close } = await openPage(browser, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 640 },
    });
    await signIn(page, whole, `${path}/list`);
    expect(await page.getByRole('button', { name: 'Choose all on this page' }).isVisible()).toBe(false);
    await page.getByLabel('Kind').selectOption('page');
    await page.getByLabel('Order').selectOption('title');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(await overflow(page)).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(3);
    await page.getByRole('checkbox', { name: 'Choose Parental leave' }).check();
    await page.getByRole('button', { name: 'Un-index', exact: true }).click();
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Un-index', exact: true }).click();
    await page.getByText('2 records of 2 records left the index just now').waitFor();
    expect(await states()).toMatchObject({ leave: 'manual', note: 'manual', pay: 'indexed' });
    await page.getByLabel('Save these filters as a selection named').fill('All pages');
    await page.getByRole('button', { name: 'Save selection' }).click();
    await page.getByRole('link', { name: 'Un-index All pages' }).click();
    await page.getByRole('heading', { name: 'Un-index 3 records?' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await close();
  }, 60_000);
});
