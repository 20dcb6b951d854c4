import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canView } from '../../world/visibility.ts';
import { serve } from '../../../test/contract/serve.ts';
import type { Reply, Site } from '../../../test/contract/serve.ts';
import { BEN, smallWorld } from '../../../test/contract/small-world.ts';

let site: Site;
beforeEach(async () => {
  site = await serve(smallWorld());
});
afterEach(() => site.close());

function search(cql: string, more = '', as = 'ada'): Promise<Reply> {
  return site.send(`/wiki/rest/api/content/search?cql=${encodeURIComponent(cql)}${more}`, { as });
}
const ids = async (cql: string, more = '&limit=100', as = 'ada'): Promise<string[]> =>
  ((await search(cql, more, as)).json.results as { id: string }[]).map(({ id }) => id);

test('finds content by words, place, label, person and macro', async () => {
  expect(await ids('text ~ rockets')).toEqual(['101', '120', '130', '204']);
  expect(await ids('text ~ rockets', '', BEN)).toEqual(['101', '120']);
  expect(await ids('ancestor = 104')).toEqual(['105', '106', '107', '108', '113']);
  expect(await ids('parent = 104 and type = page')).toEqual(['105']);
  expect(await ids('label = plan order by created desc')).toEqual(['101', '120']);
  expect(await ids('mention = ben')).toEqual(['101']);
  expect(await ids('macro = code')).toEqual(['101']);
  expect(await ids('contributor = ben and type = page')).toEqual(['101']);
  expect(await ids('container = 101')).toEqual(['200', '201', '202', '203', 'att300']);
  expect(await ids('space = "~ada"')).toEqual(['140']);
});

test('holds current content only, unless its context asks for other statuses', async () => {
  expect(await ids('id in (101, 109, 110, 112)')).toEqual(['101']);
  const context = encodeURIComponent('{"contentStatuses":["current","archived"]}');
  expect(await ids('id in (101, 109)', `&cqlcontext=${context}`)).toEqual(['101', '109']);
});

