import { createApi, type Api } from '../../atlassian/api.ts';
import type { CheckDeps } from '../../atlassian/checks.ts';
import { RateLimited, ScopeMismatch } from '../../atlassian/errors.ts';
import { reachFailure } from '../../atlassian/reach.ts';
import { scopeOfPath } from '../../atlassian/scopes.ts';
import { NeedsReauth } from '../../atlassian/token-source.ts';
import type { Connection } from '../../store/schema.ts';
import { accessOf, budgetOf, type SiteAccessDeps } from '../services/site-access.ts';
import { failed, skipped, type Finding } from './check.ts';

/** A connection's site while it is looked at. */
export interface Site {
  connection: Connection;
  api: Api;
  auth: CheckDeps['auth'];
}

/** Null where there is no credential yet; `done` books what was spent. @throws EncryptionError */
export async function openSite(
  deps: SiteAccessDeps,
  connection: Connection,
  signal: AbortSignal,
): Promise<{ site: Site; done: () => Promise<void> } | null> {
  const access = accessOf(deps, connection);
  if (access === null) return null;
  const budget = await budgetOf(deps, connection);
  const api = createApi({ http: deps.http, credential: access.credential, budget, signal });
  return { site: { connection, api, auth: access.auth }, done: () => budget.flush() };
}

/** What a failed request to the site means; null for what has words of its own. */
export function siteFailure(error: unknown): Finding | null {
  const reach = reachFailure(error);
  if (reach !== null)
    return failed(`The site is not reached (${reach.code ?? reach.kind}).`, 'See "Way to Atlassian".');
  if (error instanceof RateLimited) return skipped(`Not asked: ${error.message}`);
  if (error instanceof NeedsReauth) {
    return failed(error.message, 'Open the connection, Authorize, and reauthenticate.');
  }
  if (error instanceof ScopeMismatch) {
    const scope = scopeOfPath(error.evidence.path);
    return failed(
      `The credential lacks the scope${scope === null ? '' : ` ${scope}`} for ${error.evidence.path}.`,
      "Add it to the app in Atlassian's developer console (of an API token: make one that has it), then reauthenticate.",
    );
  }
  return null;
}
