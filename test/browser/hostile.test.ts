import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createSmallWorld, smallPage } from '../../sandbox/world/small.ts';
import { hasChromium, launchChromium, openPage } from './chromium.ts';
import { hostile } from './samples.ts';
import { signIn, startWhole, syncOnce, type Whole } from './whole.ts';

const suite = hasChromium() ? describe : describe.skip;
const reader = { email: 'admin@acme.example', password: 'a third pass phrase' };

const body = `
  <h1>${escaped(hostile.markup)}</h1>
  <p>findable <a href="${hostile.address}">a link</a> <a href="java&#10;script:alert(4)">another</a>
    <a href="data:text/html,&lt;script&gt;alert(5)&lt;/script&gt;">a third</a></p>
  <ac:image><ri:url ri:value="https://evil.example/pixel.png" /></ac:image>
  <ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[${hostile.markup}
\`\`\`
[x](${hostile.address})]]></ac:plain-text-body></ac:structured-macro>
  <p onclick="alert(6)" style="position:fixed">findable ${escaped(hostile.markup)}</p>`;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function hostileWorld(redirectUri: string) {
  const world = createSmallWorld({
    content: [
      smallPage('2001', { title: hostile.markup, body, labels: ['plain', hostile.markup] }),
      smallPage('2002', { title: `findable ${hostile.markup}`, parentId: '2001', body }),
      smallPage('2003', { title: 'findable \u202Eright-to-left override', parentId: '2002', body }),
    ],
  });
  for (const space of world.spaces) space.name = hostile.markup;
  for (const person of world.people) person.name = `${person.name} ${hostile.markup}`;
  for (const app of world.oauthApps) app.redirectUri = redirectUri;
  return world;
}

suite('what anybody may write in Atlassian', () => {
  let browser: Browser;
  let whole: Whole;
  beforeAll(async () => {
    const world = hostileWorld('http://localhost/unused');
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true, world })]);
    await whole.server.person(reader.email, 'administrator', reader.password);
    await syncOnce(whole, reader.email, 'https://acme.atlassian.net');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  test('is shown as it stands and does nothing, wherever it comes up', async () => {
    const visit = await openPage(browser);
    const { page } = visit;
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(whole.url)) foreign.push(request.url());
    });
    await signIn(page, whole, '/', reader);
    await page.keyboard.press('/');
    await page.keyboard.type('findable');
    await page.locator('.hit mark').first().waitFor();
    const links = await page
      .locator('.hit a[href^="/records/"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links).toHaveLength(3);
    const connection = await whole.server.database.db
      .selectFrom('connections')
      .select('id')
      .executeTakeFirstOrThrow();
    const run = await whole.server.database.db.selectFrom('sync_runs').select('id').executeTakeFirstOrThrow();
    const label = encodeURIComponent(hostile.markup);
    const paths = [
      ...links,
      `/?q=${label}`,
      `/?q=findable&label=${label}&author=${label}`,
      `/?q=findable&cursor=${label}`,
      '/connections',
      `/connections/${connection.id}`,
      `/connections/${connection.id}/authorize`,
      `/runs/${run.id}?level=${label}`,
      `/settings/audit?action=${label}`,
      `/nowhere/${label}`,
      `/sign-in?returnTo=${encodeURIComponent(hostile.address)}`,
    ];
    const found: string[] = [];
    for (const path of paths) {
      await page.goto(`${whole.url}${path}`);
      const inert = await page.evaluate(() => ({
        images: document.querySelectorAll('img').length,
        scripts: [...document.scripts].filter((script) => script.src === '').length,
        handlers: document.querySelectorAll('[onclick], [onerror], [style]').length,
        addresses: [...document.querySelectorAll('[href], [action], [src]')].filter((element) =>
          /^\s*(javascript|data|vbscript):/i.test(
            element.getAttribute('href') ??
              element.getAttribute('action') ??
              element.getAttribute('src') ??
              '',
          ),
        ).length,
      }));
      if (Object.values(inert).some((count) => count > 0)) found.push(`${path}: ${JSON.stringify(inert)}`);
    }
    expect(found).toEqual([]);
    expect(foreign).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);
});
