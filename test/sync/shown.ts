import { sql } from 'kysely';
import type { Restriction, World } from '../../sandbox/world/types.ts';
import { searchRecords } from '../../search/search.ts';
import { listRecords } from '../../store/records-read.ts';
import type { Db } from '../../store/schema.ts';
import { loadReadableAcls } from '../../store/visibility.ts';
import { everywhere, type Company } from '../oracle/company.ts';
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

/** One user's difference between what is shown in some way and what the oracle allows. */
export interface Difference {
  accountId: string | null;
  way: keyof Shown;
  /** Shown, and more than is allowed. */
  leaked: string[];
  /** Allowed, and not shown. */
  hidden: string[];
}

/** Holds all that everybody is shown against the oracle. Empty: everything agrees. */
export async function compare(
  db: Db,
  connectionId: string,
  users: readonly KnownUser[],
  { world }: Pick<Company, 'world'>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { userId, accountId } of users) {
    const allowed = [...(accountId === null ? [] : visibleTo(world, accountId))].sort();
    const { totals, ...ways } = await shownTo(db, connectionId, userId, everywhere);
    for (const [way, ids] of Object.entries(ways) as [keyof typeof ways, string[]][]) {
      const leaked = ids.filter((id, n) => !allowed.includes(id) || ids[n + 1] === id);
      const hidden = isHeardOf(world, accountId) ? allowed.filter((id) => !ids.includes(id)) : [];
      if (leaked.length + hidden.length > 0) differences.push({ accountId, way, leaked, hidden });
    }
    const [first, second] = totals;
    if (first !== ways.search.length || second !== ways.word.length)
      differences.push({ accountId, way: 'totals', leaked: [`${first}`, `${second}`], hidden: [] });
  }
  return differences;
}

/**
 * Confluence lists no accounts: they are heard of where a space or a restriction names them, or a group that is named
 * so or opens the product. A guest whom nothing names but an access class is found by nobody, and is shown nothing.
 */
function isHeardOf(world: World, accountId: string | null): boolean {
  const names = ({ users, groups }: Restriction): boolean =>
    users.some((id) => id === accountId) ||
    world.groups.some(({ id, members }) => groups.includes(id) && members.some((one) => one === accountId));
  const opening = world.groups.filter(({ access }) => access === 'user').map(({ id }) => id);
  const principals = world.spaces.flatMap(({ permissions }) => permissions.map(({ principal }) => principal));
  const ofType = (type: string) => principals.filter((one) => one.type === type).map(({ id }) => id);
  return (
    names({ users: ofType('user'), groups: [...opening, ...ofType('group')] }) ||
    world.content.some(({ restrictions }) => names(restrictions.read))
  );
}

export function leaksOf(differences: readonly Difference[]): Difference[] {
  return differences.filter(({ leaked }) => leaked.length > 0);
}

/** What is shown and allowed neither by the one nor by the other of two comparisons of the same moment. */
export function leaksOfBoth(one: readonly Difference[], other: readonly Difference[]): Difference[] {
  return one.flatMap((difference) => {
    const same = other.find((each) => each.accountId === difference.accountId && each.way === difference.way);
    const leaked = difference.leaked.filter((id) => same?.leaked.includes(id));
    return leaked.length === 0 ? [] : [{ ...difference, leaked, hidden: [] }];
  });
}
