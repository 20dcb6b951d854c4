import { findConnection } from '../../store/connections.ts';
import { forgetFailuresOfGone, forgetHealedFailures } from '../../store/failures.ts';
import { closeNotice, openNotice } from '../../store/notices.ts';
import { findImbalance } from '../../store/run-balance.ts';
import { loadHoldings, loadUnread, lostSpaces } from '../../store/run-findings.ts';
import { logRun } from '../../store/runs.ts';
import type { Db, NoticeCode, SyncRun } from '../../store/schema.ts';
import type { ActivityDeps } from '../deps.ts';
import { unbalancedRuns } from './metrics.ts';
import { nothingFound, permissionsUnread, scopeShrank } from './warnings.ts';

/** Of a warning that is true at a run's end: told in its log, and to administrators while it lasts. */
interface Finding {
  code: NoticeCode;
  /** null: not so. */
  message: string | null;
  /** Administrators are told; a finding that is new may mend itself by the next run. */
  lasts: boolean;
}

/**
 * What is looked at when a run has ended, in the transaction that ends it: whether its books balance, whether it found
 * nothing or less than before, and whose permissions could not be read.
 */
export async function closeRun(trx: Db, deps: Pick<ActivityDeps, 'log'>, run: SyncRun): Promise<void> {
  await checkBooks(trx, deps, run);
  if (run.state !== 'succeeded') return;
  const { connection_id: connectionId, kind } = run;
  if (kind === 'full') await forgetHealedFailures(trx, connectionId, run.id);
  if (kind !== 'permissions') await forgetFailuresOfGone(trx, connectionId);
  for (const finding of await findingsOf(trx, run)) await tell(trx, run, finding);
}

async function checkBooks(trx: Db, { log }: Pick<ActivityDeps, 'log'>, run: SyncRun): Promise<void> {
  const key = { connectionId: run.connection_id, code: 'counters_unbalanced' as const };
  const found = await findImbalance(trx, run.id);
  if (found.length === 0) {
    // A run of the other lane says nothing about this one's counting, but its books are as good a sign.
    if (run.state === 'succeeded') await closeNotice(trx, key);
    return;
  }
  unbalancedRuns.inc();
  const message = `The counters of this run do not add up: ${found.join('; ')}. What is stored is not in doubt; this is a fault of Sluice. Report it with this log, and start a full sync.`;
  log.error({ run: run.id, connection: run.connection_id }, message);
  await logRun(trx, run.id, [{ level: 'warning', message }]);
  await openNotice(trx, { ...key, severity: 'warning', message });
}

async function findingsOf(trx: Db, run: SyncRun): Promise<Finding[]> {
  const { connection_id: connectionId } = run;
  const unread = await loadUnread(trx, connectionId);
  const again = unread.filter((one) => one.again > 0).map((one) => ({ ...one, items: one.again }));
  const findings: Finding[] = [
    { code: 'permissions_unread', message: permissionsUnread(unread), lasts: again.length > 0 },
  ];
  if (run.kind === 'permissions') return findings;
  const connection = await findConnection(trx, connectionId);
  const holdings = await loadHoldings(trx, connectionId);
  const lost = await lostSpaces(trx, connectionId, run.id);
  return [
    ...findings,
    { code: 'nothing_found', message: nothingFound(holdings, connection?.account_name ?? null), lasts: true },
    { code: 'scope_shrank', message: scopeShrank(lost), lasts: lost.some((space) => space.lasts) },
  ];
}

async function tell(trx: Db, run: SyncRun, { code, message, lasts }: Finding): Promise<void> {
  const key = { connectionId: run.connection_id, code };
  if (message !== null) await logRun(trx, run.id, [{ level: 'warning', message }]);
  if (message === null || !lasts) await closeNotice(trx, key);
  else await openNotice(trx, { ...key, severity: 'warning', message });
}
