import type { Failure } from '../../store/failures.ts';
import type { FailureView } from '../views.ts';

/** What follows from a failed item of a stage, for whoever looks for a page. */
const meanings: Record<string, string> = {
  restrictions: 'Whom Confluence admits to it is not known, so nobody sees it or what is below it.',
  folders: 'Its restrictions are not known, so nobody sees what is below it.',
  spaces: 'Who may view the space is not known, so nobody sees anything in it.',
  people: 'The members of the group are not known, so the group admits nobody.',
  content: 'The newest version is not here; what was stored before stays as it is, with its permissions.',
};

const failureMeaning = (stage: string): string =>
  meanings[stage] ?? 'It is not here, or not in its newest version.';

export function presentFailure(row: Failure): FailureView {
  return {
    stage: row.stage,
    externalId: row.external_id,
    title: row.title,
    url: row.url,
    status: row.status,
    traceId: row.trace_id,
    message: row.message,
    meaning: failureMeaning(row.stage),
    attempts: row.attempts,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    nextRetryAt: row.next_retry_at?.toISOString() ?? null,
  };
}
