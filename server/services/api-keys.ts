import type { Kysely } from 'kysely';
import { InvalidInput, NotFound } from '../../errors.ts';
import {
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKeys,
  type OwnedApiKey,
} from '../../store/api-keys.ts';
import type { Database } from '../../store/schema.ts';
import { apiKeyScopes, requireAdministrator, type ApiKeyScope } from '../actor.ts';
import { idOf } from '../paging.ts';
import { hashToken, randomToken } from '../tokens.ts';
import type { ApiKeyView } from '../views.ts';
import { audit } from './audit.ts';
import type { ApiKeysService } from './contracts.ts';

export function createApiKeysService({ db }: { db: Kysely<Database> }): ApiKeysService {
  return {
    async list(actor) {
      const rows = await listApiKeys(db, actor.role === 'administrator' ? null : actor.userId);
      return rows.map(presentApiKey);
    },
    async create(actor, input) {
      const name = input.name.trim();
      if (name === '' || name.length > 100) {
        throw new InvalidInput({ name: 'A name of 1 to 100 characters: what the key is for.' });
      }
      const scopes = [...new Set(input.scopes)];
      if (scopes.length === 0)
        throw new InvalidInput({ scopes: `At least one of ${apiKeyScopes.join(', ')}.` });
      if (scopes.some((scope) => scope !== 'search')) requireAdministrator(actor);
      const expiresAt = expiryOf(input.expiresAt ?? null);
      const key = `slc_${randomToken()}`;
      const row = await db.transaction().execute(async (tx) => {
        const created = await insertApiKey(tx, {
          user_id: actor.userId,
          name,
          prefix: key.slice(0, 10),
          key_hash: hashToken(key),
          scopes,
          expires_at: expiresAt,
        });
        await audit(tx, actor, 'api_key.create', name, {
          after: { prefix: created.prefix, scopes, expiresAt: expiresAt?.toISOString() ?? null },
        });
        return created;
      });
      return { ...presentApiKey({ ...row, owner_email: actor.email }), key };
    },
    async revoke(actor, id) {
      const row = await findApiKey(db, idOf('This API key', id));
      if (row === undefined) throw new NotFound('This API key');
      if (row.user_id !== actor.userId && actor.role !== 'administrator') throw new NotFound('This API key');
      await db.transaction().execute(async (tx) => {
        await revokeApiKeys(tx, { id: row.id });
        await audit(tx, actor, 'api_key.revoke', row.name, { before: { prefix: row.prefix } });
      });
    },
  };
}

function presentApiKey(row: OwnedApiKey): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes.filter((scope): scope is ApiKeyScope => apiKeyScopes.some((known) => known === scope)),
    owner: { id: row.user_id, email: row.owner_email },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

/** null: the key ends when it is revoked. @throws InvalidInput */
function expiryOf(given: string | null): Date | null {
  if (given === null) return null;
  const at = new Date(given);
  if (Number.isNaN(at.getTime()) || at.getTime() <= Date.now()) {
    throw new InvalidInput({ expiresAt: 'A time in the future, such as 2030-01-31T00:00:00Z.' });
  }
  return at;
}
