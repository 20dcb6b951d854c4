import { z } from 'zod';
import { failureOf } from './classify.ts';
import { AtlassianError, InvalidAnswer } from './errors.ts';
import type { AtlassianAnswer, AtlassianHttp } from './http.ts';

/** What the token endpoint gives. `expiresAt` is by our clock. */
export interface Tokens {
  accessToken: string;
  /** null without the scope `offline_access`. */
  refreshToken: string | null;
  expiresAt: Date;
  scopes: string[];
}

/**
 * `dead`: the code or refresh token is spent, revoked or unknown: only a new consent helps.
 * `wrong_client`: client id and secret do not match, which says nothing of the token. `deleted`: Atlassian knows no such
 * app any more.
 * `transient`: nothing is known of either; try again later.
 */
export type TokenResult =
  | { kind: 'ok'; tokens: Tokens }
  | { kind: 'dead'; cause: string }
  | { kind: 'wrong_client'; cause: string; deleted?: boolean }
  | { kind: 'transient'; error: AtlassianError };

export interface AccessibleSite {
  cloudId: string;
  name: string;
  /** `https://acme.atlassian.net` */
  url: string;
  /** One site may be listed once per product: its product shows by these. */
  scopes: string[];
}

export interface Identity {
  accountId: string;
  name: string;
  email: string | null;
}

export interface Client {
  clientId: string;
  clientSecret: string;
}

/** Atlassian's OAuth 2.0 (3LO) endpoints, as its guide describes them. */
export interface OAuthClient {
  /** Where the browser goes for consent. */
  authorizeUrl(options: {
    clientId: string;
    redirectUri: string;
    scopes: readonly string[];
    state: string;
    codeChallenge?: string;
  }): string;
  exchangeCode(
    options: Client & { code: string; redirectUri: string; codeVerifier?: string },
  ): Promise<TokenResult>;
  refresh(options: Client & { refreshToken: string }): Promise<TokenResult>;
  /** Sites that the token reaches. Empty for guests. @throws AtlassianError */
  accessibleResources(accessToken: string): Promise<AccessibleSite[]>;
  /** Whose token it is; needs the scope `read:me` and the User Identity API. @throws AtlassianError */
  me(accessToken: string): Promise<Identity>;
  /** Best effort: Atlassian documents no revocation for these apps. True when it was accepted. */
  revoke(options: Client & { token: string }): Promise<boolean>;
}

const tokenReply = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
});
const resourcesReply = z.array(
  z.object({ id: z.string().min(1), name: z.string(), url: z.string(), scopes: z.array(z.string()) }),
);
const meReply = z.object({
  account_id: z.string().min(1),
  name: z.string().nullish(),
  email: z.string().nullish(),
});

const tokenUrl = 'https://auth.atlassian.com/oauth/token';

export function createOAuthClient({ http }: { http: AtlassianHttp }): OAuthClient {
  async function token(body: Record<string, string | undefined>): Promise<TokenResult> {
    const sentAt = Date.now();
    let answer: AtlassianAnswer;
    try {
      answer = await http.exchange({ method: 'POST', url: tokenUrl, json: body, totalMs: 15_000 });
    } catch (error) {
      if (error instanceof AtlassianError) return { kind: 'transient', error };
      throw error;
    }
    const failure = failureOf(answer, { number: 1, now: new Date(), random: Math.random() });
    if (failure !== null) return refusalOf(answer, failure);
    const parsed = tokenReply.safeParse(answer.body);
    if (!parsed.success) return { kind: 'transient', error: invalid(parsed.error, answer) };
    return { kind: 'ok', tokens: toTokens(parsed.data, sentAt) };
  }

  async function read<T>(url: string, accessToken: string, schema: z.ZodType<T>): Promise<T> {
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await http.exchange({ url, headers, totalMs: 30_000 });
    const failure = failureOf(answer, { number: 1, now: new Date(), random: Math.random() });
    if (failure !== null) throw failure;
    const parsed = schema.safeParse(answer.body);
    if (!parsed.success) throw invalid(parsed.error, answer);
    return parsed.data;
  }

  return {
    authorizeUrl({ clientId, redirectUri, scopes, state, codeChallenge }) {
      const url = new URL('https://auth.atlassian.com/authorize');
      const parameters = {
        audience: 'api.atlassian.com',
        client_id: clientId,
        scope: scopes.join(' '),
        redirect_uri: redirectUri,
        state,
        response_type: 'code',
        prompt: 'consent',
        ...(codeChallenge === undefined
          ? {}
          : { code_challenge: codeChallenge, code_challenge_method: 'S256' }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return http.browserUrl(url.href);
    },
    exchangeCode: ({ clientId, clientSecret, code, redirectUri, codeVerifier }) =>
      token({
        grant_type: 'authorization_code',
        client_id: clientId,
        client_secret: clientSecret,
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      }),
    refresh: ({ clientId, clientSecret, refreshToken }) =>
      token({
        grant_type: 'refresh_token',
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
      }),
    async accessibleResources(accessToken) {
      const url = 'https://api.atlassian.com/oauth/token/accessible-resources';
      const sites = await read(url, accessToken, resourcesReply);
      return sites.map(({ id, ...site }) => ({ cloudId: id, ...site }));
    },
    async me(accessToken) {
      const me = await read('https://api.atlassian.com/me', accessToken, meReply);
      return { accountId: me.account_id, name: me.name ?? '', email: me.email || null };
    },
    async revoke({ clientId, clientSecret, token: revoked }) {
      try {
        const answer = await http.exchange({
          method: 'POST',
          url: 'https://auth.atlassian.com/oauth/revoke',
          json: { client_id: clientId, client_secret: clientSecret, token: revoked },
          totalMs: 10_000,
        });
        return answer.status < 300;
      } catch {
        return false;
      }
    },
  };
}

function toTokens(reply: z.infer<typeof tokenReply>, sentAt: number): Tokens {
  return {
    accessToken: reply.access_token,
    refreshToken: reply.refresh_token ?? null,
    expiresAt: new Date(sentAt + reply.expires_in * 1000),
    scopes: (reply.scope ?? '').split(' ').filter((scope) => scope !== ''),
  };
}

/** Which refusals are final stands in Atlassian's guide (403 invalid_grant) and in what client authors have seen. */
function refusalOf(answer: AtlassianAnswer, failure: AtlassianError): TokenResult {
  const body = (answer.body ?? {}) as { error?: unknown; error_description?: unknown };
  const error = typeof body.error === 'string' ? body.error : '';
  const description = typeof body.error_description === 'string' ? body.error_description : '';
  const cause = answer.scrub(`${error}: ${description}`).slice(0, 200);
  if (answer.status === 429 || answer.status >= 500) return { kind: 'transient', error: failure };
  if (error === 'invalid_grant') return { kind: 'dead', cause };
  if (error === 'unauthorized_client' && /refresh_token/i.test(description)) return { kind: 'dead', cause };
  if (error === 'unauthorized_client') return { kind: 'wrong_client', cause, deleted: true };
  if (answer.status === 401 || error === 'invalid_client') {
    return { kind: 'wrong_client', cause: error === '' ? failure.message : cause };
  }
  return { kind: 'transient', error: failure };
}

function invalid(error: z.ZodError, answer: AtlassianAnswer): InvalidAnswer {
  const issue = error.issues[0];
  return new InvalidAnswer(issue?.path.join('.') || 'its root', issue?.message ?? 'unknown', answer.evidence);
}
