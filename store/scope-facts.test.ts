import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { wantedOf } from '../scope/decide.ts';
import type { Above } from '../scope/facts.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveRecords } from './records.ts';
import { eachFacts, type FactsOptions, type ScopeFacts } from './scope-facts.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function makeSite() {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  const space = (key: string) => ({ externalId: `space ${key}`, key, name: key, homepageId: null, url: '' });
  await saveSpaces(db, connectionId, runId, [
    { ...space('S'), type: 'global', status: 'current' },
    { ...space('T'), type: 'personal', status: 'archived' },
  ]);
  return { db, connectionId, runId };
}

const everythingAbove = wantedOf(
  {
    filters: { pageIds: { operator: 'in', values: ['2', '5'] } },
    scope: { by: 'labels', treeLabel: 'tree' },
  },
  { choices: true },
);

async function allFacts(connectionId: string, wanted = wantedOf({}), options: FactsOptions = {}) {
  const found: ScopeFacts[] = [];
  await eachFacts(database.db, connectionId, wanted, (batch) => void found.push(...batch), options);
  return found;
}

interface Node {
  parent: number | null;
  kind: 'page' | 'folder' | 'blogpost';
  label: boolean;
  space: 'S' | 'T';
  own: boolean | null;
  subtree: boolean | null;
}

const choice = fc.constantFrom(null, null, null, true, false);
const site = fc.record({
  nodes: fc.array(
    fc.record<Node>({
      parent: fc.option(fc.nat(9)),
      kind: fc.constantFrom('page', 'page', 'folder', 'blogpost'),
      label: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      space: fc.constantFrom('S', 'T'),
      own: choice,
      subtree: choice,
    }),
    { minLength: 1, maxLength: 9 },
  ),
  spaceChoices: fc.record({ S: choice, T: choice }),
});

/** What lies above each node, by walking up from it: the same as the walk down, said the other way. */
function aboveOf(nodes: readonly Node[], spaces: Record<'S' | 'T', boolean | null>, index: number): Above {
  const way: number[] = [];
  for (let at: number | null = index; at !== null && nodes[at] !== undefined && !way.includes(at);) {
    way.push(at);
    at = nodes[at]!.parent;
  }
  const nearest = way.map((at) => nodes[at]!.subtree).find((one) => one !== null);
  const { own, space } = nodes[index]!;
  // A parent that is not stored may be named nonetheless; nothing is below a node that does not exist and is not named.
  const beyond = nodes[way.at(-1)!]!.parent;
  const ids = [...way, ...(beyond === null ? [] : [beyond])].map(String);
  return {
    named: ids.includes('2') || ids.includes('5'),
    treeLabel: way.some((at) => nodes[at]!.label),
    choice: own ?? nearest ?? spaces[space],
  };
}

test('what is named, labelled and chosen above a record is what walking up from it finds, in circles and without parents too', async () => {
  await fc.assert(
    fc.asyncProperty(site, fc.constantFrom(1, 2, 5_000), async ({ nodes, spaceChoices }, batch) => {
      const { db, connectionId, runId } = await makeSite();
      const records = nodes.flatMap(({ parent, kind, label, space }, index) => [
        makeRecord(String(index), {
          kind,
          parentId: parent === null ? null : String(parent),
          labels: label ? ['TREE', 'other'] : ['other'],
          spaceId: `space ${space}`,
        }),
        ...(kind === 'folder'
          ? []
          : [makeRecord(`c${index}`, { kind: 'comment', containerId: String(index), spaceId: null })]),
      ]);
      await saveRecords(db, connectionId, runId, records, new Date());
      // A comment's space is its page's, which a second saving finds.
      await saveRecords(db, connectionId, runId, records, new Date());
      const choices = [
        ...nodes.flatMap(({ own, subtree }, index) => [
          { reach: 'record' as const, external_id: String(index), indexed: own },
          { reach: 'subtree' as const, external_id: String(index), indexed: subtree },
        ]),
        ...Object.entries(spaceChoices).map(([key, indexed]) => ({
          reach: 'space' as const,
          external_id: `space ${key}`,
          indexed,
        })),
      ].flatMap(({ indexed, ...one }) =>
        indexed === null ? [] : [{ ...one, indexed, connection_id: connectionId }],
      );
      if (choices.length > 0) await db.insertInto('record_choices').values(choices).execute();

      const found = await allFacts(connectionId, everythingAbove, { batch });
      expect(found.map(({ item }) => item.externalId)).toEqual(
        records.map(({ externalId }) => externalId).sort(),
      );
      for (const { item, container } of found) {
        const index = Number(item.externalId.replace('c', ''));
        const above = aboveOf(nodes, spaceChoices, index);
        expect({ id: item.externalId, ...item.above }).toEqual({ id: item.externalId, ...above });
        if (item.kind === 'comment') expect(container?.above).toEqual(above);
        else expect(container).toBeNull();
      }
    }),
    { numRuns: 60 },
  );
});

