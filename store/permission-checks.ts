import { sql } from 'kysely';
import type { Layer } from '../permissions/types.ts';
import { disagreement } from './permission-due.ts';
import { rowsAs } from './rows.ts';
import type { Db, PermissionDueKind } from './schema.ts';
import { settleBelow } from './settle-below.ts';

/** One answer of ours beside Confluence's. */
export interface Compared {
  accountId: string;
  externalId: string;
  ours: boolean;
  theirs: boolean;
}

/** A disagreement that is not resolved yet. */
export interface OpenCheck {
  id: string;
  accountId: string;
  externalId: string;
  ours: boolean;
}

/** Agreed answers are kept this long, for the rate over time. */
const keptDays = 90;

export async function saveAgreed(db: Db, connectionId: string, agreed: readonly Compared[]): Promise<void> {
  const rows = agreed.map(({ accountId, externalId, ours, theirs }) => ({
    account_id: accountId,
    external_id: externalId,
    ours,
    theirs,
  }));
  await sql`
    insert into permission_checks (connection_id, account_id, external_id, ours, theirs, state)
    select ${connectionId}, account_id, external_id, ours, theirs, 'agreed'
    from ${rowsAs(rows, 'account_id text, external_id text, ours boolean, theirs boolean')}`.execute(db);
  await sql`
    delete from permission_checks where connection_id = ${connectionId} and state <> 'open'
      and at < now() - ${`${keptDays} days`}::interval`.execute(db);
}

/** Confluence did not let us ask, or could not answer; `reason` in its words. Earlier ones of the same kind go. */
export async function saveUnanswered(
  db: Db,
  connectionId: string,
  pair: { accountId: string; externalId: string; ours: boolean },
  reason: string,
): Promise<void> {
  await db
    .deleteFrom('permission_checks')
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'unanswered')
    .execute();
  await db
    .insertInto('permission_checks')
    .values({
      connection_id: connectionId,
      account_id: pair.accountId,
      external_id: pair.externalId,
      ours: pair.ours,
      theirs: null,
      state: 'unanswered',
      resolution: reason,
    })
    .execute();
}

/**
 * Keeps a disagreement, once for a pair, and asks for everything that led to our answer to be read again. Where we were
 * too open the item is hidden from everybody at once, with what hangs below it. Call it in a transaction.
 * @param verdicts our layers with their verdicts, for people
 */
export async function saveDisagreement(
  trx: Db,
  connectionId: string,
  compared: Compared,
  verdicts: readonly { layer: Layer; admitted: boolean }[],
  due: readonly { kind: PermissionDueKind; sourceId: string }[],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with known as (
      select id from permission_checks where connection_id = ${connectionId} and state = 'open'
        and account_id = ${compared.accountId} and external_id = ${compared.externalId} and ours = ${compared.ours}),
    made as (
      insert into permission_checks (connection_id, account_id, external_id, ours, theirs, state, layers)
      select ${connectionId}, ${compared.accountId}, ${compared.externalId}, ${compared.ours}, ${compared.theirs},
        'open', ${JSON.stringify(verdicts)}::jsonb
      where not exists (select from known) returning id)
    select id from known union all select id from made`.execute(trx);
  if (compared.ours) {
    const reason = 'Confluence says that somebody may not see this whom our layers admit.';
    await sql`
      insert into record_holds (connection_id, external_id, check_id, reason)
      values (${connectionId}, ${compared.externalId}, ${rows[0]?.id ?? null}, ${reason})
      on conflict (connection_id, external_id) do nothing`.execute(trx);
    await settleBelow(trx, connectionId, [compared.externalId]);
  }
  await askAgain(trx, connectionId, due);
}

/** Things that the next permission sync reads before anything else. */
export async function askAgain(
  db: Db,
  connectionId: string,
  due: readonly { kind: PermissionDueKind; sourceId: string }[],
): Promise<void> {
  if (due.length === 0) return;
  const rows = due.map(({ kind, sourceId }) => ({ kind, source_id: sourceId }));
  await sql`
    insert into permission_due (connection_id, kind, source_id, reason)
    select distinct ${connectionId}::uuid, kind, source_id, ${disagreement}
    from ${rowsAs(rows, 'kind text, source_id text')}
    on conflict do nothing`.execute(db);
}

export async function loadOpenChecks(db: Db, connectionId: string, limit: number): Promise<OpenCheck[]> {
  const rows = await db
    .selectFrom('permission_checks')
    .select(['id', 'account_id', 'external_id', 'ours'])
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'open')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    externalId: row.external_id,
    ours: row.ours,
  }));
}

/**
 * Closes a disagreement. The item is shown again, to whom its layers admit, unless another one about it is open. Call it
 * in a transaction.
 */
export async function resolveCheck(
  trx: Db,
  connectionId: string,
  check: OpenCheck,
  resolution: string,
): Promise<void> {
  await trx
    .updateTable('permission_checks')
    .set({ state: 'resolved', resolved_at: new Date(), resolution })
    .where('id', '=', check.id)
    .execute();
  const { numAffectedRows } = await sql`
    delete from record_holds h where h.connection_id = ${connectionId} and h.external_id = ${check.externalId}
      and not exists (select from permission_checks c where c.connection_id = h.connection_id
        and c.external_id = h.external_id and c.state = 'open' and c.ours)`.execute(trx);
  if (Number(numAffectedRows ?? 0n) > 0) await settleBelow(trx, connectionId, [check.externalId]);
}