test('a random query by any account finds what filtering the world finds', async () => {
  const account = fc.constantFrom('ada', BEN, 'gus');
  const types = fc.subarray(['page', 'blogpost', 'folder', 'whiteboard'], { minLength: 1 });
  const spaces = fc.subarray(['OPEN', 'SECRET', '~ada'], { minLength: 1 });
  const { store } = site.context;
  await fc.assert(
    fc.asyncProperty(account, types, spaces, fc.boolean(), async (as, wanted, keys, negated) => {
      const list = keys.map((key) => `"${key}"`).join(', ');
      const cql = `type in (${wanted.join(', ')}) and space ${negated ? 'not in' : 'in'} (${list})`;
      const expected = store
        .snapshot()
        .content.filter(
          ({ id, type, status, spaceId }) =>
            status === 'current' &&
            wanted.includes(type) &&
            keys.includes(store.space(spaceId)!.key) !== negated &&
            canView(store, as, id),
        )
        .map(({ id }) => id);
      expect(await ids(cql, '&limit=100', as)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test('the index follows behind by as much as the option says', async () => {
  const { store, clock, options } = site.context;
  options.searchLagSeconds = 60;
  clock.set(new Date('2026-03-01T00:00:00Z'));
  const { id } = store.addContent({ spaceId: '10', title: 'Fresh' });
  store.updateContent('101', { title: 'Renewed' });
  expect(await ids(`id in (${id}, 101) order by lastmodified desc`)).toEqual(['101']);
  expect(await ids('lastmodified >= "2026-03-01 00:00"')).toEqual([]);
  clock.advance(61_000);
  expect(await ids('lastmodified >= "2026-03-01 00:00"')).toEqual(expect.arrayContaining(['101', id]));
});

test('dates are read in the time zone of the site', async () => {
  // 101 changed at 09:00 UTC on 20 February.
  expect(await ids('id = 101 and lastmodified >= "2026-02-20 09:00"')).toEqual(['101']);
  site.context.options.siteTimeZone = 'Asia/Tokyo';
  expect(await ids('id = 101 and lastmodified >= "2026-02-20 18:00"')).toEqual(['101']);
  expect(await ids('id = 101 and lastmodified >= "2026-02-20 18:01"')).toEqual([]);
});

test('while content comes and goes, the pages of a search lose nothing that stays and repeat nothing', async () => {
  const { store } = site.context;
  const cql = 'type = page order by created desc, title';
  const lasting = (await ids(cql)).filter((id) => id !== '105' && id !== '113');
  const seen: string[] = [];
  for (let next: string | undefined = `&limit=2`, page = 0; next !== undefined; page += 1) {
    const { json, links } = await search(cql, next);
    seen.push(...(json.results as { id: string }[]).map(({ id }) => id));
    const cursor = new URL(links.next ?? '', 'http://site').searchParams.get('cursor');
    next = cursor === null ? undefined : `&limit=2&cursor=${cursor}`;
    if (page === 1) store.purge('113');
    if (page === 2) store.trash('105');
    store.addContent({
      spaceId: '10',
      title: `Comer ${page}`,
      createdAt: `2026-02-${10 + page}T00:00:00.000Z`,
    });
  }
  expect(seen).toEqual(expect.arrayContaining(lasting));
  expect(new Set(seen).size).toBe(seen.length);
});

test('a query that cannot be read is 400 with the place of the mistake', async () => {
  const reply = await search('type = page and colour = red');
  expect(reply.status).toBe(400);
  expect(reply.json).toMatchObject({ statusCode: 400, data: { valid: false } });
  expect(reply.json.message).toContain(
    "Could not parse cql : No field exists with name 'colour' at position 17",
  );
});

describe('limits', () => {
  test('a page holds no more than the site allows, and 25 with rendered bodies', async () => {
    site.context.store.setBehaviour({ contentSearchLimit: 5 });
    expect((await search('type = page', '&limit=250')).json).toMatchObject({ limit: 5, size: 5 });
    site.context.store.setBehaviour({ contentSearchLimit: 100 });
    expect((await search('type = page', '&limit=250&expand=body.export_view')).json.limit).toBe(25);
    expect((await search('type = page', '&limit=250')).json.limit).toBe(100);
  });

  test('lists of users and groups inside an expand stop at 200', async () => {
    const users = Array.from({ length: 230 }, (_, n) => `u${n}`);
    site.context.store.setRestriction('105', 'read', { users: ['ada', ...users] });
    const { json } = await search('id = 105', '&expand=restrictions.read.restrictions.user');
    const { user } = json.results[0].restrictions.read.restrictions;
    expect(user).toMatchObject({ size: 200, limit: 200 });
    const path = '/wiki/rest/api/content/105/restriction/byOperation/read?start=200&limit=200';
    const rest = await site.send(path);
    expect(rest.json.restrictions.user.results).toHaveLength(31);
  });
});

test("one ancestor in the trash spoils a whole batch when its ancestors' restrictions are wanted", async () => {
  const expand = '&expand=ancestors.restrictions.read.restrictions.group';
  expect((await search('id in (101, 113)', expand)).status).toBe(200);
  expect((await search('id in (101, 111)', expand)).status).toBe(404);
  expect((await search('id in (101, 111)', '&expand=ancestors')).status).toBe(200);
});

test('the general search finds spaces and people too, with marks around the words', async () => {
  const find = async (cql: string, more = ''): Promise<Reply> =>
    site.send(`/wiki/rest/api/search?cql=${encodeURIComponent(cql)}${more}`);
  const words = await find('text ~ "rockets"');
  expect(words.json.results[0]).toMatchObject({ entityType: 'content', title: 'Thing 101' });
  expect(words.json.results[0].excerpt).toContain('@@@hl@@@rockets@@@endhl@@@');
  const others = await find('type in (space, user)');
  const kinds = others.json.results.map((one: { entityType: string }) => one.entityType);
  expect(kinds).toEqual(['space', 'space', 'user', 'user', 'user']);
  expect(others.json.results.some((one: { space?: { key: string } }) => one.space?.key === '~ada')).toBe(
    false,
  );
  expect((await find('user.fullname ~ ada')).status).toBe(400);
});

test('a label set through the API is found by it', async () => {
  const path = '/wiki/rest/api/content/105/label';
  const body = [{ prefix: 'global', name: 'urgent' }];
  expect((await site.send(path, { method: 'POST', body })).json.results[0]).toMatchObject({
    label: 'urgent',
  });
  expect(await ids('label = urgent')).toEqual(['105']);
  expect((await site.send(`${path}?name=urgent`, { method: 'DELETE' })).status).toBe(204);
  expect(await ids('label = urgent')).toEqual([]);
});
