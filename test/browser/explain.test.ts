import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, syncOnce, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;
const member = { email: 'jonas.keller@northwind.example', password: 'another pass phrase' };

suite('why somebody does not see a page', () => {
  let browser: Browser;
  let whole: Whole;
  /** Addresses in Atlassian of a page that the member may see, and of one that only the administrator may. */
  const address = { open: '', hidden: '' };
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true })]);
    const actor = await whole.server.person(member.email, 'member', member.password);
    await syncOnce(whole, administrator.email, siteUrl);
    const admin = await whole.server.services.access.checkPassword(
      administrator.email,
      administrator.password,
    );
    address.hidden = await firstHit(whole, await whole.server.key(admin!), 'salary bands');
    address.open = await firstHit(whole, await whole.server.key(actor, ['search']), '');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  test('a member asks by keyboard alone and learns nothing of what is hidden', async () => {
    const visit = await openPage(browser, { viewport: { width: 320, height: 640 } });
    const { page } = visit;
    await signIn(page, whole, '/', member);
    await page.locator('summary', { hasText: 'Why don’t I see…?' }).press('Enter');
    await page.getByRole('link', { name: 'Ask about a page' }).press('Enter');
    await page.waitForURL(`${whole.url}/explain`);
    expect(await page.getByLabel('Email of the person').count()).toBe(0);
    const answers = [];
    for (const asked of [address.hidden, `${siteUrl}/wiki/spaces/NONE/pages/999999`]) {
      await page.getByLabel('Address or title of the page').focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(asked);
      await page.keyboard.press('Enter');
      await page.getByText('There is nothing here that you may see').waitFor();
      answers.push(await withoutQuestion(page));
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await seriousFindings(page)).toEqual([]);
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toMatch(/salary/i);
    await page.goto(
      `${whole.url}/explain?item=${encodeURIComponent(address.open)}&user=${administrator.email}`,
    );
    await page.getByText('You may see it.').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThanOrEqual(2);
    expect(await page.getByText('Refuses').count()).toBe(0);
    await page.locator('h2 a').first().press('Enter');
    await page.getByRole('heading', { name: 'Why you see it' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);

  test('an administrator is told the layer that refuses, without JavaScript', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await signIn(page, whole, '/explain');
    await page.getByLabel('Address or title of the page').fill(address.hidden);
    await page.getByLabel('Email of the person').fill(member.email);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText(`${member.email} may not see it`).waitFor();
    await page.getByRole('row').filter({ hasText: 'Refuses' }).first().waitFor();
    await page
      .getByRole('cell', { name: /It admits / })
      .first()
      .waitFor();
    await page.getByLabel('Email of the person').fill('nobody@northwind.example');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('alert').getByText('There is no user of Sluice with the email').waitFor();
    await page.getByLabel('Email of the person').fill('');
    await page
      .getByLabel('Address or title of the page')
      .fill('https://other.atlassian.net/wiki/spaces/A/pages/1');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('No connection reads the site other.atlassian.net.').waitFor();
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);
});

/** Where the first page that some words find is in Atlassian. */
async function firstHit(whole: Whole, key: string, q: string): Promise<string> {
  const query = new URLSearchParams({ q, type: 'page' });
  const response = await fetch(`${whole.url}/api/v1/search?${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { items } = (await response.json()) as { items: { url: string }[] };
  return items[0]?.url ?? '';
}

/** The page without what was typed. */
async function withoutQuestion(page: Page): Promise<string> {
  return page.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const field of copy.querySelectorAll('input')) field.removeAttribute('value');
    return copy.innerHTML;
  });
}
