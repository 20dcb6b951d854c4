import type { ConnectionSettings } from '../../store/schema/connections.ts';
import { settleBelow } from '../../store/settle-below.ts';
import type { Company } from '../oracle/company.ts';
import type { Truth } from '../oracle/truth.ts';
import { compare, type Comparison, type Difference } from './differences.ts';
import type { HarnessConnection, HarnessOptions, SyncHarness } from './harness.ts';
import { makeUsers, type KnownUser } from './persons.ts';

/** A company in the sandbox, a new connection to it, and its people as users: the only ones of their harness. */
export interface OpenCompany {
  connection: HarnessConnection;
  settings: ConnectionSettings;
  users: KnownUser[];
  /** What is true now. */
  truth(): Truth;
  /** What is shown now, against what the oracle allows in the world as it is now, or as it is given. */
  differences(world?: Truth): Promise<Difference[]>;
  /** What is shown now and was right at none of these moments, the present one among them. */
  leaks(...earlier: Truth[]): Promise<Difference[]>;
  /** What is hidden now because a comparison with the source's own answer found a disagreement. */
  held(): Promise<string[]>;
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
  const settings: ConnectionSettings = {
    permissions: { anonymousAccess: company.world.visitorsWelcome === true ? 'everyone' : 'members' },
  };
  const connection = await harness.connect({
    world: company.world,
    ...(token === undefined ? {} : { token }),
    settings,
  });
  const { connectionId } = connection;
  const decided: Partial<Truth> = {
    roles: company.world.roles ?? [],
    visitorsWelcome: company.world.visitorsWelcome === true,
    proven: company.proven,
    firstEmails: Object.fromEntries(company.world.people.map((one) => [one.accountId, one.email])),
  };
  const truth = (world: Truth = store.snapshot()): Truth => ({ ...world, ...decided });
  const held = async (): Promise<string[]> => {
    const rows = await db
      .selectFrom('record_holds')
      .select('external_id')
      .where('connection_id', '=', connectionId)
      .execute();
    return rows.map((row) => row.external_id);
  };
  return {
    connection,
    settings,
    users,
    truth,
    held,
    async differences(world) {
      return compare({ db, connectionId, users, ...look }, { ...truth(world), held: await held() });
    },
    async leaks(...earlier) {
      const [hidden, now] = [await held(), truth()];
      const moments = [now, ...earlier.map((world) => truth(world))].map((each) => ({
        ...each,
        held: hidden,
      }));
      // Twice the same moment, where there is but one: nothing is owed.
      const [first = now, ...more] = moments;
      return compare({ db, connectionId, users, ...look }, first, first, ...more);
    },
    async hold(externalIds) {
      if (externalIds.length === 0) return;
      const holds = externalIds.map((external_id) => ({
        connection_id: connectionId,
        external_id,
        reason: 'A disagreement.',
      }));
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('record_holds').values(holds).execute();
        await settleBelow(trx, connectionId, externalIds);
      });
    },
  };
}
