import type { Kysely } from 'kysely';
import { insertApiKey, findLiveKey } from '../store/api-keys.ts';
import type { Database } from '../store/schema.ts';
import { insertSetupLink } from '../store/setup-links.ts';
import { findUserByEmail, hasAdministrator, insertUser, updateUser } from '../store/users.ts';
import { apiKeyScopes, type Actor } from './actor.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { actorOf } from './services/access.ts';
import { audit } from './services/audit.ts';
import { hashToken, randomToken } from './tokens.ts';

/** `ADMIN_EMAIL`, `ADMIN_PASSWORD`, `ADMIN_API_KEY`; each may be absent. */
export interface FirstAdministrator {
  email?: string | undefined;
  password?: string | undefined;
  apiKey?: string | undefined;
}

const setupHours = 24;

/**
 * Makes sure that somebody can administer: the person whom the variables name (made, promoted, given this password and
 * key), or else a one-time set-up link, whose URL comes back to be printed. Null when nothing needs printing.
 * Safe to run by several servers at once and on every start.
 */
export async function bootstrap(
  db: Kysely<Database>,
  options: { publicUrl: string; first: FirstAdministrator; now?: Date },
): Promise<string | null> {
  const { first, publicUrl, now = new Date() } = options;
  if (first.email !== undefined) await ensureAdministrator(db, first.email, first);
  if (await hasAdministrator(db)) return null;
  const token = randomToken();
  await insertSetupLink(db, hashToken(token), new Date(now.getTime() + setupHours * 3_600_000));
  return `${publicUrl}/setup?token=${token}`;
}

async function ensureAdministrator(
  db: Kysely<Database>,
  email: string,
  first: FirstAdministrator,
): Promise<void> {
  await insertUser(db, { email, email_verified: true, role: 'administrator', password_hash: null });
  const user = await findUserByEmail(db, email);
  if (user === undefined) return;
  const actor = actorOf(user, 'setup');
  if (user.role !== 'administrator' || !user.active) {
    await updateUser(db, user.id, { role: 'administrator', active: true });
    await audit(db, actor, 'user.role', email, {
      before: { role: user.role, active: user.active },
      after: { role: 'administrator', active: true },
    });
  }
  if (first.password !== undefined && !(await isPassword(user.password_hash, first.password))) {
    await updateUser(db, user.id, { password_hash: await hashPassword(first.password) });
    await audit(db, actor, 'user.password', email);
  }
  if (first.apiKey !== undefined && (await findLiveKey(db, hashToken(first.apiKey))) === undefined) {
    await insertKeyOnce(db, actor, first.apiKey);
  }
}

/** Several servers may start at once, and a key that was revoked stays so: the hash is unique, a second insert fails. */
async function insertKeyOnce(db: Kysely<Database>, actor: Actor, key: string): Promise<void> {
  try {
    await insertApiKey(db, {
      user_id: actor.userId,
      name: 'ADMIN_API_KEY',
      prefix: key.slice(0, 4),
      key_hash: hashToken(key),
      scopes: [...apiKeyScopes],
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === '23505') return;
    throw error;
  }
  await audit(db, actor, 'api_key.create', 'ADMIN_API_KEY', { after: { scopes: apiKeyScopes } });
}
