import { sql } from 'kysely';
import { searchRecords } from '../../search/search.ts';
import { listRecords } from '../../store/records-read.ts';
import type { Db } from '../../store/schema.ts';
import { loadReadableAcls } from '../../store/visibility.ts';
import type { Company } from '../oracle/company.ts';
import { visibleTo } from '../oracle/canView.ts';

/** External ids of what the product shows to one user, each list sorted, by every way there is to it. */
export interface Shown {
  search: string[];
  word: string[];
  records: string[];
  acls: string[];
  /** `totalVisible` of the two searches. */
  totals: [search: number, word: number];
}

export async function shownTo(db: Db, connectionId: string, userId: string, word: string): Promise<Shown> {
  const search = await walkSearch(db, connectionId, userId, '');
  const found = await walkSearch(db, connectionId, userId, word);
  return {
    search: search.ids,
    word: found.ids,
    records: await walkRecords(db, connectionId, userId),
    acls: await joinAcls(db, connectionId, userId),
    totals: [search.total, found.total],
  };
}

/** The same of somebody who sees `ids`, by whichever way. */
export function allOf(ids: Iterable<string>): Shown {
  const sorted = [...ids].sort();
  return {
    search: sorted,
    word: sorted,
    records: sorted,
    acls: sorted,
    totals: [sorted.length, sorted.length],
  };
}

async function walkSearch(db: Db, connectionId: string, userId: string, q: string) {
  const ids: string[] = [];
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    const query = { q, connection: [connectionId], limit: 7, ...(cursor === null ? {} : { cursor }) };
    const page = await searchRecords(db, { userId }, query);
    ids.push(...page.hits.map((hit) => hit.externalId));
    total ??= page.totalVisible;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ids: ids.sort(), total: total ?? 0 };
}

async function walkRecords(db: Db, connectionId: string, userId: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await listRecords(db, {
      viewer: { userId },
      everything: false,
      conditions: [sql<boolean>`r.connection_id = ${connectionId}`],
      after,
      limit: 7,
    });
    ids.push(...page.rows.map((row) => row.externalId));
    after = page.rows.at(-1)?.id ?? null;
    if (!page.more || after === null) return ids.sort();
  }
}

async function joinAcls(db: Db, connectionId: string, userId: string): Promise<string[]> {
  const readable = await loadReadableAcls(db, { userId });
  const { rows } = await sql<{ external_id: string }>`
    select external_id from records
    where connection_id = ${connectionId} and state = 'indexed' and acl_id::text = any(${readable}::text[])`.execute(
    db,
  );
  return rows.map((row) => row.external_id).sort();
}

/** A person of Sluice, and the Atlassian account that he or she is known to be; null: none, or not which. */
export interface KnownUser {
  userId: string;
  accountId: string | null;
}

/**
 * One verified user for every email of the company, in capitals, and a proof where the company has one. An email that
 * is hidden, or that two accounts have, tells of nobody.
 */
export async function makeUsers(db: Db, { world, proven }: Company): Promise<KnownUser[]> {
  await sql`delete from users`.execute(db);
  const users: KnownUser[] = [];
  for (const email of new Set(world.people.map((person) => person.email.toLowerCase()))) {
    const holders = world.people.filter((person) => person.email.toLowerCase() === email);
    const proof = holders.find(({ accountId }) => proven.includes(accountId));
    const seen = holders.filter(({ emailVisible }) => emailVisible);
    const { id: userId } = await db
      .insertInto('users')
      .values({ email: email.toUpperCase(), name: email, role: 'member', email_verified: true })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (proof !== undefined)
      await db
        .insertInto('user_accounts')
        .values({ user_id: userId, account_id: proof.accountId, source: 'grant' })
        .execute();
    const byEmail = seen.length === 1 && seen[0] !== undefined && !proven.includes(seen[0].accountId);
    users.push({ userId, accountId: proof?.accountId ?? (byEmail ? seen[0]!.accountId : null) });
  }
  return users;
}

/** What each user should be shown, by the oracle. */
export function expectedOf(company: Company, users: readonly KnownUser[]): Map<string, Shown> {
  return new Map(
    users.map(({ userId, accountId }) => [
      userId,
      allOf(accountId === null ? [] : visibleTo(company.world, accountId)),
    ]),
  );
}

/** What each user is shown. */
export async function actualOf(
  db: Db,
  connectionId: string,
  users: readonly KnownUser[],
  word: string,
): Promise<Map<string, Shown>> {
  const shown = new Map<string, Shown>();
  for (const { userId } of users) shown.set(userId, await shownTo(db, connectionId, userId, word));
  return shown;
}
