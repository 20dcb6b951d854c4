import { sql } from 'kysely';
import type { World } from '../../sandbox/world/types.ts';
import { searchRecords } from '../../search/search.ts';
import { loadReadableAcls } from '../../store/visibility.ts';
import type { Connection } from '../../store/schema.ts';
import type { HarnessConnection, SyncHarness } from './harness.ts';

/** A world in the sandbox and a new connection to it: the only one of its harness. */
export interface OpenWorld {
  connection: HarnessConnection;
  /** External ids of what somebody with this verified email finds, sorted; 50 at most. */
  sees(email: string): Promise<string[]>;
  /** How many records he or she may read. */
  counts(email: string): Promise<number>;
}

/** Opens a world and syncs it once, unless told not to; everybody in it is known by email alone. */
export async function openWorld(
  harness: SyncHarness,
  world: World,
  options: { settings?: Connection['settings']; sync?: boolean } = {},
): Promise<OpenWorld> {
  const { db } = harness.database;
  const { faults, store } = harness.sandbox.context;
  await db.deleteFrom('connections').execute();
  await sql`delete from users`.execute(db);
  faults.clear();
  store.replace(structuredClone(world));
  const connection = await harness.connect({
    world,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
  if (options.sync !== false) await connection.sync();
  const users = new Map<string, string>();
  const userOf = async (email: string): Promise<string> => {
    const known = users.get(email);
    const userId =
      known ??
      (
        await db
          .insertInto('users')
          .values({ email, name: email, role: 'member', email_verified: true })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id;
    users.set(email, userId);
    return userId;
  };
  return {
    connection,
    async sees(email) {
      const asked = { q: '', connection: [connection.connectionId], limit: 50 };
      const { hits } = await searchRecords(db, { userId: await userOf(email) }, asked);
      return hits.map((hit) => hit.externalId).sort();
    },
    // The search counts up to a bound.
    async counts(email) {
      const readable = await loadReadableAcls(db, { userId: await userOf(email) });
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from records
        where connection_id = ${connection.connectionId} and state = 'indexed'
          and acl_id::text = any(${readable}::text[])`.execute(db);
      return rows[0]?.count ?? 0;
    },
  };
}
