import { sql } from 'kysely';
import { matchOf, type Match, type MatchFacts } from '../permissions/explain-match.ts';
import type { Db } from './schema.ts';
import type { ViewerId } from './viewer-accounts.ts';

/** Who a person is on one site. */
export interface PersonOnSite extends Match {
  connectionId: string;
  connection: string;
  /** What the site shows to visitors is shown to the person: an administrator opted in. */
  visitor: boolean;
}

/**
 * Who a person is on each connected site, and where nobody, why. One statement for all sites; the decision is that of
 * `accountsOf` (viewer-accounts.ts), which a property test holds equal.
 */
export async function loadPerson(db: Db, viewer: ViewerId): Promise<PersonOnSite[]> {
  const { rows } = await sql<MatchFacts & Pick<PersonOnSite, 'connectionId' | 'connection' | 'visitor'>>`
    select c.id as "connectionId", c.name as connection, u.active as "userActive", u.email_verified as "emailVerified",
      u.active and coalesce(c.settings #>> '{permissions,anonymousAccess}', '') = 'everyone' as visitor,
      (select coalesce(json_agg(json_build_object('accountId', a.account_id, 'name', a.display_name,
          'active', a.account_status = 'active', 'app', a.account_type = 'app', 'source', ua.source) order by a.account_id), '[]')
        from user_accounts ua
        join atlassian_accounts a on a.connection_id = c.id and a.account_id = ua.account_id
        where ua.user_id = u.id) as proven,
      (select coalesce(json_agg(json_build_object('accountId', a.account_id, 'name', a.display_name,
          'active', a.account_status = 'active', 'person', a.account_type = 'atlassian',
          'emailChanged', a.email_before is not null,
          'someoneElses', exists (select from user_accounts other where other.account_id = a.account_id))
          order by a.account_id), '[]')
        from atlassian_accounts a
        where a.connection_id = c.id and a.account_type in ('atlassian', 'unknown')
          and lower(a.email collate "C") = lower(u.email collate "C")) as "byEmail"
    from users u cross join connections c
    where u.id = ${viewer.userId} and c.status not in ('draft', 'disconnecting')
    order by lower(c.name), c.id`.execute(db);
  return rows.map(({ connectionId, connection, visitor, ...facts }) => ({
    connectionId,
    connection,
    visitor,
    ...matchOf(facts),
  }));
}
