import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { updateConnection } from '../../store/connections.ts';
import type { ConnectionSettings } from '../../store/schema.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectSound } from './invariants.ts';

jest.setTimeout(120_000);

const table = '<table><tr><th>Part</th></tr><tr><td>dock</td></tr></table>';
const world = generateWorld({ seed: 26, spaces: 3, pagesPerSpace: 40 });
world.content.forEach((page, at) => {
  const remark = `<ac:structured-macro ac:name="note"><ac:rich-text-body><p>remark ${at} for <ac:link><ri:user ri:account-id="${page.authorId}"/></ac:link></p></ac:rich-text-body></ac:structured-macro>`;
  page.body = `<p>about ${at}</p>${remark}${table}`;
});

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
  const { state } = await harness.sync();
  if (state !== 'succeeded') throw new Error(`The first sync ended as ${state}.`);
}, 240_000);
afterAll(() => harness.close());

async function bodies({ connectionId }: Pick<HarnessConnection, 'connectionId'>) {
  return harness.database.db
    .selectFrom('record_bodies as b')
    .innerJoin('records as r', 'r.id', 'b.record_id')
    .select(['r.external_id', 'r.kind', 'b.raw', 'b.markdown', 'b.text'])
    .where('r.connection_id', '=', connectionId)
    .where('b.format', '=', 'storage')
    .orderBy('r.external_id')
    .execute();
}

async function set(content: NonNullable<ConnectionSettings['content']>): Promise<void> {
  await updateConnection(harness.database.db, harness.connectionId, {
    settings: JSON.stringify({ content }),
  });
}

test('changed rules reach all that is stored by the next run, which asks for nothing more than a run without news', async () => {
  const idle = await arrival(harness, harness);
  const before = await bodies(harness);
  expect(before.filter(({ kind }) => kind === 'page')[0]?.markdown).toMatch(
    /> \*\*Note\*\*\n>\n> remark \d+ for @\w/,
  );
  await set({ tables: 'text', macros: { byName: { note: 'text' } } });
  const changed = await arrival(harness, harness);
  expect(changed).toMatchObject({
    changes: {},
    beyond: idle.beyond,
    requests: idle.requests,
    points: idle.points,
    indexed: 0,
  });
  const after = await bodies(harness);
  expect(after.map(({ raw }) => raw)).toEqual(before.map(({ raw }) => raw));
  const pages = after.filter(({ kind }) => kind === 'page');
  expect(
    pages.filter(({ markdown }) => !/^about \d+\n\nremark \d+ for @\w.*\n\nPart\\\ndock$/.test(markdown)),
  ).toEqual([]);
});

test('a connection that begins by the same rules holds the same', async () => {
  const settings = { content: { tables: 'text', macros: { byName: { note: 'text' } } } } as const;
  const other = await harness.connect({ world, settings });
  expect(await other.sync()).toMatchObject({ state: 'succeeded' });
  expect(await bodies(other)).toEqual(await bodies(harness));
});

test('what is new is rendered by the rules of the moment, and the rules go back', async () => {
  const { store } = harness.sandbox.context;
  const [space] = world.spaces;
  const { id } = store.addContent({ spaceId: space?.id ?? '', title: 'New', body: `<p>new</p>${table}` });
  expect((await arrival(harness, harness)).changes).toEqual({ added: 1 });
  expect((await bodies(harness)).find((each) => each.external_id === id)?.markdown).toBe(
    'new\n\nPart\\\ndock',
  );
  await set({});
  await arrival(harness, harness);
  expect((await bodies(harness)).find((each) => each.external_id === id)?.markdown).toBe(
    'new\n\n| Part |\n| --- |\n| dock |',
  );
  await expectSound({ harness, connectionId: harness.connectionId });
});
