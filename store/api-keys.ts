import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import { administersThrough } from './group-roles.ts';
import type { Database, Db } from './schema.ts';

export type ApiKey = Selectable<Database['api_keys']>;
export type OwnedApiKey = ApiKey & { owner_email: string };

/** Keys with their owners' emails, newest first: one user's, or everybody's. */
export function listApiKeys(db: Db, ownerId: string | null): Promise<OwnedApiKey[]> {
  let query = db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .selectAll('api_keys')
    .select('users.email as owner_email')
    .orderBy('api_keys.created_at', 'desc')
    .limit(1_000);
  if (ownerId !== null) query = query.where('api_keys.user_id', '=', ownerId);
  return query.execute();
}

export function findApiKey(db: Db, id: string): Promise<ApiKey | undefined> {
  return db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

export function insertApiKey(db: Db, key: Insertable<Database['api_keys']>): Promise<ApiKey> {
  return db.insertInto('api_keys').values(key).returningAll().executeTakeFirstOrThrow();
}

/**
 * A key that is good now, with its active owner, found by the SHA-256 of the key. `through`: the group that makes the
 * owner an administrator (store/group-roles.ts).
 */
export function findLiveKey(db: Db, hash: Buffer) {
  return db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .select([
      'api_keys.id as keyId',
      'api_keys.scopes',
      'api_keys.last_used_at as lastUsedAt',
      'users.id as userId',
      'users.email',
      'users.name',
      'users.role',
    ])
    .select(administersThrough(sql.ref('users.id')).as('through'))
    .where('api_keys.key_hash', '=', hash)
    .where('api_keys.revoked_at', 'is', null)
    .where((where) =>
      where.or([
        where('api_keys.expires_at', 'is', null),
        where('api_keys.expires_at', '>', sql<Date>`now()`),
      ]),
    )
    .where('users.active', '=', true)
    .executeTakeFirst();
}

/** Notes the use at most once a minute: a busy key must not become a busy row. */
export async function touchApiKey(db: Db, id: string): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('last_used_at', 'is', null),
        where('last_used_at', '<', sql<Date>`now() - interval '1 minute'`),
      ]),
    )
    .execute();
}

/** Revokes one key, or with `userId` all of a user's. */
export async function revokeApiKeys(db: Db, which: { id: string } | { userId: string }): Promise<void> {
  const query = db
    .updateTable('api_keys')
    .set({ revoked_at: sql<Date>`now()` })
    .where('revoked_at', 'is', null);
  await (
    'id' in which ? query.where('id', '=', which.id) : query.where('user_id', '=', which.userId)
  ).execute();
}
