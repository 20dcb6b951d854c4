import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncRun } from '../../store/schema.ts';
import type { SyncHarness } from './harness.ts';

/** Looks at a run until something is so; the test's own time limit ends it. @throws where the run ended before */
export async function runWhen(
  harness: Pick<SyncHarness, 'database'>,
  runId: string,
  is: (run: SyncRun) => boolean,
): Promise<SyncRun> {
  for (;;) {
    const run = await harness.database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    if (is(run)) return run;
    if (run.finished_at !== null) {
      throw new Error(`The run ended as ${run.state} (${run.cause ?? 'no cause'}: ${run.message ?? ''}).`);
    }
    await sleep(20);
  }
}
