import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import { moveConnectionIfPossible } from '../../store/connection-state.ts';
import { apply, randomChange } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { everyLayer } from '../oracle/every-layer.ts';
import { randomPlan } from '../oracle/worlds.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { leaksOf } from './differences.ts';

const runs = Number(process.env['PROVE_RUNS'] ?? 8);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: everyLayer().world });
});
afterAll(() => harness.close());

const scoped = { email: 'crawler@acme.example', token: 'sandbox-scoped-token', scoped: true };
const ofRoles = new Set(['read:space.permission:confluence', 'read:configuration:confluence']);
const asked = confluenceScopeNames.filter((scope) => scope.includes('confluence'));

/** The scopes that only role mode needs, in role mode; with PROVE_RUNS every scope in both modes. */
const cases = asked.flatMap((scope) =>
  (['PRE_ROLES', 'ROLES'] as const)
    .filter((mode) => process.env['PROVE_RUNS'] !== undefined || (mode === 'ROLES') === ofRoles.has(scope))
    .map((mode) => [mode, scope] as const),
);

test.each(cases)(
  'in mode %s a token without %s shows nobody more',
  async (mode, missing) => {
    const company = everyLayer(mode);
    const token = company.world.apiTokens.find(({ scopes }) => scopes !== null);
    token!.scopes = asked.filter((scope) => scope !== missing);
    const { connection, differences } = await openCompany(harness, company, scoped);
    await connection.sync();
    expect(leaksOf(await differences())).toEqual([]);

    token!.scopes = [...asked];
    harness.sandbox.context.store.replace(structuredClone(company.world));
    // A sync that lacks a scope it cannot do without has asked for somebody, who has come.
    await moveConnectionIfPossible(harness.database.db, connection.connectionId, 'authorized');
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    expect(await differences()).toEqual([]);
  },
  60_000,
);

const calls = [
  '/rest/api/group\\?',
  '/membersByGroupId',
  '/users-bulk',
  '/content/search',
  '/spaces/\\d+/permissions',
  '/space-role-mode',
  '/space-roles',
  '/role-assignments',
] as const;

test(
  'a change that a failing call keeps from us shows nobody what was allowed neither before nor after',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        randomPlan(),
        randomChange(),
        fc.constantFrom(...calls),
        fc.constantFrom(401, 403, 404),
        async (plan, change, path, status) => {
          const { store, faults } = harness.sandbox.context;
          const before = buildCompany(plan);
          const { connection, differences, leaks } = await openCompany(harness, before);
          await connection.sync();
          apply(store, [change], before);
          faults.add({ match: { path }, action: { kind: 'status', status, body: {} } });
          await connection.sync();
          expect(await leaks(before.world)).toEqual([]);

          faults.clear();
          expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
          expect(await differences()).toEqual([]);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 20_000,
);
