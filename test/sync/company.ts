import type { Company } from '../oracle/company.ts';
import type { HarnessConnection, HarnessOptions, SyncHarness } from './harness.ts';
import { compare, makeUsers, type Difference, type KnownUser } from './shown.ts';

/** A company in the sandbox, a new connection to it, and its people as users: the only ones of their harness. */
export interface OpenCompany {
  connection: HarnessConnection;
  users: KnownUser[];
  /** What is shown now, against what the oracle allows in the world as it is now, or as it is given. */
  differences(world?: Company['world']): Promise<Difference[]>;
}

export async function openCompany(
  harness: SyncHarness,
  company: Company,
  token?: HarnessOptions['token'],
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
  });
  return {
    connection,
    users,
    differences: (world = store.snapshot()) => compare(db, connection.connectionId, users, { world }),
  };
}
