import type { FailureRow } from '../../store/failures-read.ts';
import type { FailureView } from '../views.ts';

/** What follows from a failed item of a stage, for whoever looks for a page. */
const meanings: Record<string, string> = {
  restrictions: 'Whom Confluence admits to it is not known, so nobody sees it or what is below it.',
  folders: 'Its restrictions are not known, so nobody sees what is below it.',
  spaces: 'Who may view the space is not known, so nobody sees anything in it.',
  bodies: 'It is not shown, or as it was before its last change, until it can be read.',
  files: 'Its text is not found; its name is, and the page that it is attached to.',
  people: 'The members of the group are not known, so the group admits nobody.',
};

/** Stages whose ids are of content, which Confluence opens by the id alone. */
const ofContent = new Set(['restrictions', 'folders']);

export function presentFailure(row: FailureRow): FailureView {
  const byId = ofContent.has(row.stage)
    ? `${row.site_url}/wiki/pages/viewpage.action?pageId=${encodeURIComponent(row.external_id)}`
    : null;
  return {
    stage: row.stage,
    externalId: row.external_id,
    title: row.known_title ?? row.title,
    url: row.known_url ?? byId,
    request: row.url,
    status: row.status,
    traceId: row.trace_id,
    message: row.message,
    meaning: meanings[row.stage] ?? 'It is not here, or not in its newest version.',
    attempts: row.attempts,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    nextRetryAt: row.next_retry_at?.toISOString() ?? null,
  };
}
