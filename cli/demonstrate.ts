import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ServiceConfig } from '../config.ts';
import { ApiRefusal, createApi, type Api } from './demonstration/api.ts';
import { giveConsent } from './demonstration/consent.ts';
import { keepDemonstration, openDemonstration } from './demonstration/keeping.ts';

const world = z.object({
  site: z.object({ cloudId: z.string(), name: z.string(), url: z.string() }),
  people: z.array(
    z.object({
      name: z.string(),
      email: z.string(),
      type: z.string(),
      status: z.string(),
      confluenceAdmin: z.boolean(),
    }),
  ),
});
const identified = z.object({ id: z.string() });
const app = identified.extend({ clientId: z.string() });
const user = identified.extend({ email: z.string() });
const connection = identified.extend({
  siteUrl: z.string(),
  status: z.string(),
  authorizedAt: z.string().nullable(),
  configuredAt: z.string().nullable(),
  currentRun: identified.nullable(),
  lastRun: z.object({ id: z.string(), state: z.string() }).nullable(),
});
const run = z.object({
  state: z.string(),
  message: z.string().nullable(),
  counts: z.object({ seen: z.number(), indexed: z.number(), failed: z.number() }),
});
const ended = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * Connects the simulated site on the first start, through the public interface and the consent that a person would
 * give, and waits for the first sync. What an earlier start has done is not done again; once all is done, nothing is.
 * @throws Error in words; the rest of Sluice works without it.
 */
export async function demonstrate(options: {
  config: ServiceConfig;
  say: (line: string) => void;
}): Promise<void> {
  const { config, say } = options;
  const kept = openDemonstration(config.dataDir);
  if (kept.connected) return;
  const company = world.parse(
    await (await fetch(`http://127.0.0.1:${config.sandboxPort}/__sandbox/world`)).json(),
  );
  const api = createApi(`http://127.0.0.1:${config.port}`, config.administrator.apiKey ?? kept.apiKey);
  say(`Connecting the demonstration, ${company.site.url}`);
  await makeUsers(api, company.people);
  const id = await connect(api, company, kept.email);
  await sync(api, id, say);
  keepDemonstration(config.dataDir, { ...kept, connected: true });
}

async function makeUsers(api: Api, people: z.infer<typeof world>['people']): Promise<void> {
  const known = new Set((await api.all('/users', user)).map(({ email }) => email.toLowerCase()));
  for (const person of people) {
    const wanted = person.type === 'atlassian' && person.status === 'active';
    if (!wanted || known.has(person.email.toLowerCase())) continue;
    await api.call('POST', '/users', identified, { email: person.email, name: person.name, role: 'member' });
  }
}

async function connect(api: Api, { site }: z.infer<typeof world>, email: string): Promise<string> {
  const connections = await api.all('/connections', connection);
  let found = connections.find(({ siteUrl }) => siteUrl === site.url);
  if (found === undefined) {
    const oauthAppId = await oauthApp(api);
    const { id } = await api.call('POST', '/connections', identified, {
      name: 'Northwind Confluence',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl: site.url,
      auth: { method: 'oauth', oauthAppId },
    });
    found = await api.call('GET', `/connections/${id}`, connection);
  }
  if (found.authorizedAt === null) {
    const linked = z.object({ authorizeUrl: z.string() });
    const { authorizeUrl } = await api.call('POST', `/connections/${found.id}/authorize-link`, linked);
    await giveConsent({ authorizeUrl, email, cloudId: site.cloudId });
  }
  if (found.configuredAt === null) {
    await api.call('PUT', `/connections/${found.id}/settings`, identified, {
      sync: { strategy: 'scheduled', intervalMinutes: 60 },
    });
  }
  return found.id;
}

async function oauthApp(api: Api): Promise<string> {
  const clientId = 'sandbox-client';
  const found = (await api.all('/oauth-apps', app)).find((each) => each.clientId === clientId);
  if (found !== undefined) return found.id;
  const body = { name: 'Sandbox', clientId, clientSecret: 'sandbox-secret' };
  return (await api.call('POST', '/oauth-apps', app, body)).id;
}

/** Saving the settings may have started the first sync already: then that one is waited for. */
async function sync(api: Api, connectionId: string, say: (line: string) => void): Promise<void> {
  const began = performance.now();
  const { lastRun } = await api.call('GET', `/connections/${connectionId}`, connection);
  if (lastRun?.state === 'succeeded') return;
  try {
    await api.call('POST', `/connections/${connectionId}/syncs`, identified, { kind: 'full' });
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
  }
  let said = performance.now();
  for (;;) {
    const now = await api.call('GET', `/connections/${connectionId}`, connection);
    const id = now.currentRun?.id ?? now.lastRun?.id;
    if (id !== undefined) {
      const { state, counts, message } = await api.call('GET', `/syncs/${id}`, run);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (state === 'failed') throw new Error(message ?? 'The first sync failed.');
      if (now.currentRun === null && ended.has(state)) {
        say(`The demonstration is searchable: ${counts.indexed} records (${seconds} s)`);
        return;
      }
      if (performance.now() - said > 3000) {
        said = performance.now();
        say(`Reading: ${counts.seen} records, ${seconds} s`);
      }
    }
    await delay(250);
  }
}
