import { createLogger } from '../../log.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { canView } from '../../sandbox/world/visibility.ts';
import type { World } from '../../sandbox/world/types.ts';
import { countSpending, unlimitedBudget, type CountingBudget } from '../budget.ts';
import { apiTokenCredential, oauthCredential, scopedTokenCredential } from '../credential.ts';
import { createAtlassianHttp } from '../http.ts';
import { createOAuthClient } from '../oauth.ts';
import { confluenceScopeNames } from '../scopes.ts';
import { createTokenSource, type GrantVault, type OpenGrant } from '../token-source.ts';
import { createConfluenceReader } from './reader.ts';
import type { Batch, ConfluenceReader } from './types.ts';

export interface SimulatedSite {
  world: World;
  sandbox: RunningSandbox;
  clientId: string;
  /** Whether the account that crawls may see a piece of content, by the simulated site's own account of it. */
  seen(id: string): boolean;
  accountId: string;
  withClassicToken(): ConfluenceReader;
  withScopedToken(): ConfluenceReader;
  /** With a consent of its own, kept in memory. */
  withConsent(scopes?: readonly string[]): { reader: ConfluenceReader; budget: CountingBudget };
  close(): Promise<void>;
}

/** The demonstration's site and readers of it whose pauses take no time. For tests. */
export async function startSite(): Promise<SimulatedSite> {
  const world = createDemonstration();
  const sandbox = await startSandbox({ port: 0, world });
  const http = createAtlassianHttp({
    gatewayUrl: sandbox.url,
    allowedPrivateHosts: [],
    log: createLogger('silent'),
    timeouts: { headersMs: 2_000, bodyMs: 1_000, totalMs: 2_000 },
  });
  const { url: siteUrl, cloudId } = world.site;
  const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
  const { accountId = '', email = '' } = world.people[0] ?? {};
  const pause = async () => {};
  const budget = unlimitedBudget();
  return {
    world,
    sandbox,
    clientId: client.clientId,
    accountId,
    seen: (id) => canView(sandbox.context.store, accountId, id),
    withClassicToken() {
      const credential = apiTokenCredential({ siteUrl, email, token: 'sandbox-classic-token' });
      return createConfluenceReader({ http, credential, budget, pause });
    },
    withScopedToken() {
      const credential = scopedTokenCredential({ siteUrl, email, token: 'sandbox-scoped-token', http });
      return createConfluenceReader({ http, credential, budget, pause });
    },
    withConsent(scopes = confluenceScopeNames) {
      const consent = { clientId: client.clientId, accountId, scopes: [...scopes], cloudIds: [cloudId] };
      const pair = sandbox.context.grants.issue(consent);
      const vault = memoryVault({
        ...client,
        accessToken: pair.access_token,
        expiresAt: new Date(Date.now() + pair.expires_in * 1000),
        refreshToken: pair.refresh_token ?? null,
        previousRefreshToken: null,
        rotatedAt: new Date(),
        state: 'active',
        deadCause: null,
      });
      const tokens = createTokenSource({ vault, oauth: createOAuthClient({ http }), grantId: 'only' });
      const credential = oauthCredential({ siteUrl, cloudId, tokens });
      const counting = countSpending(budget);
      return {
        reader: createConfluenceReader({ http, credential, budget: counting, pause }),
        budget: counting,
      };
    },
    close: async () => {
      await http.close();
      await sandbox.close();
    },
  };
}

function memoryVault(first: OpenGrant): GrantVault {
  let grant = first;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read: async () => grant,
    underLock: (_id, decide) => {
      const mine = turn.then(async () => {
        const rotation = await decide(grant);
        if (rotation.kind === 'rotated') grant = { ...grant, ...rotation.tokens };
        if (rotation.kind === 'dead') grant = { ...grant, state: 'dead', deadCause: rotation.cause };
        return grant;
      });
      turn = mine.catch(() => {});
      return mine;
    },
  };
}

/** Every item of a listing. */
export async function all<T>(read: (cursor: string | null) => Promise<Batch<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const batch: Batch<T> = await read(cursor);
    items.push(...batch.items);
    cursor = batch.next;
  } while (cursor !== null);
  return items;
}
