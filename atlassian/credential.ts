import { z } from 'zod';
import { UnexpectedContent, type Evidence } from './errors.ts';
import { failureOf } from './classify.ts';
import type { AtlassianHttp } from './http.ts';
import type { TokenSource } from './token-source.ts';

/** Where a connection's requests go, and with what Authorization. */
export interface Credential {
  /** `https://acme.atlassian.net`: links are shown below it. */
  readonly siteUrl: string;
  /** What API paths (`/wiki/api/v2/…`) are appended to. Asked once, where it must be found out. */
  baseUrl(): Promise<string>;
  /** Value of the Authorization header. */
  authorization(): Promise<string>;
  /**
   * After a 401 to `stale`: true when there is another value now, worth one more try. All waiters share one refresh.
   * @throws NeedsReauth and the other errors of the token source
   */
  renew(stale: string): Promise<boolean>;
}

export type Product = 'confluence' | 'jira';

/** OAuth: always through the gateway, by cloud id; the address never comes from the user. */
export function oauthCredential(options: {
  siteUrl: string;
  cloudId: string;
  product?: Product;
  tokens: TokenSource;
}): Credential {
  const bearer = (token: string) => `Bearer ${token}`;
  return {
    siteUrl: options.siteUrl,
    baseUrl: async () => gatewayBase(options.product ?? 'confluence', options.cloudId),
    authorization: async () => bearer(await options.tokens.accessToken()),
    renew: async (stale) => {
      const fresh = await options.tokens.refreshAfter(stale.replace(/^Bearer /, ''));
      return bearer(fresh) !== stale;
    },
  };
}

/** A classic API token: at the site itself, with all the rights of its owner. */
export function apiTokenCredential(options: { siteUrl: string; email: string; token: string }): Credential {
  return {
    siteUrl: options.siteUrl,
    baseUrl: async () => options.siteUrl,
    authorization: async () => basic(options.email, options.token),
    renew: async () => false,
  };
}

/** A scoped API token: through the gateway, whose path needs the cloud id; found out from the site when not given. */
export function scopedTokenCredential(options: {
  siteUrl: string;
  email: string;
  token: string;
  cloudId?: string | null;
  product?: Product;
  http: AtlassianHttp;
}): Credential {
  let found: Promise<string> | null = null;
  return {
    siteUrl: options.siteUrl,
    baseUrl: async () => {
      found ??=
        typeof options.cloudId === 'string'
          ? Promise.resolve(options.cloudId)
          : readCloudId(options.http, options.siteUrl);
      try {
        return gatewayBase(options.product ?? 'confluence', await found);
      } catch (error) {
        found = null;
        throw error;
      }
    },
    authorization: async () => basic(options.email, options.token),
    renew: async () => false,
  };
}

const tenantInfo = z.object({ cloudId: z.string().min(1) });

/**
 * The site's cloud id, from `/_edge/tenant_info`, which needs no credential.
 * @throws AtlassianError; UnexpectedContent when the answer has no cloud id.
 */
export async function readCloudId(http: AtlassianHttp, siteUrl: string): Promise<string> {
  const answer = await http.exchange({ url: `${siteUrl}/_edge/tenant_info`, totalMs: 15_000 });
  const failure = failureOf(answer, { number: 1, now: new Date(), random: Math.random() });
  if (failure !== null) throw failure;
  const parsed = tenantInfo.safeParse(answer.body);
  if (!parsed.success) throw noCloudId(answer.evidence);
  return parsed.data.cloudId;
}

function noCloudId(evidence: Evidence): UnexpectedContent {
  return new UnexpectedContent('The site does not tell its cloud id: is the site URL right?', evidence);
}

function gatewayBase(product: Product, cloudId: string): string {
  return `https://api.atlassian.com/ex/${product}/${encodeURIComponent(cloudId)}`;
}

function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`, 'utf8').toString('base64')}`;
}
