import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { updateConnection } from '../../store/connections.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = generateWorld({ seed: 91, spaces: 5, pagesPerSpace: 10, bodyBytes: 300 });
const [, second] = world.spaces;
if (second !== undefined) second.type = 'personal';

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

const scopeOf = (personalSpaces: boolean) => ({ scope: { personalSpaces } });

/** Everything read in the scope of before. */
async function readIn(personalSpaces: boolean): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings: scopeOf(personalSpaces) });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  return connection;
}

const rescope = ({ connectionId }: HarnessConnection, personalSpaces: boolean) =>
  updateConnection(harness.database.db, connectionId, { settings: JSON.stringify(scopeOf(personalSpaces)) });

/** What the schedule would bring next. */
async function later(connection: HarnessConnection): Promise<void> {
  for (const kind of ['sweep', 'incremental'] as const) {
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded' });
  }
  await expectInvariants({ harness, connectionId: connection.connectionId });
}

const ways = [
  { name: 'spaces that came are there', personal: true },
  { name: 'spaces that left are gone', personal: false },
];

test.each(ways)('after another scope was saved, without a reading of everything: $name', async (way) => {
  const connection = await readIn(!way.personal);
  await rescope(connection, way.personal);
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  await later(connection);
});

test.each(ways)('where another scope is saved while changes are read: $name', async (way) => {
  const { faults } = harness.sandbox.context;
  const connection = await readIn(!way.personal);
  const action = { kind: 'barrier', name: 'held' } as const;
  faults.add({ match: { path: '/api/v2/attachments' }, times: 1, action });
  const runId = await connection.start('incremental');
  await faults.barriers.whenHeld('held');
  await rescope(connection, way.personal);
  await runWhen(harness, runId, ({ scope }) => scope?.['personalSpaces'] === way.personal);
  faults.barriers.releaseAll();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await later(connection);
});