test('a record is told with its own columns, to the millisecond, and a comment with those of its page', async () => {
  const { db, connectionId, runId } = await makeSite();
  const page = makeRecord('1', {
    spaceId: 'space T',
    labels: ['a', 'b'],
    authorId: 'ada',
    createdAt: '2026-01-31T00:00:00.001Z',
    modifiedAt: '1969-12-31T23:59:59.999Z',
  });
  const file = makeRecord('att2', {
    kind: 'attachment',
    containerId: '1',
    spaceId: null,
    mediaType: 'application/pdf',
    fileSize: 5_000_000_000,
    title: 'report.pdf',
  });
  await saveRecords(db, connectionId, runId, [page], new Date());
  await saveRecords(db, connectionId, runId, [file, makeRecord('3', { spaceId: null })], new Date());
  const [first, second, third] = await allFacts(connectionId);
  const facts = {
    kind: 'page',
    externalId: '1',
    space: { key: 'T', type: 'personal', status: 'archived' },
    labels: ['a', 'b'],
    authorId: 'ada',
    createdAt: Date.parse('2026-01-31T00:00:00.001Z'),
    modifiedAt: -1,
    mediaType: null,
    fileSize: null,
    title: 'Title 1',
    above: { named: false, treeLabel: false, choice: null },
  };
  expect(first).toMatchObject({ state: 'indexed', reason: null, item: facts, container: null });
  expect(second).toMatchObject({ item: { externalId: '3', space: null, createdAt: null, authorId: null } });
  expect(third).toMatchObject({
    item: { kind: 'attachment', mediaType: 'application/pdf', fileSize: 5_000_000_000, title: 'report.pdf' },
    container: facts,
  });
  expect(third?.item.space).toEqual(facts.space);
});

test('a choice of a comment alone is its own, and its page keeps what it has', async () => {
  const { db, connectionId, runId } = await makeSite();
  const records = [makeRecord('1'), makeRecord('c1', { kind: 'comment', containerId: '1' })];
  await saveRecords(db, connectionId, runId, records, new Date());
  await db
    .insertInto('record_choices')
    .values([
      { connection_id: connectionId, reach: 'record', external_id: 'c1', indexed: false },
      { connection_id: connectionId, reach: 'record', external_id: '1', indexed: true },
    ])
    .execute();
  const found = await allFacts(connectionId, everythingAbove);
  expect(found.map(({ item, container }) => [item.above.choice, container?.above.choice])).toEqual([
    [true, undefined],
    [false, true],
  ]);
});

test('places that were never read, and what failed, are not told; a walk goes on after an id and stops when told to', async () => {
  const { db, connectionId, runId } = await makeSite();
  const ids = ['1', '2', '3', '4', '5', '6'];
  await saveRecords(
    db,
    connectionId,
    runId,
    ids.map((id) => makeRecord(id)),
    new Date(),
  );
  await sql`update records set state = case external_id when '2' then 'pending' when '3' then 'failed'
    when '4' then 'filtered' else 'waiting' end, state_reason = case external_id when '4' then 'labels' end
    where connection_id = ${connectionId}`.execute(db);
  const found = await allFacts(connectionId);
  expect(found.map(({ item, state, reason }) => [item.externalId, state, reason])).toEqual([
    ['1', 'waiting', null],
    ['4', 'filtered', 'labels'],
    ['5', 'waiting', null],
    ['6', 'waiting', null],
  ]);
  const after = await allFacts(connectionId, wantedOf({}), {
    after: '4',
    within: sql<boolean>`r.external_id <> '6'`,
  });
  expect(after.map(({ item }) => item.externalId)).toEqual(['5']);
  const told: string[] = [];
  await eachFacts(
    db,
    connectionId,
    everythingAbove,
    (batch) => {
      told.push(...batch.map(({ item }) => item.externalId));
      return false;
    },
    { batch: 2 },
  );
  expect(told).toEqual(['1', '4']);
});
