import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { GENERATED_ADMIN, generateWorld } from '../../sandbox/world/generate.ts';
import { loadFreshness } from '../../store/permission-freshness.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';

const world = generateWorld({ seed: 12, spaces: 2, pagesPerSpace: 150, commentsPerPage: 0, bodyBytes: 100 });

/** A twentieth of the quota: a run's share does not reach for all content. */
const hourlyPoints = 4_000;
const perRun = (hourlyPoints * 0.95 * 0.4) / 4;

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world, hourlyPoints, oauth: { accountId: GENERATED_ADMIN.accountId } });
  connection = harness;
});
afterAll(() => harness.close());

/** As if so much time had passed: everything that Sluice remembers is that much older. */
async function passMinutes(minutes: number): Promise<void> {
  const { db } = harness.database;
  const shift = sql`make_interval(mins => ${minutes})`;
  await sql`update content_access set read_at = read_at - ${shift}`.execute(db);
  await sql`update acl_layers set read_at = read_at - ${shift}`.execute(db);
  await sql`update atlassian_groups set members_read_at = members_read_at - ${shift}`.execute(db);
  await sql`update atlassian_accounts set read_at = read_at - ${shift}`.execute(db);
  await sql`update permission_readings set at = at - ${shift}`.execute(db);
  await sql`delete from points_ledger`.execute(db);
}

test('on a site that does not fit into one run, everything is read within the promised time, and no more is spent than is allowed', async () => {
  const { db } = harness.database;
  await connection.sync();
  const points: number[] = [];
  let promised = 0;
  for (let run = 0; run < 14; run += 1) {
    await passMinutes(15);
    const ended = await connection.sync('permissions');
    expect(ended).toMatchObject({ state: 'succeeded' });
    points.push(Number(ended.points));
    const freshness = await loadFreshness(db, connection.connectionId);
    promised = freshness.promisedSeconds ?? 0;
    // Until a first cycle is over nothing has waited for longer than since the full sync.
    const waited = (Date.now() - (freshness.oldestReadAt?.getTime() ?? 0)) / 1000;
    expect(waited).toBeLessThanOrEqual(promised + 60);
  }
  expect(promised).toBeGreaterThan(900 * 2);
  expect(promised).toBeLessThan(900 * 14);
  const average = points.reduce((sum, one) => sum + one, 0) / points.length;
  expect(average).toBeLessThanOrEqual(perRun * 1.2);
  const freshness = await loadFreshness(db, connection.connectionId);
  expect(freshness.readingP95Seconds).toBeLessThanOrEqual(promised);
  expect(freshness.readingP50Seconds).toBeGreaterThanOrEqual(900);
}, 120_000);
