import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type { Content, World } from '../../sandbox/world/types.ts';
import { saveContentAccess } from '../../store/content-access.ts';
import { settleBelow } from '../../store/settle-below.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { openWorld } from './open-world.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, users, team } = SMALL;
const email = (name: string) => `${name}@acme.example`;
const ofTeam = {
  read: { users: [admin], groups: [team] },
  update: { users: [], groups: [] },
};

/** `1` open, `2` for the team, both in space 1001; `3` on top of space 1002, which is the team's alone. */
function site(below: Content[]): World {
  const base = createSmallWorld();
  const [one] = base.spaces;
  const closed = {
    ...one!,
    id: '1002',
    key: 'TWO',
    homepageId: null,
    permissions: [
      { id: '8', principal: { type: 'user' as const, id: admin }, operation: 'read', target: 'space' },
      { id: '9', principal: { type: 'group' as const, id: team }, operation: 'read', target: 'space' },
    ],
  };
  const content = [
    smallPage('1'),
    smallPage('2', { restrictions: ofTeam }),
    smallPage('3', { spaceId: '1002' }),
    ...below,
  ];
  const people = base.people.map((person) => ({ ...person, emailVisible: true }));
  return { ...base, content, people, spaces: [one!, closed] };
}

/** A page below `1` with 199 below it in branches, each tenth with a comment and an attachment: 240 records in all. */
function branch(): World {
  const below = Array.from({ length: 200 }, (_, n) =>
    smallPage(String(1000 + n), { parentId: n === 0 ? '1' : String(1000 + Math.floor((n - 1) / 3)) }),
  );
  const world = site(below);
  for (const [n, { id: containerId, createdAt, version }] of below.entries()) {
    if (n % 10 !== 0) continue;
    const shared = { containerId, status: 'current' as const, authorId: admin, createdAt, version };
    world.comments.push({
      ...shared,
      id: `7${containerId}`,
      kind: 'footer',
      parentId: null,
      body: '<p>x</p>',
      marker: null,
    });
    world.attachments.push({
      ...shared,
      id: `att${containerId}`,
      fileId: `f${containerId}`,
      title: 'x.txt',
      mediaType: 'text/plain',
      labels: [],
      data: { size: 1 },
    });
  }
  return world;
}

test('a branch of 200 pages that moves below a restricted page, to another space and back takes its comments and attachments along', async () => {
  const { connection, counts } = await openWorld(harness, branch());
  const { store } = harness.sandbox.context;
  const shown = async () => [await counts(email('mia')), await counts(email('noah'))];
  expect(await shown()).toEqual([243, 241]);
  store.moveContent('1000', { parentId: '2' });
  await connection.sync();
  expect(await shown()).toEqual([243, 1]);
  store.moveContent('1000', { parentId: '3', spaceId: '1002' });
  await connection.sync();
  expect(await shown()).toEqual([243, 1]);
  store.moveContent('1000', { parentId: null, spaceId: '1001' });
  await connection.sync();
  expect(await shown()).toEqual([243, 241]);
});

test('what an edit brings to light of a move is hidden until the whole of it is read, never opened', async () => {
  const { connection, counts } = await openWorld(harness, branch());
  const { store } = harness.sandbox.context;
  store.moveContent('1000', { parentId: '3', spaceId: '1002' });
  store.updateContent('1000', { body: '<p>moved</p>' });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  expect(await counts(email('noah'))).toBe(1);
  await connection.sync();
  expect([await counts(email('mia')), await counts(email('noah'))]).toEqual([243, 1]);
});

const line = () => [
  smallPage('4', { parentId: '2' }),
  smallPage('5', { parentId: '4' }),
  smallPage('6', { parentId: '1' }),
];

test.each(['incremental', 'full'] as const)(
  'a page that is archived below a restricted one opens nothing in a sync that is %s, nor do its children, nor when it is restored elsewhere',
  async (kind) => {
    const { connection, sees } = await openWorld(harness, site(line()));
    const { store } = harness.sandbox.context;
    const noah = () => sees(email('noah'));
    expect(await noah()).toEqual(['1', '6']);
    store.archive('4');
    await connection.sync(kind);
    expect(await noah()).toEqual(['1', '6']);
    // Confluence drops inherited restrictions of what is archived: its children may stand anywhere meanwhile.
    store.moveContent('5', { parentId: null });
    store.archive('5');
    await connection.sync(kind);
    expect(await noah()).toEqual(['1', '6']);
    store.moveContent('5', { parentId: '4' });
    store.restore('4');
    store.restore('5');
    await connection.sync(kind);
    expect(await noah()).toEqual(['1', '6']);
    await connection.sync();
    expect(await noah()).toEqual(['1', '6']);
    expect(await sees(email('mia'))).toEqual(['1', '2', '3', '4', '5', '6']);
  },
);

test('a restricted page that is archived leaves what is below it hidden, and open only when it hangs elsewhere', async () => {
  const { connection, sees } = await openWorld(harness, site(line()));
  const { store } = harness.sandbox.context;
  store.archive('2');
  await connection.sync();
  expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([
    ['1', '3', '6'],
    ['1', '6'],
  ]);
  store.moveContent('4', { parentId: '1' });
  await connection.sync();
  expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([
    ['1', '3', '4', '5', '6'],
    ['1', '4', '5', '6'],
  ]);
  store.restore('2');
  await connection.sync();
  expect(await sees(email('noah'))).toEqual(['1', '4', '5', '6']);
});

test('a restriction on a page with 5,000 below it takes all of them, without a request, and lets them go again', async () => {
  const below = Array.from({ length: 5_000 }, (_, n) =>
    smallPage(String(10_000 + n), { parentId: n < 10 ? '1' : String(10_000 + Math.floor((n - 10) / 10)) }),
  );
  const { connection, counts } = await openWorld(harness, site(below));
  const { db } = harness.database;
  const { counters, store } = harness.sandbox.context;
  expect([await counts(email('mia')), await counts(email('noah'))]).toEqual([5_003, 5_001]);
  const { id: runId } = await db.selectFrom('sync_runs').select('id').executeTakeFirstOrThrow();
  const restrict = (principals: [`group:${string}`] | null) =>
    db.transaction().execute(async (trx) => {
      const restriction = principals === null ? null : { state: 'known' as const, principals };
      const access = [{ externalId: '1', labels: null, restriction }];
      await saveContentAccess(trx, connection.connectionId, runId, access, new Date());
      return settleBelow(trx, connection.connectionId, ['1']);
    });
  counters.reset();
  expect(await restrict([`group:${team}`])).toBe(5_001);
  expect([await counts(email('mia')), await counts(email('noah'))]).toEqual([5_003, 0]);
  expect(await restrict(null)).toBe(5_001);
  expect(await counts(email('noah'))).toBe(5_001);
  expect(counters.view().total.requests).toBe(0);

  store.setRestriction('1', 'read', { users: [admin, mia], groups: [] });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect([await counts(email('mia')), await counts(email('noah'))]).toEqual([5_003, 0]);
  // Its own principals then change in one row.
  const pointers = () =>
    db
      .selectFrom('records')
      .select((eb) => eb.fn.sum('acl_id').as('sum'))
      .executeTakeFirst();
  const before = await pointers();
  store.setRestriction('1', 'read', { users: [admin], groups: [users] });
  await connection.sync();
  expect(await counts(email('noah'))).toBe(5_001);
  expect(await pointers()).toEqual(before);
}, 120_000);
