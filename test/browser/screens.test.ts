import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage, overflow, seriousFindings } from './chromium.ts';
import { gallery } from './gallery.ts';
import { serveGallery, type Served } from './serve.ts';

/** The gallery is long, and other tests run beside it. */
const galleryMs = 300_000;

const suite = hasChromium() ? describe : describe.skip;

suite('every screen', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    [browser, served] = await Promise.all([launchChromium(), serveGallery()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `has nothing serious for axe-core, and hostile texts stay texts (${colorScheme})`,
      async () => {
        const visit = await openPage(browser, { colorScheme, viewport: { width: 1280, height: 900 } });
        const found: Record<string, string[]> = {};
        for (const name of Object.keys(gallery)) {
          await visit.page.goto(`${served.url}/${name}`);
          const findings = await seriousFindings(visit.page);
          if (findings.length > 0) found[name] = findings;
        }
        expect(found).toEqual({});
        expect(visit.complaints).toEqual([]);
        await visit.close();
      },
      galleryMs,
    );
  }

  test.each([
    ['at 320 px', { viewport: { width: 320, height: 640 } }],
    ['at 200 % zoom', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
  ])(
    'does not scroll sideways %s',
    async (_where, options) => {
      const visit = await openPage(browser, options);
      const wide: Record<string, number> = {};
      for (const name of Object.keys(gallery)) {
        await visit.page.goto(`${served.url}/${name}`);
        const pixels = await overflow(visit.page);
        if (pixels > 0) wide[name] = pixels;
      }
      expect(wide).toEqual({});
      await visit.close();
    },
    galleryMs,
  );

  test(
    'has one first heading, a title, a skip link and no address that runs',
    async () => {
      const visit = await openPage(browser);
      for (const name of Object.keys(gallery)) {
        await visit.page.goto(`${served.url}/${name}`);
        expect([name, await visit.page.locator('h1').count()]).toEqual([name, 1]);
        expect(await visit.page.title()).toMatch(/ – Sluice$/);
        expect(await visit.page.locator('[href^="javascript" i], [style], [onclick]').count()).toBe(0);
        await visit.page.keyboard.press('Tab');
        const first = await visit.page.evaluate(() => document.activeElement?.textContent);
        if (!name.includes('error') && (await visit.page.locator('.error-summary').count()) === 0) {
          expect([name, first]).toEqual([name, 'Skip to content']);
        }
      }
      await visit.close();
    },
    galleryMs,
  );

  test('puts the focus on the summary of errors, whose links lead to the fields', async () => {
    const visit = await openPage(browser);
    await visit.page.goto(`${served.url}/connection-new-errors`);
    expect(await visit.page.evaluate(() => document.activeElement?.className)).toContain('error-summary');
    await visit.page.getByRole('link', { name: 'The site URL ends in a slash' }).press('Enter');
    expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe('siteUrl');
    await visit.close();
  });

  test('shows without JavaScript what it shows with it', async () => {
    const visit = await openPage(browser, { javaScriptEnabled: false });
    await visit.page.goto(`${served.url}/search`);
    expect(await visit.page.getByRole('button', { name: 'Search', exact: true }).isVisible()).toBe(true);
    await visit.page.goto(`${served.url}/connection-overview`);
    expect(await visit.page.locator('meta[http-equiv=refresh]').getAttribute('content')).toBe('10');
    expect(await visit.page.getByText('8,102 of 12,408').isVisible()).toBe(true);
    await visit.close();
  });
});
