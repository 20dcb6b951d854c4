import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { searchRecords } from '../../search/search.ts';
import { leaksIn } from './canaries.ts';
import type { SyncHarness } from './harness.ts';
import { differencesFromSource } from './shown-as-source.ts';
import { recordsOfSource, recordsStored } from './source-records.ts';

/** What a test may have as a subject: one connection of a harness. */
export interface Subject {
  harness: SyncHarness;
  connectionId: string;
}

/**
 * What must hold after every fault, once a run has come to its good end: the records are exactly what the source holds
 * in scope, with its titles, bodies, places, labels and versions; everybody is shown what the source would show them;
 * the counters of every run balance; what has no ACL is found by nobody; and no secret stands anywhere. `output` is what processes of the test's own have written.
 */
export async function expectInvariants(subject: Subject, output: readonly string[] = []): Promise<void> {
  await expectSound(subject);
  await expectNoLeaks(subject.harness, output);
}

/** All but the search for secrets, which reads everything there is: where many connections are held to account. */
export async function expectSound(subject: Subject): Promise<void> {
  await expectRecordsOfSource(subject);
  await expectNoMoreShown(subject);
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
  const { settings } = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const source = recordsOfSource(harness.sandbox.context.store.snapshot(), settings);
  expect(await recordsStored(db, connectionId)).toEqual(source);
}

/** Each person of the source is shown what the source would show that person, and nothing else. */
export async function expectShownAsSource(subject: Subject): Promise<void> {
  expect(await differencesFromSource(subject)).toEqual([]);
}

/** The same, but that less may be shown where a place's access, or a group's members, could not be read. */
async function expectNoMoreShown(subject: Subject): Promise<void> {
  const differences = await differencesFromSource(subject);
  const isOwed = !(await hasUnknown(subject));
  expect(differences.filter(({ leaked }) => isOwed || leaked.length > 0)).toEqual([]);
}

async function hasUnknown({ harness, connectionId }: Subject): Promise<boolean> {
  const { rows } = await sql<{ unknown: boolean }>`
    select exists (select from acl_layers where connection_id = ${connectionId} and state = 'unknown')
      or exists (select from atlassian_groups where connection_id = ${connectionId} and members_state = 'unknown')
      as unknown`.execute(harness.database.db);
  return rows[0]?.unknown === true;
}

async function expectBalance({ harness, connectionId }: Subject): Promise<void> {
  const runs = await harness.database.db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .execute();
  for (const { seen, indexed, unchanged, filtered, failed, deleted } of runs) {
    const parts = [indexed, unchanged, filtered, failed, deleted].map(Number);
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
