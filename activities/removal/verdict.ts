import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import type { Connection, RemovalCause, VanishedEvidence } from '../../store/schema.ts';
import { goneSpace } from '../../store/removals.ts';
import { inScope } from '../scope.ts';

/** What a space is to a connection. `unlisted`: the site does not answer for it; `unknown`: nothing is known of it. */
export type Standing = 'synced' | 'archived' | 'trashed' | 'unlisted' | 'left out' | 'unknown';

/** `there`: it is to be shown again; `gone`: it may be removed; `open`: it stays hidden until more is known. */
export type Verdict = { is: 'there' } | { is: 'gone'; cause: RemovalCause } | { is: 'open' };

/** Why what is in a space goes with it. */
export const causeOfSpace: Partial<Record<Standing, RemovalCause>> = {
  archived: 'space_archived',
  trashed: 'space_trashed',
  unlisted: 'space_gone',
  'left out': 'out_of_scope',
};

/** The source's own word on an item, which no absence could mean; null for a status that is none. */
export function explicitCause(status: string): 'trashed' | 'archived' | 'deleted' | null {
  return status === 'trashed' || status === 'archived' || status === 'deleted' ? status : null;
}

export function standingOf(
  settings: Connection['settings'],
  space: { key: string | null; type: string | null; status: string | null } | undefined,
): Standing {
  if (space === undefined || space.status === null) return 'unknown';
  const { key, status, type } = space;
  if (inScope(settings, { key: key ?? '', type: type ?? '', status })) return 'synced';
  if (status === 'archived' || status === 'trashed') return status;
  return status === goneSpace ? 'unlisted' : 'left out';
}

/**
 * Whether a page or blog post that did not show is gone, by two witnesses at least: what was told of it before, and
 * the answer now that it was asked for by id in every status. An absence of both is proof only where the first is the
 * absence from a complete listing.
 * @param standing of the space that it is in now, or was when it was answered for last
 */
export function verdictOf(
  evidence: VanishedEvidence,
  answer: Pick<ConfluencePage, 'status'> | undefined,
  standing: Standing,
): Verdict {
  const ofSpace = causeOfSpace[standing];
  if (answer !== undefined) {
    const told = explicitCause(answer.status);
    if (told !== null) return { is: 'gone', cause: told };
    // A space that is not listed and whose content is answered for: the listing of spaces is wrong, or late.
    if (answer.status !== 'current' || standing === 'unlisted' || standing === 'unknown')
      return { is: 'open' };
    return ofSpace === undefined ? { is: 'there' } : { is: 'gone', cause: ofSpace };
  }
  const told = explicitCause(evidence);
  if (told !== null) return { is: 'gone', cause: told };
  // That neither it nor its space is answered for is one absence, whoever says so first.
  const isProof = standing !== 'unlisted' || evidence !== 'unanswered';
  if (ofSpace !== undefined && isProof) return { is: 'gone', cause: ofSpace };
  return evidence === 'unlisted' ? { is: 'gone', cause: 'not_shown' } : { is: 'open' };
}
