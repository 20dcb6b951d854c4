import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** People of a site by the last readings: active accounts of persons. */
export interface EmailVisibility {
  people: number;
  hidden: number;
  /** Of the hidden ones: linked to a user by consent, sign-in or an administrator. */
  hiddenButLinked: number;
}

export async function countHiddenEmails(db: Db, connectionId: string): Promise<EmailVisibility> {
  const { rows } = await sql<Record<keyof EmailVisibility, string>>`
    select count(*) as people, count(*) filter (where a.email is null) as hidden,
      count(*) filter (where a.email is null and l.account_id is not null) as "hiddenButLinked"
    from atlassian_accounts a left join user_accounts l on l.account_id = a.account_id
    where a.connection_id = ${connectionId} and a.account_type = 'atlassian' and a.account_status = 'active'`.execute(
    db,
  );
  return {
    people: Number(rows[0]?.people ?? 0),
    hidden: Number(rows[0]?.hidden ?? 0),
    hiddenButLinked: Number(rows[0]?.hiddenButLinked ?? 0),
  };
}
