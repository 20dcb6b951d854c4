import { sql, type Kysely, type RawBuilder } from 'kysely';
import { decide, leavesOut, type Wanted } from '../scope/decide.ts';
import type { Database, Db } from './schema.ts';
import { eachFacts } from './scope-facts.ts';
import { applyFlips, flipOf, type Flip, type Flipped } from './scope-flips.ts';
import { loadWanted } from './scope-wanted.ts';
import { keepFromSettling } from './settle-lock.ts';

/** Differences in memory at once; behind them the walk begins again. */
const mostHeld = 20_000;
/** Records of one transaction. */
const perTransaction = 1_000;

export interface DecideOptions {
  /** The run that decides; absent: none does. */
  runId?: string;
  /** A condition on `r` that narrows what is decided. */
  within?: RawBuilder<boolean>;
  /** Called between batches; what it throws is thrown on, with what is written kept. */
  onProgress?(records: number): void;
  /** Called last in each transaction that has written something. */
  onWritten?(trx: Db, flipped: Flipped): Promise<void>;
}

/**
 * Decides of a connection's stored records whether they are wanted, and writes what is different from what is stored,
 * batch by batch, each in one transaction. Killed at any moment, the next call does the rest. Where no rule can leave
 * anything out and nothing is left out, it is one cheap question.
 */
export async function decideRecords(
  db: Kysely<Database>,
  connectionId: string,
  wanted: Wanted,
  { runId, within, onProgress, onWritten }: DecideOptions = {},
): Promise<Omit<Flipped, 'counted'>> {
  const total = { leftOut: 0, takenIn: 0 };
  const leaves = leavesOut(wanted);
  if (!leaves && !(await isAnythingLeftOut(db, connectionId))) return total;
  // Without a rule, only what is left out can be in another state than it should be.
  const narrowed = leaves
    ? within
    : sql<boolean>`r.state in ('filtered', 'manual') and ${within ?? sql`true`}`;
  for (let after: string | null = ''; after !== null;) {
    const flips: Flip[] = [];
    let last: string | null = null;
    await eachFacts(
      db,
      connectionId,
      wanted,
      (batch) => {
        for (const facts of batch) {
          const flip = flipOf(facts, decide(wanted, facts.item, facts.container));
          if (flip !== null) flips.push(flip);
        }
        onProgress?.(batch.length);
        if (flips.length < mostHeld) return true;
        last = batch.at(-1)?.item.externalId ?? null;
        return false;
      },
      { after, ...(narrowed === undefined ? {} : { within: narrowed }) },
    );
    for (let start = 0; start < flips.length; start += perTransaction) {
      const some = flips.slice(start, start + perTransaction);
      const flipped = await db.transaction().execute(async (trx) => {
        await keepFromSettling(trx, connectionId);
        const written = await applyFlips(trx, connectionId, runId ?? null, some);
        await onWritten?.(trx, written);
        return written;
      });
      total.leftOut += flipped.leftOut;
      total.takenIn += flipped.takenIn;
      onProgress?.(0);
    }
    after = last;
  }
  return total;
}

/**
 * Decides at once by the settings in force, without a run: what somebody has just un-indexed is hidden, and its body
 * deleted, when this returns. What is taken in waits for the next run, which reads it.
 * @param within a condition on `r` (records); absent: all of the connection
 */
export async function decideNow(
  db: Kysely<Database>,
  connectionId: string,
  within?: RawBuilder<boolean>,
): Promise<Omit<Flipped, 'counted'>> {
  const connection = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', connectionId)
    .executeTakeFirst();
  if (connection === undefined) return { leftOut: 0, takenIn: 0 };
  const wanted = await loadWanted(db, connectionId, connection.settings);
  return decideRecords(db, connectionId, wanted, within === undefined ? {} : { within });
}

async function isAnythingLeftOut(db: Db, connectionId: string): Promise<boolean> {
  const { rows } = await sql`
    select from records where connection_id = ${connectionId} and state in ('filtered', 'manual') limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
