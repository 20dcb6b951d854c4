import type { AtlassianHttp } from '../../atlassian/http.ts';
import {
  apiTokenCredential,
  readCloudId,
  scopedTokenCredential,
  type Credential,
} from '../../atlassian/credential.ts';
import { AtlassianError } from '../../atlassian/errors.ts';
import { z } from 'zod';
import type { TokenProbe, TokenProbeResult } from './deps.ts';

const currentUser = z.object({ accountId: z.string().min(1), displayName: z.string().optional() });

type Answer = { status: number; body: unknown } | { failure: string };

/**
 * Asks who an email and token are (GET /wiki/rest/api/user/current), in the declared way and, where that is refused,
 * in the other one: a classic token works at the site alone, a scoped one at the gateway alone.
 */
export function createTokenProbe(http: AtlassianHttp): (probe: TokenProbe) => Promise<TokenProbeResult> {
  const ask = async (credential: Credential): Promise<Answer> => {
    try {
      const url = `${await credential.baseUrl()}/wiki/rest/api/user/current`;
      const { status, body } = await http.exchange({
        url,
        headers: { authorization: await credential.authorization() },
        totalMs: 20_000,
      });
      return { status, body };
    } catch (error) {
      if (error instanceof AtlassianError) return { failure: error.message };
      throw error;
    }
  };

  return async (probe) => {
    const { siteUrl, product, email, token } = probe;
    let cloudId: string;
    try {
      cloudId = await readCloudId(http, siteUrl);
    } catch (error) {
      if (!(error instanceof AtlassianError)) throw error;
      const message = `There is no Atlassian site at ${siteUrl}, or it does not answer. Check the address.`;
      return { ok: false, field: 'siteUrl', message };
    }
    const classic = apiTokenCredential({ siteUrl, email, token });
    const scoped = scopedTokenCredential({ siteUrl, email, token, cloudId, product, http });
    const declared = await ask(probe.scoped ? scoped : classic);
    if ('failure' in declared) {
      return { ok: false, field: 'siteUrl', message: `The site could not be asked: ${declared.failure}` };
    }
    const user = currentUser.safeParse(declared.body);
    if (declared.status === 200 && user.success) {
      const { accountId, displayName } = user.data;
      return { ok: true, cloudId, accountId, accountName: displayName ?? email };
    }
    if (declared.status === 403) {
      return { ok: false, field: 'email', message: 'This account may not use Confluence on this site.' };
    }
    if (isScopeMismatch(declared)) {
      return {
        ok: false,
        field: 'token',
        message:
          'The token lacks the scope to read users (read:confluence-user). Make one with the listed scopes.',
      };
    }
    if (declared.status !== 401) {
      return {
        ok: false,
        field: 'siteUrl',
        message: `Atlassian answered with status ${declared.status}. Try again later.`,
      };
    }
    const other = await ask(probe.scoped ? classic : scoped);
    if ('status' in other && (other.status === 200 || isScopeMismatch(other))) {
      return {
        ok: false,
        field: 'scoped',
        message: probe.scoped
          ? 'This is a classic API token, without scopes: choose "classic".'
          : 'This is an API token with scopes: choose "scoped".',
      };
    }
    return {
      ok: false,
      field: 'token',
      message:
        'Atlassian does not accept this email and token together. The email is that of the account that made the ' +
        'token; the token may have expired (a year at most) or been revoked.',
    };
  };
}

function isScopeMismatch({ status, body }: { status: number; body: unknown }): boolean {
  const message = (body as { message?: unknown } | null | undefined)?.message;
  return status === 401 && typeof message === 'string' && /scope does not match/i.test(message);
}
