import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { createSmallWorld, smallPage } from '../../sandbox/world/small.ts';
import { routesOf } from '../routes.ts';
import type { World } from '../../sandbox/world/types.ts';
import type { Actor } from '../../server/actor.ts';
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
    attachments: [
      file('att1', 'text/plain', hostile.markup),
      file('att2', 'text/html', `<p>findable</p>${hostile.markup}`),
    ],
  });
  for (const space of world.spaces) space.name = hostile.markup;
  for (const group of world.groups) group.name = `${group.id} ${hostile.markup}`;
  for (const person of world.people) person.name = `${person.name} ${hostile.markup}`;
  for (const app of world.oauthApps) app.redirectUri = redirectUri;
  return world;
}

function file(id: string, mediaType: string, text: string): World['attachments'][number] {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    id,
    fileId: `file-${id}`,
    containerId: '2001',
    status: 'current',
    title: `findable ${hostile.markup}.${mediaType.slice(5)}`,
    mediaType,
    authorId: 'acc-admin',
    createdAt,
    version: { number: 1, createdAt, authorId: 'acc-admin', message: hostile.markup, minorEdit: false },
    labels: [hostile.markup],
    data: { base64: Buffer.from(text).toString('base64') },
  };
}

/** What of a page would do something, or ask for something, by the texts of others. */
function doings(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => ({
    images: document.querySelectorAll('img').length,
    scripts: [...document.scripts].filter((script) => script.src === '').length,
    handlers: document.querySelectorAll('[onclick], [onerror], [style]').length,
    addresses: [...document.querySelectorAll('[href], [action], [formaction], [src]')].filter((element) =>
      ['href', 'action', 'formaction', 'src'].some((name) =>
        /^\s*(javascript|data|vbscript):/i.test(element.getAttribute(name) ?? ''),
      ),
    ).length,
  }));
}

suite('what anybody may write in Atlassian', () => {
  let browser: Browser;
  let whole: Whole;
  let connection: string;
  let run: string;
  const foreign: string[] = [];
  beforeAll(async () => {
    const world = hostileWorld('http://localhost/unused');
    [browser, whole] = await Promise.all([launchChromium(), startWhole({ sync: true, world })]);
    const actor = await whole.server.person(reader.email, 'administrator', reader.password);
    await syncOnce(whole, reader.email, 'https://acme.atlassian.net');
    await nameEverything(actor);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  /** What administrators and programs name here gets the same names. */
  async function nameEverything(actor: Actor): Promise<void> {
    const { services, database } = whole.server;
    const { db } = database;
    ({ id: connection } = await db.selectFrom('connections').select('id').executeTakeFirstOrThrow());
    ({ id: run } = await db.selectFrom('sync_runs').select('id').executeTakeFirstOrThrow());
    await db.updateTable('connections').set({ name: hostile.markup, account_name: hostile.markup }).execute();
    await db.updateTable('users').set({ name: hostile.markup }).execute();
    await services.apiKeys.create(actor, { name: hostile.markup, scopes: ['search'] });
    await services.records.selections.save(actor, connection, {
      name: hostile.markup,
      filters: { q: hostile.markup },
    });
    await db
      .insertInto('sync_failures')
      .values({ ...failure(hostile.markup), connection_id: connection, run_id: run })
      .execute();
    await sql`insert into sync_log (run_id, level, message, item, url)
      values (${run}, 'error', ${hostile.markup}, ${hostile.markup}, ${hostile.address})`.execute(db);
  }

  const failure = (title: string) => ({
    stage: 'pages',
    external_id: title.slice(0, 20),
    title,
    url: hostile.address,
    message: title,
  });

  async function open(path: string) {
    const visit = await openPage(browser);
    visit.page.on('request', (request) => {
      if (!request.url().startsWith(whole.url)) foreign.push(request.url());
    });
    await signIn(visit.page, whole, path, reader);
    return visit;
  }

  test('is shown as it stands and does nothing, on every page there is', async () => {
    const visit = await open('/');
    const { page } = visit;
    await page.keyboard.press('/');
    await page.keyboard.type('findable');
    await page.locator('.hit mark').first().waitFor();
    const links = await page
      .locator('.hit a[href^="/records/"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThan(3);
    const label = encodeURIComponent(hostile.markup);
    const ids: [RegExp, string][] = [
      [/(?<=\/connections\/)0{8}[\d-]+/, connection],
      [/(?<=\/runs\/)0{8}[\d-]+/, run],
      [/(?<=\/records\/)0{8}[\d-]+/, links[0]?.split('/').at(-1) ?? ''],
    ];
    const pages = routesOf(whole.server.app)
      .filter(
        ({ method, path }) =>
          method === 'GET' && !/^\/(api|assets|oauth|metrics)|\/(live|events)$|\.\w+$/.test(path),
      )
      .map(({ path }) => ids.reduce((told, [pattern, id]) => told.replace(pattern, id), path));
    expect(pages.length).toBeGreaterThan(40);
    const found: string[] = [];
    for (const path of [
      ...links,
      ...pages,
      ...pages.map(
        (each) =>
          `${each}?q=${label}&level=${label}&label=${label}&author=${label}&cursor=${label}&named=${label}`,
      ),
      `/?q=findable&label=${label}&author=${label}`,
      `/connections/${connection}/records?space=ONE`,
      `/connections/${connection}/records/list?q=findable&type=attachment`,
      `/connections/${connection}/configure?spaceSearch=one&authorSearch=alert`,
      `/explain?item=${label}&user=${label}`,
      `/nowhere/${label}`,
      `/sign-in?returnTo=${encodeURIComponent(hostile.address)}`,
    ]) {
      await page.goto(`${whole.url}${path}`);
      const inert = await doings(page);
      if (Object.values(inert).some((count) => count > 0)) found.push(`${path}: ${JSON.stringify(inert)}`);
    }
    expect(found).toEqual([]);
    expect(foreign).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 300_000);

  test('stays a text in previews, and in what comes while a page is looked at', async () => {
    const visit = await open(`/connections/${connection}/content`);
    const { page } = visit;
    await page.getByLabel('A page to see it on').fill('2001');
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await page.getByText('onerror=alert(1)').first().waitFor();
    expect(Object.values(await doings(page))).toEqual([0, 0, 0, 0]);

    await page.goto(`${whole.url}/connections/${connection}/configure`);
    await page.locator('#part-labels > summary').click();
    await page.locator('#labels').fill('nothing');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('onerror=alert(1)').first().waitFor();
    expect(Object.values(await doings(page))).toEqual([0, 0, 0, 0]);

    const { db } = whole.server.database;
    await db
      .updateTable('sync_runs')
      .set({ state: 'running', finished_at: null })
      .where('id', '=', run)
      .execute();
    await page.goto(`${whole.url}/runs/${run}`);
    const later = `${hostile.markup} that came later`;
    await db.updateTable('sync_runs').set({ message: later }).where('id', '=', run).execute();
    await db
      .insertInto('sync_failures')
      .values({ ...failure(later), external_id: 'later', connection_id: connection, run_id: run })
      .execute();
    await page.getByText('that came later').first().waitFor();
    expect(Object.values(await doings(page))).toEqual([0, 0, 0, 0]);
    expect(foreign).toEqual([]);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }, 90_000);
});
