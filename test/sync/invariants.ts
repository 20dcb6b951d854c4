import { expect } from '@jest/globals';
import type { World } from '../../sandbox/world/types.ts';
import { searchRecords } from '../../search/search.ts';
import type { Connection } from '../../store/schema.ts';
import { leaksIn } from './canaries.ts';
import type { SyncHarness } from './harness.ts';

/** What a test may have as a subject: one connection of a harness. */
export interface Subject {
  harness: SyncHarness;
  connectionId: string;
}

/**
 * What must hold after every fault, once a run has come to its good end: the records are exactly what the source holds
 * in scope, with its titles and bodies; the counters of every run balance; what has no ACL is found by nobody; and no
 * secret stands anywhere. `output` is what processes of the test's own have written.
 */
export async function expectInvariants(subject: Subject, output: readonly string[] = []): Promise<void> {
  await expectSound(subject);
  await expectNoLeaks(subject.harness, output);
}

/** All but the search for secrets, which reads everything there is: where many connections are held to account. */
export async function expectSound(subject: Subject): Promise<void> {
  await expectRecordsOfSource(subject);
  await expectBalance(subject);
  await expectHiddenIsHidden(subject);
}

export async function expectNoLeaks(harness: SyncHarness, output: readonly string[] = []): Promise<void> {
  expect(await leaksIn(harness, output)).toEqual([]);
}

/** The part that also holds while a connection is broken or half read. */
export async function expectSafe(subject: Subject, output: readonly string[] = []): Promise<void> {
  await expectBalance(subject);
  await expectHiddenIsHidden(subject);
  await expectNoLeaks(subject.harness, output);
}

async function expectRecordsOfSource({ harness, connectionId }: Subject): Promise<void> {
  const { db } = harness.database;
  const [rows, { settings }] = await Promise.all([
    db
      .selectFrom('records')
      .leftJoin('record_bodies', 'record_bodies.record_id', 'records.id')
      .select(['kind', 'external_id', 'title', 'raw'])
      .where('connection_id', '=', connectionId)
      .execute(),
    db.selectFrom('connections').select('settings').where('id', '=', connectionId).executeTakeFirstOrThrow(),
  ]);
  const stored = rows.map((row) =>
    row.kind === 'comment'
      ? [row.kind, row.external_id, '', row.raw ?? '']
      : [row.kind, row.external_id, row.title, row.raw ?? ''],
  );
  expect(stored.sort(byId)).toEqual(inScope(harness.sandbox.context.store.snapshot(), settings).sort(byId));
}

type Row = [kind: string, id: string, title: string, body: string];

/** What the world holds in the scope of the settings: told from the world alone. */
function inScope(world: World, settings: Connection['settings']): Row[] {
  const scope = settings.scope ?? {};
  const spaces = new Set(
    world.spaces
      .filter(
        ({ status }) => status === 'current' || (status === 'archived' && scope.archivedSpaces === true),
      )
      .filter(({ type }) => type !== 'personal' || scope.personalSpaces !== false)
      .map(({ id }) => id),
  );
  const content = world.content.filter((one) => one.status === 'current' && spaces.has(one.spaceId));
  const holders = new Set(
    content.filter(({ type }) => type === 'page' || type === 'blogpost').map(({ id }) => id),
  );
  const isHeld = (one: { status: string; containerId: string }) =>
    one.status === 'current' && holders.has(one.containerId);
  return [
    ...content.map((one): Row => [one.type, one.id, one.title, one.body]),
    ...world.comments.filter(isHeld).map((one): Row => ['comment', one.id, '', one.body]),
    ...world.attachments.filter(isHeld).map((one): Row => ['attachment', one.id, one.title, '']),
  ];
}

function byId(one: string[], other: string[]): number {
  return `${one[0]} ${one[1]}` < `${other[0]} ${other[1]}` ? -1 : 1;
}

async function expectBalance({ harness, connectionId }: Subject): Promise<void> {
  const runs = await harness.database.db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .execute();
  for (const { seen, indexed, unchanged, filtered, failed } of runs) {
    const parts = [indexed, unchanged, filtered, failed].map(Number);
    expect({ seen: Number(seen), parts }).toEqual({ seen: parts.reduce((sum, one) => sum + one, 0), parts });
  }
}

/** Everything that somebody finds has an ACL: asked as each user there is, with and without a word. */
async function expectHiddenIsHidden({ harness, connectionId }: Subject): Promise<void> {
  const { db } = harness.database;
  const hidden = await db
    .selectFrom('records')
    .select('external_id')
    .where('connection_id', '=', connectionId)
    .where('acl_id', 'is', null)
    .execute();
  const ids = new Set(hidden.map((row) => row.external_id));
  for (const { id: userId } of await db.selectFrom('users').select('id').execute()) {
    const page = await searchRecords(db, { userId }, { q: '', connection: [connectionId], limit: 50 });
    expect(page.hits.map((hit) => hit.externalId).filter((id) => ids.has(id))).toEqual([]);
  }
}
