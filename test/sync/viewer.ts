import { searchRecords } from '../../search/search.ts';
import type { SyncHarness } from './harness.ts';

/** Makes a user of Sluice who is known to be this account, and returns what he or she finds at any later moment. */
export async function addViewer(
  { database: { db } }: SyncHarness,
  accountId: string,
): Promise<(connectionId: string) => Promise<{ total: number; first: string[] }>> {
  const { id: userId } = await db
    .insertInto('users')
    .values({ email: `${accountId}@viewer.example`, name: accountId, role: 'member', email_verified: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('user_accounts')
    .values({ user_id: userId, account_id: accountId, source: 'grant' })
    .execute();
  return async (connectionId) => {
    const page = await searchRecords(db, { userId }, { q: '', connection: [connectionId], limit: 50 });
    return { total: page.totalVisible, first: page.hits.map((hit) => hit.externalId).sort() };
  };
}
