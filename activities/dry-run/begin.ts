import { listAllSpaces } from '../../atlassian/confluence/all-spaces.ts';
import { NotFound } from '../../errors.ts';
import { spaceReason } from '../../scope/decide.ts';
import {
  loadDryRun,
  loadDryRunCheckpoint,
  loadDryRunSpaces,
  saveDryRunCheckpoint,
  saveDryRunSpaces,
  type DryRunSpace,
  type DryRunSpaceWrite,
} from '../../store/dry-runs.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import { loadWanted } from '../../store/scope-wanted.ts';
import type { ConnectionSettings, Db } from '../../store/schema.ts';
import type { Wanted } from '../../scope/wanted.ts';
import type { SyncContext } from '../context.ts';

/** By what a dry run decides: its own settings, whatever is saved meanwhile. */
export async function wantedOfDryRun(
  db: Db,
  { connectionId, runId }: Pick<SyncContext, 'connectionId' | 'runId'>,
): Promise<{ wanted: Wanted; settings: ConnectionSettings }> {
  const plan = await loadDryRun(db, runId);
  if (plan === undefined) throw new NotFound('The dry run');
  return { wanted: await loadWanted(db, connectionId, plan.settings), settings: plan.settings };
}

/** The site's spaces, each with the rule that leaves it out. What was listed before a worker died stays. */
export async function listDryRunSpaces(context: SyncContext): Promise<void> {
  const { db, runId } = context;
  const stage = 'spaces';
  if ((await loadDryRunCheckpoint(db, runId, stage, '')).done) return;
  await openStage(db, runId, stage, null);
  const { wanted } = await wantedOfDryRun(db, context);
  const listed = await listAllSpaces(context.reader, {
    onBatch: (spaces) => context.checkpointReached(`spaces ${spaces}`),
  });
  const spaces = listed.map(({ id, key, name, type, status }): DryRunSpaceWrite => {
    const reason = spaceReason(wanted, { key, type, status });
    return { externalId: id, key, name, type, status, reason };
  });
  await db.transaction().execute(async (trx) => {
    await saveDryRunSpaces(trx, context, spaces);
    await saveDryRunCheckpoint(trx, runId, stage, '', { cursor: null, done: true });
    await countBatch(trx, runId, stage, noCounts, context.takeSpent(), spaces.length);
  });
  await closeStage(db, runId, stage, 'done');
}

export async function dryRunSpacesInScope({ db, runId }: SyncContext): Promise<DryRunSpace[]> {
  return (await loadDryRunSpaces(db, runId)).filter(({ reason }) => reason === null);
}
