import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createTestCli, type TestCli } from '../cli.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('the page on the API', () => {
  let browser: Browser;
  let server: TestServer;
  let cli: TestCli;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), createTestServer()]);
    // What listens for the command line serves browsers as well.
    cli = await createTestCli(server.app, '');
  });
  afterAll(async () => {
    await browser?.close();
    cli?.close();
    await server?.close();
  });

  test.each([
    ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
    ['at 320 px', { viewport: { width: 320, height: 640 } }],
  ] as const)('has nothing serious for axe-core and does not scroll sideways (%s)', async (_how, options) => {
    const visit = await openPage(browser, options);
    await visit.page.goto(`${cli.url}/api/docs`);
    for (const id of ['getConnections', 'postConnections', 'getSearch', 'putConnectionSettings']) {
      await visit.page.locator(`#${id} > summary`).click();
    }
    expect(await visit.page.locator('#postConnections').textContent()).toContain('"siteUrl"');
    expect(await seriousFindings(visit.page)).toEqual([]);
    expect(await overflow(visit.page)).toBe(0);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  });

  test('opens by keyboard, and without JavaScript', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    await visit.page.goto(`${cli.url}/api/docs`);
    const summary = visit.page.locator('#getUsersMe > summary');
    await summary.focus();
    await visit.page.keyboard.press('Enter');
    expect(await visit.page.locator('#getUsersMe pre').first().isVisible()).toBe(true);
    await visit.close();
  });
});
