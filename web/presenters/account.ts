import type { MatchSource } from '../../permissions/explain-match.ts';

const sources: Record<MatchSource, string> = {
  sign_in: 'by signing in with Atlassian',
  grant: 'by an own consent',
  administrator: 'by an administrator’s word',
  email: 'by its email',
};

/** How an Atlassian account is known to be somebody's, in words. */
export function knownBy(source: MatchSource): string {
  return sources[source];
}
