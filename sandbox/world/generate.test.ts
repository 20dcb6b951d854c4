import { expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from './generate.ts';
import { createWorldStore } from './store.ts';
import { canView } from './visibility.ts';

const OPTIONS = {
  seed: 3,
  spaces: 4,
  pagesPerSpace: 30,
  people: 40,
  groups: 4,
  depth: 3,
  commentsPerPage: 2,
};

test('the same options make the same world, another seed another', () => {
  expect(generateWorld(OPTIONS)).toEqual(generateWorld(OPTIONS));
  expect(generateWorld({ ...OPTIONS, seed: 4 })).not.toEqual(generateWorld(OPTIONS));
});

test('numbers are as asked, and ids are never used twice', () => {
  const world = generateWorld(OPTIONS);
  expect([
    world.spaces.length,
    world.content.length,
    world.comments.length,
    world.attachments.length,
  ]).toEqual([4, 120, 240, 120]);
  expect([world.people.length, world.groups.length]).toEqual([40, 5]);
  const ids = [...world.content, ...world.comments, ...world.attachments, ...world.spaces].map(
    ({ id }) => id,
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('trees are no deeper than asked, in one space, and restricted as often as asked', () => {
  const store = createWorldStore(generateWorld(OPTIONS));
  const pages = store.listContent({}, 'id');
  const depths = pages.map(({ id }) => store.ancestors(id).length);
  expect(Math.max(...depths)).toBe(3);
  expect(
    pages.every((page) => store.ancestors(page.id).every(({ spaceId }) => spaceId === page.spaceId)),
  ).toBe(true);
  expect(pages.filter(({ restrictions }) => restrictions.read.users.length > 0)).toHaveLength(4 * 2);
});

test('the administrator sees everything and the others differ', () => {
  const store = createWorldStore(generateWorld(OPTIONS));
  const seen = (accountId: string): number =>
    store.listContent({}, 'id').filter(({ id }) => canView(store, accountId, id)).length;
  expect(seen(GENERATED_ADMIN.accountId)).toBe(120);
  const counts = new Set(store.people().map(({ accountId }) => seen(accountId)));
  expect(counts.size).toBeGreaterThan(3);
  expect(counts).toContain(0);
});

test('bodies are about as long as asked', () => {
  for (const { body } of generateWorld({ spaces: 1, pagesPerSpace: 20, bodyBytes: 4000 }).content) {
    expect(body.length).toBeGreaterThan(3800);
    expect(body.length).toBeLessThan(4700);
  }
});
