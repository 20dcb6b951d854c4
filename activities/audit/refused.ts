import type { AtlassianError } from '../../atlassian/errors.ts';
import { saveAuditState, type AuditState } from '../../store/confluence-audit.ts';
import type { SyncContext } from '../context.ts';
import { warn } from '../refusals.ts';

const remedies: Record<string, string> = {
  forbidden:
    'The account that Sluice reads with lacks the global permission "Confluence Administrator", or the plan of the ' +
    'site has no audit log for apps. Let a Confluence administrator authorize the connection.',
  scope_mismatch:
    'The credential lacks the scope read:audit-log:confluence. Add it to the app in the developer console of ' +
    'Atlassian, or to the API token, then reauthenticate.',
  other: 'The site does not offer its audit log.',
};

/** What follows from it, whatever the cause. */
const consequence =
  'Nothing is lost: a changed permission then counts when it is read in its turn, not a few minutes after the change.';

/** Keeps that the audit log may not be read, with the remedy. The run's log is told once, not at each run. */
export async function tellRefusal(
  context: SyncContext,
  before: AuditState,
  error: AtlassianError,
): Promise<void> {
  const message = `${remedies[error.code] ?? remedies['other']} ${consequence}`;
  await saveAuditState(context.db, context.connectionId, { state: 'refused', message, highWater: null });
  if (before.state === 'refused' && before.message === message) return;
  await warn(context, `The audit log of Confluence cannot be read. ${message}`, error);
}
