import { createConfluenceReader } from '../../atlassian/confluence/reader.ts';
import type { ConfluenceReader } from '../../atlassian/confluence/types.ts';
import { AtlassianError } from '../../atlassian/errors.ts';
import { NeedsReauth } from '../../atlassian/token-source.ts';
import type { Connection } from '../../store/schema.ts';
import { accessOf, budgetOf, type SiteAccessDeps } from './site-access.ts';

/**
 * Reads something of a connection's site while somebody waits for it: with the connection's own credential, within its
 * budget.
 * @param withinMs when it is given up
 * @throws what `whyUnread` has words for
 */
export type ReadSite = <T>(
  connection: Connection,
  work: (reader: ConfluenceReader) => Promise<T>,
  options?: { withinMs?: number },
) => Promise<T>;

export function createSiteReader(deps: SiteAccessDeps): ReadSite {
  const { http } = deps;
  return async (connection, work, { withinMs } = {}) => {
    const access = accessOf(deps, connection);
    if (access === null) {
      const oauth = connection.auth_method === 'oauth';
      throw new NeedsReauth(oauth ? 'no consent has been given yet' : 'no API token is stored');
    }
    const { credential } = access;
    const budget = await budgetOf(deps, connection);
    const signal = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
    try {
      return await work(createConfluenceReader({ http, credential, budget, signal }));
    } finally {
      await budget.flush();
    }
  };
}

/** Why a site could not be read, in words for people; null for what is a fault of ours. */
export function whyUnread(error: unknown): string | null {
  if (error instanceof NeedsReauth) return 'The connection must be authorized again.';
  if (error instanceof AtlassianError) {
    return error.code === 'rate_limited'
      ? 'Atlassian asks for a pause just now.'
      : `Confluence could not be asked: ${error.message}`;
  }
  const name = error instanceof Error ? error.name : '';
  return name === 'TimeoutError' || name === 'AbortError' ? 'Confluence took too long to answer.' : null;
}
