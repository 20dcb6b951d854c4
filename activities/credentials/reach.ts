import { z } from 'zod';
import type { Credential } from '../../atlassian/credential.ts';
import type { AtlassianHttp } from '../../atlassian/http.ts';
import type { OAuthClient } from '../../atlassian/oauth.ts';

/** What a credential reaches, as Atlassian tells it when it is asked itself. */
export type Reach =
  /** The site answers. `scopes`: null where nothing tells them (API tokens). */
  | { kind: 'site'; scopes: string[] | null }
  /** The consent is for other sites by now. */
  | { kind: 'other_sites'; hosts: string[] }
  /** The consent is for no site at all: so it is for guests, too (OAUTH20-2485). */
  | { kind: 'no_site' }
  /** The credential itself is refused. */
  | { kind: 'refused' }
  /** The account may not use Confluence on the site. */
  | { kind: 'no_access' }
  /** Atlassian could not be asked, or its answer says nothing of it. */
  | { kind: 'unknown' };

export interface ReachDeps {
  http: AtlassianHttp;
  credential: Credential;
  /** By OAuth: the consent's own list of sites is asked. */
  oauth: { client: Pick<OAuthClient, 'accessibleResources'>; cloudId: string } | null;
}

/** One request by API token, one or two by OAuth. Never throws: a failure that tells nothing is `unknown`. */
export async function askReach({ http, credential, oauth }: ReachDeps): Promise<Reach> {
  try {
    const authorization = await credential.authorization();
    if (oauth === null) return await askAccount(http, credential, authorization, null);
    const token = authorization.replace(/^Bearer /, '');
    const sites = await oauth.client.accessibleResources(token);
    if (sites.length === 0) return { kind: 'no_site' };
    // One site is listed once for each product.
    const same = sites.filter(({ cloudId }) => cloudId === oauth.cloudId);
    if (same.length === 0) {
      const hosts = [...new Set(sites.map(({ url }) => url.replace(/^https:\/\//, '')))];
      return { kind: 'other_sites', hosts };
    }
    // Identity scopes are not listed with a site.
    const scopes = ['read:me', ...same.flatMap((site) => site.scopes)];
    return await askAccount(http, credential, authorization, scopes);
  } catch (error) {
    const refused = new Set(['unauthorized', 'needs_reauth', 'wrong_client', 'app_deleted']);
    const code = (error as { code?: unknown }).code;
    return typeof code === 'string' && refused.has(code) ? { kind: 'refused' } : { kind: 'unknown' };
  }
}

const currentUser = z.object({ accountId: z.string().min(1) });

/** GET /wiki/rest/api/user/current: what the account is told that may not use Confluence is 403. */
async function askAccount(
  http: AtlassianHttp,
  credential: Credential,
  authorization: string,
  scopes: string[] | null,
): Promise<Reach> {
  const url = `${await credential.baseUrl()}/wiki/rest/api/user/current`;
  const { status, body } = await http.exchange({ url, headers: { authorization }, totalMs: 15_000 });
  if (status === 403) return { kind: 'no_access' };
  if (status === 401) {
    const told = String((body as { message?: unknown } | null)?.message ?? '');
    return /scope does not match/i.test(told) ? { kind: 'site', scopes } : { kind: 'refused' };
  }
  if (status === 200 && currentUser.safeParse(body).success) return { kind: 'site', scopes };
  return { kind: 'unknown' };
}
