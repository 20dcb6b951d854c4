import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import type { Site } from '../../sandbox/world/types.ts';
import { everyLayer } from '../oracle/every-layer.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { leaksOf } from './differences.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: everyLayer().world });
});
afterAll(() => harness.close());

/** Every call that tells who may see what. */
const calls: Record<string, { path: string; mode?: Site['spaceRoleMode'] }> = {
  'the groups that open the product': { path: '/rest/api/group\\?.*accessType=user' },
  'the groups of administrators': { path: '/rest/api/group\\?.*accessType=admin' },
  'the members of a group': { path: '/membersByGroupId' },
  'the accounts of people': { path: '/users-bulk' },
  'the restrictions of many': { path: '/content/search' },
  'the restriction of one': { path: '/restriction/byOperation/read' },
  'the permissions of a space': { path: '/spaces/\\d+/permissions' },
  'whether spaces have roles': { path: '/space-role-mode', mode: 'ROLES' },
  'the roles of the site': { path: '/space-roles', mode: 'ROLES' },
  'the roles in a space': { path: '/role-assignments', mode: 'ROLES' },
  'a folder above': { path: '/folders/' },
  'a whiteboard above': { path: '/whiteboards/' },
  'a database above': { path: '/databases/' },
};

/** With PROVE_RUNS: every failure of every call, each held until a sync has run into it several times. */
const thorough = process.env['PROVE_RUNS'] !== undefined;

/** Failures that stay, and what Sluice makes of them: it goes on without, or tries until they are gone. */
const failures: Record<string, FaultRuleInput['action']> = {
  'is forbidden': { kind: 'status', status: 403, body: { message: 'Forbidden' } },
  'fails for a while': { kind: 'status', status: 500 },
  ...(thorough
    ? {
        'is not found': { kind: 'status', status: 404, body: { message: 'Not found' } },
        'is cut off': { kind: 'truncate' },
        'answers with a login page': { kind: 'login-page' },
      }
    : {}),
};

const cases = Object.keys(calls).flatMap((call) =>
  Object.keys(failures).map((failure) => [call, failure] as const),
);

async function isOver(runId: string): Promise<boolean> {
  const run = await harness.database.db
    .selectFrom('sync_runs')
    .select('finished_at')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  return run.finished_at !== null;
}

/** Runs a sync under faults; lets go of them when it is over or has run into them. */
async function syncUnderFaults(
  connection: HarnessConnection,
  path: string,
  look: () => Promise<void>,
): Promise<number> {
  const { faults } = harness.sandbox.context;
  const hits = () => faults.rules().find((rule) => rule.match.path === path)?.hits ?? 0;
  const runId = await connection.start();
  const until = Date.now() + 10_000;
  while (!(await isOver(runId)) && hits() < (thorough ? 4 : 1) && Date.now() < until) await look();
  await look();
  const hit = hits();
  faults.clear();
  await connection.ended(runId);
  await look();
  return hit;
}

test.each(cases)(
  'nobody is shown more when %s %s',
  async (call, failure) => {
    const { path, mode } = calls[call]!;
    const { connection, differences } = await openCompany(harness, everyLayer(mode));
    harness.sandbox.context.faults.add({ match: { path }, action: failures[failure]! });

    const hits = await syncUnderFaults(connection, path, async () => {
      expect(leaksOf(await differences())).toEqual([]);
    });
    expect(hits).toBeGreaterThan(0);

    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    expect(await differences()).toEqual([]);
  },
  60_000,
);
