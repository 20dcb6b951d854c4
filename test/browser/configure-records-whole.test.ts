import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Actor } from '../../server/actor.ts';
import type { ProgressView } from '../../server/views.ts';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 250; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${String(target)}.`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

suite('from a new connection to the records that are wanted', () => {
  let browser: Browser;
  let whole: Whole;
  let actor: Actor;
  let base: string;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true })]);
    const signedIn = await whole.server.services.access.checkPassword(
      administrator.email,
      administrator.password,
    );
    if (signedIn === null) throw new Error('The administrator cannot sign in.');
    actor = signedIn;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });
  beforeEach(async () => {
    await whole.server.database.db.deleteFrom('connections').execute();
    const { id } = await whole.server.services.connections.create(actor, {
      name: 'Northwind wiki',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl,
      auth: { method: 'api_token', email: administrator.email, token: 'sandbox-classic-token' },
    });
    base = `/connections/${id}`;
  }, 30_000);

  /** How many records there are by kind and state. */
  async function states(kind = 'page'): Promise<Record<string, number>> {
    const rows = await whole.server.database.db
      .selectFrom('records')
      .select('state')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .where('kind', '=', kind as 'page')
      .groupBy('state')
      .execute();
    return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
  }

  /** Waits until no sync is under way. */
  async function runsEnded(): Promise<void> {
    const { services } = whole.server;
    const { currentRun } = await services.connections.get(actor, base.split('/').at(-1) ?? '');
    if (currentRun === null) return;
    await new Promise<void>((resolve, reject) => {
      const ended = ({ state }: ProgressView) => void (isOver(state) && resolve());
      services.syncs.watch(actor, currentRun.id, ended).catch(reject);
    });
  }
  const isOver = (state: string) => ['succeeded', 'failed', 'cancelled'].includes(state);

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const succeeded = (page: Page) => page.getByText('Succeeded').first().waitFor({ timeout: 60_000 });

  test('by keyboard: entered, mended, foretold, saved, synced, looked at, chosen by hand, previewed', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, `${base}/configure`);

    // A pasted list, a space that is found by its name, and one that the site does not know.
    await press(page, page.locator('#part-spaceKeys > summary'));
    await tabTo(page, page.locator('#spaceKeys'));
    await page.keyboard.insertText('• HR\n• NOWHERE\n');
    await tabTo(page, page.locator('#spaceSearch'));
    await page.keyboard.type('rover');
    await press(page, page.getByRole('checkbox', { name: /Rover 4 launch/ }), 'Space');
    await press(page, page.locator('#part-labels > summary'));
    await tabTo(page, page.locator('#labels'));
    await page.keyboard.type('policy');
    await press(page, button(page, 'Save'));
    await page.getByText('One entry is not known to the site. Nothing is saved yet.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await tabTo(page, page.locator('#spaceKeys'));
    expect(await page.locator('#spaceKeys').inputValue()).toMatch(/HR[^]*NOWHERE[^]*RV4/);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('HR, RV4');

    // What would come of it, and then it is so.
    await press(page, button(page, 'Show what would change'));
    await page.getByRole('heading', { name: 'What would change' }).waitFor();
    expect(await states()).toEqual({});
    expect(await seriousFindings(page)).toEqual([]);
    await press(page, button(page, 'Save these settings'));
    // The first sync is started by whoever has seen what it costs.
    await press(page, page.getByRole('link', { name: 'Other syncs, and what they cost' }));
    await press(page, button(page, 'Sync now'));
    await page.waitForURL(`${whole.url}${base}`);
    await runsEnded();
    const filtered = await states();
    expect(filtered['indexed']).toBeGreaterThan(0);
    expect(filtered['filtered']).toBeGreaterThan(0);

    // Each record tells its state and the rule that leaves it out.
    await page.goto(`${whole.url}${base}/records/list?type=page&state=filtered`);
    await page.getByText('Left out by the filter of labels').locator('visible=true').first().waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(filtered['filtered']);
    expect(await seriousFindings(page)).toEqual([]);

    // By hand instead: nothing, then one subtree, then nothing again.
    await page.goto(`${whole.url}${base}/configure`);
    await tabTo(page, page.locator('#labels'));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await tabTo(page, page.locator('#indexingMode-automatic'));
    await page.keyboard.press('ArrowDown');
    await press(page, button(page, 'Save'));
    await page.waitForURL(`${whole.url}${base}`);
    await press(page, page.getByRole('link', { name: 'Look at the sync' }));
    await succeeded(page);
    const { manual = 0 } = await states();
    expect(manual).toBeGreaterThan(10);
    expect(await states()).toEqual({ manual });

    await page.goto(`${whole.url}${base}/records`);
    await press(page, page.getByRole('link', { name: 'People and pay' }));
    await press(page, page.locator('.tree .tree-name').first());
    await press(page, page.getByRole('link', { name: 'Index this and all below', exact: true }));
    await page.getByRole('heading', { name: /^Index \d+ records\?/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await press(page, button(page, 'Index'));
    await page.getByText('The choice reaches').waitFor();
    await runsEnded();
    const chosen = await states();
    expect(chosen['indexed']).toBeGreaterThan(1);
    expect(chosen['manual']).toBeGreaterThan(1);
    const tree = page.url();

    // What of a page becomes its record, on a page that this administrator may see.
    await page.goto(`${whole.url}${base}/configure`);
    await press(page, page.getByRole('link', { name: 'Content rules', exact: true }));
    await tabTo(page, page.getByLabel('A page to see it on'));
    await page.keyboard.type('Onboarding');
    await press(page, button(page, 'Preview'));
    await page.getByRole('heading', { name: /before and after/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    await page.goto(tree);
    await press(page, page.getByRole('link', { name: 'Un-index this and all below' }));
    await press(page, button(page, 'Un-index'));
    await page.getByText('left the index just now').waitFor();
    expect(await states()).toEqual({ manual });
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 180_000);

  test('without JavaScript, at 320 pixels: the same way, from the list to the record', async () => {
    const visit = await openPage(browser, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 640 },
    });
    const { page } = visit;
    await signIn(page, whole, `${base}/configure`);
    await page.locator('#part-spaceKeys > summary').click();
    await page.locator('#spaceKeys').fill('HR\nhr');
    await page.locator('#spaceSearch').fill('rover');
    await button(page, 'Find spaces').click();
    await page.getByRole('checkbox', { name: /Rover 4 launch/ }).check();
    await page.locator('#indexingMode-manual').check();
    expect(await overflow(page)).toBe(0);
    await button(page, 'Save').click();
    await page.getByText('Capital letters count: the site has a space HR.').waitFor();
    expect(await overflow(page)).toBe(0);
    await page.locator('#spaceKeys').fill('HR RV4');
    await button(page, 'Show what would change').click();
    await page.getByRole('heading', { name: 'What would change' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await button(page, 'Save these settings').click();
    await page.waitForURL(`${whole.url}${base}`);
    await button(page, 'Sync now').click();
    await runsEnded();
    await page.goto(`${whole.url}${base}/records/list?type=page`);
    const listed = await page.getByRole('checkbox').count();
    expect(await states()).toEqual({ manual: listed });
    await page.getByRole('checkbox').first().check();
    await button(page, 'Index').click();
    await button(page, 'Index').click();
    await page.getByText('The choice reaches').waitFor();
    await runsEnded();
    expect(await states()).toEqual({ manual: listed - 1, indexed: 1 });
    await page.goto(`${whole.url}${base}/records/list?type=page&state=indexed`);
    await page.locator('main a[href^="/records/"]').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.goto(`${whole.url}${base}/content`);
    await page.getByLabel('A page to see it on').fill('Onboarding');
    await button(page, 'Preview').click();
    expect(await overflow(page)).toBe(0);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 120_000);
});
