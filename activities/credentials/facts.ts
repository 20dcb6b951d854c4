import { sql } from 'kysely';
import type { Db } from '../../store/schema.ts';
import type { CredentialFacts } from './cause.ts';

export interface CredentialNow extends CredentialFacts {
  /** By OAuth: the consent that is stored now is not known to be dead. */
  isAlive: boolean;
}

/**
 * What is known of a connection's credential now. An account counts as deactivated where any connection to the same
 * site has read so: the one that lost its account cannot.
 */
export async function loadCredentialFacts(db: Db, connectionId: string): Promise<CredentialNow | null> {
  const { rows } = await sql<{
    auth_method: string;
    site_url: string;
    account: string | null;
    deactivated: boolean;
    stored: boolean;
    alive: boolean;
    consented_at: Date | null;
    used_at: Date | null;
    token_expires_at: Date | null;
  }>`
    select c.auth_method, c.site_url, coalesce(nullif(c.account_name, ''), c.api_email) as account,
      exists (
        select from atlassian_accounts a join connections other on other.id = a.connection_id
        where a.account_id = coalesce(c.account_id, g.account_id) and other.cloud_id = c.cloud_id
          and a.account_status in ('inactive', 'closed', 'deactivated')) as deactivated,
      case when c.auth_method = 'oauth' then g.id is not null else c.api_token is not null end as stored,
      coalesce(g.state = 'active', false) as alive,
      g.created_at as consented_at, g.rotated_at as used_at, c.api_token_expires_at as token_expires_at
    from connections c left join grants g on g.id = c.grant_id
    where c.id = ${connectionId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    method: row.auth_method === 'oauth' ? 'oauth' : 'api_token',
    siteUrl: row.site_url,
    account: row.account,
    isDeactivated: row.deactivated,
    isStored: row.stored,
    isAlive: row.alive,
    consentedAt: row.consented_at,
    usedAt: row.used_at,
    tokenExpiresAt: row.token_expires_at,
  };
}
