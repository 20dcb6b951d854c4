import { apply } from '../oracle/changes.ts';
import { buildCompany } from '../oracle/company.ts';
import { openCompany, type OpenCompany } from '../sync/company.ts';
import type { Difference } from '../sync/differences.ts';
import type { SyncHarness } from '../sync/harness.ts';
import type { Story } from './story.ts';

/** What a proof has done and found so far; pairs are counted in test/sync/differences.ts. */
export interface Tally {
  worlds: number;
  changes: number;
  syncs: number;
  failures: number;
  /** Moments at which everything was looked at, those within a sync among them. */
  looks: number;
  leaks: number;
  hidden: number;
}

/** Something that was wrong, and where in the story. */
export interface Finding {
  seed: number;
  round: number;
  what: string;
  differences: Difference[];
}

/** Lets one story happen, and looks at everything that everybody is shown at every turn. */
export async function tell(harness: SyncHarness, story: Story, tally: Tally): Promise<Finding[]> {
  const { faults, store } = harness.sandbox.context;
  const found: Finding[] = [];
  const company = buildCompany(story.plan);
  const open = await openCompany(harness, company, undefined, {
    limit: 50,
    looksEverywhere: (_, at) => (at + tally.looks) % 8 === 0,
  });
  const note = (round: number, what: string, differences: Difference[]): void => {
    tally.looks += 1;
    tally.leaks += count(differences, 'leaked');
    tally.hidden += count(differences, 'hidden');
    if (differences.length > 0) found.push({ seed: story.seed, round, what, differences });
  };
  const exactly = async (round: number): Promise<void> => {
    tally.syncs += 1;
    const { state, message } = await open.connection.sync();
    const differences = state === 'succeeded' ? await open.differences() : unread(message);
    note(round, `after a sync that ${state}`, differences);
  };

  tally.worlds += 1;
  await exactly(0);
  for (const [at, { changes, kind, failures }] of story.rounds.entries()) {
    const before = store.snapshot();
    apply(store, changes, company);
    tally.changes += changes.length;
    if (changes.length === 1) {
      for (const failure of failures) faults.add(failure);
      await during(open, harness, kind, async () => {
        note(at + 1, `in or after a spoiled ${kind} run`, await open.leaks(before));
      });
      tally.syncs += 1;
      tally.failures += faults.rules().reduce((sum, { hits }) => sum + hits, 0);
      faults.clear();
    }
    await exactly(at + 1);
  }
  return found;
}

/** Looks once while a run goes on, and once when it is over. */
async function during(
  { connection }: OpenCompany,
  { database: { db } }: SyncHarness,
  kind: 'full' | 'incremental' | 'permissions' | 'sweep',
  look: () => Promise<void>,
): Promise<void> {
  const runId = await connection.start(kind);
  const { finished_at } = await db
    .selectFrom('sync_runs')
    .select('finished_at')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  if (finished_at === null) await look();
  await connection.ended(runId);
  await look();
}

function count(differences: readonly Difference[], side: 'leaked' | 'hidden'): number {
  return new Set(differences.flatMap((one) => one[side].map((id) => `${one.email} ${id}`))).size;
}

/** A run that should have gone well and did not is told like a difference. */
function unread(message: string | null): Difference[] {
  return [{ email: '', accountId: null, way: 'records', leaked: [], hidden: [message ?? 'no message'] }];
}
