import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canView } from '../../world/visibility.ts';
import { serve } from '../../../test/contract/serve.ts';
import type { Site } from '../../../test/contract/serve.ts';
import { BEN, GUS, smallWorld } from '../../../test/contract/small-world.ts';

let site: Site;
beforeAll(async () => {
  site = await serve(smallWorld());
});
afterAll(() => site.close());

const base = '/wiki/rest/api';

test('restrictions show what was set on the content itself, and nothing inherited', async () => {
  const own = await site.send(`${base}/content/102/restriction/byOperation`);
  const { user, group } = own.json.read.restrictions;
  expect(user.results.map((one: { accountId: string }) => one.accountId)).toEqual(['ada']);
  expect(group.results.map((one: { id: string }) => one.id)).toEqual(['g-admins']);
  const below = await site.send(`${base}/content/103/restriction/byOperation/read`);
  expect(below.json.restrictions).toMatchObject({ user: { size: 0 }, group: { size: 0 } });
});

test('the permission check agrees with what each person sees', async () => {
  const { store } = site.context;
  for (const identifier of ['ada', BEN, GUS, 'zoe']) {
    for (const { id, status } of store.snapshot().content.filter((item) => item.status !== 'deleted')) {
      const body = { subject: { type: 'user', identifier }, operation: 'read' };
      const reply = await site.send(`${base}/content/${id}/permission/check`, { method: 'POST', body });
      expect([id, status, identifier, reply.json.hasPermission]).toEqual([
        id,
        status,
        identifier,
        canView(store, identifier, id),
      ]);
    }
  }
});

test('groups by the access that they give, and their members', async () => {
  const names = async (query: string): Promise<string[]> =>
    (await site.send(`${base}/group?${query}`)).json.results.map(({ name }: { name: string }) => name);
  expect(await names('accessType=user')).toEqual(['confluence-users']);
  expect(await names('accessType=site-admin')).toEqual(['site-admins']);
  const page = await site.send(`${base}/group/g-users/membersByGroupId?start=1&limit=2`);
  expect(page.json.results.map(({ accountId }: { accountId: string }) => accountId)).toEqual([BEN, 'zoe']);
  expect(page.links.next).toBe('/rest/api/group/g-users/membersByGroupId?start=3&limit=2');
  const held = await site.send(`${base}/user/memberof?accountId=ada`);
  expect(held.json.results).toHaveLength(3);
});

test('audit records go to administrators, newest first, by time and words', async () => {
  const all = await site.send(`${base}/audit`);
  const times = all.json.results.map(({ creationDate }: { creationDate: number }) => creationDate);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const since = await site.send(`${base}/audit?startDate=${times[1]}&endDate=${times[1]}`);
  expect(since.json.size).toBe(1);
  expect((await site.send(`${base}/audit?searchString=space+PERMISSION`)).json.size).toBe(1);
  expect((await site.send(`${base}/audit`, { as: BEN })).status).toBe(403);
});

test('people who are asked for in bulk are cut at a hundred', async () => {
  const query = Array.from({ length: 120 }, (_, n) => `accountId=${n === 110 ? 'ben' : `none${n}`}`).join(
    '&',
  );
  expect((await site.send(`${base}/user/bulk?${query}`)).json.size).toBe(0);
});
