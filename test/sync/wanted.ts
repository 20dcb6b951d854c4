import { kindsRead } from '../../scope/kinds.ts';
import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { decide, wantedOf } from '../../scope/decide.ts';
import type { Facts } from '../../scope/facts.ts';
import type { Attachment, Comment, Content, World } from '../../sandbox/world/types.ts';
import { updateConnection } from '../../store/connections.ts';
import type { Connection } from '../../store/schema.ts';
import type { HarnessConnection, SyncHarness } from './harness.ts';
import { recordsOfSource, recordsStored } from './source-records.ts';
import { differencesFromSource } from './shown-as-source.ts';

const listed = new Set(['page', 'blogpost', 'comment', 'attachment']);

type Settings = Connection['settings'];

/** A choice by hand, as it is stored. */
export interface Choice {
  reach: 'record' | 'subtree' | 'space';
  externalId: string;
  indexed: boolean;
}

/** Ids of what the settings and choices want of a world: told from the world alone. */
export function wantedIn(world: World, settings: Settings, choices: readonly Choice[] = []): Set<string> {
  const wanted = wantedOf(settings, { choices: choices.length > 0 });
  const spaces = new Map(world.spaces.map((space) => [space.id, space]));
  const content = new Map(world.content.map((one) => [one.id, one]));
  const wayUp = (id: string): Content[] => {
    const one = content.get(id);
    if (one === undefined) return [];
    return one.type === 'blogpost' || one.parentId === null ? [one] : [one, ...wayUp(one.parentId)];
  };
  const choiceOf = (id: string, way: readonly Content[]): boolean | null => {
    const find = (reach: Choice['reach'], externalId: string | undefined) =>
      choices.find((one) => one.reach === reach && one.externalId === externalId)?.indexed;
    const nearest = [
      find('record', id),
      find('record', way[0]?.id),
      ...way.map((place) => find('subtree', place.id)),
    ];
    return nearest.find((one) => one !== undefined) ?? find('space', way.at(-1)?.spaceId) ?? null;
  };
  const facts = (kind: string, item: Content | Comment | Attachment, holder: Content | undefined): Facts => {
    const way = holder === undefined ? [] : wayUp(holder.id);
    const space = holder === undefined ? undefined : spaces.get(holder.spaceId);
    const isAttachment = 'mediaType' in item;
    return {
      kind,
      externalId: item.id,
      space: space === undefined ? null : { key: space.key, type: space.type, status: space.status },
      labels: 'labels' in item ? item.labels : [],
      authorId: item.authorId,
      createdAt: Date.parse(item.createdAt),
      modifiedAt: Date.parse(item.version.createdAt),
      mediaType: isAttachment ? item.mediaType : null,
      fileSize: null,
      title: 'title' in item ? item.title : '',
      above: {
        named: way.some((place) => wanted.pageIds?.values.has(place.id) === true),
        treeLabel: way.some((place) => place.labels.includes(wanted.byLabels?.treeLabel ?? '')),
        choice: choiceOf(item.id, way),
      },
    };
  };
  const isWanted = (kind: string, item: Content | Comment | Attachment, holder: Content | undefined) => {
    if (item.status !== 'current') return false;
    if (holder === undefined || holder.status !== 'current') return false;
    const container = kind === 'comment' || kind === 'attachment' ? facts(holder.type, holder, holder) : null;
    return decide(wanted, facts(kind, item, holder), container).wanted;
  };
  const wantedIds = [
    ...world.content.filter((one) => isWanted(one.type, one, one)),
    ...world.comments.filter((one) => isWanted('comment', one, content.get(one.containerId))),
    ...world.attachments.filter((one) => isWanted('attachment', one, content.get(one.containerId))),
  ];
  return new Set(wantedIds.map(({ id }) => id));
}

/**
 * What must hold after a run that came to its good end: what is indexed is what is wanted of the source, with its titles,
 * bodies, places, labels and versions; of the rest no body is kept; each person is shown what the source would show, and
 * of that what is wanted; and the counters of all runs balance.
 */
export async function expectWanted(
  harness: Pick<SyncHarness, 'database' | 'sandbox'> & SyncHarness,
  { connectionId }: Pick<HarnessConnection, 'connectionId'>,
): Promise<void> {
  const { db } = harness.database;
  const { settings } = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const choices = await db
    .selectFrom('record_choices')
    .select(['reach', 'external_id as externalId', 'indexed'])
    .where('connection_id', '=', connectionId)
    .execute();
  const world = harness.sandbox.context.store.snapshot();
  const wanted = wantedIn(world, settings, choices);
  const stored = await statesOf(harness, connectionId);
  const indexed = new Set(stored.filter(({ state }) => state === 'indexed').map(({ id }) => id));
  const records = (await recordsStored(db, connectionId)).filter(({ id }) => indexed.has(id));
  const source = recordsOfSource(world, { scope: { archivedSpaces: true } });
  // Without pages nobody asks for what lies between them.
  const isAsked = ({ kind }: { kind: string }) => listed.has(kind) || kindsRead(settings).page;
  expect(records.filter(isAsked)).toEqual(source.filter((one) => wanted.has(one.id) && isAsked(one)));
  const leftWithBody = stored.filter(({ state, body, words }) => state !== 'indexed' && (body || words));
  expect(leftWithBody.filter(({ state }) => state !== 'pending')).toEqual([]);
  expect(await differencesFromSource({ harness, connectionId })).toEqual([]);
  await expectBalance(harness, connectionId);
}

async function expectBalance({ database }: SyncHarness, connectionId: string): Promise<void> {
  const runs = await database.db
    .selectFrom('sync_runs')
    .select(['seen', 'indexed', 'unchanged', 'filtered', 'failed', 'deleted'])
    .where('connection_id', '=', connectionId)
    .execute();
  for (const { seen, ...parts } of runs) {
    const counts = Object.values(parts).map(Number);
    expect({ seen: Number(seen), counts, least: Math.min(...counts) >= 0 }).toEqual({
      seen: counts.reduce((sum, one) => sum + one, 0),
      counts,
      least: true,
    });
  }
}

/** Of each record that is stored: its state, why, and whether a body and search words are kept. In the order of ids. */
export async function statesOf(
  { database }: Pick<SyncHarness, 'database'>,
  connectionId: string,
): Promise<
  { id: string; kind: string; state: string; reason: string | null; body: boolean; words: boolean }[]
> {
  const { rows } = await sql<{
    id: string;
    kind: string;
    state: string;
    reason: string | null;
    body: boolean;
    words: boolean;
  }>`
    select r.external_id as id, r.kind, r.state, r.state_reason as reason, b.record_id is not null as body,
      w.record_id is not null as words
    from records r left join record_bodies b on b.record_id = r.id left join record_search w on w.record_id = r.id
    where r.connection_id = ${connectionId} order by r.external_id`.execute(database.db);
  return rows;
}

/** Ids of what is shown, of some kinds where told, in the order of ids. */
export async function indexedIds(
  harness: Pick<SyncHarness, 'database'>,
  connectionId: string,
  ...kinds: string[]
): Promise<string[]> {
  const rows = await statesOf(harness, connectionId);
  return rows
    .filter(({ state, kind }) => state === 'indexed' && (kinds.length === 0 || kinds.includes(kind)))
    .map(({ id }) => id);
}

export async function set(
  { database }: Pick<SyncHarness, 'database'>,
  { connectionId }: Pick<HarnessConnection, 'connectionId'>,
  settings: Settings,
): Promise<void> {
  await updateConnection(database.db, connectionId, { settings: JSON.stringify(settings) });
}
