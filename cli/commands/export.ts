import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { App } from '../apply/plan.ts';
import type { Connection } from '../connections.ts';
import type { Context } from '../context.ts';

const head = `# Connections of a Sluice, for \`sluice apply\`. Secrets are not in it: name where each stands.
`;

/** `sluice export`: the connections as a file for `sluice apply`, with places for secrets instead of them. */
export function exportCommand(program: Command, context: Context): void {
  program
    .command('export')
    .description('Write the connections as a YAML file for `sluice apply`, without secrets')
    .action(async (_options, command: Command) => {
      const api = await context.api(command);
      const apps = await api.all<App>('/oauth-apps');
      const connections = await api.all<Connection>('/connections');
      const file = {
        version: 1,
        ...(apps.length === 0 ? {} : { oauthApps: apps.map(appOf) }),
        connections: connections.map((each) => connectionOf(each, apps)),
      };
      context.answer(command, file, () => `${head}${stringify(file, { lineWidth: 110 }).trimEnd()}`);
    });
}

/** `SLUICE_NORTHWIND_WIKI_TOKEN`: the variable in which a secret is looked for unless somebody changes it. */
const variable = (name: string, what: string) =>
  `SLUICE_${name
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')}_${what}`;

const appOf = ({ name, clientId }: App) => ({
  name,
  clientId,
  clientSecret: { env: variable(name, 'SECRET') },
});

function connectionOf(connection: Connection, apps: App[]) {
  const { name, product, deployment, siteUrl, auth, status, settings, configuredAt } = connection;
  return {
    name,
    product,
    deployment,
    siteUrl,
    auth: authOf(name, auth, apps),
    ...(status === 'disabled' ? { enabled: false } : {}),
    ...(configuredAt === null ? {} : { settings }),
  };
}

function authOf(name: string, auth: Connection['auth'], apps: App[]) {
  const { method, oauthApp, email, scoped, expiresAt } = auth;
  if (method === 'api_token') {
    return {
      method,
      email,
      token: { env: variable(name, 'TOKEN') },
      ...(scoped ? { scoped } : {}),
      ...(expiresAt === null ? {} : { expiresAt: expiresAt.slice(0, 10) }),
    };
  }
  const listed = apps.find(({ id }) => id === oauthApp?.id);
  if (listed !== undefined) return { method, app: listed.name };
  return { method, clientId: oauthApp?.clientId, clientSecret: { env: variable(name, 'SECRET') } };
}
