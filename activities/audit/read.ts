import type { Batch, ConfluenceAuditRecord } from '../../atlassian/confluence/types.ts';
import { AtlassianError } from '../../atlassian/errors.ts';
import { loadAuditState, saveAuditState } from '../../store/confluence-audit.ts';
import { closeStage, logRun, type LogEntry } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal } from '../refusals.ts';
import { createDigests } from './digest.ts';
import { tellRefusal } from './refused.ts';
import { auditStage, storeRecords, type Unresolved } from './store.ts';
import { windowAfter, type AuditWindow } from './window.ts';

/** How far behind its high water the log is read again: records may appear later than the time that they bear. */
const overlapMs = 60 * 60_000;
/** The first reading goes back this far, and none goes further. */
const reachMs = 90 * 86_400_000;
/**
 * The first reading ends here at the latest: 20,000 records, which cost as many points. Others end at ten times that,
 * should a site not keep to the window that it is asked for.
 */
const mostAnswers = { first: 20, later: 200 };
/** Usually there is little news, and an hour's last points must not be held back for a full answer; more is asked anew. */
const firstBatch = 100;
/** So many names are told in the log of a run, of those that could not be resolved. */
const namesTold = 5;
/** Their clock and ours may differ by this much. */
const clockToleranceMs = 10 * 60_000;

/**
 * Reads what is new in Confluence's audit log, stores it for administrators, and notes in `permission_due` what each
 * record says should be read next. Names in it never decide about access. Without the right to read it nothing fails:
 * changes then count when they are read in their turn, and the connection's page says so.
 */
export async function readAuditLog(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const before = await loadAuditState(db, connectionId);
  try {
    const unresolved: Unresolved = { unknown: new Set(), tooMany: new Set() };
    const highWater = await readSince(context, before.highWater, unresolved);
    await saveAuditState(db, connectionId, { state: 'readable', message: null, highWater });
    await closeStage(db, runId, auditStage, 'done');
    await logRun(db, runId, [
      ...told(before.state === 'refused' ? ["Confluence's audit log can be read again."] : []),
      // The first reading names much that is long gone, and was read before or after it as it is.
      ...(before.highWater === null ? [] : told(leftOver(unresolved))),
    ]);
  } catch (error) {
    if (!isRefusal(error) || !(error instanceof AtlassianError)) throw error;
    await tellRefusal(context, before, error);
  }
}

/** @returns up to when all has been read, by the source's clock */
async function readSince(
  context: SyncContext,
  highWater: Date | null,
  unresolved: Unresolved,
): Promise<Date> {
  const now = context.askedAt().getTime();
  const start = Math.max(now - reachMs, highWater === null ? 0 : highWater.getTime() - overlapMs);
  let window: AuditWindow | null = { from: new Date(start), to: null, cursor: null };
  let digestOf = createDigests();
  let began: Date | null = null;
  for (let answers = 1; window !== null; answers += 1) {
    const asked: AuditWindow = window;
    const small = answers === 1 && highWater !== null;
    const answer: Batch<ConfluenceAuditRecord> = await context.reader.listAudit({
      ...asked,
      ...(small ? { limit: firstBatch } : {}),
    });
    began ??= new Date(Math.min(answer.serverTime.getTime(), now + clockToleranceMs));
    if (asked.cursor === null) digestOf = createDigests();
    await storeRecords(
      context,
      answer.items.map((record) => ({ ...record, digest: digestOf(record) })),
      unresolved,
    );
    const times = answer.items.map(({ at }) => at);
    window =
      small && answer.next !== null
        ? asked
        : windowAfter(asked, { times, next: answer.next, serverTime: answer.serverTime });
    context.checkpointReached(`audit log ${times.at(-1)?.toISOString() ?? 'end'}`);
    if (window === null || answers < (highWater === null ? mostAnswers.first : mostAnswers.later)) continue;
    const message = `The reading of the audit log ended after ${answers} answers; older records are not kept here.`;
    await logRun(context.db, context.runId, told([message]));
    // On a site that lists the oldest first, what is newer follows with the next runs.
    return window.from.getTime() > start ? window.from : began;
  }
  return began ?? new Date(now);
}

const told = (messages: string[]): LogEntry[] => messages.map((message) => ({ level: 'info', message }));

/** Nothing is lost by what could not be resolved: what it means is read in its turn. */
function leftOver({ unknown, tooMany }: Unresolved): string[] {
  const sentences: [Set<string>, string][] = [
    [unknown, 'Names in the audit log that fit nothing stored here'],
    [tooMany, 'Names in the audit log that fit too many things'],
  ];
  return sentences
    .filter(([names]) => names.size > 0)
    .map(([names, what]) => {
      const some = [...names].slice(0, namesTold).map((name) => `"${name}"`);
      const more = names.size > namesTold ? ', …' : '';
      return `${what}, so what they mean is read in its turn: ${names.size} (${some.join(', ')}${more}).`;
    });
}
