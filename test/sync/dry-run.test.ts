import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import { newestRuns } from '../../store/runs-read.ts';
import { missedRun } from '../../temporal/missed-run.ts';
import { createSyncHarness, recordIds, type SyncHarness } from './harness.ts';
import { dryRun, everythingElse, outcomesOf } from './dry-runs.ts';

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

test('before anything is stored, a dry run adds all that a full sync then stores, and counts as no sync', async () => {
  const { db } = harness.database;
  const before = await everythingElse(harness);
  const run = await dryRun(harness);
  expect(run).toMatchObject({ state: 'succeeded', kind: 'dry_run', seen: '0', indexed: '0' });
  expect(await everythingElse(harness)).toEqual(before);
  expect(await hasWholeReading(db, harness.connectionId)).toBe(false);
  expect(await newestRuns(db, [harness.connectionId])).toEqual([]);
  expect(
    await missedRun(db, { id: harness.connectionId, settings: {} }, 'content', new Date(Date.now() + 1e9)),
  ).toBe(false);

  const told = await outcomesOf(harness, run.id);
  const added = [...told].filter(([, outcome]) => outcome === 'add').map(([id]) => id);
  const full = await harness.sync('full');
  expect(full.state).toBe('succeeded');
  const stored = [...(await recordIds(harness)).values()].flatMap((ids) => [...ids]);
  expect(added.sort()).toEqual(stored.sort());

  const again = await dryRun(harness);
  const kept = [...(await outcomesOf(harness, again.id)).values()];
  expect(new Set(kept.filter((outcome) => !outcome.startsWith('leave_out')))).toEqual(new Set(['keep']));
  expect(Number(again.requests)).toBeLessThan(Number(full.requests));
});
