import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;
const member = { email: 'jonas.keller@northwind.example', password: 'another pass phrase' };

suite('from a connection to what people find', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true })]);
    await whole.server.person(member.email, 'member', member.password);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  test('a sync by API token is followed live to its end, and the page then says what is indexed', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/connections/new');
    await page.getByLabel('Name', { exact: true }).fill('Northwind wiki');
    await page.getByLabel('Atlassian site URL').fill(siteUrl);
    await page.getByRole('radio', { name: 'API token' }).check();
    await page.getByLabel('Email of the account').fill(administrator.email);
    await page.locator('#token').fill('sandbox-classic-token');
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByText('Authenticated', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Go on to Configure Records' }).click();
    await page.getByRole('radio', { name: /^Manual Only when/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('The sync has started.').waitFor();
    // Nothing reloads: the stream brings the end, and the state of the connection with it.
    const live = page.getByRole('region', { name: /sync/i });
    await live.getByText('Succeeded', { exact: true }).waitFor({ timeout: 60_000 });
    await page.locator('#connection-state').getByText('Active').waitFor();
    expect(await live.getByRole('status').textContent()).toContain('succeeded');
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    expect(await page.locator('section', { hasText: 'What is indexed' }).textContent()).toContain('Pages');
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByRole('link', { name: 'Full sync', exact: true }).click();
    await page.getByLabel('Level').selectOption('error');
    await page.getByRole('button', { name: 'Find' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 120_000);

  test('results come as one types, the caret stays, and the keyboard goes through them', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole);
    await page.locator('.hit').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('rover lau');
    await page.locator('.hit mark').first().waitFor();
    const caret = () =>
      page.evaluate(() => {
        const field = document.activeElement as HTMLInputElement;
        return [field.id, field.value, field.selectionStart];
      });
    expect(await caret()).toEqual(['q', 'rover lau', 9]);
    await page.waitForURL('**/?q=rover%20lau');
    expect(await page.getByRole('status').first().textContent()).toMatch(/result/);
    await page.keyboard.press('ArrowDown');
    const firstLink = page.locator('.hit h2 a').first();
    expect(await firstLink.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await firstLink.getAttribute('href')).toMatch(/^https:\/\/northwind\.atlassian\.net\/wiki\//);
    await page.keyboard.press('ArrowUp');
    expect((await caret())[0]).toBe('q');
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('filters are links with counts, and a view is its address, also without JavaScript', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole);
    await page.getByRole('searchbox', { name: 'Search' }).fill('rover');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const all = await page.locator('#results > p').first().textContent();
    await page.locator('summary', { hasText: 'Space' }).click();
    await page.locator('.filter[open] .chip').first().click();
    await page.getByRole('link', { name: /Remove Space/ }).waitFor();
    expect(new URL(page.url()).searchParams.has('space')).toBe(true);
    expect(await page.locator('#results > p').first().textContent()).not.toBe(all);
    await page.getByRole('link', { name: 'Clear all' }).click();
    expect(await page.locator('#results > p').first().textContent()).toBe(all);
    await page.goto(`${whole.url}/`);
    const titles = () => page.locator('.hit a[href^="/records/"]').evaluateAll((all) => all.map(String));
    const first = await titles();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'First page' }).waitFor();
    expect((await titles()).filter((title) => first.includes(title))).toEqual([]);
    await page.goto(`${whole.url}/?q=rover&cursor=damaged`);
    await page.getByText('This search could not be made').waitFor();
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('an administrator searches as somebody, says so on every page, and stops', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/?q=salary');
    const own = await page.locator('.hit').count();
    await page.getByText('Search as somebody else').click();
    await page.getByLabel('Email of the person').fill(member.email);
    await page.getByRole('button', { name: 'Search as this person' }).click();
    const banner = page.getByRole('complementary', { name: 'Search as' });
    await banner.waitFor();
    await page.goto(`${whole.url}/?q=salary`);
    expect(await page.locator('.hit').count()).toBeLessThan(own);
    await page.goto(`${whole.url}/profile`);
    expect(await banner.textContent()).toContain('jonas.keller');
    expect(await seriousFindings(page)).toEqual([]);
    await banner.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You search as yourself again.').waitFor();
    await page.goto(`${whole.url}/settings/audit`);
    await page.getByText('search.as').first().waitFor();
    await visit.close();
  }, 60_000);

  test('a record shows its content and, to an administrator, why a person cannot see it', async () => {
    const visit = await openPage(browser, { viewport: { width: 320, height: 640 } });
    const { page } = visit;
    await signIn(page, whole, '/?q=salary');
    await page
      .getByRole('link', { name: /^Details/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Who may see it' }).waitFor();
    await page.getByLabel('Email of a person').fill(member.email);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText(`${member.email} may not see it`).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await seriousFindings(page)).toEqual([]);
    const address = page.url().split('?')[0] ?? '';
    const other = await openPage(browser);
    await signIn(other.page, whole, '/', member);
    const answer = await other.page.goto(address);
    expect(answer?.status()).toBe(404);
    await other.page.getByText('There is nothing here for you').waitFor();
    expect([...visit.complaints, ...other.complaints]).toEqual([]);
    await other.close();
    await visit.close();
  }, 60_000);
});
