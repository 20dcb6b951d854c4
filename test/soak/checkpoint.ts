import { sql } from 'kysely';
import { leaksIn } from '../sync/canaries.ts';
import { compare } from '../sync/differences.ts';
import { recordsOfSource, recordsStored, type RecordRow } from '../sync/source-records.ts';
import { truthOf } from '../sync/shown-as-source.ts';
import { count, type SoakReport } from './report.ts';
import type { Stage } from './stage.ts';

/** After these everything has been read that there is to be read. */
const readAll = ['incremental', 'sweep', 'permissions', 'incremental'] as const;

/** At rest: what is stored, and what everybody is shown, must be exactly what the source has. */
export async function checkpoint(stage: Stage, report: SoakReport, hour: number): Promise<void> {
  // The feeds and the index have caught up by now.
  stage.sandbox.context.clock.advance(30 * 60_000);
  for (const kind of readAll) {
    const run = await stage.run(kind);
    count(report.runs, `${kind} ${run.state}`);
    if (run.state !== 'succeeded' || run.failed !== '0')
      note(
        report,
        'unexplained',
        1,
        `hour ${hour}: ${kind} ${run.state}, ${run.failed} failed: ${run.message}`,
      );
    await answerBrakes(stage);
  }
  await compareRecords(stage, report, hour);
  await compareShown(stage, report, hour);
  await compareCounters(stage, report, hour);
  report.checkpoints += 1;
}

/** An administrator who is asked about deletions knows that they were meant. */
export async function answerBrakes({ harness }: Stage): Promise<void> {
  await harness.database.db
    .updateTable('deletion_brakes')
    .set({ state: 'confirmed', decided_at: sql<Date>`now()` })
    .where('state', '=', 'asked')
    .execute();
}

export async function findSecrets({ harness, output }: Stage, report: SoakReport): Promise<void> {
  const places = await leaksIn(harness, output);
  note(report, 'secrets', places.length, `a secret stands in ${places.join(', ')}`);
}

async function compareRecords({ harness }: Stage, report: SoakReport, hour: number): Promise<void> {
  const { db } = harness.database;
  const { settings } = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', harness.connectionId)
    .executeTakeFirstOrThrow();
  const source = byId(recordsOfSource(harness.sandbox.context.store.snapshot(), settings));
  const stored = await recordsStored(db, harness.connectionId);
  const here = byId(stored);
  report.records = stored.length;
  const missing = [...source.keys()].filter((id) => !here.has(id));
  const holding = placesThatHold(source);
  const lost = missing.filter((id) => isWritten(source.get(id)) || holding.has(id));
  report.emptyPlaces = missing.length - lost.length;
  const above = new Set(stored.map((row) => row.above));
  // A folder that is gone stays, hidden, while something hangs below it.
  const surplus = [...here.keys()].filter(
    (id) => !source.has(id) && (isWritten(here.get(id)) || !above.has(id)),
  );
  const twice = stored.length - here.size;
  note(report, 'lost', lost.length, `hour ${hour}: not here: ${tell(lost, source)}`);
  note(report, 'doubled', surplus.length + twice, `hour ${hour}: too much here: ${tell(surplus, here)}`);
  for (const [id, row] of source) {
    const other = here.get(id);
    if (other === undefined) continue;
    const differing = (Object.keys(row) as (keyof RecordRow)[]).filter(
      (key) => JSON.stringify(row[key]) !== JSON.stringify(other[key]),
    );
    const words = differing.map(
      (key) => `${key} ${JSON.stringify(other[key])} for ${JSON.stringify(row[key])}`,
    );
    note(
      report,
      'stale',
      differing.length === 0 ? 0 : 1,
      `hour ${hour}: ${row.kind} ${id}: ${words.join(', ')}`,
    );
  }
}

async function compareShown(stage: Stage, report: SoakReport, hour: number): Promise<void> {
  const { harness, users } = stage;
  const { db } = harness.database;
  const { connectionId } = harness;
  const { held = [] } = await truthOf(db, connectionId, stage.sandbox.context.store.snapshot());
  const stored = new Set((await recordsStored(db, connectionId)).map(({ id }) => id));
  const differences = await compare(
    { db, connectionId, users, limit: 50, stored },
    { ...stage.truth(), held },
  );
  for (const one of differences) {
    const words = (ids: string[]) => `hour ${hour}: ${one.email} by ${one.way}: ${ids.slice(0, 8).join(' ')}`;
    note(report, 'leaked', one.leaked.length, `shown and not allowed, ${words(one.leaked)}`);
    note(report, 'hidden', one.hidden.length, `owed and not shown, ${words(one.hidden)}`);
  }
}

async function compareCounters({ harness }: Stage, report: SoakReport, hour: number): Promise<void> {
  const { rows } = await sql<{ kind: string; text: string }>`
    select kind, concat_ws(' ', seen, indexed, unchanged, filtered, failed, deleted) as text from sync_runs
    where seen <> indexed + unchanged + filtered + failed + deleted`.execute(harness.database.db);
  report.unbalanced = 0;
  for (const { kind, text } of rows)
    note(report, 'unbalanced', 1, `hour ${hour}: ${kind} run counted ${text}`);
}

type Finding = 'lost' | 'doubled' | 'stale' | 'leaked' | 'hidden' | 'unbalanced' | 'secrets' | 'unexplained';

/** Counts what was wrong, and keeps the words of the first. */
export function note(report: SoakReport, finding: Finding, times: number, words: string): void {
  report[finding] += times;
  if (times > 0 && report.findings.length < 40) report.findings.push(`${finding}, ${words}`);
}

/** Folders, databases and the like that have a page below them, at whatever depth. */
function placesThatHold(rows: ReadonlyMap<string, RecordRow>): ReadonlySet<string> {
  const holding = new Set<string>();
  for (const row of rows.values()) {
    if (row.kind !== 'page') continue;
    for (let at = row.above; at !== null && !holding.has(at); at = rows.get(at)?.above ?? null)
      holding.add(at);
  }
  return holding;
}

/** Confluence lists no folders: one that comes back with nothing in it is found by the next full run. */
function isWritten(row: RecordRow | undefined): boolean {
  return row !== undefined && !['folder', 'whiteboard', 'database', 'embed'].includes(row.kind);
}

function byId(rows: readonly RecordRow[]): Map<string, RecordRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

function tell(ids: readonly string[], rows: ReadonlyMap<string, RecordRow>): string {
  return ids
    .slice(0, 12)
    .map((id) => `${rows.get(id)?.kind} ${id} in ${rows.get(id)?.space}`)
    .join(', ');
}
