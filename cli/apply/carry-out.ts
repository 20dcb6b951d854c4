import { ApiRefused, type Api } from '../api.ts';
import type { Connection } from '../connections.ts';
import { CommandFailed, exits } from '../exit.ts';
import { readSecret, type SecretSources } from '../secrets.ts';
import type { App, Step } from './plan.ts';
import type { ConfigurationFile, Path } from './read-file.ts';
import type { SecretReference, WantedConnection } from './schema.ts';

/** What is done with a step's outcome. */
export interface Done {
  /** Settings that could not be saved yet: a person must give the consent first. */
  waits: { id: string; name: string } | null;
}

/** Does the steps of a plan, one after the other. */
export function createApplier(deps: { api: Api; file: ConfigurationFile; sources: SecretSources }) {
  const { api, file, sources } = deps;

  const secretOf = (reference: SecretReference, at: Path) =>
    readSecret(file.secretPlace(reference), sources).catch((error: unknown) => {
      if (!(error instanceof CommandFailed)) throw error;
      throw new CommandFailed(error.exit, `${file.place(at)}: ${error.message}`);
    });

  async function authBody({ auth }: WantedConnection, at: Path): Promise<object> {
    if (auth.method === 'api_token') {
      const { method, email, token, scoped = false, expiresAt = null } = auth;
      return { method, email, scoped, expiresAt, token: await secretOf(token, [...at, 'auth', 'token']) };
    }
    const { method, app, clientId, clientSecret } = auth;
    if (app !== undefined) {
      const apps = await api.all<App>('/oauth-apps');
      const found = apps.find(({ name }) => name.toLowerCase() === app.toLowerCase());
      if (found !== undefined) return { method, oauthAppId: found.id };
      const place = file.place([...at, 'auth', 'app']);
      throw new CommandFailed(
        exits.usage,
        `${place}: There is no OAuth app "${app}". List it under oauthApps.`,
      );
    }
    if (clientSecret === undefined) return { method, clientId };
    return { method, clientId, clientSecret: await secretOf(clientSecret, [...at, 'auth', 'clientSecret']) };
  }

  async function create(connection: WantedConnection, at: Path): Promise<Done> {
    const { name, product, deployment, siteUrl, settings, enabled } = connection;
    const body = { name, product, deployment, siteUrl, auth: await authBody(connection, at) };
    const made = await api.call<Connection>('POST', '/connections', { body });
    if (made.authorizedAt === null) return { waits: { id: made.id, name } };
    if (settings !== undefined)
      await inSettings(at, () => saveSettings(made.id, made.settingsVersion, settings));
    if (enabled === false) await api.call('POST', `/connections/${made.id}/disable`);
    return { waits: null };
  }

  const saveSettings = (id: string, version: number, settings: object) =>
    api.call('PUT', `/connections/${id}/settings`, {
      body: settings,
      headers: { 'if-match': String(version) },
    });

  /** The server names fields of the settings alone: in the file they lie below `settings`. */
  async function inSettings<T>(at: Path, work: () => Promise<T>): Promise<T> {
    return named([...at, 'settings'], work);
  }

  /** Refusals of fields are told by their place in the file. */
  async function named<T>(at: Path, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiRefused)) throw error;
      const fields = Object.entries(error.fields).map(
        ([field, message]) => `${file.place([...at, ...partsOf(field)])}: ${message}`,
      );
      const words =
        fields.length > 0 ? fields.join('\n') : `${file.place(at)}: ${error.message} (${error.code})`;
      throw new CommandFailed(error.exit, words);
    }
  }

  async function carryOut(step: Step): Promise<Done> {
    const { at } = step;
    switch (step.action) {
      case 'create app':
      case 'update app': {
        const { name, clientId, clientSecret } = step.app;
        const send = step.action === 'create app' || step.secret;
        const secret = send ? { clientSecret: await secretOf(clientSecret, [...at, 'clientSecret']) } : {};
        if (step.action === 'create app')
          await api.call('POST', '/oauth-apps', { body: { name, clientId, ...secret } });
        else await api.call('PATCH', `/oauth-apps/${step.id}`, { body: { name, ...secret } });
        return { waits: null };
      }
      case 'create connection':
        return create(step.connection, at);
      case 'update connection': {
        const auth = step.auth ? { auth: await authBody(step.connection, at) } : {};
        const body = { siteUrl: step.connection.siteUrl, ...auth };
        const { authorizedAt } = await api.call<Connection>('PATCH', `/connections/${step.id}`, { body });
        return { waits: authorizedAt === null ? { id: step.id, name: step.name } : null };
      }
      case 'change settings':
        await inSettings(at, async () => saveSettings(step.id, step.version, step.settings));
        return { waits: null };
      case 'enable':
      case 'disable':
        await api.call('POST', `/connections/${step.id}/${step.action}`);
        return { waits: null };
      case 'delete connection':
        await api.call('DELETE', `/connections/${step.id}`);
        return { waits: null };
    }
  }
  return { carryOut: (step: Step) => named(step.at, () => carryOut(step)) };
}

/** `filters.spaceKeys.values.0` names the first of a list. */
const partsOf = (field: string): Path =>
  field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
