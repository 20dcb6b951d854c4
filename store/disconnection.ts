import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { budgetKey, limitKey } from './limit-keys.ts';
import { openRunStates } from './run-state.ts';
import type { Database, Db, NoticeCode } from './schema.ts';

/**
 * The tables that hold rows of a connection, in the order in which they are emptied: what hangs on what comes before it.
 * A test holds this against the database. What hangs on their rows alone (bodies, search words, logs) goes with them.
 */
export const connectionTables = [
  'records',
  'attachment_texts',
  'record_choices',
  'record_events',
  'record_selections',
  'content_access',
  'acls',
  'acl_layers',
  'spaces',
  'outside_spaces',
  'space_due',
  'group_members',
  'atlassian_groups',
  'account_reach',
  'atlassian_accounts',
  'permission_due',
  'permission_changes',
  'permission_checks',
  'permission_readings',
  'permission_freshness',
  'record_holds',
  'confluence_audit',
  'vanished',
  'removals',
  'deletion_brakes',
  'sweep_seen',
  'sweep_parts',
  'discussion_due',
  'checkpoints',
  'sync_failures',
  'dry_runs',
  'sync_runs',
  'authorize_links',
  'notices',
] as const;

/** Rows that a transaction deletes: a second or so where each has a body and search words. */
const batchRows = 2_000;
const lookEveryMs = 250;

/** Rows of a connection by table, but for those that hang on others' rows alone. */
export async function countConnectionRows(db: Db, connectionId: string): Promise<Map<string, number>> {
  const counts = connectionTables.map(
    (table) =>
      sql`select ${table}::text as name, count(*) as n from ${sql.table(table)} where connection_id = ${connectionId}`,
  );
  const { rows } = await sql<{ name: string; n: string }>`${sql.join(counts, sql` union all `)}`.execute(db);
  return new Map(rows.map(({ name, n }) => [name, Number(n)]));
}

/** Notes how much there is to delete, before the first batch. */
export async function beginDeletion(db: Db, connectionId: string, total: number): Promise<void> {
  await sql`update connections set deletion_total = ${total}, deletion_done = 0 where id = ${connectionId}`.execute(
    db,
  );
}

/**
 * Deletes everything of a connection that is being disconnected, batch by batch. Idempotent, and goes on wherever one
 * before it stopped; does nothing to a connection that is not being disconnected.
 * @param options `patienceMs`: how long the last steps of its cancelled runs are waited for; they stop within about a
 * second, and those of a worker that died never. `between` is called between batches and may throw.
 */
export async function deleteConnectionRows(
  db: Kysely<Database>,
  connectionId: string,
  { patienceMs, between }: { patienceMs: number; between: (what: string) => void },
): Promise<void> {
  if (!(await unfinishedDeletions(db)).includes(connectionId)) return;
  const giveUp = Date.now() + patienceMs;
  while (Date.now() < giveUp && (await hasOpenRun(db, connectionId))) {
    between('waiting for the last steps');
    await sleep(lookEveryMs);
  }
  await db.transaction().execute((trx) => dropCredential(trx, connectionId));
  while (await deleteConnectionBatch(db, connectionId)) between('deleting');
  await deleteConnectionRow(db, connectionId);
}

async function hasOpenRun(db: Db, connectionId: string): Promise<boolean> {
  const run = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('state', 'in', openRunStates)
    .limit(1)
    .executeTakeFirst();
  return run !== undefined;
}

/**
 * Deletes the next rows of a connection and notes how many are gone, in one transaction: whoever goes on after a crash
 * finds what is left by looking.
 * @returns false when there is nothing left but the connection itself
 */
async function deleteConnectionBatch(db: Db, connectionId: string): Promise<boolean> {
  for (const table of connectionTables) {
    const deleted = await db.transaction().execute(async (trx) => {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(
          select ctid from ${sql.table(table)} where connection_id = ${connectionId} limit ${batchRows}))`.execute(
        trx,
      );
      if (numAffectedRows > 0n) {
        await sql`
          update connections set deletion_done = least(deletion_done + ${numAffectedRows.toString()}::bigint, deletion_total)
          where id = ${connectionId}`.execute(trx);
      }
      return numAffectedRows;
    });
    if (deleted > 0n) return true;
  }
  return false;
}

/**
 * Takes a connection's credential: its token, and the consent where neither another connection nor a person uses it.
 * What was stored of it is gone with this transaction.
 */
export async function dropCredential(trx: Db, connectionId: string): Promise<void> {
  await sql`
    with was as (select id, grant_id from connections where id = ${connectionId} for update),
    emptied as (
      update connections c set grant_id = null, api_token = null, api_email = null
      from was where c.id = was.id and (c.grant_id is not null or c.api_token is not null or c.api_email is not null))
    delete from grants g using was
    where g.id = was.grant_id
      and not exists (select from user_grants u where u.grant_id = g.id)
      and not exists (select from connections c where c.grant_id = g.id and c.id <> ${connectionId})`.execute(
    trx,
  );
}

/**
 * The end of a disconnection: the row, whatever a last step has stored meanwhile (foreign keys cascade), what its
 * requests cost, its notices, and an app that was typed by hand for it alone.
 */
async function deleteConnectionRow(db: Db, connectionId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await dropCredential(trx, connectionId);
    const gone = await trx
      .deleteFrom('connections')
      .where('id', '=', connectionId)
      .returning('oauth_app_id')
      .executeTakeFirst();
    const keys = [budgetKey.connection(connectionId), limitKey.rate(connectionId)];
    const own = sql`(budget = any(${keys}::text[]) or starts_with(budget, ${`${keys[0]} at `}))`;
    await sql`delete from rate_limits where ${own}`.execute(trx);
    await sql`delete from points_ledger where ${own}`.execute(trx);
    if (gone?.oauth_app_id == null) return;
    await sql`
      delete from oauth_apps a where a.id = ${gone.oauth_app_id} and not a.listed
        and not exists (select from connections c where c.oauth_app_id = a.id)
        and not exists (select from grants g where g.oauth_app_id = a.id)`.execute(trx);
  });
}

/** Who else uses the consent that a connection reads with: other connections by name, and how many people. */
export async function otherUsesOfGrant(
  db: Db,
  connectionId: string,
): Promise<{ connections: string[]; people: number }> {
  const { rows } = await sql<{ connections: string[] | null; people: string }>`
    select (select array_agg(o.name order by o.name) from connections o where o.grant_id = c.grant_id and o.id <> c.id)
        as connections,
      (select count(*) from user_grants u where u.grant_id = c.grant_id) as people
    from connections c where c.id = ${connectionId}`.execute(db);
  return { connections: rows[0]?.connections ?? [], people: Number(rows[0]?.people ?? 0) };
}

/** Connections whose deletion has begun and not ended. */
export async function unfinishedDeletions(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('connections')
    .select('id')
    .where('status', '=', 'disconnecting')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Ends every open notice of a connection; who was told of its beginning is told of its end. */
export async function openNoticesOf(
  db: Db,
  connectionId: string,
): Promise<{ code: NoticeCode; subject: string }[]> {
  return db
    .selectFrom('notices')
    .select(['code', 'subject'])
    .where('connection_id', '=', connectionId)
    .where('ended_at', 'is', null)
    .execute();
}
