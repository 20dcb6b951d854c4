import type { AccessPrints } from '../../store/access-prints.ts';
import { saveChanges, type ChangeWrite } from '../../store/permission-changes.ts';
import { clearDue, loadDue } from '../../store/permission-due.ts';
import { forgetHealed, type FailureStage } from '../../store/failures.ts';
import { saveReading } from '../../store/permission-readings.ts';
import { countBatch, noCounts } from '../../store/runs.ts';
import type { Db, PermissionDueKind } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';
import type { Allowance } from './allowance.ts';
import { changesBetween, dueKey, longestGap, type DueIndex } from './changes.ts';

/** What is due before its turn is read first; a flood of it waits for the next run. */
const dueAtMost = 1_000;

/** One attempt at reading what is due and what was read longest ago. */
export interface Scene {
  context: SyncContext;
  currency: Allowance['currency'];
  /** When the attempt began: what was read since has had its turn. */
  began: Date;
  due: DueIndex;
}

export async function openScene(context: SyncContext, currency: Allowance['currency']): Promise<Scene> {
  const began = context.askedAt();
  const { db, connectionId } = context;
  const due = await loadDue(db, connectionId, dueAtMost);
  return {
    context,
    currency,
    began,
    due: new Map(due.map((one) => [dueKey(one.kind, one.sourceId), one])),
  };
}

/** Ids of a kind that are due. */
export function dueIds({ due }: Scene, kind: PermissionDueKind): string[] {
  return [...due.values()].flatMap((one) => (one.kind === kind ? [one.sourceId] : []));
}

/** A batch of one kind that was read, with what was stored before and after. */
export interface BatchRead {
  kind: PermissionDueKind;
  before: AccessPrints;
  after: AccessPrints;
  /** Ids that were asked for, stored or not: they are due no more. */
  ids: readonly string[];
  /** Changes beside those of the kind itself: of places. */
  others?: (options: Parameters<typeof changesBetween>[3]) => ChangeWrite[];
}

/**
 * Notes what a batch changed and what it cost, in the transaction that stores it or right after it.
 * @returns what it cost, in the connection's currency
 * @throws SluiceError `run_over` when the run has ended
 */
export async function noteBatch(
  { context, currency, due }: Scene,
  db: Db,
  { kind, before, after, ids, others }: BatchRead,
): Promise<number> {
  const { connectionId, runId } = context;
  const now = context.askedAt();
  const told = { due: (id: string) => due.get(dueKey(kind, id)), now };
  const changes = [...changesBetween(kind, before, after, told), ...(others?.(told) ?? [])];
  const spent = context.takeSpent();
  await saveChanges(db, connectionId, changes);
  await saveReading(db, context, {
    kind,
    units: ids.length,
    gapSeconds: longestGap(before.values(), now),
    spent,
  });
  await forgetHealed(db, context, healedBy[kind], ids);
  await clearDue(
    db,
    connectionId,
    ids.flatMap((id) => due.get(dueKey(kind, id)) ?? []),
  );
  // Of a permission sync, "indexed" is what changed.
  const changed = new Set(changes.map(({ sourceId }) => sourceId)).size;
  const seen = Math.max(ids.length, changed);
  const counts = { ...noCounts, seen, indexed: changed, unchanged: seen - changed };
  await countBatch(db, runId, stageOf[kind], counts, spent);
  return spent[currency];
}

/** What failed before is read anew with a batch of a kind. */
const healedBy: Record<PermissionDueKind, readonly FailureStage[]> = {
  product: [],
  space: ['spaces'],
  group: ['people'],
  account: [],
  content: ['restrictions', 'folders'],
};

/** As the pages name the stages of a run. */
const stageOf: Record<PermissionDueKind, string> = {
  product: 'product',
  space: 'spaces',
  group: 'people',
  account: 'people',
  content: 'restrictions',
};
