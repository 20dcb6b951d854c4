import { randomUUID } from 'node:crypto';
import { parseSiteUrl } from '../../atlassian/site-url.ts';
import { InvalidInput } from '../../errors.ts';
import { findConnectionByName } from '../../store/connections.ts';
import { findOAuthApp, findOAuthAppByClientId, updateOAuthApp } from '../../store/oauth-apps.ts';
import type { Db } from '../../store/schema.ts';
import type { ConnectionInput } from './contracts.ts';
import { checkWaitedForSecret } from './credential-mended.ts';
import type { ServiceDeps } from './deps.ts';
import { checkEmail } from '../emails.ts';
import { checkClient, clientSecretPlace, saveApp } from './oauth-apps.ts';

export type Fields = Record<string, string>;

/** Runs checks that each name their field, and reports all that failed at once. @throws InvalidInput */
export async function together(...checks: (() => void | Promise<void>)[]): Promise<void> {
  const fields: Fields = {};
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      Object.assign(fields, error.fields);
    }
  }
  if (Object.keys(fields).length > 0) throw new InvalidInput(fields);
}

/** @throws InvalidInput at `name` */
export async function checkConnectionName(db: Db, given: string, ownId?: string): Promise<string> {
  const name = given.trim();
  if (name === '')
    throw new InvalidInput({ name: 'Give the connection a name, for example "Company wiki".' });
  if (name.length > 100) throw new InvalidInput({ name: 'At most 100 characters.' });
  const other = await findConnectionByName(db, name);
  if (other !== undefined && other.id !== ownId) {
    throw new InvalidInput({
      name: `There is a connection called "${other.name}" already. Choose another name.`,
    });
  }
  return name;
}

/** @throws InvalidInput at `siteUrl` */
export function checkSiteUrl(given: string): string {
  const result = parseSiteUrl(given);
  if (!result.ok) throw new InvalidInput({ siteUrl: result.message });
  return result.url;
}

/** What is not built yet is refused in words. @throws InvalidInput at `product`, `deployment`, `method` */
export function checkKind(input: Pick<ConnectionInput, 'product' | 'deployment'>): void {
  if (input.deployment !== 'cloud') {
    throw new InvalidInput({ deployment: 'Only Confluence Cloud can be connected so far: choose "cloud".' });
  }
  if (input.product !== 'confluence') {
    throw new InvalidInput({ product: 'Only Confluence can be connected so far: choose "confluence".' });
  }
}

/** The app to crawl with: chosen from the list, or typed by hand. @throws InvalidInput */
export async function resolveApp(
  deps: Pick<ServiceDeps, 'db' | 'cipher' | 'oauth'>,
  tx: Db,
  auth: Extract<ConnectionInput['auth'], { method: 'oauth' }>,
  connectionName: string,
): Promise<string> {
  if ('oauthAppId' in auth) {
    const id = auth.oauthAppId.trim();
    const app = /^[0-9a-f-]{36}$/i.test(id) ? await findOAuthApp(tx, id) : undefined;
    if (app === undefined) {
      throw new InvalidInput({ oauthAppId: 'Choose an OAuth app, or enter client ID and secret.' });
    }
    return app.id;
  }
  const client = checkClient(auth);
  const known = await findOAuthAppByClientId(tx, client.clientId);
  if (known === undefined || known.listed) {
    // A listed app is chosen, not typed again: saveApp says so at the field.
    return (await saveApp(tx, deps.cipher, { ...client, name: connectionName, listed: false })).id;
  }
  await checkWaitedForSecret(deps, known, client.clientSecret);
  await updateOAuthApp(tx, known.id, {
    client_secret: deps.cipher.seal(client.clientSecret, clientSecretPlace(known.id)),
  });
  return known.id;
}

/** Email, token and the token's end, trimmed. @throws InvalidInput at `email`, `token`, `expiresAt` */
export async function checkToken(given: { email: string; token: string; expiresAt?: string | null }) {
  let email = '';
  let expiresAt: Date | null = null;
  const token = given.token.trim();
  await together(
    () => {
      email = checkEmail(given.email);
    },
    () => {
      if (token === '') throw new InvalidInput({ token: 'Enter the API token.' });
      if (/\s/.test(token) || token.length > 1_000) {
        throw new InvalidInput({
          token: 'This is not an API token: it has spaces inside or is too long. Copy it again.',
        });
      }
    },
    () => {
      expiresAt = checkExpiry(given.expiresAt ?? '');
    },
  );
  return { email, token, expiresAt: expiresAt as Date | null };
}

/** A day of UTC (its beginning: to be early does no harm) or a time. @throws InvalidInput at `expiresAt` */
function checkExpiry(given: string): Date | null {
  const text = given.trim();
  if (text === '') return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = new Date(isDay ? `${text}T00:00:00Z` : text);
  const known = isDay || /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!known || Number.isNaN(at.getTime()) || (isDay && !at.toISOString().startsWith(text))) {
    throw new InvalidInput({
      expiresAt: 'The day on which the token ends, like 2027-03-31; or leave it empty.',
    });
  }
  return at;
}

export const newId = () => randomUUID();
