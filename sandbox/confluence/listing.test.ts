import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serve } from '../../test/contract/serve.ts';
import type { Reply, Site } from '../../test/contract/serve.ts';
import { smallWorld } from '../../test/contract/small-world.ts';

let site: Site;
beforeAll(async () => {
  site = await serve(smallWorld());
});
afterAll(() => site.close());

/** Follows `next` to the end. `between` runs before each further page. */
async function walk(
  path: string,
  between: (page: number) => void = () => {},
): Promise<{ ids: string[]; replies: Reply[] }> {
  const replies: Reply[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const reply: Reply = await site.send(next);
    expect([next, reply.status]).toEqual([next, 200]);
    replies.push(reply);
    const link: string | undefined = reply.links.next;
    next = link === undefined || path.startsWith('/wiki/api/v2') ? link : `/wiki${link}`;
    if (next !== undefined) between(replies.length);
  }
  return {
    ids: replies.flatMap(({ json }) => (json.results as { id: string }[]).map(({ id }) => id)),
    replies,
  };
}

test.each([
  '/wiki/api/v2/pages?',
  '/wiki/api/v2/pages?sort=-modified-date&',
  '/wiki/api/v2/pages?sort=-title&',
  '/wiki/api/v2/pages?id=103,101,105&',
  '/wiki/api/v2/pages?space-id=10,12&',
  '/wiki/api/v2/spaces?sort=-name&',
  '/wiki/api/v2/spaces/10/permissions?',
  '/wiki/api/v2/spaces/10/pages?',
  '/wiki/api/v2/pages/100/direct-children?',
  '/wiki/api/v2/pages/100/descendants?depth=10&',
  '/wiki/api/v2/footer-comments?sort=-modified-date&',
  '/wiki/api/v2/attachments?',
  '/wiki/api/v2/labels?',
  `/wiki/rest/api/content/search?cql=${encodeURIComponent('type in (page,comment) order by lastmodified desc, title')}&`,
  '/wiki/rest/api/search?cql=type=page&',
  '/wiki/rest/api/group?',
  '/wiki/rest/api/audit?',
])('%s one at a time gives what one page gives', async (path) => {
  const whole = await walk(`${path}limit=100`);
  expect(whole.replies).toHaveLength(1);
  expect(whole.ids.length).toBeGreaterThan(1);
  const single = await walk(`${path}limit=1`);
  expect(single.replies).toHaveLength(whole.ids.length);
  expect(single.ids).toEqual(whole.ids);
});

test('next is told in the body and the Link header, relative to the host, wherever the router is mounted', async () => {
  const reply = await site.send('/ex/confluence/c1/wiki/api/v2/pages?limit=2&sort=id');
  expect(reply.links.next).toMatch(/^\/wiki\/api\/v2\/pages\?limit=2&sort=id&cursor=[\w-]+$/);
  expect(reply.links.base).toBe('https://acme.atlassian.net/wiki');
  expect(reply.headers.get('link')).toContain(`<${reply.links.next}>; rel="next"`);
  const search = await site.send('/ex/confluence/c1/wiki/rest/api/content/search?cql=type=page&limit=2');
  expect(search.links).toMatchObject({ base: 'https://acme.atlassian.net/wiki', context: '/wiki' });
  expect(search.links.next).toMatch(/^\/rest\/api\/content\/search\?cql=type%3Dpage&limit=2&cursor=/);
});

test('a cursor goes on with another limit', async () => {
  const first = await site.send('/wiki/api/v2/pages?limit=2&sort=-id');
  const cursor = new URL(first.links.next!, 'http://x').searchParams.get('cursor');
  const rest = await site.send(`/wiki/api/v2/pages?limit=250&sort=-id&cursor=${cursor}`);
  const whole = await site.send('/wiki/api/v2/pages?limit=250&sort=-id');
  expect([...first.json.results, ...rest.json.results]).toEqual(whole.json.results);
});

test('pages made and purged while a listing is walked neither repeat nor hide the others', async () => {
  const own = await serve(smallWorld());
  const { store } = own.context;
  const before = site;
  site = own;
  const lasting = (await walk('/wiki/api/v2/pages?limit=100')).ids.filter((id) => id !== '105');
  const seen = await walk('/wiki/api/v2/pages?limit=2&sort=-modified-date', (page) => {
    if (page === 2) store.purge('105');
    store.addContent({ spaceId: '10', title: `New ${page}` });
  });
  site = before;
  await own.close();
  expect(seen.ids).toEqual(expect.arrayContaining(lasting));
  expect(new Set(seen.ids).size).toBe(seen.ids.length);
});

