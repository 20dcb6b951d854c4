import { findConnection } from '../../store/connections.ts';
import { moveConnectionIfPossible } from '../../store/connection-state.ts';
import { credentialNotice } from '../../store/credential-notices.ts';
import { openNotice } from '../../store/notices.ts';
import type { Db } from '../../store/schema.ts';
import type { ActivityDeps } from '../deps.ts';
import { asksReach, credentialEnd, type CredentialEnd } from './cause.ts';
import { loadCredentialFacts } from './facts.ts';
import type { Reach } from './reach.ts';

/** The questions about reach together; a run's end must not wait longer for them. */
const reachWithinMs = 40_000;

/**
 * What a failure says of a connection's credential, or null where it says nothing of it: the failed request may be about
 * one thing alone, and a credential that was replaced meanwhile is not to blame. Asks Atlassian two questions at most,
 * and none where the failure tells all by itself.
 */
export async function findCredentialEnd(
  deps: Pick<ActivityDeps, 'db' | 'openSite'>,
  connectionId: string,
  failure: { code: string; message: string },
  now = new Date(),
): Promise<CredentialEnd | null> {
  const facts = await loadCredentialFacts(deps.db, connectionId);
  if (facts === null) return null;
  // Reauthenticated between the failure and now.
  if (failure.code === 'needs_reauth' && facts.method === 'oauth' && facts.isAlive) return null;
  const reach: Reach = asksReach.has(failure.code) ? await askSite(deps, connectionId) : { kind: 'unknown' };
  return credentialEnd(failure, facts, reach, now);
}

async function askSite(deps: Pick<ActivityDeps, 'db' | 'openSite'>, connectionId: string): Promise<Reach> {
  const connection = await findConnection(deps.db, connectionId);
  if (connection === undefined) return { kind: 'unknown' };
  try {
    const site = await deps.openSite(connection, AbortSignal.timeout(reachWithinMs));
    try {
      return (await site.reach?.()) ?? { kind: 'unknown' };
    } finally {
      await site.close();
    }
  } catch {
    return { kind: 'unknown' };
  }
}

/**
 * Takes a connection out of service until somebody mends its credential: no request is sent for it any more, and its
 * data and permissions stay in force. Tells administrators, in the same transaction. Call it in one.
 */
export async function endCredential(trx: Db, connectionId: string, end: CredentialEnd): Promise<void> {
  if (!(await moveConnectionIfPossible(trx, connectionId, 'credential_dead', end))) return;
  const connection = await findConnection(trx, connectionId);
  // One that is disabled rests anyway; it is told when it is enabled again.
  if (connection?.status !== 'needs_reauth') return;
  await openNotice(trx, { connectionId, code: credentialNotice, severity: 'error', message: end.message });
}
