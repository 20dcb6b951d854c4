import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** How many things go with a person, and how many connections of theirs stay. */
export async function countBelongings(db: Db, userId: string) {
  const { rows } = await sql<Record<'sessions' | 'apiKeys' | 'consents' | 'connections', number>>`
    select
      (select count(*) from sessions where sess->>'userId' = ${userId} and expire > now())::int as "sessions",
      (select count(*) from api_keys where user_id = ${userId} and revoked_at is null)::int as "apiKeys",
      (select count(*) from user_grants where user_id = ${userId})::int as "consents",
      (select count(*) from connections where created_by = ${userId})::int as "connections"`.execute(db);
  return rows[0] ?? { sessions: 0, apiKeys: 0, consents: 0, connections: 0 };
}

/** Deletes a person with all that is theirs alone. @returns ids of the consents that they had given */
export async function deleteUser(db: Db, userId: string): Promise<string[]> {
  const grants = await db
    .selectFrom('user_grants')
    .select('grant_id')
    .where('user_id', '=', userId)
    .execute();
  await db.deleteFrom('users').where('id', '=', userId).execute();
  return grants.map((row) => row.grant_id);
}
