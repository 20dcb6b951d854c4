import { retitlingsIn, targetsOf } from '../../permissions/audit-targets.ts';
import { noteDue, type NamedTarget } from '../../store/audit-targets.ts';
import { loadRetitlings, saveAuditRecords, type AuditRecordWrite } from '../../store/confluence-audit.ts';
import { countBatch, noCounts } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';

export const auditStage = 'audit log';

/** Names that a reading could not resolve: what they mean is read in its turn. */
export interface Unresolved {
  unknown: Set<string>;
  tooMany: Set<string>;
}

/**
 * Stores one answer's records and, in the same transaction, what they say should be read next: a worker that dies in
 * between stores neither, and what is stored was resolved. Only what is new is resolved.
 */
export async function storeRecords(
  context: SyncContext,
  records: readonly AuditRecordWrite[],
  unresolved: Unresolved,
): Promise<void> {
  const { db, connectionId, runId } = context;
  await db.transaction().execute(async (trx) => {
    const added = await saveAuditRecords(trx, connectionId, records);
    const fresh = records.filter(({ digest }) => added.has(digest));
    if (fresh.length > 0) {
      const oldest = fresh.reduce((first, { at }) => (at < first ? at : first), new Date());
      const retitlings = retitlingsIn(await loadRetitlings(trx, connectionId, oldest));
      const targets = fresh.flatMap((record) =>
        targetsOf(record, retitlings).map((target): NamedTarget => ({
          names: [],
          spaces: [],
          ...target,
          at: record.at,
          reason: `Audit log: ${record.summary}`,
        })),
      );
      const { unknown, tooMany } = await noteDue(trx, connectionId, targets);
      for (const place of unknown) unresolved.unknown.add(targets[place]?.names[0] ?? '');
      for (const place of tooMany) unresolved.tooMany.add(targets[place]?.names[0] ?? '');
    }
    await countBatch(trx, runId, auditStage, noCounts, context.takeSpent(), fresh.length);
  });
}
