import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage, seriousFindings } from './chromium.ts';
import { administrator, signIn, siteUrl, startWhole, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;
const member = { email: 'jonas.keller@northwind.example', password: 'another pass phrase' };

suite('one’s own Atlassian account', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchChromium(), startWhole()]);
    const { services } = whole.server;
    await whole.server.person(member.email, 'member', member.password);
    const actor = await services.access.checkPassword(administrator.email, administrator.password);
    if (actor === null) throw new Error('The administrator cannot sign in.');
    const app = { name: 'Sandbox app', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
    const { id } = await services.oauthApps.create(actor, app);
    await services.connections.create(actor, {
      name: 'Northwind wiki',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl,
      auth: { method: 'oauth', oauthAppId: id },
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  test('is connected in a popup, shown with a badge, and withdrawn', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await signIn(page, whole, '/profile', member);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /Connect your Atlassian account/ }).click(),
    ]);
    await popup.getByRole('button', { name: 'Jonas Keller' }).click();
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Accept' }).click()]);
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('link', { name: /^Withdraw/ }).click();
    await page.getByRole('heading', { name: 'Withdraw the consent of Jonas Keller?' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Withdraw the consent' }).click();
    await page.getByText('Your consent is withdrawn here.').waitFor();
    expect(await page.getByText('Connected', { exact: true }).count()).toBe(0);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('signs one in, without JavaScript too, and signing out ends it', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    const { page } = visit;
    await page.goto(`${whole.url}/profile`);
    await page.getByRole('button', { name: 'Sign in with Atlassian' }).click();
    await page.getByRole('button', { name: 'Jonas Keller' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(`${whole.url}/profile`);
    expect(await page.getByText(member.email).first().isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL(`${whole.url}/sign-in`);
    await page.goto(`${whole.url}/profile`);
    expect(page.url()).toContain('/sign-in?returnTo=%2Fprofile');
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 60_000);

  test('a wrong password says so, keeps the email and moves the focus to the words', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    await page.goto(`${whole.url}/sign-in`);
    await page.getByLabel('Email').fill(member.email);
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Email and password do not go together').waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(member.email);
    await page.locator('[role=alert]:focus').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await visit.close();
  }, 60_000);
});
