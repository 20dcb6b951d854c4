import { expect, test } from '@jest/globals';
import { cutParts } from './parts.ts';

const space = (id: number, pages = 10) => ({
  id: String(id),
  key: 'ENG',
  externalId: `s${id}`,
  type: 'global',
  status: 'current',
  pages,
});

const everything = { page: true, blogpost: true, comment: true, attachment: true };
const listed = { repliesAreListed: true, reads: everything };

test('a hundred small spaces are one listing, a large one is its own', () => {
  const parts = cutParts([space(1), space(2, 50_000), space(99), space(100)], listed);
  expect(parts.map(({ part, spaceIds }) => [part, spaceIds])).toEqual([
    ['spaces', []],
    ['pages of lot 0', ['s1', 's99']],
    ['posts of lot 0', ['s1', 's2', 's99']],
    ['pages of s2', ['s2']],
    ['pages of lot 1', ['s100']],
    ['posts of lot 1', ['s100']],
    ['footer', []],
    ['inline', []],
    ['attachments', []],
  ]);
});

test('no listing names more spaces than Confluence takes, and each space is in one of each kind', () => {
  const parts = cutParts(
    Array.from({ length: 2_000 }, (_space, id) => space(id * 3 + 7)),
    listed,
  );
  for (const kind of ['pages', 'posts'] as const) {
    const lists = parts.filter((one) => one.kind === kind).map(({ spaceIds }) => spaceIds);
    expect(Math.max(...lists.map((list) => list.length))).toBeLessThanOrEqual(100);
    expect(new Set(lists.flat()).size).toBe(2_000);
  }
});

test('a space that comes or goes leaves the other parts as they are', () => {
  const spaces = Array.from({ length: 300 }, (_space, id) => space(id));
  const before = new Map(cutParts(spaces, listed).map((one) => [one.part, one.spaceIds.join()]));
  const after = cutParts(
    spaces.filter(({ id }) => id !== '5'),
    listed,
  );
  expect(
    after.filter(({ part, spaceIds }) => before.get(part) !== spaceIds.join()).map(({ part }) => part),
  ).toEqual(['pages of lot 0', 'posts of lot 0']);
});

test('where the listings of comments hold no replies, these are a part of their own', () => {
  expect(cutParts([], { repliesAreListed: false, reads: everything }).map(({ kind }) => kind)).toEqual([
    'spaces',
    'footer',
    'inline',
    'attachments',
    'replies',
  ]);
});

test('of what the settings turn off there is no part', () => {
  const kindsOf = (reads: Partial<typeof everything>) =>
    cutParts([space(1)], { repliesAreListed: false, reads: { ...everything, ...reads } }).map(
      ({ kind }) => kind,
    );
  expect(kindsOf({})).toEqual(['spaces', 'pages', 'posts', 'footer', 'inline', 'attachments', 'replies']);
  expect(kindsOf({ blogpost: false, comment: false })).toEqual(['spaces', 'pages', 'attachments']);
  expect(kindsOf({ page: false, attachment: false })).toEqual([
    'spaces',
    'posts',
    'footer',
    'inline',
    'replies',
  ]);
});