test('replies stand in the site-wide listing or not, as the world says', async () => {
  const ids = async (): Promise<string[]> => (await walk('/wiki/api/v2/footer-comments')).ids;
  expect(await ids()).toContain('201');
  site.context.store.setBehaviour({ commentListingsHoldReplies: false });
  expect(await ids()).not.toContain('201');
  site.context.store.setBehaviour({ commentListingsHoldReplies: true });
  const roots = (await walk('/wiki/api/v2/pages/101/footer-comments')).ids;
  expect(roots).toEqual(['200']);
  expect((await walk('/wiki/api/v2/footer-comments/200/children')).ids).toEqual(['201']);
});

test('the tree is told from above and from below', async () => {
  const ancestors = await site.send('/wiki/api/v2/pages/113/ancestors');
  expect(ancestors.json.results).toEqual([
    { id: '100', type: 'page' },
    { id: '104', type: 'folder' },
    { id: '105', type: 'page' },
  ]);
  expect((await site.send('/wiki/api/v2/pages/113/ancestors?limit=1')).json.results).toEqual([
    { id: '105', type: 'page' },
  ]);
  const below = await site.send('/wiki/api/v2/folders/104/descendants?depth=1');
  expect(below.json.results.map(({ id }: { id: string }) => id)).toEqual(['105', '106', '107', '108']);
  const folder = await site.send('/wiki/api/v2/folders/104');
  expect(typeof folder.json.createdAt).toBe('number');
});

test('statuses: current and archived by default, others on demand, deleted never', async () => {
  const ids = async (query: string): Promise<string[]> => (await walk(`/wiki/api/v2/pages?${query}`)).ids;
  expect(await ids('')).toEqual(expect.arrayContaining(['101', '109']));
  expect(await ids('')).not.toEqual(expect.arrayContaining(['110']));
  expect(await ids('status=trashed')).toEqual(['110']);
  expect(await ids('status=archived')).toEqual(['109']);
  expect(await ids('status=deleted')).toEqual([]);
});

test('a hidden email is an empty string, save to its owner', async () => {
  const body = { accountIds: ['ada', 'ben'] };
  const emails = async (as: string): Promise<string[]> => {
    const { json } = await site.send('/wiki/api/v2/users-bulk', { method: 'POST', body, as });
    return json.results.map(({ email }: { email: string }) => email);
  };
  expect(await emails('ada')).toEqual(['ada@acme.example', '']);
  expect(await emails('ben')).toEqual(['ada@acme.example', 'ben@acme.example']);
});

test('in role mode assignments decide, and permission rows follow from them', async () => {
  const { store } = site.context;
  expect((await site.send('/wiki/api/v2/spaces/10/role-assignments')).json.results).toEqual([]);
  store.changeSite({ spaceRoleMode: 'ROLES' });
  const { json } = await site.send('/wiki/api/v2/spaces/10/role-assignments');
  expect(json.results.map(({ principal }: { principal: object }) => principal)).toEqual([
    { principalType: 'ACCESS_CLASS', principalId: 'all-licensed-users' },
    { principalType: 'GROUP', principalId: 'g-users' },
  ]);
  const rows = (await site.send('/wiki/api/v2/spaces/10/permissions')).json.results;
  expect(rows.map(({ principal }: { principal: object }) => principal)).toEqual([
    { type: 'group', id: 'g-users' },
    { type: 'role', id: 'all-licensed-users' },
  ]);
  store.changeSite({ spaceRoleMode: 'PRE_ROLES' });
});

test('a feed that lags behind leaves out what is newer, and no other listing does', async () => {
  const { store, clock } = site.context;
  store.setBehaviour({ feedLagSeconds: 60 });
  store.updateContent('101', { title: 'Changed a moment ago' });
  const feed = '/wiki/api/v2/pages?sort=-modified-date&';
  expect((await walk(feed)).ids).not.toContain('101');
  expect((await walk('/wiki/api/v2/pages?')).ids).toContain('101');
  clock.advance(61_000);
  expect((await walk(feed)).ids[0]).toBe('101');
  clock.reset();
  store.setBehaviour({ feedLagSeconds: 0 });
});
