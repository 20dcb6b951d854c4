import { isDeepStrictEqual } from 'node:util';
import { settingsSchema, type Settings } from '../../server/settings.ts';
import type { Connection } from '../connections.ts';
import type { Path } from './read-file.ts';
import type { WantedApp, WantedConnection, WantedFile } from './schema.ts';

export interface App {
  id: string;
  name: string;
  clientId: string;
}

/** What there is on the server. */
export interface There {
  apps: App[];
  connections: Connection[];
}

/** One thing to do. `at`: where in the file it is asked for; `details`: what changes, in words. */
export type Step = { name: string; at: Path; details: string[] } & (
  | { action: 'create app'; app: WantedApp }
  | { action: 'update app'; app: WantedApp; id: string; secret: boolean }
  | { action: 'create connection'; connection: WantedConnection }
  | { action: 'update connection'; connection: WantedConnection; id: string; auth: boolean }
  | { action: 'change settings'; settings: Settings; id: string; version: number }
  | { action: 'enable' | 'disable'; id: string }
  | { action: 'delete connection'; id: string }
);

export interface Plan {
  steps: Step[];
  /** Connections whose consent a person must give; their settings wait for it. */
  unauthorized: { id: string; name: string }[];
  /** On the server and not in the file, and left alone. */
  others: string[];
}

/** What separates the server from the file. Pure. `secrets`: those of the file are sent again, which cannot be compared. */
export function planOf(
  wanted: WantedFile,
  there: There,
  options: { prune?: boolean; secrets?: boolean } = {},
): Plan {
  const secrets = options.secrets === true;
  const plan: Plan = { steps: [], unauthorized: [], others: [] };
  for (const [index, app] of wanted.oauthApps.entries()) {
    plan.steps.push(...stepsOfApp(app, there.apps, ['oauthApps', index], secrets));
  }
  for (const [index, connection] of wanted.connections.entries()) {
    const at = ['connections', index];
    const found = there.connections.find(({ name }) => same(name, connection.name));
    if (found === undefined) {
      plan.steps.push({
        action: 'create connection',
        name: connection.name,
        at,
        details: [connection.siteUrl],
        connection,
      });
    } else {
      plan.steps.push(...stepsOfConnection(connection, found, wanted, at, secrets));
      if (found.authorizedAt === null) plan.unauthorized.push({ id: found.id, name: found.name });
    }
  }
  for (const { id, name, siteUrl } of there.connections) {
    if (wanted.connections.some((each) => same(each.name, name))) continue;
    if (options.prune === true) {
      const details = [`${siteUrl}, with everything that came through it`];
      plan.steps.push({ action: 'delete connection', name, at: ['connections'], details, id });
    } else {
      plan.others.push(name);
    }
  }
  return plan;
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function stepsOfApp(app: WantedApp, apps: App[], at: Path, secrets: boolean): Step[] {
  const found = apps.find(({ clientId }) => clientId === app.clientId);
  const { name } = app;
  if (found === undefined) return [{ action: 'create app', name, at, details: [app.clientId], app }];
  const renamed = found.name !== name;
  if (!renamed && !secrets) return [];
  const details = [...(renamed ? [`name: ${found.name} → ${name}`] : []), ...(secrets ? ['the secret'] : [])];
  return [{ action: 'update app', name, at, details, app, id: found.id, secret: secrets }];
}

function stepsOfConnection(
  wanted: WantedConnection,
  found: Connection,
  file: WantedFile,
  at: Path,
  secrets: boolean,
): Step[] {
  const steps: Step[] = [];
  const { name } = wanted;
  const site =
    siteOf(wanted.siteUrl) === siteOf(found.siteUrl) ? [] : [`siteUrl: ${found.siteUrl} → ${wanted.siteUrl}`];
  const auth = [
    ...authDifferences(wanted, found, file),
    ...(secrets && ownsSecret(wanted) ? ['the secret'] : []),
  ];
  if (site.length + auth.length > 0) {
    const details = [...site, ...auth];
    steps.push({
      action: 'update connection',
      name,
      at,
      details,
      connection: wanted,
      id: found.id,
      auth: auth.length > 0,
    });
  }
  if (wanted.settings !== undefined && found.authorizedAt !== null) {
    const details = settingsDifferences(found.settings, wanted.settings);
    if (found.configuredAt === null && details.length === 0) details.push('saved for the first time');
    if (details.length > 0) {
      const { settings } = wanted;
      steps.push({
        action: 'change settings',
        name,
        at,
        details,
        settings,
        id: found.id,
        version: found.settingsVersion,
      });
    }
  }
  const enabled = found.status !== 'disabled';
  if (wanted.enabled !== undefined && wanted.enabled !== enabled) {
    steps.push({ action: wanted.enabled ? 'enable' : 'disable', name, at, details: [], id: found.id });
  }
  return steps;
}

const siteOf = (url: string) => url.trim().toLowerCase().replace(/\/+$/, '');
const ownsSecret = ({ auth }: WantedConnection) =>
  auth.method === 'api_token' || auth.clientSecret !== undefined;

/** Of what can be compared: a secret on the server is never told. */
function authDifferences({ auth }: WantedConnection, found: Connection, file: WantedFile): string[] {
  const there = found.auth;
  if (auth.method !== there.method) return [`auth.method: ${there.method} → ${auth.method}`];
  const differences: string[] = [];
  const compare = (field: string, from: unknown, to: unknown) => {
    if (from !== to) differences.push(`auth.${field}: ${String(from)} → ${String(to)}`);
  };
  if (auth.method === 'oauth') {
    const { app } = auth;
    if (app === undefined) {
      compare('clientId', there.oauthApp?.clientId, auth.clientId);
    } else {
      const listed = file.oauthApps.find(({ name }) => same(name, app));
      const isIt =
        listed === undefined
          ? same(there.oauthApp?.name ?? '', app)
          : there.oauthApp?.clientId === listed.clientId;
      if (!isIt) compare('app', there.oauthApp?.name, app);
    }
    return differences;
  }
  compare('email', there.email?.toLowerCase(), auth.email.toLowerCase());
  compare('scoped', there.scoped, auth.scoped ?? false);
  compare('expiresAt', there.expiresAt?.slice(0, 10) ?? null, auth.expiresAt ?? null);
  return differences;
}

/** Each field that differs, `sync.intervalMinutes: 60 → 30`. */
export function settingsDifferences(stored: Settings, wanted: Settings): string[] {
  const [from, to] = [leaves(whole(stored)), leaves(whole(wanted))];
  return [...new Set([...from.keys(), ...to.keys()])]
    .toSorted()
    .filter((path) => !isDeepStrictEqual(from.get(path), to.get(path)))
    .map((path) => `settings.${path}: ${told(from.get(path))} → ${told(to.get(path))}`);
}

/** As the server answers settings: defaults filled in. */
function whole(settings: Settings): unknown {
  const parsed = settingsSchema.safeParse(settings);
  const known = parsed.success ? parsed.data : settings;
  return { ...known, sync: known.sync ?? { strategy: 'scheduled', intervalMinutes: 60 } };
}

function leaves(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return found.set(path, value);
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) leaves(inner, path === '' ? key : `${path}.${key}`, found);
  }
  return found;
}

const told = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value));
