import { z } from 'zod';
import { createApi, type Api, type ApiDeps } from './api.ts';
import { pointsOf } from './budget.ts';
import { createAccounts } from './confluence/accounts.ts';
import { readCloudId } from './credential.ts';
import type { OAuthClient } from './oauth.ts';
import { missingScopes } from './scopes.ts';

/** One line of "Test connection": `message` says what was found or, where it is not ok, what to do. */
export interface Check {
  name: 'token' | 'site' | 'scopes' | 'groups' | 'audit' | 'emails';
  ok: boolean;
  message: string;
}

export interface CheckDeps extends ApiDeps {
  cloudId: string | null;
  auth:
    | { method: 'oauth'; oauth: OAuthClient; accessToken: () => Promise<string> }
    | { method: 'api_token'; scoped: boolean };
}

const sampleSize = 50;

/** Tries everything that a sync needs, one small request each. Never throws: what failed is a line. */
export async function checkConnection(deps: CheckDeps): Promise<Check[]> {
  const api = createApi(deps);
  const accounts = createAccounts(api);
  const token = await line('token', async () => {
    const me = await accounts.currentAccount();
    return pass(`The credential works: it belongs to ${me.displayName || me.accountId}.`);
  });
  const checks = [token, ...(await siteAndScopes(deps))];
  if (!token.ok) {
    const skipped = fail('Not checked, because the credential does not work.');
    return [...checks, ...(['groups', 'audit', 'emails'] as const).map((name) => ({ name, ...skipped }))];
  }
  let members: string[] = [];
  const groups = await line('groups', async () => {
    const sample = await sampleMembers(api);
    members = sample.accountIds;
    return pass(`Groups and their members can be read (${sample.group}).`);
  });
  const audit = await line('audit', async () => {
    await probe(api, '/wiki/rest/api/audit', { limit: 1 });
    return pass('Audit records can be read.');
  });
  const emails = await line('emails', async () => {
    const people = (await accounts.readAccounts(members)).filter((each) => each.accountType === 'atlassian');
    const visible = people.filter(({ email }) => email !== null).length;
    if (people.length === 0) return fail('No person was found whose email could be looked at.');
    const found = `${visible} of ${people.length} people looked at show their email to apps.`;
    if (visible === people.length) return pass(found);
    const remedy =
      'The others can set it visible in their Atlassian profile (Profile and visibility), or sign in here with ' +
      'Atlassian once, or be matched by an administrator; until then they see nothing.';
    return { ok: visible > 0, message: `${found} ${remedy}` };
  });
  return [...checks, withRemedy(groups), withRemedy(audit), emails];
}

type Finding = Omit<Check, 'name'>;
const pass = (message: string): Finding => ({ ok: true, message });
const fail = (message: string): Finding => ({ ok: false, message });

async function line(name: Check['name'], find: () => Promise<Finding>): Promise<Check> {
  try {
    return { name, ...(await find()) };
  } catch (error) {
    return { name, ...fail(error instanceof Error ? error.message : String(error)) };
  }
}

async function siteAndScopes(deps: CheckDeps): Promise<Check[]> {
  const { auth, credential } = deps;
  const host = credential.siteUrl.replace(/^https:\/\//, '');
  if (auth.method === 'api_token') {
    const site = await line('site', async () => {
      const cloudId = await readCloudId(deps.http, credential.siteUrl);
      if (deps.cloudId === null || deps.cloudId === cloudId) return pass(`${host} is there.`);
      return fail(`${host} is now another site than the one connected before. Connect it anew.`);
    });
    const unlimited = 'A classic API token is not limited by scopes.';
    const untold = 'A scoped API token does not tell its scopes; a missing one shows in the other lines.';
    return [site, { name: 'scopes', ...pass(auth.scoped ? untold : unlimited) }];
  }
  let granted: string[] | null = null;
  const site = await line('site', async () => {
    const sites = await auth.oauth.accessibleResources(await auth.accessToken());
    // One site is listed once for each product.
    const same = sites.filter(({ cloudId }) => cloudId === deps.cloudId);
    if (same.length === 0) {
      const others = [...new Set(sites.map(({ url }) => url.replace(/^https:\/\//, '')))].join(', ');
      const reached = others === '' ? 'It reaches no site at all.' : `It reaches: ${others}.`;
      return fail(`The authorization does not reach ${host}. ${reached} Reauthenticate and choose ${host}.`);
    }
    granted = same.flatMap(({ scopes }) => scopes);
    return pass(`The authorization reaches ${host}.`);
  });
  const scopes = await line('scopes', async () => {
    if (granted === null) return fail('Not checked, because the site is not reached.');
    // Identity scopes are not listed with a site.
    const missing = missingScopes([...granted, 'read:me']).map(({ scope }) => scope);
    if (missing.length === 0) return pass('All needed scopes are granted.');
    return fail(
      `Missing: ${missing.join(', ')}. Add them to the app in Atlassian's developer console, then reauthenticate.`,
    );
  });
  return [site, scopes];
}

const groupList = z.object({ results: z.array(z.object({ id: z.string(), name: z.string() })) });
const memberList = z.object({ results: z.array(z.object({ accountId: z.string().nullish() })) });

async function sampleMembers(api: Api): Promise<{ group: string; accountIds: string[] }> {
  const groups = await identities(
    api,
    '/wiki/rest/api/group',
    { accessType: 'user', limit: sampleSize },
    groupList,
  );
  for (const { id, name } of groups.results.slice(0, 5)) {
    const path = `/wiki/rest/api/group/${encodeURIComponent(id)}/membersByGroupId`;
    const members = await identities(api, path, { limit: sampleSize }, memberList);
    const accountIds = members.results.flatMap(({ accountId }) => accountId || []);
    if (accountIds.length > 0) {
      return { group: `"${name}" has ${accountIds.length} or more members`, accountIds };
    }
  }
  return { group: 'no group that opens Confluence has members', accountIds: [] };
}

async function identities<T extends { results: unknown[] }>(
  api: Api,
  path: string,
  query: Record<string, string | number>,
  schema: z.ZodType<T>,
): Promise<T> {
  const { value } = await api.call({
    path,
    query,
    estimate: pointsOf({ identity: sampleSize }),
    schema,
    points: ({ results }) => pointsOf({ identity: results.length }),
  });
  return value;
}

async function probe(api: Api, path: string, query: Record<string, number>): Promise<void> {
  const schema = z.object({ results: z.array(z.unknown()) });
  await api.call({ path, query, estimate: 2, schema, points: () => 2 });
}

const remedies: Partial<Record<Check['name'], [what: string, remedy: string]>> = {
  groups: [
    'Groups or their members cannot be read',
    'Until they can, whatever is open to a group is hidden from everybody. Let a Confluence administrator authorize ' +
      'the connection.',
  ],
  audit: [
    'Audit records cannot be read',
    'Changed permissions are then noticed by the regular re-reading only. To have them, let a Confluence ' +
      "administrator authorize the connection, on a plan that has the audit log's API.",
  ],
};

function withRemedy(check: Check): Check {
  const [what, remedy] = remedies[check.name] ?? [];
  return check.ok || what === undefined
    ? check
    : { ...check, message: `${what}: ${check.message} ${remedy}` };
}
