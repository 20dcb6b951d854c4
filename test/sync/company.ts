import { settleBelow } from '../../store/settle-below.ts';
import type { Company } from '../oracle/company.ts';
import type { Truth } from '../oracle/truth.ts';
import { compare, type Comparison, type Difference } from './differences.ts';
import type { HarnessConnection, HarnessOptions, SyncHarness } from './harness.ts';
import { makeUsers, type KnownUser } from './persons.ts';

/** A company in the sandbox, a new connection to it, and its people as users: the only ones of their harness. */
export interface OpenCompany {
  connection: HarnessConnection;
  users: KnownUser[];
  /** What is true now. */
  truth(): Truth;
  /** What is shown now, against what the oracle allows in the world as it is now, or as it is given. */
  differences(world?: Truth): Promise<Difference[]>;
  /** Hides content, with all below it, as a disagreement with the source does. */
  hold(externalIds: readonly string[]): Promise<void>;
}

export async function openCompany(
  harness: SyncHarness,
  company: Company,
  token?: HarnessOptions['token'],
  look: Pick<Comparison, 'looksEverywhere' | 'limit'> = {},
): Promise<OpenCompany> {
  const { db } = harness.database;
  const { faults, store } = harness.sandbox.context;
  await db.deleteFrom('connections').execute();
  faults.clear();
  store.replace(structuredClone(company.world));
  const users = await makeUsers(db, company);
  const connection = await harness.connect({
    world: company.world,
    ...(token === undefined ? {} : { token }),
    ...(company.world.visitorsWelcome === true
      ? { settings: { permissions: { anonymousAccess: 'everyone' } } }
      : {}),
  });
  const { connectionId } = connection;
  const decided: Partial<Truth> = {
    roles: company.world.roles ?? [],
    visitorsWelcome: company.world.visitorsWelcome === true,
    proven: company.proven,
    firstEmails: Object.fromEntries(company.world.people.map((one) => [one.accountId, one.email])),
    held: [],
  };
  const truth = (world: Truth = store.snapshot()): Truth => ({ ...world, ...decided });
  return {
    connection,
    users,
    truth,
    differences: (world) => compare({ db, connectionId, users, ...look }, truth(world)),
    async hold(externalIds) {
      decided.held = [...(decided.held ?? []), ...externalIds];
      const held = externalIds.map((external_id) => ({
        connection_id: connectionId,
        external_id,
        reason: 'A disagreement.',
      }));
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('record_holds').values(held).execute();
        await settleBelow(trx, connectionId, externalIds);
      });
    },
  };
}
