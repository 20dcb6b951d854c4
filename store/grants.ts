import { randomUUID } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { GrantVault, OpenGrant, Rotation } from '../atlassian/token-source.ts';
import type { Cipher } from './encryption.ts';
import type { Database } from './schema.ts';

/** A consent just given, as the callback has it. `accessExpiresAt` is by our clock. */
export interface NewGrant {
  oauthAppId: string;
  accountId: string;
  accountName: string;
  accountEmail: string | null;
  scopes: string[];
  accessToken: string;
  refreshToken: string | null;
  accessExpiresAt: Date;
}

/**
 * Stores a consent and returns the grant's id. Atlassian keeps one grant per app and account, and a new consent
 * overrides the one before: so does this, and a dead grant lives again.
 */
export async function saveGrant(db: Kysely<Database>, cipher: Cipher, grant: NewGrant): Promise<string> {
  return db.transaction().execute(async (tx) => {
    // The id is part of what seals the tokens, so the row comes first: it also locks out a refresh under way.
    const { id } = await tx
      .insertInto('grants')
      .values({
        id: randomUUID(),
        oauth_app_id: grant.oauthAppId,
        account_id: grant.accountId,
        access_token: Buffer.alloc(0),
        access_expires_at: grant.accessExpiresAt,
      })
      .onConflict((conflict) =>
        conflict.columns(['oauth_app_id', 'account_id']).doUpdateSet({ updated_at: sql<Date>`now()` }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('grants')
      .set({
        account_name: grant.accountName,
        account_email: grant.accountEmail,
        scopes: grant.scopes,
        access_token: cipher.seal(grant.accessToken, place(id, 'access_token')),
        access_expires_at: grant.accessExpiresAt,
        refresh_token: sealed(cipher, id, 'refresh_token', grant.refreshToken),
        previous_refresh_token: null,
        rotated_at: sql<Date>`now()`,
        // A consent overrides the one before: from here its year is counted, and a step under way takes it up.
        created_at: sql<Date>`clock_timestamp()`,
        state: 'active',
        dead_cause: null,
        updated_at: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .execute();
    return id;
  });
}

/** Grants as the token source needs them. `now` is for tests. */
export function createGrantVault(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  now?: () => Date;
}): GrantVault {
  const { db, cipher } = deps;
  const now = deps.now ?? (() => new Date());
  return {
    read: (grantId) => readGrant(db, cipher, grantId, false),
    async underLock(grantId, decide, withinMs) {
      return db.transaction().execute(async (tx) => {
        // The connection and the lock are held while Atlassian is asked: neither longer than this.
        const limit = `${Math.round(withinMs)}ms`;
        await sql`select set_config('lock_timeout', ${limit}, true),
          set_config('idle_in_transaction_session_timeout', ${limit}, true)`.execute(tx);
        const grant = await readGrant(tx, cipher, grantId, true);
        if (grant === null) return null;
        return store(tx, cipher, grantId, grant, await decide(grant), now());
      });
    },
  };
}

async function readGrant(
  db: Kysely<Database>,
  cipher: Cipher,
  grantId: string,
  lock: boolean,
): Promise<OpenGrant | null> {
  const query = db
    .selectFrom('grants')
    .innerJoin('oauth_apps', 'oauth_apps.id', 'grants.oauth_app_id')
    .selectAll('grants')
    .select(['oauth_apps.id as app_id', 'oauth_apps.client_id', 'oauth_apps.client_secret'])
    .where('grants.id', '=', grantId);
  const row = await (lock ? query.forUpdate('grants') : query).executeTakeFirst();
  if (row === undefined) return null;
  const open = (column: string, value: Buffer | null) =>
    value === null ? null : cipher.open(value, place(grantId, column));
  return {
    clientId: row.client_id,
    clientSecret: cipher.open(row.client_secret, {
      table: 'oauth_apps',
      row: row.app_id,
      column: 'client_secret',
    }),
    accessToken: cipher.open(row.access_token, place(grantId, 'access_token')),
    expiresAt: row.access_expires_at,
    refreshToken: open('refresh_token', row.refresh_token),
    previousRefreshToken: open('previous_refresh_token', row.previous_refresh_token),
    rotatedAt: row.rotated_at,
    state: row.state,
    deadCause: row.dead_cause,
  };
}

async function store(
  tx: Transaction<Database>,
  cipher: Cipher,
  id: string,
  grant: OpenGrant,
  rotation: Rotation,
  at: Date,
): Promise<OpenGrant> {
  if (rotation.kind === 'keep') return grant;
  if (rotation.kind === 'dead') {
    await tx
      .updateTable('grants')
      .set({ state: 'dead', dead_cause: rotation.cause, updated_at: sql<Date>`now()` })
      .where('id', '=', id)
      .execute();
    return { ...grant, state: 'dead', deadCause: rotation.cause };
  }
  const { tokens } = rotation;
  // An answer without a refresh token leaves the one we have in force (RFC 6749, section 6).
  const next: OpenGrant = {
    ...grant,
    accessToken: tokens.accessToken,
    expiresAt: tokens.expiresAt,
    refreshToken: tokens.refreshToken ?? grant.refreshToken,
    previousRefreshToken: tokens.refreshToken === null ? grant.previousRefreshToken : grant.refreshToken,
    rotatedAt: at,
  };
  await tx
    .updateTable('grants')
    .set({
      access_token: cipher.seal(next.accessToken, place(id, 'access_token')),
      access_expires_at: next.expiresAt,
      refresh_token: sealed(cipher, id, 'refresh_token', next.refreshToken),
      previous_refresh_token: sealed(cipher, id, 'previous_refresh_token', next.previousRefreshToken),
      rotated_at: at,
      ...(tokens.scopes.length > 0 ? { scopes: tokens.scopes } : {}),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .execute();
  return next;
}

function place(row: string, column: string) {
  return { table: 'grants', row, column };
}

function sealed(cipher: Cipher, row: string, column: string, value: string | null): Buffer | null {
  return value === null ? null : cipher.seal(value, place(row, column));
}
