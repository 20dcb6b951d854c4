import { sql } from 'kysely';
import { SPACE_ROLES } from '../../sandbox/world/roles.ts';
import type { Person, World } from '../../sandbox/world/types.ts';
import { countedUpTo } from '../../search/search.ts';
import type { Db } from '../../store/schema.ts';
import { everythingIn } from '../oracle/canView.ts';
import type { Truth } from '../oracle/truth.ts';
import { compare, type Difference } from './differences.ts';
import type { SyncHarness } from './harness.ts';
import type { KnownUser } from './persons.ts';

/** Pairs of a person and an item that one look compares: the oracle knows no index, and has its price. */
const pairsALook = 12_000;

interface Subject {
  harness: SyncHarness;
  connectionId: string;
}

/**
 * What each person of the source is shown, held against the oracle, both ways; empty when all agree. Everybody whom the
 * world has is a user with a verified email for the length of the look; in large worlds, some of them.
 */
export function differencesFromSource(subject: Subject): Promise<Difference[]> {
  const look = lastLook.then(() => lookAtSource(subject));
  lastLook = look.catch(() => {});
  return look;
}

/** Looks make and take back users: one at a time, however many connections of a test are looked at side by side. */
let lastLook: Promise<unknown> = Promise.resolve();

async function lookAtSource({ harness, connectionId }: Subject): Promise<Difference[]> {
  const { db } = harness.database;
  const world = harness.sandbox.context.store.snapshot();
  const truth = await truthOf(db, connectionId, world);
  const most = Math.max(1, Math.floor(pairsALook / Math.max(1, everythingIn(world).length)));
  // Whose account somebody has proven is that user's, not the one's with the email.
  const people = world.people.filter(({ accountId }) => truth.proven?.includes(accountId) !== true);
  return withPeopleAsUsers(db, people, most, async (users) =>
    compare(
      {
        db,
        connectionId,
        users,
        // By every way, which costs more, one of five; a search goes on to its thousandth hit.
        looksEverywhere: (_user, at) => at % 5 === 0 && everythingIn(world).length <= countedUpTo,
        limit: 50,
        // No word stands in everything, and totals of searches are counted up to a bound.
        ways: ['search', 'records', 'acls', 'above'],
        stored: await storedIds(db, connectionId),
      },
      truth,
    ),
  );
}

/** The world, and the few things that are decided here: holds, proofs, what an administrator has opened. */
export async function truthOf(db: Db, connectionId: string, world: World): Promise<Truth> {
  const [{ settings }, holds, proofs, changed] = await Promise.all([
    db.selectFrom('connections').select('settings').where('id', '=', connectionId).executeTakeFirstOrThrow(),
    db.selectFrom('record_holds').select('external_id').where('connection_id', '=', connectionId).execute(),
    db.selectFrom('user_accounts').select('account_id').execute(),
    db
      .selectFrom('atlassian_accounts')
      .select(['account_id', 'email_before'])
      .where('connection_id', '=', connectionId)
      .where('email_before', 'is not', null)
      .execute(),
  ]);
  return {
    ...world,
    roles: SPACE_ROLES,
    visitorsWelcome: settings.permissions?.anonymousAccess === 'everyone',
    held: holds.map((row) => row.external_id),
    proven: proofs.map((row) => row.account_id),
    firstEmails: Object.fromEntries(changed.map((row) => [row.account_id, row.email_before ?? ''])),
  };
}

/** Ids of what is stored of a connection and not left out: of nothing else can anything be owed. */
async function storedIds(db: Db, connectionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from records
    where connection_id = ${connectionId} and state not in ('filtered', 'manual')`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Makes people users where they are not, and takes those back who were made. */
async function withPeopleAsUsers<T>(
  db: Db,
  people: readonly Person[],
  most: number,
  look: (users: KnownUser[]) => Promise<T>,
): Promise<T> {
  const all = [...new Set(people.map((person) => person.email.toLowerCase()))];
  const step = Math.max(1, Math.floor(all.length / most));
  const emails = all.filter((_email, at) => at % step === 0).slice(0, most);
  if (emails.length === 0) return look([]);
  const made = await db
    .insertInto('users')
    .values(emails.map((email) => ({ email, name: email, role: 'member' as const, email_verified: true })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  try {
    // Users who were there already count where nothing but their email says who they are.
    const { rows } = await sql<{ userId: string; email: string }>`
      select u.id as "userId", u.email from users u
      where lower(u.email) = any(${emails}::text[]) and u.email_verified and u.active
        and not exists (select from user_accounts a where a.user_id = u.id)`.execute(db);
    return await look(rows);
  } finally {
    const ids = made.map((row) => row.id);
    if (ids.length > 0) await db.deleteFrom('users').where('id', 'in', ids).execute();
  }
}
