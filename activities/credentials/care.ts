import { sql, type Kysely } from 'kysely';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import { createTokenSource } from '../../atlassian/token-source.ts';
import { SluiceError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Cipher } from '../../store/encryption.ts';
import { createGrantVault } from '../../store/grants.ts';
import type { Database } from '../../store/schema.ts';
import { credentialEnd } from './cause.ts';
import { endCredential } from './end.ts';
import { loadCredentialFacts } from './facts.ts';

/** A refresh token that was not used for so long is used, long before its 90 days are over. */
const idleDays = 30;
/** Statuses in which a connection is to go on by itself one day; a disabled one sends nothing. */
const cared = ['active', 'paused', 'attention'];

/**
 * Keeps consents alive that no sync uses: of connections that sync by hand, or are paused. One request each, every 30
 * days. A consent that turns out dead ends here as it would in a sync.
 * @returns how many were refreshed
 */
export async function refreshIdleGrants(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  oauth: Pick<OAuthClient, 'refresh'>;
  log: Logger;
  now?: () => Date;
}): Promise<number> {
  const { db, cipher, oauth, log } = deps;
  const now = deps.now ?? (() => new Date());
  const { rows } = await sql<{ id: string; connections: string[] }>`
    select g.id, array_agg(c.id::text) as connections
    from grants g join connections c on c.grant_id = g.id and c.auth_method = 'oauth'
    where g.state = 'active' and g.refresh_token is not null and c.status = any(${cared}::text[])
      and g.rotated_at < ${now()}::timestamptz - make_interval(days => ${idleDays})
    group by g.id`.execute(db);
  const vault = createGrantVault({ db, cipher, now });
  let refreshed = 0;
  for (const { id, connections } of rows) {
    try {
      await createTokenSource({ vault, oauth, grantId: id, now }).accessToken();
      refreshed += 1;
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      log.warn({ grant: id, reason: error.code }, error.message);
      for (const connectionId of connections) await end(connectionId, error);
    }
  }
  return refreshed;

  async function end(connectionId: string, failure: SluiceError): Promise<void> {
    const facts = await loadCredentialFacts(db, connectionId);
    const ended = facts === null ? null : credentialEnd(failure, facts, { kind: 'unknown' }, now());
    if (ended === null) return;
    await db.transaction().execute((trx) => endCredential(trx, connectionId, ended));
  }
}
